/*
 * Fuzzes the files of a profile: the first byte says which one holds the
 * others.  With a key that is none there is a sentence, and the file is as
 * it was; else the profile is opened, and again, as the same node, one start
 * later.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/profile.h"
#include "tests/fuzz/fuzz.h"

enum { FILE_MAX = 8192 };

static char folder[256];

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
path_of(const char *name, char path[static 512])
{
	snprintf(path, 512, "%s/dchat/fuzz/%s", folder, name);
}

static void
remove_all(void)
{
	static const char *const names[] = { "lock", "key.pem", "starts" };
	char path[512];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		path_of(names[i], path);
		unlink(path);
	}
	path_of("", path);
	rmdir(path);
	snprintf(path, sizeof path, "%s/dchat", folder);
	rmdir(path);
	rmdir(folder);
}

static void
write_file(const char *name, const uint8_t *data, size_t size)
{
	char path[512];
	int file;

	path_of(name, path);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(file >= 0 && write(file, data, size) == (ssize_t)size);
	close(file);
}

static void
must_hold(const char *name, const uint8_t *data, size_t size)
{
	uint8_t held[FILE_MAX];
	char path[512];
	int file;

	path_of(name, path);
	file = open(path, O_RDONLY);
	must(file >= 0 && read(file, held, sizeof held) == (ssize_t)size);
	must(size == 0 || memcmp(held, data, size) == 0);
	close(file);
}

static bool
start(struct id *id, uint64_t *number)
{
	char problem[256] = "";
	struct profile profile;
	int status = 0;

	if (!profile_open(&profile, "fuzz", false, problem, &status)) {
		must(problem[strlen(problem) - 1] == '.' && status == 1);
		return false;
	}
	*id = *identity_id(profile.identity);
	*number = profile.start;
	must(*number > 0 && *number <= INT64_MAX);
	profile_close(&profile);
	return true;
}

/* The first start of all makes the rest. */
static void
make_folder(void)
{
	const char *top = getenv("TMPDIR");
	uint64_t number;
	struct id id;

	snprintf(folder, sizeof folder, "%.200s/dchat-fuzz-XXXXXX",
	    top != NULL ? top : "/tmp");
	must(mkdtemp(folder) != NULL);
	atexit(remove_all);
	setenv("XDG_STATE_HOME", folder, 1);
	must(start(&id, &number) && number == 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t number, next;
	struct id id, again;
	char path[512];

	if (size < 1 || size > FILE_MAX)
		return 0;
	if (folder[0] == '\0')
		make_folder();
	path_of("key.pem", path);
	remove(path);
	write_file(data[0] % 2 == 0 ? "key.pem" : "starts", data + 1, size - 1);
	if (start(&id, &number)) {
		must(start(&again, &next));
		must(id_equal(&id, &again));
		/* behind the last number there is none */
		must(next == number + 1 || number == INT64_MAX);
	} else {
		must(data[0] % 2 == 0);
		must_hold("key.pem", data + 1, size - 1);
	}
	return 0;
}
