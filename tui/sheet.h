/*
 * sheet: a file of lines "NAME = VALUE" under headings "[NAME]", as people
 * write them: the settings (tui/config), a theme (tui/theme_file).
 *
 * Read by inih.  Whatever is wrong with it is one sentence that names the
 * file and the line; nothing in it is passed over in silence.
 */
#ifndef DCHAT_TUI_SHEET_H
#define DCHAT_TUI_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

enum {
	SHEET_BYTES_MAX = 64 * 1024,
	SHEET_PROBLEM = 512,
};

struct sheet {
	const char *path;	/* what the sentence calls it */
	char *problem;		/* SHEET_PROBLEM bytes, for the sentence */
	const char *what;	/* it wants: "setting; write NAME = VALUE" */
	void *self;		/* for the two below, which may be NULL */
	void (*heading)(struct sheet *sheet, const char *name, size_t size);
	void (*entry)(struct sheet *sheet, const char *name,
	    const char *value);

	int line;		/* being read; and its own: */
	int wrong_line;		/* 0: nothing is wrong so far */
	const char *at, *end;	/* not read yet */
};

/* Something about the line is wrong; only the first is told. */
void sheet_wrong(struct sheet *sheet, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads it all; false with a sentence. */
bool sheet_parse(struct sheet *sheet, const char *text, size_t size);

/*
 * The whole file.  False with a sentence, or with an empty one: there is no
 * such file.
 */
bool sheet_load(const char *path, struct bytes *text,
    char problem[static SHEET_PROBLEM]);

/* $XDG_CONFIG_HOME/dchat/NAME; the caller frees it.  NULL: there is no
 * home. */
char *sheet_place(const char *name);

#endif
