#include "tui/theme_file.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/near.h"

enum {
	WORD = 60, /* bytes of a wrong word in a sentence */
};

static const char ENDING[] = ".theme";
static const char BLANKS[] = " \t";

static const char *const style_names[STYLE_NICK] = {
#define X(constant, name, help) name,
	STYLES(X)
#undef X
};

/* The first sixteen colours, in their order. */
static const char *const colour_names[] = { "black", "red", "green", "yellow",
	"blue", "magenta", "cyan", "white", "bright-black", "bright-red",
	"bright-green", "bright-yellow", "bright-blue", "bright-magenta",
	"bright-cyan", "bright-white" };

enum { COLOUR_NAMES = sizeof colour_names / sizeof *colour_names };

static const char *const attribute_names[] = { "bold", "dim", "reverse",
	"italic", "underline" };

enum { ATTRIBUTES = sizeof attribute_names / sizeof *attribute_names };

/* Besides the styles. */
static const char *const other_names[] = { "about", "nicks" };

enum { OTHERS = sizeof other_names / sizeof *other_names };

struct reading {
	struct theme_file *file;
	bool dark, light;	/* what follows is for it */
	bool seen[3][STYLE_NICK];	/* under that heading */
	int heading;		/* 0: none yet, 1: [dark], 2: [light] */
};

/* -- values --------------------------------------------------------------- */

