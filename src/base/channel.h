/*
 * channel: the ways in which nodes hear of each other without knowing an
 * address.  What comes through on which interface is what a network doctor
 * judges by.
 */
#ifndef DCHAT_BASE_CHANNEL_H
#define DCHAT_BASE_CHANNEL_H

/* channel, its name in the headless contract, as people read it */
#define CHANNELS(X)                                                           \
	X(BROADCAST, "broadcast", "broadcast")		/* IPv4, directed */   \
	X(MULTICAST, "multicast", "multicast")		/* IPv4 */             \
	X(MULTICAST6, "multicast6", "IPv6 multicast")                          \
	X(UNICAST, "unicast", "address")	/* answers, and asking a host */

enum channel {
#define X(channel, name, label) CHANNEL_##channel,
	CHANNELS(X)
#undef X
	CHANNEL_COUNT
};

#endif
