/*
 * check_headless: each sentence of the headless contract that one process
 * alone can show, tried on a real one.
 */
#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "tests/net/contract.h"
#include "tests/support/lan.h"

/* -- the first lines --------------------------------------------------- */

START_TEST(ready_is_the_first_line_and_tells_the_truth)
{
	struct peer *peer = start_with("ana", "--ephemeral", "-Nflat");
	const json_t *ready = peer->events[0].event;

	ck_assert(event_is(ready, "ready"));
	ck_assert_str_eq(event_text(ready, "nick"), "ana");
	ck_assert_str_eq(event_text(ready, "network"), "flat");
	ck_assert_int_gt(number(ready, "port"), 0);
	ck_assert_int_lt(number(ready, "port"), 65536);
	ck_assert_str_ne(event_text(ready, "version"), "");
	ck_assert_str_ne(event_text(ready, "profile"), "");
}
END_TEST

START_TEST(the_rooms_of_the_start_are_told_as_joined)
{
	const char *arguments[] = { "--ephemeral", "-nana", "-r#b", "-r",
		"#a", NULL };
	struct peer *peer = peer_start(&crowd, NULL, arguments);
	size_t joined = 0;

	is_ok(ask(peer, "{s:s}", "cmd", "status"));
	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;

		if (!event_is(event, "joined"))
			continue;
		joined++;
		ck_assert_str_eq(event_text(event, "id"), peer->id);
		ck_assert_str_eq(event_text(event, "nick"), "ana");
	}
	ck_assert_uint_eq(joined, 2);
	ck_assert(truth(among(list(peer, "rooms"), "room", "#a"), "joined"));
	ck_assert(truth(among(list(peer, "rooms"), "room", "#b"), "joined"));
	ck_assert_ptr_null(among(list(peer, "rooms"), "room", "#lobby"));
}
END_TEST

START_TEST(alone_one_leads_provisionally_and_an_election_changes_nothing)
{
	struct peer *peer = start("ana");
	const struct heard *heard = peer_await(&crowd, peer, "leader", "id",
	    peer->id, SOON_MS);
	const json_t *status;

	ck_assert_ptr_nonnull(heard);
	ck_assert(truth(heard->event, "provisional"));
	ck_assert(truth(heard->event, "self"));
	is_ok(ask(peer, "{s:s}", "cmd", "elect"));
	status = ask(peer, "{s:s}", "cmd", "status");
	ck_assert_str_eq(event_text(status, "leader"), peer->id);
	ck_assert(truth(status, "provisional"));
	ck_assert_str_eq(event_text(status, "state"), "alone");
}
END_TEST

/* -- lines that are no commands ---------------------------------------- */

START_TEST(what_is_not_a_json_object_is_bad_json)
{
	static const char *const lines[] = { "", " ", "\r", "\t", "[]",
		"[{\"cmd\":\"status\"}]", "\"status\"", "17", "null", "true",
		"{", "}", "{\"cmd\":\"status\"", "{\"cmd\":\"status\"}}",
		"{\"cmd\":\"status\"} {\"cmd\":\"status\"}", "status",
		"{cmd:\"status\"}", "{'cmd':'status'}", "{\"cmd\":status}",
		"{\"cmd\":\"status\",}", "{\"cmd\":\"status\"} // why",
		"{\"cmd\":\"stat\xff\"}", "{\"cmd\":\"stat\xc0\xaf\"}",
		"{\"cmd\":\"stat\xed\xa0\x80\"}", "{\"cmd\":\"\\ud800\"}",
		"{\"cmd\":\"a\tb\"}", "{\"cmd\":\"\\x41\"}", "\x1b[2J",
		"{\"cmd\":\"quit\",\"limit\":01}" };
	struct peer *peer = start("ana");

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const json_t *answer = ask_line(peer, lines[i]);

		is_error(answer, "bad_json");
		ck_assert_ptr_null(json_object_get(answer, "tag"));
	}
	write_all(peer, "{\"cmd\":\0\"status\"}\n", 18);
	is_error(next_answer(peer), "bad_json");
	is_ok(ask(peer, "{s:s}", "cmd", "status"));
}
END_TEST

START_TEST(what_is_nested_a_hundred_thousand_deep_is_bad_json)
{
	enum { DEEP = 100000 };
	struct peer *peer = start("ana");
	char *line = mem_alloc(DEEP + 1);

	memset(line, '[', DEEP);
	line[DEEP] = '\0';
	is_error(ask_line(peer, line), "bad_json");
	for (size_t i = 0; i + 5 <= DEEP; i += 5)
		memcpy(line + i, "{\"a\":", 5);
	is_error(ask_line(peer, line), "bad_json");
	free(line);
	is_ok(ask(peer, "{s:s}", "cmd", "status"));
}
END_TEST

