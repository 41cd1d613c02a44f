/*
 * check_restart: what was said stays said.  Real processes with profiles on
 * disk end in all ways, are started again, and their disks fail them.
 *
 *   RESTART_KILLS=count   kills of the talker (default 20)
 *   SEED=number           the instants at which it is killed
 */
#include <check.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/support/lan.h"
#include "tests/support/peer.h"

enum { PATH_SIZE = 256, TEXT_SIZE = 64, KILLS = 20, LOST_ENDS = 6, HISTORY_MAX = 10000 };
static const double SOON_MS = 10000;
static const double PATIENCE_MS = 60000;

static struct crowd crowd;
static char state[PATH_SIZE];

static void
shell(const char *format, ...)
{
	char command[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	fflush(NULL);
	ck_assert_msg(system(command) == 0, "this failed: %s", command);
}

static void
setup(void)
{
	snprintf(state, sizeof state, "/tmp/dchat-restart-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(state));
	setenv("XDG_STATE_HOME", state, 1);
}

static void
teardown(void)
{
	crowd_end(&crowd);
	shell("umount %s/small 2>/dev/null; rm -rf %s", state, state);
}

/* -- processes --------------------------------------------------------- */

static struct peer *
start_with(const char *profile, const char *option, const char *value)
{
	const char *arguments[] = { "--profile", profile, option, value,
		NULL };
	struct peer *peer = peer_start(&crowd, NULL, arguments);

	ck_assert_ptr_nonnull(
	    peer_await(&crowd, peer, "ready", NULL, NULL, SOON_MS));
	return peer;
}

static struct peer *
start(const char *profile)
{
	return start_with(profile, "--nick", profile);
}

static void
quit(struct peer *peer)
{
	peer_send_line(peer, "{\"cmd\":\"quit\"}\n");
	ck_assert(peer_await_end(&crowd, peer, SOON_MS));
	ck_assert_int_eq(peer->status, 0);
}

static void
kill_hard(struct peer *peer)
{
	peer_kill(peer, SIGKILL);
	ck_assert(peer_await_end(&crowd, peer, SOON_MS));
}

static json_t *
say_in(struct peer *peer, const char *room, const char *text)
{
	json_t *answer = peer_ask(&crowd, peer, SOON_MS, "{s:s, s:s, s:s}",
	    "cmd", "say", "room", room, "text", text);

	ck_assert_msg(answer != NULL, "no answer to %s", text);
	return answer;
}

static json_t *
say(struct peer *peer, const char *text)
{
	return say_in(peer, "#lobby", text);
}

static void
say_ok(struct peer *peer, const char *text)
{
	ck_assert(event_is(say(peer, text), "ok"));
}

struct told {
	struct peer *peer;
	const char *text;
};

static bool
is_told(struct crowd *all, void *argument)
{
	const struct told *told = argument;

	(void)all;
	return peer_count_text(told->peer, told->text) > 0;
}

static void
await_text(struct peer *peer, const char *text)
{
	struct told told = { peer, text };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_told, &told),
	    "\"%s\" does not come", text);
	ck_assert_uint_eq(peer_count_text(peer, text), 1);
}

static bool
sees(struct crowd *all, void *argument)
{
	const struct told *told = argument;

	(void)all;
	for (size_t i = told->peer->count; i-- > 0;) {
		const json_t *event = told->peer->events[i].event;

		if (event_is(event, "peer") &&
		    strcmp(event_text(event, "id"), told->text) == 0)
			return strcmp(event_text(event, "state"), "alive") ==
			    0;
	}
	return false;
}

static void
await_sight(struct peer *one, struct peer *other)
{
	struct told told = { one, other->id };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, sees, &told),
	    "they do not find each other");
}

static long
counter(struct peer *peer, const char *name)
{
	json_t *answer =
	    peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd", "status");

	return (long)json_integer_value(json_object_get(
	    json_object_get(answer, "counters"), name));
}

static json_t *
history_of(struct peer *peer, const char *room)
{
	json_t *answer = peer_ask(&crowd, peer, SOON_MS, "{s:s, s:s, s:i}",
	    "cmd", "history", "room", room, "limit", HISTORY_MAX);
	json_t *messages = json_object_get(answer, "messages");

	ck_assert_msg(event_is(answer, "ok"), "no history");
	/* A full answer would say nothing of what is above it. */
	ck_assert_uint_lt(json_array_size(messages), HISTORY_MAX);
	return messages;
}

