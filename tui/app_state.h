/*
 * app_state: what the parts of the app share; nobody else includes it.
 *
 *	app.c		the node's events, the picture, opening and closing
 *	app_call.c	somebody wants the person, who looks elsewhere
 *	app_enter.c	what a person enters: lines and commands
 *	app_custom.c	keys and commands of the person's own
 *	app_attention.c	whom and what a person wants to hear
 *	app_keep.c	what the next run is to know
 *	app_key.c	what a person does by key
 *	app_line.c	the line being written: search, completion, pasting
 *	app_mouse.c	what a person does by mouse
 *	app_plain.c	all without a screen
 *	app_refer.c	what a person does with one message
 *	app_search.c	searching, and going to what was found
 *	app_set.c	settings, while it runs
 *	app_url.c	addresses that were named, and the clipboard
 *
 * A new command is a row of the table in tui/command and a case in
 * app_enter.c; a new key is a row of the table in tui/keymap and a case in
 * app_key.c; a new panel a row of the table in tui/panel.
 */
#ifndef DCHAT_TUI_APP_STATE_H
#define DCHAT_TUI_APP_STATE_H

#include "tui/app.h"
#include "tui/bare.h"
#include "tui/command.h"
#include "tui/complete.h"
#include "tui/input.h"
#include "tui/keep.h"
#include "tui/keymap.h"
#include "tui/keys.h"
#include "tui/launch.h"
#include "tui/lookup.h"
#include "tui/panel.h"
#include "tui/search.h"
#include "tui/view.h"
#include "tui/windows.h"

enum {
	APP_PAGE = 200,		/* messages fetched at once of a room, */
	APP_PAGE_ASKED = 100,	/* by who does not say how many; and */
	APP_PAGE_MOST = 2000,	/* at most: what is in view must stay */
	APP_SWITCHED = 3,	/* settings that have a key */
	APP_WORDS = 1024,	/* most nicks or rooms to complete from */
	APP_QUESTION = 256,	/* before the line, in bytes */
	APP_URLS = 50,		/* most that are numbered */
};

struct app {
	struct app_setup setup;
	struct dchat *dchat;
	struct windows windows;
	struct input *input;
	struct keys keys;
	struct keymap keymap;	/* with what the person made of it */
	bool asking;		/* the terminal, for its background */
	struct complete complete;
	struct lookup lookup;
	char *paste;		/* asked about; or NULL */
	char question[APP_QUESTION];
	char **rooms;		/* heard of, as the node knows them */
	size_t room_count, room_cap;
	struct scene scene;
	struct search search;
	struct window *shown;	/* whose draft is in the input */
	bool dirty;

	uint64_t token;			/* of the last command */
	uint64_t status_token;		/* of the STATUS on its way; or 0 */
	bool status_wanted, peers_wanted, rooms_wanted, messages_came;
	wall_ms status_at, read_at;
	wall_ms looked_at;		/* at the node, for the open panel */

	struct bare bare;
	bool bare_stale;		/* to be painted */

	char hint[128];
	wall_ms hint_until;
	/* what the next run is to know: told to the node at keep_at; 0:
	 * nothing is new.  Not before what the last run knew is here. */
	struct keep keep;
	bool recalled;
	uint64_t recall_token;
	wall_ms keep_at;
	size_t kept_count;		/* of windows, when last told */
	char *configured[APP_SWITCHED];	/* as it was at the start */

	bool focus_known;		/* the terminal tells of it */
	wall_ms key_at;			/* when the last key came */
	wall_ms typing_at;		/* when the others were told last */
	bool interrupted;		/* Ctrl+C once */
	bool selecting;			/* walks from message to message */

	/* Without a screen: the room last told of; what is asked for, to be
	 * told, and its section; and whether that is told: */
	char *place;
	enum panel_id told_panel;
	int told_section;
	uint64_t told_token;
	bool told_electing;
	wall_ms alone_at;		/* that nobody is here; 0: not */

	/* Addresses by number, as told last, and the room they are of. */
	char *urls[APP_URLS], *urls_of;
	size_t url_count;
	struct launch browsers;

