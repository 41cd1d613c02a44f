/*
 * app: binds the model, the keys, the commands and the door.
 *
 * Keys become actions (tui/keymap) or go to readline (tui/input), lines
 * become commands (tui/command) that are submitted to the node, the node's
 * events change the model (tui/windows), and the model is painted
 * (tui/view).  It owns no descriptor, no timer and no clock: the loop
 * (tui/loop, or a test) gives it bytes and events, and asks it whether and
 * until when there is something to paint.
 */
#ifndef DCHAT_TUI_APP_H
#define DCHAT_TUI_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"
#include "dchat.h"
#include "tui/screen.h"
#include "tui/setting.h"

struct app;

struct app_setup {
	unsigned text_flags;	/* TEXT_ASCII or 0 */
	bool inputrc;		/* read the person's ~/.inputrc */
	/* Changed by /set; outlives the app. */
	struct setting_values *settings;
	const char *config;	/* the file they are saved in, or NULL */
	const char *profile;	/* whose they are; NULL: the default one */
	wall_ms (*wall)(void);
	void (*suspend)(void *self);	/* Ctrl+Z */
	/* The terminal has read all before the question (tui/pace); or NULL. */
	void (*answered)(void *self);
	/*
	 * Where there is no screen: lines in display form, with newlines
	 * between them, are told one after the other; and whether the person
	 * sees what they write themselves, so that it need not be told again.
	 */
	void (*tell)(void *self, const char *text);
	bool echoed;
	void *self;
};

/*
 * Opens the input line; so before the screen, which must be shown to the
 * app before anything else.  The screen stays the caller's.
 */
struct app *app_new(const struct app_setup *setup);
void app_show(struct app *app, struct screen *screen);
void app_destroy(struct app *app);

/*
 * Asks the terminal for its background, once the first frame is out; its
 * answer is read like a key.  app_asking(): it has not come yet.
 */
void app_ask_background(struct app *app);
bool app_asking(const struct app *app);

/* The node to talk to; before the first event. */
void app_attach(struct app *app, struct dchat *dchat);

/* For struct dchat_front. */
void app_event(void *app, const struct dchat_event *event);

/* Once after the events of a turn: asks the node what has changed. */
void app_turn(struct app *app);

/* Bytes came from the terminal. */
void app_read(struct app *app, const char *bytes, size_t size);

/* An ESC waits: call app_read_timeout() in 30 ms if nothing else comes. */
bool app_waiting(const struct app *app);
void app_read_timeout(struct app *app);

/* Something has changed since the last paint. */
bool app_dirty(const struct app *app);
/* Everything has: the terminal has another size, or was ours no more. */
void app_touch(struct app *app);
void app_paint(struct app *app);

/*
 * When it must be painted again though nothing happens, because it shows
 * how long something lasts; NEVER when it does not.
 */
wall_ms app_deadline(const struct app *app);

/*
 * Without a screen, in place of all from app_show() on that reads or paints:
 * lines can be taken / a line was entered, as it came / it is no time for the next one, if it
 * need not be now: something is not answered yet / the terminal's signal
 * (Ctrl+C) came / time has passed; to be called at app_deadline().
 */
bool app_started(const struct app *app);
void app_take_line(struct app *app, const char *bytes, size_t size);
bool app_busy(const struct app *app);
void app_interrupt(struct app *app);
void app_tick(struct app *app);

/* A bell is to ring; once. */
bool app_rings(struct app *app);

/* Leaves the group; BYE follows. */
void app_quit(struct app *app, const char *reason);

/* After BYE: its reason and the exit status. */
bool app_ended(const struct app *app);
int app_status(const struct app *app);
const char *app_reason(const struct app *app);
/* What the person set and did not save is lost now: a sentence, or "". */
void app_unsaved(const struct app *app, char sentence[static 256]);

#endif
