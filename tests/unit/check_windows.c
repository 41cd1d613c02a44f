/*
 * tui/windows, tui/group, tui/answer: what a person's rooms look like
 * after the node has told this and that.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/answer.h"
#include "tui/people.h"
#include "tui/windows.h"

static const wall_ms NOW = INT64_C(1795435200000);

static struct windows windows;
static uint64_t hlc;
static wall_ms now;

static struct id
id_of(int number)
{
	return (struct id){ .bytes = { [15] = (uint8_t)number } };
}

enum { ME = 1, ANA, BOB, EVE };

static const char *
nick_of(int number)
{
	static const char *const nicks[] = { "", "zoe", "ana", "bob", "eve" };

	return nicks[number];
}

static void
happen(const struct dchat_event *event)
{
	windows_event(&windows, event, now);
}

static void
setup(void)
{
	struct dchat_event ready = {
		.type = DCHAT_EVENT_READY,
		.ready = { .id = id_of(ME), .nick = "zoe", .network = "lan" },
	};

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	hlc = 0;
	now = NOW;
	windows_init(&windows, 0);
	happen(&ready);
}

static void
teardown(void)
{
	windows_free(&windows);
}

static void
membership(enum dchat_event_type type, const char *room, int who)
{
	struct dchat_event event = {
		.type = type,
		.membership = {
			.room = room,
			.id = id_of(who),
			.nick = nick_of(who),
			.self = who == ME,
		},
	};

	happen(&event);
}

static void
joined(const char *room, int who)
{
	membership(DCHAT_EVENT_JOINED, room, who);
	/* whoever is heard of now comes after me */
	if (who == ME)
		now += 3000;
}

static void
parted(const char *room, int who)
{
	membership(DCHAT_EVENT_PARTED, room, who);
}

static void
say(const char *room, int who, const char *text)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = {
			.room = room,
			.author = id_of(who),
			.nick = nick_of(who),
			.text = text,
			.time = NOW,
			.hlc = hlc + 1,
			.live = true,
		},
	};

	hlc++;
	happen(&event);
}

static void
peer(int who, enum member_state state, const char *reason)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_PEER,
		.peer = {
			.id = id_of(who),
			.nick = nick_of(who),
			.state = state,
			.rtt_ms = -1,
			.reason = reason,
		},
	};

	happen(&event);
}

static void
leader(int who, uint64_t term, instant_ms took_ms)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_LEADER,
		.leader = {
			.id = id_of(who),
			.nick = nick_of(who),
			.term = term,
			.self = who == ME,
			.took_ms = took_ms,
		},
	};

	happen(&event);
}

/* The texts of a window's lines with '|' between them; hidden ones in
 * parentheses. */
static const char *
lines_of(const struct window *window)
{
	static char texts[8192];
	size_t i;

	texts[0] = '\0';
	for (i = 0; i < scrollback_count(window->scrollback); i++) {
		const struct line *line =
		    scrollback_line(window->scrollback, i);
		bool shown = scrollback_shows(window->scrollback, line);

		if (i > 0)
			strcat(texts, "|");
		strcat(texts, shown ? "" : "(");
		strcat(texts, line->text);
		strcat(texts, shown ? "" : ")");
	}
	return texts;
}

static const char *
lines(const char *room)
{
	return lines_of(windows_find(&windows, room));
}

static const char *
current(void)
{
	return windows_current(&windows)->name;
}

static const char *
members(const char *room)
{
	const struct window *window = windows_find(&windows, room);
	static char texts[1024];
	size_t i;

	texts[0] = '\0';
	for (i = 0; i < window->member_count; i++) {
		if (i > 0)
			strcat(texts, " ");
		strcat(texts, window->members[i].nick);
	}
	return texts;
}

/* -- which window ------------------------------------------------------ */

START_TEST(before_any_room_there_is_home)
{
	ck_assert_uint_eq(windows.count, 1);
	ck_assert_str_eq(current(), "dchat");
	ck_assert_ptr_null(windows_current(&windows)->room);
	ck_assert(!windows_next(&windows));
	ck_assert(!windows_previous(&windows));
	ck_assert(!windows_back(&windows));
	ck_assert(!windows_next_active(&windows));
}
END_TEST

START_TEST(home_becomes_the_first_room_and_keeps_its_lines)
{
	windows_notice(&windows, LINE_NOTICE, "welcome", NOW);
	joined("#lobby", ME);
	ck_assert_uint_eq(windows.count, 1);
	ck_assert_str_eq(current(), "#lobby");
	ck_assert_str_eq(lines("#lobby"), "welcome");
	ck_assert_str_eq(members("#lobby"), "zoe");
}
END_TEST

START_TEST(answers_are_gone_once_their_room_was_left)
{
	joined("#a", ME);
	joined("#b", ME);
	windows_select(&windows, 1);
	say("#a", ANA, "one");
	windows_notice(&windows, LINE_NOTICE, "theme = dark", NOW);
	say("#a", ANA, "two");
	windows_notice(&windows, LINE_ERROR, "There is no command /foo.", NOW);
	ck_assert_str_eq(lines("#a"),
	    "one|theme = dark|two|There is no command /foo.");
	windows_select(&windows, 2);
	windows_select(&windows, 1);
	ck_assert_str_eq(lines("#a"), "one|two");
}
END_TEST

START_TEST(leaving_the_last_room_is_coming_home)
{
	joined("#lobby", ME);
	joined("#lobby", ANA);
	parted("#lobby", ME);
	ck_assert_uint_eq(windows.count, 1);
	ck_assert_str_eq(current(), "dchat");
	ck_assert_uint_eq(windows_current(&windows)->member_count, 0);
	joined("#ops", ME);
	ck_assert_str_eq(current(), "#ops");
	ck_assert_str_eq(members("#ops"), "zoe");
}
END_TEST

START_TEST(rooms_of_the_start_do_not_come_before_the_person)
{
	joined("#lobby", ME);
	joined("#ops", ME);
	ck_assert_str_eq(current(), "#lobby");
	ck_assert_uint_eq(windows.count, 2);
	ck_assert_uint_eq(windows_number(&windows,
			      windows_find(&windows, "#ops")),
	    2);
}
END_TEST

static void
answer(enum dchat_verb verb, uint64_t token)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = { .verb = verb, .token = token },
	};

	happen(&event);
}

START_TEST(a_room_that_is_asked_for_comes_before_the_person)
{
	joined("#lobby", ME);
	windows_asked(&windows, 5, DCHAT_JOIN, "#ops");
	answer(DCHAT_JOIN, 5);
	joined("#ops", ME);
	ck_assert_str_eq(current(), "#ops");
	windows_select(&windows, 1);
	/* The other order, and a room that is open already. */
	windows_asked(&windows, 6, DCHAT_JOIN, "#dev");
	joined("#dev", ME);
	ck_assert_str_eq(current(), "#dev");
	answer(DCHAT_JOIN, 6);
	windows_asked(&windows, 7, DCHAT_JOIN, "#lobby");
	answer(DCHAT_JOIN, 7);
	ck_assert_str_eq(current(), "#lobby");
}
END_TEST

static void
open_three(void)
{
	joined("#a", ME);
	joined("#b", ME);
	joined("#c", ME);
}

START_TEST(windows_are_selected_by_number_and_round_and_round)
{
	open_three();
	ck_assert(windows_select(&windows, 3));
	ck_assert_str_eq(current(), "#c");
	ck_assert(!windows_select(&windows, 3));
	ck_assert(!windows_select(&windows, 0));
	ck_assert(!windows_select(&windows, 4));
	ck_assert(windows_next(&windows));
	ck_assert_str_eq(current(), "#a");
	ck_assert(windows_previous(&windows));
	ck_assert_str_eq(current(), "#c");
	ck_assert(windows_back(&windows));
	ck_assert_str_eq(current(), "#a");
	ck_assert(windows_back(&windows));
	ck_assert_str_eq(current(), "#c");
}
END_TEST

