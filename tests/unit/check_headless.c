/*
 * host/headless_json, headless_lines and headless_output: the contract with
 * scripts, line by line.
 */
#include <check.h>
#include <event2/event.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "host/headless_json.h"
#include "host/headless_lines.h"
#include "host/headless_output.h"
#include "tests/support/loop.h"

/* -- lines to commands --------------------------------------------------- */

static struct headless_line line;

static void
parse(const char *text)
{
	headless_parse(&line, text, strlen(text));
}

static void
done(void)
{
	headless_line_free(&line);
}

START_TEST(every_command_is_understood)
{
	char text[128];

	for (int i = DCHAT_SAY; i <= DCHAT_QUIT; i++) {
		snprintf(text, sizeof text,
		    "{\"cmd\":\"%s\",\"room\":\"#a\","
		    "\"text\":\"t\",\"address\":\"h:1\",\"tag\":\"x\","
		    "\"to\":\"b\",\"nick\":\"n\",\"msg\":\"m\"}",
		    dchat_verb_name((enum dchat_verb)i));
		parse(text);
		ck_assert_int_eq(line.error, ERROR_NONE);
		ck_assert_int_eq(line.command.verb, i);
		ck_assert_str_eq(line.tag, "x");
		done();
	}
}
END_TEST

START_TEST(members_of_a_command_arrive)
{
	parse(" {\"cmd\":\"say\",\"room\":\"#a\",\"text\":\"\\u00e4\\n\","
	      "\"kind\":\"action\",\"later\":{\"x\":[]}}\r");
	ck_assert_int_eq(line.error, ERROR_NONE);
	ck_assert_str_eq(line.command.room, "#a");
	ck_assert_str_eq(line.command.text, "\xc3\xa4\n");
	ck_assert_int_eq(line.command.kind, KIND_ACTION);
	ck_assert_ptr_null(line.tag);
	done();
	parse("{\"cmd\":\"history\",\"room\":\"#a\",\"limit\":10000,"
	      "\"before\":\"m\"}");
	ck_assert_int_eq(line.error, ERROR_NONE);
	ck_assert_uint_eq(line.command.limit, 10000);
	ck_assert_str_eq(line.command.before, "m");
	done();
}
END_TEST

/* JSON knows no largest number, and none that is not a fraction. */
START_TEST(numbers_are_numbers_however_they_are_written)
{
	parse("{\"cmd\":\"history\",\"room\":\"#a\",\"limit\":5,"
	      "\"other\":18446744073709551616}");
	ck_assert_int_eq(line.error, ERROR_NONE);
	ck_assert_uint_eq(line.command.limit, 5);
	done();
	parse("{\"cmd\":\"history\",\"room\":\"#a\",\"limit\":1e2}");
	ck_assert_int_eq(line.error, ERROR_NONE);
	ck_assert_uint_eq(line.command.limit, 100);
	done();
}
END_TEST

