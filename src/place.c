/*
 * place: the order in which people read, as dchat.h gives it; by itself, so
 * that what shows messages can be linked without the door.
 */
#include "dchat.h"

int
dchat_place_compare(const struct dchat_place *a, const struct dchat_place *b)
{
	int order;

	if (a->hlc != b->hlc)
		return a->hlc < b->hlc ? -1 : 1;
	order = id_compare(&a->author, &b->author);
	if (order != 0)
		return order;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}
