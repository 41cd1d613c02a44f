/* check_vclock: the laws of the clock, and a set of numbers as its model. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "core/vclock.h"

static struct vclock clock_a, clock_b;

static void
setup(void)
{
	vclock_init(&clock_a);
	vclock_init(&clock_b);
}

static void
teardown(void)
{
	vclock_free(&clock_a);
	vclock_free(&clock_b);
}

static struct stream
stream_of(unsigned author, uint64_t epoch)
{
	struct stream stream = { .epoch = epoch };

	stream.author.bytes[0] = (uint8_t)author;
	return stream;
}

static void
add_all(struct vclock *clock, const struct stream *stream, uint64_t first,
    uint64_t last)
{
	bool added = true;

	for (uint64_t seq = first; seq <= last; seq++)
		added = vclock_add(clock, stream, seq) && added;
	ck_assert(added);
}

START_TEST(numbers_come_one_after_the_other)
{
	struct stream s = stream_of(1, 1);

	ck_assert(!vclock_add(&clock_a, &s, 0));
	ck_assert(!vclock_add(&clock_a, &s, 2));
	ck_assert_ptr_null(vclock_find(&clock_a, &s));
	add_all(&clock_a, &s, 1, 3);
	ck_assert(!vclock_add(&clock_a, &s, 3));
	ck_assert(!vclock_add(&clock_a, &s, 5));
	ck_assert_uint_eq(vclock_top(&clock_a, &s), 3);
	ck_assert(vclock_here(&clock_a, &s, 3));
	ck_assert(!vclock_here(&clock_a, &s, 4));
	ck_assert(!vclock_here(&clock_a, &s, 0));
	ck_assert(vclock_satisfied(&clock_a, &s, 0));
	ck_assert(!vclock_satisfied(&clock_a, &s, 4));
}
END_TEST

START_TEST(epochs_of_one_author_are_different_streams)
{
	struct stream s = stream_of(1, 1), t = stream_of(1, 2);

	add_all(&clock_a, &s, 1, 5);
	ck_assert_uint_eq(vclock_top(&clock_a, &t), 0);
	add_all(&clock_a, &t, 1, 1);
	ck_assert_uint_eq(clock_a.count, 2);
}
END_TEST

START_TEST(a_hole_is_satisfied_and_not_here_until_it_is_filled)
{
	struct stream s = stream_of(1, 1);

	add_all(&clock_a, &s, 1, 2);
	ck_assert(vclock_add_hole(&clock_a, &s, 5));
	ck_assert(vclock_satisfied(&clock_a, &s, 4));
	ck_assert(!vclock_here(&clock_a, &s, 4));
	add_all(&clock_a, &s, 6, 6);
	ck_assert(vclock_add(&clock_a, &s, 4));
	ck_assert(!vclock_add(&clock_a, &s, 4));
	ck_assert_uint_eq(vclock_find(&clock_a, &s)->hole_count, 2);
	ck_assert(vclock_add(&clock_a, &s, 3));
	ck_assert(vclock_add(&clock_a, &s, 5));
	ck_assert_uint_eq(vclock_find(&clock_a, &s)->hole_count, 0);
	ck_assert_uint_eq(vclock_top(&clock_a, &s), 6);
}
END_TEST

START_TEST(a_base_swallows_the_holes_below_it)
{
	struct stream s = stream_of(1, 1);
	const struct vclock_entry *entry;

	ck_assert(vclock_add_hole(&clock_a, &s, 3));
	add_all(&clock_a, &s, 4, 4);
	ck_assert(vclock_add_hole(&clock_a, &s, 8));
	add_all(&clock_a, &s, 9, 9);
	ck_assert(vclock_raise_base(&clock_a, &s, 6));
	entry = vclock_find(&clock_a, &s);
	ck_assert_uint_eq(entry->base, 6);
	ck_assert_uint_eq(entry->hole_count, 1);
	ck_assert_uint_eq(entry->holes[0].first, 7);
	ck_assert(!vclock_here(&clock_a, &s, 4));
	ck_assert(vclock_here(&clock_a, &s, 9));
	ck_assert(vclock_raise_base(&clock_a, &s, 2));
	ck_assert_uint_eq(entry->base, 6);
	ck_assert(vclock_raise_base(&clock_a, &s, 20));
	ck_assert_uint_eq(entry->top, 20);
	ck_assert_uint_eq(entry->hole_count, 0);
}
END_TEST

START_TEST(one_hole_too_many_gives_up_the_oldest)
{
	struct stream s = stream_of(1, 1);
	uint64_t seq = 0;

	for (int i = 0; i < LIMIT_HOLES; i++) {
		ck_assert(vclock_add_hole(&clock_a, &s, seq + 1));
		add_all(&clock_a, &s, seq + 2, seq + 2);
		seq += 2;
	}
	ck_assert(vclock_add_hole(&clock_a, &s, seq + 1));
	ck_assert_uint_eq(vclock_find(&clock_a, &s)->hole_count, LIMIT_HOLES);
	ck_assert_uint_eq(vclock_find(&clock_a, &s)->base, 1);
	ck_assert(vclock_here(&clock_a, &s, 2));
}
END_TEST

START_TEST(there_are_so_many_streams_and_no_more)
{
	struct stream more = stream_of(0, 1);
	bool added = true;

	for (uint64_t i = 1; i <= LIMIT_STREAMS; i++) {
		struct stream s = stream_of(1, i);

		added = vclock_add(&clock_a, &s, 1) && added;
	}
	ck_assert(added);
	ck_assert(!vclock_add(&clock_a, &more, 1));
	ck_assert(!vclock_add_hole(&clock_a, &more, 1));
	ck_assert(!vclock_raise_base(&clock_a, &more, 1));
	ck_assert_uint_eq(clock_a.count, LIMIT_STREAMS);
}
END_TEST

START_TEST(a_base_goes_down_as_older_ones_come)
{
	struct stream s = stream_of(1, 1), other = stream_of(2, 1);
	const struct vclock_entry *entry;

	ck_assert(!vclock_lower(&clock_a, &s, 1));
	vclock_raise_base(&clock_a, &s, 10);
	add_all(&clock_a, &s, 11, 12);
	ck_assert(!vclock_lower(&clock_a, &other, 1));
	ck_assert(!vclock_lower(&clock_a, &s, 11));
	ck_assert(!vclock_lower(&clock_a, &s, 0));
	ck_assert(vclock_lower(&clock_a, &s, 10));
	ck_assert(vclock_here(&clock_a, &s, 10));
	ck_assert(!vclock_here(&clock_a, &s, 9));
	/* What lies between is a hole, which may be filled. */
	ck_assert(vclock_lower(&clock_a, &s, 7));
	ck_assert(vclock_here(&clock_a, &s, 7));
	ck_assert(!vclock_here(&clock_a, &s, 8));
	entry = vclock_find(&clock_a, &s);
	ck_assert_uint_eq(entry->base, 6);
	ck_assert_uint_eq(entry->hole_count, 1);
	add_all(&clock_a, &s, 8, 9);
	ck_assert_uint_eq(entry->hole_count, 0);
	ck_assert(vclock_lower(&clock_a, &s, 1));
	ck_assert_uint_eq(entry->base, 0);
	ck_assert_uint_eq(entry->holes[0].first, 2);
	ck_assert_uint_eq(entry->holes[0].last, 6);
}
END_TEST