static const struct wrong {
	const char *text;
	enum error error;
	const char *cmd, *tag;
} wrong[] = {
	{ "", ERROR_BAD_JSON, NULL, NULL },
	{ "hello", ERROR_BAD_JSON, NULL, NULL },
	{ "{", ERROR_BAD_JSON, NULL, NULL },
	{ "[]", ERROR_BAD_JSON, NULL, NULL },
	{ "null", ERROR_BAD_JSON, NULL, NULL },
	{ "{} {}", ERROR_BAD_JSON, NULL, NULL },
	{ "{\"cmd\":\"rooms\",\"cmd\":\"quit\"}", ERROR_BAD_JSON, NULL, NULL },
	{ "{\"cmd\":\"say\",\"text\":\"\xff\"}", ERROR_BAD_JSON, NULL, NULL },
	{ "{\"cmd\":\"say\",\"room\":\"#a\",\"text\":\"\\u0000\"}",
	    ERROR_BAD_ARGUMENT, "say", NULL },
	{ "{}", ERROR_BAD_ARGUMENT, NULL, NULL },
	{ "{\"cmd\":7,\"tag\":\"t\"}", ERROR_BAD_ARGUMENT, NULL, "t" },
	{ "{\"cmd\":\"rooms\",\"tag\":7}", ERROR_BAD_ARGUMENT, "rooms", NULL },
	{ "{\"cmd\":\"Rooms\"}", ERROR_UNKNOWN_COMMAND, "Rooms", NULL },
	{ "{\"cmd\":\"dm\",\"tag\":\"t\"}", ERROR_BAD_ARGUMENT, "dm", "t" },
	{ "{\"cmd\":\"nick\"}", ERROR_BAD_ARGUMENT, "nick", NULL },
	{ "{\"cmd\":\"away\",\"text\":7}", ERROR_BAD_ARGUMENT, "away", NULL },
	{ "{\"cmd\":\"topic\",\"room\":\"#a\"}", ERROR_BAD_ARGUMENT,
	    "topic", NULL },
	{ "{\"cmd\":\"fly\",\"tag\":\"t\"}", ERROR_UNKNOWN_COMMAND, "fly",
	    "t" },
	{ "{\"cmd\":\"say\",\"room\":\"#a\",\"tag\":\"t\"}", ERROR_BAD_ARGUMENT,
	    "say", "t" },
	{ "{\"cmd\":\"say\",\"room\":null,\"text\":\"x\"}", ERROR_BAD_ARGUMENT,
	    "say", NULL },
	{ "{\"cmd\":\"say\",\"room\":\"#a\",\"text\":\"x\","
	  "\"kind\":\"edit\"}",
	    ERROR_BAD_ARGUMENT, "say", NULL },
	{ "{\"cmd\":\"join\"}", ERROR_BAD_ARGUMENT, "join", NULL },
	{ "{\"cmd\":\"connect\"}", ERROR_BAD_ARGUMENT, "connect", NULL },
	{ "{\"cmd\":\"history\",\"room\":\"#a\",\"limit\":0}",
	    ERROR_BAD_ARGUMENT, "history", NULL },
	{ "{\"cmd\":\"history\",\"room\":\"#a\",\"limit\":10001}",
	    ERROR_BAD_ARGUMENT, "history", NULL },
	{ "{\"cmd\":\"history\",\"room\":\"#a\",\"limit\":1.5}",
	    ERROR_BAD_ARGUMENT, "history", NULL },
	{ "{\"cmd\":\"history\",\"room\":\"#a\",\"tag\":\"t\","
	  "\"limit\":99999999999999999999}",
	    ERROR_BAD_ARGUMENT, "history", "t" },
	{ "{\"cmd\":\"say\",\"room\":\"#a\",\"text\":\"a\\u0000b\"}",
	    ERROR_BAD_ARGUMENT, "say", NULL },
	{ "{\"cmd\":\"history\",\"room\":\"#a\",\"before\":1}",
	    ERROR_BAD_ARGUMENT, "history", NULL },
};

START_TEST(what_is_no_command_is_an_error_with_its_tag)
{
	const struct wrong *bad = &wrong[_i];

	parse(bad->text);
	ck_assert_int_eq(line.error, bad->error);
	ck_assert_pstr_eq(line.cmd, bad->cmd);
	ck_assert_pstr_eq(line.tag, bad->tag);
	ck_assert_str_ne(line.problem, "");
	done();
}
END_TEST

START_TEST(a_deep_line_is_an_error_and_no_more)
{
	char *deep = malloc(200001);

	memset(deep, '[', 200000);
	deep[200000] = '\0';
	parse(deep);
	ck_assert_int_eq(line.error, ERROR_BAD_JSON);
	done();
	free(deep);
}
END_TEST

/* -- events to lines ----------------------------------------------------- */

static struct bytes printed;
static json_t *read_back;

