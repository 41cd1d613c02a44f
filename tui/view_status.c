/*
 * The election status bar: who leads and since which term; while electing
 * how far the probes go; after a failure what happened; when cut off, who
 * is out of reach.  At its right end the rooms, when their pane is not
 * there.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/text.h"
#include "tui/view.h"

enum {
	ROOMS_MOST = 8,
};

struct bar {
	struct scene *scene;
	struct pen pen;
	bool first;
};

/* A part of the sentence, whole or not at all. */
static void
bar_part(struct bar *bar, int style, const char *text)
{
	const char *dot = bar->scene->theme->marks.dot;
	int width = (int)text_width(text, strlen(text));

	if (width + (bar->first ? 0 : 3) > pen_left(&bar->pen))
		return;
	if (!bar->first) {
		pen_text(&bar->pen, STYLE_PLAIN, " ");
		pen_text(&bar->pen, STYLE_DIM, dot);
		pen_text(&bar->pen, STYLE_PLAIN, " ");
	}
	bar->first = false;
	pen_text(&bar->pen, style, text);
}

static void
bar_format(struct bar *bar, int style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
bar_format(struct bar *bar, int style, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	bar_part(bar, style, text);
}

static void
bar_leader(struct bar *bar, const struct group *group)
{
	const char *star = bar->scene->theme->marks.leader;
	const char *you = group->leader_self ? " (you)" : "";
	const char *nick = group->leader_self ? group->nick
					      : group->leader_nick;

	if (id_is_none(&group->leader) || nick == NULL) {
		bar_part(bar, STYLE_BUSY, "no leader yet");
		return;
	}
	if (bar->first) {
		pen_text(&bar->pen, STYLE_LEADER, star);
		pen_text(&bar->pen, STYLE_PLAIN, " ");
		bar_format(bar, STYLE_PLAIN, "%s%s leads", nick, you);
	} else {
		bar_format(bar, STYLE_PLAIN, "%s %s%s leads", star, nick, you);
	}
	if (bar->first) {
		/* no room for a sentence */
		pen_cut(&bar->pen, STYLE_PLAIN, nick, pen_left(&bar->pen));
		bar->first = false;
	}
	bar_format(bar, STYLE_PLAIN, "term %llu",
	    (unsigned long long)group->term);
}

/* What happened lately; who leads too, unless just that is the news. */
static void
bar_leader_and_news(struct bar *bar, const struct group *group)
{
	const char *news = group->happened;
	char term[32], starred[sizeof group->happened + 8];
	size_t size;
	bool complete;

	if (news[0] == '\0' ||
	    bar->scene->now - group->happened_at >= VIEW_NEWS_MS ||
	    group->provisional) {
		bar_leader(bar, group);
		return;
	}
	size = (size_t)snprintf(term, sizeof term, "term %llu",
	    (unsigned long long)group->term);
	complete = group->happened_leads && strlen(news) > size &&
	    strcmp(news + strlen(news) - size, term) == 0;
	if (complete) {
		snprintf(starred, sizeof starred, "%.*s%s %s",
		    (int)group->happened_leader, news,
		    bar->scene->theme->marks.leader,
		    news + group->happened_leader);
		news = starred;
	} else {
		bar_leader(bar, group);
	}
	bar_part(bar, STYLE_NOTICE, news);
	if (complete && bar->first)
		bar_leader(bar, group);
}

/* What is wrong here goes before all else, cut if it must be. */
static void
bar_alarm(struct bar *bar, const struct group *group)
{
	if (group->alarm[0] == '\0' ||
	    bar->scene->now - group->alarm_at >= VIEW_ALARM_MS)
		return;
	pen_cut(&bar->pen, STYLE_BAD, "! ", pen_left(&bar->pen));
	pen_cut(&bar->pen, STYLE_BAD, group->alarm, pen_left(&bar->pen));
	bar->first = false;
}

static void
bar_election(struct bar *bar, const struct group *group)
{
	bar_part(bar, STYLE_BUSY, "electing");
	bar_format(bar, STYLE_PLAIN, "term %llu",
	    (unsigned long long)group->election_term);
	bar_format(bar, STYLE_PLAIN, "phase %u", group->phase);
	bar_format(bar, STYLE_PLAIN, "reach %u", group->reach);
	if (group->role[0] != '\0')
		bar_part(bar, STYLE_DIM, group->role);
}

static void
bar_alone(struct bar *bar, const struct group *group)
{
	if (group->interfaces != NULL && group->interfaces[0] != '\0')
		bar_format(bar, STYLE_BUSY,
		    "nobody else here yet; looking on %s", group->interfaces);
	else
		bar_part(bar, STYLE_BUSY, "nobody else here yet");
}

static void
bar_state(struct bar *bar, const struct group *group)
{
	const char *mark = bar->scene->theme->marks.steady;
	enum group_state state = group_condition(group);
	size_t peers = group_alive(group) + 1;
	bool silent = group_leader_silent(group);

	if (state == GROUP_PARTITIONED && group->lost != NULL &&
	    group->lost[0] != '\0')
		bar_format(bar, STYLE_BAD, "out of reach: %s", group->lost);
	if (group->peer_count == 0 && group->ready) {
		bar_alone(bar, group);
		return;
	}
	/* of all this the last to be left out */
	if (state == GROUP_STEADY && silent)
		bar_format(bar, STYLE_SUSPECT, "%s leader silent", mark);
	bar_format(bar, STYLE_PLAIN, "%zu peer%s", peers,
	    peers == 1 ? "" : "s");
	if (group->status_known)
		bar_format(bar, group->held > 0 ? STYLE_SUSPECT : STYLE_PLAIN,
		    "%zu held", group->held);
	if (group->status_known && group->rtt_ms >= 0)
		bar_format(bar, STYLE_PLAIN,
		    group->rtt_ms < 10 ? "%.1f ms" : "%.0f ms", group->rtt_ms);
	if (state == GROUP_STEADY && !silent)
		bar_format(bar, STYLE_GOOD, "%s steady", mark);
	else if (state == GROUP_ALONE)
		bar_format(bar, STYLE_DIM, "%s alone", mark);
	else if (state == GROUP_PARTITIONED)
		bar_format(bar, STYLE_BAD, "%s partitioned", mark);
}

/* "2:#ops!3 3:#lab": those with something to read, the current one first. */
static int
rooms_text(const struct scene *scene, char text[static 256])
{
	const struct windows *windows = scene->windows;
	size_t used = 0, shown = 0;

	text[0] = '\0';
	if (scene->panes.rooms.rows > 0)
		return 0;
	for (size_t i = 0; i < windows->count && shown < ROOMS_MOST; i++) {
		const struct window *window = windows->items[i];
		int more;

		if (window->unread == 0 || i == windows->current)
			continue;
		more = snprintf(text + used, 256 - used, "%s%zu:%s%s%zu",
		    shown > 0 ? " " : "", i + 1, window->name,
		    window->mentions > 0 ? scene->theme->marks.activity : " ",
		    window->unread);
		if (more < 0 || used + (size_t)more >= 256) {
			text[used] = '\0';
			break;
		}
		used += (size_t)more;
		shown++;
	}
	return (int)text_width(text, used);
}

void
view_status(struct scene *scene, const struct layout_rect *at)
{
	const struct group *group = &scene->windows->group;
	struct bar bar = { .scene = scene, .first = true };
	char rooms[256];
	int right = rooms_text(scene, rooms);

	if (at->rows == 0)
		return;
	if (right > at->cols / 2)
		right = at->cols / 2;
	if (right > 0) {
		struct pen pen = pen_at(scene->screen, at->row,
		    at->col + at->cols - right - 1, right);

		pen_cut(&pen, STYLE_ACTIVE, rooms, right);
	}
	bar.pen = pen_at(scene->screen, at->row, at->col + 1,
	    at->cols - 2 - (right > 0 ? right + 2 : 0));
	if (scene->hint[0] != '\0') {
		pen_cut(&bar.pen, STYLE_ACTIVE, scene->hint,
		    pen_left(&bar.pen));
		return;
	}
	bar_alarm(&bar, group);
	if (group->electing) {
		if (group->silent[0] != '\0' &&
		    scene->now - group->silent_at < VIEW_NEWS_MS)
			bar_part(&bar, STYLE_SUSPECT, group->silent);
		bar_election(&bar, group);
	} else if (group->ready)
		bar_leader_and_news(&bar, group);
	else
		bar_part(&bar, STYLE_BUSY, "starting");
	if (group->ready)
		bar_state(&bar, group);
}
