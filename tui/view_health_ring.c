/* The ring as a picture: who stands beside whom, and how they are. */
#include "tui/view_health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/ring_plan.h"
#include "tui/text.h"

enum {
	CHORDS_FROM = 3,	/* members: then lines across show the links */
	CHORDS_TO = 9,		/* with more they would hide the ring */
	LABEL = 160,
	GONE_MS = 10 * 60 * 1000,
};

struct ring_picture {
	struct page *page;
	struct ring_plan plan;
	const struct dchat_peer **peers;	/* clockwise, me first */
	size_t count;
};

/* Whoever left has left the ring; whoever died leaves a gap to be seen for a
 * while. */
static bool
in_picture(const struct dchat_peer *peer)
{
	return peer->state != MEMBER_LEFT &&
	    (peer->state != MEMBER_DEAD || peer->silent_ms < GONE_MS);
}

static void
choose(struct ring_picture *picture)
{
	const struct health *health = picture->page->health;
	size_t count = health->peer_count, me = 0;

	picture->peers = mem_zero(count + 1, sizeof *picture->peers);
	for (size_t i = 0; i < count; i++)
		if (health->peers[i].self)
			me = i;
	for (size_t i = 0; i < count; i++) {
		const struct dchat_peer *peer =
		    &health->peers[(me + i) % count];

		if (in_picture(peer))
			picture->peers[picture->count++] = peer;
	}
}

static const char *
label_of(const struct ring_picture *picture, const struct dchat_peer *peer,
    char label[static LABEL])
{
	const struct theme *theme = picture->page->scene->theme;
	int style;
	bool starred = peer_mark(theme, peer, &style) == theme->marks.leader;

	snprintf(label, LABEL, "%.128s%s%s%s", peer->nick,
	    peer->self ? " (you)" : "",
	    peer->leader && !starred ? " " : "",
	    peer->leader && !starred ? theme->marks.leader : "");
	return label;
}

static void
lay_out(struct ring_picture *picture)
{
	const struct page *page = picture->page;
	int *labels = mem_zero(picture->count + 1, sizeof *labels);
	char label[LABEL];

	for (size_t i = 0; i < picture->count; i++) {
		label_of(picture, picture->peers[i], label);
		labels[i] = (int)text_width(label, strlen(label));
	}
	/* with its heading it fits the screen */
	ring_plan_make(&picture->plan, labels, picture->count,
	    page->at.rows - 1, page->at.cols);
	free(labels);
	if (picture->count < CHORDS_FROM || picture->count > CHORDS_TO)
		return;
	for (size_t i = 0; i < picture->count; i++)
		if (picture->peers[i]->linked && picture->peers[0]->self)
			ring_plan_chord(&picture->plan, 0, i);
}

/* -- painting -------------------------------------------------------------- */

static void
paint_cells(const struct ring_picture *picture, struct pen *pen, int row)
{
	const struct marks *marks = &picture->page->scene->theme->marks;
	const char *const cells[] = {
		[RING_BLANK] = " ",
		[RING_CURVE] = marks->curve,
		[RING_CHORD] = marks->chord,
		[RING_HORIZONTAL] = marks->horizontal,
		[RING_VERTICAL] = marks->vertical,
		[RING_TOP_LEFT] = marks->top_left,
		[RING_TOP_RIGHT] = marks->top_right,
		[RING_BOTTOM_LEFT] = marks->bottom_left,
		[RING_BOTTOM_RIGHT] = marks->bottom_right,
	};

	for (int column = 0; column < picture->plan.columns; column++) {
		enum ring_cell cell =
		    ring_plan_cell(&picture->plan, row, column);

		pen_text(pen, cell == RING_CHORD ? STYLE_DIM : STYLE_BORDER,
		    cells[cell]);
	}
}

