/* What has happened: elections, what was said (the clocks), traffic. */
#include "tui/view_health.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/text.h"

/* -- elections ------------------------------------------------------------- */

enum { END = 24 };	/* cells for who leads now */

static const char *
cause_in_words(const char *cause)
{
	static const struct {
		const char *cause, *words;
	} causes[] = {
		{ "dead", "leader gone" },
		{ "left", "leader left" },
		{ "lease", "lease lost" },
		{ "view", "ring changed" },
		{ "command", "/elect" },
		{ "merge", "two met" },
	};

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (strcmp(causes[i].cause, cause) == 0)
			return causes[i].words;
	return cause;
}

/* "★ ana", "★ ana led already", "electing ..." */
static void
put_end(const struct page *page, struct pen *pen,
    const struct dchat_election *election)
{
	static const char *const words[] = {
		[ELECTION_RUNNING] = "electing",
		[ELECTION_ELECTED] = "",
		[ELECTION_FOUND] = " led already",
		[ELECTION_MERGED] = " stays",
		[ELECTION_RAISED] = " leads on",
		[ELECTION_ALONE] = "alone",
	};
	const struct theme *theme = page->scene->theme;

	if (election->end == ELECTION_RUNNING) {
		pen_text(pen, STYLE_BUSY, words[election->end]);
		return;
	}
	if (election->end == ELECTION_ALONE) {
		pen_text(pen, STYLE_DIM, words[election->end]);
		return;
	}
	pen_text(pen, STYLE_LEADER, theme->marks.leader);
	pen_text(pen, STYLE_PLAIN, " ");
	pen_cut(pen, theme_nick_style(theme, &election->winner),
	    election->winner_nick, 20);
	pen_text(pen, STYLE_PLAIN, words[election->end]);
}

static void
put_election(struct page *page, const struct dchat_election *election)
{
	struct pen pen = page_row(page);
	char text[64], span[FIGURE];
	int end;

	snprintf(text, sizeof text, "%" PRIu64, election->term);
	pen_field(&pen, STYLE_PLAIN, text, 5, true);
	pen_text(&pen, STYLE_PLAIN, " ");
	pen_field(&pen, STYLE_PLAIN, cause_in_words(election->cause), 12,
	    false);
	snprintf(text, sizeof text, " %6" PRId64 " ms  ",
	    election->took_ms < 999999 ? election->took_ms : 999999);
	pen_text(&pen, STYLE_PLAIN, text);
	end = pen_left(&pen) - END;
	put_end(page, &pen, election);
	if (end > 0 && pen_left(&pen) > end)
		pen_fill(&pen, STYLE_PLAIN, " ", pen_left(&pen) - end);
	snprintf(text, sizeof text, "  %" PRIu64 " sent, %s ago",
	    election->messages, figure_span(election->ago_ms, span));
	if ((int)text_width(text, strlen(text)) <= pen_left(&pen))
		pen_text(&pen, STYLE_DIM, text);
}

/* Each candidate with a bar for each phase it came to: ana ▁▂▃▅ 8 */
static void
put_stood(struct page *page, const struct dchat_election *election)
{
	const struct theme *theme = page->scene->theme;
	struct pen pen = page_row(page);
	char reach[32];

	pen_text(&pen, STYLE_DIM, "      ");
	for (size_t i = 0; i < election->stood_count; i++) {
		const struct dchat_stand *stand = &election->stood[i];
		size_t phases = stand->phase < 15 ? stand->phase : 15;

		snprintf(reach, sizeof reach, " %u", stand->reach);
		if (pen_left(&pen) < (int)(phases + strlen(reach)) + 12)
			return;
		pen_text(&pen, STYLE_PLAIN, i > 0 ? "   " : "");
		pen_cut(&pen, theme_nick_style(theme, &stand->id),
		    stand->nick, 12);
		pen_text(&pen, STYLE_PLAIN, " ");
		for (size_t phase = 0; phase <= phases; phase++)
			pen_bar(&pen, theme, STYLE_NOTICE, phase);
		pen_text(&pen, STYLE_DIM, reach);
	}
}

void
view_health_elections(struct page *page)
{
	const struct health *health = page->health;
	struct pen pen;

	page_heading(page, "Elections",
	    "as seen from here; a bar a phase, and how far it probed");
	if (health->election_count == 0) {
		pen = page_row(page);
		pen_text(&pen, STYLE_DIM, "none yet");
	}
	for (size_t i = health->election_count; i-- > 0;) {
		put_election(page, &health->elections[i]);
		if (health->elections[i].stood_count > 0)
			put_stood(page, &health->elections[i]);
	}
}

/* -- clocks ---------------------------------------------------------------- */

