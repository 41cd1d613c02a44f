/*
 * trace: inputs and effects as lines of the log, with -vv.
 *
 *   < receive k3vq2a bundle        > send k3vq2a,mx72pd ping
 *
 * and as data, of which the run can be played again (dchat-sim --replay):
 * what the node was made of, each input, and the digest of its effects.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "host/host.h"
#include "wire/digest.h"
#include "wire/tape.h"

enum { LINE = 240 };

static const char *const inputs[] = {
	[INPUT_START] = "start",
	[INPUT_RECEIVE] = "receive",
	[INPUT_LINK_UP] = "link_up",
	[INPUT_LINK_DOWN] = "link_down",
	[INPUT_HEARD] = "heard",
	[INPUT_DEADLINE] = "deadline",
	[INPUT_COMMAND] = "command",
	[INPUT_SEALED] = "sealed",
	[INPUT_INTENT_SEALED] = "intent_sealed",
	[INPUT_KEPT] = "kept",
	[INPUT_PUBLISHED] = "published",
	[INPUT_STORED] = "stored",
	[INPUT_FETCHED] = "fetched",
	[INPUT_FAILED] = "failed",
	[INPUT_RESUMED] = "resumed",
	[INPUT_INTERFACES] = "interfaces",
	[INPUT_LEAVE] = "leave",
	[INPUT_OLDER] = "older",
};

static const char *const effects[] = {
	[EFFECT_SEND] = "send",
	[EFFECT_SEND_MANY] = "send",
	[EFFECT_DIAL] = "dial",
	[EFFECT_HANGUP] = "hangup",
	[EFFECT_BEACON] = "beacon",
	[EFFECT_SEAL] = "seal",
	[EFFECT_SEAL_INTENT] = "seal_intent",
	[EFFECT_PUBLISH] = "publish",
	[EFFECT_STORE] = "store",
	[EFFECT_KEEP] = "keep",
	[EFFECT_FETCH] = "fetch",
	[EFFECT_OLDER] = "older",
	[EFFECT_NOTIFY] = "notify",
	[EFFECT_TRACE] = "trace",
};

static const char *const keeps[] = {
	[KEEP_ROOM] = "room",
	[KEEP_READ] = "read position",
	[KEEP_BASES] = "bases",
	[KEEP_EPOCH] = "epoch",
	[KEEP_RECORD] = "record",
	[KEEP_ADDRESS] = "address",
	[KEEP_RECEIPT] = "receipt",
	[KEEP_ITEM] = "item",
	[KEEP_FENCE] = "fence",
	[KEEP_INTENT] = "intent",
};

static const char *
short_id(const struct id *id, char text[static ID_SHORT_TEXT])
{
	return id_is_none(id) ? "-" : id_format_short(id, text);
}

static void
describe_bundle(const struct bundle *bundle, char detail[static LINE])
{
	char author[ID_SHORT_TEXT], room[ID_SHORT_TEXT];

	snprintf(detail, LINE, "%s #%s seq %" PRIu64 " of %zu",
	    short_id(&bundle->stream.author, author),
	    short_id(&bundle->room, room), bundle->seq, bundle->message_count);
}

static void
describe_input(const struct input *input, char detail[static LINE])
{
	char id[ID_SHORT_TEXT], address[ADDRESS_TEXT];

	switch (input->type) {
	case INPUT_RECEIVE:
		snprintf(detail, LINE, "%s %s",
		    short_id(&input->receive.from, id),
		    frame_type_name(input->receive.frame->type));
		break;
	case INPUT_LINK_UP:
		snprintf(detail, LINE, "%s start %" PRIu64 " at %s",
		    short_id(&input->link_up.peer, id), input->link_up.start,
		    address_format(&input->link_up.address, address));
		break;
	case INPUT_LINK_DOWN:
		snprintf(detail, LINE, "%s %s",
		    short_id(&input->link_down.peer, id),
		    reason_name(input->link_down.why));
		break;
	case INPUT_HEARD:
		snprintf(detail, LINE, "%s at %s%s",
		    short_id(&input->heard.peer, id),
		    address_format(&input->heard.from, address),
		    input->heard.goodbye ? " goodbye" : "");
		break;
	case INPUT_COMMAND:
		snprintf(detail, LINE, "%s",
		    dchat_verb_name(input->command.command->verb));
		break;
	case INPUT_PUBLISHED:
	case INPUT_STORED: describe_bundle(input->bundle, detail); break;
	case INPUT_OLDER:
		snprintf(detail, LINE, "#%s, %u messages",
		    short_id(&input->older.room, id), input->older.messages);
		break;
	case INPUT_FETCHED:
		snprintf(detail, LINE, "for %s: %zu bundles, %zu bases",
		    short_id(&input->fetched.to, id), input->fetched.count,
		    input->fetched.base_count);
		break;
	case INPUT_FAILED:
		snprintf(detail, LINE, "%s %s %s", effects[input->failed.what],
		    short_id(&input->failed.peer, id),
		    reason_name(input->failed.why));
		break;
	case INPUT_START:
	case INPUT_DEADLINE:
	case INPUT_SEALED:
	case INPUT_INTENT_SEALED:
	case INPUT_KEPT:
	case INPUT_RESUMED:
	case INPUT_INTERFACES:
	case INPUT_LEAVE: break;
	}
}

static void
describe_send(const struct effect *effect, char detail[static LINE])
{
	size_t used = 0;
	char id[ID_SHORT_TEXT];

	for (size_t i = 0; i < effect->send.count && i < 8; i++)
		used += (size_t)snprintf(detail + used, LINE - used, "%s%s",
		    i == 0 ? "" : ",", short_id(&effect->send.to[i], id));
	if (effect->send.count > 8)
		used += (size_t)snprintf(detail + used, LINE - used, ",..%zu",
		    effect->send.count);
	snprintf(detail + used, LINE - used, " %s",
	    frame_type_name(effect->send.frame->type));
}

static void
describe_effect(const struct effect *effect, char detail[static LINE])
{
	static const char *const kinds[] = {
		[BEACON_ANNOUNCE] = "announce",
		[BEACON_REPLY] = "reply",
		[BEACON_GOODBYE] = "goodbye",
	};
	char id[ID_SHORT_TEXT], other[ID_SHORT_TEXT], address[ADDRESS_TEXT];

	switch (effect->type) {
	case EFFECT_SEND:
	case EFFECT_SEND_MANY: describe_send(effect, detail); break;
	case EFFECT_DIAL:
		if (!id_is_none(&effect->dial.via))
			snprintf(detail, LINE, "%s over %s",
			    short_id(&effect->dial.peer, id),
			    short_id(&effect->dial.via, other));
		else
			snprintf(detail, LINE, "%s at %s",
			    short_id(&effect->dial.peer, id),
			    address_format(&effect->dial.address, address));
		break;
	case EFFECT_HANGUP:
		snprintf(detail, LINE, "%s %s",
		    short_id(&effect->hangup.peer, id),
		    reason_name(effect->hangup.why));
		break;
	case EFFECT_BEACON:
		snprintf(detail, LINE, "%s", kinds[effect->beacon.kind]);
		break;
	case EFFECT_SEAL:
		snprintf(detail, LINE, "version %" PRIu64,
		    effect->seal->version);
		break;
	case EFFECT_PUBLISH:
	case EFFECT_STORE: describe_bundle(effect->bundle, detail); break;
	case EFFECT_KEEP:
		snprintf(detail, LINE, "%s", keeps[effect->keep->kind]);
		break;
	case EFFECT_OLDER:
		snprintf(detail, LINE, "#%s%s, %" PRIu64 " %s",
		    short_id(&effect->older.room, id),
		    effect->older.more ? ", and more" : "",
		    effect->older.left, effect->older.lost ? "lost" : "left");
		break;
	case EFFECT_FETCH:
		snprintf(detail, LINE, "%s for %s",
		    effect->fetch.kind == FETCH_TAIL ? "tail" : "ranges",
		    short_id(&effect->fetch.to, id));
		break;
	case EFFECT_SEAL_INTENT:
		snprintf(detail, LINE, "%s \"%s\"",
		    intent_kind_name(effect->intent->kind),
		    effect->intent->name);
		break;
	case EFFECT_NOTIFY:
		snprintf(detail, LINE, "%s",
		    dchat_event_name(effect->event->type));
		break;
	case EFFECT_TRACE: snprintf(detail, LINE, "%s", effect->trace); break;
	}
}

/* -- data ---------------------------------------------------------------- */