static json_t *
history(struct peer *peer)
{
	return history_of(peer, "#lobby");
}

static size_t
times_in(const json_t *messages, const char *text)
{
	const json_t *message;
	size_t i, count = 0;

	json_array_foreach(messages, i, message)
		count += strcmp(event_text(message, "text"), text) == 0;
	return count;
}

struct pair {
	struct peer *one, *other;
	const char *room;
};

/* The same messages in the same order at both. */
static bool
same_history(struct crowd *all, void *argument)
{
	const struct pair *pair = argument;
	json_t *one = history_of(pair->one, pair->room);
	json_t *other = history_of(pair->other, pair->room);
	const json_t *message;
	size_t i;

	(void)all;
	if (json_array_size(one) != json_array_size(other))
		return false;
	json_array_foreach(one, i, message)
		if (strcmp(event_text(message, "msg"),
			event_text(json_array_get(other, i), "msg")) != 0)
			return false;
	return true;
}

static void
await_same_history_of(struct peer *one, struct peer *other, const char *room)
{
	struct pair pair = { one, other, room };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, same_history, &pair),
	    "their histories of %s differ: %zu and %zu messages", room,
	    json_array_size(history_of(one, room)),
	    json_array_size(history_of(other, room)));
}

static void
await_same_history(struct peer *one, struct peer *other)
{
	await_same_history_of(one, other, "#lobby");
}

/* -- ordinary days ------------------------------------------------------ */

START_TEST(rooms_nick_and_history_are_there_the_next_day)
{
	struct peer *ana = start("ana");
	const json_t *rooms, *room;
	json_t *messages;
	bool found = false;
	size_t i;

	say_ok(ana, "first");
	ck_assert(event_is(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd",
			       "join", "room", "#tea"),
	    "ok"));
	say_ok(ana, "second");
	quit(ana);
	ana = start_with("ana", "--port", "0");
	ck_assert_str_eq(event_text(peer_last(ana, "ready")->event, "nick"),
	    "ana");
	messages = history(ana);
	ck_assert_uint_eq(json_array_size(messages), 2);
	ck_assert_str_eq(event_text(json_array_get(messages, 0), "text"),
	    "first");
	ck_assert_str_eq(event_text(json_array_get(messages, 0), "nick"),
	    "ana");
	/* Nothing is replayed. */
	ck_assert_uint_eq(peer_count_messages(ana), 0);
	rooms = json_object_get(
	    peer_ask(&crowd, ana, SOON_MS, "{s:s}", "cmd", "rooms"), "rooms");
	json_array_foreach(rooms, i, room)
		found = found ||
		    (strcmp(event_text(room, "room"), "#tea") == 0 &&
			json_is_true(json_object_get(room, "joined")));
	ck_assert(found);
}
END_TEST

START_TEST(what_was_said_while_one_was_away_comes_even_after_two_restarts)
{
	struct peer *ana = start("ana"), *bob = start("bob");

	await_sight(ana, bob);
	say_ok(ana, "both here");
	await_text(bob, "both here");
	quit(bob);
	say_ok(ana, "bob away");
	kill_hard(ana);
	ana = start("ana");
	say_ok(ana, "bob still away");
	bob = start("bob");
	await_text(bob, "bob away");
	await_text(bob, "bob still away");
	ck_assert_uint_eq(peer_count_text(bob, "both here"), 0);
	await_same_history(ana, bob);
	ck_assert_uint_eq(times_in(history(bob), "both here"), 1);
}
END_TEST

START_TEST(a_third_hands_over_what_an_absent_author_said)
{
	struct peer *ana = start("ana"), *bob = start("bob"),
		    *eve = start("eve");
	json_t *messages;
	size_t last;

	await_sight(ana, bob);
	await_sight(ana, eve);
	say_ok(ana, "all here");
	await_text(bob, "all here");
	await_text(eve, "all here");
	quit(bob);
	say_ok(ana, "without bob");
	await_text(eve, "without bob");
	quit(ana);
	quit(eve);
	eve = start("eve");
	bob = start("bob");
	await_text(bob, "without bob");
	/* And its name is known though it is not here. */
	messages = history(eve);
	last = json_array_size(messages) - 1;
	ck_assert_str_eq(event_text(json_array_get(messages, last), "nick"),
	    "ana");
}
END_TEST

