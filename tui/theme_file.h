/*
 * theme_file: a theme that a person wrote, dchat-theme(5).
 *
 *	about = Black on yellow where it matters
 *	mention = black on 226 bold
 *	[light]                 ; only on a light background
 *	mention = #7a3e00 bold
 *
 * What it does not say is as dchat has it.  Looked for as NAME.theme in
 * $XDG_CONFIG_HOME/dchat/themes, then where dchat was installed to.
 */
#ifndef DCHAT_TUI_THEME_FILE_H
#define DCHAT_TUI_THEME_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/sheet.h"
#include "tui/theme.h"

enum {
	THEME_NAME = 32,	/* bytes of a name: a-z, 0-9, '-', '_' */
	THEME_ABOUT = 80,
	THEMES_MOST = 64,	/* so many are listed */
};

struct theme_file {
	char about[THEME_ABOUT + 1];	/* in a few words; or "" */
	struct theme_design designs[2];	/* on a dark, on a light ground */
};

/* The words that are no files, in the order of enum theme_choice. */
extern const struct theme_word {
	const char *name, *about;
} theme_built_in[THEME_FILE];

/* True: a theme may be called so. */
bool theme_name_good(const char *name);

/* Takes it from memory; path is what the sentence calls it. */
bool theme_file_parse(struct theme_file *file, const char *text, size_t size,
    const char *path, char problem[static SHEET_PROBLEM]);

/* Finds the file of that name and reads it; false with a sentence. */
bool theme_file_load(struct theme_file *file, const char *name,
    char problem[static SHEET_PROBLEM]);

/*
 * The names of all files there are, sorted, each once, to be freed; returns
 * how many.
 */
size_t theme_file_names(char *names[static THEMES_MOST]);

#endif
