/*
 * store and the past: what a start finds of the runs before, and which
 * databases it refuses or sets aside.
 */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "tests/unit/store_fixture.h"

static void
set_up(void)
{
	fixture_make_folder();
}

static void
tear_down(void)
{
	fixture_close();
	fixture_remove_folder();
}

static void
open_run(uint64_t start, uint64_t epoch)
{
	ck_assert_msg(fixture_open(fixture_path(), start, epoch), "%s",
	    fixture_problem);
}

static void
open_again(uint64_t start, uint64_t epoch)
{
	fixture_close();
	open_run(start, epoch);
}

/* What is known of a fixture's author; NULL: nothing. */
static const struct vector_entry *
entry_of(unsigned author)
{
	const struct past_room *room = &store_past(store)->node.rooms[0];
	struct stream stream = fixture_stream(author);

	for (size_t i = 0; i < room->entry_count; i++)
		if (stream_compare(&room->entries[i].stream, &stream) == 0)
			return &room->entries[i];
	return NULL;
}

/* -- epochs ------------------------------------------------------------ */

START_TEST(the_epoch_goes_on_when_this_run_follows_the_last_one)
{
	open_run(1, 11);
	ck_assert_uint_eq(store_past(store)->epoch, 11);
	ck_assert(!store_past(store)->node.epoch_restored);
	open_again(2, 22);
	ck_assert_uint_eq(store_past(store)->epoch, 11);
	ck_assert(store_past(store)->node.epoch_restored);
	open_again(3, 33);
	ck_assert_uint_eq(store_past(store)->epoch, 11);
}
END_TEST

START_TEST(a_database_of_yesterday_gets_a_new_epoch)
{
	open_run(1, 11);
	open_again(2, 22);
	/* Run 3 was with another copy. */
	open_again(4, 44);
	ck_assert_uint_eq(store_past(store)->epoch, 44);
	ck_assert(!store_past(store)->node.epoch_restored);
	open_again(5, 55);
	ck_assert_uint_eq(store_past(store)->epoch, 44);
	/* The counter itself is from yesterday. */
	open_again(2, 66);
	ck_assert_uint_eq(store_past(store)->epoch, 66);
}
END_TEST

START_TEST(an_epoch_that_was_left_is_not_taken_up_again)
{
	open_run(1, 11);
	store_keep_epoch(store, 99);
	open_again(2, 22);
	ck_assert_uint_eq(store_past(store)->epoch, 99);
}
END_TEST

/* -- rooms ------------------------------------------------------------- */

START_TEST(rooms_come_back_as_they_were_left)
{
	const struct id other = { { 8 } };
	const struct node_past *past;

	open_run(1, 1);
	store_keep_room(store, &fixture_room, "#lobby", true);
	store_keep_room(store, &other, "#away", true);
	store_keep_room(store, &other, "#away", false);
	open_again(2, 1);
	past = &store_past(store)->node;
	ck_assert_uint_eq(past->room_count, 2);
	ck_assert(id_equal(&past->rooms[0].id, &fixture_room));
	ck_assert_str_eq(past->rooms[0].name, "#lobby");
	ck_assert(past->rooms[0].joined);
	ck_assert_str_eq(past->rooms[1].name, "#away");
	ck_assert(!past->rooms[1].joined);
}
END_TEST

START_TEST(clocks_come_back_with_bases_and_holes)
{
	struct dependency base = { fixture_stream(2), 50 };
	const struct vector_entry *entry;

	open_run(1, 1);
	store_keep_bases(store, &fixture_room, &base, 1);
	for (unsigned seq = 1; seq <= 9; seq++)
		if (seq != 4 && seq != 5)
			fixture_put(1, seq, seq, 1, 10);
	fixture_put(2, 51, 10, 1, 10);
	base.stream = fixture_stream(3);
	store_keep_bases(store, &fixture_room, &base, 1);
	open_again(2, 1);
	entry = entry_of(1);
	ck_assert_ptr_nonnull(entry);
	ck_assert_uint_eq(entry->base, 0);
	ck_assert_uint_eq(entry->top, 9);
	ck_assert_uint_eq(entry->hole_count, 1);
	ck_assert_uint_eq(entry->holes[0].first, 4);
	ck_assert_uint_eq(entry->holes[0].last, 5);
	entry = entry_of(2);
	ck_assert_ptr_nonnull(entry);
	ck_assert_uint_eq(entry->base, 50);
	ck_assert_uint_eq(entry->top, 51);
	ck_assert_uint_eq(entry->hole_count, 0);
	entry = entry_of(3);
	ck_assert_ptr_nonnull(entry);
	ck_assert_uint_eq(entry->base, 50);
	ck_assert_uint_eq(entry->top, 50);
	/* A hole is filled in the next run. */
	fixture_put(1, 4, 4, 1, 10);
	open_again(3, 1);
	ck_assert_uint_eq(entry_of(1)->holes[0].first, 5);
	ck_assert_uint_eq(store_past(store)->node.hlc, fixture_hlc(10));
}
END_TEST