/* {"cmd":"status","tag":"...","x":"aaaa..."} of this many bytes */
static char *
long_line(size_t size, const char *tag)
{
	char *line = mem_alloc(size + 1);
	int head = snprintf(line, size,
	    "{\"cmd\":\"status\",\"tag\":\"%s\",\"x\":\"", tag);

	memset(line + head, 'a', size - (size_t)head);
	memcpy(line + size - 2, "\"}", 3);
	return line;
}

START_TEST(a_line_holds_256_kib_and_not_a_byte_more)
{
	static const size_t sizes[] = { LIMIT_INPUT_LINE + 1,
		LIMIT_INPUT_LINE + 2, 2 * LIMIT_INPUT_LINE,
		9 * LIMIT_INPUT_LINE };
	struct peer *peer = start("ana");
	char *line = long_line(LIMIT_INPUT_LINE, "full");
	const json_t *answer = ask_line(peer, line);

	is_ok(answer);
	ck_assert_str_eq(event_text(answer, "tag"), "full");
	free(line);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		line = long_line(sizes[i], "over");
		is_error(ask_line(peer, line), "too_long");
		free(line);
		/* One answer, and the next line is a line again. */
		answer = ask(peer, "{s:s, s:s}", "cmd", "peers", "tag", "n");
		is_ok(answer);
		ck_assert_str_eq(event_text(answer, "tag"), "n");
	}
}
END_TEST

START_TEST(lines_may_come_in_pieces_and_end_with_carriage_returns)
{
	static const char text[] = " {\"cmd\" : \"status\"}\t\r\n"
				   "{\"cmd\":\"peers\"}\r\n";
	struct peer *peer = start("ana");

	for (size_t i = 0; i < sizeof text - 1; i++) {
		write_all(peer, text + i, 1);
		crowd_pump(&crowd, 1);
	}
	ck_assert_str_eq(event_text(next_answer(peer), "cmd"), "status");
	ck_assert_str_eq(event_text(next_answer(peer), "cmd"), "peers");
}
END_TEST

/* -- members of commands ----------------------------------------------- */

START_TEST(a_tag_comes_back_in_ok_and_error_and_only_then)
{
	static const char *const tags[] = { "x", "", " ", "1", "\"\\/\b\n",
		"\xc3\xa9\xf0\x9f\x90\x88", "\x7f\xc2\x85\xe2\x80\xae" };
	static const char *const commands[] = { "status", "say", "history",
		"connect", "nonsense", "elect", "join" };
	struct peer *peer = start("ana");

	for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
		for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
			const json_t *answer = ask(peer, "{s:s, s:s}",
			    "cmd", commands[c], "tag", tags[i]);

			ck_assert_str_eq(event_text(answer, "tag"), tags[i]);
			ck_assert_str_eq(event_text(answer, "cmd"),
			    commands[c]);
		}
		ck_assert_ptr_null(json_object_get(ask(peer, "{s:s}", "cmd",
		    commands[c]), "tag"));
	}
}
END_TEST

START_TEST(a_tag_that_is_no_string_is_a_bad_argument)
{
	static const char *const tags[] = { "1", "null", "true", "[]",
		"{\"a\":\"b\"}", "\"a\\u0000b\"" };
	struct peer *peer = start("ana");
	char line[128];

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		snprintf(line, sizeof line,
		    "{\"cmd\":\"status\",\"tag\":%s}", tags[i]);
		is_error(ask_line(peer, line), "bad_argument");
	}
}
END_TEST

START_TEST(commands_without_or_with_a_wrong_cmd_are_refused)
{
	static const struct {
		const char *line, *code;
	} rows[] = {
		{ "{}", "bad_argument" },
		{ "{\"tag\":\"t\"}", "bad_argument" },
		{ "{\"cmd\":null}", "bad_argument" },
		{ "{\"cmd\":7}", "bad_argument" },
		{ "{\"cmd\":[\"status\"]}", "bad_argument" },
		{ "{\"cmd\":\"\"}", "unknown_command" },
		{ "{\"cmd\":\"STATUS\"}", "unknown_command" },
		{ "{\"cmd\":\"status \"}", "unknown_command" },
		{ "{\"cmd\":\"statu\"}", "unknown_command" },
		{ "{\"cmd\":\"/quit\"}", "unknown_command" },
		{ "{\"cmd\":\"ok\"}", "unknown_command" },
	};
	struct peer *peer = start("ana");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		is_error(ask_line(peer, rows[i].line), rows[i].code);
}
END_TEST