START_TEST(a_base_goes_not_below_one_hole_too_many)
{
	struct stream s = stream_of(1, 1);
	uint64_t base = 1000;

	vclock_raise_base(&clock_a, &s, base);
	for (unsigned holes = 0; holes < LIMIT_HOLES; holes++, base -= 2)
		ck_assert(vclock_lower(&clock_a, &s, base - 1));
	ck_assert(!vclock_lower(&clock_a, &s, base - 1));
	ck_assert(vclock_lower(&clock_a, &s, base));
}
END_TEST

START_TEST(the_digest_depends_on_what_is_here_and_not_on_how_it_came)
{
	struct stream s = stream_of(1, 1), t = stream_of(2, 1);

	ck_assert_uint_eq(vclock_digest(&clock_a), vclock_digest(&clock_b));
	add_all(&clock_a, &s, 1, 4);
	add_all(&clock_a, &t, 1, 2);
	ck_assert_uint_ne(vclock_digest(&clock_a), vclock_digest(&clock_b));
	add_all(&clock_b, &t, 1, 2);
	ck_assert(vclock_add_hole(&clock_b, &s, 3));
	add_all(&clock_b, &s, 4, 4);
	ck_assert_uint_ne(vclock_digest(&clock_a), vclock_digest(&clock_b));
	add_all(&clock_b, &s, 1, 3);
	ck_assert_uint_eq(vclock_digest(&clock_a), vclock_digest(&clock_b));
}
END_TEST