static bool
take_hex(const char *word, int *ink)
{
	if (strlen(word) != 7 ||
	    strspn(word + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*ink = INK_EXACT | (int)strtol(word + 1, NULL, 16);
	return true;
}

/* "default", "bright-red", "215", "#ffaf5f" */
static bool
take_colour(const char *word, int *ink)
{
	char *end;
	long number;

	if (strcmp(word, "default") == 0) {
		*ink = INK_OWN;
		return true;
	}
	for (int i = 0; i < COLOUR_NAMES; i++)
		if (strcmp(word, colour_names[i]) == 0) {
			*ink = i;
			return true;
		}
	if (word[0] == '#')
		return take_hex(word, ink);
	if (!isdigit((unsigned char)word[0]) || strlen(word) > 3)
		return false;
	number = strtol(word, &end, 10);
	*ink = (int)number;
	return *end == '\0' && number <= 255;
}

static bool
take_attribute(const char *word, struct look *look)
{
	bool *const flags[ATTRIBUTES] = { &look->bold, &look->dim,
		&look->reverse, &look->italic, &look->underline };

	for (int i = 0; i < ATTRIBUTES; i++)
		if (strcmp(word, attribute_names[i]) == 0) {
			*flags[i] = true;
			return true;
		}
	return false;
}

static const char *
value_word(size_t index)
{
	return index < COLOUR_NAMES ? colour_names[index]
	    : index < COLOUR_NAMES + ATTRIBUTES
	    ? attribute_names[index - COLOUR_NAMES]
	    : "default";
}

static void
unknown_word(struct sheet *sheet, const char *word)
{
	const char *near =
	    near_word(word, value_word, COLOUR_NAMES + ATTRIBUTES + 1);
	int size = (int)utf8_cut(word, WORD);

	if (near != NULL)
		sheet_wrong(sheet,
		    "\"%.*s\" is no colour and no attribute; perhaps %s is "
		    "meant.",
		    size, word, near);
	else
		sheet_wrong(sheet,
		    "\"%.*s\" is no colour and no attribute; a colour is a "
		    "name like red, a number from 0 to 255, #rrggbb or "
		    "default.",
		    size, word);
}

/* "black on 226 bold underline" */
static bool
take_design(struct sheet *sheet, const char *value, struct design *design)
{
	struct design fresh = { .ink = INK_OWN,
		.paper = INK_OWN,
		.of8 = INK_NEAREST,
		.of16 = INK_NEAREST };
	bool have_ink = false, have_paper = false, behind_on = false;
	char *copy = mem_text(value), *rest = NULL;
	bool good = true;
	int colour;

	for (char *word = strtok_r(copy, BLANKS, &rest); good && word != NULL;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		bool *have = behind_on ? &have_paper : &have_ink;

		if (strcmp(word, "on") == 0 && !have_paper && !behind_on) {
			behind_on = true;
		} else if (take_colour(word, &colour)) {
			good = !*have;
			if (!good)
				sheet_wrong(sheet,
				    "\"%s\" is a second colour; the "
				    "background's stands behind \"on\".",
				    word);
			*have = true;
			*(behind_on ? &fresh.paper : &fresh.ink) = colour;
			behind_on = false;
		} else if (behind_on || !take_attribute(word, &fresh.look)) {
			unknown_word(sheet, word);
			good = false;
		}
	}
	free(copy);
	if (good && behind_on) {
		sheet_wrong(sheet, "a colour is missing behind \"on\".");
		good = false;
	}
	if (good)
		*design = fresh;
	return good;
}

/* "114 117 #d7af5f": adds to those of the lines before. */
static void
take_nicks(struct sheet *sheet, const char *value,
    struct theme_design *design)
{
	char *copy = mem_text(value), *rest = NULL;
	int colour;

	for (char *word = strtok_r(copy, " \t,", &rest); word != NULL;
	     word = strtok_r(NULL, " \t,", &rest)) {
		if (!take_colour(word, &colour))
			unknown_word(sheet, word);
		else if (design->nick_count == THEME_NICKS)
			sheet_wrong(sheet,
			    "nicks have at most %d colours; leave some out.",
			    THEME_NICKS);
		else
			design->nicks[design->nick_count++] = colour;
	}
	free(copy);
}

/* -- the file ------------------------------------------------------------- */

static void
on_heading(struct sheet *sheet, const char *name, size_t size)
{
	struct reading *reading = sheet->self;
	bool dark = size == 4 && memcmp(name, "dark", 4) == 0;
	bool light = size == 5 && memcmp(name, "light", 5) == 0;

	if (!dark && !light)
		sheet_wrong(sheet,
		    "there is no heading [%.*s]; write [dark] or [light].",
		    (int)(size < WORD ? size : WORD), name);
	reading->dark = dark;
	reading->light = light;
	reading->heading = dark ? 1 : 2;
}

static const char *
entry_name(size_t index)
{
	return index < STYLE_NICK ? style_names[index]
				  : other_names[index - STYLE_NICK];
}

static void
unknown_entry(struct sheet *sheet, const char *name)
{
	const char *near = near_word(name, entry_name, STYLE_NICK + OTHERS);

	if (near != NULL)
		sheet_wrong(sheet,
		    "nothing is called \"%s\"; perhaps %s is meant.", name,
		    near);
	else
		sheet_wrong(sheet,
		    "nothing is called \"%s\"; dchat-theme(5) lists what has "
		    "a colour.",
		    name);
}

static void
take_style(struct sheet *sheet, int style, const char *value)
{
	struct reading *reading = sheet->self;
	struct design design;

	if (reading->seen[reading->heading][style]) {
		sheet_wrong(sheet, "%s stands here a second time.",
		    style_names[style]);
		return;
	}
	reading->seen[reading->heading][style] = true;
	if (!take_design(sheet, value, &design))
		return;
	if (reading->dark)
		reading->file->designs[0].styles[style] = design;
	if (reading->light)
		reading->file->designs[1].styles[style] = design;
}

static void
on_entry(struct sheet *sheet, const char *name, const char *value)
{
	struct reading *reading = sheet->self;
	struct theme_file *file = reading->file;

	if (strcmp(name, "about") == 0) {
		snprintf(file->about, sizeof file->about, "%.*s",
		    (int)utf8_cut(value, THEME_ABOUT), value);
		return;
	}
	if (strcmp(name, "nicks") == 0) {
		if (reading->dark)
			take_nicks(sheet, value, &file->designs[0]);
		if (reading->light)
			take_nicks(sheet, value, &file->designs[1]);
		return;
	}
	for (int style = 0; style < STYLE_NICK; style++)
		if (strcmp(name, style_names[style]) == 0) {
			take_style(sheet, style, value);
			return;
		}
	unknown_entry(sheet, name);
}

bool
theme_file_parse(struct theme_file *file, const char *text, size_t size,
    const char *path, char problem[static SHEET_PROBLEM])
{
	struct reading reading = { .file = file, .dark = true, .light = true };
	struct sheet sheet = {
		.path = path,
		.problem = problem,
		.what = "part of a theme; write NAME = COLOUR, [dark] or "
			"[light]",
		.self = &reading,
		.heading = on_heading,
		.entry = on_entry,
	};

	*file = (struct theme_file){ .about = "" };
	theme_design_init(&file->designs[0], false);
	theme_design_init(&file->designs[1], true);
	return sheet_parse(&sheet, text, size);
}

const struct theme_word theme_built_in[THEME_FILE] = {
	[THEME_AUTO] = { "auto", "as the background is" },
	[THEME_DARK] = { "dark", "on a dark background" },
	[THEME_LIGHT] = { "light", "on a light one" },
	[THEME_NONE] = { "none", "no colours" },
};

static const char *
built_in_name(size_t index)
{
	return theme_built_in[index].name;
}

/* -- where they are ------------------------------------------------------- */

enum { PLACES = 2 };

/* The folders, the first goes first; NULL: there is none.  To be freed. */
static void
places(char *folders[static PLACES])
{
	folders[0] = sheet_place("themes");
	folders[1] = mem_text(THEME_FOLDER);
}

bool
theme_name_good(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return size > 0 && size <= THEME_NAME && name[size] == '\0';
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "contrast.theme" adds "contrast" */
static size_t
add_name(char *names[static THEMES_MOST], size_t count, const char *entry)
{
	size_t size = strlen(entry), end = sizeof ENDING - 1;
	char *name;

	if (count == THEMES_MOST || size <= end ||
	    strcmp(entry + size - end, ENDING) != 0)
		return count;
	name = mem_text(entry);
	name[size - end] = '\0';
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			name[0] = '\0';
	if (!theme_name_good(name)) {
		free(name);
		return count;
	}
	names[count] = name;
	return count + 1;
}

size_t
theme_file_names(char *names[static THEMES_MOST])
{
	char *folders[PLACES];
	size_t count = 0;

	places(folders);
	for (int i = 0; i < PLACES; i++) {
		DIR *folder = folders[i] != NULL ? opendir(folders[i]) : NULL;
		const struct dirent *entry;

		while (folder != NULL && (entry = readdir(folder)) != NULL)
			count = add_name(names, count, entry->d_name);
		if (folder != NULL)
			closedir(folder);
		free(folders[i]);
	}
	qsort(names, count, sizeof *names, compare);
	return count;
}

static void
explain_unknown(const char *name, char problem[static SHEET_PROBLEM])
{
	char *names[THEMES_MOST], *own = sheet_place("themes");
	size_t count = theme_file_names(names);
	const char *near = near_of(name, names, count);

	if (near == NULL)
		near = near_word(name, built_in_name, THEME_FILE);
	if (near != NULL)
		snprintf(problem, SHEET_PROBLEM,
		    "There is no theme %.*s; did you mean %s?", THEME_NAME,
		    name, near);
	else
		snprintf(problem, SHEET_PROBLEM,
		    "There is no theme %.*s; /theme lists them, and %.200s/ "
		    "is the place for one of your own.",
		    THEME_NAME, name, own != NULL ? own : THEME_FOLDER);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(own);
}

bool
theme_file_load(struct theme_file *file, const char *name,
    char problem[static SHEET_PROBLEM])
{
	char *folders[PLACES], *path = NULL;
	bool found = false, good = false;
	struct bytes text;

	bytes_init(&text);
	places(folders);
	problem[0] = '\0';
	for (int i = 0; i < PLACES && !found && problem[0] == '\0'; i++) {
		if (!theme_name_good(name) || folders[i] == NULL)
			continue;
		free(path);
		if (asprintf(&path, "%s/%s%s", folders[i], name, ENDING) < 0)
			path = NULL;
		found = path != NULL && sheet_load(path, &text, problem);
	}
	if (found)
		good = theme_file_parse(file,
		    text.size > 0 ? (const char *)text.data : "", text.size,
		    path, problem);
	else if (problem[0] == '\0')
		explain_unknown(name, problem);
	for (int i = 0; i < PLACES; i++)
		free(folders[i]);
	free(path);
	bytes_free(&text);
	return good;
}
