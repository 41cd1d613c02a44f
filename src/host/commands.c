/*
 * commands: what a person asks, as far as it is not the node's.
 *
 * A command is copied and performed in the next turn of the loop, so a
 * front end may ask from inside an event.  Names and addresses are checked
 * here; HISTORY and SEARCH are answered from the store, after what was said
 * before in the room; QUIT by leaving.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/hlc.h"
#include "host/host.h"
#include "wire/body.h"

enum {
	PROBLEM = 256,
	HISTORY_DEFAULT = 100,
	ASKED_MAX = 64,
	ASKED_PATIENCE_MS = 4000, /* for a beacon from a host named */
	OLDER_PATIENCE_MS = 4000, /* for older messages from peers */
};

void
pending_command_free(struct pending_command *pending)
{
	free(pending->room);
	free(pending->text);
	free(pending->ref);
	free(pending->address);
	free(pending->before);
	free(pending->to);
	free(pending->msg);
	free(pending->nick);
	free(pending->name);
}

/* -- history ----------------------------------------------------------- */

static size_t
says_in(const struct dchat *dchat, const struct id *room)
{
	size_t count = 0;

	for (size_t i = 0; i < dchat->say_count; i++)
		count += id_equal(&dchat->says[i].room, room);
	return count;
}

static void
ask_store(struct dchat *dchat)
{
	for (size_t i = 0; i < dchat->history_count; i++) {
		struct pending_history *history = &dchat->histories[i];

		if (history->asked || history->says > 0)
			continue;
		history->asked = true;
		if (history->verb == DCHAT_SEARCH)
			store_search(dchat->store, history->number,
			    history->everywhere ? NULL : &history->room,
			    history->text, history->limit);
		else
			store_history(dchat->store, history->number,
			    &history->room,
			    history->before[0] == '\0' ? NULL
							: history->before,
			    history->around ? STORE_AROUND : STORE_ABOVE,
			    history->limit);
	}
}

static bool
is_of(const struct pending_history *history, const struct id *room)
{
	return history->everywhere || id_equal(&history->room, room);
}

void
commands_said(struct dchat *dchat, uint64_t token)
{
	struct id room;
	size_t i = 0;

	while (i < dchat->say_count && dchat->says[i].token != token)
		i++;
	if (i == dchat->say_count)
		return;
	room = dchat->says[i].room;
	MEM_REMOVE(dchat->says, dchat->say_count, i);
	for (i = 0; i < dchat->history_count; i++)
		if (dchat->histories[i].says > 0 &&
		    is_of(&dchat->histories[i], &room))
			dchat->histories[i].says--;
	ask_store(dchat);
}

/* To whom it went, when to one; how far it has come, when it is mine. */
static void
complete(struct dchat *dchat, const struct bundle *bundle,
    struct dchat_message *message)
{
	const struct id *self = identity_id(dchat->profile.identity);
	bool own = id_equal(&message->author, self);
	struct reach reach;

	if (message->room[0] == '@' && !own)
		message->to = *self;
	else if (message->room[0] == '@')
		id_parse(message->room + 1, &message->to);
	if (!own)
		return;
	reach = node_reach(dchat->node, bundle);
	message->have = (unsigned)reach.have;
	message->of = (unsigned)reach.of;
	message->stable = reach.stable;
}

/* The body is read only here, where somebody wants to see it. */
static struct dchat_message
describe(struct dchat *dchat, const char *room, const struct bundle *bundle,
    size_t index)
{
	struct dchat_message message = {
		.room = room,
		.author = bundle->stream.author,
		.nick = effects_text(&dchat->fx,
		    node_nick(dchat->node, &bundle->stream.author)),
		.kind = bundle->messages[index].kind,
		.text = bundle->messages[index].text,
		.time = hlc_time(bundle->hlc, bundle->wall),
		.hlc = bundle->hlc,
		.seq = bundle->seq,
		.index = (unsigned)index,
	};

	message_name(bundle, index, message.msg);
	memcpy(message.ref, bundle->messages[index].ref, sizeof message.ref);
	complete(dchat, bundle, &message);
	return message;
}

/*
 * Returns how many; what cannot be read, and what is of a room that is not
 * known any more, is left out.
 */
size_t
commands_describe(struct dchat *dchat, const struct store_lines *lines,
    struct dchat_message *messages)
{
	const struct bundle *sealed = NULL;
	struct bundle bundle = { .message_count = 0 };
	const char *room = NULL;
	size_t count = 0;
	char why[128];