	struct launch hooks;		/* the person's program, when called */
	wall_ms hook_at, hook_problem_at;
	size_t hook_skipped;

	bool ended;
	int status;
	char *reason;
};

/* Submits a command, whose answer only feeds the model; its token. */
uint64_t app_submit(struct app *app, struct dchat_command command);

/* A command of the person's, whose answer is to be read. */
void app_ask(struct app *app, struct dchat_command command);

/* A line in the room before the person. */
void app_notice(struct app *app, enum line_kind kind, const char *text);

/* A word in the status bar, until the next key or for three seconds. */
void app_hint(struct app *app, const char *text);

/* The same, until the next key however long that takes. */
void app_hint_on(struct app *app, const char *text);

/* The input holds the draft of the window that is current now. */
void app_follow(struct app *app);

/* A page that ends before a message; NULL: the newest one.  told: the
 * person is to hear of its coming. */
void app_fetch(struct app *app, struct window *window, size_t limit,
    const char *before, bool told);

/* A room's newest page is fetched when the person first looks at it. */
void app_fetch_shown(struct app *app);

/* The node is asked for what the open panel shows. */
void app_look(struct app *app);

/* -- app_enter.c ------------------------------------------------------- */

/* For struct input_front: Enter was pressed. */
void app_entered(void *app, const char *text);

/* The same for a line that nobody typed: a key stands for it. */
void app_run(struct app *app, const char *line);

/* Something that the leader decides; it may take a while. */
void app_ask_leader(struct app *app, struct dchat_command command);

/* -- app_search.c ------------------------------------------------------ */

/* Opens the panel; words NULL: they are yet to be typed. */
void app_search(struct app *app, const char *words);
bool app_searching(const struct app *app);
/* What is being written to the room in view, which waits meanwhile. */
const char *app_draft(const struct app *app);
/* While it is open.  True: the key was for it. */
bool app_search_key(struct app *app, enum action action,
    const struct key *key);
/* The message comes before the person, from the history if need be; the
 * window is the one in view. */
void app_visit(struct app *app, struct window *window, const char *msg);
void app_search_entered(struct app *app, const char *text);
/* Every OK and ERROR, after the windows have it. */
void app_search_answered(struct app *app, const struct dchat_event *event);

/* -- app_set.c --------------------------------------------------------- */

/* "NAME VALUE", "NAME", or NULL for all. */
void app_set(struct app *app, const char *text);
void app_save(struct app *app);
/* NULL: all themes there are. */
void app_theme(struct app *app, const char *name);

/* A setting has another value now. */
void app_settings_apply(struct app *app, enum setting_id id);

/* The room named as it is shown, or with "" the one before the person. */
struct window *app_room(const struct app *app, const char *name);

/* -- app_custom.c ------------------------------------------------------ */

/* /bind, /unbind, /alias, /unalias; a text of NULL: all there is. */
void app_bind(struct app *app, const char *text);
void app_unbind(struct app *app, const char *key);
void app_alias(struct app *app, const char *text);
void app_unalias(struct app *app, const char *name);

/* -- app_attention.c --------------------------------------------------- */

/* /ignore, /mute, /highlight; NULL: what there is of it. */
void app_ignore(struct app *app, const char *who);
void app_mute(struct app *app, const char *room);
void app_highlight(struct app *app, const char *word);

/* /notify: "#ROOM LEVEL", "LEVEL", "#ROOM", or NULL for all. */
void app_notify(struct app *app, const char *text);

/* Names of all there is of a kind, to be freed; returns how many. */
size_t app_heard(const struct app *app, enum attention_kind kind,
    char *names[static ATTENTION_MOST]);

/* -- app_call.c -------------------------------------------------------- */

/* Before a paint: the person is called, if somebody wants that. */
void app_call(struct app *app);
/* Programs that have ended are forgotten. */
void app_call_reap(struct app *app);

/* -- app_keep.c -------------------------------------------------------- */

void app_keep_open(struct app *app);
void app_keep_close(struct app *app);

