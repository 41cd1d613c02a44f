#include "core/chronicle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
chronicle_free(struct chronicle *c)
{
	free(c->entries);
	*c = (struct chronicle){ 0 };
}

static struct chronicle_entry *
add(struct chronicle *c)
{
	if (c->count == CHRONICLE_ELECTIONS)
		MEM_REMOVE(c->entries, c->count, 0);
	MEM_GROW(c->entries, c->count, c->cap);
	return &c->entries[c->count++];
}

static struct chronicle_entry *
running(const struct chronicle *c)
{
	return c->open ? &c->entries[c->count - 1] : NULL;
}

void
chronicle_begin(struct chronicle *c, instant_ms now, enum cause cause,
    uint64_t term, uint64_t sent)
{
	if (c->open)
		return;
	*add(c) = (struct chronicle_entry){
		.term = term,
		.cause = cause,
		.end = ELECTION_RUNNING,
		.began = now,
	};
	c->open = true;
	c->sent = sent;
}

void
chronicle_stood(struct chronicle *c, instant_ms now,
    const struct id *candidate, unsigned phase, uint64_t term)
{
	struct chronicle_entry *entry = running(c);
	size_t i = 0;

	if (entry == NULL)
		return;
	if (term > entry->term)
		entry->term = term;
	while (i < entry->stood_count &&
	    !id_equal(&entry->stood[i].id, candidate))
		i++;
	if (i == CHRONICLE_STOOD)
		return;
	if (i == entry->stood_count)
		entry->stood[entry->stood_count++] = (struct chronicle_stand){
			.id = *candidate,
			.at = now,
		};
	if (phase > entry->stood[i].phase)
		entry->stood[i].phase = phase;
}

void
chronicle_end(struct chronicle *c, instant_ms now, enum election_end end,
    const struct id *winner, uint64_t term, uint64_t sent)
{
	struct chronicle_entry *entry = running(c);

	if (entry == NULL)
		return;
	entry->end = end;
	entry->ended = now;
	entry->winner = *winner;
	entry->term = term;
	entry->messages = sent - c->sent;
	c->open = false;
}

void
chronicle_note(struct chronicle *c, instant_ms now, enum election_end end,
    const struct id *winner, uint64_t term)
{
	struct chronicle_entry *last =
	    c->count == 0 ? NULL : &c->entries[c->count - 1];

	if (c->open)
		return;
	/* One that raises its term again and again fills no page. */
	if (last == NULL || last->end != end ||
	    !id_equal(&last->winner, winner)) {
		last = add(c);
		*last = (struct chronicle_entry){ .end = end };
	}
	last->began = last->ended = now;
	last->winner = *winner;
	last->term = term;
}
