#include "tui/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	HELP_COLUMN = 30,	/* where the descriptions begin */
	PRIORITY_DEFAULT = 100,
	ONLY_LONG = 256,	/* option numbers without a letter */
};

enum {
	OPTION_DISCOVERY_PORT = ONLY_LONG,
	OPTION_PROFILE,
	OPTION_EPHEMERAL,
	OPTION_PRIORITY,
	OPTION_HEADLESS,
	OPTION_LOG,
};

static const struct row {
	int number;		/* its letter, or above ONLY_LONG */
	const char *name;
	const char *argument;	/* NULL: takes none */
	const char *help;	/* '\n': a second line */
} table[] = {
	{ 'n', "nick", "NAME", "your nick (default: your login name)" },
	{ 'N', "network", "NAME", "only meet those who say the same\n"
				  "(default: lan)" },
	{ 'r', "room", "'#NAME'", "join this room at start; may be repeated\n"
				  "(default: #lobby)" },
	{ 'P', "peer", "HOST[:PORT]", "also try this address; may be "
				      "repeated" },
	{ 'i', "interface", "NAME", "use only this network interface; may be\n"
				    "repeated (default: all usable ones)" },
	{ 'p', "port", "PORT", "TCP port to listen on (default: a free "
			       "one)" },
	{ OPTION_DISCOVERY_PORT, "discovery-port", "PORT",
	    "UDP port to find others by (default: 7711)" },
	{ OPTION_PROFILE, "profile", "NAME", "separate identity and history\n"
					     "(default: default)" },
	{ OPTION_EPHEMERAL, "ephemeral", NULL,
	    "throwaway identity, nothing on disk" },
	{ OPTION_PRIORITY, "priority", "N",
	    "who should lead when there is a choice,\n"
	    "0 to 255 (default: 100)" },
	{ OPTION_HEADLESS, "headless", NULL,
	    "no screen: JSON lines on standard input\nand output" },
	{ OPTION_LOG, "log", "FILE", "write a log to FILE" },
	{ 'v', "verbose", NULL, "log more; twice: everything" },
	{ 'V', "version", NULL, "say the version and exit" },
	{ 'h', "help", NULL, "say this and exit" },
};

enum { ROWS = sizeof table / sizeof *table };

static void
list_add(const char ***list, size_t *count, size_t *cap, const char *text)
{
	MEM_GROW(*list, *count, *cap);
	(*list)[(*count)++] = text;
}

/* A whole number of decimal digits and nothing else. */
static bool
number_read(const char *text, long most, long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtol(text, &end, 10);
	return *end == '\0' && errno == 0 && *value <= most;
}

static bool
option_number(const char *name, const char *text, long most, long *value,
    char problem[static 256])
{
	if (number_read(text, most, value))
		return true;
	snprintf(problem, 256,
	    "--%s wants a whole number from 0 to %ld, not \"%.80s\".", name,
	    most, text);
	return false;
}

static bool
option_port(const char *name, const char *text, uint16_t *port,
    char problem[static 256])
{
	long value;

	if (!option_number(name, text, UINT16_MAX, &value, problem))
		return false;
	*port = (uint16_t)value;
	return true;
}

static enum options_outcome
option_take(struct options *options, int number, const char *argument,
    char problem[static 256])
{
	struct dchat_options *node = &options->node;
	bool good = true;
	long value;

	switch (number) {
	case 'n': node->nick = argument; break;
	case 'N': node->network = argument; break;
	case 'r':
		list_add(&options->rooms, &node->room_count,
		    &options->room_cap, argument);
		break;
	case 'P':
		list_add(&options->peers, &node->peer_count,
		    &options->peer_cap, argument);
		break;
	case 'i':
		list_add(&options->interfaces, &node->interface_count,
		    &options->interface_cap, argument);
		break;
	case 'p':
		good = option_port("port", argument, &node->port, problem);
		break;
	case OPTION_DISCOVERY_PORT:
		good = option_port("discovery-port", argument,
		    &node->discovery_port, problem);
		break;
	case OPTION_PROFILE: node->profile = argument; break;
	case OPTION_EPHEMERAL: node->ephemeral = true; break;
	case OPTION_PRIORITY:
		good = option_number("priority", argument, UINT8_MAX, &value,
		    problem);
		if (good)
			node->priority = (uint8_t)value;
		break;
	case OPTION_HEADLESS: options->headless = true; break;
	case OPTION_LOG: node->log_file = argument; break;
	case 'v': node->verbosity++; break;
	case 'V': return OPTIONS_VERSION;
	case 'h': return OPTIONS_HELP;
	}
	return good ? OPTIONS_RUN : OPTIONS_WRONG;
}

