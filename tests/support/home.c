#include "tests/support/home.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct home home;

void
home_in(const char *folder)
{
	static const char *const variables[] = { "HOME", "XDG_STATE_HOME",
		"XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "TMUX_TMPDIR",
		"SCREENDIR" };
	static const char *const persons[] = { "INPUTRC", "BROWSER" };

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		setenv(variables[i], folder, 1);
	for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
		unsetenv(persons[i]);
	/* what a shell reads when it starts */
	setenv("ENV", "/dev/null", 1);
}

void
home_enter(const char *subject)
{
	const char *above = getenv("TMPDIR");

	snprintf(home.folder, sizeof home.folder, "%.90s/dchat-%s-XXXXXX",
	    above != NULL ? above : "/tmp", subject);
	if (mkdtemp(home.folder) == NULL) {
		perror(home.folder);
		abort();
	}
	snprintf(home.network, sizeof home.network, "%s%d", subject,
	    (int)getpid());
	snprintf(home.port, sizeof home.port, "%d",
	    20000 + (int)getpid() % 20000);
	home_in(home.folder);
}

void
home_leave(void)
{
	char command[HOME_FOLDER + 16];

	snprintf(command, sizeof command, "rm -rf '%s'", home.folder);
	if (system(command) != 0)
		fprintf(stderr, "%s is left behind\n", home.folder);
}
