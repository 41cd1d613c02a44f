#include "core/metadata_wish.h"

#include <stdlib.h>
#include <string.h>

/* -- what a person is told ---------------------------------------------- */

/* Whose topic is shown; NULL: the room does not exist. */
static const struct intent *
shown_of(const struct metadata *m, const struct id *key)
{
	const struct intent *shown =
	    metadata_find_pending(m, INTENT_TOPIC, key);
	const struct item *item = metadata_find(m, key);

	if (shown == NULL)
		shown = item != NULL ? &item->intent
				     : metadata_find_pending(m, INTENT_ROOM,
					   key);
	return shown != NULL && shown->kind == INTENT_NICK ? NULL : shown;
}

bool
metadata_note_room(struct metadata *m, const struct id *key)
{
	const char *topic = metadata_topic(m, key);
	size_t i = 0;

	if (shown_of(m, key) == NULL)
		return false;
	while (i < m->told_count && !id_equal(&m->rooms_told[i].key, key))
		i++;
	if (i < m->told_count && strcmp(m->rooms_told[i].topic, topic) == 0)
		return false;
	if (i == m->told_count) {
		MEM_GROW(m->rooms_told, m->told_count, m->told_cap);
		m->rooms_told[m->told_count++] =
		    (struct told_room){ .key = *key };
	}
	free(m->rooms_told[i].topic);
	m->rooms_told[i].topic = mem_text(topic);
	return true;
}

void
metadata_tell_room(struct metadata *m, const struct id *key,
    struct effects *fx)
{
	const struct intent *shown = shown_of(m, key);
	const struct room *room = rooms_find(m->rooms, key);

	if (metadata_note_room(m, key))
		effects_notify(fx,
		    &(struct dchat_event){
			.type = DCHAT_EVENT_ROOM,
			.room = {
			    .room = effects_text(fx,
				room == NULL ? shown->name : room->name),
			    .topic = effects_text(fx,
				metadata_topic(m, key)),
			    .by = shown->author,
			    .exists = true,
			},
		    });
}

bool
metadata_asked(const struct metadata *m)
{
	for (size_t i = 0; i < m->wish_count; i++)
		if (m->wishes[i].asked)
			return true;
	return false;
}

void
metadata_answer(struct wish *wish, enum error error, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	if (!wish->asked)
		return;
	wish->asked = false;
	if (error == ERROR_NONE) {
		event.ok.verb = wish->verb;
		event.ok.token = wish->token;
	} else {
		event.type = DCHAT_EVENT_ERROR;
		event.error.verb = wish->verb;
		event.error.token = wish->token;
		event.error.code = error;
		event.error.text = error_sentence(error);
	}
	effects_notify(fx, &event);
}

/* -- the disk ----------------------------------------------------------- */

uint64_t
metadata_keep_item(struct metadata *m, const struct held_item *held,
    bool numbered, struct effects *fx)
{
	const struct keep keep = {
		.kind = KEEP_ITEM,
		.item = held->item,
		.seen = held->seen,
		.number = numbered ? m->next_number++ : 0,
	};

	effects_keep(fx, &keep);
	return keep.number;
}

static uint64_t
keep_intent(struct metadata *m, const struct intent *intent, bool forget,
    struct effects *fx)
{
	const struct keep keep = {
		.kind = KEEP_INTENT,
		.intent = intent,
		.joined = !forget,
		.number = forget ? 0 : m->next_number++,
	};

	effects_keep(fx, &keep);
	return keep.number;
}

void
metadata_keep_fence(const struct metadata *m, struct effects *fx)
{
	const struct keep keep = { .kind = KEEP_FENCE, .fence = m->fence };

	effects_keep(fx, &keep);
}

void
metadata_seen(struct metadata *m, const struct id *key, struct effects *fx)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	struct held_item *held = ledger_find(&m->ledger, key);

	if (held == NULL || m->wall - held->seen < DAY_MS)
		return;
	held->seen = m->wall;
	metadata_keep_item(m, held, false, fx);
}

