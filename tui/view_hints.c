/*
 * The hint line: what could be done next, or what Tab could put where the
 * cursor is.
 */
#include <string.h>

#include "tui/advice.h"
#include "tui/text.h"
#include "tui/view.h"

static void
paint_part(struct scene *scene, struct pen *pen, const struct advice_part *part,
    bool first)
{
	int width = (int)(text_width(part->key, strlen(part->key)) +
	    text_width(part->words, strlen(part->words)) + 1);

	/* whole or not at all; but something always */
	if (!first && width + 3 > pen_left(pen)) {
		pen->end = pen->column;
		return;
	}
	if (!first) {
		pen_text(pen, STYLE_DIM, " ");
		pen_text(pen, STYLE_DIM, scene->theme->marks.dot);
		pen_text(pen, STYLE_DIM, " ");
	}
	if (part->key[0] != '\0') {
		pen_text(pen, STYLE_KEY, part->key);
		pen_text(pen, STYLE_DIM, " ");
	}
	pen_cut(pen, STYLE_DIM, part->words, pen_left(pen));
}

/* What found[i] looks like without the blank or colon behind it. */
static size_t
candidate_size(const char *text)
{
	size_t size = strlen(text);

	while (size > 1 && (text[size - 1] == ' ' || text[size - 1] == ':'))
		size--;
	return size;
}

/* The first that is shown, so that the chosen one is to be seen. */
static size_t
first_candidate(const struct complete *complete, int cells)
{
	size_t first = complete->chosen;
	int used = 0;

	for (size_t i = complete->chosen + 1; i-- > 0; first = i) {
		const char *text = complete->found[i];

		used += 2 + (int)text_width(text, candidate_size(text));
		if (used > cells)
			break;
	}
	return first;
}

void
view_candidates(struct scene *scene, const struct layout_rect *at)
{
	const struct complete *complete = scene->complete;
	struct pen pen =
	    pen_at(scene->screen, at->row, at->col + 1, at->cols - 2);

	for (size_t i = first_candidate(complete, at->cols - 2 - 4);
	     i < complete->count; i++) {
		const char *text = complete->found[i];
		size_t size = candidate_size(text);

		if ((int)text_width(text, size) + 4 > pen_left(&pen) &&
		    i != complete->chosen) {
			pen_text(&pen, STYLE_DIM, "...");
			return;
		}
		pen_bytes(&pen,
		    i == complete->chosen ? STYLE_CURRENT : STYLE_PLAIN, text,
		    size);
		pen_text(&pen, STYLE_PLAIN, "  ");
	}
}

void
view_hints(struct scene *scene, const struct layout_rect *at)
{
	struct pen pen =
	    pen_at(scene->screen, at->row, at->col + 1, at->cols - 2);
	struct advice advice;

	if (scene->complete != NULL) {
		view_candidates(scene, at);
		return;
	}
	advice_make(scene, &advice);
	for (size_t i = 0; i < advice.count; i++)
		paint_part(scene, &pen, &advice.parts[i], i == 0);
}