static void
print(const struct dchat_event *event, const char *cmd, const char *tag)
{
	bytes_clear(&printed);
	json_decref(read_back);
	headless_format(&printed, event, cmd, tag);
	ck_assert_int_eq(printed.data[printed.size - 1], '\n');
	ck_assert_ptr_null(memchr(printed.data, '\n', printed.size - 1));
	read_back = json_loadb((const char *)printed.data, printed.size,
	    JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(read_back != NULL, "no JSON: %.*s", (int)printed.size,
	    (const char *)printed.data);
}

/* The value at this path is the JSON text. */
static void
expect(const char *path, const char *json)
{
	json_t *wanted = json_loads(json, JSON_DECODE_ANY, NULL);
	const json_t *at = json_object_get(read_back, path);

	ck_assert_msg(json_equal(at, wanted), "%s is not %s in %.*s", path,
	    json, (int)printed.size, (const char *)printed.data);
	json_decref(wanted);
}

static void
forget(void)
{
	json_decref(read_back);
	read_back = NULL;
	bytes_free(&printed);
}

START_TEST(a_message_is_told_in_full)
{
	struct dchat_event event = { .type = DCHAT_EVENT_MESSAGE };

	event.message = (struct dchat_message){
		.msg = "abc.0",
		.room = "#a\"b",
		.author = { { 1 } },
		.nick = "ana",
		.kind = KIND_ACTION,
		.text = "a\n\x1b[0m\xe2\x80\xa8",
		.time = 1700000000007,
		.live = true,
	};
	print(&event, NULL, NULL);
	expect("event", "\"message\"");
	expect("msg", "\"abc.0\"");
	expect("room", "\"#a\\\"b\"");
	expect("author", "\"aeaaaaaaaaaaaaaaaaaaaaaaaa\"");
	expect("nick", "\"ana\"");
	expect("kind", "\"action\"");
	expect("text", "\"a\\n\\u001b[0m\\u2028\"");
	expect("time", "\"2023-11-14T22:13:20.007Z\"");
	expect("live", "true");
	ck_assert_ptr_null(json_object_get(read_back, "late"));
	event.message.late = event.message.gap = true;
	print(&event, NULL, NULL);
	expect("late", "true");
	expect("gap", "true");
	forget();
}
END_TEST

START_TEST(an_answer_repeats_command_and_tag)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	event.ok.verb = DCHAT_SAY;
	event.ok.msg = "abc.1";
	print(&event, "say", "t\"1");
	expect("event", "\"ok\"");
	expect("cmd", "\"say\"");
	expect("tag", "\"t\\\"1\"");
	expect("msg", "\"abc.1\"");
	event = (struct dchat_event){ .type = DCHAT_EVENT_ERROR };
	event.error.code = ERROR_NOT_JOINED;
	event.error.text = "No.";
	print(&event, NULL, NULL);
	expect("cmd", "null");
	expect("code", "\"not_joined\"");
	expect("text", "\"No.\"");
	ck_assert_ptr_null(json_object_get(read_back, "tag"));
	forget();
}
END_TEST

START_TEST(nobody_and_unknown_are_null)
{
	struct dchat_event event = { .type = DCHAT_EVENT_LEADER };
	struct dchat_peer peer = { .nick = "a", .rtt_ms = -1 };

	event.leader.took_ms = -1;
	print(&event, NULL, NULL);
	expect("id", "null");
	expect("nick", "null");
	expect("took_ms", "null");
	event = (struct dchat_event){ .type = DCHAT_EVENT_OK };
	event.ok.verb = DCHAT_PEERS;
	event.ok.peers = &peer;
	event.ok.count = 1;
	print(&event, "peers", NULL);
	expect("peers",
	    "[{\"id\":null,\"nick\":\"a\",\"state\":\"alive\","
	    "\"rtt_ms\":null,\"address\":null,\"linked\":false,"
	    "\"leader\":false,\"self\":false,\"silence_ms\":0.000,"
	    "\"rtts_ms\":[],\"queue_bytes\":0,\"accusers\":[],"
	    "\"dead_in_ms\":0.000,\"skew_ms\":null}]");
	event.ok.count = 0;
	print(&event, "peers", NULL);
	expect("peers", "[]");
	forget();
}
END_TEST