	for (size_t i = 0; i < lines->count; i++) {
		const struct store_line *line = &lines->lines[i];

		if (line->bundle != sealed) {
			sealed = line->bundle;
			room = node_room_name(dchat->node, &sealed->room);
			if (body_decode_bundle(sealed->sealed.body,
				sealed->sealed.size, dchat->settings.tag,
				&dchat->fx.arena, &bundle,
				why) != VERDICT_ACCEPTED)
				bundle.message_count = 0;
			bundle.hash = sealed->hash;
		}
		if (room != NULL && line->index < bundle.message_count)
			messages[count++] =
			    describe(dchat, room, &bundle, line->index);
	}
	return count;
}

static void
answer_history(struct dchat *dchat, const struct pending_history *history,
    const struct store_lines *lines)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };
	struct dchat_message *messages;

	if (lines->error != ERROR_NONE) {
		events_error(dchat, history->verb, history->token,
		    lines->error,
		    lines->error == ERROR_BAD_ARGUMENT
			? "There is no such message in this room."
			: NULL);
		return;
	}
	/* Between two steps the arena of the effects is free to use. */
	effects_clear(&dchat->fx);
	messages =
	    effects_alloc(&dchat->fx, (lines->count + 1) * sizeof *messages);
	event.ok.verb = history->verb;
	event.ok.token = history->token;
	event.ok.messages = messages;
	event.ok.count = commands_describe(dchat, lines, messages);
	event.ok.behind = (size_t)lines->behind;
	event.ok.newer = lines->newer;
	event.ok.lost = history->lost;
	events_notify(dchat, &event);
}

/*
 * A page that ends where this node's history does: peers may have more.
 * False: it is to be answered as it is.
 */
static bool
await_older(struct dchat *dchat, size_t index, const struct store_lines *lines)
{
	struct pending_history *history = &dchat->histories[index];
	struct input input = { .type = INPUT_OLDER };
	size_t lacking = history->limit - lines->count;

	if (history->verb != DCHAT_HISTORY || history->around ||
	    history->complete || lacking == 0 || lines->full ||
	    lines->error != ERROR_NONE || dchat->leaving > LEAVE_ANSWERING)
		return false;
	if (history->older_by == 0)
		history->older_by = clock_now() + OLDER_PATIENCE_MS;
	if (clock_now() >= history->older_by)
		return false;
	history->awaited = true;
	input.older.room = history->room;
	input.older.messages =
	    (unsigned)(lacking > LIMIT_TAIL ? lacking : LIMIT_TAIL);
	host_input(dchat, &input);
	return true;
}

void
commands_older(struct dchat *dchat, const struct id *room, bool more,
    uint64_t lost)
{
	for (size_t i = 0; i < dchat->history_count; i++) {
		struct pending_history *history = &dchat->histories[i];

		if (!history->awaited || !id_equal(&history->room, room))
			continue;
		history->awaited = history->asked = false;
		history->complete = !more;
		history->lost = lost;
	}
	ask_store(dchat);
}

void
commands_lines(void *self, const struct store_lines *lines)
{
	struct dchat *dchat = self;
	struct pending_history history;
	size_t i = 0;

	if (export_lines(dchat, lines) || fill_lines(dchat, lines))
		return;
	while (dchat->histories[i].number != lines->token)
		i++;
	if (await_older(dchat, i, lines))
		return;
	history = dchat->histories[i];
	MEM_REMOVE(dchat->histories, dchat->history_count, i);
	answer_history(dchat, &history, lines);
	free(history.text);
	leave_proceed(dchat);
}

/* False when the person was told why not. */
static bool
take_limit(struct dchat *dchat, const struct dchat_command *command,
    size_t *limit)
{
	*limit = command->limit == 0 ? HISTORY_DEFAULT : command->limit;
	if (*limit <= LIMIT_HISTORY_ANSWER)
		return true;
	events_error(dchat, command->verb, command->token, ERROR_BAD_ARGUMENT,
	    "At most 10000 messages are given at once.");
	return false;
}

static bool
knows_room(struct dchat *dchat, const struct input *input)
{
	const struct dchat_command *command = input->command.command;

	if (node_room_name(dchat->node, &input->command.room) != NULL)
		return true;
	events_error(dchat, command->verb, command->token, ERROR_NO_SUCH_ROOM,
	    NULL);
	return false;
}

