/*
 * Fuzzes addresses as people, files and peers write them: what is understood
 * is written again, and that is the same address; what a person typed and is
 * none is a sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "host/resolve.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
check_written(const struct address *address)
{
	char text[ADDRESS_TEXT];
	struct address again;

	must(
	    address->family == ADDRESS_IPV4 || address->family == ADDRESS_IPV6);
	address_format(address, text);
	must(address_parse(text, &again));
	must(address_equal(address, &again));
}

static void
check_typed(const char *typed)
{
	char host[RESOLVE_HOST], problem[256] = "";
	struct address address;
	uint16_t port;

	if (!resolve_split(typed, host, &port, problem)) {
		must(problem[0] == '"' && strstr(problem, "not an address"));
		return;
	}
	must(host[0] != '\0' && strlen(host) <= strlen(typed));
	/* Without a port there is nothing that could be dialled. */
	if (resolve_number(host, port > 0 ? port : 1, &address))
		check_written(&address);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_span(size > 0 ? (const char *)data : "", size);
	struct address address;

	if (address_parse(text, &address))
		check_written(&address);
	check_typed(text);
	free(text);
	return 0;
}
