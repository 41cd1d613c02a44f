/*
 * verdict: what became of an input.
 *
 * Hostile and stale frames change nothing but a counter; the verdict says
 * which, and the host counts it (`status.counters`) and may log it.
 */
#ifndef DCHAT_CORE_VERDICT_H
#define DCHAT_CORE_VERDICT_H

#define VERDICTS(X)                                                           \
	X(ACCEPTED, "accepted")                                               \
	X(DUPLICATE, "duplicates")	/* known already */                   \
	X(STALE, "stale")		/* of a past term, view or run */     \
	X(UNKNOWN_SENDER, "unknown_sender")                                   \
	X(OVER_LIMIT, "over_limit")	/* a bound of base/limits.h */        \
	X(MALFORMED, "rejected")	/* breaks the protocol */

enum verdict {
#define X(verdict, counter) VERDICT_##verdict,
	VERDICTS(X)
#undef X
	VERDICT_COUNT
};

#endif
