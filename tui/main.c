/*
 * dchat: people on one network talk, without a server.
 *
 * Reads the command line and starts one of the two front ends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/headless.h"
#include "tui/config.h"
#include "tui/linear.h"
#include "tui/loop.h"
#include "tui/options.h"

enum {
	EXIT_WRONG = 2,		/* what the person asked for is wrong */
};

static int
complain(const char *problem)
{
	fprintf(stderr, "dchat: %s\n", problem);
	return EXIT_WRONG;
}

/* What --help and --version say; a full disk must not pass for success. */
static int
say(void (*what)(FILE *out))
{
	what(stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "dchat: The output cannot be written: %s.\n",
	    strerror(errno));
	return EXIT_FAILURE;
}

static int
start(struct options *options, char *config)
{
	struct dchat_options node;

	options_node(options, &node);
	if (options->headless)
		return headless_run(&node);
	if (options->linear)
		return linear_run(&node, &options->settings, config);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return complain("There is no terminal here; run it in one, or "
				"use --linear for plain lines or --headless "
				"for JSON lines (`./bootstrap demo` shows "
				"three peers at work).");
	return loop_run(&node, &options->settings, config);
}

/* With what the file says where the command line says nothing. */
static int
configure(struct options *options)
{
	char *config =
	    options->config != NULL ? strdup(options->config) : config_path();
	char problem[CONFIG_PROBLEM];
	int status;

	if (config != NULL &&
	    !config_read(&options->settings, config, options->config != NULL,
		options->profile, problem))
		status = complain(problem);
	else
		status = start(options, config);
	free(config);
	return status;
}

int
main(int argc, char **argv)
{
	struct options options;
	char problem[256];
	int status = 0;

	switch (options_read(&options, argc, argv, problem)) {
	case OPTIONS_RUN: status = configure(&options); break;
	case OPTIONS_HELP: status = say(options_help); break;
	case OPTIONS_VERSION: status = say(options_version); break;
	case OPTIONS_WRONG: status = complain(problem); break;
	}
	options_free(&options);
	return status;
}