static void
write_tape(struct dchat *dchat, const char *head, const struct bytes *tape)
{
	struct bytes text;

	bytes_init(&text);
	base64_put(&text, tape->data, tape->size);
	bytes_append(&text, "", 1);
	log_data(&dchat->log, LOG_TRACE, head, (const char *)text.data);
	bytes_free(&text);
}

void
trace_options(struct dchat *dchat, const struct node_options *options)
{
	struct node_options copy = *options;
	struct tape tape;
	struct bytes out;

	if (!log_wants(&dchat->log, LOG_TRACE))
		return;
	bytes_init(&out);
	memcpy(tape.tag, dchat->settings.tag, sizeof tape.tag);
	tape_record(&tape, &out);
	tape_options(&tape, &copy);
	write_tape(dchat, "| options", &out);
	bytes_free(&out);
}

static void
record_input(struct dchat *dchat, const struct input *input)
{
	struct input copy = *input;
	struct tape tape;
	struct bytes out;

	bytes_init(&out);
	tape_record(&tape, &out);
	tape_input(&tape, &copy);
	write_tape(dchat, "| input", &out);
	bytes_free(&out);
}

void
trace_effects(struct dchat *dchat)
{
	uint64_t digest = HASH_START;

	if (!log_wants(&dchat->log, LOG_TRACE))
		return;
	for (size_t i = 0; i < dchat->fx.count; i++)
		digest = digest_effect(digest, &dchat->fx.items[i]);
	log_line(&dchat->log, LOG_TRACE, "| effects %016" PRIx64, digest);
}

/* -- lines --------------------------------------------------------------- */

void
trace_input(struct dchat *dchat, const struct input *input)
{
	char detail[LINE] = "";

	if (!log_wants(&dchat->log, LOG_TRACE))
		return;
	describe_input(input, detail);
	log_line(&dchat->log, LOG_TRACE, "< %s %s", inputs[input->type],
	    detail);
	record_input(dchat, input);
}

void
trace_effect(struct dchat *dchat, const struct effect *effect)
{
	char detail[LINE] = "";

	if (!log_wants(&dchat->log, LOG_TRACE))
		return;
	describe_effect(effect, detail);
	log_line(&dchat->log, LOG_TRACE, "> %s %s", effects[effect->type],
	    detail);
}
