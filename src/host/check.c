/* Names and addresses, judged before there is a node. */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/names.h"
#include "dchat.h"
#include "host/resolve.h"

static bool
check_name(bool (*check)(const char *, char *), const char *text,
    char problem[static 256])
{
	char *name = names_normalize(text);
	bool good;

	if (name == NULL) {
		snprintf(problem, 256, "A name must be valid UTF-8.");
		return false;
	}
	good = check(name, problem);
	free(name);
	return good;
}

bool
dchat_check(enum dchat_name what, const char *text, char problem[static 256])
{
	char host[RESOLVE_HOST];
	uint16_t port;

	switch (what) {
	case DCHAT_NAME_NICK:
		return check_name(names_check_nick, text, problem);
	case DCHAT_NAME_ROOM:
		return check_name(names_check_room, text, problem);
	case DCHAT_NAME_NETWORK:
		return check_name(names_check_network, text, problem);
	case DCHAT_NAME_ADDRESS:
		return resolve_split(text, host, &port, problem);
	}
	return false;
}
