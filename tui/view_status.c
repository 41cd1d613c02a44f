/*
 * The status bar: who leads and since which term; while electing how far
 * the probes go; after a failure what happened; when cut off, who is out of
 * reach.  At its right end the rooms that want to be looked at.
 *
 * It is made of parts with ranks.  When it is narrow, whole parts are left
 * out, those of the highest rank first; what remains stays in its order, and
 * the last one left is cut.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/panel.h"
#include "tui/text.h"
#include "tui/view.h"

enum {
	PARTS = 16,
	PART_TEXT = 320,
	ROOM_NAME = 14,		/* cells at the right end; and of less */
	ROOM_NAME_NARROW = 8,	/* than so many columns: */
	NARROW = 60,
	NO_SENTENCE = 20,	/* cells: a name alone says more */
};

struct part {
	int rank;		/* 0: it says what is most important */
	int style;
	const char *mark;	/* one cell before the text; or NULL */
	int mark_style;
	const char *before;	/* what parts it from the one before */
	char text[PART_TEXT];
};

struct bar {
	struct scene *scene;
	int cells;		/* there is room for so many */
	struct part parts[PARTS];
	size_t count;
};

static struct part *bar_add(struct bar *bar, int rank, int style,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static struct part *
bar_add(struct bar *bar, int rank, int style, const char *format, ...)
{
	struct part *part = &bar->parts[bar->count];
	va_list arguments;

	if (bar->count + 1 < PARTS)
		bar->count++;
	*part = (struct part){ .rank = rank, .style = style, .before = NULL };
	va_start(arguments, format);
	vsnprintf(part->text, sizeof part->text, format, arguments);
	va_end(arguments);
	return part;
}

/* -- fitting ---------------------------------------------------------------- */

static int
part_cells(const struct part *part, bool first)
{
	int cells = (int)text_width(part->text, strlen(part->text));

	if (part->mark != NULL)
		cells += 2;
	if (!first)
		cells += part->before != NULL ? (int)strlen(part->before) : 3;
	return cells;
}

static int
bar_cells(const struct bar *bar)
{
	int cells = 0;

	for (size_t i = 0; i < bar->count; i++)
		cells += part_cells(&bar->parts[i], i == 0);
	return cells;
}

static void
bar_fit(struct bar *bar)
{
	while (bar->count > 1 && bar_cells(bar) > bar->cells) {
		size_t least = 0;

		for (size_t i = 1; i < bar->count; i++)
			if (bar->parts[i].rank >= bar->parts[least].rank)
				least = i;
		MEM_REMOVE(bar->parts, bar->count, least);
	}
}

static void
bar_paint(const struct bar *bar, struct pen *pen)
{
	const char *dot = bar->scene->theme->marks.dot;

	for (size_t i = 0; i < bar->count; i++) {
		const struct part *part = &bar->parts[i];

		if (i > 0 && part->before != NULL) {
			pen_text(pen, STYLE_PLAIN, part->before);
		} else if (i > 0) {
			pen_text(pen, STYLE_PLAIN, " ");
			pen_text(pen, STYLE_DIM, dot);
			pen_text(pen, STYLE_PLAIN, " ");
		}
		if (part->mark != NULL) {
			pen_text(pen, part->mark_style, part->mark);
			pen_text(pen, STYLE_PLAIN, " ");
		}
		pen_cut(pen, part->style, part->text, pen_left(pen));
	}
}

/* -- the leader ------------------------------------------------------------- */

static void
add_leader(struct bar *bar, const struct group *group, const char *does)
{
	const char *nick = group->leader_self ? group->nick
					      : group->leader_nick;
	struct part *part;

	if (id_is_none(&group->leader) || nick == NULL) {
		bar_add(bar, 0, STYLE_BUSY, "no leader yet");
		return;
	}
	part = bar_add(bar, group->provisional ? 2 : 0, STYLE_PLAIN,
	    "%.128s%s%s%s", nick, group->leader_self ? " (you)" : "",
	    bar->cells > NO_SENTENCE ? " " : "",
	    bar->cells > NO_SENTENCE ? does : "");
	part->mark = bar->scene->theme->marks.leader;
	part->mark_style = STYLE_LEADER;
	bar_add(bar, 2, STYLE_PLAIN, "term %" PRIu64, group->term);
}

static bool
fresh(const struct bar *bar, wall_ms at)
{
	return at != 0 && bar->scene->now - at < VIEW_NEWS_MS;
}

/* "eve silent 2.4 s · ★ ana elected in 6 ms · term 4" */
static void
add_elected(struct bar *bar, const struct group *group)
{
	char does[64] = "leads now";

	if (group->led_failure)
		bar_add(bar, 3, STYLE_NOTICE, "%s", group->news);
	if (group->led_took_ms >= 0)
		snprintf(does, sizeof does, "elected in %" PRId64 " ms",
		    group->led_took_ms);
	add_leader(bar, group, does);
}

static void
add_leader_and_news(struct bar *bar, const struct group *group)
{
	bool newer = group->news_at > group->led_at;

	if (fresh(bar, group->led_at) && !newer && !group->provisional) {
		add_elected(bar, group);
		return;
	}
	add_leader(bar, group, "leads");
	if (fresh(bar, group->news_at) && group->news[0] != '\0' &&
	    !group->provisional)
		bar_add(bar, 1, STYLE_NOTICE, "%s", group->news);
}

/* -- an election ------------------------------------------------------------- */

static void
add_election(struct bar *bar, const struct group *group)
{
	static const struct {
		const char *role, *words;
	} roles[] = {
		{ "waiting", "waiting for quiet" },
		{ "defeated", "a larger one stands" },
		{ "asking", "asking whether the leader is gone" },
	};

	if (fresh(bar, group->news_at) && group->news_failure)
		bar_add(bar, 3, STYLE_SUSPECT, "%s", group->news);
	bar_add(bar, 0, STYLE_BUSY, "electing");
	if (group->reach > 0) {
		bar_add(bar, 1, STYLE_PLAIN, "phase %u", group->phase);
		bar_add(bar, 1, STYLE_PLAIN, "reach %u", group->reach);
	}
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (group->reach == 0 &&
		    strcmp(roles[i].role, group->role) == 0)
			bar_add(bar, 1, STYLE_PLAIN, "%s", roles[i].words);
	bar_add(bar, 2, STYLE_PLAIN, "term %" PRIu64, group->election_term);
}

/* -- the others --------------------------------------------------------------- */

/* "eve silent 2.4 s", "eve and 2 more silent 2.4 s" */
static void
add_silence(struct bar *bar, const struct group *group)
{
	size_t count;
	const struct group_peer *peer = group_suspect(group, &count);
	instant_ms silence;
	char more[32] = "";

	if (peer == NULL)
		return;
	silence = group_silence(peer, bar->scene->now);
	if (count > 1)
		snprintf(more, sizeof more, " and %zu more", count - 1);
	bar_add(bar, 1, STYLE_SUSPECT, "%.128s%s silent %d.%d s", peer->nick,
	    more, (int)(silence / 1000 % 1000000),
	    (int)(silence % 1000 / 100));
}

static void
add_alone(struct bar *bar, const struct group *group)
{
	bar_add(bar, 0, STYLE_BUSY, "nobody else here yet");
	if (group->interfaces != NULL && group->interfaces[0] != '\0')
		bar_add(bar, 1, STYLE_BUSY, "looking on %.200s",
		    group->interfaces)->before = "; ";
}

static void
add_condition(struct bar *bar, enum group_state state)
{
	static const struct {
		const char *word;
		int style, rank;
	} words[] = {
		[GROUP_ALONE] = { "alone", STYLE_DIM, 4 },
		[GROUP_ELECTING] = { NULL, 0, 0 },
		[GROUP_STEADY] = { "steady", STYLE_GOOD, 4 },
		[GROUP_PARTITIONED] = { "partitioned", STYLE_BAD, 4 },
	};
	struct part *part;
	size_t suspects;

	/* somebody silent is not steady */
	if (words[state].word == NULL ||
	    (state == GROUP_STEADY &&
		group_suspect(&bar->scene->windows->group, &suspects) != NULL))
		return;
	part = bar_add(bar, words[state].rank, words[state].style, "%s",
	    words[state].word);
	part->mark = bar->scene->theme->marks.steady;
	part->mark_style = words[state].style;
}

/* Where there is no border to say it in. */
static void
add_typing(struct bar *bar)
{
	const struct scene *scene = bar->scene;
	char text[TYPISTS_TEXT];

	if (!scene->framed && scene->panel == PANEL_NONE &&
	    typists_line(&windows_current(scene->windows)->typists, scene->now,
		text))
		bar_add(bar, 1, STYLE_PLAIN, "%s", text);
}

static void
add_others(struct bar *bar, const struct group *group)
{
	enum group_state state = group_condition(group);
	size_t peers = group_alive(group) + 1;

	if (state == GROUP_PARTITIONED && group->lost != NULL &&
	    group->lost[0] != '\0')
		bar_add(bar, 1, STYLE_BAD, "out of reach: %.200s",
		    group->lost);
	if (group->peer_count == 0) {
		add_alone(bar, group);
		return;
	}
	add_silence(bar, group);
	if (group->away != NULL)
		bar_add(bar, 2, STYLE_NOTICE, "you are away");
	bar_add(bar, 5, STYLE_PLAIN, "%zu peer%s", peers,
	    peers == 1 ? "" : "s");
	if (group->status_known)
		bar_add(bar, group->held > 0 ? 3 : 7,
		    group->held > 0 ? STYLE_SUSPECT : STYLE_PLAIN,
		    "%zu held", group->held);
	if (group->status_known && group->rtt_ms >= 0)
		bar_add(bar, 6, STYLE_PLAIN, "%.*f ms",
		    group->rtt_ms < 10 ? 1 : 0, group->rtt_ms);
	add_condition(bar, state);
}

/* -- the rooms ----------------------------------------------------------------- */

/* "2:#ops●3", or "3:#lab" where nobody was called; short: "2●3", "3". */
static void
room_text(const struct scene *scene, size_t i, bool brief,
    char text[static 128])
{
	const struct window *window = scene->windows->items[i];
	struct bytes name;

	if (brief && window->mentions == 0) {
		snprintf(text, 128, "%zu", i + 1);
		return;
	}
	if (brief) {
		snprintf(text, 128, "%zu%s%zu", i + 1,
		    scene->theme->marks.activity, window->unread);
		return;
	}
	bytes_init(&name);
	text_cut(&name, window->name, strlen(window->name),
	    scene->columns < NARROW ? ROOM_NAME_NARROW : ROOM_NAME,
	    scene->windows->flags);
	if (window->mentions > 0)
		snprintf(text, 128, "%zu:%.*s%s%zu", i + 1, (int)name.size,
		    (const char *)name.data, scene->theme->marks.activity,
		    window->unread);
	else
		snprintf(text, 128, "%zu:%.*s", i + 1, (int)name.size,
		    (const char *)name.data);
	bytes_free(&name);
}

static int
level_style(enum activity level)
{
	switch (level) {
	case ACTIVITY_MENTION: return STYLE_MENTION;
	case ACTIVITY_MESSAGE: return STYLE_ACTIVE;
	case ACTIVITY_JOIN:
	case ACTIVITY_NONE: break;
	}
	return STYLE_DIM;
}

/*
 * Rooms that want to be looked at, as many as go into so many cells, those
 * that want it most first; where no pane has their names, by their numbers
 * alone rather than not at all.  The cells they take; paints them if there is
 * a pen.
 */
static int
put_rooms(const struct scene *scene, struct pen *pen, int cells)
{
	int forms = scene->panes.rooms.rows > 0 ? 1 : 2;
	const struct windows *windows = scene->windows;
	int used = 0;

	for (int level = ACTIVITY_MENTION; level > ACTIVITY_NONE; level--)
		for (size_t i = 0; i < windows->count; i++) {
			const struct window *window = windows->items[i];
			char text[128];
			int width = cells + 1;

			if (window->activity != (enum activity)level)
				continue;
			for (int brief = 0;
			     brief < forms && used + width > cells; brief++) {
				room_text(scene, i, brief, text);
				width = (int)text_width(text, strlen(text)) +
				    (used > 0);
			}
			if (used + width > cells)
				continue;
			if (pen != NULL && used > 0)
				pen_text(pen, STYLE_PLAIN, " ");
			if (pen != NULL)
				pen_text(pen,
				    level_style((enum activity)level), text);
			used += width;
		}
	return used;
}

/* At the right end, in at most so many cells; those they take. */
static int
paint_rooms(struct scene *scene, const struct layout_rect *at, int cells)
{
	int right = put_rooms(scene, NULL, cells);
	struct pen pen = pen_at(scene->screen, at->row,
	    at->col + at->cols - right - 1, right);

	put_rooms(scene, &pen, right);
	return right;
}

/* Where neither a border nor the prompt names the room. */
static void
add_room(struct bar *bar)
{
	const struct scene *scene = bar->scene;
	const struct window *window = windows_current(scene->windows);
	struct bytes name;

	if (scene->panes.title.rows > 0 || scene->panel != PANEL_NONE)
		return;
	bytes_init(&name);
	text_cut(&name, window->name, strlen(window->name), ROOM_NAME_NARROW,
	    scene->windows->flags);
	bar_add(bar, 0, STYLE_TITLE, "%.*s", (int)name.size,
	    (const char *)name.data);
	bytes_free(&name);
}

wall_ms
view_alarm_end(const struct group *group)
{
	return group->alarm_at +
	    (group->alarm_disk ? VIEW_ALARM_MS : VIEW_NEWS_MS);
}

static void
make_bar(struct bar *bar, const struct group *group)
{
	const struct scene *scene = bar->scene;
	struct part *part;

	add_room(bar);
	if (group->alarm[0] != '\0' && scene->now < view_alarm_end(group)) {
		part = bar_add(bar, -1, STYLE_BAD, "%s", group->alarm);
		part->mark = "!";
		part->mark_style = STYLE_BAD;
	}
	if (!group->ready)
		bar_add(bar, 0, STYLE_BUSY, "starting");
	else if (group->electing)
		add_election(bar, group);
	else
		add_leader_and_news(bar, group);
	if (group->ready) {
		add_typing(bar);
		add_others(bar, group);
	}
	if (scene->panes.title.rows == 0 && bar->count > 1)
		bar->parts[1].before = " ";
}

static void
paint_bar(struct bar *bar, struct pen *pen)
{
	const char *hint = bar->scene->hint;

	if (hint[0] != '\0') {
		pen_cut(pen, STYLE_ACTIVE, hint, pen_left(pen));
		return;
	}
	bar_fit(bar);
	bar_paint(bar, pen);
}

/* What the leader, the term and worse things take. */
static int
bar_needs(const struct bar *bar)
{
	int cells = 0;

	for (size_t i = 0; i < bar->count; i++)
		if (bar->parts[i].rank <= 2)
			cells += part_cells(&bar->parts[i], cells == 0);
	return cells;
}

/*
 * Where the rooms have no pane they have half of it, or what the leader and
 * the term leave them, down to a quarter; where they have one they get what
 * is left.
 */
void
view_status(struct scene *scene, const struct layout_rect *at)
{
	bool pane = scene->panes.rooms.rows > 0 && scene->panel == PANEL_NONE;
	struct bar bar = { .scene = scene, .cells = at->cols - 2 };
	struct pen pen;
	int right;

	if (at->rows == 0)
		return;
	make_bar(&bar, &scene->windows->group);
	if (!pane) {
		right = bar.cells - bar_needs(&bar) - 2;
		if (right > bar.cells / 2)
			right = bar.cells / 2;
		if (right < bar.cells / 4)
			right = bar.cells / 4;
		right = paint_rooms(scene, at, right);
		bar.cells -= right > 0 ? right + 2 : 0;
	}
	pen = pen_at(scene->screen, at->row, at->col + 1, bar.cells);
	paint_bar(&bar, &pen);
	if (pane)
		paint_rooms(scene, at, pen_left(&pen) - 2);
}
