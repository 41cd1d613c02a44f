#include "tui/plain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/command.h"
#include "tui/moment.h"
#include "tui/text.h"
#include "tui/view_health.h"

enum {
	QUOTE_CELLS = 48, /* of a message that another is about */
	HITS = 20,        /* of a search, read at once */
};

static void put(struct bytes *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct bytes *out, const char *format, ...)
{
	char *piece;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&piece, format, arguments) >= 0) {
		bytes_append_text(out, piece);
		free(piece);
	}
	va_end(arguments);
}

/* A row of its own. */
static void
begin_row(struct bytes *out)
{
	if (out->size > 0)
		bytes_append_text(out, "\n");
}

/* Several lines of a message are one here: what begins a line is dchat's. */
static void
put_flat(struct bytes *out, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\n')
			bytes_append_text(out, " / ");
		else
			bytes_append(out, text + i, 1);
}

/* "shall we begin wi..." in quotes */
static void
put_quote(struct bytes *out, const char *text, size_t size, unsigned flags)
{
	struct bytes flat, cut;

	bytes_init(&flat);
	bytes_init(&cut);
	put_flat(&flat, text, size);
	text_cut(&cut, (const char *)flat.data, flat.size, QUOTE_CELLS, flags);
	bytes_append_text(out, "\"");
	bytes_append(out, cut.data, cut.size);
	bytes_append_text(out, "\"");
	bytes_free(&flat);
	bytes_free(&cut);
}

static void
put_moment(struct bytes *out, wall_ms at, const char *format)
{
	char text[MOMENT_TEXT];

	moment_write(format, at, text);
	bytes_append_text(out, text);
}

/* -- lines ------------------------------------------------------------- */

static bool
same_day(wall_ms one, wall_ms other)
{
	time_t a = (time_t)(one / 1000), b = (time_t)(other / 1000);
	struct tm first, second;

	return localtime_r(&a, &first) != NULL &&
	    localtime_r(&b, &second) != NULL &&
	    first.tm_year == second.tm_year && first.tm_yday == second.tm_yday;
}

static void
put_time(struct bytes *out, const struct setting_values *settings,
    const struct line *line, bool old, wall_ms now)
{
	const char *format = settings->items[SETTING_ID_CLOCK_FORMAT].text;
	wall_ms at = line->time != 0 ? line->time : line->arrived;
	char text[MOMENT_TEXT];

	switch ((enum setting_times)setting_number(settings,
	    SETTING_ID_TIMESTAMPS)) {
	case TIMES_SECONDS: format = "%H:%M:%S"; break;
	case TIMES_NONE:
		if (!old)
			return;
		break;
	case TIMES_MINUTES:
	case SETTING_TIMES: break;
	}
	if (old && !same_day(at, now))
		put_moment(out, at, "%-d %B ");
	moment_write(format, at, text);
	put(out, "%s ", text);
}

static void
put_room(struct bytes *out, const struct windows *windows,
    const struct window *window)
{
	if (window != windows_current(windows))
		put(out, "%s, ", window->name);
}

/* Who says or does it, and what it answers. */
static void
put_speaker(struct bytes *out, const struct windows *windows,
    const struct line *line)
{
	const char *quote = line->text;
	size_t size = line->body;

	put(out, "%s%s%s", line->kind == LINE_ACTION ? "* " : "", line->nick,
	    line->self ? " (you)" : "");
	if (size > 2) {
		/* without the sign before it and the end of its line */
		bytes_append_text(out, " answers ");
		put_quote(out, quote + 2, size - 3, windows->flags);
	}
	bytes_append_text(out, line->kind == LINE_ACTION ? " " : ": ");
}

void
plain_line(struct bytes *out, const struct windows *windows,
    const struct setting_values *settings, const struct window *window,
    const struct line *line, bool old, wall_ms now)
{
	size_t end = strlen(line->text);

	if (line->gap)
		bytes_append_text(out,
		    "Something before the next line is missing.\n");
	if (line->nick == NULL) {
		plain_text(out, windows, window, line->text);
		return;
	}
	put_time(out, settings, line, old, now);
	put_room(out, windows, window);
	put_speaker(out, windows, line);
	put_flat(out, line->text + line->body, end - line->body);
}