/* getopt's two tables, from ours. */
static void
tables_make(char letters[static 2 * ROWS + 2],
    struct option longs[static ROWS + 1])
{
	char *at = letters;

	*at++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].argument != NULL
			    ? required_argument
			    : no_argument,
			.val = table[i].number,
		};
		if (table[i].number >= ONLY_LONG)
			continue;
		*at++ = (char)table[i].number;
		if (table[i].argument != NULL)
			*at++ = ':';
	}
	*at = '\0';
	longs[ROWS] = (struct option){ .name = NULL };
}

static const struct row *
row_find(int number)
{
	for (size_t i = 0; i < ROWS; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

static enum options_outcome
complain(int result, const char *word, char problem[static 256])
{
	const struct row *row = row_find(optopt);

	if (result == ':' && row != NULL)
		snprintf(problem, 256, "--%s wants a value: %s.", row->name,
		    row->argument);
	else if (row != NULL && strncmp(word, "--", 2) == 0)
		snprintf(problem, 256, "--%s takes no value.", row->name);
	else if (optopt != 0 && optopt < ONLY_LONG)
		snprintf(problem, 256,
		    "there is no option -%c; dchat --help lists them.",
		    isprint(optopt) ? optopt : '?');
	else
		snprintf(problem, 256,
		    "there is no option %.80s; dchat --help lists them.",
		    word);
	return OPTIONS_WRONG;
}

enum options_outcome
options_read(struct options *options, int argc, char **argv,
    char problem[static 256])
{
	char letters[2 * ROWS + 2];
	struct option longs[ROWS + 1];
	enum options_outcome outcome = OPTIONS_RUN;
	int result;

	*options = (struct options){ .node.priority = PRIORITY_DEFAULT };
	tables_make(letters, longs);
	opterr = 0;
	optind = 0;	/* also forgets an earlier call */
	while (outcome == OPTIONS_RUN) {
		optopt = 0;
		result = getopt_long(argc, argv, letters, longs, NULL);
		if (result == -1)
			break;
		outcome = result == ':' || result == '?'
		    ? complain(result, argv[optind - 1], problem)
		    : option_take(options, result, optarg, problem);
	}
	if (outcome == OPTIONS_RUN && optind < argc) {
		snprintf(problem, 256,
		    "\"%.80s\" is not an option; dchat --help lists them.",
		    argv[optind]);
		outcome = OPTIONS_WRONG;
	}
	options->node.rooms = options->rooms;
	options->node.peers = options->peers;
	options->node.interfaces = options->interfaces;
	return outcome;
}

void
options_free(struct options *options)
{
	free(options->rooms);
	free(options->peers);
	free(options->interfaces);
}

void
options_help(FILE *out)
{
	fputs("Usage: dchat [OPTION]...\n"
	      "Chat with everybody on this network, without a server.\n\n",
	    out);
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &table[i];
		const char *at = row->help;
		int used = row->number < ONLY_LONG
		    ? fprintf(out, "  -%c, --%s", row->number, row->name)
		    : fprintf(out, "      --%s", row->name);

		if (row->argument != NULL)
			used += fprintf(out, " %s", row->argument);
		while (*at != '\0') {
			size_t line = strcspn(at, "\n");

			fprintf(out, "%*s%.*s\n", HELP_COLUMN - used, "",
			    (int)line, at);
			at += line + (at[line] == '\n');
			used = 0;
		}
	}
	fputs("\nInside, F1 or /help explains keys and commands.\n", out);
}

void
options_version(FILE *out)
{
	fputs("dchat " PACKAGE_VERSION "\n"
	      "License GPLv3+: GNU GPL version 3 or later "
	      "<https://gnu.org/licenses/gpl.html>.\n"
	      "This is free software; there is NO WARRANTY, to the extent "
	      "permitted by law.\n",
	    out);
}
