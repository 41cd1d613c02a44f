/* The names of what passes the door; the node itself is in host/. */
#include "dchat.h"

static const char *const verbs[] = {
#define X(verb, name) [DCHAT_##verb] = name,
	DCHAT_VERBS(X)
	DCHAT_INNER_VERBS(X)
#undef X
};

static const char *const events[] = {
#define X(event, name) [DCHAT_EVENT_##event] = name,
	DCHAT_EVENTS(X)
#undef X
};

static const char *const member_states[] = {
	[MEMBER_ALIVE] = "alive",
	[MEMBER_SUSPECT] = "suspect",
	[MEMBER_DEAD] = "dead",
	[MEMBER_LEFT] = "left",
};

static const char *const group_states[] = {
	[GROUP_ALONE] = "alone",
	[GROUP_ELECTING] = "electing",
	[GROUP_STEADY] = "steady",
	[GROUP_PARTITIONED] = "partitioned",
};

static const char *const election_ends[] = {
#define X(end, name) [ELECTION_##end] = name,
	ELECTION_ENDS(X)
#undef X
};

static const char *const flows[] = {
#define X(flow, name) [FLOW_##flow] = name,
	DCHAT_FLOWS(X)
#undef X
};

static const char *const kinds[] = {
#define X(kind, name) [KIND_##kind] = name,
	MESSAGE_KINDS(X)
#undef X
};

static const char *const channels[][2] = {
#define X(channel, name, label) [CHANNEL_##channel] = { name, label },
	CHANNELS(X)
#undef X
};

static const char *const grades[] = {
	[GRADE_GOOD] = "good",
	[GRADE_NOTE] = "note",
	[GRADE_BAD] = "bad",
};

const char *
channel_name(enum channel channel)
{
	return channels[channel][0];
}

const char *
channel_label(enum channel channel)
{
	return channels[channel][1];
}

const char *
finding_grade_name(enum finding_grade grade)
{
	return grades[grade];
}

const char *
dchat_verb_name(enum dchat_verb verb)
{
	return verbs[verb];
}

const char *
dchat_event_name(enum dchat_event_type type)
{
	return events[type];
}

const char *
member_state_name(enum member_state state)
{
	return member_states[state];
}

const char *
group_state_name(enum group_state state)
{
	return group_states[state];
}

const char *
message_kind_name(enum message_kind kind)
{
	return kinds[kind];
}

const char *
election_end_name(enum election_end end)
{
	return election_ends[end];
}

const char *
dchat_flow_name(enum dchat_flow flow)
{
	return flows[flow];
}
