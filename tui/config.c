#include "tui/config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/near.h"

enum {
	PROBLEM = CONFIG_PROBLEM,
	PATH_SHOWN = 128, /* bytes of it in a sentence */
	LINE_TEXT = 256,
};

/* -- where it is --------------------------------------------------------- */

char *
config_path(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	const struct passwd *person;
	char *path = NULL;

	/* The specification has relative ones ignored. */
	if (config != NULL && *config == '/')
		return asprintf(&path, "%s/dchat/config", config) < 0 ? NULL
								      : path;
	if (home == NULL || *home != '/') {
		person = getpwuid(getuid());
		home = person == NULL ? NULL : person->pw_dir;
	}
	if (home == NULL ||
	    asprintf(&path, "%s/.config/dchat/config", home) < 0)
		return NULL;
	return path;
}

/* -- reading ------------------------------------------------------------- */

struct reading {
	struct setting_values *values;
	struct setting_values others; /* of what is not for us: checked */
	const char *path, *profile;
	const char *at, *end; /* not read yet */
	int line;
	unsigned section;             /* so many headings so far */
	bool ours;                    /* the section is */
	int set_line[SETTINGS_COUNT]; /* where last, in which section */
	unsigned set_section[SETTINGS_COUNT];
	int wrong_line; /* 0: nothing is wrong so far */
	char *problem;  /* PROBLEM bytes */
};

static void wrong(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Only the first is told. */
static void
wrong(struct reading *reading, const char *format, ...)
{
	va_list arguments;
	int used;

	if (reading->wrong_line != 0)
		return;
	reading->wrong_line = reading->line;
	used = snprintf(reading->problem, PROBLEM, "%.*s:%d: ", PATH_SHOWN,
	    reading->path, reading->line);
	va_start(arguments, format);
	vsnprintf(reading->problem + used, (size_t)(PROBLEM - used), format,
	    arguments);
	va_end(arguments);
}

/* inih keeps only the beginning of a long one, so it is looked at here. */
static void
take_heading(struct reading *reading, const char *line)
{
	size_t size = strcspn(line + 1, "]");

	reading->section++;
	reading->ours = strlen(reading->profile) == size &&
	    strncmp(line + 1, reading->profile, size) == 0;
}

/*
 * For inih: the next line, as fgets(3) would give it.  Blanks before it are
 * left out, for inih takes an indented line for more of the one before.
 */
static char *
next_line(char *line, int room, void *self)
{
	struct reading *reading = self;
	const char *from = reading->at, *end;
	size_t size;

	if (from == reading->end)
		return NULL;
	reading->line++;
	end = memchr(from, '\n', (size_t)(reading->end - from));
	if (end == NULL)
		end = reading->end;
	reading->at = end < reading->end ? end + 1 : end;
	while (from < end && (*from == ' ' || *from == '\t'))
		from++;
	size = (size_t)(end - from);
	if (memchr(from, '\0', size) != NULL || !utf8_valid(from, size)) {
		wrong(reading, "this line is not UTF-8 text.");
		size = 0;
	} else if (size > (size_t)room - 2) {
		wrong(reading,
		    "this line is longer than %d bytes; a list may "
		    "go on with another line of the same name.",
		    room - 2);
		size = 0;
	}
	memcpy(line, from, size);
	line[size] = '\0';
	if (line[0] == '[')
		take_heading(reading, line);
	return line;
}

static const char *
name_at(size_t index)
{
	return setting_table[index].name;
}

static void
unknown_name(struct reading *reading, const char *name)
{
	const char *near = near_word(name, name_at, SETTINGS_COUNT);

	if (near != NULL)
		wrong(reading,
		    "there is no setting \"%s\"; perhaps %s is meant.", name,
		    near);
	else
		wrong(reading,
		    "there is no setting \"%s\"; dchat.conf(5) lists them.",
		    name);
}

/* A list that goes on. */
static bool
add_words(struct setting_values *values, enum setting_id id, const char *text,
    char problem[static 256])
{
	char *copy = mem_text(text), *rest = NULL;
	bool good = true;

	for (char *word = strtok_r(copy, " \t,", &rest); good && word != NULL;
	     word = strtok_r(NULL, " \t,", &rest))
		good = setting_add(values, id, word, SETTING_BY_FILE,
		    setting_table[id].name, problem);
	free(copy);
	return good;
}

static int
on_setting(void *self, const char *section, const char *name, const char *value)
{
	struct reading *reading = self;
	struct setting_values *values = reading->values;
	char problem[256];
	enum setting_id id;
	bool again, good;

	(void)section;
	if (!setting_named(name, &id)) {
		unknown_name(reading, name);
		return 1;
	}
	again = reading->set_line[id] != 0 &&
	    reading->set_section[id] == reading->section;
	if (again && !setting_is_list(id)) {
		wrong(reading, "%s is set in line %d already.", name,
		    reading->set_line[id]);
		return 1;
	}
	reading->set_line[id] = reading->line;
	reading->set_section[id] = reading->section;
	if (!reading->ours || values->items[id].origin > SETTING_BY_FILE)
		values = &reading->others;
	good = again
	    ? add_words(values, id, value, problem)
	    : setting_set(values, id, value, SETTING_BY_FILE, name, problem);
	if (!good)
		wrong(reading, "%s", problem);
	return 1;
}

bool
config_parse(struct setting_values *values, const char *text, size_t size,
    const char *path, const char *profile, char problem[static PROBLEM])
{
	struct reading reading = {
		.values = values,
		.path = path,
		.profile = profile != NULL ? profile : "default",
		.at = text,
		.end = text + size,
		.ours = true,
		.problem = problem,
	};
	int result;

	/* a mark of some editors, and no part of the first name */
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		reading.at += 3;
	setting_values_init(&reading.others);
	result = ini_parse_stream(next_line, &reading, on_setting, &reading);
	setting_values_free(&reading.others);
	if (result == 0)
		return reading.wrong_line == 0;
	/* a line that inih does not understand; it tells the first */
	if (reading.wrong_line != 0 && reading.wrong_line < result)
		return false;
	reading.wrong_line = 0;
	reading.line = result;
	wrong(&reading,
	    "this is no setting; write NAME = VALUE, or [PROFILE].");
	return false;
}

/* The whole file; false with a sentence, or when it is not there. */
static bool
file_read(const char *path, struct bytes *text, char problem[static PROBLEM])
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t size = 0;

	problem[0] = '\0';
	if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	while (descriptor >= 0 && text->size <= CONFIG_BYTES_MAX &&
	    (size = read(descriptor, bytes_reserve(text, 4096), 4096)) > 0)
		text->size += (size_t)size;
	if (descriptor < 0 || size < 0)
		snprintf(problem, PROBLEM, "%.*s cannot be read: %s.",
		    PATH_SHOWN, path, strerror(errno));
	else if (text->size > CONFIG_BYTES_MAX)
		snprintf(problem, PROBLEM,
		    "%.*s is longer than %d KiB: it is no file of settings.",
		    PATH_SHOWN, path, CONFIG_BYTES_MAX / 1024);
	if (descriptor >= 0)
		close(descriptor);
	return problem[0] == '\0';
}

bool
config_read(struct setting_values *values, const char *path, bool must_exist,
    const char *profile, char problem[static PROBLEM])
{
	struct bytes text;
	bool good;

	bytes_init(&text);
	if (file_read(path, &text, problem)) {
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
	file_read(path, &old, problem);
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
