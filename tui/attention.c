#include "tui/attention.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/text.h"

/* -- lists of words ---------------------------------------------------- */

static size_t
list_find(const struct attention_list *list, const char *word)
{
	size_t i = 0;

	while (i < list->count && strcmp(list->items[i], word) != 0)
		i++;
	return i;
}

static bool
list_put(struct attention_list *list, const char *word, bool in)
{
	size_t at = list_find(list, word);

	if ((at < list->count) == in ||
	    (in &&
		(list->count == ATTENTION_MOST || word[0] == '\0' ||
		    strlen(word) > ATTENTION_WORD)))
		return false;
	if (in) {
		MEM_GROW(list->items, list->count, list->cap);
		list->items[list->count++] = mem_text(word);
	} else {
		free(list->items[at]);
		MEM_REMOVE(list->items, list->count, at);
	}
	return true;
}

static void
list_free(struct attention_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

/* -- people ------------------------------------------------------------ */

static size_t
person_find(const struct attention *attention, const struct id *id)
{
	size_t i = 0;

	while (i < attention->ignored_count &&
	    !id_equal(&attention->ignored[i].id, id))
		i++;
	return i;
}

bool
attention_ignores(const struct attention *attention, const struct id *id)
{
	return person_find(attention, id) < attention->ignored_count;
}

bool
attention_ignore(struct attention *attention, const struct id *id,
    const char *nick)
{
	if (attention_ignores(attention, id) ||
	    attention->ignored_count == ATTENTION_MOST)
		return false;
	MEM_GROW(attention->ignored, attention->ignored_count,
	    attention->ignored_cap);
	attention->ignored[attention->ignored_count++] =
	    (struct attention_person){ *id, mem_text(nick) };
	return true;
}

bool
attention_hear(struct attention *attention, const struct id *id)
{
	size_t at = person_find(attention, id);

	if (at == attention->ignored_count)
		return false;
	free(attention->ignored[at].nick);
	MEM_REMOVE(attention->ignored, attention->ignored_count, at);
	return true;
}

/* -- rooms and words --------------------------------------------------- */

bool
attention_mutes(const struct attention *attention, const char *room)
{
	return list_find(&attention->muted, room) < attention->muted.count;
}

bool
attention_mute(struct attention *attention, const char *room, bool mute)
{
	return list_put(&attention->muted, room, mute);
}

bool
attention_is_loud(const struct attention *attention, const char *room)
{
	return list_find(&attention->loud, room) < attention->loud.count;
}

bool
attention_loud(struct attention *attention, const char *room, bool loud)
{
	return list_put(&attention->loud, room, loud);
}

bool
attention_highlight(struct attention *attention, const char *word,
    bool highlight)
{
	return list_put(&attention->words, word, highlight);
}

bool
attention_mentions(const struct attention *attention, const char *nick,
    const char *text)
{
	size_t i;

	if (text_has_word(text, nick))
		return true;
	for (i = 0; i < attention->words.count; i++)
		if (text_has_pattern(text, attention->words.items[i]))
			return true;
	return false;
}

void
attention_free(struct attention *attention)
{
	size_t i;

	for (i = 0; i < attention->ignored_count; i++)
		free(attention->ignored[i].nick);
	free(attention->ignored);
	list_free(&attention->muted);
	list_free(&attention->loud);
	list_free(&attention->words);
	*attention = (struct attention){ 0 };
}

/* -- for another run --------------------------------------------------- */

static void
write_list(const struct attention_list *list, struct bytes *out)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		bytes_append_text(out, list->items[i]);
		bytes_append_text(out, "\n");
	}
}

static void
write_people(const struct attention *attention, struct bytes *out)
{
	char id[ID_TEXT];
	size_t i;

	for (i = 0; i < attention->ignored_count; i++) {
		bytes_append_text(out,
		    id_format(&attention->ignored[i].id, id));
		bytes_append_text(out, " ");
		bytes_append_text(out, attention->ignored[i].nick);
		bytes_append_text(out, "\n");
	}
}

void
attention_write(const struct attention *attention, enum attention_kind kind,
    struct bytes *out)
{
	switch (kind) {
	case ATTENTION_IGNORED: write_people(attention, out); break;
	case ATTENTION_MUTED: write_list(&attention->muted, out); break;
	case ATTENTION_LOUD: write_list(&attention->loud, out); break;
	case ATTENTION_WORDS: write_list(&attention->words, out); break;
	case ATTENTION_KINDS: break;
	}
}

static void
read_person(struct attention *attention, char *line)
{
	char *nick = strchr(line, ' ');
	struct id id;

	if (nick)
		*nick++ = '\0';
	if (id_parse(line, &id))
		attention_ignore(attention, &id, nick ? nick : "");
}

void
attention_read(struct attention *attention, enum attention_kind kind,
    const char *text)
{
	char *copy = mem_text(text), *rest = NULL, *line;

	for (line = strtok_r(copy, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		switch (kind) {
		case ATTENTION_IGNORED: read_person(attention, line); break;
		case ATTENTION_MUTED:
			attention_mute(attention, line, true);
			break;
		case ATTENTION_LOUD:
			attention_loud(attention, line, true);
			break;
		case ATTENTION_WORDS:
			attention_highlight(attention, line, true);
			break;
		case ATTENTION_KINDS: break;
		}
	free(copy);
}