START_TEST(the_status_is_one_flat_object)
{
	const struct id ring[] = { { { 1 } }, { { 2 } } };
	const struct dchat_counter counters[] = { { "rejected", 3 },
		{ "bytes_sent", UINT64_C(9000000000) } };
	const struct dchat_clock_entry entries[] = { { { { 1 } }, 77, 5 } };
	const struct dchat_room_clock clocks[] = { { "#\"a", entries, 1, 2 } };
	const char *const interfaces[] = { "lo", "eth0" };
	struct dchat_status status = {
		.self = ring[0],
		.leader = ring[1],
		.term = 4,
		.state = GROUP_PARTITIONED,
		.nick = "a",
		.network = "lan",
		.ring = ring,
		.ring_count = 2,
		.counters = counters,
		.counter_count = 2,
		.clocks = clocks,
		.clock_count = 1,
		.held = 2,
		.rtt_ms = 0.25,
		.lost = ring,
		.lost_count = 1,
		.interfaces = interfaces,
		.interface_count = 2,
	};
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	event.ok.verb = DCHAT_STATUS;
	event.ok.status = &status;
	print(&event, "status", NULL);
	expect("leader", "\"aiaaaaaaaaaaaaaaaaaaaaaaaa\"");
	expect("provisional", "false");
	expect("term", "4");
	expect("state", "\"partitioned\"");
	expect("ring",
	    "[\"aeaaaaaaaaaaaaaaaaaaaaaaaa\","
	    "\"aiaaaaaaaaaaaaaaaaaaaaaaaa\"]");
	expect("counters", "{\"rejected\":3,\"bytes_sent\":9000000000}");
	expect("held", "2");
	expect("clock", "{\"#\\\"a\":{\"aeaaaaaaaaaaaaaaaaaaaaaaaa.77\":5}}");
	expect("partition", "{\"lost\":[\"aeaaaaaaaaaaaaaaaaaaaaaaaa\"]}");
	expect("rtt_ms", "0.250");
	expect("interfaces", "[\"lo\",\"eth0\"]");
	status.lost_count = 0;
	print(&event, "status", NULL);
	expect("partition", "null");
	forget();
}
END_TEST

START_TEST(the_status_has_all_that_the_health_panel_shows)
{
	const struct id ids[] = { { { 1 } }, { { 2 } } };
	const double rtts_ms[] = { 0.5, 12 };
	const struct dchat_peer peer = {
		.id = ids[0],
		.nick = "ana",
		.state = MEMBER_SUSPECT,
		.rtt_ms = 1.5,
		.address = "192.0.2.1:7711",
		.linked = true,
		.silent_ms = 3200,
		.rtts_ms = rtts_ms,
		.rtt_count = 2,
		.queue_bytes = 4096,
		.accusers = ids + 1,
		.accuser_count = 1,
		.dead_in_ms = 4800,
		.skew_known = true,
		.skew_ms = -90,
	};
	const struct dchat_stand stood[] = { { ids[1], "bob", 2, 4, 3 } };
	const struct dchat_election election = {
		.term = 7,
		.cause = "dead",
		.end = ELECTION_ELECTED,
		.ago_ms = 9000,
		.took_ms = 6,
		.winner = ids[1],
		.winner_nick = "bob",
		.stood = stood,
		.stood_count = 1,
		.messages = 12,
	};
	const uint64_t flow[] = { 0, 3 };
	struct dchat_status status = {
		.local_health = 2,
		.self_suspicion = true,
		.peers = &peer,
		.peer_count = 1,
		.elections = &election,
		.election_count = 1,
		.traffic_seconds = 2,
	};
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	for (int i = 0; i < FLOW_COUNT; i++)
		status.traffic[i] = flow;
	event.ok.verb = DCHAT_STATUS;
	event.ok.status = &status;
	print(&event, "status", NULL);
	expect("local_health", "2");
	expect("self_suspicion", "true");
	expect("peers",
	    "[{\"id\":\"aeaaaaaaaaaaaaaaaaaaaaaaaa\",\"nick\":\"ana\","
	    "\"state\":\"suspect\",\"rtt_ms\":1.500,"
	    "\"address\":\"192.0.2.1:7711\",\"linked\":true,"
	    "\"leader\":false,\"self\":false,\"silence_ms\":3200.000,"
	    "\"rtts_ms\":[0.500,12.000],\"queue_bytes\":4096,"
	    "\"accusers\":[\"aiaaaaaaaaaaaaaaaaaaaaaaaa\"],"
	    "\"dead_in_ms\":4800.000,\"skew_ms\":-90}]");
	expect("elections",
	    "[{\"term\":7,\"cause\":\"dead\",\"end\":\"elected\","
	    "\"ago_ms\":9000.000,\"took_ms\":6.000,"
	    "\"winner\":\"aiaaaaaaaaaaaaaaaaaaaaaaaa\","
	    "\"winner_nick\":\"bob\",\"stood\":[{"
	    "\"id\":\"aiaaaaaaaaaaaaaaaaaaaaaaaa\",\"nick\":\"bob\","
	    "\"phase\":2,\"reach\":4,\"at_ms\":3.000}],\"messages\":12}]");
	expect("traffic",
	    "{\"bytes_in\":[0,3],\"bytes_out\":[0,3],"
	    "\"frames_in\":[0,3],\"frames_out\":[0,3],"
	    "\"messages_in\":[0,3],\"messages_out\":[0,3]}");
	forget();
}
END_TEST

