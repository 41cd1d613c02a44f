/*
 * limits: every bound of the program and why it stands where it stands.
 *
 * Whatever comes from a person or a peer is checked against these before
 * it is parsed deeper or kept.  Sizes in bytes unless the name says else.
 */
#ifndef DCHAT_BASE_LIMITS_H
#define DCHAT_BASE_LIMITS_H

enum {
	/* What people write. */
	LIMIT_TEXT = 4096,		/* one message, several lines included */
	LIMIT_REACTION = 64,		/* an emoji of many parts, or a word */
	LIMIT_AMENDS = 16384,		/* reactions, edits, deletes of a room; */
	LIMIT_AMENDS_EDITS = 32,	/* edits of one message, to look back at */
	LIMIT_NICK = 64,		/* bytes; and at most */
	LIMIT_NICK_POINTS = 32,		/* code points: the nick column */
	LIMIT_ROOM_NAME = 64,		/* with its '#': fits the room pane */
	LIMIT_INTENT_NAME = 64,		/* a nick or a room's name */
	LIMIT_NETWORK_NAME = 64,
	LIMIT_TOPIC = 512,
	LIMIT_AWAY = 128,		/* why somebody is away: a row */

	/* What a node keeps. */
	LIMIT_MEMBERS = 16384,
	LIMIT_ROOMS = 1024,		/* known to a node */
	LIMIT_ROOMS_DIRECT = 512,	/* of them, so that strangers cannot take all */
	LIMIT_NICKS = LIMIT_MEMBERS,	/* claimed, or given back */
	LIMIT_WISHES = 64,		/* own intents not decided yet */
	LIMIT_ROOMS_JOINED = 128,	/* by one member: its record must fit a frame */
	LIMIT_STREAMS = 4096,		/* (author, epoch) pairs of a room */
	LIMIT_STREAMS_AUTHOR = 256,	/* of one author: others want theirs */
	LIMIT_HOLES = 64,		/* ranges known missing in a stream */
	LIMIT_MESH = 32,		/* members that all link to all */
	LIMIT_ADDRESSES = 4,		/* remembered for one member */

	/* Bundles: what travels and is signed together. */
	LIMIT_BUNDLE_MESSAGES = 64,
	LIMIT_BUNDLE_BODY = 48 * 1024,	/* encoded; texts alone at most: */
	LIMIT_BUNDLE_TEXT = 32 * 1024,
	LIMIT_DEPENDENCIES = 256,	/* heads named by one bundle */

	/* Held back until their causes are here. */
	LIMIT_HELD_STREAM = 256,	/* bundles of one stream; or */
	LIMIT_HELD_STREAM_BYTES = 1 << 20,
	LIMIT_HELD_ROOM = 4096,		/* bundles of one room; or */
	LIMIT_HELD_ROOM_BYTES = 8 << 20,

	/* Frames. */
	LIMIT_FRAME = 64 * 1024,
	LIMIT_FRAME_STRANGER = 4096,	/* before the link is up */
	LIMIT_JSON_DEPTH = 8,
	LIMIT_DIGESTS = 256,		/* rooms in one ping or digest frame */
	LIMIT_VECTOR_PAGE = 256,	/* rows in one vector, want or base frame */

	/* Links. */
	LIMIT_STRANGERS = 1024,	/* heard of and never met, and of them */
	LIMIT_DIALS = 32,		/* being dialled at once */
	LIMIT_TUNNELS = 128,		/* links over a third, of this end */
	LIMIT_HALF_OPEN = 32,		/* handshakes at once; and */
	LIMIT_HALF_OPEN_ADDRESS = 4,	/* from one address */
	LIMIT_LINK_QUEUE = 1 << 20,	/* unsent bytes before bulk is dropped */
	LIMIT_BEACON = 512,		/* one datagram: never fragmented */

	/* The person's side. */
	LIMIT_OUTBOX = 1024,		/* messages of a room not yet published */
	LIMIT_COMMANDS_WAITING = 256,
	LIMIT_INPUT_LINE = 256 * 1024,	/* headless */
	LIMIT_OUTPUT_QUEUE = 16 << 20,	/* headless */
	LIMIT_HISTORY_ANSWER = 10000,	/* messages in one `history` */

	/* What a front end has remembered for its next run. */
	LIMIT_NOTES = 1024,		/* several a room, and then some */
	LIMIT_NOTE_NAME = 128,
	LIMIT_NOTE = 16 * 1024,		/* a draft, or the list of the rooms */

	LIMIT_RECEIPTS = 16384,		/* own bundles that not all have yet */

	/* History. */
	LIMIT_HISTORY_ROOM = 100000,	/* messages kept of a room; and */
	LIMIT_HISTORY_DAYS = 365,	/* not longer than this */
	LIMIT_TAIL = 500,		/* messages a late joiner is given */
	LIMIT_PAGE_BUNDLES = 256,	/* asked for, and given, at once; or */
	LIMIT_PAGE_BYTES = 96 * 1024,	/* of bodies: some ms of a LAN */
	LIMIT_PAGE_MESSAGES = LIMIT_PAGE_BUNDLES * LIMIT_BUNDLE_MESSAGES,
};

#endif
