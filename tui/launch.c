#include "tui/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

extern char **environ;

static size_t
count_of(const char *const *items)
{
	size_t count = 0;

	while (items != NULL && items[count] != NULL)
		count++;
	return count;
}

/* "NAME=VALUE" has the name of one of these. */
static bool
is_among(const char *variable, const char *const *more)
{
	size_t size = strcspn(variable, "=") + 1;

	for (; more != NULL && *more != NULL; more++)
		if (strncmp(*more, variable, size) == 0)
			return true;
	return false;
}

/* Ours with what is more, each name once. */
static char **
join(const char *const *more)
{
	size_t count = count_of(more);
	size_t rest = count_of((const char *const *)environ);
	const char **all = mem_zero(count + rest + 1, sizeof *all);

	for (size_t i = 0; i < count; i++)
		all[i] = more[i];
	for (size_t i = 0; i < rest; i++)
		if (!is_among(environ[i], more))
			all[count++] = environ[i];
	return (char **)(uintptr_t)all;
}

static int
spawn(pid_t *pid, const char *const argv[], char **environment)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t signals;
	int problem;

	posix_spawn_file_actions_init(&files);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
		    O_RDWR, 0);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how,
	    POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
		POSIX_SPAWN_SETSIGDEF);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&how, &signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&how, &signals);
	problem = posix_spawnp(pid, argv[0], &files, &how,
	    (char *const *)(uintptr_t)argv, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	return problem;
}

bool
launch_start(struct launch *launch, const char *const argv[],
    const char *const *environment, wall_ms now, char problem[static 256])
{
	char **all;
	pid_t pid;
	int why;

	launch_reap(launch, now, 0);
	if (launch->count == LAUNCH_MOST) {
		snprintf(problem, 256,
		    "%.64s was not started: %d of them run still.", argv[0],
		    LAUNCH_MOST);
		return false;
	}
	all = join(environment);
	why = spawn(&pid, argv, all);
	free(all);
	if (why != 0) {
		snprintf(problem, 256, "%.128s cannot be started: %s.", argv[0],
		    strerror(why));
		return false;
	}
	launch->running[launch->count].pid = pid;
	launch->running[launch->count++].at = now;
	return true;
}

void
launch_reap(struct launch *launch, wall_ms now, wall_ms patience_ms)
{
	for (size_t i = launch->count; i-- > 0;) {
		pid_t pid = launch->running[i].pid;

		/* a session of its own: with all it has started itself */
		if (patience_ms > 0 &&
		    now - launch->running[i].at > patience_ms)
			kill(-pid, SIGKILL);
		if (waitpid(pid, NULL, WNOHANG) == 0)
			continue;
		MEM_REMOVE(launch->running, launch->count, i);
	}
}

size_t
launch_split(const char *command, char *copy,
    const char *words[static LAUNCH_WORDS + 1])
{
	size_t count = 0;
	char *to = copy;

	for (;;) {
		bool quoted = false;

		command += strspn(command, " \t");
		if (*command == '\0')
			break;
		if (count == LAUNCH_WORDS)
			return 0;
		words[count++] = to;
		for (; *command != '\0' &&
		     (quoted || (*command != ' ' && *command != '\t'));
		     command++)
			if (*command == '"')
				quoted = !quoted;
			else
				*to++ = *command;
		command += *command != '\0';
		*to++ = '\0';
	}
	words[count] = NULL;
	return count;
}