static void
add_history(struct dchat *dchat, const struct pending_history *history)
{
	MEM_GROW(dchat->histories, dchat->history_count, dchat->history_cap);
	dchat->histories[dchat->history_count++] = *history;
}

/* The node marks the room as read; it has no answer of its own. */
static void
do_history(struct dchat *dchat, struct input *input)
{
	const struct dchat_command *command = input->command.command;
	struct pending_history history = {
		.verb = DCHAT_HISTORY,
		.number = dchat->next_number++,
		.token = command->token,
		.room = input->command.room,
		.says = says_in(dchat, &input->command.room),
		.around = command->around,
	};
	struct id hash;
	size_t index;

	if (!knows_room(dchat, input) ||
	    !take_limit(dchat, command, &history.limit))
		return;
	if (command->before != NULL) {
		if (!message_parse(command->before, &hash, &index)) {
			events_error(dchat, DCHAT_HISTORY, command->token,
			    ERROR_BAD_ARGUMENT,
			    "`before` must be the id of a message.");
			return;
		}
		snprintf(history.before, sizeof history.before, "%s",
		    command->before);
	}
	add_history(dchat, &history);
	host_input(dchat, input);
	ask_store(dchat);
}

/* Of it the node hears nothing: who searches a room has not read it. */
static void
do_search(struct dchat *dchat, const struct input *input)
{
	const struct dchat_command *command = input->command.command;
	bool everywhere = command->room == NULL;
	struct pending_history history = {
		.verb = DCHAT_SEARCH,
		.number = dchat->next_number++,
		.token = command->token,
		.everywhere = everywhere,
	};
	size_t size = strlen(command->text);

	if ((!everywhere && !knows_room(dchat, input)) ||
	    !take_limit(dchat, command, &history.limit))
		return;
	if (strspn(command->text, " \t\r\n") == size || size > LIMIT_TEXT ||
	    !utf8_valid(command->text, size)) {
		events_error(dchat, DCHAT_SEARCH, command->token,
		    size > LIMIT_TEXT ? ERROR_TOO_LONG : ERROR_BAD_ARGUMENT,
		    size > LIMIT_TEXT
			? NULL
			: "Give one or more words to search for.");
		return;
	}
	if (!everywhere)
		history.room = input->command.room;
	history.says = everywhere ? dchat->say_count
				  : says_in(dchat, &history.room);
	history.text = mem_text(command->text);
	add_history(dchat, &history);
	ask_store(dchat);
}

/* -- connect ----------------------------------------------------------- */

static void
connect_to(struct dchat *dchat, uint64_t token, const struct address *address)
{
	const struct dchat_command command = {
		.verb = DCHAT_CONNECT,
		.token = token,
	};
	struct input input = { .type = INPUT_COMMAND };

	input.command.command = &command;
	input.command.address = *address;
	host_input(dchat, &input);
}

static size_t
find_tried(const struct dchat *dchat, const struct address *address)
{
	size_t i = 0;

	while (i < dchat->tried_count &&
	    !address_equal(&dchat->tried[i], address))
		i++;
	return i;
}

static void
note_tried(struct dchat *dchat, const struct address *address)
{
	if (dchat->tried_count >= ASKED_MAX ||
	    find_tried(dchat, address) < dchat->tried_count)
		return;
	MEM_GROW(dchat->tried, dchat->tried_count, dchat->tried_cap);
	dchat->tried[dchat->tried_count++] = *address;
}

void
commands_linked(struct dchat *dchat, const struct address *address)
{
	size_t i = find_tried(dchat, address);

	if (i < dchat->tried_count)
		MEM_REMOVE(dchat->tried, dchat->tried_count, i);
}

/* Told once: it is dialled on and on, and a link speaks for itself. */
void
commands_dial_failed(struct dchat *dchat, const struct address *address,
    enum reason why)
{
	char where[ADDRESS_TEXT], text[PROBLEM];

