/*
 * metadata_wish: own intents until they are settled, and what a person is
 * told of them; the parts of metadata.c that need each other, for nobody
 * else.
 */
#ifndef DCHAT_CORE_METADATA_WISH_H
#define DCHAT_CORE_METADATA_WISH_H

#include "core/metadata.h"

/* Alone and never elected. */
bool metadata_provisional(const struct metadata *m);

/* The newest that is pending, of a key (NULL: any); NULL: none. */
const struct intent *metadata_find_pending(const struct metadata *m,
    enum intent_kind kind, const struct id *key);

/* Takes down what is shown of a room now; false: it was told like that. */
bool metadata_note_room(struct metadata *m, const struct id *key);
/* The ROOM event, if the room is shown otherwise than was told. */
void metadata_tell_room(struct metadata *m, const struct id *key,
    struct effects *fx);

/* Returns the number of the KEEP, or 0. */
uint64_t metadata_keep_item(struct metadata *m, const struct held_item *held,
    bool numbered, struct effects *fx);
void metadata_keep_fence(const struct metadata *m, struct effects *fx);

/* NULL: it is settled, or was never mine. */
struct wish *metadata_find_wish(struct metadata *m, const struct id *intent);

/* Answers whoever waits for it, once; the wish stays. */
void metadata_answer(struct wish *wish, enum error error, struct effects *fx);

/* The wish is settled and forgotten: its answer is this. */
void metadata_settle(struct metadata *m, struct wish *wish, enum error error,
    struct effects *fx);

/* Those that an item settles, as soon as it is stored. */
void metadata_settle_by(struct metadata *m, const struct held_item *held,
    struct effects *fx);

/* Nobody can decide: shown here, and kept for whoever will. */
void metadata_make_pending(struct metadata *m, struct wish *wish,
    struct effects *fx);

/* One pending nick, one pending topic a room: the last. */
void metadata_drop_superseded(struct metadata *m,
    const struct intent *intent, struct effects *fx);

#endif
