#include "tui/pace.h"

void
pace_init(struct pace *pace)
{
	*pace = (struct pace){ .window = PACE_FIRST };
}

bool
pace_wrote(struct pace *pace, size_t weight, instant_ms now)
{
	pace->weight += weight;
	if (pace->asked || pace->weight < pace->window / 2)
		return false;
	pace->asked = true;
	pace->asked_at = now;
	pace->asked_weight = pace->weight;
	return true;
}

void
pace_answered(struct pace *pace, instant_ms now)
{
	instant_ms took = now - pace->asked_at;

	/* what nobody asked for says nothing */
	if (!pace->asked)
		return;
	pace->answers = true;
	pace->asked = false;
	pace->took = took;
	pace->weight -= pace->asked_weight;
	if (took < PACE_SOON_MS && pace->window < PACE_MOST)
		pace->window *= 2;
	else if (took > PACE_LATE_MS)
		pace->window = pace->window / 2 > PACE_LEAST
		    ? pace->window / 2
		    : PACE_LEAST;
}

bool
pace_slow(const struct pace *pace)
{
	return pace->answers && pace->window == PACE_LEAST;
}

instant_ms
pace_calm(const struct pace *pace)
{
	if (!pace_slow(pace))
		return 0;
	return 2 * (pace->took < PACE_PATIENCE_MS ? pace->took
						  : PACE_PATIENCE_MS);
}

instant_ms
pace_wait(struct pace *pace, instant_ms now)
{
	instant_ms patience = PACE_PATIENCE_MS +
	    (instant_ms)(pace->asked_weight * 1000 / PACE_SLOWEST);
	instant_ms left = pace->asked_at + patience - now;

	if (!pace->answers || !pace->asked || pace->weight < pace->window)
		return 0;
	if (left > 0)
		return left;
	/* it may still, and is believed again then */
	pace->answers = false;
	return 0;
}
