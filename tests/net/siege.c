#include "tests/net/siege.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "crypto/names.h"
#include "tests/support/lan.h"

#if defined(__SANITIZE_ADDRESS__)
enum { RSS_MIB = 400 }; /* shadow and quarantine included */
#else
enum { RSS_MIB = 64 };
#endif

struct siege siege;

/* -- the honest ---------------------------------------------------------- */

struct peer *
siege_start(const char *nick)
{
	const char *arguments[] = { "--ephemeral", "--nick", nick, NULL };

	return peer_start(&siege.crowd, NULL, arguments);
}

uint16_t
siege_port(struct peer *peer)
{
	const struct heard *ready = peer_last(peer, "ready");

	if (ready == NULL)
		ready = peer_await(&siege.crowd, peer, "ready", NULL, NULL,
		    SOON_MS);
	ck_assert_ptr_nonnull(ready);
	return (uint16_t)json_integer_value(
	    json_object_get(ready->event, "port"));
}

json_t *
siege_status(struct peer *peer)
{
	json_t *status =
	    peer_ask(&siege.crowd, peer, SOON_MS, "{s:s}", "cmd", "status");

	ck_assert_msg(status != NULL && event_is(status, "ok"),
	    "no answer to status; %s", peer->pid == 0 ? "it died" : "it hangs");
	return status;
}

static bool
has_ring(struct crowd *all, void *argument)
{
	size_t count = *(size_t *)argument;

	for (size_t i = 0; i < all->count; i++)
		if (json_array_size(
			json_object_get(siege_status(&all->peers[i]),
			    "ring")) != count)
			return false;
	return true;
}

void
siege_await_ring(size_t count)
{
	ck_assert_msg(crowd_await(&siege.crowd, PATIENCE_MS, has_ring, &count),
	    "no ring of %zu everywhere", count);
	ck_assert_msg(crowd_await(&siege.crowd, PATIENCE_MS, crowd_agrees,
			  NULL),
	    "no leader that all name");
}

json_int_t
siege_counter(struct peer *peer, const char *name)
{
	return json_integer_value(
	    json_object_get(json_object_get(siege_status(peer), "counters"),
		name));
}

struct counted {
	const char *name;
	json_int_t least;
};

static bool
has_counted(struct crowd *all, void *argument)
{
	const struct counted *counted = argument;

	(void)all;
	return siege_counter(siege.ana, counted->name) >= counted->least;
}

void
siege_await_rejected(json_int_t least)
{
	struct counted counted = { "rejected", least };

	ck_assert_msg(crowd_await(&siege.crowd, SOON_MS, has_counted, &counted),
	    "only %d were rejected", (int)siege_counter(siege.ana, "rejected"));
}

bool
siege_is_shown(struct crowd *all, void *argument)
{
	for (size_t i = 0; i < HONEST; i++)
		if (peer_count_text(&all->peers[i], argument) == 0)
			return false;
	return true;
}

void
siege_talk(void)
{
	static unsigned number;
	char text[64];

	for (size_t i = 0; i < HONEST; i++) {
		snprintf(text, sizeof text, "still here %u", ++number);
		peer_send(&siege.crowd.peers[i], "{s:s, s:s, s:s}", "cmd",
		    "say", "room", "#lobby", "text", text);
		ck_assert_msg(crowd_await(&siege.crowd, PATIENCE_MS,
				  siege_is_shown, text),
		    "\"%s\" is not shown everywhere", text);
	}
}

static size_t
rss_mib(const struct peer *peer)
{
	char path[64], line[256];
	size_t kib = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)peer->pid);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "VmRSS: %zu kB", &kib) == 1)
			break;
	fclose(file);
	return kib / 1024;
}

void
siege_check_health(void)
{
	siege_status(siege.ana);
	siege_talk();
	ck_assert_msg(rss_mib(siege.ana) < RSS_MIB, "it takes %zu MiB",
	    rss_mib(siege.ana));
}

static void
setup(void)
{
	arena_init(&siege.arena);
	foe_init(&siege.foe, "lan");
	siege.ana = siege_start("ana");
	siege.bob = siege_start("bob");
	siege.eve = siege_start("eve");
	siege.port = siege_port(siege.ana);
	siege_await_ring(HONEST);
}

static void
teardown(void)
{
	for (size_t i = 0; i < siege.crowd.count; i++)
		peer_send_line(&siege.crowd.peers[i], "{\"cmd\":\"quit\"}\n");
	for (size_t i = 0; i < siege.crowd.count; i++) {
		ck_assert(peer_await_end(&siege.crowd, &siege.crowd.peers[i],
		    PATIENCE_MS));
		/* 9: the test itself killed it */
		if (siege.crowd.peers[i].status != SIGKILL)
			ck_assert_int_eq(siege.crowd.peers[i].status, 0);
	}
	crowd_end(&siege.crowd);
	foe_free(&siege.foe);
	arena_free(&siege.arena);
}

/* -- the foe inside ------------------------------------------------------ */

void
siege_join(struct foe_link *link)
{
	ck_assert(foe_join(&siege.foe, link, siege.port));
}

struct bundle
siege_bundle(struct id author, uint64_t epoch, uint64_t seq, const char *text)
{
	struct message *message = arena_alloc(&siege.arena, sizeof *message);
	struct bundle bundle = {
		.stream = { author, epoch },
		.seq = seq,
		.nonce = 1,
		.hlc = (UINT64_C(1700000000000) + seq) << 16,
		.messages = message,
		.message_count = 1,
	};

	*message = (struct message){ KIND_TEXT, text, "" };
	names_room_id(siege.foe.tag, "#lobby", &bundle.room);
	return bundle;
}

void
siege_send_bundle(struct foe_link *link, struct bundle *bundle)
{
	struct frame frame = { .type = FRAME_BUNDLE };

	foe_seal_bundle(&siege.foe, bundle, &siege.arena);
	frame.bundle.bundle = *bundle;
	foe_send(link, &frame);
}

/* -- running ------------------------------------------------------------- */

int
siege_run(char **argv, const char *name, void (*add)(TCase *tests))
{
	Suite *suite = suite_create(name);
	TCase *tests = tcase_create(name);
	struct rlimit files;
	SRunner *runner;
	int failed;

	lan_enter(argv);
	setenv("ASAN_OPTIONS", "halt_on_error=1:quarantine_size_mb=16", 1);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	tcase_set_timeout(tests, 150);
	tcase_add_checked_fixture(tests, setup, teardown);
	add(tests);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
