#include "tui/alias.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/command.h"

enum {
	PROBLEM = 256,
	QUOTED = 40,		/* bytes of a name in a sentence */
	RESULT_MOST = 2 * LIMIT_TEXT,
};

static const char BLANKS[] = " \t\n";

/* -- definitions ----------------------------------------------------------- */

static bool
name_is_good(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!islower((unsigned char)name[i]) &&
		    !isdigit((unsigned char)name[i]) && name[i] != '-')
			return false;
	return size > 0 && size <= ALIAS_NAME;
}

static bool
is_command(const char *name, size_t size)
{
	for (size_t i = 0; i < command_count; i++)
		if (strlen(command_table[i].name) == size &&
		    strncmp(command_table[i].name, name, size) == 0)
			return true;
	return false;
}

char *
alias_line(const char *text, char problem[static 256])
{
	const char *name = text[0] == '/' ? text + 1 : text;
	size_t size = strcspn(name, BLANKS);
	const char *body = name + size + strspn(name + size, BLANKS);
	int shown = (int)(size < QUOTED ? size : utf8_cut(name, QUOTED));
	char *line = NULL;

	if (!name_is_good(name, size))
		snprintf(problem, PROBLEM,
		    "\"%.*s\" is no name for a command; take up to %d of a-z, "
		    "0-9 and -.",
		    shown, name, ALIAS_NAME);
	else if (is_command(name, size))
		snprintf(problem, PROBLEM,
		    "/%.*s is a command already; take another name.", shown,
		    name);
	else if (*body == '\0')
		snprintf(problem, PROBLEM,
		    "/%.*s wants a text to stand for, like /me waves.", shown,
		    name);
	else if (strchr(body, '\n') != NULL)
		snprintf(problem, PROBLEM,
		    "An alias is a single line; leave the rest out.");
	else if (size + 1 + strlen(body) > ALIAS_LINE)
		snprintf(problem, PROBLEM,
		    "An alias holds at most %d bytes, its name included; two "
		    "may share the work.",
		    ALIAS_LINE);
	else if (asprintf(&line, "%.*s %s", (int)size, name, body) < 0)
		return NULL;
	return line;
}

/* -- expansion ------------------------------------------------------------- */

/* The words behind the name. */
struct words {
	const char *all;	/* from the first on */
	size_t size;
	const char *at[9];
	size_t sizes[9];
	size_t count;		/* at most 9 */
};

static void
words_find(struct words *words, const char *text)
{
	const char *at = text + strspn(text, BLANKS);

	*words = (struct words){ .all = at, .size = strlen(at) };
	while (words->size > 0 &&
	    strchr(BLANKS, words->all[words->size - 1]) != NULL)
		words->size--;
	while (*at != '\0' && words->count < 9) {
		words->at[words->count] = at;
		words->sizes[words->count] = strcspn(at, BLANKS);
		at += words->sizes[words->count++];
		at += strspn(at, BLANKS);
	}
}

/* The definition behind the name of the line, or NULL. */
static const char *
find(char *const *aliases, size_t count, const char *line)
{
	size_t size = strcspn(line + 1, BLANKS);

	for (size_t i = 0; i < count; i++)
		if (strcspn(aliases[i], " ") == size &&
		    strncasecmp(aliases[i], line + 1, size) == 0)
			return aliases[i] + size + 1;
	return NULL;
}

/* The digit of "$3" or "$3-", and how many bytes it takes; 0: none. */
static size_t
reference(const char *at, size_t *number, bool *rest)
{
	*rest = false;
	*number = 0;
	if (at[0] != '$')
		return 0;
	if (at[1] == '*' || at[1] == '$')
		return 2;
	if (at[1] < '1' || at[1] > '9')
		return 0;
	*number = (size_t)(at[1] - '0');
	*rest = at[2] == '-';
	return *rest ? 3 : 2;
}

