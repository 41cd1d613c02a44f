/*
 * options: the command line, read into what a person may set.
 *
 * One table holds every option; getopt_long(3) and the text of --help are
 * made from it.  Numbers are checked to the last character.  Whether a
 * name or an address is a good one, the node decides (dchat_open).
 */
#ifndef DCHAT_TUI_OPTIONS_H
#define DCHAT_TUI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "dchat.h"

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG,		/* problem is a sentence */
};

/* The texts are those of argv. */
struct options {
	struct dchat_options node;
	bool headless;
	const char **rooms, **peers, **interfaces;	/* owned: the arrays */
	size_t room_cap, peer_cap, interface_cap;
};

enum options_outcome options_read(struct options *options, int argc,
    char **argv, char problem[static 256]);
void options_free(struct options *options);

/* What --help and --version say. */
void options_help(FILE *out);
void options_version(FILE *out);

#endif
