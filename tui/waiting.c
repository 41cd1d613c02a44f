#include "tui/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/text.h"

enum { STEP_MS = 500, GIVEN_UP_S = 30 };

static void
author_free(struct waiting_author *author)
{
	free(author->nick);
	free(author->causes);
}

void
waiting_free(struct waiting *waiting)
{
	for (size_t i = 0; i < waiting->count; i++)
		author_free(&waiting->items[i]);
	waiting->count = 0;
}

static char *
join_nicks(const struct dchat_holding *holding, unsigned flags)
{
	struct bytes text;

	bytes_init(&text);
	for (size_t i = 0; i < holding->waiting_count; i++) {
		char *nick = text_clean_copy(holding->waiting_nicks[i], flags);

		bytes_append_text(&text, i > 0 ? ", " : "");
		bytes_append_text(&text, nick);
		free(nick);
	}
	bytes_append(&text, "", 1);
	return (char *)text.data;
}

void
waiting_event(struct waiting *waiting, const struct dchat_holding *holding,
    unsigned flags, wall_ms now)
{
	struct waiting_author *author;
	size_t at = 0;

	while (at < waiting->count &&
	    !id_equal(&waiting->items[at].author, &holding->author))
		at++;
	if (at < waiting->count) {
		author_free(&waiting->items[at]);
		if (holding->count == 0) {
			MEM_REMOVE(waiting->items, waiting->count, at);
			return;
		}
	} else if (holding->count == 0 || waiting->count == WAITING_MAX) {
		return;
	} else {
		waiting->count++;
	}
	author = &waiting->items[at];
	*author = (struct waiting_author){
		.author = holding->author,
		.nick = text_clean_copy(holding->nick, flags),
		.causes = join_nicks(holding, flags),
		.count = holding->count,
		.since = now - holding->waited_ms,
	};
}

/* Who waits longest. */
static const struct waiting_author *
oldest(const struct waiting *waiting)
{
	const struct waiting_author *first = NULL;

	for (size_t i = 0; i < waiting->count; i++)
		if (first == NULL || waiting->items[i].since < first->since)
			first = &waiting->items[i];
	return first;
}

static void
describe(const struct waiting_author *author, wall_ms now,
    char text[static WAITING_TEXT])
{
	wall_ms ms = now - author->since;
	const char *causes = author->causes;

	snprintf(text, WAITING_TEXT, "%zu %s from %.100s %s waiting for %s "
	    "%.200s (%lld.%lld s)",
	    author->count, author->count == 1 ? "message" : "messages",
	    author->nick, author->count == 1 ? "is" : "are",
	    strcmp(causes, author->nick) == 0 ? "an earlier one from"
					      : "one from",
	    causes[0] == '\0' ? "somebody" : causes, (long long)ms / 1000,
	    (long long)ms % 1000 / 100);
}

void
waiting_fetching(struct waiting *waiting, uint64_t done, uint64_t left)
{
	waiting->fetched = done;
	waiting->to_fetch = left;
}

static bool
progress_line(const struct waiting *waiting, char text[static WAITING_TEXT])
{
	uint64_t all = waiting->fetched + waiting->to_fetch;

	if (waiting->to_fetch == 0)
		return false;
	snprintf(text, WAITING_TEXT, "what was said meanwhile is coming: %d %%",
	    (int)(waiting->fetched * 100 / all));
	return true;
}

bool
waiting_line(const struct waiting *waiting, wall_ms now, size_t columns,
    char text[static WAITING_TEXT])
{
	const struct waiting_author *author = oldest(waiting);
	wall_ms ms;
	size_t size;

	if (author == NULL || now < author->since + WAITING_SHOWN_MS)
		return progress_line(waiting, text);
	describe(author, now, text);
	size = strlen(text);
	if (waiting->count > 1)
		snprintf(text + size, WAITING_TEXT - size,
		    ", and of %zu more", waiting->count - 1);
	if (text_width(text, strlen(text)) <= columns)
		return true;
	ms = now - author->since;
	snprintf(text, WAITING_TEXT, "%.100s: %zu %s for %.200s (%lld.%lld s)",
	    author->nick, author->count,
	    author->count == 1 ? "waits" : "wait", author->causes,
	    (long long)ms / 1000, (long long)ms % 1000 / 100);
	return true;
}

wall_ms
waiting_deadline(const struct waiting *waiting, wall_ms now)
{
	const struct waiting_author *author = oldest(waiting);

	if (author == NULL)
		return NEVER;
	return now < author->since + WAITING_SHOWN_MS
	    ? author->since + WAITING_SHOWN_MS
	    : now + STEP_MS;
}

char *
waiting_why(const struct waiting *waiting, wall_ms now)
{
	char line[WAITING_TEXT], last[WAITING_TEXT];
	struct bytes text;

	if (waiting->count == 0)
		return mem_text("Nothing waits here: all that came could be "
				"shown.");
	bytes_init(&text);
	for (size_t i = 0; i < waiting->count; i++) {
		describe(&waiting->items[i], now, line);
		bytes_append_text(&text, line);
		bytes_append_text(&text, ".\n");
	}
	snprintf(last, sizeof last,
	    "No answer is shown before its question: what is missing is "
	    "asked for here and there. What nobody has is given up after "
	    "%d s, and the next message says that some are missing.",
	    GIVEN_UP_S);
	bytes_append_text(&text, last);
	bytes_append(&text, "", 1);
	return (char *)text.data;
}
