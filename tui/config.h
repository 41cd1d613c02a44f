/*
 * config: the file in which a person keeps settings, dchat.conf(5).
 *
 *	nick = ana              ; for all profiles
 *	rooms = #lobby #ops
 *	[lab]                   ; for the profile "lab" alone
 *	network = lab
 *
 * A sheet (tui/sheet): whatever is wrong with it is one sentence.
 */
#ifndef DCHAT_TUI_CONFIG_H
#define DCHAT_TUI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/setting.h"
#include "tui/sheet.h"

enum {
	CONFIG_BYTES_MAX = SHEET_BYTES_MAX,
	CONFIG_PROBLEM = SHEET_PROBLEM,
};

/* $XDG_CONFIG_HOME/dchat/config; the caller frees it.  NULL: there is no
 * home. */
char *config_path(void);

/*
 * Takes the settings of a profile (NULL: the default one) out of a file;
 * what the command line has said already stays.  must_exist: without the
 * file it fails, otherwise nothing happens.  False with a sentence.
 */
bool config_read(struct setting_values *values, const char *path,
    bool must_exist, const char *profile, char problem[static CONFIG_PROBLEM]);

/* The same from memory; path is what the sentence calls it. */
bool config_parse(struct setting_values *values, const char *text,
    size_t size, const char *path, const char *profile,
    char problem[static CONFIG_PROBLEM]);

/*
 * Writes what is unsaved into the file and leaves all else of it as it is,
 * comments too.  The file is replaced in one step, its folder made if it
 * has to be.  False with a sentence; then the old file is still there.
 */
bool config_save(struct setting_values *values, const char *path,
    const char *profile, char problem[static CONFIG_PROBLEM]);

/* The same in memory: the new text, for the caller to free; NULL with a
 * sentence. */
char *config_edit(const struct setting_values *values, const char *text,
    size_t size, const char *profile, char problem[static CONFIG_PROBLEM]);

#endif
