/* The health panel: how the group is, live. */
#include "tui/view_health.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/panel.h"
#include "tui/text.h"

static void (*const sections[])(struct page *page) = {
	[HEALTH_RING] = view_health_ring,
	[HEALTH_PEERS] = view_health_peers,
	[HEALTH_ELECTIONS] = view_health_elections,
	[HEALTH_CLOCKS] = view_health_clocks,
	[HEALTH_TRAFFIC] = view_health_traffic,
};

/* -- the page -------------------------------------------------------------- */

struct pen
page_part(const struct page *page, int column, int cells)
{
	size_t row = page->row - 1;
	bool visible = row >= page->top &&
	    row - page->top < (size_t)page->at.rows;

	if (column + cells > page->at.cols)
		cells = page->at.cols - column;
	if (!visible || cells < 0)
		cells = 0;
	return pen_at(page->scene->screen,
	    page->at.row + (visible ? (int)(row - page->top) : 0),
	    page->at.col + column, cells);
}

struct pen
page_row(struct page *page)
{
	page->row++;
	return page_part(page, 0, page->at.cols);
}

void
page_heading(struct page *page, const char *title, const char *more)
{
	struct pen pen = page_row(page);

	pen_text(&pen, STYLE_TITLE, title);
	if (more[0] == '\0')
		return;
	pen_text(&pen, STYLE_PLAIN, "  ");
	pen_cut(&pen, STYLE_DIM, more, pen_left(&pen));
}

size_t
view_health(struct scene *scene, const struct layout_rect *at, size_t top)
{
	struct page page = {
		.scene = scene,
		.health = &scene->windows->health,
		.at = *at,
		.top = top,
	};
	struct pen pen;

	if (!page.health->known) {
		pen = page_row(&page);
		pen_text(&pen, STYLE_DIM, "The node is being asked.");
		return page.row;
	}
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		if (i > 0)
			page_row(&page);
		scene->panel_starts[i] = page.row;
		sections[i](&page);
	}
	scene->panel_start_count = sizeof sections / sizeof *sections;
	return page.row;
}

/* -- figures --------------------------------------------------------------- */

const char *
figure_span(instant_ms span, char text[static FIGURE])
{
	if (span < 0)
		span = 0;
	if (span < 10 * 1000)
		snprintf(text, FIGURE, "%d.%ds", (int)(span / 1000),
		    (int)(span % 1000 / 100));
	else if (span < 100 * 1000)
		snprintf(text, FIGURE, "%ds", (int)(span / 1000));
	else if (span < 100 * 60 * 1000)
		snprintf(text, FIGURE, "%dm", (int)(span / 60000));
	else if (span < INT64_C(100) * 3600 * 1000)
		snprintf(text, FIGURE, "%dh", (int)(span / 3600000));
	else
		snprintf(text, FIGURE, "%dd",
		    (int)(span / 86400000 % 100000));
	return text;
}

const char *
figure_ms(double ms, char text[static FIGURE])
{
	text[0] = '\0';
	if (ms >= 0 && ms < 1e6)
		snprintf(text, FIGURE, "%.*f",
		    ms < 10	   ? 2
			: ms < 100 ? 1
				   : 0,
		    ms);
	else if (ms >= 0)
		snprintf(text, FIGURE, "long");
	return text;
}

const char *
figure_skew(int64_t skew_ms, char text[static FIGURE])
{
	char sign = skew_ms < 0 ? '-' : '+';
	char span[FIGURE];

	if (skew_ms < 0)
		skew_ms = skew_ms == INT64_MIN ? INT64_MAX : -skew_ms;
	if (skew_ms < 1000)
		snprintf(text, FIGURE, "%c%dms", sign, (int)skew_ms);
	else
		snprintf(text, FIGURE, "%c%s", sign,
		    figure_span(skew_ms, span));
	return text;
}

const char *
figure_amount(uint64_t amount, char text[static FIGURE])
{
	static const char units[] = " KMGTPE";
	double value = (double)amount;
	size_t unit = 0;

	while (value >= 999.5 && unit + 1 < sizeof units - 1) {
		value /= 1000;
		unit++;
	}
	if (unit == 0)
		snprintf(text, FIGURE, "%u", (unsigned)amount);
	else
		snprintf(text, FIGURE, "%.*f%c", value < 9.95 ? 1 : 0, value,
		    units[unit]);
	return text;
}

void
pen_bar(struct pen *pen, const struct theme *theme, int style, size_t level)
{
	pen_text(pen, style,
	    theme->marks.levels[level < MARKS_LEVELS ? level
						     : MARKS_LEVELS - 1]);
}

void
pen_bars(struct pen *pen, const struct theme *theme, int style,
    const double *amounts, size_t count, int cells)
{
	double most = 0;
	size_t first = count > (size_t)cells ? count - (size_t)cells : 0;

	for (size_t i = first; i < count; i++)
		if (amounts[i] > most)
			most = amounts[i];
	for (size_t i = first; i < count; i++) {
		double share = most > 0 ? amounts[i] / most : 0;
		size_t level = (size_t)(share * MARKS_LEVELS);

		pen_bar(pen, theme, share > 0 ? style : STYLE_DIM, level);
	}
}

const char *
peer_mark(const struct theme *theme, const struct dchat_peer *peer,
    int *style)
{
	const struct marks *marks = &theme->marks;

	*style = STYLE_PLAIN;
	if (peer->state == MEMBER_DEAD || peer->state == MEMBER_LEFT) {
		*style = STYLE_DIM;
		return marks->gone;
	}
	if (peer->state == MEMBER_SUSPECT) {
		*style = STYLE_SUSPECT;
		return marks->suspect;
	}
	if (peer->leader) {
		*style = STYLE_LEADER;
		return marks->leader;
	}
	if (peer->self)
		return marks->self;
	return peer->linked ? marks->linked : marks->unlinked;
}