START_TEST(a_missing_or_mistyped_member_is_named)
{
	static const struct {
		const char *cmd, *members, *named;
	} rows[] = {
		{ "say", "", "room" },
		{ "say", ",\"room\":\"#lobby\"", "text" },
		{ "say", ",\"text\":\"x\"", "room" },
		{ "say", ",\"room\":1,\"text\":\"x\"", "room" },
		{ "say", ",\"room\":null,\"text\":\"x\"", "room" },
		{ "say", ",\"room\":\"#lobby\",\"text\":1", "text" },
		{ "say", ",\"room\":\"#lobby\",\"text\":[\"x\"]", "text" },
		{ "say", ",\"room\":\"#lobby\",\"text\":\"x\",\"kind\":1",
		    "kind" },
		{ "say", ",\"room\":\"#lobby\",\"text\":\"x\","
		    "\"kind\":\"TEXT\"", "kind" },
		{ "say", ",\"room\":\"#lobby\",\"text\":\"x\",\"kind\":\"\"",
		    "kind" },
		{ "say", ",\"room\":\"#lobby\",\"text\":\"a\\u0000b\"",
		    "text" },
		{ "join", "", "room" },
		{ "join", ",\"room\":{}", "room" },
		{ "join", ",\"room\":\"#a\\u0000\"", "room" },
		{ "part", "", "room" },
		{ "members", "", "room" },
		{ "members", ",\"room\":false", "room" },
		{ "history", "", "room" },
		{ "history", ",\"room\":[]", "room" },
		{ "history", ",\"room\":\"#lobby\",\"limit\":0", "limit" },
		{ "history", ",\"room\":\"#lobby\",\"limit\":-1", "limit" },
		{ "history", ",\"room\":\"#lobby\",\"limit\":10001",
		    "limit" },
		{ "history", ",\"room\":\"#lobby\",\"limit\":1.5", "limit" },
		{ "history", ",\"room\":\"#lobby\",\"limit\":\"5\"",
		    "limit" },
		{ "history", ",\"room\":\"#lobby\",\"before\":5", "before" },
		{ "history", ",\"room\":\"#lobby\",\"before\":\"\"",
		    "before" },
		{ "history", ",\"room\":\"#lobby\",\"before\":\"yesterday\"",
		    "before" },
		{ "dm", "", "text" },
		{ "dm", ",\"to\":\"bob\"", "text" },
		{ "dm", ",\"text\":\"x\"", "to" },
		{ "dm", ",\"to\":7,\"text\":\"x\"", "to" },
		{ "dm", ",\"to\":\"bob\",\"text\":null", "text" },
		{ "topic", "", "room" },
		{ "topic", ",\"room\":\"#lobby\"", "text" },
		{ "topic", ",\"room\":\"#lobby\",\"text\":7", "text" },
		{ "topic", ",\"room\":null,\"text\":\"x\"", "room" },
		{ "nick", "", "nick" },
		{ "nick", ",\"nick\":[\"ana\"]", "nick" },
		{ "nick", ",\"nick\":\"a\\u0000b\"", "nick" },
		{ "who_has", "", "msg" },
		{ "who_has", ",\"msg\":7", "msg" },
		{ "who_has", ",\"msg\":\"\"", "msg" },
		{ "who_has", ",\"msg\":\"yesterday\"", "msg" },
		{ "connect", "", "address" },
		{ "connect", ",\"address\":7711", "address" },
	};
	struct peer *peer = start("ana");
	char line[256], quoted[16];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const json_t *answer;

		snprintf(line, sizeof line, "{\"cmd\":\"%s\"%s,\"tag\":\"t\"}",
		    rows[i].cmd, rows[i].members);
		answer = ask_line(peer, line);
		is_error(answer, "bad_argument");
		ck_assert_str_eq(event_text(answer, "cmd"), rows[i].cmd);
		ck_assert_str_eq(event_text(answer, "tag"), "t");
		snprintf(quoted, sizeof quoted, "`%s`", rows[i].named);
		ck_assert_msg(strstr(event_text(answer, "text"), quoted) !=
		    NULL, "%s is not named: %s", quoted,
		    event_text(answer, "text"));
	}
	ck_assert_uint_eq(peer_count_messages(peer), 0);
}
END_TEST

START_TEST(unknown_members_are_ignored)
{
	struct peer *peer = start("ana");
	const json_t *answer = ask_line(peer, "{\"x\":{\"cmd\":[1,null]},"
	    "\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\"hi\",\"limit\":"
	    "\"none\",\"before\":1,\"address\":{},\"\":0,\"f\":-1.5e3}");

	is_ok(answer);
	is_ok(ask_line(peer, "{\"cmd\":\"status\",\"room\":4,\"kind\":0}"));
}
END_TEST

