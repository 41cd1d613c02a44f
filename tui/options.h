/*
 * options: the command line, read into what a person may set.
 *
 * One table holds every option; getopt_long(3) and the text of --help are
 * made from it.  Most of them are settings (tui/setting) for this one run,
 * and are checked as those are.
 */
#ifndef DCHAT_TUI_OPTIONS_H
#define DCHAT_TUI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "dchat.h"
#include "tui/setting.h"

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG,		/* problem is a sentence */
};

struct options {
	struct setting_values settings;
	/* The texts are those of argv. */
	const char *profile;	/* NULL: the default one */
	const char *config;	/* file of settings; NULL: the usual one */
	bool ephemeral, headless, linear;
};

enum options_outcome options_read(struct options *options, int argc,
    char **argv, char problem[static 256]);
void options_free(struct options *options);

/* What the node has to know of them; they must outlive it. */
void options_node(const struct options *options, struct dchat_options *node);

/* What --help and --version say. */
void options_help(FILE *out);
void options_version(FILE *out);

#endif