/* -- sudden ends -------------------------------------------------------- */

/*
 * Kills come in batches, each in a room of its own: what a room keeps and
 * what one answer gives have their limits.
 */
enum { BATCH = 50, BATCH_ROOM = 24, MAYBE_STARTING = 4, STARTING_MS = 120 };

struct texts {
	char **items;
	size_t count, cap;
};

static void
add_text(struct texts *texts, const char *text)
{
	MEM_GROW(texts->items, texts->count, texts->cap);
	texts->items[texts->count++] = mem_text(text);
}

static void
free_texts(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct texts){ 0 };
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort_texts(struct texts *texts)
{
	if (texts->count > 0)
		qsort(texts->items, texts->count, sizeof *texts->items,
		    compare_texts);
}

static size_t
times_among(const struct texts *texts, const char *text)
{
	size_t low = 0, high = texts->count, count = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(texts->items[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + count < texts->count &&
	    strcmp(texts->items[low + count], text) == 0)
		count++;
	return count;
}

static void
join(struct peer *peer, const char *room)
{
	ck_assert(event_is(peer_ask(&crowd, peer, SOON_MS, "{s:s, s:s}", "cmd",
			       "join", "room", room),
	    "ok"));
}

/*
 * Talks without waiting until so many are answered, and is killed then;
 * adds what was answered.
 */
static void
talk_until_killed(struct peer *ana, const char *room, int run,
    unsigned answers, struct texts *said)
{
	size_t first = ana->count;
	unsigned acknowledged = 0;
	char text[TEXT_SIZE];
	double end_ms = peer_now_ms() + PATIENCE_MS;
	int number = 0;

	while (acknowledged < answers && peer_now_ms() < end_ms) {
		snprintf(text, sizeof text, "run %d number %d", run, number);
		peer_send(ana, "{s:s, s:s, s:s, s:s}", "cmd", "say", "room",
		    room, "text", text, "tag", text);
		number++;
		crowd_pump(&crowd, 0);
		acknowledged = 0;
		for (size_t i = first; i < ana->count; i++)
			acknowledged += event_is(ana->events[i].event, "ok");
	}
	kill_hard(ana);
	for (size_t i = first; i < ana->count; i++)
		if (event_is(ana->events[i].event, "ok"))
			add_text(said, event_text(ana->events[i].event, "tag"));
}

static bool
is_over(struct crowd *all, void *argument)
{
	const double *end_ms = argument;

	(void)all;
	return peer_now_ms() >= *end_ms;
}

/* Killed while it opens its database, finds others and catches up. */
static void
start_and_kill(unsigned after_ms)
{
	const char *arguments[] = { "--profile", "ana", "--nick", "ana",
		NULL };
	struct peer *ana = peer_start(&crowd, NULL, arguments);
	double end_ms = peer_now_ms() + after_ms;

	crowd_await(&crowd, PATIENCE_MS, is_over, &end_ms);
	kill_hard(ana);
}

/* All messages of the room that this one has shown, or that it keeps. */
static struct texts
shown_by(const struct peer *peer, const char *room)
{
	struct texts texts = { 0 };

	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;

		if (event_is(event, "message") &&
		    strcmp(event_text(event, "room"), room) == 0)
			add_text(&texts, event_text(event, "text"));
	}
	sort_texts(&texts);
	return texts;
}

static struct texts
kept_by(struct peer *peer, const char *room)
{
	const json_t *messages = history_of(peer, room), *message;
	struct texts texts = { 0 };
	size_t i;

	json_array_foreach(messages, i, message)
		add_text(&texts, event_text(message, "text"));
	sort_texts(&texts);
	return texts;
}

static void
check_once_in(struct texts texts, const struct texts *said, const char *where)
{
	for (size_t i = 0; i < said->count; i++)
		ck_assert_msg(times_among(&texts, said->items[i]) == 1,
		    "\"%s\" is %zu times %s", said->items[i],
		    times_among(&texts, said->items[i]), where);
	free_texts(&texts);
}

