/*
 * loop: libevent's loop for tests that wait for something to come true.
 *
 * Never a sleep: LOOP_UNTIL turns the loop until the condition holds and
 * fails the test, with the condition as its text, if that takes too long.
 * For LOOP_UNTIL include <check.h> first.
 */
#ifndef DCHAT_SUPPORT_LOOP_H
#define DCHAT_SUPPORT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct event;
struct event_base;

enum { LOOP_PATIENCE_MS = 15000 };

struct loop {
	struct event_base *base;
	struct event *tick;	/* so that no turn waits for ever */
	int64_t began_ms;	/* waiting for the current condition */
};

void loop_init(struct loop *loop);
void loop_free(struct loop *loop);	/* runs what is still due */

int64_t loop_now_ms(void);
void loop_begin(struct loop *loop);
/* One turn; false when patience is at an end. */
bool loop_turn(struct loop *loop);

#define LOOP_UNTIL(loop, condition)                                           \
	do {                                                                  \
		loop_begin(loop);                                             \
		while (!(condition))                                          \
			ck_assert_msg(loop_turn(loop), "waited in vain for "  \
			    "%s", #condition);                                \
	} while (0)

#endif