START_TEST(numbers_close_up_when_a_room_is_left)
{
	open_three();
	windows_select(&windows, 3);
	parted("#b", ME);
	ck_assert_str_eq(current(), "#c");
	ck_assert_uint_eq(windows.count, 2);
	ck_assert_uint_eq(windows_number(&windows, windows_current(&windows)),
	    2);
	parted("#c", ME);
	ck_assert_str_eq(current(), "#a");
	ck_assert(!windows_back(&windows));
}
END_TEST

START_TEST(a_room_that_was_left_is_not_the_last_any_more)
{
	open_three();
	windows_select(&windows, 2);
	parted("#a", ME);
	ck_assert(!windows_back(&windows));
	ck_assert_str_eq(current(), "#b");
	ck_assert_ptr_null(windows.last);
}
END_TEST

START_TEST(leaving_the_room_in_view_goes_back_to_the_last)
{
	open_three();
	windows_select(&windows, 3);
	windows_select(&windows, 2);
	parted("#b", ME);
	ck_assert_str_eq(current(), "#c");
}
END_TEST

/* -- activity ---------------------------------------------------------- */

START_TEST(activity_rises_and_is_gone_when_looked_at)
{
	struct window *window;

	joined("#a", ME);
	joined("#b", ME);
	window = windows_find(&windows, "#b");
	ck_assert_int_eq(window->activity, ACTIVITY_NONE);
	joined("#b", ANA);
	ck_assert_int_eq(window->activity, ACTIVITY_JOIN);
	say("#b", ANA, "hello");
	ck_assert_int_eq(window->activity, ACTIVITY_MESSAGE);
	say("#b", ANA, "Zoe: are you there?");
	say("#b", ANA, "hello?");
	ck_assert_int_eq(window->activity, ACTIVITY_MENTION);
	ck_assert_uint_eq(window->unread, 3);
	ck_assert_uint_eq(window->mentions, 1);
	windows_select(&windows, 2);
	ck_assert_int_eq(window->activity, ACTIVITY_NONE);
	ck_assert_uint_eq(window->unread, 0);
	ck_assert_uint_eq(window->mentions, 0);
	say("#b", ANA, "zoe");
	ck_assert_uint_eq(window->unread, 0);
	ck_assert_int_eq(window->activity, ACTIVITY_NONE);
}
END_TEST

START_TEST(own_messages_are_neither_unread_nor_mentions)
{
	joined("#a", ME);
	joined("#b", ME);
	say("#b", ME, "zoe says zoe");
	ck_assert_uint_eq(windows_find(&windows, "#b")->unread, 0);
	ck_assert(!windows.call.pending);
}
END_TEST

START_TEST(a_mention_rings)
{
	joined("#a", ME);
	say("#a", ANA, "bizoez");
	ck_assert(!windows.call.pending);
	say("#a", ANA, "hi zoe!");
	ck_assert(windows.call.pending);
	ck_assert(
	    scrollback_line(windows_current(&windows)->scrollback, 1)->mention);
}
END_TEST

START_TEST(who_is_called_hears_by_whom_and_where)
{
	joined("#a", ME);
	say("#a", ANA, "hi zoe!");
	ck_assert_str_eq(windows.call.title, "ana in #a");
	ck_assert_str_eq(windows.call.text, "hi zoe!");
}
END_TEST

START_TEST(a_word_of_the_persons_own_is_a_mention)
{
	joined("#a", ME);
	ck_assert(windows_highlight(&windows, "pump*", true));
	say("#a", ANA, "the Pumps again");
	ck_assert(windows.call.pending);
	windows.call.pending = false;
	ck_assert(windows_highlight(&windows, "pump*", false));
	say("#a", ANA, "the pumps again");
	ck_assert(!windows.call.pending);
}
END_TEST

START_TEST(who_is_ignored_says_nothing_and_opens_nothing)
{
	struct id bob = id_of(BOB);

	open_three();
	say("#b", BOB, "before");
	ck_assert(windows_ignore(&windows, &bob, true));
	ck_assert(!windows_ignore(&windows, &bob, true));
	windows_select(&windows, 2);
	windows_select(&windows, 1);
	say("#b", BOB, "zoe!");
	ck_assert(!windows.call.pending);
	ck_assert_int_eq(windows.items[1]->activity, ACTIVITY_NONE);
	ck_assert_uint_eq(windows.items[1]->unread, 0);
	ck_assert_str_eq(lines("#b"), "(before)|(zoe!)");
	ck_assert(windows_ignore(&windows, &bob, false));
	ck_assert_str_eq(lines("#b"), "before|zoe!");
}
END_TEST

START_TEST(a_quiet_room_does_not_call)
{
	open_three();
	ck_assert(windows_mute(&windows, "#b", true));
	say("#b", ANA, "zoe!");
	ck_assert(!windows.call.pending);
	ck_assert_uint_eq(windows.items[1]->unread, 1);
	ck_assert_int_eq(windows.items[1]->activity, ACTIVITY_JOIN);
	say("#c", ANA, "hello");
	/* it comes last */
	ck_assert(windows_next_active(&windows));
	ck_assert_str_eq(current(), "#c");
	ck_assert(windows_next_active(&windows));
	ck_assert_str_eq(current(), "#b");
	windows_select(&windows, 1);
	ck_assert(windows_mute(&windows, "#b", false));
	say("#b", ANA, "zoe!");
	ck_assert(windows.call.pending);
	/* what is unread already counts as it would now */
	ck_assert(windows_mute(&windows, "#b", true));
	ck_assert_int_eq(windows.items[1]->activity, ACTIVITY_JOIN);
	ck_assert(windows_mute(&windows, "#b", false));
	ck_assert_int_eq(windows.items[1]->activity, ACTIVITY_MENTION);
}
END_TEST

START_TEST(what_is_known_of_an_earlier_run_holds_for_rooms_open_and_to_come)
{
	struct id bob = id_of(BOB);

	joined("#a", ME);
	say("#a", BOB, "before");
	attention_ignore(&windows.attention, &bob, "bob");
	attention_mute(&windows.attention, "#a", true);
	attention_mute(&windows.attention, "#b", true);
	windows_heed(&windows);
	ck_assert_str_eq(lines("#a"), "(before)");
	ck_assert(windows.items[0]->muted);
	joined("#b", ME);
	ck_assert(windows.items[1]->muted);
}
END_TEST

static void
tell_room(const char *room, size_t unread)
{
	struct dchat_room list = { .name = room,
		.joined = true,
		.unread = unread };
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = { .verb = DCHAT_ROOMS, .rooms = &list, .count = 1 },
	};

	happen(&event);
}

static void
came_by_sync_to(const char *room, const char *text, wall_ms time)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = { .room = room,
		    .author = id_of(ANA),
		    .nick = nick_of(ANA),
		    .text = text,
		    .time = time,
		    .hlc = hlc + 1 },
	};

	hlc++;
	happen(&event);
}

static void
came_by_sync(const char *text)
{
	came_by_sync_to("#a", text, NOW);
}

START_TEST(what_is_handed_over_to_who_is_new_is_not_unread)
{
	const struct scrollback *scrollback;
	struct window *other;

	joined("#a", ME);
	joined("#b", ME);
	scrollback = windows_current(&windows)->scrollback;
	other = windows_find(&windows, "#b");
	came_by_sync_to("#a", "of yesterday", NOW - 1000);
	came_by_sync_to("#b", "of yesterday", NOW - 1000);
	tell_room("#a", 1);
	tell_room("#b", 1);
	ck_assert_ptr_null(scrollback_unread(scrollback));
	ck_assert_ptr_null(scrollback_unread(other->scrollback));
	ck_assert_uint_eq(other->unread, 0);
	ck_assert_int_eq(other->activity, ACTIVITY_NONE);
	/* the node learns that it is read */
	ck_assert(windows_current(&windows)->read_more);
	/* what was said after that is */
	came_by_sync_to("#a", "hello zo", now);
	came_by_sync_to("#b", "hello zo", now);
	ck_assert_str_eq(scrollback_unread(scrollback)->text, "hello zo");
	ck_assert_uint_eq(other->unread, 1);
}
END_TEST

