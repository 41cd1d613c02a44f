/*
 * Stories of one who takes all it can get: whatever a hostile member sends
 * or asks for, what the others say to each other comes as soon as it would
 * without it, lost frames and all.  And of many who have missed much: it is
 * not sent again and again.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hlc.h"
#include "tests/sim/story.h"
#include "tests/sim/world.h"

enum {
	WORDS = 200,
	WORD_EACH_MS = 250,
	FLOOD_EACH_MS = 20,
	CAUSES = 200, /* that an orphan names */
};

static uint64_t flooded;
static unsigned first; /* of those that get it */

static void
begin(void)
{
	story_gather(&(struct sim_options){
	    .nodes = 4,
	    .seed = 1,
	    .plain = true,
	    .weather = &fair_weather,
	    .keeps_disk = true,
	});
	flooded = first = 0;
	sim->nodes[DAN].hostile = true;
}

/* -- what the hostile one does ----------------------------------------- */

static void
to_all(const struct frame *frame)
{
	for (unsigned i = first; i < DAN; i++) {
		struct input input = { .type = INPUT_RECEIVE };

		input.receive.from = sim->nodes[DAN].id;
		input.receive.frame = frame;
		world_step(sim, &sim->nodes[i], &input);
	}
}

/* Without a message, so that nobody has to see it. */
static void
send_bundle(uint64_t epoch, uint64_t seq, const struct dependency *causes,
    size_t count, bool backlog)
{
	const struct bundle bundle = {
		.room = sim_room_id("#lobby"),
		.stream = { sim->nodes[DAN].id, epoch },
		.seq = seq,
		.nonce = 99,
		.hlc = (uint64_t)clock_wall_of(sim, &sim->nodes[DAN]) << 16,
		.dependencies = causes,
		.dependency_count = count,
	};
	struct bundle *sealed = sign_bundle(&bundle);
	struct frame frame = { .type = FRAME_BUNDLE };

	ck_assert_ptr_nonnull(sealed);
	frame.bundle.bundle = *sealed;
	frame.bundle.backlog = backlog;
	to_all(&frame);
	bundle_free(sealed);
}

static void
send_quietly(void)
{
}

/* Each names streams that come before all others and never were. */
static void
send_orphans(void)
{
	struct dependency causes[CAUSES];

	for (uint64_t i = 0; i < CAUSES; i++) {
		causes[i] = (struct dependency){ .seq = 1 };
		causes[i].stream.author.bytes[ID_BYTES - 1] = 1;
		causes[i].stream.epoch = flooded * CAUSES + i + 1;
	}
	send_bundle(1, 2 + flooded, causes, CAUSES, false);
}

/* And with each comes something good, as if it were an answer. */
static void
send_orphans_and_answers(void)
{
	send_orphans();
	send_bundle(2, 1 + flooded, NULL, 0, true);
}

/* And there is said to be much more, as if the past were coming in. */
static void
send_orphans_and_claims(void)
{
	const struct vector_entry much = {
		.stream = { sim->nodes[DAN].id, 3 },
		.top = 1000000,
	};
	struct frame frame = { .type = FRAME_VECTOR };

	frame.vector.room = sim_room_id("#lobby");
	frame.vector.entries = &much;
	frame.vector.count = 1;
	to_all(&frame);
	send_orphans_and_answers();
}

/* Who gets none learns of them by what is said after them. */
static void
send_orphans_to_others(void)
{
	first = BOB;
	send_orphans();
}

static void
ask_without_end(void)
{
	const struct stream_range all = { { sim->nodes[BOB].id, 0 },
		{ 1, INT64_MAX } };
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	struct frame want = { .type = FRAME_WANT };
	struct frame tail = { .type = FRAME_TAIL };

	for (size_t i = 0; i < LIMIT_VECTOR_PAGE; i++) {
		ranges[i] = all;
		ranges[i].stream.epoch = i + 1;
	}
	want.want.room = sim_room_id("#lobby");
	want.want.ranges = ranges;
	want.want.count = LIMIT_VECTOR_PAGE;
	tail.tail.room = want.want.room;
	tail.tail.messages = LIMIT_TAIL;
	for (unsigned i = 0; i < 4; i++) {
		to_all(&want);
		to_all(&tail);
	}
}