/* How many words the text wants at least, and whether it names any. */
static size_t
words_wanted(const char *text, bool *named)
{
	size_t most = 0, number, size;
	bool rest;

	*named = false;
	while (*text != '\0') {
		size = reference(text, &number, &rest);
		*named |= size > 0 && text[1] != '$';
		if (number > most && !rest)
			most = number;
		text += size > 0 ? size : 1;
	}
	return most;
}

static void
put_words(struct bytes *out, const char *text, const struct words *words)
{
	size_t number, size;
	bool rest;

	while (*text != '\0') {
		size = reference(text, &number, &rest);
		if (size == 0)
			bytes_append(out, text, 1);
		else if (text[1] == '$')
			bytes_append_text(out, "$");
		else if (text[1] == '*')
			bytes_append(out, words->all, words->size);
		else if (number <= words->count && rest)
			bytes_append(out, words->at[number - 1],
			    (size_t)(words->all + words->size -
				words->at[number - 1]));
		else if (number <= words->count)
			bytes_append(out, words->at[number - 1],
			    words->sizes[number - 1]);
		text += size > 0 ? size : 1;
	}
}

/* One step; NULL with a sentence. */
static char *
expand(const char *text, const char *line, char problem[static PROBLEM])
{
	size_t name = strcspn(line, BLANKS), wanted;
	struct words words;
	struct bytes out;
	bool named;

	words_find(&words, line + name);
	wanted = words_wanted(text, &named);
	if (wanted > words.count) {
		snprintf(problem, PROBLEM,
		    "%.*s wants %zu word%s behind it: it stands for %.*s",
		    (int)name, line, wanted, wanted == 1 ? "" : "s",
		    (int)utf8_cut(text, ALIAS_LINE), text);
		return NULL;
	}
	bytes_init(&out);
	put_words(&out, text, &words);
	if (!named && words.size > 0) {
		bytes_append_text(&out, " ");
		bytes_append(&out, words.all, words.size);
	}
	if (out.size > RESULT_MOST) {
		snprintf(problem, PROBLEM,
		    "%.*s makes %zu bytes of this; at most %d can be taken.",
		    (int)name, line, out.size, RESULT_MOST);
		bytes_free(&out);
		return NULL;
	}
	bytes_append(&out, "", 1);
	return (char *)out.data;
}

bool
alias_leads_on(char *const *aliases, size_t count, const char *line,
    char problem[static 256])
{
	int name = (int)strcspn(line, " "), by = 0;
	const char *at = line + name + 1, *way = NULL;

	/* more steps than there are aliases: a circle without this one */
	for (size_t step = 0; step <= count && at != NULL && at[0] == '/';
	     step++) {
		int head = (int)strcspn(at + 1, BLANKS);

		if (head == name &&
		    strncasecmp(at + 1, line, (size_t)name) == 0) {
			snprintf(problem, PROBLEM,
			    "/%.*s would come back to itself%s%.*s; let it "
			    "stand for something else.",
			    name, line, way != NULL ? " by /" : "", by,
			    way != NULL ? way : "");
			return false;
		}
		way = at + 1;
		by = head;
		at = find(aliases, count, at);
	}
	return true;
}

char *
alias_expand(char *const *aliases, size_t count, const char *line,
    char problem[static 256])
{
	char *now = NULL;
	const char *text;

	problem[0] = '\0';
	for (int depth = 0;; depth++) {
		const char *from = now != NULL ? now : line;
		char *next;

		if (from[0] != '/' || from[1] == '/')
			return now;
		text = find(aliases, count, from);
		if (text == NULL)
			return now;
		if (depth == ALIAS_DEPTH) {
			snprintf(problem, PROBLEM,
			    "%.*s goes round in a circle; /alias lists what "
			    "stands for what.",
			    (int)strcspn(line, BLANKS), line);
			free(now);
			return NULL;
		}
		next = expand(text, from, problem);
		free(now);
		now = next;
		if (now == NULL)
			return NULL;
	}
}