START_TEST(what_was_said_while_one_was_away_is_unread)
{
	static const char *const order[] = { "#a" };
	const struct scrollback *scrollback;

	windows_order(&windows, order, 1);
	joined("#a", ME);
	scrollback = windows_current(&windows)->scrollback;
	came_by_sync_to("#a", "meanwhile", NOW - 1000);
	ck_assert_str_eq(scrollback_unread(scrollback)->text, "meanwhile");
}
END_TEST

START_TEST(what_was_said_before_one_came_is_below_the_unread_line)
{
	const struct scrollback *scrollback;

	joined("#a", ME);
	scrollback = windows_current(&windows)->scrollback;
	came_by_sync("meanwhile");
	came_by_sync("and more");
	say("#a", ANA, "now");
	ck_assert_str_eq(scrollback_unread(scrollback)->text, "meanwhile");
	windows.arrived = true;
	joined("#b", ME);
	windows_select(&windows, 2);
	windows_select(&windows, 1);
	came_by_sync("late");
	ck_assert_ptr_null(scrollback_unread(scrollback));
}
END_TEST

START_TEST(what_comes_while_one_looks_away_is_below_the_unread_line)
{
	const struct scrollback *scrollback;

	joined("#a", ME);
	scrollback = windows_current(&windows)->scrollback;
	say("#a", ANA, "read");
	windows_attend(&windows, false);
	say("#a", ANA, "unread");
	windows_attend(&windows, true);
	say("#a", ANA, "read again");
	ck_assert_str_eq(scrollback_unread(scrollback)->text, "unread");
	windows_attend(&windows, false);
	ck_assert_str_eq(scrollback_unread(scrollback)->text, "unread");
}
END_TEST

START_TEST(rooms_stand_as_in_the_run_before)
{
	static const char *const order[] = { "#c", "#gone", "#a" };

	joined("#a", ME);
	joined("#b", ME);
	windows_order(&windows, order, 3);
	windows_want(&windows, "#c");
	ck_assert_str_eq(current(), "#a");
	joined("#d", ME);
	joined("#c", ME);
	ck_assert_str_eq(current(), "#c");
	ck_assert_uint_eq(windows_number(&windows, windows_current(&windows)),
	    1);
	ck_assert_str_eq(windows.items[1]->name, "#a");
	ck_assert_str_eq(windows.items[2]->name, "#b");
	ck_assert_str_eq(windows.items[3]->name, "#d");
	windows_want(&windows, "#b");
	ck_assert_str_eq(current(), "#b");
}
END_TEST

START_TEST(a_talk_of_the_run_before_has_a_name_at_once)
{
	char room[1 + ID_TEXT] = "@";
	struct id bob = id_of(BOB);

	joined("#a", ME);
	id_format(&bob, room + 1);
	windows_talk(&windows, room, "bob");
	ck_assert_str_eq(windows.items[1]->name, "@bob");
	ck_assert(windows.items[1]->direct);
	ck_assert_str_eq(current(), "#a");
}
END_TEST

START_TEST(the_next_active_room_is_one_with_a_mention)
{
	open_three();
	say("#b", ANA, "hello");
	say("#c", ANA, "zoe?");
	ck_assert(windows_next_active(&windows));
	ck_assert_str_eq(current(), "#c");
	ck_assert(windows_next_active(&windows));
	ck_assert_str_eq(current(), "#b");
	ck_assert(!windows_next_active(&windows));
}
END_TEST

static size_t
count_rows(const char *room, enum scrollback_row_kind kind)
{
	struct scrollback_row rows[50];
	size_t count, found = 0, i;

	count = scrollback_rows(windows_find(&windows, room)->scrollback, 40,
	    50, rows);
	for (i = 0; i < count; i++)
		found += rows[i].kind == kind;
	return found;
}

START_TEST(the_unread_line_is_there_until_the_room_is_left)
{
	joined("#a", ME);
	joined("#b", ME);
	say("#a", ANA, "seen");
	ck_assert_uint_eq(count_rows("#a", ROW_UNREAD), 0);
	say("#b", ANA, "not seen");
	ck_assert_uint_eq(count_rows("#b", ROW_UNREAD), 1);
	windows_select(&windows, 2);
	ck_assert_uint_eq(count_rows("#b", ROW_UNREAD), 1);
	windows_select(&windows, 1);
	ck_assert_uint_eq(count_rows("#b", ROW_UNREAD), 0);
	windows_select(&windows, 2);
	say("#b", ANA, "seen at once");
	ck_assert_uint_eq(count_rows("#b", ROW_UNREAD), 0);
}
END_TEST

/* -- members ----------------------------------------------------------- */

START_TEST(members_stand_by_nick_and_come_and_go)
{
	joined("#a", ME);
	joined("#a", EVE);
	joined("#a", ANA);
	joined("#a", ANA);
	ck_assert_str_eq(members("#a"), "ana eve zoe");
	parted("#a", EVE);
	parted("#a", EVE);
	ck_assert_str_eq(members("#a"), "ana zoe");
	ck_assert_str_eq(lines("#a"), "eve joined|(ana joined; eve left)");
	joined("#elsewhere", BOB);
	parted("#elsewhere", BOB);
	ck_assert_uint_eq(windows.count, 1);
}
END_TEST

START_TEST(comings_are_one_line_until_something_else_is_said)
{
	windows_filter(&windows, false);
	joined("#a", ME);
	joined("#a", ANA);
	joined("#a", BOB);
	say("#a", ANA, "hi");
	joined("#a", EVE);
	ck_assert_str_eq(lines("#a"), "ana joined|bob joined|hi|eve joined");
	parted("#a", BOB);
	ck_assert_str_eq(lines("#a"),
	    "ana joined|bob joined|hi|eve joined; bob left");
	parted("#a", EVE);
	joined("#a", BOB);
	ck_assert_str_eq(lines("#a"),
	    "ana joined|bob joined|hi|eve came and went; "
	    "bob left and came back");
	now += 10 * 60 * 1000;
	parted("#a", BOB);
	ck_assert_str_eq(lines("#a"),
	    "ana joined|bob joined|hi|eve came and went; "
	    "bob left and came back|bob left");
}
END_TEST

START_TEST(comings_of_the_silent_are_hidden_until_the_filter_is_off)
{
	joined("#a", ME);
	joined("#b", ME);
	joined("#b", ANA);
	joined("#b", BOB);
	ck_assert_str_eq(lines("#b"), "ana joined|(bob joined)");
	windows_select(&windows, 1);
	windows.items[1]->activity = ACTIVITY_NONE;
	joined("#b", EVE);
	ck_assert_int_eq(windows.items[1]->activity, ACTIVITY_NONE);
	say("#b", BOB, "hello");
	parted("#b", BOB);
	parted("#b", EVE);
	ck_assert_str_eq(lines("#b"),
	    "ana joined|(bob, eve joined)|hello|bob left|(eve left)");
	windows_filter(&windows, false);
	ck_assert_str_eq(lines("#b"),
	    "ana joined|bob, eve joined|hello|bob left|eve left");
	windows_filter(&windows, true);
	/* the last one leaves me alone: that is told */
	parted("#b", ANA);
	ck_assert_str_eq(lines("#b"),
	    "ana joined|(bob, eve joined)|hello|bob, ana left|(eve left)");
}
END_TEST

START_TEST(who_spoke_long_ago_is_silent_now)
{
	joined("#a", ME);
	joined("#a", ANA);
	joined("#a", BOB);
	say("#a", BOB, "hello");
	now = NOW + 15 * 60 * 1000 + 1;
	parted("#a", BOB);
	ck_assert_str_eq(lines("#a"),
	    "ana joined|(bob joined)|hello|(bob left)");
}
END_TEST

