/*
 * address: where a peer listens, an IP address and a TCP port.
 *
 * As text: "192.0.2.7:40123" or "[fe80::1%eth0]:40123".  The scope of a
 * link-local address is an interface index of this host and means nothing
 * elsewhere, so it never travels.
 */
#ifndef DCHAT_BASE_ADDRESS_H
#define DCHAT_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	ADDRESS_NONE = 0,
	ADDRESS_IPV4 = 4,
	ADDRESS_IPV6 = 6,

	ADDRESS_TEXT = 80,
};

struct address {
	uint8_t family;		/* 0, 4 or 6 */
	uint8_t ip[16];		/* IPv4 in the first four bytes */
	uint16_t port;		/* host byte order */
	uint32_t scope;		/* interface index, link-local IPv6 only */
};

bool address_equal(const struct address *a, const struct address *b);

/* Writes the text, "" for none, and returns it. */
char *address_format(const struct address *address,
    char text[static ADDRESS_TEXT]);

/* Parses what address_format() writes (a scope as a number or a name). */
bool address_parse(const char *text, struct address *address);

/* 127/8 or ::1 */
bool address_is_loopback(const struct address *address);
/* fe80::/10 */
bool address_is_link_local(const struct address *address);

#endif