START_TEST(who_asks_for_the_status_looks_at_the_links)
{
	parse("{\"cmd\":\"status\"}");
	ck_assert(line.command.look);
	forget();
}
END_TEST

START_TEST(a_partition_tells_the_lost_or_the_healed)
{
	const struct id ids[] = { { { 1 } }, { { 2 } } };
	struct dchat_event event = { .type = DCHAT_EVENT_PARTITION };

	event.partition.lost = ids;
	event.partition.lost_count = 2;
	print(&event, NULL, NULL);
	expect("event", "\"partition\"");
	expect("lost", "[\"aeaaaaaaaaaaaaaaaaaaaaaaaa\","
	    "\"aiaaaaaaaaaaaaaaaaaaaaaaaa\"]");
	ck_assert_uint_eq(json_object_size(read_back), 2);
	event.partition.lost_count = 0;
	event.partition.healed = ids;
	event.partition.healed_count = 1;
	event.partition.merged = 12;
	print(&event, NULL, NULL);
	expect("healed", "[\"aeaaaaaaaaaaaaaaaaaaaaaaaa\"]");
	expect("merged", "12");
	ck_assert_uint_eq(json_object_size(read_back), 3);
	forget();
}
END_TEST

START_TEST(every_event_is_one_line_of_json)
{
	for (int i = 0; i <= DCHAT_EVENT_BYE; i++) {
		struct dchat_event event = { .type = (enum dchat_event_type)i };

		if (i == DCHAT_EVENT_OK)
			event.ok.verb = DCHAT_ROOMS;
		if (i == DCHAT_EVENT_MESSAGE)
			event.message.text = event.message.nick = "";
		print(&event, "rooms", NULL);
		ck_assert_str_eq(json_string_value(
				     json_object_get(read_back, "event")),
		    dchat_event_name(event.type));
	}
	forget();
}
END_TEST

/* -- descriptors --------------------------------------------------------- */

static struct loop loop;
static struct lines lines;
static unsigned arrivals, closings;
static int ends[2];

static void
on_arrived(void *self)
{
	(void)self;
	arrivals++;
}

static void
on_closed(void *self)
{
	(void)self;
	closings++;
}

static void
set_up(void)
{
	signal(SIGPIPE, SIG_IGN);
	loop_init(&loop);
	arrivals = closings = 0;
	ck_assert_int_eq(pipe(ends), 0);
}

static void
tear_down(void)
{
	loop_free(&loop);
}

static void
feed(const char *text, size_t size)
{
	while (size > 0) {
		size_t piece = size < 4096 ? size : 4096;
		unsigned before = arrivals;

		ck_assert_int_eq(write(ends[1], text, piece), piece);
		LOOP_UNTIL(&loop, arrivals > before);
		text += piece;
		size -= piece;
	}
}