START_TEST(who_was_told_to_be_gone_is_told_to_be_back)
{
	joined("#a", ME);
	joined("#a", ANA);
	joined("#a", BOB);
	joined("#a", EVE);
	peer(ANA, MEMBER_ALIVE, "linked");
	peer(BOB, MEMBER_ALIVE, "linked");
	peer(EVE, MEMBER_ALIVE, "linked");
	leader(BOB, 3, -1);
	peer(BOB, MEMBER_DEAD, "silent");
	peer(EVE, MEMBER_DEAD, "silent");
	leader(ANA, 4, -1);
	peer(BOB, MEMBER_ALIVE, "linked");
	peer(EVE, MEMBER_ALIVE, "linked");
	ck_assert_str_eq(lines("#a"),
	    "ana joined|(bob, eve joined)|bob leads now (term 3)|"
	    "bob is gone: no sign of life|(eve is gone: no sign of life)|"
	    "ana leads now (term 4)|bob is back|(eve is back)");
	/* that is said, and bob is as silent as the others now */
	peer(BOB, MEMBER_DEAD, "silent");
	peer(BOB, MEMBER_ALIVE, "linked");
	ck_assert_ptr_nonnull(strstr(lines("#a"),
	    "|bob is back|(eve is back; bob was gone and is back)"));
}
END_TEST

START_TEST(many_comings_fill_several_lines)
{
	char nick[16];
	int i;

	windows_filter(&windows, false);
	joined("#a", ME);
	joined("#a", ANA);
	for (i = 0; i < 500; i++) {
		struct dchat_event event = {
			.type = DCHAT_EVENT_JOINED,
			.membership = { .room = "#a",
			    .id = id_of(100 + i),
			    .nick = nick },
		};

		event.membership.id.bytes[14] = (uint8_t)(i >> 8);
		snprintf(nick, sizeof nick, "nick-%d", i);
		happen(&event);
	}
	ck_assert_uint_eq(
	    scrollback_count(windows_find(&windows, "#a")->scrollback),
	    1 + (500 + COMINGS_PEOPLE - 1) / COMINGS_PEOPLE);
}
END_TEST

START_TEST(who_was_there_before_me_did_not_join)
{
	joined("#a", ME);
	now = NOW;
	joined("#a", ANA);
	joined("#a", BOB);
	say("#a", ANA, "hi");
	joined("#a", EVE);
	ck_assert_str_eq(lines("#a"),
	    "you joined; here: ana, bob|hi|also here: eve");
}
END_TEST

START_TEST(who_led_before_leads_again)
{
	joined("#a", ME);
	leader(BOB, 3, -1);
	leader(0, 3, -1);
	leader(BOB, 11, -1);
	ck_assert_str_eq(lines("#a"),
	    "bob leads now (term 3)|bob leads again (term 11)");
}
END_TEST

START_TEST(who_leaves_the_network_leaves_every_room_once)
{
	joined("#a", ME);
	joined("#b", ME);
	joined("#a", EVE);
	joined("#b", EVE);
	peer(EVE, MEMBER_ALIVE, "");
	peer(EVE, MEMBER_LEFT, "bye");
	parted("#a", EVE);
	ck_assert_str_eq(members("#a"), "zoe");
	ck_assert_str_eq(members("#b"), "zoe");
	ck_assert_str_eq(lines("#a"), "eve came and went");
}
END_TEST

START_TEST(who_is_dead_stays_a_member_out_of_reach)
{
	const struct window *window;

	joined("#a", ME);
	joined("#a", EVE);
	window = windows_find(&windows, "#a");
	peer(EVE, MEMBER_ALIVE, "");
	ck_assert_uint_eq(windows_present(&windows, window), 2);
	peer(EVE, MEMBER_SUSPECT, "silent");
	ck_assert_uint_eq(windows_present(&windows, window), 2);
	peer(EVE, MEMBER_DEAD, "silent");
	ck_assert_uint_eq(windows_present(&windows, window), 1);
	ck_assert_str_eq(members("#a"), "eve zoe");
	say("#a", ME, "alone again");
	peer(EVE, MEMBER_ALIVE, "");
	ck_assert_str_eq(lines("#a"),
	    "eve came and went|alone again|eve is back");
	peer(EVE, MEMBER_DEAD, "refused");
	ck_assert_str_eq(lines("#a"),
	    "eve came and went|alone again|eve came and went");
}
END_TEST

START_TEST(the_last_to_speak_are_completed_first)
{
	const char *nicks[8];
	size_t here;

	joined("#a", ME);
	joined("#a", ANA);
	joined("#a", BOB);
	joined("#a", EVE);
	say("#a", EVE, "one");
	say("#a", BOB, "two");
	ck_assert_uint_eq(people_nicks(&windows, nicks, 8, &here),
	    3);
	ck_assert_str_eq(nicks[0], "bob");
	ck_assert_str_eq(nicks[1], "eve");
	ck_assert_str_eq(nicks[2], "ana");
	ck_assert_uint_eq(people_nicks(&windows, nicks, 1, &here),
	    1);
	ck_assert_uint_eq(windows_rooms(&windows, nicks, 8), 1);
	ck_assert_str_eq(nicks[0], "#a");
}
END_TEST

START_TEST(nothing_foreign_comes_through_as_it_is)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_JOINED,
		.membership = {
			.room = "#a\033[2J",
			.id = id_of(ME),
			.nick = "zoe",
			.self = true,
		},
	};
	struct dchat_event warning = {
		.type = DCHAT_EVENT_WARNING,
		.warning = { .code = "x", .text = "bad\a" },
	};

	happen(&event);
	ck_assert_str_eq(current(), "#a␛[2J");
	ck_assert_ptr_nonnull(windows_find(&windows, "#a\033[2J"));
	event.membership.id = id_of(ANA);
	event.membership.nick = "\u202eana\n";
	event.membership.self = false;
	happen(&event);
	ck_assert_str_eq(members("#a\033[2J"), "ana␊ zoe");
	event.membership.id = id_of(BOB);
	event.membership.nick = "\u200b";
	happen(&event);
	ck_assert_str_eq(windows_current(&windows)->members[0].nick, "aaaaaa");
	happen(&warning);
	ck_assert_str_eq(lines("#a\033[2J"), "you joined; here: ana␊, aaaaaa|bad␇");
}
END_TEST

/* -- messages and answers ---------------------------------------------- */

START_TEST(what_is_said_is_pending_then_delivered)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = {
			.room = "#a",
			.author = id_of(ME),
			.nick = "zoe",
			.text = "hello",
			.hlc = 4,
			.live = true,
			.token = 9,
		},
	};
	const struct window *window;

	joined("#a", ME);
	window = windows_current(&windows);
	windows_said(&windows, window, 9, KIND_TEXT, "hello", NOW);
	ck_assert(scrollback_line(window->scrollback, 0)->pending);
	ck_assert_str_eq(scrollback_line(window->scrollback, 0)->nick, "zoe");
	happen(&event);
	ck_assert_str_eq(lines("#a"), "hello");
	ck_assert(!scrollback_line(window->scrollback, 0)->pending);
	ck_assert(scrollback_line(window->scrollback, 0)->self);
}
END_TEST

static void
refuse(enum dchat_verb verb, uint64_t token, const char *text)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_ERROR,
		.error = {
			.verb = verb,
			.token = token,
			.code = ERROR_BUSY,
			.text = text,
		},
	};

	happen(&event);
}

START_TEST(what_is_refused_is_told_where_it_was_said)
{
	joined("#a", ME);
	joined("#b", ME);
	windows_said(&windows, windows_current(&windows), 9, KIND_TEXT, "hello",
	    NOW);
	windows_select(&windows, 2);
	refuse(DCHAT_SAY, 9, "Too much.");
	ck_assert_str_eq(lines("#a"), "not sent: hello (Too much.)");
	ck_assert_str_eq(lines("#b"), "");
}
END_TEST

