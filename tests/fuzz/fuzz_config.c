/*
 * Fuzzes the file of settings: what is not understood is a sentence with
 * the line, and a file that is understood still is, with just the same
 * values, after a setting in it was changed and changed back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/config.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
must_be(const struct setting_values *values, enum setting_id id,
    const char *expected)
{
	char *text = setting_written(values, id);

	must(strcmp(text, expected) == 0);
	free(text);
}

static void
must_be_equal(const struct setting_values *a, const struct setting_values *b,
    enum setting_id but)
{
	for (int id = 0; id < SETTINGS_COUNT; id++) {
		char *text = setting_written(a, (enum setting_id)id);

		if ((enum setting_id)id != but)
			must_be(b, (enum setting_id)id, text);
		free(text);
	}
}

/* A key more, and one alias less, are all that changes. */
static void
edit_lines(struct setting_values *values, const char *text, size_t size,
    const char *profile)
{
	const struct setting_value *aliases = &values->items[SETTING_ID_ALIAS];
	char problem[CONFIG_PROBLEM], *edited;
	struct setting_values after;

	if (!setting_put_line(values, SETTING_ID_BIND, "F12 next-room",
		problem))
		return;
	if (aliases->word_count > 1) {
		char name[64];

		snprintf(name, sizeof name, "%.*s",
		    (int)strcspn(aliases->words[0], " "), aliases->words[0]);
		must(setting_drop_line(values, SETTING_ID_ALIAS, name));
	}
	edited = config_edit(values, text, size, profile, problem);
	must(edited != NULL);
	setting_values_init(&after);
	must(config_parse(&after, edited, strlen(edited), "f", profile,
	    problem));
	for (int id = SETTING_ID_BIND; id <= SETTING_ID_ALIAS; id++) {
		must(after.items[id].word_count ==
		    values->items[id].word_count);
		for (size_t i = 0; i < after.items[id].word_count; i++) {
			const char *line = after.items[id].words[i];
			const char *was = setting_line(values,
			    (enum setting_id)id, line, strcspn(line, " "));

			must(was != NULL && strcmp(was, line) == 0);
		}
	}
	setting_values_free(&after);
	free(edited);
}

static void
edit(const char *text, size_t size, const char *profile,
    const struct setting_values *before)
{
	char problem[CONFIG_PROBLEM], *edited;
	struct setting_values values, after;

	setting_values_init(&values);
	setting_values_init(&after);
	must(config_parse(&values, text, size, "f", profile, problem));
	must(setting_set(&values, SETTING_ID_NICK_WIDTH, "27",
	    SETTING_BY_PERSON, "nick-width", problem));
	edited = config_edit(&values, text, size, profile, problem);
	must(edited != NULL);
	must(config_parse(&after, edited, strlen(edited), "f", profile,
	    problem));
	must_be(&after, SETTING_ID_NICK_WIDTH, "27");
	must_be_equal(before, &after, SETTING_ID_NICK_WIDTH);
	free(edited);
	edit_lines(&values, text, size, profile);
	setting_values_free(&values);
	setting_values_free(&after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const profiles[] = { NULL, "lab" };
	const char *text = size > 0 ? (const char *)data : "";
	char problem[CONFIG_PROBLEM];
	struct setting_values values;

	if (size > CONFIG_BYTES_MAX)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		setting_values_init(&values);
		problem[0] = '\0';
		if (config_parse(&values, text, size, "f", profiles[i],
			problem))
			edit(text, size, profiles[i], &values);
		else
			must(strncmp(problem, "f:", 2) == 0 &&
			    strchr(problem, '\n') == NULL);
		setting_values_free(&values);
	}
	return 0;
}
