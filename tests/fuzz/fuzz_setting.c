/*
 * Fuzzes values of settings: the first byte chooses which, the others are
 * what a person writes.  It is taken, and is then taken again as it is
 * written, or a sentence says why not; and the times of day among them, and
 * the format of the clock, can be used.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tui/moment.h"
#include "tui/notify.h"
#include "tui/setting.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
check_used(const struct setting_values *values, enum setting_id id)
{
	static const wall_ms times[] = { 0, 1790000000000, 4102444799999 };
	const char *text = values->items[id].text;
	char moment[MOMENT_TEXT];

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		if (setting_table[id].type == SETTING_HOURS)
			notify_is_quiet(text, times[i]);
		if (setting_table[id].type == SETTING_CLOCK) {
			moment_write(text, times[i], moment);
			must(moment[0] != '\0');
		}
	}
}

static void
check_again(const struct setting_values *values, enum setting_id id)
{
	char *written = setting_written(values, id), *twice;
	struct setting_values again;
	char problem[256];

	setting_values_init(&again);
	must(setting_set(&again, id, written, SETTING_BY_PERSON, "x", problem));
	twice = setting_written(&again, id);
	must(strcmp(written, twice) == 0);
	free(twice);
	free(written);
	setting_values_free(&again);
}

static void
set(enum setting_id id, const char *text)
{
	char *before, *after, problem[256] = "";
	struct setting_values values;

	setting_values_init(&values);
	before = setting_written(&values, id);
	if (setting_set(&values, id, text, SETTING_BY_PERSON, "it", problem)) {
		check_again(&values, id);
		check_used(&values, id);
	} else {
		must(strncmp(problem, "it", 2) == 0);
		after = setting_written(&values, id);
		must(strcmp(before, after) == 0);
		free(after);
	}
	free(before);
	setting_values_free(&values);
}

/* A line that was taken is there until it is taken away. */
static void
put_line(enum setting_id id, const char *line)
{
	struct setting_values values;
	char problem[256] = "", *name;

	setting_values_init(&values);
	if (setting_put_line(&values, id, line, problem)) {
		must(values.items[id].word_count == 1);
		name = mem_span(values.items[id].words[0],
		    strcspn(values.items[id].words[0], " "));
		must(setting_line(&values, id, name, strlen(name)) != NULL);
		must(setting_drop_line(&values, id, name));
		must(values.items[id].word_count == 0);
		free(name);
	} else {
		must(problem[0] != '\0');
	}
	setting_values_free(&values);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum setting_id id;
	char *text;

	if (size < 1)
		return 0;
	id = (enum setting_id)(data[0] % SETTINGS_COUNT);
	text = mem_span((const char *)data + 1, size - 1);
	if (setting_is_lines(id))
		put_line(id, text);
	else
		set(id, text);
	free(text);
	return 0;
}