START_TEST(errors_are_told_where_the_command_was_given)
{
	joined("#a", ME);
	joined("#b", ME);
	windows_asked(&windows, 3, DCHAT_CONNECT, NULL);
	windows_select(&windows, 2);
	refuse(DCHAT_CONNECT, 3, "No such host.");
	ck_assert_str_eq(lines("#a"), "No such host.");
	refuse(DCHAT_STATUS, 4, "Nobody asked.");
	ck_assert_str_eq(lines("#b"), "");
}
END_TEST

START_TEST(names_are_listed_for_who_asked)
{
	struct dchat_member list[] = {
		{ .id = id_of(ANA), .nick = "ana", .leader = true },
		{ .id = id_of(EVE), .nick = "eve", .state = MEMBER_SUSPECT },
		{ .id = id_of(ME), .nick = "zoe", .self = true },
	};
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = {
			.verb = DCHAT_MEMBERS,
			.token = 3,
			.members = list,
			.count = 3,
		},
	};

	joined("#a", ME);
	happen(&event);
	ck_assert_str_eq(lines("#a"), "");
	windows_asked(&windows, 3, DCHAT_MEMBERS, "#a");
	happen(&event);
	ck_assert_str_eq(lines("#a"),
	    "In #a: ana (leader), eve (silent), zoe (you)");
	happen(&event);
	ck_assert_uint_eq(scrollback_count(
			      windows_current(&windows)->scrollback),
	    1);
}
END_TEST

START_TEST(peers_are_listed_one_a_line)
{
	struct dchat_peer list[] = {
		{ .id = id_of(ANA),
		    .nick = "ana",
		    .rtt_ms = 0.42,
		    .address = "192.0.2.7:4000",
		    .linked = true,
		    .leader = true,
		    .silent_ms = -1 },
		{ .id = id_of(EVE),
		    .nick = "eve",
		    .state = MEMBER_SUSPECT,
		    .rtt_ms = -1,
		    .silent_ms = 2100 },
		/* no neighbour on the ring: it need not be heard */
		{ .id = id_of(BOB),
		    .nick = "bob",
		    .rtt_ms = 0.5,
		    .linked = true,
		    .silent_ms = 58 * 1000 },
		{ .id = id_of(ME),
		    .nick = "zoe",
		    .self = true,
		    .rtt_ms = -1,
		    .silent_ms = -1 },
	};
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = {
			.verb = DCHAT_PEERS,
			.token = 3,
			.peers = list,
			.count = 4,
		},
	};

	joined("#a", ME);
	windows_asked(&windows, 3, DCHAT_PEERS, NULL);
	happen(&event);
	ck_assert_str_eq(lines("#a"),
	    "ana  aaaaaa  alive, leader, 0.4 ms, 192.0.2.7:4000\n"
	    "eve  aaaaaa  silent for 2 s\n"
	    "bob  aaaaaa  alive, 0.5 ms, heard 58 s ago\n"
	    "zoe  aaaaaa  alive, you");
	ck_assert_uint_eq(group_alive(&windows.group), 3);
}
END_TEST

static void
tell_status(struct dchat_status *status, uint64_t token)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = { .verb = DCHAT_STATUS, .token = token },
	};

	status->self = id_of(ME);
	status->nick = "zoe";
	event.ok.status = status;
	happen(&event);
}

START_TEST(the_leader_is_told)
{
	struct dchat_status steady = {
		.leader = id_of(ANA),
		.leader_nick = "ana",
		.term = 3,
		.state = GROUP_STEADY,
		.ring_count = 5,
	};
	struct dchat_status alone = {
		.leader = id_of(ME),
		.leader_nick = "zoe",
		.provisional = true,
		.state = GROUP_ALONE,
	};
	struct dchat_status electing = {
		.state = GROUP_ELECTING,
		.phase = 2,
		.reach = 4,
	};

	joined("#a", ME);
	windows_asked(&windows, 1, DCHAT_STATUS, NULL);
	tell_status(&steady, 1);
	windows_asked(&windows, 2, DCHAT_STATUS, NULL);
	tell_status(&alone, 2);
	windows_asked(&windows, 3, DCHAT_STATUS, NULL);
	tell_status(&electing, 3);
	ck_assert_str_eq(lines("#a"),
	    "ana (aaaaaa) leads since term 3; the group is steady, 5 in "
	    "view.|"
	    "You lead provisionally: nobody has been elected yet; nobody "
	    "else is here.|"
	    "Nobody leads at the moment; an election runs (phase 2, reach "
	    "4).");
}
END_TEST

START_TEST(history_fills_in_without_being_unread)
{
	struct dchat_message list[] = {
		{ .room = "#b",
		    .author = id_of(ANA),
		    .nick = "ana",
		    .text = "zoe, one",
		    .hlc = 1 },
		{ .room = "#b",
		    .author = id_of(ANA),
		    .nick = "ana",
		    .text = "two",
		    .hlc = 2 },
	};
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = {
			.verb = DCHAT_HISTORY,
			.messages = list,
			.count = 2,
		},
	};

	joined("#a", ME);
	joined("#b", ME);
	hlc = 2;
	say("#b", ANA, "three");
	happen(&event);
	happen(&event);
	ck_assert_str_eq(lines("#b"), "zoe, one|two|three");
	ck_assert_uint_eq(windows_find(&windows, "#b")->unread, 1);
	ck_assert(!windows.call.pending);
}
END_TEST

START_TEST(topics_come_with_the_rooms)
{
	struct dchat_room list[] = {
		{ .name = "#a", .topic = "deploy\nat noon" },
		{ .name = "#other", .topic = "x" },
	};
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = { .verb = DCHAT_ROOMS, .rooms = list, .count = 2 },
	};

	joined("#a", ME);
	happen(&event);
	ck_assert_str_eq(windows_current(&windows)->topic, "deploy␊at noon");
}
END_TEST

START_TEST(forgotten_questions_do_not_pile_up)
{
	uint64_t token;

	joined("#a", ME);
	for (token = 1; token <= 1000; token++)
		windows_asked(&windows, token, DCHAT_ELECT, NULL);
	ck_assert_uint_le(windows.asked_count, WINDOWS_ASKED);
	answer(DCHAT_ELECT, 1);
	ck_assert_str_eq(lines("#a"), "");
	answer(DCHAT_ELECT, 1000);
	ck_assert_str_eq(lines("#a"), "An election has begun.");
}
END_TEST

/* -- topics and nicks -------------------------------------------------- */

static void
topic(const char *room, int by, const char *text)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_ROOM,
		.room = { .room = room,
		    .topic = text,
		    .by = by ? id_of(by) : (struct id){ .bytes = { 0 } },
		    .by_nick = by ? nick_of(by) : NULL,
		    .exists = true },
	};

	happen(&event);
}

START_TEST(who_sets_a_topic_is_told_once)
{
	joined("#a", ME);
	topic("#a", ANA, "deploy\nat noon");
	topic("#a", ANA, "deploy\nat noon");
	ck_assert_str_eq(windows_current(&windows)->topic, "deploy␊at noon");
	topic("#a", BOB, "");
	ck_assert_str_eq(windows_current(&windows)->topic, "");
	topic("#a", 0, "merged");
	topic("#elsewhere", BOB, "x");
	ck_assert_str_eq(lines("#a"),
	    "ana set the topic: deploy␊at noon|bob removed the topic|"
	    "The topic is: merged");
}
END_TEST

static void
rename_to(int who, const char *old, const char *nick, const char *reason)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_NICK,
		.nick = { .id = id_of(who),
		    .old = old,
		    .nick = nick,
		    .reason = reason,
		    .self = who == ME },
	};

	happen(&event);
}

