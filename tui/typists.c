#include "tui/typists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { NICK_BYTES = 96 }; /* of one, in the line */

static void
forget(struct typists *typists, size_t at)
{
	free(typists->items[at].nick);
	MEM_REMOVE(typists->items, typists->count, at);
}

void
typists_free(struct typists *typists)
{
	while (typists->count > 0)
		forget(typists, 0);
}

void
typists_done(struct typists *typists, const struct id *id)
{
	size_t i = typists->count;

	while (i-- > 0)
		if (id_equal(&typists->items[i].id, id))
			forget(typists, i);
}

void
typists_heard(struct typists *typists, const struct id *id, const char *nick,
    wall_ms now)
{
	size_t i;

	for (i = 0; i < typists->count; i++)
		if (id_equal(&typists->items[i].id, id)) {
			typists->items[i].until = now + TYPISTS_MS;
			return;
		}
	/* who stopped long ago goes first, and the order is that of coming */
	for (i = typists->count; i-- > 0;)
		if (typists->items[i].until <= now)
			forget(typists, i);
	if (typists->count == TYPISTS_MOST)
		forget(typists, 0);
	typists->items[typists->count++] =
	    (struct typist){ *id, mem_text(nick), now + TYPISTS_MS };
}

static void
put_nick(char text[static TYPISTS_TEXT], const char *before, const char *nick)
{
	size_t used = strlen(text);

	snprintf(text + used, TYPISTS_TEXT - used, "%s%.*s", before,
	    (int)utf8_cut(nick, NICK_BYTES), nick);
}

bool
typists_line(const struct typists *typists, wall_ms now,
    char text[static TYPISTS_TEXT])
{
	size_t writing = 0, shown = 0, used, i;

	text[0] = '\0';
	for (i = 0; i < typists->count; i++)
		writing += typists->items[i].until > now;
	for (i = 0; i < typists->count && shown < 2; i++) {
		if (typists->items[i].until <= now)
			continue;
		put_nick(text,
		    shown == 0        ? ""
			: writing > 2 ? ", "
				      : " and ",
		    typists->items[i].nick);
		shown++;
	}
	used = strlen(text);
	if (writing > shown) {
		snprintf(text + used, TYPISTS_TEXT - used, " and %zu more",
		    writing - shown);
		used = strlen(text);
	}
	snprintf(text + used, TYPISTS_TEXT - used,
	    writing == 1 ? " is typing" : " are typing");
	return writing > 0;
}

wall_ms
typists_deadline(const struct typists *typists, wall_ms now)
{
	wall_ms deadline = NEVER;
	size_t i;

	for (i = 0; i < typists->count; i++)
		if (typists->items[i].until > now &&
		    typists->items[i].until < deadline)
			deadline = typists->items[i].until;
	return deadline;
}
