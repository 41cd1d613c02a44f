/*
 * Lines that others refer to, and lines that refer to others: replies show
 * how the other one begins, edited ones their new text, and below a line
 * stands who reacts to it.  What holds is src/amend's to say; here it
 * becomes the text of the line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/scrollback_lines.h"
#include "tui/text.h"

enum {
	QUOTE_CELLS = 48,	/* of what a reply answers */
	QUOTE_NICK = 16,	/* and of who said it */
	REACTIONS_SHOWN = 8,	/* different ones */
	NAMES_SHOWN = 12,	/* of who reacts with one of them */
};

static struct line *
find_line(const struct scrollback *scrollback, const char *msg)
{
	size_t i = scrollback->count - scrollback->pending;

	while (i-- > 0)
		if (strcmp(scrollback->lines[i]->msg, msg) == 0)
			return scrollback->lines[i];
	return NULL;
}

const struct line *
scrollback_find(const struct scrollback *scrollback, const char *msg)
{
	return find_line(scrollback, msg);
}

const struct amends *
scrollback_amends(const struct scrollback *scrollback)
{
	return &scrollback->amends;
}

/* As its author first wrote it. */
static const char *
first_text(const struct line *line)
{
	return line->said ? line->said : line->text;
}

/* The text that holds, in display form and owned by the caller. */
static char *
text_that_holds(const struct scrollback *scrollback, const struct line *line)
{
	const struct amend *edits;
	size_t count = amends_edits(&scrollback->amends, line->msg,
	    &line->author, &edits);

	if (amends_deleted(&scrollback->amends, line->msg, &line->author))
		return mem_text("(deleted)");
	if (count == 0)
		return mem_text(first_text(line));
	return text_clean_copy(edits[count - 1].text,
	    scrollback->flags | TEXT_LINES);
}

/* How the message begins that a reply answers: "> ana: shall we" */
static void
put_quote(const struct scrollback *scrollback, const struct line *line,
    struct bytes *out)
{
	const struct line *other = find_line(scrollback, line->ref);
	char *text;

	if (other == NULL) {
		bytes_append_text(out, "> an older message\n");
		return;
	}
	text = text_that_holds(scrollback, other);
	bytes_append_text(out, "> ");
	text_cut(out, other->nick, strlen(other->nick), QUOTE_NICK,
	    scrollback->flags);
	bytes_append_text(out, other->kind == LINE_ACTION ? " " : ": ");
	text_cut(out, text, strcspn(text, "\n"), QUOTE_CELLS,
	    scrollback->flags);
	bytes_append_text(out, "\n");
	free(text);
}

/* A text that somebody reacts with, and how many do. */
struct tally {
	const char *text;
	unsigned count;
};

static size_t
count_reactions(const struct amend *reactions, size_t count,
    struct tally tallies[static REACTIONS_SHOWN])
{
	size_t used = 0, i, k;

	for (i = 0; i < count; i++) {
		if (reactions[i].text[0] == '\0')
			continue;
		for (k = 0; k < used; k++)
			if (strcmp(tallies[k].text, reactions[i].text) == 0)
				break;
		if (k == REACTIONS_SHOWN)
			continue;
		if (k == used)
			tallies[used++] =
			    (struct tally){ reactions[i].text, 0 };
		tallies[k].count++;
	}
	return used;
}

/* "ana, bob and 3 more", of those who react with a text. */
static void
put_names(const struct scrollback *scrollback, const struct amend *reactions,
    size_t count, const char *text, struct bytes *out)
{
	size_t named = 0, i;
	char more[32];

	for (i = 0; i < count; i++) {
		char *nick;

		if (strcmp(reactions[i].text, text) != 0)
			continue;
		if (++named > NAMES_SHOWN)
			continue;
		nick = text_clean_copy(reactions[i].nick, scrollback->flags);
		bytes_append_text(out, named > 1 ? ", " : " ");
		bytes_append_text(out, nick);
		free(nick);
	}
	if (named <= NAMES_SHOWN)
		return;
	snprintf(more, sizeof more, " and %zu more", named - NAMES_SHOWN);
	bytes_append_text(out, more);
}

/* "+1 2  wow 1" below the line; of the line in focus by name, each in a row
 * of its own. */
static void
put_reactions(const struct scrollback *scrollback, struct line *line,
    struct bytes *out)
{
	struct tally tallies[REACTIONS_SHOWN];
	const struct amend *reactions;
	size_t count = amends_reactions(&scrollback->amends, line->msg,
	    &reactions);
	size_t used = count_reactions(reactions, count, tallies), i;
	bool named = scrollback->focus == line;
	char number[16];

