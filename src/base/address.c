#include "base/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
address_equal(const struct address *a, const struct address *b)
{
	size_t size = a->family == ADDRESS_IPV4 ? 4 : 16;

	return a->family == b->family && a->port == b->port &&
	    a->scope == b->scope && memcmp(a->ip, b->ip, size) == 0;
}

char *
address_format(const struct address *address, char text[static ADDRESS_TEXT])
{
	char ip[INET6_ADDRSTRLEN];

	text[0] = '\0';
	if (address->family == ADDRESS_IPV4) {
		inet_ntop(AF_INET, address->ip, ip, sizeof ip);
		snprintf(text, ADDRESS_TEXT, "%s:%u", ip, address->port);
	} else if (address->family == ADDRESS_IPV6) {
		inet_ntop(AF_INET6, address->ip, ip, sizeof ip);
		if (address->scope != 0)
			snprintf(text, ADDRESS_TEXT, "[%s%%%u]:%u", ip,
			    address->scope, address->port);
		else
			snprintf(text, ADDRESS_TEXT, "[%s]:%u", ip,
			    address->port);
	}
	return text;
}

static bool
parse_port(const char *text, uint16_t *port)
{
	unsigned long value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	value = strtoul(text, &end, 10);
	if (*end != '\0' || value == 0 || value > UINT16_MAX)
		return false;
	*port = (uint16_t)value;
	return true;
}

bool
address_parse(const char *text, struct address *address)
{
	char ip[ADDRESS_TEXT];
	const char *colon = strrchr(text, ':');
	size_t length;
	char *scope;

	*address = (struct address){ 0 };
	if (colon == NULL || !parse_port(colon + 1, &address->port))
		return false;
	length = (size_t)(colon - text);
	if (length >= sizeof ip)
		return false;
	memcpy(ip, text, length);
	ip[length] = '\0';
	if (ip[0] != '[') {
		address->family = ADDRESS_IPV4;
		return inet_pton(AF_INET, ip, address->ip) == 1;
	}
	if (ip[length - 1] != ']')
		return false;
	ip[length - 1] = '\0';
	scope = strchr(ip, '%');
	if (scope != NULL) {
		*scope++ = '\0';
		address->scope = if_nametoindex(scope);
		if (address->scope == 0)
			address->scope = (uint32_t)strtoul(scope, NULL, 10);
		if (address->scope == 0)
			return false;
	}
	address->family = ADDRESS_IPV6;
	return inet_pton(AF_INET6, ip + 1, address->ip) == 1;
}

bool
address_is_loopback(const struct address *address)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	if (address->family == ADDRESS_IPV4)
		return address->ip[0] == 127;
	return address->family == ADDRESS_IPV6 &&
	    memcmp(address->ip, loopback, sizeof loopback) == 0;
}

bool
address_is_link_local(const struct address *address)
{
	return address->family == ADDRESS_IPV6 && address->ip[0] == 0xfe &&
	    (address->ip[1] & 0xc0) == 0x80;
}
