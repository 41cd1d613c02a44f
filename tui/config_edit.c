/* A file of settings with some of them changed, and all else as it was. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/config.h"

enum {
	LINE_MOST = 160, /* inih reads 198, and UTF-8 must stay whole */
};

/* One line of the file, without its newline. */
struct entry {
	const char *text;
	size_t size;
	bool ours; /* in the part that is to be changed */
};

struct editing {
	struct entry *entries;
	size_t count, cap;
	size_t insert_at; /* the end of that part */
	bool in_section;  /* it has a heading */
	bool found;       /* which is there */
};

/* Blanks before a line mean nothing. */
static struct entry
bare(const struct entry *entry)
{
	struct entry line = *entry;

	while (line.size > 0 && (*line.text == ' ' || *line.text == '\t')) {
		line.text++;
		line.size--;
	}
	return line;
}

static bool
is_heading(const struct entry *entry, const char *profile)
{
	struct entry line = bare(entry);
	size_t size = strlen(profile);

	return line.size >= size + 2 && line.text[0] == '[' &&
	    memcmp(line.text + 1, profile, size) == 0 &&
	    line.text[size + 1] == ']';
}

static void
split_lines(struct editing *editing, const char *text, size_t size)
{
	const char *end = text + size;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		if (stop == NULL)
			stop = end;
		MEM_GROW(editing->entries, editing->count, editing->cap);
		editing->entries[editing->count++] = (struct entry){
			.text = text,
			.size = (size_t)(stop - text),
		};
		text = stop < end ? stop + 1 : end;
	}
}

/*
 * Which lines are to be changed: those of the section of the profile, or for
 * the default one, as long as that has no section, those before any.
 */
static void
find_part(struct editing *editing, const char *profile)
{
	bool inside;

	for (size_t i = 0; i < editing->count; i++)
		editing->in_section |=
		    is_heading(&editing->entries[i], profile);
	editing->found = editing->in_section;
	if (!editing->in_section && strcmp(profile, "default") != 0) {
		editing->in_section = true;
		editing->insert_at = editing->count;
		return;
	}
	inside = !editing->in_section;
	for (size_t i = 0; i < editing->count; i++) {
		struct entry *entry = &editing->entries[i];
		struct entry line = bare(entry);

		if (line.size > 0 && line.text[0] == '[') {
			inside =
			    editing->in_section && is_heading(entry, profile);
			if (inside)
				editing->insert_at = i + 1;
			continue;
		}
		entry->ours = inside;
		if (inside && line.size > 0)
			editing->insert_at = i + 1;
	}
}

static bool
names(const struct entry *entry, const char *name)
{
	struct entry line = bare(entry);
	const char *at = line.text, *end = at + line.size;
	size_t size = strlen(name);

	if ((size_t)(end - at) <= size || memcmp(at, name, size) != 0)
		return false;
	at += size;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at < end && (*at == '=' || *at == ':');
}

/* "   ; and why", or "". */
static void
put_comment(struct bytes *out, const struct entry *entry)
{
	for (size_t i = 1; i < entry->size; i++) {
		size_t from = i;

		if (entry->text[i] != ';' ||
		    (entry->text[i - 1] != ' ' && entry->text[i - 1] != '\t'))
			continue;
		while (from > 0 &&
		    (entry->text[from - 1] == ' ' ||
			entry->text[from - 1] == '\t'))
			from--;
		bytes_append(out, entry->text + from, entry->size - from);
		return;
	}
}

/* The setting in one line; a long list in several. */
static bool
put_setting(struct bytes *out, const struct setting_values *values,
    enum setting_id id, const struct entry *old,
    char problem[static CONFIG_PROBLEM])
{
	const struct setting_value *value = &values->items[id];
	const char *name = setting_table[id].name;
	size_t start = out->size;

	bytes_append_text(out, name);
	bytes_append_text(out, " =");
	if (!setting_is_list(id)) {
		bytes_append_text(out, " ");
		bytes_append_text(out, value->text);
	}
	for (size_t i = 0; setting_is_list(id) && i < value->word_count; i++) {
		if (i > 0 &&
		    out->size - start + strlen(value->words[i]) >= LINE_MOST) {
			bytes_append_text(out, "\n");
			start = out->size;
			bytes_append_text(out, name);
			bytes_append_text(out, " =");
		}
		bytes_append_text(out, " ");
		bytes_append_text(out, value->words[i]);
	}
	if (out->size - start > LINE_MOST) {
		snprintf(problem, CONFIG_PROBLEM,
		    "%s is too long for a line of the file.", name);
		return false;
	}
	if (old != NULL && out->size - start + old->size <= LINE_MOST)
		put_comment(out, old);
	bytes_append_text(out, "\n");
	return true;
}

/* The first word of what stands behind the name. */
static const char *
first_word(const struct entry *entry, size_t *size)
{
	struct entry line = bare(entry);
	const char *at = line.text, *end = at + line.size;

	while (at < end && *at != '=' && *at != ':')
		at++;
	at += at < end;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	for (*size = 0; at + *size < end && strchr(" \t\r", at[*size]) == NULL;)
		++*size;
	return at;
}

