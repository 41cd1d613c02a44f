/* Settings, while it runs: /set and /save. */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/config.h"
#include "tui/guide.h"
#include "tui/theme_file.h"

static const char *const origins[] = {
	[SETTING_BY_TABLE] = "",
	[SETTING_BY_FILE] = "  (file)",
	[SETTING_BY_OPTION] = "  (command line)",
	[SETTING_BY_PERSON] = "  (set now)",
};

enum {
	NAME_CELLS = 16,	/* the longest name of a setting */
	NAMED = 4,		/* settings in a sentence */
};

/* "nick-width = 16", with so many blanks more before the sign */
static void
put_value(struct bytes *text, const struct setting_values *settings,
    enum setting_id id, size_t blanks)
{
	char *written = setting_written(settings, id);

	bytes_append_text(text, setting_table[id].name);
	while (blanks-- > 0)
		bytes_append_text(text, " ");
	bytes_append_text(text, " = ");
	bytes_append_text(text, written[0] != '\0' ? written : "-");
	free(written);
}

static void
tell(struct app *app, struct bytes *text)
{
	bytes_append(text, "", 1);
	app_notice(app, LINE_NOTICE, (const char *)text->data);
	bytes_free(text);
}

static void
list_all(struct app *app)
{
	const struct setting_values *settings = app->setup.settings;
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text,
	    "/set NAME VALUE sets one of these, /set NAME - resets it, "
	    "/save keeps them:");
	for (int id = 0; id < SETTINGS_COUNT; id++) {
		size_t size = strlen(setting_table[id].name);

		bytes_append_text(&text, "\n");
		put_value(&text, settings, (enum setting_id)id,
		    size < NAME_CELLS ? NAME_CELLS - size : 0);
		bytes_append_text(&text, origins[settings->items[id].origin]);
	}
	tell(app, &text);
}

static void
show_one(struct app *app, enum setting_id id)
{
	char *text = guide_setting(id, app->setup.settings);

	app_notice(app, LINE_NOTICE, text);
	free(text);
}

/* -- themes ---------------------------------------------------------------- */

/* "contrast     High contrast: strong colours, ..." */
static void
put_theme(struct bytes *text, const char *name, const char *about, bool taken)
{
	char row[THEME_NAME + 8];

	snprintf(row, sizeof row, "\n%s%-*s ", taken ? "* " : "  ", 11, name);
	bytes_append_text(text, row);
	bytes_append_text(text, about);
}

static void
list_themes(struct app *app)
{
	const char *taken =
	    app->setup.settings->items[SETTING_ID_THEME].text;
	char *names[THEMES_MOST], problem[SHEET_PROBLEM];
	size_t count = theme_file_names(names);
	struct theme_file file;
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text,
	    "/theme NAME takes one of these, /save keeps it:");
	for (int i = 0; i < THEME_FILE; i++)
		put_theme(&text, theme_built_in[i].name,
		    theme_built_in[i].about,
		    strcmp(theme_built_in[i].name, taken) == 0);
	for (size_t i = 0; i < count; i++) {
		bool good = theme_file_load(&file, names[i], problem);

		put_theme(&text, names[i], good ? file.about : problem,
		    strcmp(names[i], taken) == 0);
		free(names[i]);
	}
	tell(app, &text);
}

/* At the start the file may be wrong: then it is as if nothing was said. */
static void
apply_theme(struct app *app, enum theme_choice choice, const char *name)
{
	char problem[SHEET_PROBLEM];
	struct theme_file file;

	if (choice == THEME_FILE && !theme_file_load(&file, name, problem)) {
		app_notice(app, LINE_ERROR, problem);
		choice = THEME_AUTO;
	}
	screen_set_theme(app->scene.screen, choice, file.designs);
}

/* Whether the theme is there, and right; else the person is told. */
static bool
theme_can_be_taken(struct app *app, const char *name)
{
	char problem[SHEET_PROBLEM];
	struct theme_file file;

	for (int i = 0; i < THEME_FILE; i++)
		if (strcmp(theme_built_in[i].name, name) == 0)
			return true;
	if (theme_file_load(&file, name, problem))
		return true;
	app_notice(app, LINE_ERROR, problem);
	return false;
}

