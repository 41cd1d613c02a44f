#include "tests/sim/fault.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *sentence;
} faults[] = {
#define X(fault, name, what) { name, what },
	FAULTS(X)
#undef X
};

const char *
fault_name(enum fault fault)
{
	return faults[fault].name;
}

const char *
fault_sentence(enum fault fault)
{
	return faults[fault].sentence;
}

unsigned
faults_draw(struct rng *rng)
{
	uint64_t set = rng_next(rng);

	/* Of two or three sets drawn what all have: few faults at once. */
	set &= rng_next(rng);
	if (rng_below(rng, 2) == 0)
		set &= rng_next(rng);
	return (unsigned)set & ((1U << FAULT_COUNT) - 1);
}

bool
faults_parse(const char *text, unsigned *set)
{
	*set = 0;
	if (strcmp(text, "none") == 0)
		return true;
	if (strcmp(text, "all") == 0) {
		*set = (1U << FAULT_COUNT) - 1;
		return true;
	}
	for (;;) {
		size_t size = strcspn(text, ",");
		unsigned i = 0;

		while (i < FAULT_COUNT &&
		    (strlen(faults[i].name) != size ||
			strncmp(faults[i].name, text, size) != 0))
			i++;
		if (i == FAULT_COUNT)
			return false;
		*set |= 1U << i;
		if (text[size] == '\0')
			return true;
		text += size + 1;
	}
}

char *
faults_format(unsigned set, char text[static FAULTS_TEXT])
{
	size_t size = 0;

	snprintf(text, FAULTS_TEXT, "none");
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (set & 1U << i)
			size +=
			    (size_t)snprintf(text + size, FAULTS_TEXT - size,
				"%s%s", size > 0 ? "," : "", faults[i].name);
	return text;
}
