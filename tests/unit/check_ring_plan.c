/* tui/ring_plan: where the members of a ring stand in a picture. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/ring_plan.h"

enum { MOST = 200 };

static struct ring_plan plan;

static void
teardown(void)
{
	ring_plan_free(&plan);
}

/* Labels of all lengths, the first one long. */
static void
make(size_t count, int rows, int columns)
{
	int labels[MOST];

	for (size_t i = 0; i < count; i++)
		labels[i] = i == 0 ? 9 : 3 + (int)(i * 5 % 9);
	ring_plan_make(&plan, labels, count, rows, columns);
}

/* A mark and its label have cells that nobody else has. */
static bool
takes_its_own(const struct ring_spot *spot, char *taken)
{
	int from = spot->before ? spot->label : spot->column;
	int to = spot->before ? spot->column
			      : spot->label + spot->label_cells - 1;

	if (spot->row < 0 || spot->row >= plan.rows || from < 0 ||
	    to >= plan.columns || spot->label_cells < RING_LABEL_LEAST)
		return false;
	for (int column = from; column <= to; column++)
		if (taken[spot->row * plan.columns + column]++)
			return false;
	return true;
}

static void
is_readable(size_t count, int rows, int columns)
{
	size_t good = 0;
	char *taken;

	make(count, rows, columns);
	taken = calloc((size_t)plan.rows * (size_t)plan.columns + 1, 1);
	for (size_t i = 0; i < count; i++)
		good += takes_its_own(&plan.spots[i], taken);
	free(taken);
	ring_plan_free(&plan);
	ck_assert_msg(good == count, "%zu of %zu in %dx%d", good, count,
	    columns, rows);
}

START_TEST(everybody_can_be_read_at_any_size)
{
	for (size_t count = 0; count <= MOST; count++)
		for (int rows = 1; rows < 50; rows += 4)
			for (int columns = 16; columns < 170; columns += 10)
				is_readable(count, rows, columns);
}
END_TEST

START_TEST(few_stand_on_an_ellipse_many_on_a_rectangle_more_in_a_band)
{
	static const struct {
		size_t count;
		int rows, columns;
		enum ring_shape shape;
	} cases[] = {
		{ 1, 19, 76, RING_ELLIPSE },
		{ 5, 19, 76, RING_ELLIPSE },
		{ 5, 5, 36, RING_ELLIPSE },
		{ 12, 19, 76, RING_ELLIPSE },
		{ 12, 5, 36, RING_RECTANGLE },
		{ 33, 19, 76, RING_RECTANGLE },
		{ 64, 35, 116, RING_RECTANGLE },
		{ 64, 19, 76, RING_BAND },
		{ 33, 5, 36, RING_BAND },
		{ 5, 2, 76, RING_BAND },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make(cases[i].count, cases[i].rows, cases[i].columns);
		ck_assert_int_eq(plan.shape, cases[i].shape);
		ck_assert(plan.shape == RING_BAND ||
		    plan.rows <= cases[i].rows);
		ring_plan_free(&plan);
	}
	make(0, 19, 76);
}
END_TEST

START_TEST(the_first_is_on_top_and_the_others_follow_clockwise)
{
	make(8, 19, 76);
	ck_assert_int_eq(plan.spots[0].row, 0);
	for (size_t i = 1; i <= 4; i++) {
		ck_assert_int_gt(plan.spots[i].row, plan.spots[i - 1].row);
		ck_assert(!plan.spots[i].before);
	}
	for (size_t i = 5; i < 8; i++) {
		ck_assert_int_lt(plan.spots[i].row, plan.spots[i - 1].row);
		ck_assert_int_lt(plan.spots[i].column,
		    plan.spots[8 - i].column);
		ck_assert(plan.spots[i].before);
	}
}
END_TEST

START_TEST(neighbours_of_a_rectangle_are_beside_each_other)
{
	make(33, 19, 76);
	for (size_t i = 1; i < 33; i++) {
		const struct ring_spot *a = &plan.spots[i - 1];
		const struct ring_spot *b = &plan.spots[i];

		ck_assert(a->row == b->row || abs(a->row - b->row) <= 2);
	}
	/* and the last is beside the first */
	ck_assert_int_le(plan.spots[32].row, 2);
	ck_assert_int_eq(plan.spots[32].column, 0);
	ck_assert_int_eq(ring_plan_cell(&plan, 0, 0), RING_TOP_LEFT);
}
END_TEST

START_TEST(a_band_turns_at_its_ends)
{
	make(33, 4, 36);
	ck_assert_int_eq(plan.spots[0].row, 0);
	ck_assert_int_eq(plan.spots[1].row, 0);
	ck_assert_int_eq(plan.spots[2].row, 1);
	ck_assert_int_eq(plan.spots[2].column, plan.spots[1].column);
	ck_assert_int_eq(plan.spots[3].column, plan.spots[0].column);
	ck_assert_int_eq(ring_plan_cell(&plan, 0, 35), RING_TOP_RIGHT);
	ck_assert_int_eq(ring_plan_cell(&plan, 1, 35), RING_BOTTOM_RIGHT);
	ck_assert_int_eq(ring_plan_cell(&plan, 1, 0), RING_TOP_LEFT);
	ck_assert_int_eq(ring_plan_cell(&plan, 2, 0), RING_BOTTOM_LEFT);
}
END_TEST

START_TEST(a_chord_leads_from_one_to_the_other_inside)
{
	size_t before = 0, after = 0, cells;

	make(5, 19, 76);
	cells = (size_t)plan.rows * (size_t)plan.columns;
	for (size_t i = 0; i < cells; i++)
		before += plan.cells[i] == RING_CURVE;
	ring_plan_chord(&plan, 0, 2);
	for (int row = 1; row + 1 < plan.spots[2].row; row++) {
		int found = 0;

		for (int column = 0; column < plan.columns; column++)
			found += ring_plan_cell(&plan, row, column) ==
			    RING_CHORD;
		ck_assert_int_ge(found, 1);
	}
	for (size_t i = 0; i < cells; i++)
		after += plan.cells[i] == RING_CURVE;
	ck_assert_uint_eq(before, after);
	ring_plan_free(&plan);
	make(33, 19, 76);
	ring_plan_chord(&plan, 0, 9);
	ck_assert_ptr_null(memchr(plan.cells, RING_CHORD,
	    (size_t)plan.rows * (size_t)plan.columns));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ring_plan");
	TCase *all = tcase_create("ring_plan");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, NULL, teardown);
	tcase_set_timeout(all, 60);
	tcase_add_test(all, everybody_can_be_read_at_any_size);
	tcase_add_test(all,
	    few_stand_on_an_ellipse_many_on_a_rectangle_more_in_a_band);
	tcase_add_test(all,
	    the_first_is_on_top_and_the_others_follow_clockwise);
	tcase_add_test(all, neighbours_of_a_rectangle_are_beside_each_other);
	tcase_add_test(all, a_band_turns_at_its_ends);
	tcase_add_test(all, a_chord_leads_from_one_to_the_other_inside);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