void
plain_text(struct bytes *out, const struct windows *windows,
    const struct window *window, const char *text)
{
	put_room(out, windows, window);
	bytes_append_text(out, text);
}

/* As its author first wrote it. */
static void
put_about(struct bytes *out, const struct windows *windows,
    const struct line *line)
{
	const char *text = line->said != NULL ? line->said : line->text;

	put_quote(out, text, strlen(text), windows->flags);
}

void
plain_amended(struct bytes *out, const struct windows *windows,
    const struct window *window, const struct dchat_message *message)
{
	const struct line *line =
	    scrollback_find(window->scrollback, message->ref);
	char *nick, *text;

	if (line == NULL)
		return;
	nick = group_name(message->nick, &message->author, windows->flags);
	text = text_clean_copy(message->text, windows->flags | TEXT_LINES);
	put_room(out, windows, window);
	bytes_append_text(out, nick);
	switch (message->kind) {
	case KIND_EDIT:
		bytes_append_text(out, " changes ");
		put_about(out, windows, line);
		bytes_append_text(out, " to: ");
		put_flat(out, text, strlen(text));
		break;
	case KIND_DELETE:
		bytes_append_text(out, " deletes what they said at ");
		put_moment(out, line->time, "%H:%M.");
		break;
	default:
		if (text[0] != '\0')
			put(out, " reacts with %s to ", text);
		else
			bytes_append_text(out, " takes back a reaction to ");
		put(out, "%s: ", line->nick);
		put_about(out, windows, line);
		break;
	}
	free(nick);
	free(text);
}

void
plain_place(struct bytes *out, const struct windows *windows)
{
	const struct window *window = windows_current(windows);

	if (window->room == NULL) {
		bytes_append_text(out,
		    "You are in no room. /list tells which rooms there are, "
		    "/join #NAME enters one, or makes it.");
		return;
	}
	if (window->direct)
		put(out, "You are with %s alone now: nobody else reads it.",
		    window->name + 1);
	else
		put(out, "You are in %s now.", window->name);
	if (window->topic[0] != '\0')
		put(out, " Topic: %s", window->topic);
}

/* -- help -------------------------------------------------------------- */

void
plain_help(struct bytes *out, enum guide_topic topic)
{
	switch (topic) {
	case GUIDE_KEYS:
		bytes_append_text(out,
		    "Keys are those of the terminal: Enter sends the line, "
		    "Ctrl+U empties it, Ctrl+R shows it again, Ctrl+D on an "
		    "empty line leaves, Ctrl+C twice leaves.");
		break;
	case GUIDE_SETTINGS:
		bytes_append_text(out,
		    "Settings: /set NAME VALUE sets one, /save keeps it.");
		for (int id = 0; id < SETTINGS_COUNT; id++)
			put(out, "\n%s: %s", setting_table[id].name,
			    setting_table[id].help);
		break;
	case GUIDE_NONE:
	case GUIDE_COMMANDS:
		bytes_append_text(out,
		    "What you enter is said to all in the room. A line that "
		    "begins with a slash is a command; //TEXT says /TEXT. "
		    "/help NAME tells more of one, /help settings and /help "
		    "keys of those.");
		for (size_t i = 0; i < command_count; i++)
			put(out, "\n/%s%s%s: %s", command_table[i].name,
			    command_table[i].arguments[0] != '\0' ? " " : "",
			    command_table[i].arguments, command_table[i].help);
		break;
	}
}

/* -- health ------------------------------------------------------------ */

static const struct dchat_peer *
peer_of(const struct health *health, const struct id *id)
{
	for (size_t i = 0; i < health->peer_count; i++)
		if (id_equal(&health->peers[i].id, id))
			return &health->peers[i];
	return NULL;
}