	for (i = 0; i < used; i++) {
		char *text = text_clean_copy(tallies[i].text,
		    scrollback->flags);

		bytes_append_text(out, i == 0 || named ? "\n" : "  ");
		if (i == 0)
			line->tail = out->size;
		bytes_append_text(out, text);
		snprintf(number, sizeof number, " %u", tallies[i].count);
		if (named)
			put_names(scrollback, reactions, count,
			    tallies[i].text, out);
		else
			bytes_append_text(out, number);
		free(text);
	}
}

static void
put_version(const struct scrollback *scrollback, struct line *line,
    wall_ms at, const char *text, struct bytes *out)
{
	time_t seconds = (time_t)(at / 1000);
	char moment[32] = "";
	struct tm local;
	char *clean = text_clean_copy(text, scrollback->flags | TEXT_LINES);

	bytes_append_text(out, "\n");
	if (line->tail == 0)
		line->tail = out->size;
	if (localtime_r(&seconds, &local))
		strftime(moment, sizeof moment, "%H:%M", &local);
	bytes_append_text(out, moment);
	bytes_append_text(out, " it was: ");
	bytes_append_text(out, clean);
	free(clean);
}

/* What it said before it was changed, of the line in focus; from the last
 * one back to the first. */
static void
put_versions(const struct scrollback *scrollback, struct line *line,
    struct bytes *out)
{
	const struct amend *edits;
	size_t count = amends_edits(&scrollback->amends, line->msg,
	    &line->author, &edits);

	if (scrollback->focus != line || count == 0)
		return;
	while (--count > 0)
		put_version(scrollback, line, edits[count - 1].time,
		    edits[count - 1].text, out);
	put_version(scrollback, line, line->time, first_text(line), out);
}

void
scrollback_compose(struct scrollback *scrollback, struct line *line)
{
	char *holds = text_that_holds(scrollback, line);
	bool changed = strcmp(holds, first_text(line)) != 0;
	struct bytes out;

	line->deleted = amends_deleted(&scrollback->amends, line->msg,
	    &line->author);
	line->tail = 0;
	if (line->said == NULL)
		line->said = mem_text(line->text);
	scrollback->bytes -= strlen(line->text);
	bytes_init(&out);
	if (line->ref[0] != '\0' && !line->deleted)
		put_quote(scrollback, line, &out);
	line->body = out.size;
	bytes_append_text(&out, holds);
	if (changed && !line->deleted)
		bytes_append_text(&out, " (edited)");
	if (!line->deleted) {
		put_reactions(scrollback, line, &out);
		put_versions(scrollback, line, &out);
	}
	free(holds);
	free(line->text);
	line->text = mem_alloc(out.size + 1);
	memcpy(line->text, out.data, out.size);
	line->text[out.size] = '\0';
	bytes_free(&out);
	line->wrap_width = 0;
	scrollback->bytes += strlen(line->text);
}

static bool
is_amended(const struct scrollback *scrollback, const struct line *line)
{
	const struct amend *first;

	return scrollback->amends.count > 0 &&
	    (amends_edits(&scrollback->amends, line->msg, &line->author,
		 &first) > 0 ||
		amends_reactions(&scrollback->amends, line->msg, &first) > 0 ||
		amends_deleted(&scrollback->amends, line->msg,
		    &line->author));
}

void
scrollback_compose_focus(struct scrollback *scrollback,
    const struct line *line)
{
	if (line && line->msg[0] != '\0' && is_amended(scrollback, line))
		scrollback_compose(scrollback,
		    scrollback->lines[scrollback_index(scrollback, line)]);
}

/* Replies to it that stand here. */
static void
compose_replies(struct scrollback *scrollback, const char *msg)
{
	size_t i;

	for (i = 0; i < scrollback->count; i++)
		if (strcmp(scrollback->lines[i]->ref, msg) == 0)
			scrollback_compose(scrollback, scrollback->lines[i]);
}

void
scrollback_compose_new(struct scrollback *scrollback, struct line *line,
    bool newest)
{
	if (line->ref[0] != '\0' || is_amended(scrollback, line))
		scrollback_compose(scrollback, line);
	/* an answer is never there before what it answers is known, unless
	 * that comes from the history */
	if (!newest)
		compose_replies(scrollback, line->msg);
}

bool
scrollback_refer(struct scrollback *scrollback,
    const struct dchat_message *message)
{
	struct line *line;

	if (!amends_take(&scrollback->amends, message))
		return false;
	line = find_line(scrollback, message->ref);
	if (line == NULL)
		return false;
	scrollback_compose(scrollback, line);
	compose_replies(scrollback, line->msg);
	return true;
}
