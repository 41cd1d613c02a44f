/*
 * alias: commands that a person has made, as lines "NAME TEXT".
 *
 *	hi /me waves at $1      /hi bob      -> /me waves at bob
 *	j /join                 /j #ops      -> /join #ops
 *	both /msg $1 $2-        /both bob a b -> /msg bob a b
 *
 * $1 to $9 are words behind the name, $2- the second and all behind it, $*
 * all, $$ a dollar.  A text without any of them has all words put behind it.
 * What comes of it may be an alias again, a few times; then it is a circle.
 * Those that can be seen when an alias is made are not made; one that is
 * closed only by a word, as by /$1, is found when it is used.
 */
#ifndef DCHAT_TUI_ALIAS_H
#define DCHAT_TUI_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ALIAS_NAME = 32,	/* bytes of a name: a-z, 0-9, '-' */
	ALIAS_LINE = 140,	/* of both together: a line of the file */
	ALIAS_DEPTH = 8,	/* aliases in aliases */
};

/*
 * Checks such a line and writes it as it shall be kept, for the caller to
 * free.  NULL with a sentence.
 */
char *alias_line(const char *text, char problem[static 256]);

/*
 * Whether a line that alias_line() gave, put among those (in place of one of
 * the same name), leads somewhere else.  False with a sentence: it would come
 * back to itself.
 */
bool alias_leads_on(char *const *aliases, size_t count, const char *line,
    char problem[static 256]);

/*
 * What the line stands for, to be freed.  NULL: it is no alias, or it cannot
 * be done, and problem has a sentence then; else it is empty.
 */
char *alias_expand(char *const *aliases, size_t count, const char *line,
    char problem[static 256]);

#endif
