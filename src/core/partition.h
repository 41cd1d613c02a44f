/*
 * partition: who is out of reach, and what comes back with them.
 *
 * A member that fell silent may live on the other side of a cut: it is lost
 * until it is heard of again.  One that left, or whose host answers that its
 * process is gone, is not.  Nobody can tell a cut from a pulled plug, so the
 * same is said of both.
 *
 *   (here) --- dead by silence ---> lost ------ present ------> back
 *     ^                              |  left, refused,           |
 *     |                              |  three days               |
 *     '------------------------------+---------------------------'
 *                                         told as healed, with what
 *                                         was merged meanwhile
 *
 * People are told in two sentences.  PARTITION with `lost`: all who are out
 * of reach now, as soon as half a second brought no further one.  PARTITION
 * with `healed`: those who are back and how many messages came with them,
 * when one of them was seen to hold what is held here and no more of them
 * come, or after ten seconds.
 */
#ifndef DCHAT_CORE_PARTITION_H
#define DCHAT_CORE_PARTITION_H

#include "core/effect.h"
#include "core/membership.h"

enum {
	PARTITION_LOST_QUIET_MS = 500,	/* verdicts of one cut */
	PARTITION_LOST_MOST_MS = 2000,
	PARTITION_BACK_QUIET_MS = 1500,	/* of returns and old messages */
	PARTITION_BACK_MOST_MS = 10000,
	/* Then it was probably a lid that was closed, and no cut. */
	PARTITION_NEWS_MS = 3600 * 1000,
	PARTITION_FORGET_MS = 72 * 3600 * 1000,
};

struct stray {
	struct id id;
	instant_ms since;
	bool told;		/* named in an event */
	bool back;		/* here again, and that was not told yet */
	bool same;		/* since then it held what I hold */
};

/* What was merged into a room since the first of them was back. */
struct merging {
	char *room;
	size_t count;
};

struct partition {
	struct stray *items;	/* ascending by id */
	size_t count, cap;
	struct merging *merging;
	size_t merging_count, merging_cap;
	instant_ms early_at;	/* merged last before a return was known */
	/* When to say it, and when at the latest; NEVER: nothing to say. */
	instant_ms lost_at, lost_most, back_at, back_most;
};

void partition_init(struct partition *p);
void partition_free(struct partition *p);

/* Beliefs may have changed. */
void partition_update(struct partition *p, instant_ms now,
    const struct membership *membership);

/* One that is back holds all that is held here, of the rooms we share. */
void partition_same(struct partition *p, const struct id *id);

/*
 * Another's message was delivered that is not live.  One of somebody lost
 * comes before its return is known, when a third was faster: it is counted if
 * the return follows within ten seconds.
 */
void partition_merged(struct partition *p, instant_ms now, const char *room,
    const struct id *author);

/* Those out of reach now, ascending, in the arena of fx. */
size_t partition_lost(const struct partition *p, const struct id **out,
    struct effects *fx);

/* Somebody is out of reach, and has not been for long. */
bool partition_is_news(const struct partition *p, instant_ms now);

void partition_expire(struct partition *p, instant_ms now,
    struct effects *fx);
instant_ms partition_deadline(const struct partition *p);

#endif