START_TEST(a_new_nick_is_told_where_its_owner_is)
{
	joined("#a", ME);
	joined("#b", ME);
	joined("#a", BOB);
	leader(BOB, 3, -1);
	rename_to(BOB, "bob", "rob\a", "claimed");
	ck_assert_str_eq(members("#a"), "rob␇ zoe");
	ck_assert_str_eq(lines("#a"),
	    "bob joined|bob leads now (term 3)|bob is known as rob␇ now");
	ck_assert_str_eq(lines("#b"), "");
	ck_assert_str_eq(windows.group.leader_nick, "rob␇");
	rename_to(BOB, "rob", "rob~ab12", "taken");
	ck_assert_ptr_nonnull(strstr(lines("#a"),
	    "rob is known as rob~ab12 now; somebody else has that nick"));
}
END_TEST

START_TEST(who_loses_the_own_nick_is_told_and_mentioned_by_the_new_one)
{
	joined("#a", ME);
	rename_to(ME, "zoe", "zoe~ab12", "taken");
	ck_assert_str_eq(lines("#a"),
	    "Somebody else has the nick zoe: you are shown as zoe~ab12; "
	    "/nick asks for another one");
	ck_assert_str_eq(members("#a"), "zoe~ab12");
	ck_assert_str_eq(windows.group.nick, "zoe~ab12");
	rename_to(ME, "zoe~ab12", "zo", "claimed");
	ck_assert_ptr_nonnull(strstr(lines("#a"), "You are known as zo now"));
	/* granted what one has anyway: no news */
	rename_to(ME, "zo", "zo", "claimed");
	ck_assert_uint_eq(scrollback_count(
			      windows_current(&windows)->scrollback),
	    2);
	say("#a", ANA, "hello zo");
	ck_assert(windows.call.pending);
}
END_TEST

/* -- talks of two ------------------------------------------------------ */

static const char *
direct_room(int who)
{
	static char room[1 + ID_TEXT];
	struct id id = id_of(who);

	room[0] = '@';
	id_format(&id, room + 1);
	return room;
}

static void
tell_history(uint64_t token, const char *room, int first, int last)
{
	struct dchat_message list[64] = { 0 };
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = { .verb = DCHAT_HISTORY,
		    .token = token,
		    .messages = list },
	};
	static char texts[64][16];

	for (; first <= last; first++) {
		struct dchat_message *message = &list[event.ok.count];

		snprintf(texts[event.ok.count], 16, "%d", first);
		*message = (struct dchat_message){ .room = room,
			.author = id_of(ANA),
			.nick = "ana",
			.text = texts[event.ok.count],
			.hlc = (uint64_t)first,
			.time = NOW };
		snprintf(message->msg, sizeof message->msg, "m%d", first);
		event.ok.count++;
	}
	happen(&event);
}

START_TEST(the_first_message_of_a_talk_opens_it)
{
	const struct window *window;

	joined("#a", ME);
	say(direct_room(BOB), BOB, "psst");
	ck_assert_uint_eq(windows.count, 2);
	ck_assert_str_eq(current(), "#a");
	ck_assert(windows.call.pending);
	window = windows_find(&windows, direct_room(BOB));
	ck_assert_str_eq(window->name, "@bob");
	ck_assert(window->direct);
	ck_assert(window->unfetched);
	ck_assert_uint_eq(window->unread, 1);
	ck_assert_int_eq(window->activity, ACTIVITY_MENTION);
	ck_assert_str_eq(members(direct_room(BOB)), "bob zoe");
	say(direct_room(BOB), ME, "what?");
	ck_assert_str_eq(lines(direct_room(BOB)), "psst|what?");
	ck_assert_uint_eq(window->unread, 1);
}
END_TEST

START_TEST(a_talk_follows_the_nick_and_the_presence_of_the_other)
{
	struct id bob = id_of(BOB);
	struct window *window;

	joined("#a", ME);
	peer(BOB, MEMBER_ALIVE, "");
	window = windows_direct(&windows, &bob);
	ck_assert_ptr_eq(windows_direct(&windows, &bob), window);
	ck_assert_str_eq(window->name, "@bob");
	rename_to(BOB, "bob", "rob", "claimed");
	ck_assert_str_eq(window->name, "@rob");
	rename_to(BOB, "rob", "bob", "claimed");
	peer(BOB, MEMBER_DEAD, "silent");
	peer(BOB, MEMBER_ALIVE, "");
	ck_assert_str_eq(lines(direct_room(BOB)),
	    "bob is known as rob now|rob is known as bob now|"
	    "bob is gone; what you say waits for them|bob is here");
	ck_assert_str_eq(members(direct_room(BOB)), "bob zoe");
}
END_TEST

START_TEST(a_talk_with_somebody_without_a_name_is_shown_by_the_id)
{
	struct id bob = id_of(BOB);

	ck_assert_str_eq(windows_direct(&windows, &bob)->name, "@aaaaaa");
	say(direct_room(BOB), BOB, "it is me");
	ck_assert_str_eq(windows_direct(&windows, &bob)->name, "@bob");
}
END_TEST

START_TEST(a_closed_talk_opens_again)
{
	struct id bob = id_of(BOB);

	joined("#a", ME);
	windows_direct(&windows, &bob);
	windows_select(&windows, 2);
	windows_close(&windows, windows_direct(&windows, &bob));
	ck_assert_uint_eq(windows.count, 1);
	ck_assert_str_eq(current(), "#a");
	tell_history(9, direct_room(BOB), 1, 2);
	ck_assert_uint_eq(windows.count, 1);
	say(direct_room(BOB), BOB, "still there?");
	ck_assert_uint_eq(windows.count, 2);
}
END_TEST

static bool
finds(const char *name, int who, const char *problem_part)
{
	char problem[256] = "";
	struct id id, wanted = id_of(who);
	bool found = people_find(&windows, name, &id, problem);

	return problem_part ? !found && strstr(problem, problem_part) != NULL
			    : found && id_equal(&id, &wanted);
}

START_TEST(people_are_found_by_nick_and_by_id)
{
	struct id stranger = id_of(77);
	char text[ID_TEXT];

	joined("#a", ME);
	joined("#a", ANA);
	peer(BOB, MEMBER_ALIVE, "");
	ck_assert(finds("ana", ANA, NULL));
	ck_assert(finds("Bob", BOB, NULL));
	ck_assert(finds(id_format(&stranger, text), 77, NULL));
	ck_assert(finds("nobody", 0, "Nobody here has the nick nobody"));
	ck_assert(finds("\033", 0, "the nick ␛"));
	ck_assert(finds("zoe", 0, "That is you"));
	rename_to(BOB, "bob", "ANA", "claimed");
	ck_assert(finds("ana", ANA, NULL));
	ck_assert(finds("ANA", BOB, NULL));
	ck_assert(finds("Ana", 0, "Several people"));
	rename_to(BOB, "ANA", "ana", "claimed");
	ck_assert(finds("ana", 0, "Several people"));
}
END_TEST

START_TEST(everybody_is_offered_after_those_of_the_room)
{
	const char *nicks[8];
	size_t here;

	joined("#a", ME);
	joined("#a", EVE);
	peer(EVE, MEMBER_ALIVE, "");
	peer(ANA, MEMBER_ALIVE, "");
	ck_assert_uint_eq(people_nicks(&windows, nicks, 8, &here), 2);
	ck_assert_str_eq(nicks[0], "eve");
	ck_assert_str_eq(nicks[1], "ana");
	ck_assert_uint_eq(here, 2);
}
END_TEST

START_TEST(who_is_gone_is_offered_after_who_is_here)
{
	const char *nicks[8];
	size_t here;

	joined("#a", ME);
	joined("#a", EVE);
	joined("#a", BOB);
	peer(EVE, MEMBER_ALIVE, "");
	peer(BOB, MEMBER_ALIVE, "");
	peer(ANA, MEMBER_ALIVE, "");
	say("#a", EVE, "bye");
	peer(EVE, MEMBER_DEAD, "silent");
	ck_assert_uint_eq(people_nicks(&windows, nicks, 8, &here), 3);
	ck_assert_uint_eq(here, 2);
	ck_assert_str_eq(nicks[0], "bob");
	ck_assert_str_eq(nicks[1], "ana");
	ck_assert_str_eq(nicks[2], "eve");
}
END_TEST

