/*
 * contract: a test asks real peers by the headless contract.
 *
 * One crowd a test program.  What the contract says of every event (the
 * members and their types, nothing told twice) is looked at when a test
 * ends, whatever the test was about.  All of these fail the test when
 * something is not as it must be; what they return is borrowed until the
 * test ends.
 */
#ifndef TESTS_NET_CONTRACT_H
#define TESTS_NET_CONTRACT_H

#include "tests/support/peer.h"

#define SOON_MS 10000.0
#define PATIENCE_MS 60000.0

extern struct crowd crowd;

/* The fixture of every test. */
void contract_begin(void);
void contract_end(void);

/* -- peers ------------------------------------------------------------- */

/* Started and ready; an option with its value (NULL: it has none). */
struct peer *start_with(const char *nick, const char *option,
    const char *value);
/* An ephemeral one in the network "lan". */
struct peer *start(const char *nick);

/* No more input for it. */
void end_input(struct peer *peer);
/* It ends by itself with bye as its last line and the status 0. */
void await_bye(struct peer *peer);

/* -- commands ---------------------------------------------------------- */

void write_all(struct peer *peer, const char *bytes, size_t size);
/* The first ok or error that was not yet returned by these. */
const json_t *next_answer(struct peer *peer);
/* Whether there is one among what was read so far. */
bool has_answer(struct peer *peer);
/* One line, as it is, and its answer. */
const json_t *ask_line(struct peer *peer, const char *line);
/* One command, in the format of json_pack(3), and its answer. */
const json_t *ask(struct peer *peer, const char *format, ...);

const json_t *say(struct peer *peer, const char *room, const char *text);
/* The message of this ok, which must come. */
const struct heard *told(struct peer *peer, const json_t *ok);
/* A command whose one member is a room. */
const json_t *room_command(struct peer *peer, const char *cmd,
    const char *room);
/* The list of `rooms` or `peers`. */
const json_t *list(struct peer *peer, const char *cmd);
const json_t *history(struct peer *peer, const char *room, int limit,
    const char *before);

const json_t *dm(struct peer *peer, const char *to, const char *text);
const json_t *set_topic(struct peer *peer, const char *room,
    const char *text);
const json_t *set_nick(struct peer *peer, const char *nick);
const json_t *who_has(struct peer *peer, const char *msg);

/* -- looking at answers ------------------------------------------------ */

/* A message, or a list, without what only its author is told of its way;
 * the caller's to release. */
json_t *as_others_have_it(const json_t *messages);

void is_ok(const json_t *answer);
void is_error(const json_t *answer, const char *code);

/*
 * It has all these members, "name:type name:type ..."; more are allowed.
 * Types: s string, i integer, n number, b boolean, a array, o object, k id
 * of a node, t time; a capital one may be null as well.
 */
void has_shape(const json_t *object, const char *shape);
void check_status(const json_t *status);

/* The element of a list whose member is this text, or NULL. */
const json_t *among(const json_t *items, const char *member,
    const char *text);
long number(const json_t *object, const char *member);
bool truth(const json_t *object, const char *member);

#endif
