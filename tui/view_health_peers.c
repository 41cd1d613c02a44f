/* The table of peers: one a row, with as many columns as there is room for. */
#include "tui/view_health.h"

#include <stdio.h>
#include <string.h>

#include "tui/group.h"
#include "tui/text.h"

enum { TREND = 8, NICK_LEAST = 8, NICK_MOST = 20, ADDRESS_MOST = 47 };

enum {
	COLUMN_NICK,
	COLUMN_ID,
	COLUMN_STATE,
	COLUMN_RTT,
	COLUMN_TREND,
	COLUMN_SILENCE,
	COLUMN_QUEUE,
	COLUMN_SKEW,
	COLUMN_ADDRESS,
	COLUMNS,
};

/* Narrow: the highest rank goes first.  What is left over goes to the nick
 * up to its most, and to the address. */
static const struct column {
	const char *title;
	int cells, rank;
	bool right;
} columns[COLUMNS] = {
	[COLUMN_NICK] = { "nick", NICK_LEAST, 0, false },
	[COLUMN_ID] = { "id", ID_SHORT_TEXT - 1, 7, false },
	[COLUMN_STATE] = { "state", 6, 1, false },
	[COLUMN_RTT] = { "rtt ms", 6, 2, true },
	[COLUMN_TREND] = { "trend", TREND, 3, false },
	[COLUMN_SILENCE] = { "heard", 6, 4, true },
	[COLUMN_QUEUE] = { "queue", 5, 5, true },
	[COLUMN_SKEW] = { "clock", 6, 6, true },
	[COLUMN_ADDRESS] = { "address", 15, 8, false },
};

enum { MARK = 2, RANKS = 9 };	/* a mark and a blank before it all */

struct table {
	struct page *page;
	int cells[COLUMNS];	/* 0: not shown */
};

static int
width_up_to(int rank)
{
	int width = MARK;

	for (int i = 0; i < COLUMNS; i++)
		if (columns[i].rank <= rank)
			width += columns[i].cells + 1;
	return width - 1;
}

/* The nick may have what the nicks want, the address the rest. */
static void
spread(struct table *table, int left)
{
	const struct health *health = table->page->health;
	int widest = NICK_LEAST;

	for (size_t i = 0; i < health->peer_count; i++) {
		const char *nick = health->peers[i].nick;
		int width = (int)text_width(nick, strlen(nick));

		if (width > widest)
			widest = width;
	}
	if (widest > NICK_MOST)
		widest = NICK_MOST;
	widest -= NICK_LEAST;
	if (widest > left)
		widest = left;
	table->cells[COLUMN_NICK] += widest;
	left -= widest;
	if (table->cells[COLUMN_ADDRESS] == 0)
		return;
	table->cells[COLUMN_ADDRESS] += left;
	if (table->cells[COLUMN_ADDRESS] > ADDRESS_MOST)
		table->cells[COLUMN_ADDRESS] = ADDRESS_MOST;
}

static void
table_make(struct table *table, struct page *page)
{
	int rank = RANKS - 1;

	*table = (struct table){ .page = page };
	while (rank > 0 && width_up_to(rank) > page->at.cols)
		rank--;
	for (int i = 0; i < COLUMNS; i++)
		if (columns[i].rank <= rank)
			table->cells[i] = columns[i].cells;
	spread(table, page->at.cols - width_up_to(rank));
}

static void
put_titles(const struct table *table)
{
	struct pen pen = page_row(table->page);

	pen_text(&pen, STYLE_DIM, "  ");
	for (int i = 0; i < COLUMNS; i++) {
		if (table->cells[i] == 0)
			continue;
		pen_field(&pen, STYLE_DIM, columns[i].title, table->cells[i],
		    columns[i].right);
		pen_text(&pen, STYLE_DIM, " ");
	}
}