/* The last run is asked after / its answer. */
void app_keep_ask(struct app *app);
void app_keep_told(struct app *app, const struct dchat_event *event);

/* A room opens: what stood in its input does again. */
void app_keep_opened(struct app *app, struct window *window);

/* Something may be new: to be told soon / at once. */
void app_keep_soon(struct app *app);
void app_keep_now(struct app *app);
/* It has a key, and the next run finds it as it is now. */
bool app_is_switched(enum setting_id id);

/* -- app_key.c --------------------------------------------------------- */

/* The size of the chat, in columns of text and rows; false: there is none. */
bool app_chat_size(struct app *app, size_t *width, size_t *height);

/* Scrolls the room, up when negative. */
void app_scroll(struct app *app, long pages, long rows);

/* The filter of comings is switched, and that is told. */
void app_filter(struct app *app);

/* -- app_mouse.c ------------------------------------------------------- */

/* A button went down. */
void app_mouse(struct app *app, const struct key *key);

/* -- app_line.c -------------------------------------------------------- */
/* The line is brought into view, marked; false: there is no room for it. */
bool app_lead_to(struct app *app, struct window *window,
    const struct line *line);

/* For struct input_front: readline asks for what the app does itself. */
void app_wish(void *app, enum input_wish wish);

void app_recall(struct app *app, bool older);
void app_lookup(struct app *app);
void app_complete(struct app *app, int direction);
void app_know_room(struct app *app, const char *room);

/* Into the line, or asked about first. */
void app_paste(struct app *app, const struct key *key);

/* True: the key was for a search or a question. */
bool app_line_key(struct app *app, enum action action, const struct key *key);

/* Another room's line comes: nothing is searched or asked any more. */
void app_line_leave(struct app *app);

/* Tells the scene what stands in the line; and finds out where all is. */
void app_line_show(struct app *app);
void app_arrange(struct app *app);

/* -- app_plain.c ------------------------------------------------------- */

/* There is no screen. */
bool app_is_plain(const struct app *app);

/* A text in lines, of any origin. */
void app_tell(struct app *app, const char *text);

/* What is told of by then comes to be told by this part. */
void app_plain_open(struct app *app);
void app_plain_close(struct app *app);

/* Every event, after the rest has it / PEER, before. */
void app_plain_event(struct app *app, const struct dchat_event *event);
void app_plain_peer(struct app *app, const struct dchat_event *event);
/* Something may be elsewhere: the room that is before the person. */
void app_plain_follow(struct app *app);

wall_ms app_plain_deadline(const struct app *app);

/* In place of a word in the status bar, which is no sentence yet. */
void app_plain_hint(struct app *app, const char *text);

/* What is known of the message in focus. */
void app_plain_focus(struct app *app, const struct line *line);

/* In place of a panel. */
void app_plain_panel(struct app *app, enum panel_id panel, int section);
void app_plain_help(struct app *app, enum guide_topic topic);
void app_plain_found(struct app *app);

/* /history: so many of the last messages are told; 0: some. */
void app_plain_history(struct app *app, size_t number);

/* -- app_refer.c ------------------------------------------------------- */

/* Begins to walk from message to message / ends it. */
void app_select(struct app *app);
void app_select_end(struct app *app);
/* True: the key was for the walk. */
bool app_select_key(struct app *app, enum action action,
    const struct key *key);

/* What a message says now, without quote and reactions, as its author wrote
 * it or in display form; the caller frees it. */
char *app_said(const struct app *app, const struct line *line);

/* Commands; a text of NULL, a number of 0: none was given. */
void app_focus_on(struct app *app, size_t number);
void app_reply(struct app *app, const char *text);
void app_react(struct app *app, const char *text);
void app_edit(struct app *app, const char *text);
void app_delete(struct app *app);

/* -- app_url.c --------------------------------------------------------- */

/* Commands; a number of 0: none was given. */
void app_url(struct app *app);
void app_open(struct app *app, size_t number);
void app_copy(struct app *app, size_t number);
void app_urls_forget(struct app *app);

#endif
