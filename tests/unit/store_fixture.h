/*
 * store_fixture: a store, what it answered last, and bundles to put.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "store/store.h"

enum { SEEN_MAX = 256, FIXTURE_TEXT = 48, FIXTURE_PATH = 256 };

struct seen {
	struct id author;
	uint64_t seq;
};

struct answers {
	unsigned kept, refused, pages, lines, troubles;
	enum error refusal;
	/* The last page. */
	struct id to, room;
	struct seen seen[SEEN_MAX];
	size_t seen_count;
	struct dependency bases[SEEN_MAX];
	size_t base_count;
	/* The last lines, as "AUTHOR/SEQ.INDEX". */
	char texts[SEEN_MAX][FIXTURE_TEXT];
	size_t line_count;
	enum error line_error;
	uint64_t behind;
	bool newer;
	/* The last trouble. */
	char code[64], sentence[512];
	uint64_t token;
};

extern struct answers answers;
extern struct store *store;
extern const struct id fixture_room, fixture_asker, fixture_self;
enum { FIXTURE_NONCE = 77 };

/* A folder of its own, removed at the end. */
void fixture_make_folder(void);
void fixture_remove_folder(void);
/* The database in it; borrowed. */
const char *fixture_path(void);

/* NULL: in memory.  False with a sentence in fixture_problem. */
bool fixture_open(const char *path, uint64_t start, uint64_t epoch);
extern char fixture_problem[256];
/* As in store_options; 0 in each new process. */
extern uint64_t fixture_room_messages;
void fixture_close(void);

/* Until everything asked for so far is answered. */
void fixture_settle(void);
/* Until so many are kept or refused. */
void fixture_await_answers(unsigned count);

struct stream fixture_stream(unsigned author);
/* Keys are counted from the time of the test. */
uint64_t fixture_hlc(uint64_t number);
void fixture_put_aged(unsigned author, uint64_t seq, unsigned days);
/* A bundle whose hash and body follow from author and seq. */
void fixture_put(unsigned author, uint64_t seq, uint64_t hlc, size_t messages,
    size_t body_size);
/* One of fixture_self in this run; other: what it says. */
void fixture_put_own(uint64_t epoch, uint64_t seq, uint64_t hlc,
    unsigned other);
void fixture_name(unsigned author, uint64_t seq, size_t index,
    char text[static MSG_TEXT]);
void fixture_history(const char *before, size_t limit);
/* Bundles whose bodies are as the protocol has them, of one message each; in
 * display order they stand as hlc says. */
void fixture_say(unsigned author, uint64_t seq, uint64_t hlc,
    const char *text);
void fixture_say_in(const struct id *room, unsigned author, uint64_t seq,
    uint64_t hlc, const char *kind, const char *text);
/* The author takes back the only message of another bundle of theirs. */
void fixture_take_back(unsigned author, uint64_t seq, uint64_t hlc,
    unsigned of, uint64_t taken);
/* The author says this of it, as a message of that kind. */
void fixture_amend(const char *kind, unsigned author, uint64_t seq,
    uint64_t hlc, unsigned of, uint64_t amended, const char *text);
/* Of fixture_room, or everywhere (NULL). */
void fixture_search(const struct id *room, const char *text, size_t limit);

#endif
