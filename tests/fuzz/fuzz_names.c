/*
 * Fuzzes names, of people, rooms, networks, and the names of nodes and
 * messages: what is brought to its normal form stays so, what is no name is
 * a sentence, and each thing is written in one way alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "crypto/names.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
check_room(const char *name)
{
	static const uint8_t tag[NETWORK_TAG_BYTES] = { 1 };
	struct id id;

	must(name[0] == '#' && strlen(name) <= LIMIT_ROOM_NAME);
	names_room_id(tag, name, &id);
	must(!id_is_none(&id));
}

static void
check_nick(const char *nick)
{
	struct id key;

	must(nick[0] != '#' && nick[0] != '@' && strchr(nick, '~') == NULL);
	must(strlen(nick) <= LIMIT_NICK);
	names_nick_key(nick, &key);
	must(!id_is_none(&key));
}

static void
check_names(const char *typed)
{
	static bool (*const checks[])(const char *, char *) = {
		names_check_network,
		names_check_room,
		names_check_nick,
	};
	static void (*const uses[])(const char *) = {
		NULL,
		check_room,
		check_nick,
	};
	char *normal = names_normalize(typed), *again;
	char problem[256];

	must((normal != NULL) == utf8_valid(typed, strlen(typed)));
	if (normal == NULL)
		return;
	again = names_normalize(normal);
	must(again != NULL && strcmp(again, normal) == 0);
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		problem[0] = '\0';
		if (!checks[i](normal, problem)) {
			must(problem[strlen(problem) - 1] == '.');
			must(!checks[i](normal, NULL));
		} else if (uses[i] != NULL) {
			uses[i](normal);
		}
	}
	free(again);
	free(normal);
}

static void
check_ids(const char *text)
{
	char again[ID_TEXT], message[MSG_TEXT];
	struct bundle bundle = { .seq = 0 };
	struct id id;
	size_t index;

	if (id_parse(text, &id))
		must(strcmp(id_format(&id, again), text) == 0);
	if (message_parse(text, &bundle.hash, &index))
		must(strcmp(message_name(&bundle, index, message), text) == 0);
}

static void
check_base64(const char *text, size_t length)
{
	uint8_t raw[256];
	size_t size = length * 3 / 4;
	struct bytes again;

	if (size > sizeof raw || !base64_get(text, length, raw, size))
		return;
	bytes_init(&again);
	base64_put(&again, raw, size);
	must(again.size == length &&
	    (length == 0 || memcmp(again.data, text, length) == 0));
	bytes_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_span(size > 0 ? (const char *)data : "", size);

	check_names(text);
	check_ids(text);
	check_base64(text, strlen(text));
	free(text);
	return 0;
}