START_TEST(heads_are_what_nothing_held_depends_on)
{
	struct dependency cause = { fixture_stream(1), 2 };
	const uint8_t body[] = { 'x' };
	const struct message said = { KIND_TEXT, "", "" };
	struct bundle bundle = {
		.room = fixture_room,
		.stream = fixture_stream(2),
		.seq = 1,
		.hlc = fixture_hlc(30),
		.dependencies = &cause,
		.dependency_count = 1,
		.messages = &said,
		.message_count = 1,
		.hash = { { 99 } },
		.sealed = { .body = body, .size = sizeof body },
	};
	const struct past_room *room;

	open_run(1, 1);
	fixture_put(1, 1, 10, 1, 10);
	fixture_put(1, 2, 20, 1, 10);
	fixture_put(3, 1, 25, 1, 10);
	store_put(store, &bundle);
	open_again(2, 1);
	room = &store_past(store)->node.rooms[0];
	ck_assert_uint_eq(room->head_count, 2);
	ck_assert_uint_eq(room->heads[0].stream.author.bytes[0], 2);
	ck_assert_uint_eq(room->heads[1].stream.author.bytes[0], 3);
	ck_assert(room->shown);
	ck_assert_uint_eq(room->shown_last.hlc, fixture_hlc(30));
}
END_TEST

START_TEST(what_others_said_since_it_was_read_is_unread)
{
	open_run(1, 1);
	fixture_put(1, 1, 10, 3, 10);
	store_keep_read(store, &fixture_room);
	fixture_put(1, 2, 20, 2, 10);
	fixture_put_own(1, 1, 30, 5);
	fixture_put(1, 3, 40, 0, 10);
	open_again(2, 1);
	ck_assert_uint_eq(store_past(store)->node.rooms[0].unread, 2);
	store_keep_read(store, &fixture_room);
	open_again(3, 1);
	ck_assert_uint_eq(store_past(store)->node.rooms[0].unread, 0);
}
END_TEST

START_TEST(facts_come_back_and_are_forgotten)
{
	const struct store_past *past;
	struct store_fact facts[] = {
		{ FACT_ADDRESS, "b", 1, "two", 3, { { 0 } } },
		{ FACT_ADDRESS, "a", 1, "one", 3, { { 0 } } },
		{ FACT_RECORD, "z", 1, "rec", 3, { { 0 } } },
	};

	open_run(1, 1);
	store_keep(store, facts, 3, 0);
	open_again(2, 1);
	past = store_past(store);
	ck_assert_uint_eq(past->fact_count, 3);
	ck_assert_int_eq(past->facts[0].kind, FACT_RECORD);
	ck_assert_mem_eq(past->facts[1].value, "one", 3);
	ck_assert_mem_eq(past->facts[2].key, "b", 1);
	facts[0].value_size = 0;
	facts[1].value = "uno";
	store_keep(store, facts, 2, 0);
	open_again(3, 1);
	past = store_past(store);
	ck_assert_uint_eq(past->fact_count, 2);
	ck_assert_mem_eq(past->facts[1].value, "uno", 3);
}
END_TEST

/* As host/remember has it: room, epoch, number; hash, and then some. */
static struct store_fact
receipt_fact(uint8_t key[static ID_BYTES + 16], uint64_t seq,
    const uint8_t value[static ID_BYTES + 4])
{
	memcpy(key, fixture_room.bytes, ID_BYTES);
	bytes_put_u64(key + ID_BYTES, 1);
	bytes_put_u64(key + ID_BYTES + 8, seq);
	return (struct store_fact){
		.kind = FACT_RECEIPT,
		.key = key,
		.key_size = ID_BYTES + 16,
		.value = value,
		.value_size = ID_BYTES + 4,
	};
}

START_TEST(a_receipt_whose_hash_was_not_noted_has_it_after_a_kill)
{
	static const uint8_t none[ID_BYTES + 4] = { 0 };
	static const uint8_t noted[ID_BYTES + 4] = { 1 };
	uint8_t keys[3][ID_BYTES + 16];
	struct store_fact facts[] = {
		receipt_fact(keys[0], 1, none),
		receipt_fact(keys[1], 2, noted),
		receipt_fact(keys[2], 3, none),
	};
	const struct store_past *past;
	struct id hash;
	size_t index;
	char name[MSG_TEXT];

	open_run(1, 1);
	store_keep(store, facts, 3, 0);
	fixture_put_own(1, 1, 1, 1);
	fixture_put_own(1, 2, 2, 1);
	open_again(2, 1);
	past = store_past(store);
	ck_assert_uint_eq(past->fact_count, 3);
	fixture_name(1, 1, 0, name);
	ck_assert(message_parse(name, &hash, &index));
	ck_assert(id_equal(&past->facts[0].hash, &hash));
	ck_assert(id_is_none(&past->facts[1].hash));
	/* The last one was never published. */
	ck_assert(id_is_none(&past->facts[2].hash));
}
END_TEST

