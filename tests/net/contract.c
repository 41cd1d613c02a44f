#include "tests/net/contract.h"

#include <check.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct crowd crowd;
/* Answers of a peer looked at so far: next_answer() goes on from there. */
static size_t looked[CROWD_MAX];

/* -- what every event looks like --------------------------------------- */

static bool
is_id(const json_t *value)
{
	const char *text = json_string_value(value);

	return text != NULL && strlen(text) == 26 &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz234567") == 26;
}

/* RFC 3339, UTC, with milliseconds. */
static bool
is_time(const json_t *value)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != sizeof form - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == '0' ? !isdigit((unsigned char)text[i])
				   : text[i] != form[i])
			return false;
	return true;
}

static bool
is_of_type(const json_t *value, char type)
{
	switch (type) {
	case 's': return json_is_string(value);
	case 'S': return json_is_string(value) || json_is_null(value);
	case 'i': return json_is_integer(value);
	case 'n': return json_is_number(value);
	case 'N': return json_is_number(value) || json_is_null(value);
	case 'b': return json_is_boolean(value);
	case 'a': return json_is_array(value);
	case 'o': return json_is_object(value);
	case 'O': return json_is_object(value) || json_is_null(value);
	case 'k': return is_id(value);
	case 'K': return is_id(value) || json_is_null(value);
	case 't': return is_time(value);
	}
	return false;
}

void
has_shape(const json_t *object, const char *shape)
{
	char copy[512], *rest = copy, *word;

	snprintf(copy, sizeof copy, "%s", shape);
	while ((word = strtok_r(rest, " ", &rest)) != NULL) {
		char *type = strchr(word, ':');

		*type++ = '\0';
		ck_assert_msg(is_of_type(json_object_get(object, word),
		    *type), "`%s` is not of type %c: %s", word, *type,
		    json_dumps(object, 0));
	}
}

