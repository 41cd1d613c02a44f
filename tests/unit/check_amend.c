#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amend.h"
#include "base/rng.h"

#define FIRST "aaaaaaaaaaaaaaaaaaaaaaaaae.0"
#define OTHER "aaaaaaaaaaaaaaaaaaaaaaaaae.1"

static struct amends amends;
static struct id ana = { { 1 } }, bob = { { 2 } };

static void
teardown(void)
{
	amends_free(&amends);
}

static struct dchat_message
message(const struct id *author, uint64_t hlc, enum message_kind kind,
    const char *text)
{
	return (struct dchat_message){
		.author = *author,
		.kind = kind,
		.ref = FIRST,
		.text = text,
		.hlc = hlc,
		.seq = hlc,
	};
}

static bool
take(const struct id *author, uint64_t hlc, enum message_kind kind,
    const char *text)
{
	struct dchat_message taken = message(author, hlc, kind, text);

	return amends_take(&amends, &taken);
}

/* The text that holds, or NULL. */
static const char *
text_of(const char *msg, const struct id *author)
{
	const struct amend *first;
	size_t count = amends_edits(&amends, msg, author, &first);

	return count > 0 ? first[count - 1].text : NULL;
}

START_TEST(the_last_edit_of_its_author_holds)
{
	ck_assert(take(&ana, 5, KIND_EDIT, "second"));
	ck_assert(take(&ana, 3, KIND_EDIT, "first"));
	ck_assert(take(&bob, 9, KIND_EDIT, "not yours"));
	ck_assert_str_eq(text_of(FIRST, &ana), "second");
	ck_assert_ptr_null(text_of(OTHER, &ana));
	ck_assert(!take(&ana, 5, KIND_EDIT, "second"));
}
END_TEST

START_TEST(a_delete_holds_against_later_edits)
{
	take(&bob, 2, KIND_DELETE, "");
	ck_assert(!amends_deleted(&amends, FIRST, &ana));
	ck_assert(take(&ana, 3, KIND_DELETE, ""));
	take(&ana, 9, KIND_EDIT, "back again?");
	ck_assert(amends_deleted(&amends, FIRST, &ana));
}
END_TEST

START_TEST(each_person_has_one_reaction_and_may_take_it_back)
{
	const struct amend *first;

	take(&ana, 2, KIND_REACTION, "+1");
	take(&bob, 3, KIND_REACTION, "+1");
	take(&ana, 5, KIND_REACTION, "");
	ck_assert(!take(&ana, 4, KIND_REACTION, "late"));
	ck_assert_uint_eq(amends_reactions(&amends, FIRST, &first), 2);
	ck_assert_str_eq(first[0].text, "");
	ck_assert_str_eq(first[1].text, "+1");
}
END_TEST

START_TEST(what_is_said_or_answered_amends_nothing)
{
	ck_assert(!take(&ana, 1, KIND_TEXT, "x"));
	ck_assert(!take(&ana, 2, KIND_ACTION, "x"));
	ck_assert(!take(&ana, 3, KIND_REPLY, "x"));
	ck_assert_uint_eq(amends.count, 0);
}
END_TEST

START_TEST(of_many_edits_the_newest_are_kept)
{
	const struct amend *first;
	char text[16];

	for (int i = 3 * LIMIT_AMENDS_EDITS; i > 0; i--) {
		snprintf(text, sizeof text, "%d", i);
		take(&ana, (uint64_t)i, KIND_EDIT, text);
	}
	ck_assert_uint_eq(amends_edits(&amends, FIRST, &ana, &first),
	    LIMIT_AMENDS_EDITS);
	ck_assert_uint_eq(first[0].hlc, 2 * LIMIT_AMENDS_EDITS + 1);
}
END_TEST

START_TEST(a_flood_stays_bounded)
{
	struct dchat_message m;

	for (unsigned i = 0; i < LIMIT_AMENDS + 100; i++) {
		m = message(&ana, i + 1, KIND_REACTION, "+1");
		snprintf(m.ref, sizeof m.ref, "%026u.0", i);
		amends_take(&amends, &m);
	}
	ck_assert_uint_eq(amends.count, LIMIT_AMENDS);
}
END_TEST

/* -- any order of the same messages gives the same ----------------------- */

enum { MANY = 60 };

static struct dchat_message
random_message(struct rng *rng, uint64_t hlc)
{
	static const enum message_kind kinds[] = { KIND_EDIT, KIND_EDIT,
		KIND_REACTION, KIND_REACTION, KIND_REACTION, KIND_DELETE };
	static const char *const texts[] = { "", "a", "b", "c" };
	enum message_kind kind = kinds[rng_below(rng, 6)];
	struct dchat_message m = message(rng_below(rng, 2) ? &ana : &bob,
	    hlc, kind, kind == KIND_DELETE ? "" : texts[rng_below(rng, 4)]);

	if (rng_below(rng, 3) == 0)
		strcpy(m.ref, OTHER);
	return m;
}

static void
is_the_same(const struct amends *a, const struct amends *b)
{
	ck_assert_uint_eq(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		ck_assert_str_eq(a->items[i].ref, b->items[i].ref);
		ck_assert_int_eq(a->items[i].kind, b->items[i].kind);
		ck_assert_uint_eq(a->items[i].hlc, b->items[i].hlc);
		ck_assert_str_eq(a->items[i].text, b->items[i].text);
	}
}

START_TEST(the_order_of_arrival_does_not_matter)
{
	struct dchat_message all[MANY];
	struct rng rng;

	rng = rng_seeded((uint64_t)_i);
	for (unsigned i = 0; i < MANY; i++)
		all[i] = random_message(&rng, i + 1);
	for (size_t i = 0; i < MANY; i++)
		amends_take(&amends, &all[i]);
	for (int round = 0; round < 20; round++) {
		struct amends other = { 0 };

		for (size_t i = MANY - 1; i > 0; i--) {
			size_t with = (size_t)rng_below(&rng, i + 1);
			struct dchat_message swap = all[i];

			all[i] = all[with];
			all[with] = swap;
		}
		for (size_t i = 0; i < MANY; i++) {
			amends_take(&other, &all[i]);
			amends_take(&other, &all[rng_below(&rng, i + 1)]);
		}
		is_the_same(&amends, &other);
		amends_free(&other);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("amend");
	TCase *rules = tcase_create("rules");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(rules, NULL, teardown);
	tcase_add_test(rules, the_last_edit_of_its_author_holds);
	tcase_add_test(rules, a_delete_holds_against_later_edits);
	tcase_add_test(rules,
	    each_person_has_one_reaction_and_may_take_it_back);
	tcase_add_test(rules, what_is_said_or_answered_amends_nothing);
	tcase_add_test(rules, of_many_edits_the_newest_are_kept);
	tcase_add_test(rules, a_flood_stays_bounded);
	tcase_add_loop_test(rules, the_order_of_arrival_does_not_matter, 0,
	    200);
	suite_add_tcase(suite, rules);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