START_TEST(bad_names_of_rooms_are_refused_everywhere)
{
	static const char *const commands[] = { "join", "part", "members",
		"topic", "history", "say" };
	static const char *const rooms[] = { "", "#", "lobby", " #lobby",
		"#lob by", "#lobby ", "#a\nb", "#a\x1b[2J", "#a\tb",
		"#a\x7f", "#a\xc2\x85", "#a,b", "#\xe2\x80\x8b",
		"#123456789012345678901234567890123456789012345678901234567"
		"8901234" };
	struct peer *peer = start("ana");

	for (size_t c = 0; c < sizeof commands / sizeof *commands; c++)
		for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
			is_error(ask(peer, "{s:s, s:s, s:s}", "cmd",
			    commands[c], "room", rooms[i], "text", "x"),
			    "bad_argument");
	/* "@ana" is where ana is spoken to alone. */
	for (size_t c = 0; c < 4; c++)
		is_error(ask(peer, "{s:s, s:s, s:s}", "cmd", commands[c],
		    "room", "@ana", "text", "x"), "bad_argument");
	is_ok(room_command(peer, "join", "#12345678901234567890123456789012"
	    "3456789012345678901234567890123"));
	is_ok(room_command(peer, "join", "##"));
	/* The invisible is left away, not refused. */
	is_ok(room_command(peer, "part", "#lob\xe2\x80\x8b" "by"));
	is_ok(room_command(peer, "join", "#\xe6\x97\xa5\xe6\x9c\xac"));
	ck_assert_uint_eq(json_array_size(list(peer, "rooms")), 3);
}
END_TEST

/* -- saying ------------------------------------------------------------ */

START_TEST(ones_own_message_comes_live_after_its_ok)
{
	struct peer *peer = start("ana");
	const json_t *ok = ask(peer, "{s:s, s:s, s:s, s:s}", "cmd", "say",
	    "room", "#lobby", "text", "waves", "kind", "action");
	const json_t *message = told(peer, ok)->event;

	ck_assert_str_eq(event_text(message, "room"), "#lobby");
	ck_assert_str_eq(event_text(message, "author"), peer->id);
	ck_assert_str_eq(event_text(message, "nick"), "ana");
	ck_assert_str_eq(event_text(message, "kind"), "action");
	ck_assert_str_eq(event_text(message, "text"), "waves");
	ck_assert(truth(message, "live"));
	for (size_t i = 0; peer->events[i].event != ok; i++)
		ck_assert(!event_is(peer->events[i].event, "message"));
	message = told(peer, say(peer, "#lobby", "hello"))->event;
	ck_assert_str_eq(event_text(message, "kind"), "text");
}
END_TEST

START_TEST(a_text_comes_back_byte_by_byte)
{
	static const char *const texts[] = { " ", "\n", "a\r\nb\n\tc",
		"\x1b[31mred\x07\x7f", "\"\\/", "\xc2\x85\xef\xbf\xbf",
		"e\xcc\x81 \xc3\xa9", "\xf0\x9f\x91\xa9\xe2\x80\x8d"
		"\xf0\x9f\x9a\x80", "\xe2\x80\xae" "abc", "/quit",
		"{\"cmd\":\"quit\"}" };
	struct peer *peer = start("ana");

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_str_eq(event_text(told(peer, say(peer, "#lobby",
		    texts[i]))->event, "text"), texts[i]);
}
END_TEST

