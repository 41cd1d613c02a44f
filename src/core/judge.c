#include "core/judge.h"

#include <string.h>

#include "core/hlc.h"

static enum verdict
judge_messages(const struct bundle *bundle)
{
	size_t total = 0;

	if (bundle->message_count > LIMIT_BUNDLE_MESSAGES)
		return VERDICT_OVER_LIMIT;
	for (size_t i = 0; i < bundle->message_count; i++) {
		const struct message *message = &bundle->messages[i];
		enum error error = message_check(message);

		total += strlen(message->text);
		if (error == ERROR_TOO_LONG || total > LIMIT_BUNDLE_TEXT)
			return VERDICT_OVER_LIMIT;
		if (error != ERROR_NONE)
			return VERDICT_MALFORMED;
	}
	return VERDICT_ACCEPTED;
}

static enum verdict
judge_dependencies(const struct bundle *bundle)
{
	if (bundle->dependency_count > LIMIT_DEPENDENCIES)
		return VERDICT_OVER_LIMIT;
	for (size_t i = 0; i < bundle->dependency_count; i++) {
		const struct dependency *cause = &bundle->dependencies[i];

		if (cause->seq == 0 || cause->seq > SEQ_MAX)
			return VERDICT_MALFORMED;
		if (i > 0 &&
		    stream_compare(&cause[-1].stream, &cause->stream) >= 0)
			return VERDICT_MALFORMED;
		if (stream_compare(&cause->stream, &bundle->stream) == 0 &&
		    cause->seq >= bundle->seq)
			return VERDICT_MALFORMED;
	}
	return VERDICT_ACCEPTED;
}

enum verdict
judge_bundle(const struct bundle *bundle)
{
	enum verdict verdict;

	if (bundle->seq == 0 || bundle->seq > SEQ_MAX ||
	    !hlc_valid(bundle->hlc) || !hlc_wall_valid(bundle->wall))
		return VERDICT_MALFORMED;
	verdict = judge_messages(bundle);
	return verdict != VERDICT_ACCEPTED ? verdict
					   : judge_dependencies(bundle);
}

enum verdict
judge_vector_entry(const struct vector_entry *entry)
{
	uint64_t next = entry->base + 1;

	if (entry->top > SEQ_MAX || entry->base > entry->top)
		return VERDICT_MALFORMED;
	if (entry->hole_count > LIMIT_HOLES)
		return VERDICT_OVER_LIMIT;
	for (size_t i = 0; i < entry->hole_count; i++) {
		struct range hole = entry->holes[i];

		if (hole.first < next || hole.last < hole.first ||
		    hole.last > entry->top)
			return VERDICT_MALFORMED;
		next = hole.last + 1;
	}
	return VERDICT_ACCEPTED;
}
