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
