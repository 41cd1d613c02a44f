#include "tui/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/near.h"
#include "tui/sheet.h"

enum {
	PROBLEM = CONFIG_PROBLEM,
	PATH_SHOWN = 128, /* bytes of it in a sentence */
};

char *
config_path(void)
{
	return sheet_place("config");
}

/* -- reading ------------------------------------------------------------- */

struct reading {
	struct setting_values *values;
	struct setting_values others; /* of what is not for us: checked */
	const char *profile;
	unsigned section;             /* so many headings so far */
	bool ours;                    /* the section is */
	int set_line[SETTINGS_COUNT]; /* where last, in which section */
	unsigned set_section[SETTINGS_COUNT];
};

static void
on_heading(struct sheet *sheet, const char *name, size_t size)
{
	struct reading *reading = sheet->self;

	reading->section++;
	reading->ours = strlen(reading->profile) == size &&
	    strncmp(name, reading->profile, size) == 0;
}

static const char *
name_at(size_t index)
{
	return setting_table[index].name;
}

static void
unknown_name(struct sheet *sheet, const char *name)
{
	const char *near = near_word(name, name_at, SETTINGS_COUNT);

	if (near != NULL)
		sheet_wrong(sheet,
		    "there is no setting \"%s\"; perhaps %s is meant.", name,
		    near);
	else
		sheet_wrong(sheet,
		    "there is no setting \"%s\"; dchat.conf(5) lists them.",
		    name);
}

/* A list that goes on. */
static bool
add_words(struct setting_values *values, enum setting_id id, const char *text,
    char problem[static 256])
{
	char *copy, *rest = NULL;
	bool good = true;

	if (setting_is_lines(id))
		return setting_add(values, id, text, SETTING_BY_FILE,
		    setting_table[id].name, problem);
	copy = mem_text(text);
	for (char *word = strtok_r(copy, " \t,", &rest); good && word != NULL;
	     word = strtok_r(NULL, " \t,", &rest))
		good = setting_add(values, id, word, SETTING_BY_FILE,
		    setting_table[id].name, problem);
	free(copy);
	return good;
}

static void
on_setting(struct sheet *sheet, const char *name, const char *value)
{
	struct reading *reading = sheet->self;
	struct setting_values *values = reading->values;
	char problem[256];
	enum setting_id id;
	bool again, good;

	if (!setting_named(name, &id)) {
		unknown_name(sheet, name);
		return;
	}
	again = reading->set_line[id] != 0 &&
	    reading->set_section[id] == reading->section;
	if (again && !setting_is_list(id)) {
		sheet_wrong(sheet, "%s is set in line %d already.", name,
		    reading->set_line[id]);
		return;
	}
	reading->set_line[id] = sheet->line;
	reading->set_section[id] = reading->section;
	if (!reading->ours || values->items[id].origin > SETTING_BY_FILE)
		values = &reading->others;
	good = again
	    ? add_words(values, id, value, problem)
	    : setting_set(values, id, value, SETTING_BY_FILE, name, problem);
	if (!good)
		sheet_wrong(sheet, "%s", problem);
}

bool
config_parse(struct setting_values *values, const char *text, size_t size,
    const char *path, const char *profile, char problem[static PROBLEM])
{
	struct reading reading = {
		.values = values,
		.profile = profile != NULL ? profile : "default",
		.ours = true,
	};
	struct sheet sheet = {
		.path = path,
		.problem = problem,
		.what = "setting; write NAME = VALUE, or [PROFILE]",
		.self = &reading,
		.heading = on_heading,
		.entry = on_setting,
	};
	bool good;

	setting_values_init(&reading.others);
	good = sheet_parse(&sheet, text, size);
	setting_values_free(&reading.others);
	return good;
}

bool
config_read(struct setting_values *values, const char *path, bool must_exist,
    const char *profile, char problem[static PROBLEM])
{
	struct bytes text;
	bool good;

	bytes_init(&text);
	if (sheet_load(path, &text, problem)) {
		good = config_parse(values,
		    text.size > 0 ? (const char *)text.data : "", text.size,
		    path, profile, problem);
	} else {
		good = problem[0] == '\0' && !must_exist;
		if (must_exist && problem[0] == '\0')
			snprintf(problem, PROBLEM, "There is no file %.*s.",
			    PATH_SHOWN, path);
	}
	bytes_free(&text);
	return good;
}

/* -- writing -------------------------------------------------------------- */

/* Makes the folders above a file. */
static void
make_folders(const char *path)
{
	char *copy = mem_text(path);

	for (char *slash = strchr(copy + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
}

static bool
write_all(int descriptor, const char *text)
{
	size_t size = strlen(text);

	while (size > 0) {
		ssize_t written = write(descriptor, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		size -= (size_t)written;
	}
	return fsync(descriptor) == 0;
}

/* Puts a file with this text in its place, in one step. */
static bool
file_replace(const char *path, const char *text, char problem[static PROBLEM])
{
	/* who keeps it elsewhere, behind a link, shall find it there */
	char *real = realpath(path, NULL), *fresh = NULL;
	const char *target = real != NULL ? real : path;
	struct stat old;
	int descriptor = -1;
	bool good = false;

	if (real == NULL)
		make_folders(path);
	if (asprintf(&fresh, "%s.XXXXXX", target) >= 0)
		descriptor = mkstemp(fresh);
	if (descriptor >= 0) {
		if (real != NULL && stat(real, &old) == 0)
			good = fchmod(descriptor, old.st_mode & 0777) == 0;
		else
			good = true;
		good = good && write_all(descriptor, text);
		good = close(descriptor) == 0 && good;
		good = good && rename(fresh, target) == 0;
	}
	if (!good) {
		snprintf(problem, PROBLEM, "%.*s cannot be written: %s.",
		    PATH_SHOWN, path, strerror(errno));
		if (descriptor >= 0)
			unlink(fresh);
	}
	free(fresh);
	free(real);
	return good;
}

bool
config_save(struct setting_values *values, const char *path,
    const char *profile, char problem[static PROBLEM])
{
	struct bytes old;
	char *text = NULL;
	bool good;

	bytes_init(&old);
	sheet_load(path, &old, problem);
	good = problem[0] == '\0';
	if (good) {
		text = config_edit(values,
		    old.size > 0 ? (const char *)old.data : "", old.size,
		    profile, problem);
		good = text != NULL && file_replace(path, text, problem);
	}
	if (good)
		for (int id = 0; id < SETTINGS_COUNT; id++)
			values->items[id].unsaved = false;
	free(text);
	bytes_free(&old);
	return good;
}