START_TEST(who_came_late_has_the_digest_of_who_was_there)
{
	struct stream s = stream_of(1, 1);

	add_all(&clock_a, &s, 1, 10);
	ck_assert(vclock_raise_base(&clock_b, &s, 7));
	add_all(&clock_b, &s, 8, 10);
	ck_assert_uint_eq(vclock_digest(&clock_a), vclock_digest(&clock_b));
}
END_TEST

START_TEST(missing_is_what_the_other_has_and_i_lack)
{
	struct stream s = stream_of(1, 1);
	struct range out[8];
	struct vector_entry theirs;

	/* theirs: 4..6, 9..12 */
	ck_assert(vclock_raise_base(&clock_b, &s, 3));
	add_all(&clock_b, &s, 4, 6);
	ck_assert(vclock_add_hole(&clock_b, &s, 8));
	add_all(&clock_b, &s, 9, 12);
	theirs = vclock_entry_view(vclock_find(&clock_b, &s));

	ck_assert_uint_eq(vclock_missing(NULL, &theirs, out, 8), 2);
	ck_assert_uint_eq(out[0].first, 4);
	ck_assert_uint_eq(out[0].last, 6);
	ck_assert_uint_eq(out[1].first, 9);
	ck_assert_uint_eq(out[1].last, 12);
	ck_assert_uint_eq(vclock_missing(NULL, &theirs, out, 1), 1);

	/* mine: 1..4, 11 */
	add_all(&clock_a, &s, 1, 4);
	ck_assert(vclock_add_hole(&clock_a, &s, 10));
	add_all(&clock_a, &s, 11, 11);
	ck_assert_uint_eq(vclock_missing(vclock_find(&clock_a, &s), &theirs,
			      out, 8),
	    3);
	ck_assert_uint_eq(out[0].first, 5);
	ck_assert_uint_eq(out[0].last, 6);
	ck_assert_uint_eq(out[1].first, 9);
	ck_assert_uint_eq(out[1].last, 10);
	ck_assert_uint_eq(out[2].first, 12);
	ck_assert_uint_eq(out[2].last, 12);
}
END_TEST

/* -- a model ------------------------------------------------------------- */

enum { NUMBERS = 48 };

struct model {
	bool here[NUMBERS + 1];
	uint64_t base, top;
};

static bool
model_add(struct model *m, uint64_t seq)
{
	if (seq == 0 || seq > m->top + 1 || seq <= m->base || m->here[seq])
		return false;
	m->here[seq] = true;
	if (seq > m->top)
		m->top = seq;
	return true;
}

static void
model_raise(struct model *m, uint64_t base)
{
	for (uint64_t i = 0; i <= base; i++)
		m->here[i] = false;
	if (base > m->base)
		m->base = base;
	if (base > m->top)
		m->top = base;
}

