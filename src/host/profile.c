#include "host/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/entropy.h"
#include "host/clock.h"

enum { PROBLEM = 256, NAME_MAX_BYTES = 64 };

static char *
join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = mem_alloc(size);

	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

/* "." and ".." would be other folders, a slash would lead anywhere. */
static bool
name_good(const char *name)
{
	if (*name == '\0' || *name == '.' || strlen(name) > NAME_MAX_BYTES)
		return false;
	for (const char *c = name; *c != '\0'; c++)
		if (*c == '/' || (unsigned char)*c < ' ' || *c == 127)
			return false;
	return true;
}

/* Where state lives; NULL when even the home is unknown. */
static char *
state_folder(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	const struct passwd *person;

	/* The specification has relative ones ignored. */
	if (state != NULL && *state == '/')
		return mem_text(state);
	if (home == NULL || *home != '/') {
		person = getpwuid(getuid());
		home = person == NULL ? NULL : person->pw_dir;
	}
	return home == NULL ? NULL : join(home, ".local/state");
}

/* Makes the folder and those above it, for this person alone. */
static bool
make_folder(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST &&
		    access(path, F_OK) != 0) {
			*slash = '/';
			return false;
		}
		*slash = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	return chmod(path, 0700) == 0;
}

static bool
take_lock(struct profile *profile, char problem[static PROBLEM])
{
	char *path = join(profile->folder, "lock");
	bool good = false;

	profile->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (profile->lock < 0)
		snprintf(problem, PROBLEM, "The file %s cannot be opened: %s.",
		    path, strerror(errno));
	else if (flock(profile->lock, LOCK_EX | LOCK_NB) == 0)
		good = true;
	else if (errno == EWOULDBLOCK)
		snprintf(problem, PROBLEM,
		    "The profile \"%s\" is already "
		    "running; choose another one with --profile NAME.",
		    profile->name);
	else
		snprintf(problem, PROBLEM, "The file %s cannot be locked: %s.",
		    path, strerror(errno));
	free(path);
	return good;
}

static uint64_t
read_starts(const char *path)
{
	FILE *file = fopen(path, "re");
	uint64_t starts = 0;

	if (file == NULL)
		return 0;
	/* Damaged: the seconds since 1970 are surely more than it was ever
	 * started, and a number that falls back is believed by nobody. */
	if (fscanf(file, "%" SCNu64, &starts) != 1 || starts == 0 ||
	    starts >= INT64_MAX)
		starts = (uint64_t)clock_wall() / 1000;
	fclose(file);
	return starts;
}

static bool
write_synced(const char *path, const char *text)
{
	int descriptor =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t size = (ssize_t)strlen(text);
	bool good;

	if (descriptor < 0)
		return false;
	good = write(descriptor, text, (size_t)size) == size &&
	    fsync(descriptor) == 0;
	return close(descriptor) == 0 && good;
}

static void
sync_folder(const char *folder)
{
	int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (descriptor >= 0) {
		fsync(descriptor);
		close(descriptor);
	}
}

static bool
count_start(struct profile *profile, char problem[static PROBLEM])
{
	char *path = join(profile->folder, "starts");
	char *fresh = join(profile->folder, "starts.new");
	char text[32];
	bool good;

	profile->start = read_starts(path) + 1;
	snprintf(text, sizeof text, "%" PRIu64 "\n", profile->start);
	good = write_synced(fresh, text) && rename(fresh, path) == 0;
	if (good)
		sync_folder(profile->folder);
	else
		snprintf(problem, PROBLEM,
		    "The file %s cannot be written: "
		    "%s.",
		    path, strerror(errno));
	free(fresh);
	free(path);
	return good;
}

static bool
open_folder(struct profile *profile, char problem[static PROBLEM])
{
	char *state = state_folder();
	char *ours, *path;
	struct stat key;
	bool good;

	if (state == NULL) {
		snprintf(problem, PROBLEM,
		    "There is no home folder to keep "
		    "the profile in; set HOME, or start with --ephemeral.");
		return false;
	}
	ours = join(state, "dchat");
	profile->folder = join(ours, profile->name);
	good = make_folder(profile->folder);
	if (!good)
		snprintf(problem, PROBLEM, "The folder %s cannot be made: %s.",
		    profile->folder, strerror(errno));
	free(ours);
	free(state);
	if (!good || !take_lock(profile, problem))
		return false;
	path = join(profile->folder, "key.pem");
	profile->identity = identity_load_or_create(path, problem);
	profile->since = stat(path, &key) == 0
	    ? (wall_ms)key.st_mtim.tv_sec * 1000
	    : clock_wall();
	free(path);
	return profile->identity != NULL && count_start(profile, problem);
}

/* JSON and SQLite know signed 64-bit numbers. */
static uint64_t
draw(void)
{
	uint64_t number;

	do
		number = crypto_random_number() & INT64_MAX;
	while (number == 0);
	return number;
}

bool
profile_open(struct profile *profile, const char *name, bool ephemeral,
    char problem[static PROBLEM], int *status)
{
	*profile = (struct profile){ .lock = -1 };
	if (name == NULL)
		name = "default";
	if (!name_good(name)) {
		snprintf(problem, PROBLEM,
		    "A profile's name is 1 to %d bytes "
		    "long, without a slash and not beginning with a dot.",
		    NAME_MAX_BYTES);
		*status = 2;
		return false;
	}
	profile->name = mem_text(ephemeral ? "ephemeral" : name);
	profile->nonce = draw();
	profile->epoch = draw();
	if (ephemeral) {
		profile->identity = identity_ephemeral();
		profile->start = 1;
		profile->since = clock_wall();
		return true;
	}
	*status = 1;
	if (open_folder(profile, problem))
		return true;
	profile_close(profile);
	return false;
}

char *
profile_path(const struct profile *profile, const char *name)
{
	return profile->folder == NULL ? NULL : join(profile->folder, name);
}

void
profile_close(struct profile *profile)
{
	if (profile->lock >= 0)
		close(profile->lock);
	identity_close(profile->identity);
	free(profile->folder);
	free(profile->name);
	*profile = (struct profile){ .lock = -1 };
}
