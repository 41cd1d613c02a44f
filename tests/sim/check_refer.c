/*
 * refer: replies, reactions, edits and deletes, said at the same time on both
 * sides of cuts, come to the same at everybody; and nobody is shown one
 * before the message that it is about.
 *
 *   SEEDS=n  so many      SEED=s  just this one
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amend.h"
#include "base/mem.h"
#include "base/rng.h"
#include "tests/sim/checkers.h"
#include "tests/sim/sim.h"

enum {
	SECOND = 1000,
	NODES = 5,
	SAID_MOST = 512,
	ACTIONS = 240, /* of all together */
	TARGETS = 6,   /* the last so many are talked about */
	SEEDS_USUAL = 40,
};

/* What one person knows. */
static struct person {
	struct amends amends;
	struct {
		char msg[MSG_TEXT];
		struct id author;
	} said[SAID_MOST]; /* what can be referred to, as it came */
	size_t count, early;
	bool gap;
} people[NODES];

static struct sim *sim;
static struct rng rng;
static uint64_t amended;

static void
begin(uint64_t seed)
{
	/* by names of different orders, so that ties go either way */
	sim = sim_new(&(struct sim_options){
	    .nodes = NODES,
	    .seed = seed,
	    .shuffled = true,
	});
	sim->weather.loss = 0.02;
	sim->weather.duplication = 0.02;
	sim->weather.reordering = 0.05;
	rng = rng_seeded(seed);
}

static void
end(void)
{
	for (size_t i = 0; i < NODES; i++)
		amends_free(&people[i].amends);
	memset(people, 0, sizeof people);
	sim_destroy(sim);
}

/* -- what is shown ---------------------------------------------------------- */

static bool
knows(const struct person *person, const char *msg)
{
	for (size_t i = 0; i < person->count; i++)
		if (strcmp(person->said[i].msg, msg) == 0)
			return true;
	return false;
}

static void
on_shown(void *self, unsigned node, const struct dchat_message *message)
{
	struct person *person = &people[node];

	(void)self;
	person->gap |= message->gap;
	if (message->ref[0] != '\0' && !knows(person, message->ref))
		person->early++;
	if (message_kind_refers(message->kind) && message->kind != KIND_REPLY) {
		amends_take(&person->amends, message);
		amended++;
		return;
	}
	if (person->count == SAID_MOST)
		return;
	memcpy(person->said[person->count].msg, message->msg, MSG_TEXT);
	person->said[person->count++].author = message->author;
}

/* -- what is done ------------------------------------------------------------ */

static unsigned
draw(unsigned below)
{
	return (unsigned)rng_below(&rng, below);
}

/* One of the last that the person was shown; own: that they said. */
static const char *
draw_target(unsigned node, bool own)
{
	const struct person *person = &people[node];
	const char *found[TARGETS];
	size_t count = 0;

	for (size_t i = person->count; i-- > 0 && count < TARGETS;)
		if (!own ||
		    id_equal(&person->said[i].author, &sim->nodes[node].id))
			found[count++] = person->said[i].msg;
	return count > 0 ? found[draw((unsigned)count)] : NULL;
}

static void
act(unsigned number)
{
	static const char *const reactions[] = { "+1", "wow", "" };
	unsigned node = draw(NODES), what = draw(10);
	bool own = what >= 5;
	const char *target = draw_target(node, own);
	char text[32];

	snprintf(text, sizeof text, "%u by %u", number, node);
	if (target == NULL || what == 0)
		sim_say(sim, node, "#lobby", text);
	else if (what == 1)
		sim_refer(sim, node, "#lobby", KIND_REPLY, target, text);
	else if (what < 5)
		sim_refer(sim, node, "#lobby", KIND_REACTION, target,
		    reactions[draw(3)]);
	else if (what < 9)
		sim_refer(sim, node, "#lobby", KIND_EDIT, target, text);
	else
		sim_refer(sim, node, "#lobby", KIND_DELETE, target, "");
}

static void
talk(void)
{
	for (unsigned i = 0; i < ACTIONS; i++) {
		/* a cut of a few seconds, now and then */
		if (i % 60 == 30)
			sim_partition(sim,
			    draw(2) == 0 ? "ana bob" : "ana cem eva");
		if (i % 60 == 59)
			sim_heal(sim);
		act(i);
		sim_run(sim, draw(200));
	}
	sim_heal(sim);
}

/* -- what comes of it -------------------------------------------------------- */

static bool
same_amend(const struct amend *a, const struct amend *b)
{
	return strcmp(a->ref, b->ref) == 0 && a->kind == b->kind &&
	    id_equal(&a->author, &b->author) && a->hlc == b->hlc &&
	    a->seq == b->seq && a->index == b->index &&
	    strcmp(a->text, b->text) == 0;
}

static bool
same_amends(const struct amends *a, const struct amends *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_amend(&a->items[i], &b->items[i]))
			return false;
	return true;
}

static void
run(uint64_t seed)
{
	begin(seed);
	sim->shown = on_shown;
	sim_start_all(sim);
	ck_assert_msg(sim_run_until(sim, sim_one_view, 10 * SECOND),
	    "SEED=%" PRIu64 ": they do not meet", seed);
	sim_run(sim, SECOND);
	talk();
	ck_assert_msg(sim_run_until(sim, sim_same_messages, 120 * SECOND),
	    "SEED=%" PRIu64 ": not all have all", seed);
	sim_run(sim, 10 * SECOND);
	for (unsigned i = 0; i < NODES; i++) {
		ck_assert_msg(people[i].gap || people[i].early == 0,
		    "SEED=%" PRIu64 ": %u is shown %zu before what they are "
		    "about",
		    seed, i, people[i].early);
		ck_assert_msg(same_amends(&people[0].amends, &people[i].amends),
		    "SEED=%" PRIu64 ": 0 and %u see it in two ways", seed, i);
		ck_assert_uint_eq(people[i].count, people[0].count);
	}
	ck_assert_msg(sim_failures(sim) == NULL, "SEED=%" PRIu64 ":\n%s", seed,
	    sim_failures(sim));
	end();
}

START_TEST(what_is_said_of_messages_is_the_same_for_all)
{
	const char *seeds = getenv("SEEDS"), *seed = getenv("SEED");
	uint64_t wanted =
	    seeds != NULL ? strtoull(seeds, NULL, 0) : SEEDS_USUAL;

	if (seed != NULL) {
		run(strtoull(seed, NULL, 0));
		return;
	}
	for (uint64_t i = 1; i <= wanted; i++)
		run(i);
	printf("%" PRIu64 " seeds, %" PRIu64 " reactions, edits and deletes "
	       "shown\n",
	    wanted, amended);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("refer");
	TCase *test = tcase_create("refer");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(test, 24 * 3600);
	tcase_add_test(test, what_is_said_of_messages_is_the_same_for_all);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
