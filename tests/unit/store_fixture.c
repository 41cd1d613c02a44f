#include "tests/unit/store_fixture.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000 };

struct answers answers;
struct store *store;
const struct id fixture_room = { { 7 } }, fixture_asker = { { 9 } },
		fixture_self = { { 200 } };
char fixture_problem[256];
uint64_t fixture_room_messages;

static char folder[FIXTURE_PATH], path[FIXTURE_PATH + 16];
static uint64_t tokens;

/* -- what the store says ------------------------------------------------ */

static void
on_kept(void *self, const struct bundle *bundle)
{
	(void)self, (void)bundle;
	answers.kept++;
}

static void
on_refused(void *self, const struct bundle *bundle, enum error error)
{
	(void)self, (void)bundle;
	answers.refused++;
	answers.refusal = error;
}

static void
on_facts_kept(void *self, uint64_t token)
{
	(void)self;
	answers.token = token;
}

/* Who asks for a page only to know that those before it were answered. */
static const struct id nobody = { { 255 } };
static bool pages_settled;

static void
on_page(void *self, const struct store_page *page)
{
	(void)self;
	if (id_equal(&page->to, &nobody)) {
		pages_settled = true;
		return;
	}
	answers.pages++;
	answers.to = page->to;
	answers.room = page->room;
	answers.seen_count = page->count < SEEN_MAX ? page->count : SEEN_MAX;
	for (size_t i = 0; i < answers.seen_count; i++)
		answers.seen[i] =
		    (struct seen){ page->bundles[i]->stream.author,
			    page->bundles[i]->seq };
	answers.base_count = page->base_count;
	for (size_t i = 0; i < page->base_count; i++)
		answers.bases[i] = page->bases[i];
}

static void
on_lines(void *self, const struct store_lines *lines)
{
	(void)self;
	answers.lines++;
	answers.line_error = lines->error;
	answers.line_count = lines->count;
	answers.behind = lines->behind;
	answers.newer = lines->newer;
	for (size_t i = 0; i < lines->count && i < SEEN_MAX; i++) {
		const struct bundle *bundle = lines->lines[i].bundle;

		snprintf(answers.texts[i], FIXTURE_TEXT, "%u/%u.%zu",
		    bundle->stream.author.bytes[0], (unsigned)bundle->seq,
		    lines->lines[i].index);
	}
}

static void
on_trouble(void *self, const char *code, const char *text)
{
	(void)self;
	answers.troubles++;
	snprintf(answers.code, sizeof answers.code, "%s", code);
	snprintf(answers.sentence, sizeof answers.sentence, "%s", text);
}

/* -- life -------------------------------------------------------------- */

void
fixture_make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/dchat-store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/history.db", folder);
}