static int
label_style(const struct ring_picture *picture,
    const struct dchat_peer *peer)
{
	switch (peer->state) {
	case MEMBER_SUSPECT: return STYLE_SUSPECT;
	case MEMBER_DEAD:
	case MEMBER_LEFT: return STYLE_DIM;
	case MEMBER_ALIVE: break;
	}
	return peer->self
	    ? STYLE_ACTIVE
	    : theme_nick_style(picture->page->scene->theme, &peer->id);
}

static void
paint_spot(const struct ring_picture *picture, size_t i)
{
	const struct page *page = picture->page;
	const struct ring_spot *spot = &picture->plan.spots[i];
	const struct dchat_peer *peer = picture->peers[i];
	char label[LABEL];
	struct pen pen;
	int style, cells;
	const char *mark = peer_mark(page->scene->theme, peer, &style);

	pen = page_part(page, spot->column, 1);
	pen_text(&pen, style, mark);
	label_of(picture, peer, label);
	cells = (int)text_width(label, strlen(label));
	if (cells > spot->label_cells)
		cells = spot->label_cells;
	/* a blank on either side keeps it apart from the ring */
	if (spot->before)
		pen = page_part(page,
		    spot->column - cells - 1 - (spot->column > cells + 1),
		    cells + 1 + (spot->column > cells + 1));
	else
		pen = page_part(page, spot->column + 1, cells + 2);
	if (!spot->before || spot->column > cells + 1)
		pen_text(&pen, STYLE_PLAIN, " ");
	pen_cut(&pen, label_style(picture, peer), label, cells);
	pen_text(&pen, STYLE_PLAIN, " ");
}

static void
paint_row(struct ring_picture *picture, int row)
{
	struct pen pen = page_row(picture->page);

	if (pen_left(&pen) == 0)
		return;
	paint_cells(picture, &pen, row);
	for (size_t i = 0; i < picture->count; i++)
		if (picture->plan.spots[i].row == row)
			paint_spot(picture, i);
}

/* What the marks mean, of those that are there. */
static void
heading(struct ring_picture *picture)
{
	const struct theme *theme = picture->page->scene->theme;
	const struct marks *marks = &theme->marks;
	const struct {
		const char *mark, *word;
	} legend[] = {
		{ marks->leader, "leads" },
		{ marks->self, "you" },
		{ marks->linked, "linked" },
		{ marks->unlinked, "not linked" },
		{ marks->suspect, "silent" },
		{ marks->gone, "gone" },
	};
	char text[256];
	int used = snprintf(text, sizeof text, "%zu here",
	    picture->page->health->ring_count);

	for (size_t i = 0; i < sizeof legend / sizeof *legend; i++)
		for (size_t k = 0; k < picture->count; k++) {
			int style;

			if (peer_mark(theme, picture->peers[k], &style) !=
			    legend[i].mark)
				continue;
			used += snprintf(text + used,
			    sizeof text - (size_t)used, "  %s %s",
			    legend[i].mark, legend[i].word);
			break;
		}
	page_heading(picture->page, "Ring", text);
}

static void
tell_own_health(struct page *page)
{
	const struct health *health = page->health;
	struct pen pen;
	char text[128];

	if (health->self_suspicion) {
		pen = page_row(page);
		pen_cut(&pen, STYLE_SUSPECT,
		    "Most fell silent at once: the fault may be here.",
		    pen_left(&pen));
	}
	if (health->local_health > 0) {
		pen = page_row(page);
		snprintf(text, sizeof text, "This node seems slow itself, "
		    "and waits %u s longer for others.",
		    health->local_health);
		pen_cut(&pen, STYLE_SUSPECT, text, pen_left(&pen));
	}
}

void
view_health_ring(struct page *page)
{
	struct ring_picture picture = { .page = page };

	choose(&picture);
	lay_out(&picture);
	heading(&picture);
	for (int row = 0; row < picture.plan.rows; row++)
		paint_row(&picture, row);
	tell_own_health(page);
	ring_plan_free(&picture.plan);
	free(picture.peers);
}
