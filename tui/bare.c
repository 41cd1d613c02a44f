#include "tui/bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/text.h"

static char *
line_text(const struct line *line)
{
	char *text = NULL;

	if (line->kind == LINE_TEXT
		? asprintf(&text, "<%s> %s", line->nick, line->text) < 0
		: line->kind == LINE_ACTION &&
		    asprintf(&text, "* %s %s", line->nick, line->text) < 0)
		text = NULL;
	return text ? text : mem_text(line->text);
}

void
bare_open(struct bare *bare, const struct scrollback *scrollback)
{
	const struct line *bottom = scrollback_bottom(scrollback);
	size_t i;

	bare_close(bare);
	bare->open = true;
	for (i = 0; i < scrollback_count(scrollback); i++) {
		const struct line *line = scrollback_line(scrollback, i);

		if (scrollback_shows(scrollback, line)) {
			MEM_GROW(bare->lines, bare->count, bare->cap);
			bare->lines[bare->count++] = line_text(line);
		}
		if (line == bottom)
			bare->end = bare->count;
	}
	if (!bottom)
		bare->end = bare->count;
}

void
bare_close(struct bare *bare)
{
	size_t i;

	for (i = 0; i < bare->count; i++)
		free(bare->lines[i]);
	free(bare->lines);
	*bare = (struct bare){ 0 };
}

/* Rows that a terminal of so many columns makes of it. */
static size_t
rows_of(const char *text, size_t columns)
{
	struct text_clusters clusters = { 0 };
	size_t rows = 1, at = 0, i;

	text_clusters_split(&clusters, text, strlen(text));
	for (i = 0; i < clusters.count; i++) {
		const struct text_cluster *cluster = &clusters.items[i];

		if (text[cluster->offset] == '\n' ||
		    at + cluster->cells > columns) {
			rows++;
			at = 0;
		}
		at += cluster->cells;
	}
	text_clusters_free(&clusters);
	return rows;
}

/* The first line of a view that ends before `end`: one line at least. */
static size_t
first_of(const struct bare *bare, size_t rows, size_t columns, size_t end)
{
	size_t used = 0, first = end;

	while (first > 0) {
		used += rows_of(bare->lines[first - 1], columns);
		if (used > rows && first < end)
			break;
		first--;
	}
	return first;
}

/* The end of a view that begins with `first`. */
static size_t
end_of(const struct bare *bare, size_t rows, size_t columns, size_t first)
{
	size_t used = 0, end = first;

	while (end < bare->count) {
		used += rows_of(bare->lines[end], columns);
		if (used > rows && end > first)
			break;
		end++;
	}
	return end;
}

void
bare_scroll(struct bare *bare, size_t rows, size_t columns, long pages,
    long lines)
{
	size_t least = end_of(bare, rows, columns, 0);

	for (; pages < 0; pages++)
		bare->end = first_of(bare, rows, columns, bare->end);
	for (; pages > 0; pages--)
		bare->end = end_of(bare, rows, columns, bare->end);
	if (lines < 0)
		bare->end -= (size_t)-lines < bare->end ? (size_t)-lines
							: bare->end;
	else
		bare->end += (size_t)lines;
	if (bare->end < least)
		bare->end = least;
	if (bare->end > bare->count)
		bare->end = bare->count;
}

void
bare_text(const struct bare *bare, size_t rows, size_t columns,
    struct bytes *out)
{
	size_t first = first_of(bare, rows, columns, bare->end), i;

	for (i = first; i < bare->end; i++) {
		if (i > first)
			bytes_append_text(out, "\n");
		bytes_append_text(out, bare->lines[i]);
	}
}