/* -- wishes ------------------------------------------------------------- */

struct wish *
metadata_find_wish(struct metadata *m, const struct id *intent)
{
	for (size_t i = 0; i < m->wish_count; i++)
		if (id_equal(&m->wishes[i].intent->id, intent))
			return &m->wishes[i];
	return NULL;
}

/* The wish is settled: its answer is this. */
void
metadata_settle(struct metadata *m, struct wish *wish, enum error error,
    struct effects *fx)
{
	struct wish settled = *wish;

	MEM_REMOVE(m->wishes, m->wish_count, (size_t)(wish - m->wishes));
	m->shows += settled.pending;
	if (settled.pending)
		keep_intent(m, settled.intent, true, fx);
	if (error == ERROR_NONE && settled.intent->kind == INTENT_NICK) {
		free(m->granted);
		m->granted = mem_text(settled.intent->name);
	}
	metadata_answer(&settled, error, fx);
	/* A topic that was pending in vain makes room for the real one. */
	metadata_tell_room(m, &settled.intent->key, fx);
	intent_free(settled.intent);
}

/* Those that an item settles, as soon as it is stored. */
void
metadata_settle_by(struct metadata *m, const struct held_item *held,
    struct effects *fx)
{
	uint64_t number = 0;

	for (size_t i = 0; i < m->wish_count; i++) {
		struct wish *wish = &m->wishes[i];

		if (wish->settling_number != 0 ||
		    !id_equal(&wish->intent->key, &held->item->key) ||
		    !item_applied(held->item, &wish->intent->id))
			continue;
		if (number == 0)
			number = metadata_keep_item(m, held, true, fx);
		wish->settling_number = number;
	}
}

/* Nobody can decide: shown here, and kept for whoever will. */
void
metadata_make_pending(struct metadata *m, struct wish *wish, struct effects *fx)
{
	wish->pending = true;
	m->shows++;
	wish->pending_number = keep_intent(m, wish->intent, false, fx);
	metadata_tell_room(m, &wish->intent->key, fx);
}

/* One pending nick, one pending topic a room: the last. */
void
metadata_drop_superseded(struct metadata *m, const struct intent *intent,
    struct effects *fx)
{
	for (size_t i = m->wish_count; i-- > 0;) {
		struct wish *wish = &m->wishes[i];

		if (!wish->pending || wish->settling_number != 0 ||
		    wish->intent->kind != intent->kind ||
		    (intent->kind != INTENT_NICK &&
			!id_equal(&wish->intent->key, &intent->key)))
			continue;
		metadata_answer(wish, ERROR_NONE, fx);
		keep_intent(m, wish->intent, true, fx);
		intent_free(wish->intent);
		MEM_REMOVE(m->wishes, m->wish_count, i);
	}
}

enum error
metadata_wish(struct metadata *m, instant_ms now, const struct intent *given,
    const struct dchat_command *command, struct effects *fx)
{
	struct intent intent = *given;
	struct wish wish = {
		.asked = command != NULL,
		.give_up_at = now + METADATA_PATIENCE_MS,
		.again_at = NEVER,
	};

	if (m->wish_count >= LIMIT_WISHES)
		return ERROR_BUSY;
	if (command != NULL) {
		wish.verb = command->verb;
		wish.token = command->token;
	}
	for (size_t i = 0; i < ID_BYTES; i++)
		intent.id.bytes[i] = (uint8_t)rng_below(m->rng, 256);
	intent.author = m->self;
	intent.sealed = (struct sealed){ .body = NULL };
	if (intent.text == NULL)
		intent.text = "";
	wish.intent = intent_clone(&intent);
	MEM_GROW(m->wishes, m->wish_count, m->wish_cap);
	m->wishes[m->wish_count++] = wish;
	effects_seal_intent(fx, &intent);
	return ERROR_NONE;
}