START_TEST(a_text_holds_1_to_4096_bytes)
{
	struct peer *peer = start("ana");
	char text[LIMIT_TEXT + 2];

	memset(text, 'a', sizeof text);
	text[LIMIT_TEXT + 1] = '\0';
	is_error(say(peer, "#lobby", text), "too_long");
	text[LIMIT_TEXT] = '\0';
	told(peer, say(peer, "#lobby", text));
	/* Two bytes each: half as many fill it. */
	for (size_t i = 0; i < LIMIT_TEXT; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	told(peer, say(peer, "#lobby", text));
	is_error(say(peer, "#lobby", ""), "empty_text");
	is_error(say(peer, "#elsewhere", "x"), "not_joined");
	ck_assert_uint_eq(peer_count_messages(peer), 2);
}
END_TEST

enum { FLOOD = 10000 };

START_TEST(ten_thousand_says_at_once_are_answered_in_their_order)
{
	struct peer *peer = start("ana");
	size_t size = 0, cap = FLOOD * 96;
	char *lines = mem_alloc(cap), tag[16];
	const json_t *messages;

	for (int n = 0; n < FLOOD; n++)
		size += (size_t)snprintf(lines + size, cap - size,
		    "{\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\"%d\","
		    "\"tag\":\"%d\"}\n", n, n);
	/* In pieces of a pipe, reading what comes meanwhile. */
	fcntl(peer->in, F_SETFL, O_NONBLOCK);
	for (size_t sent = 0; sent < size;) {
		ssize_t done = write(peer->in, lines + sent, size - sent);

		sent += done > 0 ? (size_t)done : 0;
		crowd_pump(&crowd, 1);
	}
	fcntl(peer->in, F_SETFL, 0);
	free(lines);
	for (int n = 0; n < FLOOD; n++) {
		const json_t *answer = next_answer(peer);

		is_ok(answer);
		snprintf(tag, sizeof tag, "%d", n);
		ck_assert_str_eq(event_text(answer, "tag"), tag);
	}
	messages = json_object_get(ask(peer, "{s:s, s:s, s:i}", "cmd",
	    "history", "room", "#lobby", "limit", FLOOD), "messages");
	ck_assert_uint_eq(json_array_size(messages), FLOOD);
	for (int n = 0; n < FLOOD; n++) {
		snprintf(tag, sizeof tag, "%d", n);
		ck_assert_str_eq(event_text(json_array_get(messages,
		    (size_t)n), "text"), tag);
	}
	ck_assert_uint_eq(peer_count_messages(peer), FLOOD);
}
END_TEST

/* -- history ----------------------------------------------------------- */

/* The numbers from first to last, as texts. */
static void
are_numbers(const json_t *messages, int first, int last)
{
	const json_t *message;
	char text[16];
	size_t i;

	ck_assert_uint_eq(json_array_size(messages),
	    (size_t)(last - first + 1));
	json_array_foreach(messages, i, message) {
		has_shape(message, "msg:s room:s author:k nick:s kind:s "
		    "text:s time:t live:b");
		ck_assert(!truth(message, "live"));
		snprintf(text, sizeof text, "%d", first + (int)i);
		ck_assert_str_eq(event_text(message, "text"), text);
	}
}

START_TEST(history_is_given_oldest_first_in_pages)
{
	enum { SAID = 250 };
	struct peer *peer = start("ana");
	const json_t *messages, *answer;
	char text[16];

	for (int n = 1; n <= SAID; n++) {
		snprintf(text, sizeof text, "%d", n);
		is_ok(say(peer, "#lobby", text));
	}
	are_numbers(history(peer, "#lobby", 10000, NULL), 1, SAID);
	are_numbers(history(peer, "#lobby", 1, NULL), SAID, SAID);
	messages = history(peer, "#lobby", 20, NULL);
	are_numbers(messages, SAID - 19, SAID);
	messages = history(peer, "#lobby", 20, event_text(
	    json_array_get(messages, 0), "msg"));
	are_numbers(messages, SAID - 39, SAID - 20);
	messages = history(peer, "#lobby", 1000, event_text(
	    json_array_get(messages, 0), "msg"));
	are_numbers(messages, 1, SAID - 40);
	messages = history(peer, "#lobby", 5, event_text(
	    json_array_get(messages, 0), "msg"));
	ck_assert_uint_eq(json_array_size(messages), 0);
	answer = room_command(peer, "history", "#lobby");
	ck_assert_uint_gt(json_array_size(json_object_get(answer,
	    "messages")), 0);
}
END_TEST

START_TEST(history_knows_the_ids_that_were_told)
{
	struct peer *peer = start("ana");
	const json_t *message = told(peer, say(peer, "#lobby", "a"))->event;
	const json_t *kept = json_array_get(history(peer, "#lobby", 1, NULL),
	    0);
	static const char *const members[] = { "msg", "room", "author",
		"nick", "kind", "text", "time" };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		ck_assert_str_eq(event_text(message, members[i]),
		    event_text(kept, members[i]));
}
END_TEST

START_TEST(history_has_sentences_for_rooms_and_messages_it_has_not)
{
	struct peer *peer = start("ana");
	const char *other;

	is_error(room_command(peer, "history", "#elsewhere"),
	    "no_such_room");
	is_ok(room_command(peer, "join", "#ops"));
	ck_assert_uint_eq(json_array_size(history(peer, "#ops", 5, NULL)),
	    0);
	other = event_text(say(peer, "#lobby", "x"), "msg");
	is_error(ask(peer, "{s:s, s:s, s:s}", "cmd", "history", "room",
	    "#ops", "before", other), "bad_argument");
	is_error(ask(peer, "{s:s, s:s, s:s}", "cmd", "history", "room",
	    "#lobby", "before", "aaaaaaaaaaaaaaaaaaaaaaaaaa.0"),
	    "bad_argument");
	/* What one was told stays readable. */
	is_ok(room_command(peer, "part", "#lobby"));
	ck_assert_uint_eq(json_array_size(history(peer, "#lobby", 5, NULL)),
	    1);
}
END_TEST

/* -- rooms ------------------------------------------------------------- */

START_TEST(joining_and_parting_are_told_once_however_often_asked)
{
	struct peer *peer = start("ana");

	is_ok(room_command(peer, "join", "#ops"));
	is_ok(room_command(peer, "join", "#ops"));
	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "joined", "room",
	    "#ops", SOON_MS));
	is_ok(say(peer, "#ops", "x"));
	is_ok(room_command(peer, "part", "#ops"));
	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "parted", "room",
	    "#ops", SOON_MS));
	is_error(room_command(peer, "part", "#ops"), "not_joined");
	is_error(room_command(peer, "part", "#never"), "not_joined");
	is_error(say(peer, "#ops", "x"), "not_joined");
	/* It is still there, though nobody is in it. */
	ck_assert_uint_eq(json_array_size(json_object_get(
	    room_command(peer, "members", "#ops"), "members")), 0);
	is_ok(room_command(peer, "history", "#ops"));
	is_ok(room_command(peer, "join", "#ops"));
	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "joined", "room",
	    "#ops", SOON_MS));
	/* teardown looks for repeats */
}
END_TEST