	if (find_tried(dchat, address) == dchat->tried_count)
		return;
	commands_linked(dchat, address);
	address_format(address, where);
	if (why == REASON_REFUSED)
		snprintf(text, sizeof text,
		    "%s refuses the connection: no dchat listens on that "
		    "port, or a firewall is in the way. It is tried again "
		    "from time to time.", where);
	else if (why == REASON_UNREACHABLE)
		snprintf(text, sizeof text,
		    "%s does not answer: look whether the host is up, and "
		    "for a firewall in between. It is tried again from time "
		    "to time.", where);
	else
		snprintf(text, sizeof text,
		    "%s answers, but no link came of it (%s): perhaps it is "
		    "no dchat, or one of another network.", where,
		    reason_name(why));
	events_warning(dchat, "connect_failed", text);
}

static void
ask_host(struct dchat *dchat, uint64_t token, const struct address *address)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };
	struct address to = *address;
	size_t i = 0;

	to.port = announce_port(dchat->announce);
	while (i < dchat->asked_count &&
	    !address_equal(&dchat->asked[i].address, &to))
		i++;
	if (i == dchat->asked_count && i < ASKED_MAX) {
		MEM_GROW(dchat->asked, dchat->asked_count, dchat->asked_cap);
		dchat->asked[dchat->asked_count++] =
		    (struct asked_host){ to, NEVER };
	}
	if (i < dchat->asked_count && token != TOKEN_OWN)
		dchat->asked[i].patient_until =
		    clock_now() + ASKED_PATIENCE_MS;
	announce_to(dchat->announce, node_view_hash(dchat->node), true, &to);
	event.ok.verb = DCHAT_CONNECT;
	event.ok.token = token;
	events_notify(dchat, &event);
}

/* Once: it is asked on and on, and an answer speaks for itself. */
static void
tell_no_beacon(struct dchat *dchat, struct asked_host *asked)
{
	char where[ADDRESS_TEXT], text[PROBLEM + ADDRESS_TEXT];

	asked->patient_until = NEVER;
	address_format(&asked->address, where);
	snprintf(text, sizeof text,
	    "No dchat answers at %s (UDP): look whether it runs there, in the "
	    "same network, and for a firewall; or name its TCP port, "
	    "HOST:PORT. It is asked again from time to time.", where);
	events_warning(dchat, "connect_failed", text);
}

void
commands_ask_hosts(struct dchat *dchat, uint64_t view)
{
	for (size_t i = 0; i < dchat->asked_count; i++) {
		struct asked_host *asked = &dchat->asked[i];

		announce_to(dchat->announce, view, true, &asked->address);
		if (clock_now() >= asked->patient_until)
			tell_no_beacon(dchat, asked);
	}
}

void
commands_heard(struct dchat *dchat, const struct address *from)
{
	for (size_t i = 0; i < dchat->asked_count; i++) {
		struct asked_host *asked = &dchat->asked[i];

		if (asked->address.family == from->family &&
		    memcmp(asked->address.ip, from->ip,
			sizeof from->ip) == 0)
			asked->patient_until = NEVER;
	}
}

/* Where the port says whether to dial or to ask for a beacon. */
static void
reach(struct dchat *dchat, uint64_t token, const struct address *address)
{
	if (address->port != 0 && token != TOKEN_OWN)
		note_tried(dchat, address);
	if (address->port != 0)
		connect_to(dchat, token, address);
	else
		ask_host(dchat, token, address);
}

void
commands_resolved(void *self, const struct resolved *resolved)
{
	struct dchat *dchat = self;
	struct pending_lookup lookup;
	char text[PROBLEM + RESOLVE_HOST];
	size_t i = 0;

	while (dchat->lookups[i].number != resolved->token)
		i++;
	lookup = dchat->lookups[i];
	MEM_REMOVE(dchat->lookups, dchat->lookup_count, i);
	for (i = 0; i < resolved->count; i++)
		reach(dchat, i == 0 ? lookup.token : TOKEN_OWN,
		    &resolved->addresses[i]);
	if (resolved->count == 0) {
		snprintf(text, sizeof text,
		    "The host \"%s\" was not found: "
		    "%s.",
		    lookup.host, resolved->why);
		if (lookup.token == TOKEN_OWN)
			events_warning(dchat, "no_such_host", text);
		else
			events_error(dchat, DCHAT_CONNECT, lookup.token,
			    ERROR_BAD_ARGUMENT, text);
	}
	leave_proceed(dchat);
}