/* Whether a line about the same key or alias stands before that one. */
static bool
is_told(const struct editing *editing, size_t index, enum setting_id id,
    const char *word, size_t size)
{
	for (size_t i = 0; i < index; i++) {
		const struct entry *entry = &editing->entries[i];
		size_t other_size;
		const char *other;

		if (!entry->ours || !names(entry, setting_table[id].name))
			continue;
		other = first_word(entry, &other_size);
		if (other_size == size && strncasecmp(other, word, size) == 0)
			return true;
	}
	return false;
}

/* One line of a list of lines; old: the one in the file, or NULL. */
static bool
put_line(struct bytes *out, enum setting_id id, const char *line,
    const struct entry *old, char problem[static CONFIG_PROBLEM])
{
	size_t start = out->size;

	bytes_append_text(out, setting_table[id].name);
	bytes_append_text(out, " = ");
	bytes_append_text(out, line);
	if (out->size - start > LINE_MOST) {
		snprintf(problem, CONFIG_PROBLEM,
		    "%s is too long for a line of the file.",
		    setting_table[id].name);
		return false;
	}
	if (old != NULL && out->size - start + old->size <= LINE_MOST)
		put_comment(out, old);
	bytes_append_text(out, "\n");
	return true;
}

/* A line of such a list that is in the file: kept with its comment, changed,
 * or left out. */
static bool
put_old_line(struct bytes *out, const struct editing *editing, size_t index,
    const struct setting_values *values, enum setting_id id,
    char problem[static CONFIG_PROBLEM])
{
	const struct entry *entry = &editing->entries[index];
	size_t size;
	const char *word = first_word(entry, &size);
	const char *line = setting_line(values, id, word, size);

	if (line == NULL || is_told(editing, index, id, word, size))
		return true;
	return put_line(out, id, line, entry, problem);
}

/* Those that are not in the file yet. */
static bool
put_new_lines(struct bytes *out, const struct editing *editing,
    const struct setting_value *value, enum setting_id id,
    char problem[static CONFIG_PROBLEM])
{
	bool good = true;

	for (size_t i = 0; good && i < value->word_count; i++)
		if (!is_told(editing, editing->count, id, value->words[i],
			strcspn(value->words[i], " ")))
			good = put_line(out, id, value->words[i], NULL,
			    problem);
	return good;
}

/* Whether it is to stand in the file at all. */
static bool
is_written(const struct setting_values *values, enum setting_id id)
{
	return values->items[id].origin != SETTING_BY_TABLE &&
	    (!setting_is_lines(id) || values->items[id].word_count > 0);
}

/* A line that is there: kept, changed, or left out. */
static bool
put_entry(struct bytes *out, const struct editing *editing, size_t index,
    const struct setting_values *values, bool done[static SETTINGS_COUNT],
    char problem[static CONFIG_PROBLEM])
{
	const struct entry *entry = &editing->entries[index];

	for (int id = 0; entry->ours && id < SETTINGS_COUNT; id++) {
		if (!values->items[id].unsaved ||
		    !names(entry, setting_table[id].name))
			continue;
		if (setting_is_lines((enum setting_id)id))
			return put_old_line(out, editing, index, values,
			    (enum setting_id)id, problem);
		if (done[id] || !is_written(values, (enum setting_id)id))
			return true;
		done[id] = true;
		return put_setting(out, values, (enum setting_id)id, entry,
		    problem);
	}
	bytes_append(out, entry->text, entry->size);
	bytes_append_text(out, "\n");
	return true;
}

/* What is not there yet, at the end of its part. */
static bool
put_rest(struct bytes *out, const struct editing *editing,
    const struct setting_values *values, const char *profile,
    bool done[static SETTINGS_COUNT], char problem[static CONFIG_PROBLEM])
{
	bool headed = !editing->in_section || editing->found;

	for (int id = 0; id < SETTINGS_COUNT; id++) {
		if (!values->items[id].unsaved || done[id] ||
		    !is_written(values, (enum setting_id)id))
			continue;
		if (!headed) {
			bytes_append_text(out, out->size > 0 ? "\n[" : "[");
			bytes_append_text(out, profile);
			bytes_append_text(out, "]\n");
			headed = true;
		}
		done[id] = true;
		if (setting_is_lines((enum setting_id)id)
			? !put_new_lines(out, editing, &values->items[id],
			      (enum setting_id)id, problem)
			: !put_setting(out, values, (enum setting_id)id, NULL,
			      problem))
			return false;
	}
	return true;
}

char *
config_edit(const struct setting_values *values, const char *text, size_t size,
    const char *profile, char problem[static CONFIG_PROBLEM])
{
	struct editing editing = { 0 };
	bool done[SETTINGS_COUNT] = { false }, good = true;
	struct bytes out;

	if (profile == NULL)
		profile = "default";
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		size -= 3;
	}
	bytes_init(&out);
	if (size == 0)
		bytes_append_text(&out,
		    "# Settings of dchat; dchat.conf(5) tells what they "
		    "mean.\n");
	split_lines(&editing, text, size);
	find_part(&editing, profile);
	for (size_t i = 0; good && i <= editing.count; i++) {
		if (i == editing.insert_at)
			good = put_rest(&out, &editing, values, profile, done,
			    problem);
		if (good && i < editing.count)
			good =
			    put_entry(&out, &editing, i, values, done, problem);
	}
	free(editing.entries);
	bytes_append(&out, "", 1);
	if (!good)
		bytes_free(&out);
	return (char *)out.data;
}