static void
put_ring(struct bytes *out, const struct health *health,
    const struct group *group)
{
	const char *before = "";

	begin_row(out);
	put(out, "Ring of %zu: ", health->ring_count);
	for (size_t i = 0; i < health->peer_count; i++) {
		const struct dchat_peer *peer = &health->peers[i];

		put(out, "%s%s%s%s", before, peer->nick,
		    peer->self ? " (you)" : "",
		    peer->leader ? " (leader)" : "");
		if (peer->state != MEMBER_ALIVE)
			put(out, " (%s)", group_state_word(peer->state));
		else if (!peer->self && !peer->linked)
			bytes_append_text(out, " (no link)");
		before = ", ";
	}
	put(out, ". Term %" PRIu64 ".", group->term);
	if (health->local_health > 0)
		put(out, " This node is slow itself (%u).",
		    health->local_health);
	if (health->self_suspicion)
		bytes_append_text(out,
		    " Most fell silent at once: it may be this node.");
}

static void
put_peers(struct bytes *out, const struct health *health,
    const struct group *group)
{
	(void)group;
	for (size_t i = 0; i < health->peer_count; i++) {
		const struct dchat_peer *peer = &health->peers[i];
		char id[ID_SHORT_TEXT], text[FIGURE];

		begin_row(out);
		put(out, "%s, id %s, %s", peer->nick,
		    id_format_short(&peer->id, id),
		    peer->self ? "you" : group_state_word(peer->state));
		if (peer->linked && peer->rtt_ms >= 0)
			put(out, ", %s ms away", figure_ms(peer->rtt_ms, text));
		if (!id_is_none(&peer->over))
			put(out, ", linked over %s", peer->over_nick);
		if (!peer->self && peer->silent_ms >= 0)
			put(out,
			    peer->state == MEMBER_ALIVE ? ", heard %s ago"
							: ", silent for %s",
			    figure_span(peer->silent_ms, text));
		if (peer->linked && peer->queue_bytes > 0)
			put(out, ", %s bytes queued",
			    figure_amount(peer->queue_bytes, text));
		if (peer->skew_known)
			put(out, ", clock %s",
			    figure_skew(peer->skew_ms, text));
		if (peer->address[0] != '\0')
			put(out, ", at %s", peer->address);
		if (peer->state == MEMBER_SUSPECT)
			put(out, ", accused by %s, gone in %s unless heard",
			    health->accusers[i][0] != '\0' ? health->accusers[i]
							   : "nobody yet",
			    figure_span(peer->dead_in_ms, text));
	}
}

static void
put_elections(struct bytes *out, const struct health *health,
    const struct group *group)
{
	static const char *const ends[] = {
		[ELECTION_RUNNING] = "",
		[ELECTION_ELECTED] = "leads",
		[ELECTION_FOUND] = "led already",
		[ELECTION_MERGED] = "stays",
		[ELECTION_RAISED] = "leads on",
		[ELECTION_ALONE] = "",
	};

	(void)group;
	if (health->election_count == 0) {
		begin_row(out);
		bytes_append_text(out, "No election yet.");
	}
	for (size_t i = 0; i < health->election_count; i++) {
		const struct dchat_election *election = &health->elections[i];
		const struct dchat_peer *winner =
		    peer_of(health, &election->winner);
		char span[FIGURE];

		begin_row(out);
		put(out, "Election of term %" PRIu64 " (%s): ", election->term,
		    election->cause);
		if (election->end == ELECTION_RUNNING)
			bytes_append_text(out, "it runs");
		else if (election->end == ELECTION_ALONE)
			bytes_append_text(out, "nobody else was here");
		else
			put(out, "%s %s",
			    winner != NULL ? winner->nick
					   : election->winner_nick,
			    ends[election->end]);
		put(out,
		    " after %" PRId64 " ms, %s ago, %" PRIu64 " messages sent.",
		    election->took_ms, figure_span(election->ago_ms, span),
		    election->messages);
	}
}

static void
put_holding(struct bytes *out, const struct health_holding *holding)
{
	char span[FIGURE];

	put(out, "\n  %zu of %s wait%s for what %s said (%s)", holding->count,
	    holding->nick, holding->count == 1 ? "s" : "",
	    holding->waiting_for[0] != '\0' ? holding->waiting_for : "somebody",
	    figure_span(holding->waited_ms, span));
}

