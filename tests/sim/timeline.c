#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

void
timeline_note(struct sim *sim, const struct sim_node *node, const char *format,
    ...)
{
	char line[5000], head[64];
	va_list arguments;
	int size;

	if (!sim->fx.tracing)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	shiviz_event(sim, node, line);
	if (!sim->options.tracing)
		return;
	size = snprintf(head, sizeof head,
	    "[%5lld] %s: ", (long long)sim_now(sim), node->name);
	bytes_append(&sim->timeline, head, (size_t)size);
	bytes_append_text(&sim->timeline, line);
	bytes_append_text(&sim->timeline, "\n");
}

static const struct sim_node *
node_with_short(const struct sim *sim, const char *text)
{
	char name[ID_SHORT_TEXT];

	for (unsigned i = 0; i < sim->count; i++)
		if (strncmp(id_format_short(&sim->nodes[i].id, name), text,
			ID_SHORT_TEXT - 1) == 0)
			return &sim->nodes[i];
	return NULL;
}

/* Short ids become names. */
void
timeline_trace(struct sim *sim, const struct sim_node *node, const char *trace)
{
	char line[1024];
	size_t size = 0;

	if (!sim->fx.tracing)
		return;
	while (*trace != '\0' && size + sizeof node->name < sizeof line) {
		const struct sim_node *other = node_with_short(sim, trace);

		if (other == NULL) {
			line[size++] = *trace++;
			continue;
		}
		size += (size_t)snprintf(line + size, sizeof line - size, "%s",
		    other->name);
		trace += ID_SHORT_TEXT - 1;
	}
	line[size] = '\0';
	timeline_note(sim, node, "%s", line);
}

static const char *
name_of(const struct sim *sim, const struct id *id)
{
	int index = sim_index_of(sim, id);

	return index < 0 ? "nobody" : sim->nodes[index].name;
}

static void
note_leader(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	timeline_note(sim, node, "leader: %s, term %llu%s",
	    name_of(sim, &event->leader.id),
	    (unsigned long long)event->leader.term,
	    event->leader.provisional ? ", provisional" : "");
}

static void
note_partition(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	bool healed = event->partition.healed_count > 0;
	const struct id *ids =
	    healed ? event->partition.healed : event->partition.lost;
	size_t count = healed ? event->partition.healed_count
			      : event->partition.lost_count;
	char names[512];
	size_t size = 0;

	names[0] = '\0';
	for (size_t i = 0; i < count && size + 20 < sizeof names; i++)
		size += (size_t)snprintf(names + size, sizeof names - size,
		    " %s", name_of(sim, &ids[i]));
	if (healed)
		timeline_note(sim, node, "partition: healed%s, merged %zu",
		    names, event->partition.merged);
	else
		timeline_note(sim, node, "partition: lost%s", names);
}

void
timeline_event(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	switch (event->type) {
	case DCHAT_EVENT_PEER:
		timeline_note(sim, node, "peer: %s %s (%s)",
		    name_of(sim, &event->peer.id),
		    member_state_name(event->peer.state), event->peer.reason);
		break;
	case DCHAT_EVENT_LEADER: note_leader(sim, node, event); break;
	case DCHAT_EVENT_JOINED:
	case DCHAT_EVENT_PARTED:
		timeline_note(sim, node, "%s: %s %s",
		    event->type == DCHAT_EVENT_JOINED ? "joined" : "parted",
		    name_of(sim, &event->membership.id),
		    event->membership.room);
		break;
	case DCHAT_EVENT_MESSAGE:
		timeline_note(sim, node, "message: <%s> %s%s%s",
		    name_of(sim, &event->message.author), event->message.text,
		    event->message.late ? " (late)" : "",
		    event->message.gap ? " (gap)" : "");
		break;
	case DCHAT_EVENT_DELIVERED:
		timeline_note(sim, node, "delivered: %u/%u",
		    event->delivered.have, event->delivered.of);
		break;
	case DCHAT_EVENT_HELD:
		timeline_note(sim, node, "held: %zu of %s", event->held.count,
		    name_of(sim, &event->held.author));
		break;
	case DCHAT_EVENT_FETCHING:
		timeline_note(sim, node, "fetching: %llu more",
		    (unsigned long long)event->fetching.left);
		break;
	case DCHAT_EVENT_TYPING:
		timeline_note(sim, node, "typing: %s",
		    name_of(sim, &event->typing.id));
		break;
	case DCHAT_EVENT_ERROR:
		timeline_note(sim, node, "error: %s",
		    error_name(event->error.code));
		break;
	case DCHAT_EVENT_WARNING:
		timeline_note(sim, node, "warning: %s", event->warning.code);
		break;
	case DCHAT_EVENT_ROOM:
		timeline_note(sim, node, "room: %s \"%s\" by %s",
		    event->room.room, event->room.topic,
		    name_of(sim, &event->room.by));
		break;
	case DCHAT_EVENT_NICK:
		timeline_note(sim, node, "nick: %s is %s (%s)",
		    event->nick.old, event->nick.nick, event->nick.reason);
		break;
	case DCHAT_EVENT_AWAY:
		timeline_note(sim, node, "away: %s %s",
		    name_of(sim, &event->away.id),
		    event->away.text == NULL ? "is back" : event->away.text);
		break;
	case DCHAT_EVENT_PARTITION: note_partition(sim, node, event); break;
	case DCHAT_EVENT_READY:
	case DCHAT_EVENT_OK:
	case DCHAT_EVENT_ELECTION: /* the trace says it better */
	case DCHAT_EVENT_BYE: break;
	}
}