/* "12", "12+3" when somebody began a second stream. */
static void
author_text(const struct health_author *author, char text[static 128])
{
	int used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < author->count && used < 100; i++)
		used += snprintf(text + used, 128 - (size_t)used,
		    "%s%" PRIu64, i > 0 ? "+" : "", author->entries[i].top);
}

static void
put_clock(struct page *page, const struct health_room *room)
{
	struct pen pen = page_row(page);
	char text[128];

	pen_cut(&pen, STYLE_ACTIVE, room->name, pen_left(&pen));
	if (room->held > 0) {
		snprintf(text, sizeof text, "  %zu held back", room->held);
		pen_text(&pen, STYLE_SUSPECT, text);
	}
	if (room->author_count == 0)
		pen_text(&pen, STYLE_DIM, "  nothing said yet");
	for (size_t i = 0, used = 0; i < room->author_count; i++) {
		const struct health_author *author = &room->authors[i];
		const struct id *id = &author->entries->author;
		size_t cells = text_width(author->nick, strlen(author->nick));

		author_text(author, text);
		cells += 1 + strlen(text);
		if (used == 0 || used + 3 + cells > (size_t)page->at.cols) {
			pen = page_row(page);
			pen_text(&pen, STYLE_PLAIN, "  ");
			used = 2;
		} else {
			pen_text(&pen, STYLE_PLAIN, "   ");
			used += 3;
		}
		pen_text(&pen, theme_nick_style(page->scene->theme, id),
		    author->nick);
		pen_text(&pen, STYLE_PLAIN, " ");
		pen_text(&pen, STYLE_PLAIN, text);
		used += cells;
	}
}

/* "  2 of bob wait for what eve said (1.2s)" */
static void
put_holding(struct page *page, const struct health_holding *holding)
{
	struct pen pen = page_row(page);
	char text[512], span[FIGURE];

	snprintf(text, sizeof text, "  %zu of %.128s wait%s for what %.256s "
	    "said (%s)", holding->count, holding->nick,
	    holding->count == 1 ? "s" : "",
	    holding->waiting_for[0] != '\0' ? holding->waiting_for
					    : "somebody",
	    figure_span(holding->waited_ms, span));
	pen_cut(&pen, STYLE_SUSPECT, text, pen_left(&pen));
}

void
view_health_clocks(struct page *page)
{
	const struct health *health = page->health;

	page_heading(page, "Clocks",
	    "how much of whom is delivered here, in each room");
	for (size_t i = 0; i < health->room_count; i++) {
		const struct health_room *room = &health->rooms[i];

		put_clock(page, room);
		for (size_t k = 0; k < room->holding_count; k++)
			put_holding(page, &room->holdings[k]);
	}
}

/* -- traffic --------------------------------------------------------------- */

enum { SECONDS_MOST = 64, FLOW_NAME = 14 };

static void
put_flow(struct page *page, enum dchat_flow flow, const char *words)
{
	const struct health *health = page->health;
	size_t count = health->traffic_seconds;
	double amounts[SECONDS_MOST];
	uint64_t now = 0, most = 0;
	struct pen pen = page_row(page);
	char text[FIGURE];
	int room;

	if (count > SECONDS_MOST)
		count = SECONDS_MOST;
	for (size_t i = 0; i < count; i++) {
		now = health->traffic[flow][i];
		amounts[i] = (double)now;
		most = now > most ? now : most;
	}
	pen_field(&pen, STYLE_PLAIN, words, FLOW_NAME, false);
	pen_field(&pen, STYLE_PLAIN, figure_amount(now, text), 5, true);
	pen_text(&pen, STYLE_PLAIN, "  ");
	room = pen_left(&pen) - 11;
	pen_bars(&pen, page->scene->theme, STYLE_NOTICE, amounts, count,
	    room > 0 ? room : pen_left(&pen));
	if (room <= 0)
		return;
	pen_text(&pen, STYLE_DIM, " most ");
	pen_text(&pen, STYLE_DIM, figure_amount(most, text));
}

void
view_health_traffic(struct page *page)
{
	static const char *const words[] = {
		[FLOW_BYTES_IN] = "bytes in",
		[FLOW_BYTES_OUT] = "bytes out",
		[FLOW_FRAMES_IN] = "frames in",
		[FLOW_FRAMES_OUT] = "frames out",
		[FLOW_MESSAGES_IN] = "messages in",
		[FLOW_MESSAGES_OUT] = "messages out",
	};

	page_heading(page, "Traffic",
	    "over all links, in each of the last seconds");
	for (int flow = 0; flow < FLOW_COUNT; flow++)
		put_flow(page, (enum dchat_flow)flow, words[flow]);
}
