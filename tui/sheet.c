#include "tui/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

enum {
	PATH_SHOWN = 128, /* bytes of it in a sentence */
};

/* -- where it is --------------------------------------------------------- */

char *
sheet_place(const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	const struct passwd *person;
	char *path = NULL;

	/* The specification has relative ones ignored. */
	if (config != NULL && *config == '/')
		return asprintf(&path, "%s/dchat/%s", config, name) < 0 ? NULL
									: path;
	if (home == NULL || *home != '/') {
		person = getpwuid(getuid());
		home = person == NULL ? NULL : person->pw_dir;
	}
	if (home == NULL ||
	    asprintf(&path, "%s/.config/dchat/%s", home, name) < 0)
		return NULL;
	return path;
}

/* -- reading ------------------------------------------------------------- */

void
sheet_wrong(struct sheet *sheet, const char *format, ...)
{
	va_list arguments;
	int used;

	if (sheet->wrong_line != 0)
		return;
	sheet->wrong_line = sheet->line;
	used = snprintf(sheet->problem, SHEET_PROBLEM, "%.*s:%d: ", PATH_SHOWN,
	    sheet->path, sheet->line);
	va_start(arguments, format);
	vsnprintf(sheet->problem + used, (size_t)(SHEET_PROBLEM - used),
	    format, arguments);
	va_end(arguments);
}

/*
 * For inih: the next line, as fgets(3) would give it.  Blanks before it are
 * left out, for inih takes an indented line for more of the one before; and
 * it keeps only the beginning of a long heading, so that is looked at here.
 */
static char *
next_line(char *line, int room, void *self)
{
	struct sheet *sheet = self;
	const char *from = sheet->at, *end;
	size_t size;

	if (from == sheet->end)
		return NULL;
	sheet->line++;
	end = memchr(from, '\n', (size_t)(sheet->end - from));
	if (end == NULL)
		end = sheet->end;
	sheet->at = end < sheet->end ? end + 1 : end;
	while (from < end && (*from == ' ' || *from == '\t'))
		from++;
	size = (size_t)(end - from);
	if (memchr(from, '\0', size) != NULL || !utf8_valid(from, size)) {
		sheet_wrong(sheet, "this line is not UTF-8 text.");
		size = 0;
	} else if (size > (size_t)room - 2) {
		sheet_wrong(sheet,
		    "this line is longer than %d bytes; a list may "
		    "go on with another line of the same name.",
		    room - 2);
		size = 0;
	}
	memcpy(line, from, size);
	line[size] = '\0';
	if (line[0] == '[' && sheet->heading != NULL)
		sheet->heading(sheet, line + 1, strcspn(line + 1, "]"));
	return line;
}

static int
on_entry(void *self, const char *section, const char *name, const char *value)
{
	struct sheet *sheet = self;

	(void)section;
	if (sheet->entry != NULL)
		sheet->entry(sheet, name, value);
	return 1;
}

bool
sheet_parse(struct sheet *sheet, const char *text, size_t size)
{
	int result;

	sheet->at = text;
	sheet->end = text + size;
	sheet->line = sheet->wrong_line = 0;
	/* a mark of some editors, and no part of the first name */
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		sheet->at += 3;
	result = ini_parse_stream(next_line, sheet, on_entry, sheet);
	if (result == 0)
		return sheet->wrong_line == 0;
	/* a line that inih does not understand; it tells the first */
	if (sheet->wrong_line != 0 && sheet->wrong_line < result)
		return false;
	sheet->wrong_line = 0;
	sheet->line = result;
	sheet_wrong(sheet, "this is no %s.", sheet->what);
	return false;
}

bool
sheet_load(const char *path, struct bytes *text,
    char problem[static SHEET_PROBLEM])
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t size = 0;

	problem[0] = '\0';
	if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	while (descriptor >= 0 && text->size <= SHEET_BYTES_MAX &&
	    (size = read(descriptor, bytes_reserve(text, 4096), 4096)) > 0)
		text->size += (size_t)size;
	if (descriptor < 0 || size < 0)
		snprintf(problem, SHEET_PROBLEM, "%.*s cannot be read: %s.",
		    PATH_SHOWN, path, strerror(errno));
	else if (text->size > SHEET_BYTES_MAX)
		snprintf(problem, SHEET_PROBLEM,
		    "%.*s is longer than %d KiB: it is no file of settings.",
		    PATH_SHOWN, path, SHEET_BYTES_MAX / 1024);
	if (descriptor >= 0)
		close(descriptor);
	return problem[0] == '\0';
}
