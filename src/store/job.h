/*
 * job: a request to the store, and once it is performed its answer.
 *
 * Jobs go from the loop's thread to the store's in one queue and come back
 * in another; whoever holds one owns it.
 */
#ifndef DCHAT_STORE_JOB_H
#define DCHAT_STORE_JOB_H

#include "store/history.h"

enum job_type {
	JOB_PUT,
	JOB_SWAP,
	JOB_KEEP,
	JOB_ROOM,
	JOB_READ,
	JOB_BASES,
	JOB_EPOCH,
	JOB_RANGE, /* from here on they only read */
	JOB_NEWEST,
	JOB_TAIL,
	JOB_HISTORY,
	JOB_FIND,
	JOB_SEARCH,
	JOB_WRITE, /* a file that is not the database */
	JOB_TROUBLE, /* none: an answer that nobody asked for */
};

struct job {
	struct job *next;
	enum job_type type;
	struct arena arena;    /* what it points to */
	struct bundle *bundle; /* PUT, SWAP; owned */
	bool own;              /* PUT: of this node */
	struct id to, room; /* FIND: to is the hash */
	size_t count; /* ranges, bases, facts, messages or limit */
	size_t messages; /* NEWEST */
	const struct stream_range *ranges;
	const struct dependency *bases;
	const struct store_fact *facts;
	const char *name; /* ROOM; of the HISTORY: before; TROUBLE: code */
	const char *text; /* TROUBLE; SEARCH: the words */
	bool everywhere;  /* SEARCH: no room is meant */
	enum store_side side; /* HISTORY */
	int descriptor, failed; /* WRITE; an errno */
	const void *bytes;
	bool last;
	bool joined;
	uint64_t token, epoch;
	enum error error; /* PUT, HISTORY */
	struct found found;
};

/* First in, first out. */
struct jobs {
	struct job *first, *last;
	size_t count;
};

struct job *job_new(enum job_type type);
void job_free(struct job *job);

void jobs_add(struct jobs *jobs, struct job *job);
/* NULL when there is none. */
struct job *jobs_take(struct jobs *jobs);
/* All of `more`, which is empty then, behind or before the others. */
void jobs_append(struct jobs *jobs, struct jobs *more);
void jobs_prepend(struct jobs *jobs, struct jobs *more);
void jobs_free(struct jobs *jobs);

/* Something a person should know. */
void jobs_add_trouble(struct jobs *jobs, const char *code, const char *text);

#endif