void
fixture_remove_folder(void)
{
	char command[FIXTURE_PATH + 16];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

const char *
fixture_path(void)
{
	return path;
}

bool
fixture_open(const char *at, uint64_t start, uint64_t epoch)
{
	const struct store_options options = {
		.path = at,
		.network = { 'n', 'e', 't' },
		.self = fixture_self,
		.nonce = FIXTURE_NONCE,
		.start = start,
		.epoch = epoch,
		.room_messages = fixture_room_messages,
		.front = {
			.kept = on_kept,
			.refused = on_refused,
			.facts_kept = on_facts_kept,
			.page = on_page,
			.lines = on_lines,
			.trouble = on_trouble,
		},
	};

	memset(&answers, 0, sizeof answers);
	store = store_open(&options, fixture_problem);
	return store != NULL;
}

void
fixture_close(void)
{
	store_close(store);
	store = NULL;
}

static void
hear(void)
{
	struct pollfd ready = { .fd = store_descriptor(store),
		.events = POLLIN };

	ck_assert_msg(poll(&ready, 1, PATIENCE_MS) == 1, "no answer came");
	store_run(store);
}

void
fixture_settle(void)
{
	const struct store_fact fact = { .kind = FACT_NICK, .value = "n",
		.value_size = 1 };

	pages_settled = false;
	store_range(store, &nobody, &nobody, NULL, 0);
	while (!pages_settled)
		hear();
	store_keep(store, &fact, 1, ++tokens);
	while (answers.token != tokens)
		hear();
}

void
fixture_await_answers(unsigned count)
{
	while (answers.kept + answers.refused < count)
		hear();
}

/* -- bundles ----------------------------------------------------------- */

struct stream
fixture_stream(unsigned author)
{
	return (struct stream){ { { (uint8_t)author } }, 1 };
}

static struct id
hash_of(unsigned author, uint64_t seq)
{
	return (struct id){ { (uint8_t)author, (uint8_t)(seq >> 16),
	    (uint8_t)(seq >> 8), (uint8_t)seq } };
}

static void
put(unsigned author, uint64_t seq, uint64_t hlc, size_t messages,
    size_t body_size)
{
	struct message said[LIMIT_BUNDLE_MESSAGES];
	uint8_t *body = calloc(1, body_size);
	struct bundle bundle = {
		.room = fixture_room,
		.stream = fixture_stream(author),
		.seq = seq,
		.hlc = hlc,
		.messages = said,
		.message_count = messages,
		.hash = hash_of(author, seq),
		.sealed = { .body = body, .size = body_size },
	};

	for (size_t i = 0; i < messages; i++)
		said[i] = (struct message){ KIND_TEXT, "", "" };
	store_put(store, &bundle);
	free(body);
}

static uint64_t
key_of(int64_t days_ago)
{
	int64_t then = ((int64_t)time(NULL) - days_ago * 86400) * 1000;

	return (uint64_t)then << 16;
}

void
fixture_put_aged(unsigned author, uint64_t seq, unsigned days)
{
	put(author, seq, key_of(days), 1, 10);
}

void
fixture_put(unsigned author, uint64_t seq, uint64_t hlc, size_t messages,
    size_t body_size)
{
	put(author, seq, fixture_hlc(hlc), messages, body_size);
}

uint64_t
fixture_hlc(uint64_t number)
{
	static uint64_t today;

	if (today == 0)
		today = key_of(0);
	return today + number;
}

void
fixture_put_own(uint64_t epoch, uint64_t seq, uint64_t hlc, unsigned other)
{
	const struct message said = { KIND_TEXT, "", "" };
	const uint8_t body[] = { 'x' };
	struct bundle bundle = {
		.room = fixture_room,
		.stream = { fixture_self, epoch },
		.seq = seq,
		.nonce = FIXTURE_NONCE,
		.hlc = fixture_hlc(hlc),
		.messages = &said,
		.message_count = 1,
		.hash = hash_of(other, seq),
		.sealed = { .body = body, .size = sizeof body },
	};

	store_put(store, &bundle);
}

void
fixture_name(unsigned author, uint64_t seq, size_t index,
    char text[static MSG_TEXT])
{
	struct bundle bundle = { .hash = hash_of(author, seq) };

	message_name(&bundle, index, text);
}

void
fixture_history(const char *before, size_t limit)
{
	store_history(store, 1, &fixture_room, before, STORE_ABOVE, limit);
	fixture_settle();
}

void
fixture_say_in(const struct id *room, unsigned author, uint64_t seq,
    uint64_t hlc, const char *kind, const char *text)
{
	const struct message said = { KIND_TEXT, "", "" };
	char body[1024];
	struct bundle bundle = {
		.room = *room,
		.stream = fixture_stream(author),
		.seq = seq,
		.hlc = fixture_hlc(hlc),
		.messages = &said,
		.message_count = 1,
		.hash = hash_of(author, seq),
		.sealed = { .body = (const uint8_t *)body },
	};

	/* A text that ends the string may go on: what it refers to. */
	bundle.sealed.size = (size_t)snprintf(body, sizeof body,
	    "{\"m\":[[\"%s\",\"%s\"]]}", kind, text);
	store_put(store, &bundle);
}

void
fixture_say(unsigned author, uint64_t seq, uint64_t hlc, const char *text)
{
	fixture_say_in(&fixture_room, author, seq, hlc, "text", text);
}

void
fixture_search(const struct id *room, const char *text, size_t limit)
{
	store_search(store, 1, room, text, limit);
	fixture_settle();
}

void
fixture_amend(const char *kind, unsigned author, uint64_t seq, uint64_t hlc,
    unsigned of, uint64_t amended, const char *text)
{
	char name[MSG_TEXT], both[MSG_TEXT + 128];

	fixture_name(of, amended, 0, name);
	snprintf(both, sizeof both, "%.100s\",\"%s", text, name);
	fixture_say_in(&fixture_room, author, seq, hlc, kind, both);
}

void
fixture_take_back(unsigned author, uint64_t seq, uint64_t hlc, unsigned of,
    uint64_t taken)
{
	fixture_amend("delete", author, seq, hlc, of, taken, "");
}
