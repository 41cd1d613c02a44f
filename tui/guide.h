/*
 * guide: what /help NAME tells: of a command how it is called, examples and
 * what is related; of a setting or a key what it does.
 */
#ifndef DCHAT_TUI_GUIDE_H
#define DCHAT_TUI_GUIDE_H

#include "tui/setting.h"

/* What the help panel can be opened at. */
#define GUIDE_TOPICS "keys commands settings"

enum guide_topic {
	GUIDE_NONE,
	GUIDE_KEYS,
	GUIDE_COMMANDS,
	GUIDE_SETTINGS,
};

enum guide_topic guide_topic(const char *name);

/*
 * The text, of several lines, for the caller to free; NULL: there is nothing
 * of that name, and problem says so.
 */
char *guide_text(const char *name, const struct setting_values *settings,
    char problem[static 512]);

/* "nick-width = 16: most columns ...; a setting in a few sentences. */
char *guide_setting(enum setting_id id,
    const struct setting_values *settings);

#endif
