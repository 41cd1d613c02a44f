/*
 * view_health: the parts of the health panel; nobody else includes it.
 *
 *	view_health.c		its page, its sections, how figures are written
 *	view_health_ring.c	the ring as a picture
 *	view_health_peers.c	the table of peers
 *	view_health_past.c	elections, clocks, traffic
 *
 * A section writes its rows one after the other with page_row(); only those
 * on the screen are painted.  A new section is a row of the table in
 * view_health.c.
 */
#ifndef DCHAT_TUI_VIEW_HEALTH_H
#define DCHAT_TUI_VIEW_HEALTH_H

#include "tui/health.h"
#include "tui/view.h"

struct page {
	struct scene *scene;
	const struct health *health;
	struct layout_rect at;
	size_t top;	/* this row is the first one on the screen */
	size_t row;	/* this one comes next */
};

/* A pen for the next row, with no cells when it is not on the screen. */
struct pen page_row(struct page *page);
/* For a part of the row before the next one. */
struct pen page_part(const struct page *page, int column, int cells);

/* "Peers", and what is to be said of it. */
void page_heading(struct page *page, const char *title, const char *more);

void view_health_ring(struct page *page);
void view_health_peers(struct page *page);
void view_health_elections(struct page *page);
void view_health_clocks(struct page *page);
void view_health_traffic(struct page *page);

/* -- figures --------------------------------------------------------------- */

enum { FIGURE = 16 };

/* "0.4s", "12s", "3m", "5h", "2d" */
const char *figure_span(instant_ms span, char text[static FIGURE]);
/* "0.42", "12.3", "840": milliseconds; "" when there are none */
const char *figure_ms(double ms, char text[static FIGURE]);
/* "+12ms", "-3.2s", "+5m" */
const char *figure_skew(int64_t skew_ms, char text[static FIGURE]);
/* "0", "840", "1.2K", "34M" */
const char *figure_amount(uint64_t amount, char text[static FIGURE]);

/* Amounts as a row of bars, the last `cells` of them; the highest bar is the
 * most of all. */
void pen_bars(struct pen *pen, const struct theme *theme, int style,
    const double *amounts, size_t count, int cells);
/* One bar of a level from 0 to MARKS_LEVELS - 1, or the highest. */
void pen_bar(struct pen *pen, const struct theme *theme, int style,
    size_t level);

/* How somebody stands in the ring, as one cell and its style. */
const char *peer_mark(const struct theme *theme,
    const struct dchat_peer *peer, int *style);

#endif