static void
put_clocks(struct bytes *out, const struct health *health,
    const struct group *group)
{
	(void)group;
	for (size_t i = 0; i < health->room_count; i++) {
		const struct health_room *room = &health->rooms[i];

		begin_row(out);
		put(out, "Clock of %s:", room->name);
		for (size_t k = 0; k < room->author_count; k++) {
			const struct health_author *author = &room->authors[k];

			put(out, "%s %s", k > 0 ? "," : "", author->nick);
			for (size_t e = 0; e < author->count; e++)
				put(out, "%s%" PRIu64, e > 0 ? "+" : " ",
				    author->entries[e].top);
		}
		if (room->author_count == 0)
			bytes_append_text(out, " nothing said yet");
		put(out, "; %zu held back", room->held);
		for (size_t k = 0; k < room->holding_count; k++)
			put_holding(out, &room->holdings[k]);
	}
}

static void
put_traffic(struct bytes *out, const struct health *health,
    const struct group *group)
{
	size_t last = health->traffic_seconds;
	char in[FIGURE], sent[FIGURE];

	(void)group;
	if (last-- == 0)
		return;
	begin_row(out);
	put(out, "Traffic of the last second: %s bytes in, %s out; ",
	    figure_amount(health->traffic[FLOW_BYTES_IN][last], in),
	    figure_amount(health->traffic[FLOW_BYTES_OUT][last], sent));
	put(out, "%s frames in, %s out.",
	    figure_amount(health->traffic[FLOW_FRAMES_IN][last], in),
	    figure_amount(health->traffic[FLOW_FRAMES_OUT][last], sent));
}

void
plain_health(struct bytes *out, const struct health *health,
    const struct group *group, int section)
{
	static void (*const sections[])(struct bytes * out,
	    const struct health *health, const struct group *group) = {
		[HEALTH_RING] = put_ring,
		[HEALTH_PEERS] = put_peers,
		[HEALTH_ELECTIONS] = put_elections,
		[HEALTH_CLOCKS] = put_clocks,
		[HEALTH_TRAFFIC] = put_traffic,
	};

	for (int i = 0; i < (int)(sizeof sections / sizeof *sections); i++)
		if (section < 0 || section == i)
			sections[i](out, health, group);
}

/* -- the network and the search ------------------------------------------ */

void
plain_net(struct bytes *out, const struct doctor_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct doctor_line *line = &lines->items[i];

		if (line->kind == DOCTOR_BLANK)
			continue;
		begin_row(out);
		if (line->kind == DOCTOR_BAD)
			bytes_append_text(out, "Wrong: ");
		bytes_append_text(out, line->text);
	}
}

static void
put_hit(struct bytes *out, const struct windows *windows,
    const struct search *search, const struct search_hit *hit)
{
	const struct window *window = windows_find(windows, hit->room);

	begin_row(out);
	put_moment(out, hit->time, "%Y-%m-%d %H:%M ");
	if (search->everywhere)
		put(out, "%s, ", window != NULL ? window->name : hit->room);
	put(out, "%s: ", hit->nick);
	put_flat(out, hit->text, strlen(hit->text));
}

void
plain_search(struct bytes *out, const struct windows *windows,
    const struct search *search)
{
	const char *where = search->everywhere ? "all rooms" : search->name;

	if (search->problem != NULL) {
		bytes_append_text(out, search->problem);
		return;
	}
	if (search->count == 0)
		put(out, "Nothing is found of \"%s\" in %s.", search->words,
		    where);
	else
		put(out, "%zu message%s with \"%s\" in %s%s:", search->count,
		    search->count == 1 ? "" : "s", search->words, where,
		    search->count > HITS ? ", the newest of them" : "");
	if (search->behind > 0)
		put(out, " %zu part%s of the history %s not indexed yet.",
		    search->behind, search->behind == 1 ? "" : "s",
		    search->behind == 1 ? "is" : "are");
	for (size_t i = search->count < HITS ? search->count : HITS; i-- > 0;)
		put_hit(out, windows, search, &search->hits[i]);
	if (!search->everywhere)
		bytes_append_text(out,
		    "\nThe same /search again looks in all rooms.");
}
