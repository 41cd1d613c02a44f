/*
 * stage: the interface on a terminal that nobody sees, and what is on it.
 *
 * Scenes are played through the fake node, painted by curses on the null
 * device and read back cell by cell.  UPDATE_GOLDEN=1 writes the golden
 * files instead of comparing.
 */
#ifndef DCHAT_TESTS_STAGE_H
#define DCHAT_TESTS_STAGE_H

#include <stdio.h>

#include "base/bytes.h"
#include "tests/screen/fake_dchat.h"
#include "tui/app.h"
#include "tui/screen.h"

/* Monday 23 November 2026, 12:05:00 UTC */
#define NOON INT64_C(1795435500000)
enum { MINUTE = 60 * 1000 };

extern struct stage {
	FILE *out;
	struct screen *screen;
	struct app *app;
	struct dchat *dchat;
	struct setting_values settings;
	wall_ms now;
	size_t suspended;
	const char *home;	/* where themes are looked for; NULL: nowhere */
} stage;

FILE *null_device(void);
void stage_open_on(const char *terminal, FILE *out, bool ascii);
void stage_open(void);
/* The file says so. */
void stage_open_configured(enum setting_id id, const char *value,
    char problem[static 256]);
/* With the settings of a file, in which they are saved too. */
void stage_open_saved(const char *config);
void stage_open_ascii(void);
void stage_close(void);

/* What the person does. */
void keys(const char *bytes);
/* The same, and what the node says to it. */
void enter(const char *bytes);
void resize(int rows, int columns);

/* Every row of the screen, and below it the cursor's place. */
void read_screen(struct bytes *out);

/* The screen is now as the golden file of that name. */
void looks_like(const char *name);

/* How often a text stands on the screen, painted anew. */
size_t seen_times(const char *text);

/* The same of any text. */
void looks_like_text(const char *name, const struct bytes *text);

/* How often something stands in it. */
size_t times_in(const struct bytes *stream, const char *what);

#endif