/* Each returns whether clock and model agree. */
static bool
random_step(struct rng *rng, struct model *m, struct vclock *clock,
    const struct stream *s)
{
	uint64_t seq = rng_below(rng, NUMBERS) + 1;
	uint64_t what = rng_below(rng, 20);

	if (what == 0) {
		model_raise(m, seq / 4);
		return vclock_raise_base(clock, s, seq / 4);
	}
	if (what == 1) {
		if (seq > m->top)
			m->top = seq;
		return vclock_add_hole(clock, s, seq);
	}
	if (what < 12 && m->top < NUMBERS)
		seq = m->top + 1;
	return model_add(m, seq) == vclock_add(clock, s, seq);
}

static bool
same(const struct model *m, const struct vclock *clock,
    const struct stream *s)
{
	const struct vclock_entry *entry = vclock_find(clock, s);

	if (vclock_top(clock, s) != m->top)
		return false;
	for (uint64_t seq = 1; seq <= NUMBERS; seq++)
		if (vclock_here(clock, s, seq) != m->here[seq] ||
		    vclock_satisfied(clock, s, seq) != (seq <= m->top))
			return false;
	for (size_t i = 0; entry != NULL && i < entry->hole_count; i++)
		if (entry->holes[i].first > entry->holes[i].last ||
		    entry->holes[i].first <= entry->base ||
		    entry->holes[i].last > entry->top ||
		    (i > 0 &&
			entry->holes[i].first <=
			    entry->holes[i - 1].last + 1))
			return false;
	return true;
}

static bool
same_missing(const struct model *a, const struct model *b,
    const struct stream *s)
{
	struct range out[NUMBERS];
	bool missing[NUMBERS + 1] = { false };
	struct vector_entry theirs =
	    vclock_entry_view(vclock_find(&clock_b, s));
	size_t count = vclock_missing(vclock_find(&clock_a, s), &theirs, out,
	    NUMBERS);

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && out[i].first <= out[i - 1].last)
			return false;
		for (uint64_t n = out[i].first; n <= out[i].last; n++)
			missing[n] = true;
	}
	for (uint64_t n = 1; n <= NUMBERS; n++)
		if (missing[n] !=
		    (b->here[n] && !a->here[n] && n > a->base))
			return false;
	return true;
}

START_TEST(a_random_run_agrees_with_a_set_of_numbers)
{
	struct stream s = stream_of(3, 9);

	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct rng rng = rng_seeded(seed);
		struct model a = { 0 }, b = { 0 };
		bool agreed = true;

		for (int i = 0; i < 120 && agreed; i++)
			agreed = random_step(&rng, &a, &clock_a, &s) &&
			    random_step(&rng, &b, &clock_b, &s) &&
			    same(&a, &clock_a, &s) && same(&b, &clock_b, &s);
		ck_assert_msg(agreed && same_missing(&a, &b, &s),
		    "seed %llu", (unsigned long long)seed);
		vclock_free(&clock_a);
		vclock_free(&clock_b);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vclock");
	TCase *tc = tcase_create("vclock");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	/* to end a hang; a busy machine is none */
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, numbers_come_one_after_the_other);
	tcase_add_test(tc, epochs_of_one_author_are_different_streams);
	tcase_add_test(tc, a_hole_is_satisfied_and_not_here_until_it_is_filled);
	tcase_add_test(tc, a_base_swallows_the_holes_below_it);
	tcase_add_test(tc, one_hole_too_many_gives_up_the_oldest);
	tcase_add_test(tc, there_are_so_many_streams_and_no_more);
	tcase_add_test(tc, a_base_goes_down_as_older_ones_come);
	tcase_add_test(tc,
	    a_base_goes_not_below_one_hole_too_many);
	tcase_add_test(tc,
	    the_digest_depends_on_what_is_here_and_not_on_how_it_came);
	tcase_add_test(tc, who_came_late_has_the_digest_of_who_was_there);
	tcase_add_test(tc, missing_is_what_the_other_has_and_i_lack);
	tcase_add_test(tc, a_random_run_agrees_with_a_set_of_numbers);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