static void
expect_line(const char *wanted)
{
	const char *text;
	size_t size;

	ck_assert_int_eq(lines_next(&lines, &text, &size), LINES_LINE);
	ck_assert_uint_eq(size, strlen(wanted));
	ck_assert_mem_eq(text, wanted, size);
}

static void
expect_outcome(enum lines_outcome outcome)
{
	const char *text;
	size_t size;

	ck_assert_int_eq(lines_next(&lines, &text, &size), outcome);
}

START_TEST(lines_are_put_together_and_the_last_needs_no_newline)
{
	lines_open(&lines, loop.base, ends[0], on_arrived, NULL);
	lines_resume(&lines);
	feed("one\n\ntwo", 8);
	expect_line("one");
	expect_line("");
	expect_outcome(LINES_NOTHING);
	feed("more\nrest", 9);
	expect_line("twomore");
	expect_outcome(LINES_NOTHING);
	ck_assert(!lines.ended);
	close(ends[1]);
	LOOP_UNTIL(&loop, lines.ended);
	expect_line("rest");
	expect_outcome(LINES_NOTHING);
	lines_close(&lines);
}
END_TEST

START_TEST(a_long_line_is_told_once_and_skipped)
{
	char *huge = malloc(3 * LIMIT_INPUT_LINE);
	const char *text;
	size_t size;
	unsigned told = 0;

	lines_open(&lines, loop.base, ends[0], on_arrived, NULL);
	lines_resume(&lines);
	memset(huge, 'x', 3 * LIMIT_INPUT_LINE);
	for (size_t at = 0; at < 3 * LIMIT_INPUT_LINE; at += 32768) {
		enum lines_outcome outcome;

		feed(huge + at, 32768);
		while ((outcome = lines_next(&lines, &text, &size)) ==
		    LINES_TOO_LONG)
			told++;
		ck_assert_int_eq(outcome, LINES_NOTHING);
	}
	ck_assert_uint_eq(told, 1);
	ck_assert_uint_le(lines.bytes.cap, 2 * LIMIT_INPUT_LINE);
	feed("end\nnext\n", 9);
	expect_line("next");
	/* The longest that is allowed, and one byte more. */
	feed(huge, LIMIT_INPUT_LINE);
	feed("\n", 1);
	ck_assert_int_eq(lines_next(&lines, &text, &size), LINES_LINE);
	ck_assert_uint_eq(size, LIMIT_INPUT_LINE);
	feed(huge, LIMIT_INPUT_LINE + 1);
	feed("\nafter\n", 7);
	expect_outcome(LINES_TOO_LONG);
	expect_line("after");
	lines_close(&lines);
	free(huge);
}
END_TEST

START_TEST(a_file_and_the_null_device_are_read_too)
{
	char path[] = "/tmp/check_headless.XXXXXX";
	int file = mkstemp(path);
	int null = open("/dev/null", O_RDONLY);

	ck_assert_int_eq(write(file, "a\nb", 3), 3);
	lseek(file, 0, SEEK_SET);
	unlink(path);
	lines_open(&lines, loop.base, file, on_arrived, NULL);
	lines_resume(&lines);
	LOOP_UNTIL(&loop, lines.ended);
	expect_line("a");
	expect_line("b");
	lines_close(&lines);
	lines_open(&lines, loop.base, null, on_arrived, NULL);
	lines_resume(&lines);
	LOOP_UNTIL(&loop, lines.ended);
	expect_outcome(LINES_NOTHING);
	lines_close(&lines);
}
END_TEST

START_TEST(paused_lines_are_not_read)
{
	unsigned before;

	lines_open(&lines, loop.base, ends[0], on_arrived, NULL);
	lines_resume(&lines);
	feed("one\n", 4);
	lines_pause(&lines);
	before = arrivals;
	ck_assert_int_eq(write(ends[1], "two\n", 4), 4);
	loop_turn(&loop);
	loop_turn(&loop);
	ck_assert_uint_eq(arrivals, before);
	lines_resume(&lines);
	LOOP_UNTIL(&loop, arrivals > before);
	expect_line("one");
	expect_line("two");
	lines_close(&lines);
}
END_TEST