/* -- the history ------------------------------------------------------- */

START_TEST(a_full_page_means_that_there_is_more)
{
	struct window *window;

	joined("#a", ME);
	window = windows_current(&windows);
	ck_assert(window->unfetched);
	windows_fetching(&windows, window, 5, 3, false);
	ck_assert(!window->unfetched);
	ck_assert_uint_eq(window->fetch_token, 5);
	tell_history(5, "#a", 7, 9);
	ck_assert_uint_eq(window->fetch_token, 0);
	ck_assert(scrollback_has_older(window->scrollback));
	ck_assert_str_eq(scrollback_oldest(window->scrollback), "m7");
	windows_fetching(&windows, window, 6, 3, true);
	tell_history(6, "#a", 5, 6);
	ck_assert(!scrollback_has_older(window->scrollback));
	windows_fetching(&windows, window, 7, 3, true);
	tell_history(7, "#a", 1, 0);
	ck_assert_str_eq(lines("#a"),
	    "5|6|7|8|9|2 older messages are above; PgUp shows them.|"
	    "There is nothing older.");
}
END_TEST

START_TEST(a_page_that_cannot_be_had_is_told_and_can_be_asked_for_again)
{
	struct id bob = id_of(BOB);
	struct window *window;
	struct dchat_event event = {
		.type = DCHAT_EVENT_ERROR,
		.error = { .verb = DCHAT_HISTORY,
		    .token = 5,
		    .code = ERROR_DISK,
		    .text = "The disk is gone." },
	};

	joined("#a", ME);
	window = windows_current(&windows);
	windows_fetching(&windows, window, 5, 3, false);
	happen(&event);
	ck_assert_uint_eq(window->fetch_token, 0);
	ck_assert_str_eq(lines("#a"), "The disk is gone.");
	ck_assert_str_eq(windows.group.alarm, "The disk is gone.");
	/* a talk that has not begun has no history, and that is no news */
	window = windows_direct(&windows, &bob);
	windows_fetching(&windows, window, 6, 3, false);
	event.error.token = 6;
	event.error.code = ERROR_NO_SUCH_ROOM;
	happen(&event);
	ck_assert_str_eq(lines(direct_room(BOB)), "");
}
END_TEST

START_TEST(what_an_earlier_run_left_unread_is_unread)
{
	static const char *const earlier[] = { "#b", "#c" };
	struct window *window;
	int order;

	windows_order(&windows, earlier, 2);
	joined("#a", ME);
	for (order = 0; order < 2; order++) {
		const char *room = order ? "#b" : "#c";

		joined(room, ME);
		window = windows_find(&windows, room);
		windows_fetching(&windows, window, 5, 9, false);
		if (order == 0)
			tell_room(room, 2);
		tell_history(5, room, 1, 4);
		if (order == 1)
			tell_room(room, 2);
		ck_assert_uint_eq(window->unread, 2);
		ck_assert_int_eq(window->activity, ACTIVITY_MESSAGE);
		ck_assert_uint_eq(count_rows(room, ROW_UNREAD), 1);
		tell_room(room, 7);
		ck_assert_uint_eq(window->unread, 2);
	}
	tell_room(direct_room(BOB), 0);
	ck_assert_ptr_null(windows_find(&windows, direct_room(BOB)));
	tell_room(direct_room(BOB), 1);
	ck_assert_uint_eq(windows_find(&windows, direct_room(BOB))->unread, 1);
}
END_TEST

START_TEST(the_unread_of_the_room_in_view_is_a_line_and_no_number)
{
	static const char *const earlier[] = { "#a" };

	windows_order(&windows, earlier, 1);
	joined("#a", ME);
	windows_fetching(&windows, windows_current(&windows), 5, 9, false);
	tell_room("#a", 2);
	tell_history(5, "#a", 1, 4);
	ck_assert_uint_eq(windows_current(&windows)->unread, 0);
	ck_assert_uint_eq(count_rows("#a", ROW_UNREAD), 1);
}
END_TEST

/* -- the disk ---------------------------------------------------------- */

START_TEST(a_full_disk_is_an_alarm_until_something_is_stored)
{
	struct dchat_event warning = {
		.type = DCHAT_EVENT_WARNING,
		.warning = { .code = "clock", .text = "your clock\a" },
	};
	struct dchat_event stored = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = { .room = "#a",
		    .author = id_of(ME),
		    .nick = "zoe",
		    .text = "hello",
		    .hlc = 4,
		    .live = true,
		    .token = 10 },
	};
	struct dchat_event full = {
		.type = DCHAT_EVENT_ERROR,
		.error = { .verb = DCHAT_SAY,
		    .token = 9,
		    .code = ERROR_DISK_FULL },
	};

	joined("#a", ME);
	windows_said(&windows, windows_current(&windows), 9, KIND_TEXT,
	    "hello", NOW);
	happen(&full);
	ck_assert_str_eq(windows.group.alarm,
	    error_sentence(ERROR_DISK_FULL));
	happen(&stored);
	ck_assert_str_eq(windows.group.alarm, "");
	happen(&warning);
	ck_assert_str_eq(windows.group.alarm, "your clock␇");
	stored.message.hlc++;
	happen(&stored);
	ck_assert_str_eq(windows.group.alarm, "your clock␇");
}
END_TEST

START_TEST(who_has_an_own_message_is_told_by_name)
{
	struct id have[] = { id_of(ME), id_of(ANA) };
	struct id missing[] = { id_of(EVE) };
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = { .verb = DCHAT_WHO_HAS,
		    .token = 1,
		    .have = have,
		    .have_count = 2,
		    .missing = missing,
		    .missing_count = 1 },
	};

	joined("#a", ME);
	peer(ANA, MEMBER_ALIVE, "");
	peer(EVE, MEMBER_ALIVE, "");
	peer(EVE, MEMBER_DEAD, "");
	windows_asked(&windows, 1, DCHAT_WHO_HAS, NULL);
	happen(&event);
	event.ok.missing_count = 0;
	event.ok.stable = true;
	windows_asked(&windows, 1, DCHAT_WHO_HAS, NULL);
	happen(&event);
	ck_assert_str_eq(lines("#a"),
	    "What you said last here is with zoe (you), ana; missing: eve "
	    "(gone).|What you said last here is with zoe (you), ana: "
	    "everybody who was here.");
}
END_TEST

START_TEST(delivery_is_noted_in_whatever_room_it_was_said)
{
	struct dchat_event message = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = { .msg = "x1",
		    .room = "#b",
		    .author = id_of(ME),
		    .nick = "zoe",
		    .text = "hello",
		    .hlc = 4,
		    .live = true,
		    .have = 1,
		    .of = 3 },
	};
	struct dchat_event delivered = {
		.type = DCHAT_EVENT_DELIVERED,
		.delivered = { .msg = "x1", .have = 3, .of = 3, .stable = true },
	};
	const struct line *line;

	joined("#a", ME);
	joined("#b", ME);
	happen(&message);
	line = scrollback_line(windows_find(&windows, "#b")->scrollback, 0);
	ck_assert_uint_eq(line->have, 1);
	happen(&delivered);
	ck_assert_uint_eq(line->have, 3);
	ck_assert(line->stable);
}
END_TEST

/* -- the group --------------------------------------------------------- */

