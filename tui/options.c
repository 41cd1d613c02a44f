#include "tui/options.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>

enum {
	HELP_COLUMN = 30, /* where the descriptions begin */
	ONLY_LONG = 256,  /* option numbers without a letter */
	NO_SETTING = -1,
};

enum {
	OPTION_DISCOVERY_PORT = ONLY_LONG,
	OPTION_PROFILE,
	OPTION_EPHEMERAL,
	OPTION_PRIORITY,
	OPTION_HEADLESS,
	OPTION_LINEAR,
	OPTION_CONFIG,
	OPTION_LOG,
};

static const struct row {
	int number;		/* its letter, or above ONLY_LONG */
	const char *name;
	const char *argument;	/* NULL: takes none */
	int setting;            /* enum setting_id, or NO_SETTING */
	const char *help;	/* '\n': a second line */
} table[] = {
	{ 'n', "nick", "NAME", SETTING_ID_NICK,
	    "your nick (default: your login name)" },
	{ 'N', "network", "NAME", SETTING_ID_NETWORK,
	    "only meet those who say the same\n(default: lan)" },
	{ 'r', "room", "'#NAME'", SETTING_ID_ROOMS,
	    "join this room at start; may be repeated\n(default: #lobby)" },
	{ 'P', "peer", "HOST[:PORT]", SETTING_ID_PEERS,
	    "also try this address; may be repeated" },
	{ 'i', "interface", "NAME", SETTING_ID_INTERFACES,
	    "use only this network interface; may be\n"
	    "repeated (default: all usable ones)" },
	{ 'p', "port", "PORT", SETTING_ID_PORT,
	    "TCP port to listen on (default: a free one)" },
	{ OPTION_DISCOVERY_PORT, "discovery-port", "PORT",
	    SETTING_ID_DISCOVERY_PORT,
	    "UDP port to find others by (default: 7711)" },
	{ OPTION_PROFILE, "profile", "NAME", NO_SETTING,
	    "separate identity, history and settings\n"
	    "(default: default)" },
	{ OPTION_EPHEMERAL, "ephemeral", NULL, NO_SETTING,
	    "throwaway identity, nothing on disk" },
	{ OPTION_PRIORITY, "priority", "N", SETTING_ID_PRIORITY,
	    "who should lead when there is a choice,\n"
	    "0 to 255 (default: 100)" },
	{ OPTION_LINEAR, "linear", NULL, NO_SETTING,
	    "plain lines instead of a screen, for screen\nreaders and braille" },
	{ OPTION_HEADLESS, "headless", NULL, NO_SETTING,
	    "no screen: JSON lines on standard input\nand output" },
	{ OPTION_CONFIG, "config", "FILE", NO_SETTING,
	    "read the settings from FILE (default:\n"
	    "~/.config/dchat/config)" },
	{ OPTION_LOG, "log", "FILE", SETTING_ID_LOG, "write a log to FILE" },
	{ 'v', "verbose", NULL, NO_SETTING, "log more; twice: everything" },
	{ 'V', "version", NULL, NO_SETTING, "say the version and exit" },
	{ 'h', "help", NULL, NO_SETTING, "say this and exit" },
};

enum { ROWS = sizeof table / sizeof *table };

static const struct row *
row_find(int number)
{
	for (size_t i = 0; i < ROWS; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

/* A setting by option: once more adds to a list, or replaces. */
static bool
setting_take(struct setting_values *settings, const struct row *row,
    const char *argument, char problem[static 256])
{
	enum setting_id id = (enum setting_id)row->setting;
	char name[32];

	snprintf(name, sizeof name, "--%s", row->name);
	return setting_is_list(id) ? setting_add(settings, id, argument,
					 SETTING_BY_OPTION, name, problem)
				   : setting_set(settings, id, argument,
					 SETTING_BY_OPTION, name, problem);
}

static bool
more_verbose(struct setting_values *settings, char problem[static 256])
{
	enum setting_id id = SETTING_ID_VERBOSE;
	bool before = settings->items[id].origin == SETTING_BY_OPTION;

	return setting_set(settings, id,
	    before && setting_number(settings, id) > 0 ? "2" : "1",
	    SETTING_BY_OPTION, "--verbose", problem);
}

static enum options_outcome
option_take(struct options *options, int number, const char *argument,
    char problem[static 256])
{
	const struct row *row = row_find(number);
	bool good = true;

	switch (number) {
	case OPTION_PROFILE: options->profile = argument; break;
	case OPTION_CONFIG: options->config = argument; break;
	case OPTION_EPHEMERAL: options->ephemeral = true; break;
	case OPTION_HEADLESS: options->headless = true; break;
	case OPTION_LINEAR: options->linear = true; break;
	case 'v': good = more_verbose(&options->settings, problem); break;
	case 'V': return OPTIONS_VERSION;
	case 'h': return OPTIONS_HELP;
	default:
		good = setting_take(&options->settings, row, argument, problem);
		break;
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
		    "There is no option -%c; dchat --help lists them.",
		    isprint(optopt) ? optopt : '?');
	else
		snprintf(problem, 256,
		    "There is no option %.80s; dchat --help lists them.",
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

	*options = (struct options){ .profile = NULL };
	setting_values_init(&options->settings);
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
	if (outcome == OPTIONS_RUN && options->linear && options->headless) {
		snprintf(problem, 256,
		    "--linear is for people and --headless for programs; "
		    "choose one.");
		outcome = OPTIONS_WRONG;
	}
	if (outcome == OPTIONS_RUN && optind < argc) {
		snprintf(problem, 256,
		    "\"%.80s\" is not an option; dchat --help lists them.",
		    argv[optind]);
		outcome = OPTIONS_WRONG;
	}
	return outcome;
}

void
options_free(struct options *options)
{
	setting_values_free(&options->settings);
}

static const char *
text_or_null(const struct setting_value *value)
{
	return value->text[0] != '\0' ? value->text : NULL;
}

void
options_node(const struct options *options, struct dchat_options *node)
{
	const struct setting_value *items = options->settings.items;

	*node = (struct dchat_options){
		.nick = text_or_null(&items[SETTING_ID_NICK]),
		.network = text_or_null(&items[SETTING_ID_NETWORK]),
		.profile = options->profile,
		.rooms = (const char *const *)items[SETTING_ID_ROOMS].words,
		.room_count = items[SETTING_ID_ROOMS].word_count,
		.peers = (const char *const *)items[SETTING_ID_PEERS].words,
		.peer_count = items[SETTING_ID_PEERS].word_count,
		.interfaces =
		    (const char *const *)items[SETTING_ID_INTERFACES].words,
		.interface_count = items[SETTING_ID_INTERFACES].word_count,
		.port = (uint16_t)items[SETTING_ID_PORT].number,
		.discovery_port =
		    (uint16_t)items[SETTING_ID_DISCOVERY_PORT].number,
		.priority = (uint8_t)items[SETTING_ID_PRIORITY].number,
		.ephemeral = options->ephemeral,
		.history_messages =
		    (uint64_t)items[SETTING_ID_HISTORY_MESSAGES].number,
		.history_days = (unsigned)items[SETTING_ID_HISTORY_DAYS].number,
		.history_all = items[SETTING_ID_HISTORY_FETCH].number == 1,
		.log_file = text_or_null(&items[SETTING_ID_LOG]),
		.verbosity = (int)items[SETTING_ID_VERBOSE].number,
	};
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