START_TEST(output_never_waits_for_its_reader)
{
	struct output output;
	char buffer[65536];
	size_t sent = 0, got = 0;

	if (_i == 1)
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	/* The other direction of a socket pair. */
	output_open(&output, loop.base, ends[1], on_closed, NULL);
	memset(buffer, 'x', sizeof buffer);
	while (sent < 4 << 20) {
		bytes_append(&output.bytes, buffer, sizeof buffer);
		output_flush(&output);
		sent += sizeof buffer;
	}
	ck_assert_uint_gt(output_waiting(&output), 1 << 20);
	ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while (got < sent) {
		ssize_t count = read(ends[0], buffer, sizeof buffer);

		if (count > 0)
			got += (size_t)count;
		else
			ck_assert(loop_turn(&loop));
	}
	ck_assert_uint_eq(output_waiting(&output), 0);
	ck_assert_uint_eq(closings, 0);
	output_close(&output);
}
END_TEST

START_TEST(a_reader_who_hangs_up_is_noticed_without_a_word)
{
	struct output output;

	output_open(&output, loop.base, ends[1], on_closed, NULL);
	close(ends[0]);
	LOOP_UNTIL(&loop, closings > 0);
	bytes_append_text(&output.bytes, "nobody reads this\n");
	output_flush(&output);
	ck_assert_uint_eq(output_waiting(&output), 0);
	ck_assert_uint_eq(closings, 1);
	output_close(&output);
}
END_TEST

START_TEST(a_write_error_is_the_end_of_output)
{
	struct output output;
	int full = open("/dev/full", O_WRONLY);

	output_open(&output, loop.base, full, on_closed, NULL);
	bytes_append_text(&output.bytes, "too much\n");
	output_flush(&output);
	ck_assert_uint_eq(closings, 1);
	ck_assert_uint_eq(output_waiting(&output), 0);
	output_close(&output);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("headless");
	TCase *json = tcase_create("json");
	TCase *descriptors = tcase_create("descriptors");
	SRunner *runner;
	int failed;

	tcase_add_test(json, every_command_is_understood);
	tcase_add_test(json, members_of_a_command_arrive);
	tcase_add_test(json, numbers_are_numbers_however_they_are_written);
	tcase_add_loop_test(json, what_is_no_command_is_an_error_with_its_tag,
	    0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(json, a_deep_line_is_an_error_and_no_more);
	tcase_add_test(json, a_message_is_told_in_full);
	tcase_add_test(json, an_answer_repeats_command_and_tag);
	tcase_add_test(json, nobody_and_unknown_are_null);
	tcase_add_test(json, the_status_is_one_flat_object);
	tcase_add_test(json, the_status_has_all_that_the_health_panel_shows);
	tcase_add_test(json, who_asks_for_the_status_looks_at_the_links);
	tcase_add_test(json, every_event_is_one_line_of_json);
	tcase_add_test(json, a_partition_tells_the_lost_or_the_healed);
	suite_add_tcase(suite, json);

	tcase_add_checked_fixture(descriptors, set_up, tear_down);
	tcase_set_timeout(descriptors, 60);
	tcase_add_test(descriptors,
	    lines_are_put_together_and_the_last_needs_no_newline);
	tcase_add_test(descriptors, a_long_line_is_told_once_and_skipped);
	tcase_add_test(descriptors, a_file_and_the_null_device_are_read_too);
	tcase_add_test(descriptors, paused_lines_are_not_read);
	tcase_add_loop_test(descriptors, output_never_waits_for_its_reader, 0,
	    2);
	tcase_add_test(descriptors,
	    a_reader_who_hangs_up_is_noticed_without_a_word);
	tcase_add_test(descriptors, a_write_error_is_the_end_of_output);
	suite_add_tcase(suite, descriptors);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
