/*
 * answer: what a person reads when a command of theirs is answered.
 */
#ifndef DCHAT_TUI_ANSWER_H
#define DCHAT_TUI_ANSWER_H

#include "dchat.h"
#include "tui/group.h"

/*
 * The text of an OK event, of several lines if need be; room is what the
 * command was about, or "".  NULL: the answer shows itself (a room joined,
 * a message said).  The caller frees it; foreign text in it is not cleaned
 * yet, scrollback does that.
 */
char *answer_text(const struct group *group, const struct dchat_event *ok,
    const char *room);

/*
 * What is known of one person, from the OK of PEERS, which may not know
 * them; rooms: those they share with this person, "#ops, #lab", or "".
 */
char *answer_whois(const struct group *group, const struct dchat_event *ok,
    const struct id *id, const char *rooms, bool ignored);

#endif
