/*
 * remember: what the store keeps from one run to the next, as the core
 * knows it.
 *
 * The store has facts of bytes; here they become records, addresses, a
 * nick, and back.
 */
#ifndef DCHAT_HOST_REMEMBER_H
#define DCHAT_HOST_REMEMBER_H

#include "core/effect.h"
#include "host/settings.h"
#include "store/store.h"

struct remembered {
	struct node_past past; /* for node_new() */
	const char *nick;      /* NULL: none */
	struct arena arena;    /* it lies here and in the store */
};

/* What of the store's past can be read; the rest is as if it never was. */
void remember_recall(struct remembered *remembered,
    const struct store_past *past, const uint8_t tag[8]);
void remember_free(struct remembered *remembered);

/* EFFECT_KEEP */
void remember_keep(struct store *store, const struct keep *keep);

/* As granted, or as chosen at a start. */
void remember_nick(struct store *store, const char *nick);

#endif