static const struct {
	const char *event, *shape;
} shapes[] = {
	{ "ready", "id:k nick:s network:s port:i version:s profile:s" },
	{ "ok", "cmd:s" },
	{ "error", "cmd:S code:s text:s" },
	{ "peer", "id:k nick:s state:s rtt_ms:N reason:s" },
	{ "leader", "id:K nick:S term:i self:b took_ms:N" },
	{ "election", "term:i phase:i reach:i role:s" },
	{ "joined", "room:s id:k nick:s" },
	{ "parted", "room:s id:k nick:s" },
	{ "message", "msg:s room:s author:k nick:s kind:s text:s time:t "
		     "live:b" },
	{ "delivered", "msg:s have:i of:i stable:b" },
	{ "room", "room:s topic:s by:k exists:b" },
	{ "nick", "id:k old:s nick:s reason:s" },
	{ "away", "id:k nick:s away:b text:s" },
	{ "partition", "" },
	{ "fetching", "room:s done:i left:i" },
	{ "warning", "code:s text:s" },
	{ "bye", "reason:s" },
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static const char *const states[] = { "alive", "suspect", "dead", "left",
	NULL };
static const char *const group_states[] = { "alone", "electing", "steady",
	"partitioned", NULL };
static const char *const kinds[] = { "text", "action", "reply",
	"reaction", "edit", "delete", NULL };

static void
is_one_of(const char *text, const char *const *words)
{
	while (*words != NULL && strcmp(*words, text) != 0)
		words++;
	ck_assert_msg(*words != NULL, "\"%s\" is no such word", text);
}

static bool
is_sentence(const char *text)
{
	size_t size = text == NULL ? 0 : strlen(text);

	return size > 2 && text[size - 1] == '.' &&
	    (isupper((unsigned char)text[0]) || text[0] == '"' ||
		text[0] == '`' || strncmp(text, "dchat ", 6) == 0);
}

static void
watch_reach(const json_t *event)
{
	long have = number(event, "have"), of = number(event, "of");

	ck_assert_int_ge(have, 1);
	ck_assert_int_le(have, of);
	ck_assert_int_eq(truth(event, "stable"), have == of);
}

/* Own ones tell how far they have come, those to one alone to whom. */
static void
watch_message(const struct peer *peer, const json_t *event)
{
	is_one_of(event_text(event, "kind"), kinds);
	ck_assert_msg((event_text(event, "room")[0] == '@') ==
		(json_object_get(event, "to") != NULL),
	    "to whom: %s", json_dumps(event, 0));
	if (strcmp(event_text(event, "author"), peer->id) == 0)
		watch_reach(event);
	else
		ck_assert_ptr_null(json_object_get(event, "of"));
}

static void
watch_partition(const json_t *event)
{
	if (json_object_get(event, "lost") != NULL)
		has_shape(event, "lost:a");
	else
		has_shape(event, "healed:a merged:i");
}

static void
watch_event(const struct peer *peer, const json_t *event)
{
	size_t i = 0;

	while (i < SHAPES && !event_is(event, shapes[i].event))
		i++;
	ck_assert_msg(i < SHAPES, "an unknown event: %s",
	    json_dumps(event, 0));
	has_shape(event, shapes[i].shape);
	if (event_is(event, "partition"))
		watch_partition(event);
	if (event_is(event, "peer")) {
		ck_assert_str_ne(event_text(event, "id"), peer->id);
		is_one_of(event_text(event, "state"), states);
	} else if (event_is(event, "message")) {
		watch_message(peer, event);
	} else if (event_is(event, "delivered")) {
		watch_reach(event);
	} else if (event_is(event, "nick")) {
		ck_assert_str_ne(event_text(event, "old"),
		    event_text(event, "nick"));
	} else if (event_is(event, "error")) {
		ck_assert_msg(is_sentence(event_text(event, "text")),
		    "no sentence: %s", event_text(event, "text"));
	} else if (event_is(event, "leader")) {
		const char *id = event_text(event, "id");

		ck_assert_int_eq(id != NULL && strcmp(id, peer->id) == 0,
		    json_is_true(json_object_get(event, "self")));
		ck_assert_int_eq(id == NULL, event_text(event, "nick") ==
		    NULL);
	}
}

static bool
same_text(const json_t *a, const json_t *b, const char *member)
{
	const char *one = event_text(a, member);
	const char *other = event_text(b, member);

	return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* No message twice; joined and parted of one person take turns. */
static void
watch_repeats(const struct peer *peer, size_t now)
{
	const json_t *event = peer->events[now].event;
	bool moved = event_is(event, "joined") || event_is(event, "parted");

	if (!moved && !event_is(event, "message"))
		return;
	for (size_t i = now; i-- > 0;) {
		const json_t *before = peer->events[i].event;

		if (!moved) {
			ck_assert_msg(!event_is(before, "message") ||
			    !same_text(event, before, "msg"),
			    "twice: %s", event_text(event, "text"));
		} else if (same_text(event, before, "room") &&
		    same_text(event, before, "id") &&
		    (event_is(before, "joined") ||
			event_is(before, "parted"))) {
			ck_assert_msg(!same_text(event, before, "event"),
			    "%s twice: %s", event_text(event, "event"),
			    event_text(event, "nick"));
			return;
		}
	}
}

/* Told at each change, so each goes on from what was told before. */
static void
watch_change(const json_t *before, const json_t *event)
{
	if (event_is(event, "nick"))
		ck_assert_msg(strcmp(event_text(before, "nick"),
		    event_text(event, "old")) == 0, "not from %s: %s",
		    event_text(before, "nick"), json_dumps(event, 0));
	else if (event_is(event, "delivered"))
		ck_assert_msg(number(before, "of") == number(event, "of") &&
		    number(before, "have") < number(event, "have"),
		    "it does not grow: %s", json_dumps(event, 0));
	else if (event_is(event, "room"))
		ck_assert_msg(!same_text(before, event, "topic"),
		    "no change: %s", json_dumps(event, 0));
	else
		ck_assert_msg(!json_equal(before, event),
		    "no change: %s", json_dumps(event, 0));
}

static const struct {
	const char *event, *member;	/* NULL: of one thing alone */
} changing[] = {
	{ "leader", NULL },
	{ "nick", "id" },
	{ "delivered", "msg" },
	{ "room", "room" },
};
enum { CHANGING = sizeof changing / sizeof changing[0] };

static void
watch_changes(const struct peer *peer, size_t now)
{
	const json_t *event = peer->events[now].event;
	size_t kind = 0;

	while (kind < CHANGING && !event_is(event, changing[kind].event))
		kind++;
	if (kind == CHANGING)
		return;
	for (size_t i = now; i-- > 0;) {
		const json_t *before = peer->events[i].event;

		if (event_is(before, changing[kind].event) &&
		    (changing[kind].member == NULL ||
			same_text(before, event, changing[kind].member))) {
			watch_change(before, event);
			return;
		}
	}
}

enum { WATCH_REPEATS_MAX = 3000 };	/* it is quadratic */

static void
watch(const struct peer *peer)
{
	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;

		ck_assert_int_eq(event_is(event, "ready"), i == 0);
		if (event_is(event, "bye"))
			ck_assert_uint_eq(i, peer->count - 1);
		watch_event(peer, event);
		if (i >= WATCH_REPEATS_MAX)
			continue;
		watch_repeats(peer, i);
		watch_changes(peer, i);
	}
}

void
contract_begin(void)
{
	memset(looked, 0, sizeof looked);
}

void
contract_end(void)
{
	for (size_t i = 0; i < crowd.count; i++)
		watch(&crowd.peers[i]);
	crowd_end(&crowd);
}

/* -- asking ------------------------------------------------------------ */

static bool
has_begun(struct crowd *all, void *argument)
{
	const struct peer *peer = argument;

	(void)all;
	return peer->count > 0 || peer->closed;
}

struct peer *
start_with(const char *nick, const char *option, const char *value)
{
	const char *arguments[] = { "--nick", nick, option, value, NULL };
	struct peer *peer = peer_start(&crowd, NULL, arguments);

	crowd_await(&crowd, SOON_MS, has_begun, peer);
	ck_assert_msg(peer->count > 0, "it does not start");
	return peer;
}

struct peer *
start(const char *nick)
{
	return start_with(nick, "--ephemeral", NULL);
}

static size_t *
looked_of(const struct peer *peer)
{
	return &looked[peer - crowd.peers];
}

static bool
is_answer(const json_t *event)
{
	return event_is(event, "ok") || event_is(event, "error");
}

static bool
find_answer(struct crowd *all, void *argument)
{
	struct peer *peer = argument;
	size_t *i = looked_of(peer);

	(void)all;
	while (*i < peer->count && !is_answer(peer->events[*i].event))
		(*i)++;
	return *i < peer->count || peer->closed;
}

bool
has_answer(struct peer *peer)
{
	find_answer(&crowd, peer);
	return *looked_of(peer) < peer->count;
}

const json_t *
next_answer(struct peer *peer)
{
	crowd_await(&crowd, PATIENCE_MS, find_answer, peer);
	ck_assert_msg(has_answer(peer), "no answer");
	return peer->events[(*looked_of(peer))++].event;
}

void
write_all(struct peer *peer, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t done = write(peer->in, bytes, size);

		ck_assert_int_gt(done, 0);
		bytes += done;
		size -= (size_t)done;
	}
}

