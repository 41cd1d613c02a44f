/*
 * peer: real `dchat --headless` processes, driven from a test.
 *
 * A crowd holds the processes; crowd_pump() reads what they print.  Every
 * event is kept with the time of its arrival, so a test waits for what must
 * come, with a deadline, and never sleeps.  Events are borrowed json_t.
 */
#ifndef TESTS_SUPPORT_PEER_H
#define TESTS_SUPPORT_PEER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CROWD_MAX = 256, PEER_ARGUMENTS = 24 };

struct heard {
	json_t *event;
	double at_ms;		/* peer_now_ms() of its arrival */
};

struct peer {
	pid_t pid;		/* 0: not running */
	int in, out;		/* its standard input and output */
	char *buffer;		/* a line not yet complete */
	size_t used, cap;
	struct heard *events;
	size_t count, events_cap;
	size_t mark;		/* peer_await() looks from here on */
	unsigned tags;		/* given to its commands so far */
	bool closed;		/* its output ended */
	int status;		/* of waitpid(2), once it ended */
	double started_ms;
	char id[32];		/* from its ready event */
};

struct crowd {
	struct peer peers[CROWD_MAX];
	size_t count;
};

double peer_now_ms(void);

/* Path of the program under test: $top_builddir/dchat. */
const char *peer_program(void);

/*
 * Starts `dchat --headless ARGUMENTS...` (NULL-terminated) in the network
 * namespace of that name, or here when it is NULL; returns at once.  Its
 * standard error goes to the test's.
 */
struct peer *peer_start(struct crowd *crowd, const char *netns,
    const char *const *arguments);

/* One command as a JSON line; the format is json_pack(3)'s. */
void peer_send(struct peer *peer, const char *format, ...);
void peer_send_line(struct peer *peer, const char *line);

/* A command with a tag; waits for its ok or error, NULL when none came. */
json_t *peer_ask(struct crowd *crowd, struct peer *peer, double timeout_ms,
    const char *format, ...);

void peer_kill(struct peer *peer, int signal);	/* and does not wait */
/* Waits until it has ended; false at the deadline. */
bool peer_await_end(struct crowd *crowd, struct peer *peer,
    double timeout_ms);

/* Reads what came from anybody; waits at most so long for the first. */
void crowd_pump(struct crowd *crowd, double timeout_ms);

/* Pumps until the condition holds; false at the deadline. */
bool crowd_await(struct crowd *crowd, double timeout_ms,
    bool (*condition)(struct crowd *crowd, void *argument), void *argument);

/* Kills all from this one on and frees what they said: their places in the
 * crowd are free again. */
void crowd_forget(struct crowd *crowd, size_t first);
/* Kills all and frees everything. */
void crowd_end(struct crowd *crowd);

/* -- looking at events ------------------------------------------------- */

/* NULL unless the member is a string. */
const char *event_text(const json_t *event, const char *member);
bool event_is(const json_t *event, const char *name);

/* The last event of a kind from this peer, or NULL. */
const struct heard *peer_last(const struct peer *peer, const char *name);

/*
 * Waits for an event of a kind whose member equals text (NULL: any), among
 * those that came after the last one this returned; NULL at the deadline.
 */
const struct heard *peer_await(struct crowd *crowd, struct peer *peer,
    const char *name, const char *member, const char *text,
    double timeout_ms);

/* Messages with this text that it has shown, in any room. */
size_t peer_count_text(const struct peer *peer, const char *text);
/* All messages that it has shown. */
size_t peer_count_messages(const struct peer *peer);

/* The id it last announced as leader, or NULL. */
const char *peer_leader(const struct peer *peer);

/* All running peers name the same established leader, who is running. */
bool crowd_agrees(struct crowd *crowd, void *unused);
/* The running peer that all name; NULL when they do not. */
struct peer *crowd_leader(struct crowd *crowd);

#endif