static void
do_connect(struct dchat *dchat, uint64_t token, const char *text)
{
	struct pending_lookup lookup = { .token = token };
	char problem[PROBLEM];
	struct address address;
	uint16_t port;

	if (!resolve_split(text, lookup.host, &port, problem)) {
		events_error(dchat, DCHAT_CONNECT, token, ERROR_BAD_ARGUMENT,
		    problem);
		return;
	}
	if (resolve_number(lookup.host, port, &address)) {
		reach(dchat, token, &address);
		return;
	}
	lookup.number = dchat->next_number++;
	MEM_GROW(dchat->lookups, dchat->lookup_count, dchat->lookup_cap);
	dchat->lookups[dchat->lookup_count++] = lookup;
	resolver_ask(dchat->resolver, lookup.number, lookup.host, port);
}

void
commands_connect(struct dchat *dchat, const char *address)
{
	do_connect(dchat, TOKEN_OWN, address);
}

/* -- all commands ------------------------------------------------------- */

static bool
has_room(const struct dchat_command *command)
{
	enum dchat_verb verb = command->verb;

	return verb == DCHAT_SAY || verb == DCHAT_JOIN || verb == DCHAT_PART ||
	    verb == DCHAT_MEMBERS || verb == DCHAT_HISTORY ||
	    verb == DCHAT_TOPIC || verb == DCHAT_TYPING ||
	    verb == DCHAT_EXPORT ||
	    (verb == DCHAT_SEARCH && command->room != NULL);
}

/* The room in its normal form; false when the person was told why not. */
static bool
take_room(struct dchat *dchat, struct pending_command *pending,
    struct input *input)
{
	char problem[PROBLEM];
	char *room;

	if (pending->room != NULL && pending->room[0] == '@' &&
	    (pending->command.verb == DCHAT_SAY ||
		pending->command.verb == DCHAT_HISTORY ||
		pending->command.verb == DCHAT_TYPING ||
		pending->command.verb == DCHAT_SEARCH ||
		pending->command.verb == DCHAT_EXPORT))
		return talk_take_direct(dchat, pending, pending->room, input);
	room = settings_room(&dchat->settings,
	    pending->room == NULL ? "" : pending->room, &input->command.room,
	    problem);
	if (room == NULL) {
		events_error(dchat, pending->command.verb,
		    pending->command.token, ERROR_BAD_ARGUMENT, problem);
		return false;
	}
	free(pending->room);
	pending->room = room;
	pending->command.room = room;
	return true;
}

void
commands_say(struct dchat *dchat, struct input *input)
{
	MEM_GROW(dchat->says, dchat->say_count, dchat->say_cap);
	dchat->says[dchat->say_count++] =
	    (struct pending_say){ input->command.command->token,
		    input->command.room };
	host_input(dchat, input);
}

static void
do_away(struct dchat *dchat, struct input *input)
{
	const struct dchat_command *command = input->command.command;
	size_t size = command->text == NULL ? 0 : strlen(command->text);
	char problem[PROBLEM];

	if (size > 0 && !utf8_valid(command->text, size)) {
		events_error(dchat, DCHAT_AWAY, command->token,
		    ERROR_BAD_TEXT, NULL);
	} else if (size > LIMIT_AWAY) {
		snprintf(problem, sizeof problem,
		    "Why you are away holds at most %d bytes; this has %zu.",
		    LIMIT_AWAY, size);
		events_error(dchat, DCHAT_AWAY, command->token,
		    ERROR_TOO_LONG, problem);
	} else {
		host_input(dchat, input);
	}
}

static void
do_quit(struct dchat *dchat, uint64_t token)
{
	MEM_GROW(dchat->quits, dchat->quit_count, dchat->quit_cap);
	dchat->quits[dchat->quit_count++] = token;
	leave_begin(dchat, "quit", 0);
}

