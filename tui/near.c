#include "tui/near.h"

#include <stdbool.h>
#include <string.h>

enum {
	LONGEST = 32, /* longer ones are near to nothing */
	FAR = 3,      /* so many edits make any word of any */
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
distance(const char *a, const char *b)
{
	size_t table[LONGEST + 1][LONGEST + 1];
	size_t rows = strlen(a), cols = strlen(b), i, j;

	for (i = 0; i <= rows; i++)
		table[i][0] = i;
	for (j = 0; j <= cols; j++)
		table[0][j] = j;
	for (i = 1; i <= rows; i++) {
		for (j = 1; j <= cols; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			table[i][j] = least(table[i - 1][j - 1] + cost,
			    least(table[i - 1][j], table[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				table[i][j] =
				    least(table[i][j], table[i - 2][j - 2] + 1);
		}
	}
	return table[rows][cols];
}

/* It is nearer than all before. */
static bool
is_nearer(const char *typed, const char *candidate, size_t *best)
{
	size_t length = strlen(candidate), d;

	if (length > LONGEST)
		return false;
	d = distance(typed, candidate);
	if (d >= *best || d >= length)
		return false;
	*best = d;
	return true;
}

const char *
near_word(const char *typed, const char *(*word)(size_t index), size_t count)
{
	size_t best_distance = FAR;
	const char *best = NULL;

	if (strlen(typed) > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (is_nearer(typed, word(i), &best_distance))
			best = word(i);
	return best;
}

const char *
near_of(const char *typed, char *const *words, size_t count)
{
	size_t best_distance = FAR;
	const char *best = NULL;

	if (strlen(typed) > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (is_nearer(typed, words[i], &best_distance))
			best = words[i];
	return best;
}