const json_t *
ask_line(struct peer *peer, const char *line)
{
	write_all(peer, line, strlen(line));
	write_all(peer, "\n", 1);
	return next_answer(peer);
}

const json_t *
ask(struct peer *peer, const char *format, ...)
{
	va_list arguments;
	json_t *command;
	const json_t *answer;
	char *line;

	va_start(arguments, format);
	command = json_vpack_ex(NULL, 0, format, arguments);
	va_end(arguments);
	ck_assert_ptr_nonnull(command);
	line = json_dumps(command, JSON_COMPACT);
	answer = ask_line(peer, line);
	free(line);
	json_decref(command);
	return answer;
}

void
is_ok(const json_t *answer)
{
	ck_assert_msg(event_is(answer, "ok"), "not ok: %s",
	    json_dumps(answer, 0));
}

void
is_error(const json_t *answer, const char *code)
{
	ck_assert_msg(event_is(answer, "error") &&
	    strcmp(event_text(answer, "code"), code) == 0,
	    "not %s: %s", code, json_dumps(answer, 0));
}

const json_t *
say(struct peer *peer, const char *room, const char *text)
{
	return ask(peer, "{s:s, s:s, s:s}", "cmd", "say", "room", room,
	    "text", text);
}

const json_t *
room_command(struct peer *peer, const char *cmd, const char *room)
{
	return ask(peer, "{s:s, s:s}", "cmd", cmd, "room", room);
}

const json_t *
list(struct peer *peer, const char *cmd)
{
	const json_t *answer = ask(peer, "{s:s}", "cmd", cmd);

	is_ok(answer);
	return json_object_get(answer, cmd);
}