static void
perform(struct dchat *dchat, struct pending_command *pending)
{
	struct dchat_command *command = &pending->command;
	struct input input = { .type = INPUT_COMMAND };

	/* After a QUIT as well, though it be from the same turn. */
	if (pending->late || dchat->quit_count > 0) {
		events_error(dchat, command->verb, command->token,
		    ERROR_LEAVING, NULL);
		return;
	}
	input.command.command = command;
	if (has_room(command) && !take_room(dchat, pending, &input))
		return;
	if (command->verb == DCHAT_DM &&
	    !talk_take_direct(dchat, pending,
		pending->to == NULL ? "" : pending->to, &input))
		return;
	switch (command->verb) {
	case DCHAT_SAY:
	case DCHAT_DM:
		if (!refer_take(dchat, pending, &input))
			commands_say(dchat, &input);
		break;
	case DCHAT_TOPIC: agree_topic(dchat, &input); break;
	case DCHAT_NICK: agree_nick(dchat, pending, &input); break;
	case DCHAT_AWAY: do_away(dchat, &input); break;
	case DCHAT_WHO_HAS: talk_who_has(dchat, command); break;
	case DCHAT_HISTORY: do_history(dchat, &input); break;
	case DCHAT_SEARCH: do_search(dchat, &input); break;
	case DCHAT_CONNECT:
		do_connect(dchat, command->token,
		    command->address == NULL ? "" : command->address);
		break;
	case DCHAT_QUIT: do_quit(dchat, command->token); break;
	case DCHAT_EXPORT: export_begin(dchat, &input); break;
	case DCHAT_REMEMBER: notes_remember(dchat, command); break;
	case DCHAT_RECALL: notes_recall(dchat, command); break;
	case DCHAT_JOIN:
	case DCHAT_PART:
	case DCHAT_BACK:
	case DCHAT_ROOMS:
	case DCHAT_MEMBERS:
	case DCHAT_PEERS:
	case DCHAT_TYPING:
	case DCHAT_NET:
	case DCHAT_STATUS:
	case DCHAT_ELECT: host_input(dchat, &input); break;
	}
}

/* Those asked for meanwhile wait for the next turn. */
static void
on_command_turn(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;
	struct pending_command *commands = dchat->commands;
	size_t count = dchat->command_count;

	(void)unused, (void)what;
	dchat->commands = NULL;
	dchat->command_count = dchat->command_cap = 0;
	for (size_t i = 0; i < count; i++) {
		perform(dchat, &commands[i]);
		pending_command_free(&commands[i]);
	}
	free(commands);
	leave_proceed(dchat);
}

void
dchat_submit(struct dchat *dchat, const struct dchat_command *command)
{
	struct pending_command pending = {
		.command = *command,
		.room = mem_text(command->room),
		.text = mem_text(command->text == NULL ? "" : command->text),
		.ref = mem_text(command->ref),
		.address = mem_text(command->address),
		.before = mem_text(command->before),
		.to = mem_text(command->to),
		.msg = mem_text(command->msg),
		.nick = mem_text(command->nick == NULL ? "" : command->nick),
		.name = mem_text(command->name),
		.late = dchat->leaving != LEAVE_NOT,
	};

	pending.command.room = pending.room;
	pending.command.text = pending.text;
	pending.command.ref = pending.ref;
	pending.command.address = pending.address;
	pending.command.before = pending.before;
	pending.command.to = pending.to;
	pending.command.msg = pending.msg;
	pending.command.nick = pending.nick;
	pending.command.name = pending.name;
	MEM_GROW(dchat->commands, dchat->command_count, dchat->command_cap);
	dchat->commands[dchat->command_count++] = pending;
	event_active(dchat->command_turn, 0, 0);
}

bool
commands_waiting(const struct dchat *dchat)
{
	return dchat->command_count > 0 || dchat->say_count > 0 ||
	    dchat->history_count > 0 || dchat->lookup_count > 0 ||
	    dchat->find_count > 0 || dchat->refer_count > 0 ||
	    !node_quiet(dchat->node);
}

static void
on_front_turn(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;

	(void)unused, (void)what;
	dchat->front.turn(dchat->front.self);
}

void
commands_init(struct dchat *dchat)
{
	dchat->command_turn =
	    event_new(dchat->loop, -1, 0, on_command_turn, dchat);
	dchat->front_turn = event_new(dchat->loop, -1, 0, on_front_turn, dchat);
}

void
commands_free(struct dchat *dchat)
{
	for (size_t i = 0; i < dchat->command_count; i++)
		pending_command_free(&dchat->commands[i]);
	for (size_t i = 0; i < dchat->history_count; i++)
		free(dchat->histories[i].text);
	refer_free(dchat);
	free(dchat->commands);
	free(dchat->histories);
	free(dchat->says);
	free(dchat->finds);
	free(dchat->lookups);
	free(dchat->asked);
	free(dchat->tried);
	if (dchat->command_turn != NULL)
		event_free(dchat->command_turn);
	if (dchat->front_turn != NULL)
		event_free(dchat->front_turn);
}