static void
describe_leadership(const struct sim *sim, const struct leadership *leadership,
    char text[static 64])
{
	snprintf(text, 64, "%s%s, term %llu", name_of(sim, &leadership->leader),
	    leadership->established ? "" : "?",
	    (unsigned long long)leadership->term);
}

static void
describe(const struct sim *sim, const struct frame *frame,
    char text[static 128])
{
	const struct leadership elected = {
		.term = frame->elected.term,
		.leader = frame->elected.leader.id,
		.established = true,
	};

	text[0] = '\0';
	switch (frame->type) {
	case FRAME_PING:
	case FRAME_PONG:
		describe_leadership(sim, &frame->ping.leadership, text);
		break;
	case FRAME_LEADER:
		describe_leadership(sim, &frame->leader, text);
		break;
	case FRAME_ELECTED: describe_leadership(sim, &elected, text); break;
	case FRAME_PROBE:
		snprintf(text, 128, "%s, term %llu, phase %u, hop %u, %s",
		    name_of(sim, &frame->probe.candidate.id),
		    (unsigned long long)frame->probe.term, frame->probe.phase,
		    frame->probe.hop, cause_name(frame->probe.cause));
		break;
	case FRAME_REPLY:
		snprintf(text, 128, "%s, term %llu, phase %u",
		    name_of(sim, &frame->reply.candidate.id),
		    (unsigned long long)frame->reply.term, frame->reply.phase);
		break;
	case FRAME_MEMBER:
		snprintf(text, 128, "%s is %s (%s), run %llu, %llu",
		    name_of(sim, &frame->member.id),
		    member_state_name(frame->member.state),
		    reason_name(frame->member.reason),
		    (unsigned long long)frame->member.start,
		    (unsigned long long)frame->member.incarnation);
		break;
	case FRAME_BUNDLE:
		snprintf(text, 128, "%s:%llu%s",
		    name_of(sim, &frame->bundle.bundle.stream.author),
		    (unsigned long long)frame->bundle.bundle.seq,
		    frame->bundle.backlog ? ", backlog" : "");
		break;
	default: break;
	}
}

void
timeline_frame(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct frame *frame)
{
	char text[128];

	if (!sim->options.frames)
		return;
	describe(sim, frame, text);
	timeline_note(sim, node, "%s from %s: %s", frame_type_name(frame->type),
	    from->name, text);
}

static bool
begins_with_one_of(const char *text, const char *words)
{
	while (*words != '\0') {
		size_t size = strcspn(words, " ");

		if (size > 0 && strncmp(text, words, size) == 0)
			return true;
		words += size + (words[size] == ' ');
	}
	return false;
}

char *
sim_timeline(const struct sim *sim, const char *words)
{
	const char *at = (const char *)sim->timeline.data;
	const char *end = at + sim->timeline.size;
	struct bytes out;

	bytes_init(&out);
	while (at < end) {
		size_t size = (size_t)((const char *)memchr(at, '\n',
					   (size_t)(end - at)) +
		    1 - at);
		/* behind "[time] name: " */
		const char *text = strstr(strchr(at, ']') + 2, ": ") + 2;

		if (words == NULL || begins_with_one_of(text, words))
			bytes_append(&out, at, size);
		at += size;
	}
	bytes_append(&out, "", 1);
	return (char *)out.data;
}

char *
sim_shiviz(const struct sim *sim)
{
	struct bytes out;

	bytes_init(&out);
	bytes_append(&out, sim->shiviz.data, sim->shiviz.size);
	bytes_append(&out, "", 1);
	return (char *)out.data;
}

void
sim_clear_timeline(struct sim *sim)
{
	bytes_clear(&sim->timeline);
}