START_TEST(a_room_has_one_name_however_it_is_written)
{
	struct peer *peer = start("ana");
	const json_t *rooms;

	is_ok(room_command(peer, "join", "#OPS"));
	is_ok(room_command(peer, "join", "#ops"));
	told(peer, say(peer, "#Ops", "x"));
	rooms = list(peer, "rooms");
	ck_assert_uint_eq(json_array_size(rooms), 2);
	ck_assert_ptr_nonnull(among(rooms, "room", event_text(
	    peer_last(peer, "joined")->event, "room")));
	ck_assert_str_eq(event_text(json_array_get(history(peer, "#opS", 1,
	    NULL), 0), "room"), event_text(peer_last(peer, "message")->event,
	    "room"));
	ck_assert_ptr_nonnull(among(rooms, "room", event_text(
	    peer_last(peer, "message")->event, "room")));
}
END_TEST

/* -- lists ------------------------------------------------------------- */

START_TEST(the_lists_have_their_members_and_oneself)
{
	struct peer *peer = start("ana");
	const json_t *answer, *item;

	answer = ask(peer, "{s:s}", "cmd", "status");
	is_ok(answer);
	check_status(answer);
	ck_assert_str_eq(event_text(answer, "network"), "lan");
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "ring")),
	    1);
	item = json_array_get(list(peer, "rooms"), 0);
	has_shape(item, "room:s topic:s members:i joined:b unread:i");
	ck_assert_int_eq(number(item, "members"), 1);
	answer = room_command(peer, "members", "#lobby");
	is_ok(answer);
	item = among(json_object_get(answer, "members"), "id", peer->id);
	ck_assert_ptr_nonnull(item);
	has_shape(item, "id:k nick:s state:s leader:b self:b");
	ck_assert(truth(item, "self") && truth(item, "leader"));
	is_error(room_command(peer, "members", "#none"), "no_such_room");
	item = among(list(peer, "peers"), "id", peer->id);
	ck_assert_ptr_nonnull(item);
	has_shape(item, "id:k nick:s state:s rtt_ms:N address:S linked:b "
	    "leader:b self:b");
	ck_assert(truth(item, "self") && truth(item, "leader"));
	ck_assert_str_eq(event_text(item, "state"), "alive");
}
END_TEST

/* -- connect ----------------------------------------------------------- */

