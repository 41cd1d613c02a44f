/*
 * Fuzzes what a person looks for in the history: a line, and behind it a
 * text that somebody said.  Nothing that is typed is syntax to SQLite; who
 * looks for the words of a text finds it; and what is marked of it on the
 * screen is inside and in order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "store/history.h"
#include "store/words.h"
#include "tests/fuzz/fuzz.h"
#include "tui/search.h"
#include "wire/body.h"

enum { HITS = 10 };

static const uint8_t tag[8] = { 1 };
static const struct id room = { { 7 } };

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
say(struct shelves *shelves, const char *text)
{
	const struct message message = { .kind = KIND_TEXT, .text = text };
	struct bundle bundle = {
		.room = room,
		.stream = { { { 5 } }, 1 },
		.seq = 1,
		.nonce = 1,
		.hlc = (uint64_t)1790000000000 << 16,
		.messages = &message,
		.message_count = 1,
		.hash = { { 9 } },
	};
	struct bytes body;
	bool conflict;

	bytes_init(&body);
	must(body_encode_bundle(&bundle, tag, &body));
	bundle.sealed.body = body.data;
	bundle.sealed.size = body.size;
	must(database_begin(shelves->db, false) == SQLITE_OK);
	must(shelves_put(shelves, &bundle, &conflict) == SQLITE_OK);
	must(shelves_save(shelves) == SQLITE_OK);
	must(words_index(shelves->db, 1) == SQLITE_OK);
	must(database_commit(shelves->db) == SQLITE_OK);
	bytes_free(&body);
}

static size_t
look_for(struct shelves *shelves, const char *words)
{
	struct found found = { 0 };
	size_t count;

	must(history_search(shelves, NULL, words, HITS, &found) == SQLITE_OK);
	must(found.error == ERROR_NONE);
	count = found.line_count;
	found_free(&found);
	return count;
}

static void
mark(const char *words, const char *text)
{
	size_t start, end;

	for (size_t at = 0; search_mark(words, text, at, &start, &end);
	     at = end)
		must(start >= at && end > start && end <= strlen(text));
}

/* A word of nothing but these is a word to everybody. */
static bool
has_plain_words_only(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz ") == strlen(text) &&
	    strlen(text) < 32;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words, *text, problem[256], aside[256];
	struct database db;
	struct shelves shelves = { .db = &db, .room_messages = 1000 };

	if (size > LIMIT_TEXT)
		return 0;
	words = mem_span(size > 0 ? (const char *)data : "", size);
	text = words + strcspn(words, "\n");
	if (*text != '\0')
		*text++ = '\0';
	memcpy(shelves.network, tag, sizeof tag);
	must(database_open(&db, NULL, aside, problem));
	must(shelves_load(&shelves) == SQLITE_OK);
	if (*text != '\0' && utf8_valid(text, strlen(text)))
		say(&shelves, text);
	look_for(&shelves, words);
	if (has_plain_words_only(text))
		must(look_for(&shelves, text) == 1);
	mark(words, text);
	shelves_free(&shelves);
	database_close(&db);
	free(words);
	return 0;
}
