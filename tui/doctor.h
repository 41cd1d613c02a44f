/*
 * doctor: the network as the node described it last, as rows to be read.
 *
 * First the verdicts, each with what can be done; then the matrix of
 * interfaces and channels with the peers heard there; then the links.  Text
 * from others is cleaned here; what is wide is wrapped by whoever shows it.
 */
#ifndef DCHAT_TUI_DOCTOR_H
#define DCHAT_TUI_DOCTOR_H

#include "dchat.h"

enum doctor_kind {
	DOCTOR_HEADING,
	DOCTOR_GOOD,
	DOCTOR_NOTE,
	DOCTOR_BAD,
	DOCTOR_NEXT,	/* what can be done about the one above */
	DOCTOR_ROW,	/* of a table: not wrapped */
	DOCTOR_DETAIL,	/* the same, of less weight */
	DOCTOR_BLANK,
};

struct doctor_line {
	enum doctor_kind kind;
	char *text;
};

struct doctor_lines {
	struct doctor_line *items;
	size_t count, cap;
};

/* flags: TEXT_ASCII or 0.  Forgets what was there before. */
void doctor_take(struct doctor_lines *lines,
    const struct dchat_network *network, unsigned flags);
void doctor_lines_free(struct doctor_lines *lines);

#endif