/* Of a frame that was lost: the next question, or the second; what comes in
 * puts each off by a second at most; what others have without its causes is
 * waited for 5 s. */
static const struct flood {
	void (*send)(void);
	instant_ms late_ms;
} floods[] = {
	{ send_quietly, 2 * SECOND },
	{ send_orphans, 2 * SECOND },
	{ send_orphans_and_answers, 4 * SECOND },
	{ send_orphans_and_claims, 4 * SECOND },
	{ send_orphans_to_others, 8 * SECOND },
	{ ask_without_end, 2 * SECOND },
};

/* -- the others, meanwhile --------------------------------------------- */

static moment_us said_at[WORDS], shown_at[WORDS];

static void
note_shown(void *self, unsigned node, const struct dchat_message *message)
{
	unsigned word;

	(void)self;
	if (node == ANA && sscanf(message->text, "word %u", &word) == 1)
		shown_at[word] = sim->now;
}

static void
talk(void (*flood)(void))
{
	char text[32];

	sim->shown = note_shown;
	memset(shown_at, 0, sizeof shown_at);
	for (unsigned word = 0; word < WORDS; word++) {
		snprintf(text, sizeof text, "word %u", word);
		said_at[word] = sim->now;
		sim_say(sim, BOB, "#lobby", text);
		for (unsigned ms = 0; ms < WORD_EACH_MS; ms += FLOOD_EACH_MS) {
			flood();
			flooded++;
			sim_run(sim, FLOOD_EACH_MS);
		}
	}
	sim_run(sim, 10 * SECOND);
}

START_TEST(who_floods_delays_nobody_but_itself)
{
	moment_us worst = 0;

	begin();
	sim->weather.loss = 0.1;
	talk(floods[_i].send);
	sim->weather.loss = 0;
	for (unsigned word = 0; word < WORDS; word++) {
		moment_us took = shown_at[word] - said_at[word];

		ck_assert_msg(shown_at[word] != 0, "word %u never came", word);
		worst = took > worst ? took : worst;
	}
	printf("flood %d: %lld ms at the worst\n", _i,
	    (long long)(worst / 1000));
	ck_assert_msg(worst <= floods[_i].late_ms * 1000,
	    "one came after %lld ms", (long long)(worst / 1000));
	sim_kill(sim, DAN);
	sim_run(sim, 60 * SECOND);
	story_end();
}
END_TEST

/* All of them, each 100 ms. */
static void
talk_together(unsigned count, unsigned rounds)
{
	static unsigned said;
	char text[32];

	for (unsigned i = 0; i < rounds; i++) {
		for (unsigned node = 0; node < count; node++) {
			snprintf(text, sizeof text, "%u", ++said);
			sim_say(sim, node, "#lobby", text);
		}
		sim_run(sim, 100);
	}
}

START_TEST(what_was_missed_is_sent_once_though_all_talk_on)
{
	enum { NODES = 5 };
	uint64_t twice, sent;

	sim = sim_new(&(struct sim_options){
	    .nodes = NODES,
	    .seed = 1,
	    .plain = true,
	    .weather = &fair_weather,
	    .keeps_disk = true,
	});
	sim_start_all(sim);
	ck_assert(sim_run_until(sim, sim_all_linked, 5 * SECOND));
	sim_run(sim, 3 * SECOND);
	talk_together(NODES, 20);
	sim_partition(sim, "ana bob");
	talk_together(NODES, 300);
	sim_heal(sim);
	twice = sim->counters.verdicts[VERDICT_DUPLICATE];
	sent = sim->counters.sent[FRAME_BUNDLE];
	talk_together(NODES, 200);
	ck_assert(sim_run_until(sim, sim_same_messages, 10 * SECOND));
	twice = sim->counters.verdicts[VERDICT_DUPLICATE] - twice;
	sent = sim->counters.sent[FRAME_BUNDLE] - sent;
	printf("%llu of %llu bundles twice\n", (unsigned long long)twice,
	    (unsigned long long)sent);
	ck_assert_uint_lt(twice * 10, sent);
	story_end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("fair");
	TCase *tcase = tcase_create("fair");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, who_floods_delays_nobody_but_itself, 0,
	    sizeof floods / sizeof floods[0]);
	tcase_add_test(tcase, what_was_missed_is_sent_once_though_all_talk_on);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
