/*
 * irc_flood: the least of an IRC server that clients accept, to measure
 * them beside dchat.  One client at a time, one room; when told to, it says so many
 * lines in it as fast as the client takes them (RFC 1459, RFC 2812).
 */
#ifndef TESTS_BENCH_IRC_FLOOD_H
#define TESTS_BENCH_IRC_FLOOD_H

#include <sys/types.h>

struct irc_flood {
	pid_t pid;
	int port;	/* on 127.0.0.1 */
	int start;	/* write a byte here, and it floods */
};

/* format: of a line, with one %u for its number from 1. */
void irc_flood_open(struct irc_flood *flood, unsigned lines,
    const char *format);
void irc_flood_start(struct irc_flood *flood);
void irc_flood_close(struct irc_flood *flood);

/* This process floods: whoever is measured goes first. */
void irc_flood_yield(void);

#endif
