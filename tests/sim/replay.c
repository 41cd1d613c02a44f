#include "tests/sim/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "crypto/names.h"
#include "wire/digest.h"
#include "wire/tape.h"

struct replay {
	struct tape tape;
	struct node *node; /* of the run that is played; NULL: none yet */
	struct effects fx;
	uint64_t digest; /* of the effects of the last step */
	bool stepped;    /* and they are to be compared */
	bool trace;
	unsigned long line;
	uint64_t runs, inputs, different;
	char *told; /* the last line of an input, as people read it */
};

/* The text as bytes, in the arena; NULL when it is none. */
static uint8_t *
decode(struct arena *arena, const char *text, size_t *size)
{
	size_t length = strcspn(text, "\r\n");
	uint8_t *bytes = arena_alloc(arena, length + 1);

	*size = length * 3 / 4;
	return base64_get(text, length, bytes, *size) ? bytes : NULL;
}

static void
complain(struct replay *r, const char *what)
{
	printf("line %lu: %s\n", r->line, what);
	r->different++;
}

static void
begin_run(struct replay *r, const char *text)
{
	struct node_options options;
	struct arena arena;
	uint8_t *bytes;
	size_t size;

	node_destroy(r->node);
	r->node = NULL;
	r->stepped = false;
	arena_init(&arena);
	bytes = decode(&arena, text, &size);
	if (bytes != NULL) {
		tape_play(&r->tape, bytes, size, &arena);
		tape_options(&r->tape, &options);
	}
	if (bytes == NULL || r->tape.bad) {
		complain(r, "these are no options of this build");
	} else {
		options.nick_key = names_nick_key;
		r->node = node_new(&options);
		r->runs++;
	}
	arena_free(&arena);
}

static void
tell_traces(const struct replay *r)
{
	for (size_t i = 0; i < r->fx.count; i++)
		if (r->fx.items[i].type == EFFECT_TRACE)
			printf("line %lu: %s\n", r->line,
			    r->fx.items[i].trace);
}

static void
step(struct replay *r, const char *text)
{
	struct input input;
	struct arena arena;
	uint8_t *bytes;
	size_t size;

	if (r->node == NULL)
		return;
	arena_init(&arena);
	bytes = decode(&arena, text, &size);
	if (bytes != NULL) {
		tape_play(&r->tape, bytes, size, &arena);
		tape_input(&r->tape, &input);
	}
	if (bytes == NULL || r->tape.bad) {
		complain(r, "this is no input of this build");
	} else {
		effects_clear(&r->fx);
		node_step(r->node, &input, &r->fx);
		r->digest = HASH_START;
		for (size_t i = 0; i < r->fx.count; i++)
			r->digest =
			    digest_effect(r->digest, &r->fx.items[i]);
		r->stepped = true;
		r->inputs++;
		if (r->trace)
			tell_traces(r);
	}
	arena_free(&arena);
}

static void
compare(struct replay *r, const char *text)
{
	if (!r->stepped)
		return;
	r->stepped = false;
	if (strtoull(text, NULL, 16) == r->digest)
		return;
	complain(r, "the effects are others than they were");
	printf("  after %s", r->told == NULL ? "?\n" : r->told);
}

/* What follows the mark in a line; NULL when it is not there. */
static const char *
behind(const char *line, const char *mark)
{
	const char *at = strstr(line, mark);

	return at == NULL ? NULL : at + strlen(mark);
}

static void
take_line(struct replay *r, const char *line)
{
	const char *text;

	if ((text = behind(line, "Z | options ")) != NULL) {
		begin_run(r, text);
	} else if ((text = behind(line, "Z | input ")) != NULL) {
		step(r, text);
	} else if ((text = behind(line, "Z | effects ")) != NULL) {
		compare(r, text);
	} else if (behind(line, "Z < ") != NULL) {
		free(r->told);
		r->told = strdup(line);
	}
}

bool
replay_log(const char *path, bool trace)
{
	FILE *file = fopen(path, "r");
	struct replay r = { .trace = trace };
	char *line = NULL;
	size_t cap = 0;

	if (file == NULL) {
		fprintf(stderr, "dchat-sim: %s cannot be read\n", path);
		return false;
	}
	effects_init(&r.fx);
	r.fx.tracing = trace;
	while (getline(&line, &cap, file) > 0) {
		r.line++;
		take_line(&r, line);
	}
	fclose(file);
	free(line);
	free(r.told);
	node_destroy(r.node);
	effects_free(&r.fx);
	printf("%" PRIu64 " runs, %" PRIu64 " inputs, %" PRIu64
	       " differences\n",
	    r.runs, r.inputs, r.different);
	return r.inputs > 0 && r.different == 0;
}
