/*
 * What is said is sealed and goes to the disk, from where the core sends it.
 * A room publishes one bundle at a time and collects meanwhile what else is
 * said, so here is the place to let the links catch up: where they are
 * crowded the next bundle waits, its room says more in it, and who says it
 * all (headless: who writes the commands) is held up in turn.  Without that
 * one who talks faster than TLS and the peers can bear would fill queues
 * whose overflow the others have to fetch, slowly, by sync.
 */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/seal.h"
#include "host/host.h"
#include "wire/body.h"

enum {
	LOOK_MS = 2,   /* so often it is looked again; at most */
	WAIT_MS = 500, /* a bundle waits, whoever reads slowly */
};

static void
publish(struct dchat *dchat, const struct bundle *bundle)
{
	struct bundle sealed = *bundle;

	bytes_clear(&dchat->body);
	if (!body_encode_bundle(bundle, dchat->settings.tag, &dchat->body)) {
		struct input input = { .type = INPUT_FAILED };

		dchat->counters.publish_failed++;
		input.failed.what = EFFECT_PUBLISH;
		input.failed.room = bundle->room;
		input.failed.error = ERROR_TOO_LONG;
		host_input(dchat, &input);
		return;
	}
	sealed.sealed.body = dchat->body.data;
	sealed.sealed.size = dchat->body.size;
	memcpy(sealed.sealed.key, identity_public_key(dchat->profile.identity),
	    KEY_BYTES);
	seal_sign(dchat->profile.identity, dchat->body.data, dchat->body.size,
	    sealed.sealed.signature);
	seal_hash(dchat->body.data, dchat->body.size, &sealed.hash);
	dchat->counters.published++;
	store_put(dchat->store, &sealed);
}

static void
look_again(struct dchat *dchat)
{
	const struct timeval after = { 0, LOOK_MS * 1000 };

	if (dchat->publish_count > 0)
		event_add(dchat->publish_timer, &after);
}

static void
on_look(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;

	(void)unused, (void)what;
	while (dchat->publish_count > 0) {
		struct pending_publish first = dchat->publishes[0];
		instant_ms now = clock_now();

		if (now < first.by && mesh_crowded(dchat->mesh, now))
			break;
		MEM_REMOVE(dchat->publishes, dchat->publish_count, 0);
		publish(dchat, first.bundle);
		bundle_free(first.bundle);
	}
	look_again(dchat);
}

void
publish_bundle(struct dchat *dchat, const struct bundle *bundle)
{
	instant_ms now = clock_now();

	if (dchat->publish_count == 0 && !mesh_crowded(dchat->mesh, now)) {
		publish(dchat, bundle);
		return;
	}
	MEM_GROW(dchat->publishes, dchat->publish_count, dchat->publish_cap);
	dchat->publishes[dchat->publish_count++] = (struct pending_publish){
		.bundle = bundle_clone(bundle),
		.by = now + WAIT_MS,
	};
	look_again(dchat);
}

void
publish_init(struct dchat *dchat)
{
	dchat->publish_timer = event_new(dchat->loop, -1, 0, on_look, dchat);
}

void
publish_free(struct dchat *dchat)
{
	for (size_t i = 0; i < dchat->publish_count; i++)
		bundle_free(dchat->publishes[i].bundle);
	free(dchat->publishes);
	if (dchat->publish_timer != NULL)
		event_free(dchat->publish_timer);
}
