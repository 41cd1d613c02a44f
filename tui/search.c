#include "tui/search.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "tui/text.h"

static void
free_hits(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		free(search->hits[i].room);
		free(search->hits[i].nick);
		free(search->hits[i].text);
	}
	free(search->hits);
	search->hits = NULL;
	search->count = search->chosen = search->behind = 0;
	free(search->problem);
	search->problem = NULL;
}

void
search_free(struct search *search)
{
	free_hits(search);
	free(search->words);
	free(search->room);
	free(search->name);
	free(search->draft);
	*search = (struct search){ .words = NULL };
}

void
search_begin(struct search *search, const char *room, const char *name,
    const char *draft, size_t draft_point)
{
	search_free(search);
	*search = (struct search){
		.words = mem_text(""),
		.room = mem_text(room),
		.name = mem_text(room == NULL ? NULL : name),
		.everywhere = room == NULL,
		.draft = mem_text(draft),
		.draft_point = draft_point,
	};
}

void
search_asked(struct search *search, const char *words, uint64_t token)
{
	char *copy = mem_text(words);

	free_hits(search);
	free(search->words);
	search->words = copy;
	search->token = token;
}

/* -- answers ------------------------------------------------------------- */

static void
take_hit(struct search_hit *hit, const struct dchat_message *message,
    unsigned flags)
{
	/* An edit has no line of its own. */
	memcpy(hit->msg,
	    message->kind == KIND_EDIT ? message->ref : message->msg,
	    sizeof hit->msg);
	hit->room = mem_text(message->room);
	hit->nick = text_clean_copy(message->nick, flags);
	hit->text = text_clean_copy(message->text, flags);
	hit->author = message->author;
	hit->time = message->time;
}

bool
search_answered(struct search *search, const struct dchat_event *event,
    unsigned flags)
{
	size_t count;

	if (search->token == 0)
		return false;
	if (event->type == DCHAT_EVENT_ERROR &&
	    event->error.token == search->token) {
		free_hits(search);
		search->token = 0;
		search->problem = mem_text(event->error.text != NULL
			? event->error.text
			: error_sentence(event->error.code));
		return true;
	}
	if (event->type != DCHAT_EVENT_OK ||
	    event->ok.token != search->token)
		return false;
	free_hits(search);
	search->token = 0;
	count = event->ok.count;
	search->hits = mem_zero(count + 1, sizeof *search->hits);
	for (size_t i = 0; i < count; i++)
		take_hit(&search->hits[i], &event->ok.messages[count - 1 - i],
		    flags);
	search->count = count;
	search->behind = event->ok.behind;
	return true;
}

/* -- choosing ------------------------------------------------------------ */

void
search_move(struct search *search, long hits)
{
	long at = (long)search->chosen + hits;

	if (at >= (long)search->count)
		at = (long)search->count - 1;
	search->chosen = (size_t)(at < 0 ? 0 : at);
}

const struct search_hit *
search_chosen(const struct search *search)
{
	return search->count > 0 ? &search->hits[search->chosen] : NULL;
}

/* -- marks --------------------------------------------------------------- */

static bool
is_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* One of the words begins the word that starts here. */
static bool
begins(const char *words, const char *here)
{
	while (*words != '\0') {
		size_t size = 0;

		while (*words != '\0' && !is_of_word(*words))
			words++;
		while (is_of_word(words[size]))
			size++;
		if (size > 0 && strncasecmp(words, here, size) == 0)
			return true;
		words += size;
	}
	return false;
}

bool
search_mark(const char *words, const char *text, size_t at, size_t *start,
    size_t *end)
{
	while (text[at] != '\0') {
		size_t size = 0;

		while (is_of_word(text[at + size]))
			size++;
		if (size > 0 && (at == 0 || !is_of_word(text[at - 1])) &&
		    begins(words, text + at)) {
			*start = at;
			*end = at + size;
			return true;
		}
		at += size > 0 ? size : 1;
	}
	return false;
}
