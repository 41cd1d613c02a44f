/*
 * remember_items: metadata (core/metadata) as facts of the store and back;
 * the part of host/remember that knows the codec.
 */
#ifndef DCHAT_HOST_REMEMBER_ITEMS_H
#define DCHAT_HOST_REMEMBER_ITEMS_H

#include "host/remember.h"

/* False, NULL, nothing: it cannot be read. */
bool recall_item(struct remembered *remembered, const struct store_fact *fact,
    const uint8_t tag[8], struct past_item *item);
const struct intent *recall_intent(struct remembered *remembered,
    const struct store_fact *fact, const uint8_t tag[8]);
void recall_fence(struct remembered *remembered,
    const struct store_fact *fact, const uint8_t tag[8]);

/* KEEP_ITEM, KEEP_FENCE, KEEP_INTENT */
void remember_item(struct store *store, const struct keep *keep);
void remember_fence(struct store *store, const struct keep *keep);
void remember_intent(struct store *store, const struct keep *keep);

#endif