START_TEST(connect_takes_addresses_and_refuses_the_rest)
{
	static const char *const good[] = { "127.0.0.1:9", "127.0.0.1",
		"[::1]:9", "::1", "[fe80::1]", "localhost:9" };
	static const char *const bad[] = { "", ":", ":9", "127.0.0.1:",
		"127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:-1",
		"127.0.0.1:9x", "127.0.0.1 :9", "[::1", "[::1]9", "[::1]:",
		"a b:9", "1.2.3.4:5:6", "a:b:c", "http://a/",
		"no-such-host.invalid:9" };
	struct peer *peer = start("ana");

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		is_ok(ask(peer, "{s:s, s:s}", "cmd", "connect", "address",
		    good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_error(ask(peer, "{s:s, s:s}", "cmd", "connect", "address",
		    bad[i]), "bad_argument");
}
END_TEST

START_TEST(what_is_cut_in_an_error_is_cut_between_characters)
{
	struct peer *peer = start("ana");
	char address[256];

	/* peer.c refuses a line that is not UTF-8. */
	for (int shift = 0; shift < 4; shift++) {
		memset(address, 'a', sizeof address);
		for (size_t i = 0; i < 50; i++)
			memcpy(address + shift + 4 * i, "\xf0\x9f\x90\x88",
			    4);
		strcpy(address + shift + 200, " :");
		is_error(ask(peer, "{s:s, s:s}", "cmd", "connect", "address",
		    address), "bad_argument");
	}
}
END_TEST

START_TEST(a_discovery_port_that_is_not_shared_ends_it_with_status_1)
{
	/* Processes of tests before may hold the usual one yet. */
	const char *arguments[] = { "--ephemeral", "--discovery-port",
		"7799", NULL };
	const struct sockaddr_in here = {
		.sin_family = AF_INET,
		.sin_port = htons(7799),
	};
	int stranger = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int said[2], own = dup(STDERR_FILENO);
	char text[512] = "";
	struct peer *peer;

	ck_assert_int_eq(bind(stranger, (const struct sockaddr *)&here,
	    sizeof here), 0);
	ck_assert_int_eq(pipe2(said, O_CLOEXEC), 0);
	dup2(said[1], STDERR_FILENO);
	peer = peer_start(&crowd, NULL, arguments);
	dup2(own, STDERR_FILENO);
	ck_assert(peer_await_end(&crowd, peer, SOON_MS));
	ck_assert(WIFEXITED(peer->status));
	ck_assert_int_eq(WEXITSTATUS(peer->status), 1);
	ck_assert_uint_eq(peer->count, 0);
	ck_assert_int_gt(read(said[0], text, sizeof text - 1), 0);
	ck_assert_int_eq(strncmp(text, "dchat: ", 7), 0);
	ck_assert_ptr_nonnull(strstr(text, "7799"));
	ck_assert_ptr_nonnull(strstr(text, "--discovery-port"));
	close(stranger);
	close(own);
	close(said[0]);
	close(said[1]);
}
END_TEST

/* -- the end ----------------------------------------------------------- */

START_TEST(quit_answers_ok_and_then_says_bye)
{
	struct peer *peer = start("ana");

	peer_send_line(peer, "{\"cmd\":\"say\",\"room\":\"#lobby\","
	    "\"text\":\"last\"}\n{\"cmd\":\"quit\",\"tag\":\"q\"}\n"
	    "{\"cmd\":\"status\",\"tag\":\"s\"}\n");
	await_bye(peer);
	ck_assert_uint_eq(peer_count_text(peer, "last"), 1);
	for (int i = 0; i < 3; i++) {
		const json_t *answer = next_answer(peer);

		if (strcmp(event_text(answer, "cmd"), "status") == 0)
			is_error(answer, "leaving");
		else
			is_ok(answer);
	}
	ck_assert(!has_answer(peer));
}
END_TEST

START_TEST(the_end_of_input_means_quit_when_all_is_answered)
{
	enum { SAID = 600 };
	struct peer *peer = start("ana");
	char line[96];

	for (int n = 0; n < SAID; n++) {
		snprintf(line, sizeof line, "{\"cmd\":\"say\",\"room\":"
		    "\"#lobby\",\"text\":\"%d\"}\n", n);
		write_all(peer, line, strlen(line));
	}
	/* The last line need not end. */
	peer_send_line(peer, "{\"cmd\":\"status\",\"tag\":\"last\"}");
	end_input(peer);
	await_bye(peer);
	for (int n = 0; n <= SAID; n++)
		is_ok(next_answer(peer));
	ck_assert_uint_eq(peer_count_messages(peer), SAID);
	ck_assert(!has_answer(peer));
}
END_TEST

START_TEST(nothing_at_all_on_the_input_means_quit)
{
	struct peer *peer = start("ana");

	end_input(peer);
	await_bye(peer);
	ck_assert(!has_answer(peer));
}
END_TEST

START_TEST(signals_end_it_in_order)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	struct peer *peer = start("ana");

	is_ok(say(peer, "#lobby", "x"));
	peer_kill(peer, signals[_i]);
	await_bye(peer);
	ck_assert_uint_eq(peer_count_messages(peer), 1);
}
END_TEST

START_TEST(a_closed_output_ends_it_quietly)
{
	struct peer *peer = start("ana");
	double deadline = peer_now_ms() + SOON_MS;

	close(peer->out);
	peer->out = open("/dev/null", O_RDONLY | O_CLOEXEC);
	peer->closed = true;
	if (_i == 1)
		peer_send_line(peer, "{\"cmd\":\"status\"}\n");
	while (peer->pid != 0 && peer_now_ms() < deadline)
		crowd_pump(&crowd, 20);
	ck_assert_int_eq(peer->pid, 0);
	ck_assert(WIFEXITED(peer->status));
	ck_assert_int_eq(WEXITSTATUS(peer->status), 0);
}
END_TEST

/* Asks for so many answers of 400 KiB without reading; its exit status. */
static int
flood_output(struct peer *peer, int answers, bool end)
{
	static const char line[] = "{\"cmd\":\"history\",\"room\":\"#lobby\","
				   "\"limit\":10000}\n";
	char text[LIMIT_TEXT + 1];
	double deadline;
	int status = -1;

	memset(text, 'a', LIMIT_TEXT);
	text[LIMIT_TEXT] = '\0';
	for (int i = 0; i < 100; i++)
		is_ok(say(peer, "#lobby", text));
	for (int i = 0; i < answers; i++)
		write_all(peer, line, sizeof line - 1);
	if (end)
		end_input(peer);
	deadline = peer_now_ms() + 2 * SOON_MS;
	while (waitpid(peer->pid, &status, WNOHANG) == 0 &&
	    peer_now_ms() < deadline)
		poll(NULL, 0, 10);
	peer->pid = 0;
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(a_reader_16_mib_behind_is_given_up_with_status_1)
{
	ck_assert_int_eq(flood_output(start("ana"), 60, false), 1);
}
END_TEST

START_TEST(an_end_that_nobody_reads_is_given_up_with_status_1)
{
	ck_assert_int_eq(flood_output(start("ana"), 2, true), 1);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("headless");
	TCase *alone = tcase_create("alone");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(alone, 100);
	tcase_add_checked_fixture(alone, contract_begin, contract_end);
	tcase_add_test(alone, ready_is_the_first_line_and_tells_the_truth);
	tcase_add_test(alone, the_rooms_of_the_start_are_told_as_joined);
	tcase_add_test(alone,
	    alone_one_leads_provisionally_and_an_election_changes_nothing);
	tcase_add_test(alone, what_is_not_a_json_object_is_bad_json);
	tcase_add_test(alone,
	    what_is_nested_a_hundred_thousand_deep_is_bad_json);
	tcase_add_test(alone, a_line_holds_256_kib_and_not_a_byte_more);
	tcase_add_test(alone,
	    lines_may_come_in_pieces_and_end_with_carriage_returns);
	tcase_add_test(alone, a_tag_comes_back_in_ok_and_error_and_only_then);
	tcase_add_test(alone, a_tag_that_is_no_string_is_a_bad_argument);
	tcase_add_test(alone, commands_without_or_with_a_wrong_cmd_are_refused);
	tcase_add_test(alone, a_missing_or_mistyped_member_is_named);
	tcase_add_test(alone, unknown_members_are_ignored);
	tcase_add_test(alone, bad_names_of_rooms_are_refused_everywhere);
	tcase_add_test(alone, ones_own_message_comes_live_after_its_ok);
	tcase_add_test(alone, a_text_comes_back_byte_by_byte);
	tcase_add_test(alone, a_text_holds_1_to_4096_bytes);
	tcase_add_test(alone,
	    ten_thousand_says_at_once_are_answered_in_their_order);
	tcase_add_test(alone, history_is_given_oldest_first_in_pages);
	tcase_add_test(alone, history_knows_the_ids_that_were_told);
	tcase_add_test(alone,
	    history_has_sentences_for_rooms_and_messages_it_has_not);
	tcase_add_test(alone,
	    joining_and_parting_are_told_once_however_often_asked);
	tcase_add_test(alone, a_room_has_one_name_however_it_is_written);
	tcase_add_test(alone, the_lists_have_their_members_and_oneself);
	tcase_add_test(alone, connect_takes_addresses_and_refuses_the_rest);
	tcase_add_test(alone,
	    what_is_cut_in_an_error_is_cut_between_characters);
	tcase_add_test(alone,
	    a_discovery_port_that_is_not_shared_ends_it_with_status_1);
	tcase_add_test(alone, quit_answers_ok_and_then_says_bye);
	tcase_add_test(alone, the_end_of_input_means_quit_when_all_is_answered);
	tcase_add_test(alone, nothing_at_all_on_the_input_means_quit);
	tcase_add_loop_test(alone, signals_end_it_in_order, 0, 3);
	tcase_add_loop_test(alone, a_closed_output_ends_it_quietly, 0, 2);
	tcase_add_test(alone, a_reader_16_mib_behind_is_given_up_with_status_1);
	tcase_add_test(alone,
	    an_end_that_nobody_reads_is_given_up_with_status_1);
	suite_add_tcase(suite, alone);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
