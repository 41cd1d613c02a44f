#include "tui/recall.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct recall {
	char *lines[RECALL_LINES]; /* oldest first */
	size_t count;
	size_t at; /* looked at; count: the draft */
	char *draft;
	size_t draft_point;
	char *left; /* in the input when the room was left */
	size_t left_point;
	bool read; /* the lines of the last run are among them */
};

struct recall *
recall_new(void)
{
	struct recall *recall = mem_zero(1, sizeof *recall);

	recall->draft = mem_text("");
	recall->left = mem_text("");
	return recall;
}

void
recall_destroy(struct recall *recall)
{
	size_t i;

	if (!recall)
		return;
	for (i = 0; i < recall->count; i++)
		free(recall->lines[i]);
	free(recall->draft);
	free(recall->left);
	free(recall);
}

static void
keep(char **text, size_t *point, const char *new_text, size_t new_point)
{
	char *copy = mem_text(new_text);

	free(*text);
	*text = copy;
	*point = new_point;
}

void
recall_add(struct recall *recall, const char *text)
{
	size_t count = recall->count;

	keep(&recall->draft, &recall->draft_point, "", 0);
	keep(&recall->left, &recall->left_point, "", 0);
	if (text[0] != '\0' &&
	    (count == 0 || strcmp(recall->lines[count - 1], text) != 0)) {
		if (count == RECALL_LINES) {
			free(recall->lines[0]);
			MEM_REMOVE(recall->lines, recall->count, 0);
		}
		recall->lines[recall->count++] = mem_text(text);
	}
	recall->at = recall->count;
}

static const char *
look(const struct recall *recall, size_t *point)
{
	if (recall->at == recall->count) {
		*point = recall->draft_point;
		return recall->draft;
	}
	*point = strlen(recall->lines[recall->at]);
	return recall->lines[recall->at];
}

const char *
recall_older(struct recall *recall, const char *text, size_t *point)
{
	if (recall->at == 0)
		return NULL;
	if (recall->at == recall->count)
		keep(&recall->draft, &recall->draft_point, text, *point);
	recall->at--;
	return look(recall, point);
}

const char *
recall_newer(struct recall *recall, const char *text, size_t *point)
{
	(void)text;
	if (recall->at == recall->count)
		return NULL;
	recall->at++;
	return look(recall, point);
}

size_t
recall_count(const struct recall *recall)
{
	return recall->count;
}

const char *
recall_line(const struct recall *recall, size_t at)
{
	return recall->lines[at];
}

bool
recall_find(const struct recall *recall, const char *text, bool older,
    size_t *at, size_t *offset)
{
	/* one less than the oldest wraps round, and is none either */
	for (size_t i = *at; i < recall->count; i += older ? (size_t)-1 : 1) {
		const char *found = strcasestr(recall->lines[i], text);

		if (found == NULL)
			continue;
		*at = i;
		*offset = (size_t)(found - recall->lines[i]);
		return true;
	}
	return false;
}

void
recall_go(struct recall *recall, size_t at, const char *text, size_t point)
{
	if (recall->at == recall->count)
		keep(&recall->draft, &recall->draft_point, text, point);
	recall->at = at;
}

void
recall_leave(struct recall *recall, const char *text, size_t point)
{
	keep(&recall->left, &recall->left_point, text, point);
}

const char *
recall_enter(struct recall *recall, size_t *point)
{
	*point = recall->left_point;
	return recall->left;
}

/* -- from run to run -------------------------------------------------------- */

static size_t
written_size(const char *line)
{
	size_t size = 1;

	for (; *line != '\0'; line++)
		size += *line == '\n' || *line == '\\' ? 2 : 1;
	return size;
}

void
recall_write(const struct recall *recall, size_t most, struct bytes *out)
{
	size_t first = recall->count, used = 0;

	while (first > 0 &&
	    used + written_size(recall->lines[first - 1]) <= most)
		used += written_size(recall->lines[--first]);
	for (; first < recall->count; first++) {
		for (const char *at = recall->lines[first]; *at != '\0'; at++) {
			if (*at == '\n' || *at == '\\')
				bytes_append_text(out, "\\");
			bytes_append(out, at, 1);
		}
		bytes_append_text(out, "\n");
	}
}

void
recall_read(struct recall *recall, const char *text)
{
	struct recall old = { .count = 0 };
	struct bytes line;

	if (recall->read || *text == '\0')
		return;
	recall->read = true;
	bytes_init(&line);
	for (; *text != '\0' && recall->count + old.count < RECALL_LINES;
	     text++) {
		if (*text == '\\' && text[1] != '\0') {
			bytes_append(&line, ++text, 1);
		} else if (*text == '\n') {
			bytes_append(&line, "", 1);
			old.lines[old.count++] =
			    mem_text((const char *)line.data);
			bytes_clear(&line);
		} else {
			bytes_append(&line, text, 1);
		}
	}
	bytes_free(&line);
	memmove(recall->lines + old.count, recall->lines,
	    recall->count * sizeof *recall->lines);
	memcpy(recall->lines, old.lines, old.count * sizeof *old.lines);
	recall->count += old.count;
	recall->at += old.count;
}