START_TEST(a_new_leader_is_told_with_what_happened_before)
{
	joined("#a", ME);
	peer(EVE, MEMBER_ALIVE, "");
	leader(EVE, 3, -1);
	ck_assert_str_eq(windows.group.news, "eve is here");
	ck_assert(!windows.group.led_failure);
	peer(EVE, MEMBER_SUSPECT, "");
	ck_assert_str_eq(windows.group.news, "");
	peer(EVE, MEMBER_DEAD, "lost");
	leader(ANA, 4, 6);
	ck_assert_str_eq(windows.group.news, "eve is gone");
	ck_assert(windows.group.led_failure);
	ck_assert_int_eq(windows.group.led_took_ms, 6);
	ck_assert_str_eq(lines("#a"),
	    "eve leads now (term 3)|"
	    "ana leads now (elected in 6 ms, term 4)");
	leader(ANA, 4, -1);
	ck_assert_uint_eq(scrollback_count(
			      windows_current(&windows)->scrollback),
	    2);
}
END_TEST

START_TEST(an_election_runs_until_there_is_a_leader)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_ELECTION,
		.election = { .term = 5,
		    .phase = 2,
		    .reach = 4,
		    .role = "candidate" },
	};

	ck_assert_int_eq(group_condition(&windows.group), GROUP_ALONE);
	peer(ANA, MEMBER_ALIVE, "");
	happen(&event);
	ck_assert_int_eq(group_condition(&windows.group), GROUP_ELECTING);
	ck_assert_uint_eq(windows.group.reach, 4);
	leader(ME, 5, 2);
	ck_assert_int_eq(group_condition(&windows.group), GROUP_STEADY);
	ck_assert(windows.group.leader_self);
	event.election.role = "follower";
	happen(&event);
	ck_assert_int_eq(group_condition(&windows.group), GROUP_STEADY);
}
END_TEST

START_TEST(who_is_out_of_reach_is_named)
{
	const char *interfaces[] = { "eth0", "wlan0" };
	struct id lost[] = { id_of(EVE), id_of(BOB) };
	struct dchat_status status = {
		.state = GROUP_PARTITIONED,
		.leader = id_of(ME),
		.lost = lost,
		.lost_count = 2,
		.interfaces = interfaces,
		.interface_count = 2,
	};

	peer(EVE, MEMBER_ALIVE, "");
	tell_status(&status, 0);
	ck_assert_str_eq(windows.group.lost, "eve, aaaaaa");
	ck_assert_str_eq(windows.group.interfaces, "eth0, wlan0");
	ck_assert_int_eq(group_condition(&windows.group), GROUP_PARTITIONED);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("windows");
	TCase *tcase = tcase_create("windows");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, before_any_room_there_is_home);
	tcase_add_test(tcase, home_becomes_the_first_room_and_keeps_its_lines);
	tcase_add_test(tcase, answers_are_gone_once_their_room_was_left);
	tcase_add_test(tcase, leaving_the_last_room_is_coming_home);
	tcase_add_test(tcase, rooms_of_the_start_do_not_come_before_the_person);
	tcase_add_test(tcase, a_room_that_is_asked_for_comes_before_the_person);
	tcase_add_test(tcase,
	    windows_are_selected_by_number_and_round_and_round);
	tcase_add_test(tcase, numbers_close_up_when_a_room_is_left);
	tcase_add_test(tcase, a_room_that_was_left_is_not_the_last_any_more);
	tcase_add_test(tcase, leaving_the_room_in_view_goes_back_to_the_last);
	tcase_add_test(tcase, activity_rises_and_is_gone_when_looked_at);
	tcase_add_test(tcase, own_messages_are_neither_unread_nor_mentions);
	tcase_add_test(tcase, a_mention_rings);
	tcase_add_test(tcase, rooms_stand_as_in_the_run_before);
	tcase_add_test(tcase, a_talk_of_the_run_before_has_a_name_at_once);
	tcase_add_test(tcase, who_is_called_hears_by_whom_and_where);
	tcase_add_test(tcase, a_word_of_the_persons_own_is_a_mention);
	tcase_add_test(tcase, who_is_ignored_says_nothing_and_opens_nothing);
	tcase_add_test(tcase, a_quiet_room_does_not_call);
	tcase_add_test(tcase,
	    what_is_known_of_an_earlier_run_holds_for_rooms_open_and_to_come);
	tcase_add_test(tcase, what_is_handed_over_to_who_is_new_is_not_unread);
	tcase_add_test(tcase, what_was_said_while_one_was_away_is_unread);
	tcase_add_test(tcase,
	    what_was_said_before_one_came_is_below_the_unread_line);
	tcase_add_test(tcase,
	    what_comes_while_one_looks_away_is_below_the_unread_line);
	tcase_add_test(tcase, the_next_active_room_is_one_with_a_mention);
	tcase_add_test(tcase, the_unread_line_is_there_until_the_room_is_left);
	tcase_add_test(tcase, members_stand_by_nick_and_come_and_go);
	tcase_add_test(tcase,
	    comings_are_one_line_until_something_else_is_said);
	tcase_add_test(tcase, who_was_there_before_me_did_not_join);
	tcase_add_test(tcase,
	    comings_of_the_silent_are_hidden_until_the_filter_is_off);
	tcase_add_test(tcase, who_was_told_to_be_gone_is_told_to_be_back);
	tcase_add_test(tcase, who_spoke_long_ago_is_silent_now);
	tcase_add_test(tcase, many_comings_fill_several_lines);
	tcase_add_test(tcase, who_led_before_leads_again);
	tcase_add_test(tcase, who_leaves_the_network_leaves_every_room_once);
	tcase_add_test(tcase, who_is_dead_stays_a_member_out_of_reach);
	tcase_add_test(tcase, the_last_to_speak_are_completed_first);
	tcase_add_test(tcase, nothing_foreign_comes_through_as_it_is);
	tcase_add_test(tcase, what_is_said_is_pending_then_delivered);
	tcase_add_test(tcase, what_is_refused_is_told_where_it_was_said);
	tcase_add_test(tcase, errors_are_told_where_the_command_was_given);
	tcase_add_test(tcase, names_are_listed_for_who_asked);
	tcase_add_test(tcase, peers_are_listed_one_a_line);
	tcase_add_test(tcase, the_leader_is_told);
	tcase_add_test(tcase, history_fills_in_without_being_unread);
	tcase_add_test(tcase, topics_come_with_the_rooms);
	tcase_add_test(tcase, forgotten_questions_do_not_pile_up);
	tcase_add_test(tcase, who_sets_a_topic_is_told_once);
	tcase_add_test(tcase, a_new_nick_is_told_where_its_owner_is);
	tcase_add_test(tcase,
	    who_loses_the_own_nick_is_told_and_mentioned_by_the_new_one);
	tcase_add_test(tcase, the_first_message_of_a_talk_opens_it);
	tcase_add_test(tcase,
	    a_talk_follows_the_nick_and_the_presence_of_the_other);
	tcase_add_test(tcase,
	    a_talk_with_somebody_without_a_name_is_shown_by_the_id);
	tcase_add_test(tcase, a_closed_talk_opens_again);
	tcase_add_test(tcase, people_are_found_by_nick_and_by_id);
	tcase_add_test(tcase, everybody_is_offered_after_those_of_the_room);
	tcase_add_test(tcase, who_is_gone_is_offered_after_who_is_here);
	tcase_add_test(tcase, a_full_page_means_that_there_is_more);
	tcase_add_test(tcase,
	    a_page_that_cannot_be_had_is_told_and_can_be_asked_for_again);
	tcase_add_test(tcase, what_an_earlier_run_left_unread_is_unread);
	tcase_add_test(tcase,
	    the_unread_of_the_room_in_view_is_a_line_and_no_number);
	tcase_add_test(tcase,
	    a_full_disk_is_an_alarm_until_something_is_stored);
	tcase_add_test(tcase, who_has_an_own_message_is_told_by_name);
	tcase_add_test(tcase, delivery_is_noted_in_whatever_room_it_was_said);
	tcase_add_test(tcase, a_new_leader_is_told_with_what_happened_before);
	tcase_add_test(tcase, an_election_runs_until_there_is_a_leader);
	tcase_add_test(tcase, who_is_out_of_reach_is_named);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