static int
style_of(const struct dchat_peer *peer)
{
	switch (peer->state) {
	case MEMBER_SUSPECT: return STYLE_SUSPECT;
	case MEMBER_DEAD:
	case MEMBER_LEFT: return STYLE_DIM;
	case MEMBER_ALIVE: break;
	}
	return STYLE_PLAIN;
}

static void
put_trend(const struct table *table, struct pen *pen,
    const struct dchat_peer *peer)
{
	int shown = peer->rtt_count < TREND ? (int)peer->rtt_count : TREND;

	pen_bars(pen, table->page->scene->theme, STYLE_NOTICE, peer->rtts_ms,
	    peer->rtt_count, TREND);
	pen_fill(pen, STYLE_PLAIN, " ", TREND - shown);
}

static const char *
text_of(int column, const struct dchat_peer *peer, char text[static FIGURE])
{
	text[0] = '\0';
	switch (column) {
	case COLUMN_NICK: return peer->nick;
	case COLUMN_ID: return id_format_short(&peer->id, text);
	case COLUMN_STATE:
		return peer->self ? "you" : group_state_word(peer->state);
	case COLUMN_RTT:
		return peer->linked ? figure_ms(peer->rtt_ms, text) : "";
	case COLUMN_SILENCE:
		return peer->self || peer->silent_ms < 0
		    ? ""
		    : figure_span(peer->silent_ms, text);
	case COLUMN_QUEUE:
		return peer->linked ? figure_amount(peer->queue_bytes, text)
				    : "";
	case COLUMN_SKEW:
		return peer->skew_known ? figure_skew(peer->skew_ms, text)
					: "";
	case COLUMN_ADDRESS: return peer->address;
	}
	return text;
}

static void
put_peer(const struct table *table, const struct dchat_peer *peer)
{
	struct pen pen = page_row(table->page);
	const struct theme *theme = table->page->scene->theme;
	const char *mark;
	int style = style_of(peer), mark_style;
	char text[FIGURE];

	if (pen_left(&pen) == 0)
		return;
	mark = peer_mark(theme, peer, &mark_style);
	pen_text(&pen, mark_style, mark);
	pen_text(&pen, style, " ");
	for (int i = 0; i < COLUMNS; i++) {
		if (table->cells[i] == 0)
			continue;
		if (i == COLUMN_TREND)
			put_trend(table, &pen, peer);
		else
			pen_field(&pen,
			    i == COLUMN_NICK && style == STYLE_PLAIN
				? theme_nick_style(theme, &peer->id)
				: style,
			    text_of(i, peer, text), table->cells[i],
			    columns[i].right);
		pen_text(&pen, style, " ");
	}
}

static bool
is_present(const struct dchat_peer *peer)
{
	return peer->state == MEMBER_ALIVE || peer->state == MEMBER_SUSPECT;
}

/* "accused by ana, bob; gone in 1.2s unless it answers" */
static void
put_suspicion(const struct table *table, const struct dchat_peer *peer,
    const char *accusers)
{
	struct pen pen = page_row(table->page);
	char span[FIGURE], text[512];

	snprintf(text, sizeof text, "    accused by %.400s; gone in %s unless "
	    "it answers", accusers[0] != '\0' ? accusers : "nobody yet",
	    figure_span(peer->dead_in_ms, span));
	pen_cut(&pen, STYLE_SUSPECT, text, pen_left(&pen));
}

void
view_health_peers(struct page *page)
{
	const struct health *health = page->health;
	struct table table;

	page_heading(page, "Peers", "");
	table_make(&table, page);
	put_titles(&table);
	for (int present = 1; present >= 0; present--)
		for (size_t i = 0; i < health->peer_count; i++) {
			const struct dchat_peer *peer = &health->peers[i];

			if (is_present(peer) != present)
				continue;
			put_peer(&table, peer);
			if (peer->state == MEMBER_SUSPECT)
				put_suspicion(&table, peer,
				    health->accusers[i]);
		}
}