const json_t *
among(const json_t *items, const char *member, const char *text)
{
	const json_t *item;
	size_t i;

	ck_assert(json_is_array(items));
	json_array_foreach(items, i, item)
		if (event_text(item, member) != NULL &&
		    strcmp(event_text(item, member), text) == 0)
			return item;
	return NULL;
}

long
number(const json_t *object, const char *member)
{
	ck_assert(json_is_integer(json_object_get(object, member)));
	return (long)json_integer_value(json_object_get(object, member));
}

bool
truth(const json_t *object, const char *member)
{
	ck_assert(json_is_boolean(json_object_get(object, member)));
	return json_is_true(json_object_get(object, member));
}

void
await_bye(struct peer *peer)
{
	ck_assert_msg(peer_await_end(&crowd, peer, SOON_MS), "it goes on");
	ck_assert(WIFEXITED(peer->status));
	ck_assert_int_eq(WEXITSTATUS(peer->status), 0);
	ck_assert(event_is(peer->events[peer->count - 1].event, "bye"));
}

void
end_input(struct peer *peer)
{
	close(peer->in);
	peer->in = open("/dev/null", O_WRONLY | O_CLOEXEC);
}

const struct heard *
told(struct peer *peer, const json_t *ok)
{
	const struct heard *heard;

	is_ok(ok);
	heard = peer_await(&crowd, peer, "message", "msg",
	    event_text(ok, "msg"), SOON_MS);
	ck_assert_ptr_nonnull(heard);
	return heard;
}

const json_t *
history(struct peer *peer, const char *room, int limit, const char *before)
{
	const json_t *answer = before == NULL
	    ? ask(peer, "{s:s, s:s, s:i}", "cmd", "history", "room", room,
		"limit", limit)
	    : ask(peer, "{s:s, s:s, s:i, s:s}", "cmd", "history", "room",
		room, "limit", limit, "before", before);

	is_ok(answer);
	return json_object_get(answer, "messages");
}

json_t *
as_others_have_it(const json_t *messages)
{
	json_t *copy = json_deep_copy(messages), *message;
	size_t i;

	if (json_is_object(copy)) {
		json_object_del(copy, "have");
		json_object_del(copy, "of");
		json_object_del(copy, "stable");
	}
	json_array_foreach(copy, i, message) {
		json_object_del(message, "have");
		json_object_del(message, "of");
		json_object_del(message, "stable");
	}
	return copy;
}

const json_t *
dm(struct peer *peer, const char *to, const char *text)
{
	return ask(peer, "{s:s, s:s, s:s}", "cmd", "dm", "to", to, "text",
	    text);
}

const json_t *
set_topic(struct peer *peer, const char *room, const char *text)
{
	return ask(peer, "{s:s, s:s, s:s}", "cmd", "topic", "room", room,
	    "text", text);
}

const json_t *
set_nick(struct peer *peer, const char *nick)
{
	return ask(peer, "{s:s, s:s}", "cmd", "nick", "nick", nick);
}

const json_t *
who_has(struct peer *peer, const char *msg)
{
	return ask(peer, "{s:s, s:s}", "cmd", "who_has", "msg", msg);
}

void
check_status(const json_t *status)
{
	static const char *const counters[] = { "messages_delivered",
		"bundles_received", "bytes_sent", "duplicates", "rejected" };
	const json_t *ring = json_object_get(status, "ring");
	const json_t *counter;
	const char *name;

	has_shape(status, "leader:K provisional:b term:i state:s ring:a "
	    "counters:o held:i clock:o network:s partition:O "
	    "local_health:i self_suspicion:b peers:a elections:a traffic:o");
	is_one_of(event_text(status, "state"), group_states);
	for (size_t i = 0; i < json_array_size(ring); i++) {
		ck_assert(is_id(json_array_get(ring, i)));
		if (i > 0)
			ck_assert_str_lt(json_string_value(json_array_get(
			    ring, i - 1)), json_string_value(
			    json_array_get(ring, i)));
	}
	for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
		number(json_object_get(status, "counters"), counters[i]);
	json_object_foreach(json_object_get(status, "counters"), name,
	    counter)
		ck_assert_msg(json_is_integer(counter), "%s", name);
}