/* Returns how many messages were answered. */
static size_t
kill_a_batch(struct peer *bob, int first, int kills, struct rng *rng)
{
	struct texts said = { 0 };
	struct peer *ana = start("ana");
	char room[BATCH_ROOM], hello[TEXT_SIZE];
	size_t count;

	snprintf(room, sizeof room, "#from-%d", first);
	snprintf(hello, sizeof hello, "hello %s", room);
	join(bob, room);
	join(ana, room);
	await_sight(bob, ana);
	/*
	 * Whoever has nothing of a room yet is a late joiner and is given
	 * its end alone; so the first word comes before the first kill.
	 */
	ck_assert(event_is(say_in(ana, room, hello), "ok"));
	await_text(bob, hello);
	kill_hard(ana);
	for (int run = first; run < first + kills; run++) {
		size_t mark = crowd.count;

		if (rng_below(rng, MAYBE_STARTING) == 0)
			start_and_kill((unsigned)rng_below(rng, STARTING_MS));
		ana = start("ana");
		/* With company and without. */
		if (run % 2 == 0)
			await_sight(bob, ana);
		talk_until_killed(ana, room, run,
		    1 + (unsigned)rng_below(rng, 90), &said);
		crowd_forget(&crowd, mark);
	}
	ana = start("ana");
	await_sight(bob, ana);
	await_same_history_of(ana, bob, room);
	check_once_in(kept_by(ana, room), &said, "at its author");
	check_once_in(kept_by(bob, room), &said, "at the other");
	check_once_in(shown_by(bob, room), &said, "shown by the other");
	ck_assert_int_eq(counter(bob, "rejected"), 0);
	quit(ana);
	count = said.count;
	free_texts(&said);
	return count;
}

START_TEST(a_talker_killed_at_any_instant_loses_nothing_that_was_answered)
{
	const char *asked = getenv("RESTART_KILLS");
	const char *seeded = getenv("SEED");
	int kills = asked == NULL ? KILLS : atoi(asked);
	uint64_t seed = seeded == NULL ? 1 : strtoull(seeded, NULL, 10);
	struct peer *bob = start("bob");
	size_t count = 0, mark = crowd.count;
	struct rng rng;

	ck_assert_int_gt(kills, 0);
	rng = rng_seeded(seed);
	for (int run = 0; run < kills; run += BATCH) {
		count += kill_a_batch(bob, run,
		    kills - run < BATCH ? kills - run : BATCH, &rng);
		crowd_forget(&crowd, mark);
	}
	printf("restart: seed %llu, %d kills, %zu messages answered, all at "
	       "both\n",
	    (unsigned long long)seed, kills, count);
}
END_TEST

/* -- copies ------------------------------------------------------------ */

static void
say_three(struct peer *ana, const char *when)
{
	char text[TEXT_SIZE];

	for (int i = 1; i <= 3; i++) {
		snprintf(text, sizeof text, "%s %d", when, i);
		say_ok(ana, text);
	}
}

static void
check_three(const json_t *messages, const char *when)
{
	char text[TEXT_SIZE];

	for (int i = 1; i <= 3; i++) {
		snprintf(text, sizeof text, "%s %d", when, i);
		ck_assert_msg(times_in(messages, text) == 1,
		    "\"%s\" is there %zu times", text,
		    times_in(messages, text));
	}
}

/* Brought back after the second day; what does the third one bring? */
static void
go_back(const char *copied)
{
	struct peer *bob = start("bob"), *ana = start("ana");

	await_sight(ana, bob);
	say_three(ana, "day one");
	quit(ana);
	shell("mkdir %s/copy && cp %s/dchat/ana/%s %s/copy", state, state,
	    copied, state);
	ana = start("ana");
	await_sight(ana, bob);
	say_three(ana, "day two");
	await_text(bob, "day two 3");
	quit(ana);
	shell("rm -f %s/dchat/ana/history.db* && cp %s/copy/* "
	      "%s/dchat/ana",
	    state, state, state);
	ana = start("ana");
	await_text(ana, "day two 3");
	say_three(ana, "day three");
	await_text(bob, "day three 3");
	await_same_history(ana, bob);
	check_three(history(ana), "day one");
	check_three(history(ana), "day two");
	check_three(history(ana), "day three");
	ck_assert_int_eq(counter(bob, "rejected"), 0);
	ck_assert_int_eq(counter(ana, "rejected"), 0);
	quit(ana);
	ana = start("ana");
	await_sight(ana, bob);
	say_three(ana, "day four");
	await_text(bob, "day four 3");
	await_same_history(ana, bob);
}