START_TEST(another_network_sees_nothing_of_it)
{
	struct store_options options = {
		.path = fixture_path(),
		.network = { 'o' },
		.start = 2,
		.epoch = 5,
	};
	const struct store_fact fact = {
		.kind = FACT_NICK,
		.value = "ana",
		.value_size = 3,
	};
	struct store *other;

	open_run(1, 1);
	store_keep(store, &fact, 1, 0);
	fixture_put(1, 1, 10, 3, 10);
	fixture_close();
	other = store_open(&options, fixture_problem);
	ck_assert_ptr_nonnull(other);
	ck_assert_uint_eq(store_past(other)->node.room_count, 0);
	ck_assert_uint_eq(store_past(other)->fact_count, 0);
	/* The streams are one person's, in whatever network. */
	ck_assert_uint_eq(store_past(other)->epoch, 1);
	store_close(other);
	open_run(3, 1);
	ck_assert_uint_eq(store_past(store)->node.room_count, 1);
}
END_TEST

/* -- databases that are not taken --------------------------------------- */

static void
change(const char *text)
{
	sqlite3 *sql;

	ck_assert_int_eq(sqlite3_open(fixture_path(), &sql), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(sql, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(sql);
}

static int
user_version(void)
{
	sqlite3 *sql;
	sqlite3_stmt *s;
	int version;

	ck_assert_int_eq(sqlite3_open(fixture_path(), &sql), SQLITE_OK);
	sqlite3_prepare_v2(sql, "PRAGMA user_version", -1, &s, NULL);
	ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW);
	version = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(sql);
	return version;
}

START_TEST(a_newer_database_is_refused_and_left_alone)
{
	char text[64];
	int version;

	open_run(1, 1);
	fixture_put(1, 1, 10, 1, 10);
	fixture_close();
	version = user_version();
	change("PRAGMA user_version = 1000");
	ck_assert(!fixture_open(fixture_path(), 2, 1));
	ck_assert_ptr_nonnull(strstr(fixture_problem, "newer dchat"));
	snprintf(text, sizeof text, "PRAGMA user_version = %d", version);
	change(text);
	open_run(2, 1);
	ck_assert_uint_eq(store_past(store)->node.room_count, 1);
}
END_TEST

START_TEST(the_database_of_another_program_is_refused)
{
	change("CREATE TABLE recipes(name)");
	ck_assert(!fixture_open(fixture_path(), 1, 1));
	ck_assert_ptr_nonnull(strstr(fixture_problem, "another program"));
	change("DROP TABLE recipes; PRAGMA application_id = 4711");
	ck_assert(!fixture_open(fixture_path(), 1, 1));
	ck_assert_ptr_nonnull(strstr(fixture_problem, "another program"));
}
END_TEST

static void
overwrite(long from, const char *with, size_t times)
{
	FILE *file = fopen(fixture_path(), "r+");

	ck_assert_ptr_nonnull(file);
	fseek(file, from, SEEK_SET);
	for (size_t i = 0; i < times; i++)
		fputs(with, file);
	fclose(file);
}

static bool
is_aside(int number)
{
	char path[300];

	snprintf(path, sizeof path, "%s.corrupt-%d", fixture_path(), number);
	return access(path, F_OK) == 0;
}

static void
await_trouble(const char *code)
{
	fixture_settle();
	ck_assert_uint_eq(answers.troubles, 1);
	ck_assert_str_eq(answers.code, code);
	ck_assert_ptr_nonnull(strstr(answers.sentence, "corrupt-"));
}

START_TEST(a_damaged_database_is_set_aside_and_told)
{
	open_run(1, 1);
	fixture_put(1, 1, 10, 1, 10);
	fixture_close();
	overwrite(0, "nonsense", 1000);
	open_run(2, 22);
	await_trouble("disk_damaged");
	ck_assert(is_aside(1));
	ck_assert_uint_eq(store_past(store)->node.room_count, 0);
	ck_assert_uint_eq(store_past(store)->epoch, 22);
	fixture_put(1, 1, 10, 1, 10);
	fixture_close();
	overwrite(100, "rubbish!", 500);
	open_run(3, 33);
	await_trouble("disk_damaged");
	ck_assert(is_aside(2));
}
END_TEST

START_TEST(damage_found_while_running_is_told_and_set_aside_at_the_next_start)
{
	long size = 4096;

	open_run(1, 1);
	for (unsigned seq = 1; seq <= 500; seq++)
		fixture_put(1, seq, seq, 1, 1000);
	fixture_close();
	/* All but the first pages, which a start reads. */
	overwrite(20 * size, "rubbish!", 100000);
	open_run(2, 1);
	store_history(store, 1, &fixture_room, NULL, STORE_ABOVE, 400);
	while (answers.lines == 0)
		store_run(store);
	ck_assert_int_eq(answers.line_error, ERROR_DISK);
	ck_assert_str_eq(answers.code, "disk_damaged");
	fixture_put_own(1, 1, 600, 1);
	fixture_await_answers(1);
	ck_assert_uint_eq(answers.refused, 1);
	open_again(3, 33);
	await_trouble("disk_damaged");
	ck_assert(is_aside(1));
	ck_assert_uint_eq(store_past(store)->epoch, 33);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_a_sentence)
{
	char path[FIXTURE_PATH];

	snprintf(path, sizeof path, "%.200s/gone/history.db", fixture_path());
	ck_assert(!fixture_open(path, 1, 1));
	ck_assert_ptr_nonnull(strstr(fixture_problem, "cannot be opened"));
}
END_TEST

/* -- killed ------------------------------------------------------------ */

/* Puts its own for ever and writes each number once it is kept. */
static void
talk(int out, uint64_t start)
{
	const struct vector_entry *entries;
	uint64_t seq = 0, written = 0;

	open_run(start, 1);
	if (store_past(store)->node.room_count > 0) {
		entries = store_past(store)->node.rooms[0].entries;
		seq = entries[0].top;
	}
	written = seq;
	for (;;) {
		unsigned before = answers.kept;

		fixture_put_own(1, seq + 1, seq + 1, 1);
		fixture_put_own(1, seq + 2, seq + 2, 1);
		seq += 2;
		fixture_await_answers(before + 1);
		while (written < seq && before < answers.kept) {
			before++;
			written++;
			(void)!write(out, &written, sizeof written);
		}
	}
}

START_TEST(what_was_answered_is_there_after_a_kill_at_any_instant)
{
	uint64_t told = 0, number;

	for (uint64_t run = 1; run <= 20; run++) {
		const struct vector_entry *entry;
		unsigned wanted = 1 + (unsigned)run * 7 % 40;
		int ends[2];
		pid_t child;

		ck_assert_int_eq(pipe(ends), 0);
		child = fork();
		if (child == 0) {
			close(ends[0]);
			talk(ends[1], 2 * run - 1);
		}
		close(ends[1]);
		for (unsigned i = 0; i < wanted; i++)
			ck_assert_int_eq(read(ends[0], &told, sizeof told),
			    sizeof told);
		kill(child, SIGKILL);
		while (read(ends[0], &number, sizeof number) ==
		    sizeof number)
			told = number;
		close(ends[0]);
		waitpid(child, NULL, 0);
		open_run(2 * run, 1);
		ck_assert_uint_eq(store_past(store)->epoch, 1);
		entry = &store_past(store)->node.rooms[0].entries[0];
		ck_assert_uint_ge(entry->top, told);
		ck_assert_uint_eq(entry->hole_count, 0);
		fixture_close();
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("past");
	TCase *tests = tcase_create("past");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests,
	    the_epoch_goes_on_when_this_run_follows_the_last_one);
	tcase_add_test(tests, a_database_of_yesterday_gets_a_new_epoch);
	tcase_add_test(tests, an_epoch_that_was_left_is_not_taken_up_again);
	tcase_add_test(tests, rooms_come_back_as_they_were_left);
	tcase_add_test(tests, clocks_come_back_with_bases_and_holes);
	tcase_add_test(tests, heads_are_what_nothing_held_depends_on);
	tcase_add_test(tests, what_others_said_since_it_was_read_is_unread);
	tcase_add_test(tests, facts_come_back_and_are_forgotten);
	tcase_add_test(tests,
	    a_receipt_whose_hash_was_not_noted_has_it_after_a_kill);
	tcase_add_test(tests, another_network_sees_nothing_of_it);
	tcase_add_test(tests, a_newer_database_is_refused_and_left_alone);
	tcase_add_test(tests, the_database_of_another_program_is_refused);
	tcase_add_test(tests, a_damaged_database_is_set_aside_and_told);
	tcase_add_test(tests,
	    damage_found_while_running_is_told_and_set_aside_at_the_next_start);
	tcase_add_test(tests, a_folder_that_is_not_there_is_a_sentence);
	tcase_add_test(tests,
	    what_was_answered_is_there_after_a_kill_at_any_instant);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
