#include "tests/screen/stage.h"

#include <check.h>
#include <curses.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tui/config.h"

struct stage stage;

static wall_ms
stage_wall(void)
{
	return stage.now;
}

static void
stage_suspend(void *self)
{
	(void)self;
	stage.suspended++;
}

static void
stage_event(void *self, const struct dchat_event *event)
{
	(void)self;
	app_event(stage.app, event);
}

static void
stage_turn(void *self)
{
	(void)self;
	app_turn(stage.app);
}

FILE *
null_device(void)
{
	return fopen("/dev/null", "r+");
}

static void
stage_build(const char *terminal, FILE *out, bool ascii, const char *config)
{
	struct app_setup setup = { .wall = stage_wall,
		.config = config,
		.suspend = stage_suspend,
		.settings = &stage.settings };
	struct dchat_front front = { .event = stage_event,
		.turn = stage_turn };
	char problem[256];
	int status;

	setenv("TZ", "UTC", 1);
	setenv("XDG_CONFIG_HOME",
	    stage.home != NULL ? stage.home : "/dev/null", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "");
	stage.now = NOON;
	stage.app = app_new(&setup);
	stage.out = out;
	stage.screen = screen_open(terminal, out, out, ascii, 0, problem);
	ck_assert_msg(stage.screen != NULL, "%s", problem);
	app_show(stage.app, stage.screen);
	stage.dchat = dchat_open(NULL, NULL, &front, problem, &status);
	app_attach(stage.app, stage.dchat);
}

void
stage_open_on(const char *terminal, FILE *out, bool ascii)
{
	setting_values_init(&stage.settings);
	stage_build(terminal, out, ascii, NULL);
}

void
stage_open_configured(enum setting_id id, const char *value,
    char problem[static 256])
{
	setting_values_init(&stage.settings);
	ck_assert(setting_set(&stage.settings, id, value, SETTING_BY_FILE,
	    "it", problem));
	stage_build("xterm-256color", null_device(), false, NULL);
}

void
stage_open_saved(const char *config)
{
	char problem[CONFIG_PROBLEM];

	setting_values_init(&stage.settings);
	ck_assert_msg(config_read(&stage.settings, config, true, NULL,
			  problem), "%s", problem);
	stage_build("xterm-256color", null_device(), false, config);
}

void
stage_open(void)
{
	unsetenv("NO_COLOR");
	fake_forget();
	stage_open_on("xterm-256color", null_device(), false);
}

void
stage_open_ascii(void)
{
	stage_open_on("xterm-256color", null_device(), true);
}

void
stage_close(void)
{
	dchat_close(stage.dchat);
	app_destroy(stage.app);
	screen_close(stage.screen);
	setting_values_free(&stage.settings);
	fclose(stage.out);
}

void
keys(const char *bytes)
{
	app_read(stage.app, bytes, strlen(bytes));
}

void
resize(int rows, int columns)
{
	screen_resize(stage.screen, rows, columns);
}

/* -- reading back ------------------------------------------------------------ */

static void
read_cell(struct bytes *out, int row, int column, int *cells)
{
	wchar_t points[CCHARW_MAX + 1];
	attr_t attributes;
	short pair;
	cchar_t cell;

	*cells = 1;
	mvin_wch(row, column, &cell);
	if (getcchar(&cell, points, &attributes, &pair, NULL) != OK)
		return;
	for (size_t i = 0; points[i] != L'\0'; i++) {
		char bytes[MB_LEN_MAX];
		mbstate_t state = { 0 };
		size_t size = wcrtomb(bytes, points[i], &state);

		ck_assert_uint_ne(size, (size_t)-1);
		bytes_append(out, bytes, size);
	}
	if (wcwidth(points[0]) == 2)
		*cells = 2;
}

void
read_screen(struct bytes *out)
{
	int rows, columns, cursor_row, cursor_column;
	char text[64];

	screen_size(stage.screen, &rows, &columns);
	getyx(stdscr, cursor_row, cursor_column);
	for (int row = 0; row < rows; row++) {
		int cells;

		for (int column = 0; column < columns; column += cells)
			read_cell(out, row, column, &cells);
		while (out->size > 0 && out->data[out->size - 1] == ' ')
			out->size--;
		bytes_append_text(out, "\n");
	}
	snprintf(text, sizeof text, "-- %dx%d, cursor at %d,%d\n", columns,
	    rows, cursor_row, cursor_column);
	bytes_append_text(out, text);
}

static void
golden_name(const char *name, char path[static 512])
{
	const char *top = getenv("top_srcdir");

	snprintf(path, 512, "%s/tests/screen/golden/%s.txt",
	    top != NULL ? top : ".", name);
}

static void
golden_write(const char *path, const struct bytes *seen)
{
	FILE *file = fopen(path, "w");

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	fwrite(seen->data, 1, seen->size, file);
	fclose(file);
}

static void
golden_read(const char *path, struct bytes *golden)
{
	FILE *file = fopen(path, "r");
	char piece[4096];
	size_t size;

	if (file == NULL)
		return;
	while ((size = fread(piece, 1, sizeof piece, file)) > 0)
		bytes_append(golden, piece, size);
	fclose(file);
}

/* The row of what is seen in which it starts; all of it is too much for a
 * message of Check. */
static const char *
first_difference(const struct bytes *seen, const struct bytes *golden)
{
	static char row[1024];
	size_t at = 0, start;

	while (at < seen->size && at < golden->size &&
	    seen->data[at] == golden->data[at])
		at++;
	for (start = at; start > 0 && seen->data[start - 1] != '\n'; start--)
		;
	while (at < seen->size && seen->data[at] != '\n')
		at++;
	snprintf(row, sizeof row, "%.*s", (int)(at - start),
	    (const char *)seen->data + start);
	return row;
}

void
looks_like_text(const char *name, const struct bytes *seen)
{
	const char *update = getenv("UPDATE_GOLDEN");
	struct bytes golden;
	char path[512];

	bytes_init(&golden);
	golden_name(name, path);
	if (update != NULL && *update != '\0')
		golden_write(path, seen);
	golden_read(path, &golden);
	ck_assert_msg(seen->size == golden.size &&
		memcmp(seen->data, golden.data, seen->size) == 0,
	    "%s differs first in \"%s\"", name,
	    first_difference(seen, &golden));
	bytes_free(&golden);
}

void
looks_like(const char *name)
{
	struct bytes seen;

	bytes_init(&seen);
	app_paint(stage.app);
	read_screen(&seen);
	looks_like_text(name, &seen);
	bytes_free(&seen);
}

size_t
times_in(const struct bytes *stream, const char *what)
{
	const uint8_t *at = stream->data, *end = at + stream->size;
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), what, strlen(what))) !=
	    NULL) {
		at += strlen(what);
		count++;
	}
	return count;
}

void
enter(const char *bytes)
{
	keys(bytes);
	fake_turn(stage.dchat);
}

size_t
seen_times(const char *text)
{
	struct bytes seen;
	size_t count;

	app_paint(stage.app);
	bytes_init(&seen);
	read_screen(&seen);
	count = times_in(&seen, text);
	bytes_free(&seen);
	return count;
}