START_TEST(a_database_from_yesterday_is_filled_up_and_nothing_clashes)
{
	go_back("history.db");
}
END_TEST

START_TEST(so_is_a_whole_profile_from_yesterday)
{
	go_back("*");
}
END_TEST

START_TEST(a_key_without_its_database_gets_all_back_from_the_others)
{
	struct peer *bob = start("bob"), *ana = start("ana");

	await_sight(ana, bob);
	say_three(ana, "day one");
	await_text(bob, "day one 3");
	quit(ana);
	shell("rm -f %s/dchat/ana/history.db*", state);
	ana = start("ana");
	await_text(ana, "day one 3");
	say_three(ana, "day two");
	await_text(bob, "day two 3");
	await_same_history(ana, bob);
	check_three(history(bob), "day one");
	check_three(history(ana), "day two");
	ck_assert_int_eq(counter(bob, "rejected"), 0);
}
END_TEST

/*
 * A disk that said "written" and did not: the end of the log is cut off, in
 * the middle of a page as well, or was never more than zeros.
 */
START_TEST(a_log_that_lost_its_end_is_filled_up_by_the_others)
{
	struct rng rng = rng_seeded(5);
	struct peer *bob = start("bob"), *ana = start("ana");
	char day[TEXT_SIZE / 2], last[TEXT_SIZE], path[PATH_SIZE + 64];
	struct stat log;

	await_sight(ana, bob);
	snprintf(path, sizeof path, "%s/dchat/ana/history.db-wal", state);
	for (int i = 0; i < LOST_ENDS; i++) {
		snprintf(day, sizeof day, "day %d", i);
		say_three(ana, day);
		snprintf(last, sizeof last, "day %d 3", i);
		await_text(bob, last);
		kill_hard(ana);
		if (stat(path, &log) == 0 && log.st_size > 0) {
			off_t kept = (off_t)rng_below(&rng,
			    (uint64_t)log.st_size);

			ck_assert_int_eq(truncate(path, kept), 0);
			if (i % 2 == 0)
				ck_assert_int_eq(truncate(path, log.st_size),
				    0);
		}
		ana = start("ana");
		await_sight(ana, bob);
		await_same_history(ana, bob);
		snprintf(day, sizeof day, "day %d", i);
		check_three(history(ana), day);
	}
	ck_assert_int_eq(counter(bob, "rejected"), 0);
}
END_TEST

/* -- disks ------------------------------------------------------------- */

START_TEST(a_full_disk_is_said_and_forgotten_when_there_is_room)
{
	struct peer *ana, *bob;
	json_t *answer;
	char text[PATH_SIZE + TEXT_SIZE];

	bob = start("bob");
	shell("mkdir %s/small && mount -t tmpfs -o size=2m tmpfs %s/small",
	    state, state);
	snprintf(text, sizeof text, "%s/small", state);
	setenv("XDG_STATE_HOME", text, 1);
	ana = start("ana");
	setenv("XDG_STATE_HOME", state, 1);
	await_sight(ana, bob);
	say_ok(ana, "there is room");
	await_text(bob, "there is room");
	shell("dd if=/dev/zero of=%s/small/filler bs=4k 2>/dev/null; true",
	    state);
	for (int i = 0;; i++) {
		ck_assert_int_lt(i, 1000);
		snprintf(text, sizeof text, "is there room %d", i);
		answer = say(ana, text);
		if (!event_is(answer, "ok"))
			break;
	}
	ck_assert_str_eq(event_text(answer, "code"), "disk_full");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "warning", "code",
	    "disk_full", SOON_MS));
	say_ok(bob, "what others say waits");
	shell("rm %s/small/filler", state);
	say_ok(ana, "room again");
	await_text(bob, "room again");
	await_text(ana, "what others say waits");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "warning", "code",
	    "disk_works", SOON_MS));
	ck_assert_uint_eq(peer_count_text(bob, text), 0);
	await_same_history(ana, bob);
	ck_assert_uint_eq(times_in(history(ana), text), 0);
	kill_hard(ana);
}
END_TEST