void
app_settings_apply(struct app *app, enum setting_id id)
{
	const struct setting_value *value = &app->setup.settings->items[id];

	switch (id) {
	case SETTING_ID_THEME:
		if (!app_is_plain(app))
			apply_theme(app, (enum theme_choice)value->number,
			    value->text);
		break;
	case SETTING_ID_MOUSE:
		if (!app_is_plain(app))
			screen_set_mouse(app->scene.screen,
			    value->number != 0);
		break;
	case SETTING_ID_HYPERLINKS:
		if (!app_is_plain(app))
			screen_set_hyperlinks(app->scene.screen,
			    (enum screen_hyperlinks)value->number);
		break;
	case SETTING_ID_NICK:
		if (value->text[0] != '\0')
			app_ask_leader(app,
			    (struct dchat_command){ .verb = DCHAT_NICK,
				.nick = value->text });
		break;
	case SETTING_ID_FILTER:
		windows_filter(&app->windows,
		    (enum scrollback_filter)value->number);
		break;
	case SETTING_ID_FILTER_MINUTES:
		app->windows.spoke_ms = value->number * 60 * 1000;
		break;
	case SETTING_ID_BIND:
		keymap_take(&app->keymap, value->words, value->word_count);
		break;
	default: break; /* looked at where it matters */
	}
	app->dirty = true;
}

static void
set_one(struct app *app, enum setting_id id, const char *value)
{
	struct setting_values *settings = app->setup.settings;
	const struct setting_spec *spec = &setting_table[id];
	char problem[256];
	struct bytes text;

	if (setting_is_lines(id) && strcmp(value, "-") != 0) {
		/* one of them, and not all at once */
		(id == SETTING_ID_BIND ? app_bind : app_alias)(app, value);
		return;
	}
	if (id == SETTING_ID_THEME && strcmp(value, "-") != 0 &&
	    !theme_can_be_taken(app, value))
		return;
	if (strcmp(value, "-") == 0) {
		setting_reset(settings, id);
	} else if (!setting_set(settings, id, value, SETTING_BY_PERSON,
		       spec->name, problem)) {
		app_notice(app, LINE_ERROR, problem);
		return;
	}
	bytes_init(&text);
	put_value(&text, settings, id, 0);
	bytes_append_text(&text,
	    spec->live ? "; /save keeps it."
		       : " from the next start on, if /save keeps it.");
	tell(app, &text);
	app_settings_apply(app, id);
}

void
app_set(struct app *app, const char *text)
{
	size_t size = text != NULL ? strcspn(text, " \t\n") : 0;
	enum setting_id id;
	char problem[256], *name;

	if (text == NULL) {
		list_all(app);
		return;
	}
	name = mem_span(text, size);
	text += size;
	text += strspn(text, " \t\n");
	if (!setting_find(name, &id, problem))
		app_notice(app, LINE_ERROR, problem);
	else if (*text == '\0')
		show_one(app, id);
	else
		set_one(app, id, text);
	free(name);
}

void
app_theme(struct app *app, const char *name)
{
	if (app_is_plain(app))
		app_notice(app, LINE_NOTICE,
		    "Without a screen there are no colours to choose.");
	else if (name == NULL)
		list_themes(app);
	else
		set_one(app, SETTING_ID_THEME, name);
}

static bool
anything_unsaved(const struct setting_values *settings)
{
	for (int id = 0; id < SETTINGS_COUNT; id++)
		if (settings->items[id].unsaved)
			return true;
	return false;
}

void
app_save(struct app *app)
{
	char problem[CONFIG_PROBLEM], *told;

	if (!anything_unsaved(app->setup.settings)) {
		app_notice(app, LINE_NOTICE,
		    "All settings are as they were saved; /set changes one.");
	} else if (app->setup.config == NULL) {
		app_notice(app, LINE_ERROR,
		    "There is no home to save settings in; start dchat with "
		    "--config FILE.");
	} else if (!config_save(app->setup.settings, app->setup.config,
		       app->setup.profile, problem)) {
		app_notice(app, LINE_ERROR, problem);
	} else if (asprintf(&told, "Saved in %s.", app->setup.config) >= 0) {
		app_notice(app, LINE_NOTICE, told);
		free(told);
	}
}

void
app_unsaved(const struct app *app, char sentence[static 256])
{
	const struct setting_value *items = app->setup.settings->items;
	enum setting_id lost[SETTINGS_COUNT];
	size_t count = 0, named, at = 0;

	sentence[0] = '\0';
	for (int id = 0; id < SETTINGS_COUNT; id++)
		if (items[id].unsaved && !app_is_switched((enum setting_id)id))
			lost[count++] = (enum setting_id)id;
	if (count == 0 || app->setup.config == NULL)
		return;
	named = count <= NAMED ? count : NAMED - 1;
	for (size_t i = 0; i < named; i++)
		at += (size_t)snprintf(sentence + at, 256 - at, "%s%s",
		    i == 0 ? "" : i + 1 == count ? " and " : ", ",
		    setting_table[lost[i]].name);
	if (named < count)
		at += (size_t)snprintf(sentence + at, 256 - at,
		    " and %zu more settings", count - named);
	snprintf(sentence + at, 256 - at,
	    " %s set for this run alone; /save would have kept %s.",
	    count == 1 ? "was" : "were", count == 1 ? "it" : "them");
}
