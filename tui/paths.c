#include "tui/paths.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { LOOKED_AT = 10000 }; /* entries; the person waits */

/* The folder that the word points into, as the system knows it. */
static char *
folder_of(const char *word, size_t size)
{
	const char *home = getenv("HOME");
	char *folder = NULL;
	int done;

	if (size == 0)
		return mem_text(".");
	if (word[0] == '~' && word[1] == '/' && home != NULL)
		done =
		    asprintf(&folder, "%s%.*s", home, (int)size - 1, word + 1);
	else
		done = asprintf(&folder, "%.*s", (int)size, word);
	return done < 0 ? NULL : folder;
}

static bool
is_word(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	return utf8_valid(name, strlen(name));
}

static bool
is_candidate(const char *name, const char *start)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    (name[0] == '.' && start[0] != '.'))
		return false;
	return strncmp(name, start, strlen(start)) == 0 && is_word(name);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "head" "name" and, for a folder, "/". */
static char *
path_of(const char *word, size_t head, const char *folder, const char *name)
{
	char *full = NULL, *path = NULL;
	struct stat about;
	bool is_folder;

	if (asprintf(&full, "%s/%s", folder, name) < 0)
		return NULL;
	is_folder = stat(full, &about) == 0 && S_ISDIR(about.st_mode);
	free(full);
	if (asprintf(&path, "%.*s%s%s", (int)head, word, name,
		is_folder ? "/" : "") < 0)
		return NULL;
	return path;
}

void
paths_find(const char *word, void (*found)(void *self, const char *path),
    void *self)
{
	const char *slash = strrchr(word, '/');
	size_t head = slash != NULL ? (size_t)(slash - word) + 1 : 0;
	char *folder = folder_of(word, head);
	char *paths[PATHS_MOST] = { NULL };
	DIR *entries = folder != NULL ? opendir(folder) : NULL;
	const struct dirent *entry;
	size_t count = 0;

	for (int i = 0; entries != NULL && i < LOOKED_AT && count < PATHS_MOST;
	     i++) {
		entry = readdir(entries);
		if (entry == NULL)
			break;
		if (!is_candidate(entry->d_name, word + head))
			continue;
		paths[count] = path_of(word, head, folder, entry->d_name);
		count += paths[count] != NULL;
	}
	if (entries != NULL)
		closedir(entries);
	free(folder);
	qsort(paths, count, sizeof *paths, compare);
	for (size_t i = 0; i < count; i++) {
		found(self, paths[i]);
		free(paths[i]);
	}
}