START_TEST(a_damaged_database_is_set_aside_and_filled_by_the_others)
{
	struct peer *bob = start("bob"), *ana = start("ana");
	char path[PATH_SIZE + 64];
	struct stat aside;

	await_sight(ana, bob);
	say_ok(ana, "mine");
	say_ok(bob, "yours");
	await_text(ana, "yours");
	await_text(bob, "mine");
	quit(ana);
	shell("dd if=/dev/urandom of=%s/dchat/ana/history.db bs=1k count=64 "
	      "conv=notrunc 2>/dev/null",
	    state);
	ana = start("ana");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "warning", "code",
	    "disk_damaged", SOON_MS));
	await_text(ana, "mine");
	await_text(ana, "yours");
	say_ok(ana, "as if nothing had been");
	await_text(bob, "as if nothing had been");
	await_same_history(ana, bob);
	snprintf(path, sizeof path, "%s/dchat/ana/history.db.corrupt-1",
	    state);
	ck_assert_int_eq(stat(path, &aside), 0);
}
END_TEST

/* Starts it where it must refuse; its words are left in `words`. */
static int
start_in_vain(char words[static 1024])
{
	char command[1024];
	FILE *pipe;
	size_t size;

	snprintf(command, sizeof command,
	    "%s --headless --profile ana 2>&1 </dev/null", peer_program());
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	size = fread(words, 1, 1023, pipe);
	words[size] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

START_TEST(a_newer_database_is_refused_in_words)
{
	struct peer *ana = start("ana");
	char words[1024];

	say_ok(ana, "kept");
	quit(ana);
	/* The user version stands at byte 60 of the file. */
	shell("printf '\\377' | dd of=%s/dchat/ana/history.db bs=1 seek=62 "
	      "conv=notrunc 2>/dev/null",
	    state);
	ck_assert_int_eq(start_in_vain(words), 1);
	ck_assert_msg(strstr(words, "newer dchat") != NULL, "%s", words);
	shell("printf '\\000' | dd of=%s/dchat/ana/history.db bs=1 seek=62 "
	      "conv=notrunc 2>/dev/null",
	    state);
	ck_assert_uint_eq(times_in(history(start("ana")), "kept"), 1);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_said)
{
	char words[1024];

	shell("mkdir %s/small && mount -t tmpfs tmpfs %s/small", state, state);
	setenv("XDG_STATE_HOME", strcat(strcpy(words, state), "/small"), 1);
	quit(start("ana"));
	shell("mount -o remount,ro %s/small", state);
	ck_assert_int_eq(start_in_vain(words), 1);
	ck_assert_msg(strstr(words, "ead-only") != NULL, "%s", words);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("restart");
	TCase *tests = tcase_create("restart");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(tests, 600);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, rooms_nick_and_history_are_there_the_next_day);
	tcase_add_test(tests,
	    what_was_said_while_one_was_away_comes_even_after_two_restarts);
	tcase_add_test(tests, a_third_hands_over_what_an_absent_author_said);
	tcase_add_test(tests,
	    a_talker_killed_at_any_instant_loses_nothing_that_was_answered);
	tcase_add_test(tests,
	    a_database_from_yesterday_is_filled_up_and_nothing_clashes);
	tcase_add_test(tests, so_is_a_whole_profile_from_yesterday);
	tcase_add_test(tests,
	    a_key_without_its_database_gets_all_back_from_the_others);
	tcase_add_test(tests,
	    a_log_that_lost_its_end_is_filled_up_by_the_others);
	tcase_add_test(tests,
	    a_full_disk_is_said_and_forgotten_when_there_is_room);
	tcase_add_test(tests,
	    a_damaged_database_is_set_aside_and_filled_by_the_others);
	tcase_add_test(tests, a_newer_database_is_refused_in_words);
	tcase_add_test(tests, a_folder_that_cannot_be_written_is_said);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
