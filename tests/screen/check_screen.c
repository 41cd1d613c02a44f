/*
 * screen: what a person sees, as golden texts.
 */
#include <check.h>
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "base/rng.h"
#include "tests/screen/stage.h"
#include "tui/view.h"

/* -- scenes ------------------------------------------------------------------ */

static void
play_alone(void)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
}

static void
play_group(void)
{
	play_alone();
	fake_peer(stage.dchat, ANA, MEMBER_ALIVE, "joined");
	fake_peer(stage.dchat, BOB, MEMBER_ALIVE, "joined");
	fake_peer(stage.dchat, EVE, MEMBER_ALIVE, "joined");
	fake_join(stage.dchat, "#lobby", ANA);
	fake_join(stage.dchat, "#lobby", BOB);
	fake_join(stage.dchat, "#lobby", EVE);
	fake_leader(stage.dchat, EVE, 3, 4);
	stage.now += 5 * MINUTE;
}

static void
play_busy(void)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	fake_join(stage.dchat, "#ops", ANA);
	fake_join(stage.dchat, "#ops", BOB);
	fake_join(stage.dchat, "#harbour-watch", ZOE);
	fake_say(stage.dchat, "#lobby", BOB, "good morning, everybody", NOON);
	fake_say(stage.dchat, "#lobby", ANA, "shall we start?",
	    NOON + MINUTE);
	fake_say(stage.dchat, "#lobby", EVE,
	    "yes; the notes of yesterday are at "
	    "https://wiki.example.org/harbour/2026/deploy-notes and I would "
	    "like everybody to have read them before we touch anything",
	    NOON + 2 * MINUTE);
	fake_act(stage.dchat, "#lobby", BOB, "waves", NOON + 2 * MINUTE);
	keys("then I begin\r");
	fake_say(stage.dchat, "#lobby", ANA, "zoe: the floor is yours",
	    NOON + 4 * MINUTE);
	fake_say(stage.dchat, "#ops", ANA, "build is green",
	    NOON + 4 * MINUTE);
	fake_say(stage.dchat, "#ops", BOB, "zoe, can you look at the pump?",
	    NOON + 4 * MINUTE);
	fake_say(stage.dchat, "#harbour-watch", ANA, "all quiet",
	    NOON + 4 * MINUTE);
	fake_hold(stage.dchat);
	keys("on its way\r");
	fake_say(stage.dchat, "#ops", BOB, "please", NOON + 5 * MINUTE);
	keys("half a sen");
}

START_TEST(the_first_screen_says_the_keys_and_where_it_looks)
{
	play_alone();
	looks_like("alone");
}
END_TEST

static const struct {
	const char *name;
	int rows, columns;
} sizes[] = {
	{ "busy-160x50", 50, 160 },
	{ "busy-120x40", 40, 120 },
	{ "busy-80x24", 24, 80 },
	{ "busy-60x16", 16, 60 },
	{ "busy-40x10", 10, 40 },
	{ "busy-20x5", 5, 20 },
	{ "busy-19x5", 5, 19 },
};

START_TEST(a_busy_room_at_all_sizes)
{
	resize(sizes[_i].rows, sizes[_i].columns);
	play_busy();
	looks_like(sizes[_i].name);
}
END_TEST

START_TEST(a_resize_at_any_moment_arranges_all_anew)
{
	play_busy();
	for (int rows = 1; rows < 60; rows += 3)
		for (int columns = 1; columns < 200; columns += 7) {
			resize(rows, columns);
			app_paint(stage.app);
		}
	resize(24, 80);
	looks_like("busy-80x24");
}
END_TEST

START_TEST(an_election_shows_its_phase_and_reach)
{
	play_group();
	fake_leader(stage.dchat, NOBODY, 3, -1);
	fake_electing(stage.dchat, 4, 2, 4, "candidate");
	looks_like("electing");
}
END_TEST

START_TEST(after_a_failure_it_says_what_happened)
{
	play_group();
	fake_peer(stage.dchat, EVE, MEMBER_SUSPECT, "silent");
	stage.now += 2400;
	looks_like("suspect");
	fake_peer(stage.dchat, EVE, MEMBER_DEAD, "refused");
	fake_leader(stage.dchat, NOBODY, 3, -1);
	fake_electing(stage.dchat, 4, 0, 1, "candidate");
	fake_leader(stage.dchat, ANA, 4, 6);
	looks_like("elected");
	stage.now += 9900;
	looks_like("elected");
	ck_assert_int_eq(app_deadline(stage.app), stage.now + 100);
	stage.now += 100;
	looks_like("elected-later");
}
END_TEST

START_TEST(a_cut_has_a_banner_and_its_end_a_rule)
{
	play_group();
	fake_say(stage.dchat, "#lobby", EVE, "back in a minute", NOON);
	fake_peer(stage.dchat, BOB, MEMBER_DEAD, "silent");
	fake_peer(stage.dchat, EVE, MEMBER_DEAD, "silent");
	fake_lost(stage.dchat, BOB);
	fake_lost(stage.dchat, EVE);
	fake_leader(stage.dchat, ANA, 4, 6);
	stage.now += MINUTE;
	looks_like("cut");
	keys("/partition\r");
	looks_like("cut-told");
	/* Later it is old news: the status bar says it on. */
	stage.now += 10 * MINUTE;
	looks_like("cut-later");
	fake_peer(stage.dchat, EVE, MEMBER_ALIVE, "refuted");
	fake_say(stage.dchat, "#lobby", EVE, "where are you all?",
	    NOON + MINUTE);
	fake_healed(stage.dchat, EVE, "#lobby", 12);
	looks_like("cut-healed");
}
END_TEST

START_TEST(what_waits_has_a_line_and_a_reason)
{
	play_group();
	fake_say(stage.dchat, "#lobby", BOB, "who has the key?", NOON);
	fake_held(stage.dchat, "#lobby", BOB, 2, EVE);
	stage.now += 100;
	looks_like("held-not-yet");
	stage.now += 1200;
	looks_like("held");
	keys("/why\r");
	looks_like("held-why");
	fake_say(stage.dchat, "#lobby", EVE, "I have", NOON + MINUTE);
	fake_held(stage.dchat, "#lobby", BOB, 0, EVE);
	looks_like("held-over");
}
END_TEST

START_TEST(help_comes_from_the_tables_and_goes_again)
{
	play_group();
	keys("\033OP");
	looks_like("help");
	keys("\033[6~");
	looks_like("help-2");
	resize(10, 40);
	looks_like("help-40x10");
	resize(24, 80);
	keys("x");
	looks_like("help-gone");
}
END_TEST

static void
play_wide(void)
{
	play_group();
	fake_peer(stage.dchat, MEI, MEMBER_ALIVE, "joined");
	fake_peer(stage.dchat, MALLORY, MEMBER_ALIVE, "joined");
	fake_join(stage.dchat, "#lobby", MEI);
	fake_join(stage.dchat, "#lobby", MALLORY);
	fake_say(stage.dchat, "#lobby", MEI, "你好，世界！今天的会议几点开始？"
	    "我们可以用这个房间讨论部署计划。", NOON);
	fake_say(stage.dchat, "#lobby", BOB,
	    "family \U0001F468\u200D\U0001F469\u200D\U0001F467 thumb "
	    "\U0001F44D\U0001F3FD flag \U0001F1E9\U0001F1EA heart "
	    "\u2764\uFE0F end", NOON);
	fake_say(stage.dchat, "#lobby", ANA, "cafe\u0301 Za\u0323\u0308\u0301"
	    "\u0300\u0316\u0317\u0318lgo \u0301alone 한국어 "
	    "\u1112\u1161\u11ab", NOON);
	fake_say(stage.dchat, "#lobby", MALLORY,
	    "\033[2J\033]0;owned\007 red \033[31m bell \a cr \r c1 \xc2\x9b" "31m "
	    "bidi \u202egnp.exe nul-free \x7f end", NOON);
	keys("世界 e\xcc\x81 \xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9");
}

START_TEST(wide_and_hostile_text_keeps_its_cells)
{
	play_wide();
	looks_like("wide");
}
END_TEST

START_TEST(rooms_are_changed_by_key_and_keep_their_drafts)
{
	play_busy();
	keys("\0332");
	looks_like("room-2");
	keys("other draft");
	keys("\0331");
	looks_like("busy-80x24-read");
	keys("\x0e");
	looks_like("room-2-draft");
}
END_TEST

START_TEST(who_is_away_is_seen_to_be)
{
	play_group();
	fake_away(stage.dchat, ANA, "lunch, until\033[2J one");
	fake_away(stage.dchat, EVE, "");
	enter("/who\r/names\r/msg ana are you there?\r");
	enter("/away a walk\r");
	looks_like("away");
	fake_away(stage.dchat, ANA, NULL);
	enter("/back\r");
	ck_assert_uint_eq(seen_times("You are back."), 1);
	ck_assert_uint_eq(seen_times("you are away"), 0);
	ck_assert_uint_eq(seen_times("ana away"), 0);
	ck_assert_uint_eq(seen_times("eve away"), 1);
	/* gone altogether is more than that */
	fake_peer(stage.dchat, EVE, MEMBER_DEAD, "silent");
	ck_assert_uint_eq(seen_times("eve away"), 0);
}
END_TEST

START_TEST(a_long_nick_makes_room_for_what_is_told_of_it)
{
	play_group();
	fake_rename(stage.dchat, ZOE, "zoe-of-the-harbour", "claimed");
	fake_rename(stage.dchat, BOB, "bob-of-the-watch", "claimed");
	fake_peer(stage.dchat, BOB, MEMBER_SUSPECT, "silent");
	stage.now += 4 * 1000;
	looks_like("long-nicks");
}
END_TEST

START_TEST(rooms_that_find_no_place_are_counted)
{
	char room[16];

	play_alone();
	for (int i = 2; i <= 19; i++) {
		snprintf(room, sizeof room, "#room-%d", i);
		fake_join(stage.dchat, room, ZOE);
	}
	ck_assert_uint_eq(seen_times(" rooms ─"), 1);
	for (int i = 20; i <= 30; i++) {
		snprintf(room, sizeof room, "#room-%d", i);
		fake_join(stage.dchat, room, ZOE);
	}
	looks_like("rooms-30");
}
END_TEST

START_TEST(scrolling_up_stays_and_tells_what_is_new)
{
	char text[64];

	play_group();
	for (int i = 1; i <= 60; i++) {
		snprintf(text, sizeof text, "line %d", i);
		fake_say(stage.dchat, "#lobby", i % 2 ? ANA : BOB, text,
		    NOON);
	}
	app_paint(stage.app);
	keys("\033[5~\033[5~");
	fake_say(stage.dchat, "#lobby", EVE, "below", NOON);
	looks_like("scrolled");
	keys("\033[6~\033[6~\033[6~");
	looks_like("scrolled-back");
}
END_TEST

START_TEST(who_reads_back_sees_what_a_command_answers)
{
	char text[64];

	play_group();
	for (int i = 1; i <= 60; i++) {
		snprintf(text, sizeof text, "line %d", i);
		fake_say(stage.dchat, "#lobby", ANA, text, NOON);
	}
	app_paint(stage.app);
	enter("\033[5~\033[5~");
	ck_assert_uint_eq(seen_times("line 60"), 0);
	enter("/leader\r");
	ck_assert_uint_eq(seen_times("leads since term 3"), 1);
	enter("\033[5~/partition\r");
	ck_assert_uint_eq(seen_times("Nobody is out of reach"), 1);
	enter("\033[5~/foo\r");
	ck_assert_uint_eq(seen_times("There is no command /foo"), 1);
}
END_TEST

START_TEST(a_long_line_wraps_in_the_input)
{
	play_group();
	keys("a line that is too long for one row of the input, so that it "
	     "goes on in the next one\033\rand a second line of it");
	looks_like("long-input");
}
END_TEST

START_TEST(answers_of_commands_are_lines_of_the_room)
{
	play_group();
	keys("/who\r/leader\r/names\r/help join\r/foo\r/connect\r");
	fake_warning(stage.dchat, "your clock is 3 s ahead");
	looks_like("answers");
}
END_TEST

START_TEST(ascii_borders_where_the_locale_is_not_utf8)
{
	play_busy();
	looks_like("ascii");
}
END_TEST

/* -- what stays said --------------------------------------------------- */

static void
play_states(void)
{
	play_group();
	enter("all of you have this\r");
	fake_delivered(stage.dchat, 4, 4);
	enter("half of you\r");
	fake_delivered(stage.dchat, 2, 4);
	enter("/me waits\r");
	fake_say(stage.dchat, "#lobby", BOB, "me too", NOON);
	fake_say_after_gap(stage.dchat, "#lobby", ANA, "and so on", NOON);
	fake_hold(stage.dchat);
	enter("on its way\r");
}

START_TEST(an_own_message_shows_how_far_it_has_come)
{
	play_states();
	fake_whisper(stage.dchat, BOB, "psst", NOON);
	looks_like("states");
	enter("/who-has\r");
	fake_peer(stage.dchat, BOB, MEMBER_DEAD, "silent");
	looks_like("who-has");
}
END_TEST

START_TEST(an_own_message_shows_how_far_it_has_come_in_ascii)
{
	play_states();
	looks_like("states-ascii");
}
END_TEST

START_TEST(messages_that_refer_to_messages)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "shall we start?", NOON);
	fake_refer(stage.dchat, "#lobby", BOB, KIND_REPLY, 1,
	    "yes, as soon as eve is back", NOON);
	fake_refer(stage.dchat, "#lobby", EVE, KIND_REACTION, 2,
	    "\xf0\x9f\x91\x8d", NOON);
	enter("i am here\r");
	fake_refer(stage.dchat, "#lobby", ANA, KIND_REPLY, 1, "good", NOON);
	enter("/edit I am here, too\r");
	enter("oops\r");
	enter("/delete\r");
	looks_like("refer");
	keys("\033s\033[A");
	looks_like("refer-walk");
	keys("\r");
	looks_like("refer-answered");
	keys("rof course\r");
	looks_like("refer-reply");
	enter("/react wow\r");
	resize(10, 40);
	looks_like("refer-40x10");
}
END_TEST

START_TEST(topics_and_nicks_are_told_and_shown)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	play_group();
	enter("/topic deploy at noon, everybody who can\r");
	ck_assert_int_eq(heard->verb, DCHAT_TOPIC);
	ck_assert_str_eq(heard->room, "#lobby");
	ck_assert_str_eq(heard->text, "deploy at noon, everybody who can");
	fake_set_topic(stage.dchat, "#lobby", ZOE, heard->text);
	enter("/nick zo\r");
	ck_assert_int_eq(heard->verb, DCHAT_NICK);
	ck_assert_str_eq(heard->nick, "zo");
	fake_rename(stage.dchat, ZOE, "zo", "claimed");
	fake_rename(stage.dchat, EVE, "eve~ab12", "taken");
	fake_rename(stage.dchat, ZOE, "zo~qd77", "taken");
	enter("/topic\r");
	looks_like("metadata");
	enter("/topic -\r");
	ck_assert_str_eq(heard->text, "");
}
END_TEST

START_TEST(without_a_leader_one_is_told_that_it_waits)
{
	play_group();
	fake_leader(stage.dchat, NOBODY, 3, -1);
	keys("/nick zo\r");
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_NICK);
	fake_refuse(stage.dchat, ERROR_NICK_TAKEN);
	fake_leader(stage.dchat, ANA, 4, 5);
	looks_like("nick-taken");
}
END_TEST

START_TEST(a_talk_of_two_is_a_room_of_its_own)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);
	struct id bob = fake_id(BOB);
	char text[ID_TEXT];

	play_group();
	enter("/msg bob are you there?\r");
	ck_assert_int_eq(heard->verb, DCHAT_DM);
	ck_assert_str_eq(heard->to, id_format(&bob, text));
	ck_assert_str_eq(heard->text, "are you there?");
	fake_whisper(stage.dchat, BOB, "yes", NOON);
	fake_whisper(stage.dchat, EVE, "may I ask something?", NOON);
	looks_like("direct-outside");
	keys("\0332");
	enter("good\r");
	fake_peer(stage.dchat, BOB, MEMBER_LEFT, "");
	enter("still there?\r");
	ck_assert_int_eq(heard->verb, DCHAT_DM);
	ck_assert_str_eq(heard->to, id_format(&bob, text));
	looks_like("direct");
	enter("/part\r");
	enter("/query @an\t\r");
	looks_like("direct-new");
	enter("/msg mallory hi\r/topic x\r/names\r/query zoe\r");
	looks_like("direct-errors");
}
END_TEST

START_TEST(older_lines_come_while_one_scrolls_up)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	fake_past(stage.dchat, "#lobby", 500, NOON - 24 * 60 * MINUTE);
	play_group();
	ck_assert_uint_eq(heard->histories, 1);
	looks_like("restarted");
	fake_slow_disk(stage.dchat, true);
	for (int i = 0; i < 30; i++)
		keys("\033[5~");
	ck_assert_uint_eq(heard->histories, 2);
	ck_assert_str_eq(heard->before, "p301");
	looks_like("fetching");
	fake_slow_disk(stage.dchat, false);
	looks_like("fetched");
	for (int i = 0; i < 60; i++) {
		enter("\033[5~");
	}
	ck_assert_uint_eq(heard->histories, 3);
	looks_like("oldest");
	keys("\033[1;5F");
	looks_like("restarted");
}
END_TEST

START_TEST(a_long_way_up_and_back_to_the_newest_line)
{
	fake_past(stage.dchat, "#lobby", 9000, NOON - 24 * 60 * MINUTE);
	play_group();
	for (int i = 0; i < 1000; i++) {
		enter("\033[5~");
	}
	ck_assert_uint_eq(seen_times(" 1 of yesterday"), 1);
	fake_say(stage.dchat, "#lobby", BOB, "the newest", NOON);
	ck_assert_uint_eq(seen_times("1 new"), 1);
	for (int i = 0; i < 1000; i++)
		keys("\033[6~");
	ck_assert_uint_eq(seen_times("Ctrl+End goes to the newest"), 1);
	ck_assert_uint_eq(seen_times("the newest"), 1);
	enter("\033[1;5F");
	ck_assert_uint_eq(seen_times("the newest"), 1);
	ck_assert_uint_eq(seen_times("9000 of yesterday"), 1);
	ck_assert_uint_eq(seen_times("new"), 1);
	enter("and mine\r");
	ck_assert_uint_eq(seen_times("and mine"), 1);
}
END_TEST

START_TEST(history_and_clear)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	fake_past(stage.dchat, "#lobby", 300, NOON - 24 * 60 * MINUTE);
	play_group();
	enter("/history 30\r");
	ck_assert_uint_eq(heard->limit, 30);
	ck_assert_str_eq(heard->before, "p101");
	fake_say(stage.dchat, "#lobby", BOB, "good morning", NOON);
	ck_assert_uint_eq(seen_times("30 older messages are above"), 1);
	enter("/clear\r");
	fake_say(stage.dchat, "#lobby", BOB, "a new page", NOON);
	looks_like("cleared");
	enter("\033[5~");
	looks_like("uncleared");
}
END_TEST

START_TEST(what_was_unread_is_unread_after_a_restart)
{
	fake_was_in("#lobby\n#ops\n");
	fake_past(stage.dchat, "#ops", 20, NOON - 24 * 60 * MINUTE);
	fake_room(stage.dchat, "#lobby", "", 0);
	fake_room(stage.dchat, "#ops", "deploy at noon", 3);
	play_alone();
	fake_join(stage.dchat, "#ops", ZOE);
	looks_like("unread-outside");
	ck_assert_uint_eq(fake_heard(stage.dchat)->histories, 1);
	enter("\0332");
	ck_assert_uint_eq(fake_heard(stage.dchat)->histories, 2);
	looks_like("unread-before");
	enter("/list\r");
	ck_assert_uint_eq(seen_times("#ops  3 members, you too"), 1);
}
END_TEST

START_TEST(what_was_unread_may_be_more_than_a_page)
{
	fake_was_in("#lobby\n#ops\n");
	fake_past(stage.dchat, "#ops", 450, NOON - 24 * 60 * MINUTE);
	fake_room(stage.dchat, "#lobby", "", 0);
	fake_room(stage.dchat, "#ops", "", 300);
	play_alone();
	fake_join(stage.dchat, "#ops", ZOE);
	enter("\0332");
	ck_assert_uint_eq(fake_heard(stage.dchat)->histories, 3);
	enter("\033u");
	looks_like("unread-far");
}
END_TEST

START_TEST(the_node_is_told_what_was_read)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	fake_say(stage.dchat, "#ops", BOB, "not looked at", NOON);
	ck_assert_uint_eq(heard->reads, 0);
	fake_say(stage.dchat, "#lobby", BOB, "looked at", NOON);
	ck_assert_uint_eq(heard->reads, 1);
	ck_assert_str_eq(heard->read, "#lobby");
	fake_say(stage.dchat, "#lobby", BOB, "and this", NOON);
	ck_assert_uint_eq(heard->reads, 1);
	enter("\0332");
	ck_assert_uint_eq(heard->reads, 2);
	fake_say(stage.dchat, "#ops", BOB, "now", NOON);
	ck_assert_uint_eq(heard->reads, 2);
	keys("/quit\r");
	ck_assert_uint_eq(heard->reads, 3);
	ck_assert_str_eq(heard->read, "#ops");
}
END_TEST

START_TEST(a_full_disk_is_told_and_nothing_is_lost)
{
	play_group();
	fake_refuse(stage.dchat, ERROR_DISK_FULL);
	enter("this is important\r");
	fake_say(stage.dchat, "#lobby", BOB, "hm?", NOON);
	looks_like("disk-full");
	fake_refuse(stage.dchat, ERROR_NONE);
	enter("\033[A\r");
	fake_say(stage.dchat, "#lobby", BOB, "ah", NOON);
	looks_like("disk-again");
}
END_TEST

START_TEST(a_warning_soon_makes_room_for_who_leads)
{
	play_group();
	fake_warning(stage.dchat,
	    "192.0.2.7:7711 refuses the connection: no dchat listens on that "
	    "port, or a firewall is in the way.");
	ck_assert_uint_eq(seen_times("eve leads ·"), 0);
	ck_assert_int_eq(app_deadline(stage.app),
	    stage.now + VIEW_NEWS_MS);
	stage.now += VIEW_NEWS_MS;
	looks_like("warned-later");
}
END_TEST

START_TEST(what_is_too_long_stays_in_the_input)
{
	char text[5000 + 1] = "";

	play_group();
	memset(text, 'x', 5000);
	keys(text);
	keys("\r");
	ck_assert_uint_eq(seen_times("! This is 5000 bytes; a message"), 1);
	ck_assert_uint_eq(fake_heard(stage.dchat)->count, 0);
	for (int i = 0; i < 4900; i++)
		keys("\x7f");
	enter("\r");
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_SAY);
	ck_assert_uint_eq(strlen(fake_heard(stage.dchat)->text), 100);
}
END_TEST

START_TEST(one_is_led_to_unread_lines_and_mentions)
{
	char text[64];

	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	enter("\0332");
	for (int i = 1; i <= 90; i++) {
		snprintf(text, sizeof text, "%sline %d",
		    i % 40 == 0 ? "Zoe: " : "", i);
		fake_say(stage.dchat, "#lobby", i % 2 ? ANA : BOB, text,
		    NOON);
	}
	enter("\0331\033u");
	looks_like("unread-shown");
	enter("\033p");
	ck_assert_uint_eq(seen_times("Zoe: line 80"), 0);
	ck_assert_uint_eq(seen_times("no mention of you above"), 1);
	enter("\033n");
	ck_assert_uint_eq(seen_times("Zoe: line 40"), 1);
	enter("\033n");
	looks_like("mention");
	enter("\033n");
	ck_assert_uint_eq(seen_times("no mention of you below"), 1);
	enter("\033[1;5F");
	ck_assert_uint_eq(seen_times("line 90"), 1);
	enter("\033p\033p");
	ck_assert_uint_eq(seen_times("Zoe: line 40"), 1);
	enter("\0332\033u");
	ck_assert_uint_eq(seen_times("nothing is unread here"), 1);
}
END_TEST

START_TEST(a_mention_far_up_is_fetched)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	fake_past(stage.dchat, "#lobby", 300, NOON - 24 * 60 * MINUTE);
	play_group();
	enter("\033p");
	ck_assert_str_eq(heard->before, "p101");
	ck_assert_uint_eq(seen_times("looking further back"), 1);
	enter("\033p");
	ck_assert_uint_eq(seen_times("no mention of you above"), 1);
}
END_TEST

START_TEST(panes_and_columns_go_and_come_by_key)
{
	play_busy();
	keys("\033m\033t");
	looks_like("no-members");
	keys("\033t");
	looks_like("no-times");
	keys("\033m\033t");
	/* what the key does now is told for a while */
	stage.now += 3000;
	looks_like("busy-80x24");
	resize(16, 60);
	keys("\033m\033m");
	ck_assert_uint_eq(seen_times("too narrow for the members"), 1);
}
END_TEST

START_TEST(who_comes_and_goes_without_a_word_is_hidden_by_key)
{
	play_group();
	fake_say(stage.dchat, "#lobby", BOB, "I am here", NOON);
	fake_part(stage.dchat, "#lobby", ANA);
	fake_part(stage.dchat, "#lobby", BOB);
	fake_join(stage.dchat, "#lobby", ANA);
	looks_like("filtered");
	keys("\033j");
	looks_like("unfiltered");
	enter("/filter\r");
	ck_assert_uint_eq(seen_times("ana left and came back"), 0);
	ck_assert_uint_eq(seen_times("bob left"), 1);
}
END_TEST

START_TEST(whom_and_what_one_hears_is_set_listed_and_undone)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	fake_say(stage.dchat, "#lobby", BOB, "buy this", NOON);
	enter("/clear\r/ignore\r/mute\r/highlight\r");
	enter("/ignore BOB\r/ignore bob\r/ignore mary\r/ignore -ana\r"
	      "/ignore\r");
	enter("/mute ops\r/mute\r/highlight pump*\r/highlight\r");
	fake_say(stage.dchat, "#lobby", BOB, "buy that", NOON);
	fake_say(stage.dchat, "#ops", ANA, "zoe: the pumps", NOON);
	resize(32, 80);
	looks_like("attention");
	enter("/ignore -b\t");
	ck_assert_uint_eq(seen_times("> /ignore -bob"), 1);
	enter("\x03/mute -\t");
	ck_assert_uint_eq(seen_times("> /mute -#ops"), 1);
	enter("\x03/highlight -p\t");
	ck_assert_uint_eq(seen_times("> /highlight -pump*"), 1);
	enter("\x03/ignore e\t");
	ck_assert_uint_eq(seen_times("> /ignore eve"), 1);
	enter("\x03");
	enter("/clear\r/ignore -bob\r/mute -#ops\r/highlight -pump*\r"
	      "/ignore\r/mute\r/highlight\r");
	looks_like("attention-undone");
}
END_TEST

/* The next run on the same profile, without a look at the screen between. */
static void
start_again(void)
{
	stage_close();
	stage_open_on("xterm-256color", null_device(), false);
}

START_TEST(one_person_is_told_of)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	fake_join(stage.dchat, "#ops", BOB);
	enter("/clear\r/ignore bob\r/whois bob\r/whois mary\r/whois zoe\r");
	looks_like("whois");
}
END_TEST

START_TEST(the_next_run_finds_all_as_it_was)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	fake_join(stage.dchat, "#harbour", ZOE);
	fake_whisper(stage.dchat, BOB, "psst", NOON);
	enter("draft of lobby\0333draft of harbour\033t\033m");
	enter("\0332/ignore eve\r/mute #lobby\r/highlight pump\r/quit\r");
	start_again();
	fake_room(stage.dchat, "#lobby", "", 0);
	fake_room(stage.dchat, "#ops", "", 0);
	fake_ready(stage.dchat);
	/* the node has an order of its own */
	fake_join(stage.dchat, "#harbour", ZOE);
	fake_join(stage.dchat, "#ops", ZOE);
	fake_join(stage.dchat, "#lobby", ZOE);
	fake_say(stage.dchat, "#lobby", EVE, "zoe!", NOON);
	fake_say(stage.dchat, "#ops", ANA, "the pump", NOON);
	looks_like("another-run");
	enter("/clear\r/ignore\r/mute\r/highlight\r");
	ck_assert_uint_eq(seen_times("You hear nothing of eve"), 1);
	ck_assert_uint_eq(seen_times("Quiet rooms: #lobby"), 1);
	ck_assert_uint_eq(seen_times("your nick: pump"), 1);
	enter("\0331");
	ck_assert_uint_eq(seen_times("> draft of lobby"), 1);
	enter("\0333");
	ck_assert_uint_eq(seen_times("> draft of harbour"), 1);
	/* what was written goes back to the run before */
	enter("\0332\033[A\033[A\033[A\033[A");
	ck_assert_uint_eq(seen_times("> /clear"), 1);
	enter("\033[A\033[A");
	ck_assert_uint_eq(seen_times("> /highlight pump"), 1);
}
END_TEST

START_TEST(a_crash_takes_a_second_of_the_draft_at_most)
{
	play_group();
	keys("half a sen");
	app_paint(stage.app);
	ck_assert_int_eq(app_deadline(stage.app), stage.now + 1000);
	stage.now += 1000;
	app_paint(stage.app);
	ck_assert_int_eq(app_deadline(stage.app), NEVER);
	fake_turn(stage.dchat);
	start_again();
	play_group();
	ck_assert_uint_eq(seen_times("> half a sen"), 1);
	/* said, it is no draft any more */
	enter("\r");
	stage.now += 1000;
	app_paint(stage.app);
	fake_turn(stage.dchat);
	start_again();
	play_group();
	ck_assert_uint_eq(seen_times("half a sen"), 0);
}
END_TEST

START_TEST(who_configures_something_else_means_that)
{
	char problem[256];

	play_group();
	enter("\033t\033m/quit\r");
	start_again();
	play_group();
	ck_assert_int_eq(
	    setting_number(&stage.settings, SETTING_ID_TIMESTAMPS),
	    TIMES_SECONDS);
	ck_assert(!setting_on(&stage.settings, SETTING_ID_MEMBER_PANE));
	stage_close();
	stage_open_configured(SETTING_ID_TIMESTAMPS, "off", problem);
	play_group();
	ck_assert_int_eq(
	    setting_number(&stage.settings, SETTING_ID_TIMESTAMPS),
	    TIMES_NONE);
	ck_assert(!setting_on(&stage.settings, SETTING_ID_MEMBER_PANE));
}
END_TEST

START_TEST(where_nothing_is_said_yet_it_is_told_what_can_be_done)
{
	play_group();
	enter("/clear\r");
	looks_like("silent");
	enter("/query bob\r");
	looks_like("silent-direct");
	fake_peer(stage.dchat, BOB, MEMBER_DEAD, "refused");
	ck_assert_uint_eq(seen_times("bob is away; it waits"), 1);
	enter("/part\r/part\r");
	looks_like("home");
}
END_TEST

START_TEST(who_is_gone_for_long_is_listed_no_more)
{
	play_group();
	fake_peer(stage.dchat, EVE, MEMBER_DEAD, "refused");
	ck_assert_uint_eq(seen_times("members 3/4"), 1);
	ck_assert_uint_eq(seen_times("eve gone"), 1);
	stage.now += MINUTE - 1;
	ck_assert_uint_eq(seen_times("eve gone"), 1);
	ck_assert_int_eq(app_deadline(stage.app), stage.now + 1);
	stage.now++;
	ck_assert_uint_eq(seen_times("eve gone"), 0);
	ck_assert_uint_eq(seen_times("members 3 "), 1);
}
END_TEST

START_TEST(what_cannot_be_is_said_at_once)
{
	play_alone();
	enter("/elect\r/part #nope\r");
	ck_assert_uint_eq(fake_heard(stage.dchat)->count, 0);
	ck_assert_uint_eq(seen_times("You are alone; there is"), 1);
	ck_assert_uint_eq(seen_times("You are not in #nope;"), 1);
}
END_TEST

/* -- the line being written ---------------------------------------------- */

START_TEST(what_was_written_before_is_searched_while_typing)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	play_group();
	enter("the pump is fine\rthe valve is not\rnobody at the PUMP\r");
	keys("dr\x12");
	looks_like("search");
	keys("pump");
	looks_like("search-found");
	keys("\x12");
	ck_assert_uint_eq(seen_times("'pump': the pump is fine"), 1);
	keys("\x12");
	ck_assert_uint_eq(seen_times("(no such line) 'pump'"), 1);
	keys("\033[B\033[B");
	ck_assert_uint_eq(seen_times("nobody at the PUMP"), 2);
	keys("\033[A\r");
	ck_assert_str_eq(heard->text, "nobody at the PUMP");
	ck_assert_uint_eq(seen_times("> the pump is fine"), 1);
	keys("\x05!\r");
	ck_assert_str_eq(heard->text, "the pump is fine!");
}
END_TEST

START_TEST(leaving_the_search_leaves_the_line_as_it_was)
{
	static const char *const ways[] = { "\x07", "\x03", "\x7f\x7f" };

	play_group();
	enter("one\rtwo\r");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		keys("draft\x12o");
		keys(ways[i]);
		ck_assert_uint_eq(seen_times("> draft"), 1);
		ck_assert_uint_eq(seen_times("(search)"), 0);
		keys("\x03");
	}
	keys("draft\x12o\033");
	app_read_timeout(stage.app);
	ck_assert_uint_eq(seen_times("> draft"), 1);
	/* other keys take the line found, and then do what they do */
	keys("\x12on\x05!");
	ck_assert_uint_eq(seen_times("> one!"), 1);
	keys("\033[B");
	ck_assert_uint_eq(seen_times("> two"), 1);
	keys("\033[B");
	ck_assert_uint_eq(seen_times("> draft"), 1);
	/* the same once more */
	keys("\x12\x12");
	ck_assert_uint_eq(seen_times("(search) 'on': one"), 1);
}
END_TEST

START_TEST(a_search_ends_when_another_room_comes)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	enter("here\r");
	keys("\x12he\0332");
	ck_assert_uint_eq(seen_times("(search)"), 0);
	ck_assert_uint_eq(seen_times("[#ops] >"), 1);
	keys("\0331");
	ck_assert_uint_eq(seen_times("[#lobby] > here"), 1);
}
END_TEST

static void
paste(const char *text)
{
	keys("\033[200~");
	keys(text);
	keys("\033[201~");
}

static const char seven[] = "1 one\n2 two\n3 three\n4 four\n5 five\n6 six\n"
			    "7 seven\n";

START_TEST(a_long_paste_is_asked_about_and_goes_out_as_one_message)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);
	size_t before;

	play_group();
	keys("look: ");
	paste(seven);
	looks_like("paste");
	resize(10, 40);
	looks_like("paste-40x10");
	resize(24, 80);
	keys("x\033[5~"); /* no answer */
	ck_assert_uint_eq(seen_times("paste 7 lines as one message?"), 1);
	before = heard->count;
	enter("\r");
	ck_assert_uint_eq(heard->count, before + 1);
	ck_assert_int_eq(heard->verb, DCHAT_SAY);
	ck_assert_str_eq(heard->text,
	    "look: 1 one\n2 two\n3 three\n4 four\n5 five\n6 six\n7 seven");
	looks_like("pasted");
}
END_TEST

START_TEST(a_long_paste_may_be_edited_or_forgotten)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);
	size_t before;

	play_group();
	before = heard->count;
	keys("draft");
	paste(seven);
	keys("\033");
	app_read_timeout(stage.app);
	ck_assert_uint_eq(seen_times("> draft"), 1);
	paste(seven);
	keys("n");
	paste(seven);
	keys("\x03");
	ck_assert_uint_eq(seen_times("> draft"), 1);
	paste(seven);
	keys("e");
	ck_assert_uint_eq(seen_times("7 seven"), 1);
	ck_assert_uint_eq(heard->count, before);
}
END_TEST

START_TEST(a_paste_that_begins_with_a_slash_is_no_command)
{
	play_group();
	paste("/quit\n/1\n2\n3\n4\n5\n");
	enter("\r");
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_SAY);
	ck_assert_str_eq(fake_heard(stage.dchat)->text,
	    "/quit\n/1\n2\n3\n4\n5");
}
END_TEST

START_TEST(a_paste_too_long_for_a_message_is_not_sent)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);
	char text[5001] = "";
	size_t before;

	play_group();
	before = heard->count;
	memset(text, 'x', 5000);
	paste(text);
	ck_assert_uint_eq(seen_times("too long for one message"), 1);
	enter("\r");
	ck_assert_uint_eq(heard->count, before);
	keys("e");
	looks_like("too-long");
}
END_TEST

START_TEST(short_pastes_and_those_of_who_wants_no_question_go_in_at_once)
{
	play_group();
	paste("a\nb\n");
	ck_assert_uint_eq(seen_times("as one message"), 0);
	ck_assert_uint_eq(seen_times("> a"), 1);
	enter("\r/set paste-question off\r");
	paste(seven);
	ck_assert_uint_eq(seen_times("as one message"), 0);
	ck_assert_uint_eq(seen_times(" 7 seven"), 1);
}
END_TEST

START_TEST(the_length_is_shown_near_the_bound)
{
	char text[4001] = "";

	play_group();
	memset(text, 'y', 3275);
	text[3275] = '\0';
	keys(text);
	ck_assert_uint_eq(seen_times("/4096"), 0);
	resize(24, 80);
	app_paint(stage.app);
	keys("y");
	looks_like("length");
	keys("\x01/msg bob ");
	ck_assert_uint_eq(seen_times(" 3276/4096"), 1);
	keys("\x05");
	memset(text, 'z', 1000);
	text[1000] = '\0';
	keys(text);
	ck_assert_uint_eq(seen_times("!4276/4096"), 1);
}
END_TEST

START_TEST(tab_shows_what_there_is_to_choose_from)
{
	play_group();
	keys("/\t");
	looks_like("candidates");
	keys("\t\t");
	ck_assert_uint_eq(seen_times("> /msg"), 1);
	keys("\x03/set theme \t\t\t");
	looks_like("candidates-values");
	enter("\r");
	ck_assert_int_eq(setting_number(&stage.settings, SETTING_ID_THEME), 2);
	keys("/hel mem\t");
	ck_assert_uint_eq(seen_times("> /hel member-pane"), 1);
}
END_TEST

START_TEST(rooms_heard_of_are_completed_too)
{
	fake_room(stage.dchat, "#harbour", "", 0);
	play_alone();
	keys("/join ha\t");
	ck_assert_uint_eq(seen_times("> /join #harbour"), 1);
}
END_TEST

/* -- any keys at all -------------------------------------------------------- */

enum { RANDOM_GROUPS = 1500 };	/* more by SCREEN_GROUPS */

static void
random_keys(struct rng *rng)
{
	static const char *const some[] = { "\r", "\t", "\033[Z", "\x12", "\x07",
		"\033[A", "\033[B", "\033[5~", "\033[6~", "\033[1;5F", "\033OP",
		"\033", "\x7f", "\x03", "\x0c", "\0331", "\0332", "\x0e", "\033\r",
		"\033[200~a\nb\033[201~",
		"\033[200~1\n2\n3\n4\n5\n6\n\033[201~", "/", "/he ", "/set ",
		"theme ", "@", "#", "bo", "é", "世", "e\xcc\x81", "/join #ops\r",
		"/query bob\r", "/part\r", "/clear\r", "/set theme dark\r",
		"/set hint-line on\r", "/help keys\r", "\x01", "\x05", "\x15",
		"\x19", "\x1f", "\033[200~/x", "\033[201~" };
	char any[2] = { (char)(1 + rng_below(rng, 255)), '\0' };

	/* Ctrl+C twice at once would end it */
	stage.now += 4000;
	if (rng_below(rng, 4) == 0)
		keys(any);
	else
		keys(some[rng_below(rng, sizeof some / sizeof *some)]);
	if (rng_below(rng, 8) == 0)
		app_read_timeout(stage.app);
}

static void
random_happening(struct rng *rng)
{
	static const char *const rooms[] = { "#lobby", "#ops" };
	const char *room = rooms[rng_below(rng, 2)];
	enum fake_person who = (enum fake_person)rng_below(rng, ZOE);

	switch (rng_below(rng, 6)) {
	case 0: fake_say(stage.dchat, room, who, "so it is, zoe", NOON); break;
	case 1: fake_whisper(stage.dchat, who, "psst", NOON); break;
	case 2: fake_join(stage.dchat, room, who); break;
	case 3: fake_part(stage.dchat, room, who); break;
	case 4: fake_join(stage.dchat, room, ZOE); break;
	default:
		resize(5 + (int)rng_below(rng, 40),
		    20 + (int)rng_below(rng, 120));
		break;
	}
}

START_TEST(any_keys_at_any_moment_break_nothing)
{
	const char *wanted = getenv("SCREEN_GROUPS");
	long groups = wanted != NULL ? atol(wanted) : RANDOM_GROUPS;
	struct rng rng = rng_seeded(0xd0c + (uint64_t)_i);

	play_group();
	for (long i = 0; i < groups; i++) {
		for (uint64_t n = rng_below(&rng, 8); n-- > 0;)
			random_keys(&rng);
		if (rng_below(&rng, 4) == 0)
			random_happening(&rng);
		fake_turn(stage.dchat);
		app_paint(stage.app);
	}
	/* out of whatever it is in, and it still works */
	keys("\033[201~\x03");
	resize(24, 80);
	for (int i = 0; i < 6; i++) {
		keys("\033");
		app_read_timeout(stage.app);
	}
	stage.now += MINUTE;
	keys("\x03");
	stage.now += MINUTE;
	enter("/join #lobby\r");
	keys("\x03");		/* its draft */
	enter("alive\r");
	ck_assert_str_eq(fake_heard(stage.dchat)->text, "alive");
}
END_TEST

/* -- the hint line -------------------------------------------------------- */

START_TEST(the_hint_line_goes_by_the_context)
{
	setting_set(&stage.settings, SETTING_ID_HINT_LINE, "on",
	    SETTING_BY_FILE, "hint-line", (char[256]){ "" });
	play_alone();
	looks_like("first-alone");
	keys("\033OP");
	looks_like("first-help");
	keys("\033OP");
	play_group();
	ck_assert_uint_eq(seen_times("Enter says what you write, to all in "
				     "#lobby"),
	    1);
	enter("hello\r");
	ck_assert_uint_eq(seen_times("PgUp reads back"), 1);
	looks_like("hints");
	keys("/jo");
	ck_assert_uint_eq(seen_times("/join #ROOM: Enter a room"), 1);
	keys("\x03/set nick-w ");
	ck_assert_uint_eq(seen_times("(a whole number from 3 to 32)"), 1);
	keys("\x03one\033\rtwo");
	ck_assert_uint_eq(seen_times("says all lines as one message"), 1);
	keys("\x03\x12");
	ck_assert_uint_eq(seen_times("Ctrl+R older"), 1);
	keys("\x07");
	fake_join(stage.dchat, "#ops", ZOE);
	fake_say(stage.dchat, "#ops", BOB, "zoe: look", NOON);
	ck_assert_uint_eq(seen_times("Alt+A #ops: 1 to read"), 1);
	paste(seven);
	ck_assert_uint_eq(seen_times("e puts it into the line"), 1);
	keys("n/\t");
	looks_like("hints-candidates");
	resize(15, 80);
	ck_assert_uint_eq(seen_times("Alt+A"), 0);
}
END_TEST

START_TEST(the_hint_line_of_a_young_profile_goes_after_some_days)
{
	fake_born(stage.dchat, NOON - 24 * 60 * MINUTE);
	play_alone();
	ck_assert_uint_eq(seen_times("F1 help"), 1);
	stage.now += 6 * 24 * 60 * MINUTE;
	ck_assert_uint_eq(seen_times("F1 help"), 0);
	enter("/set hint-line on\r");
	ck_assert_uint_eq(seen_times("F1 help"), 1);
}
END_TEST

START_TEST(where_there_is_no_room_for_hints_who_is_new_is_told_once)
{
	fake_born(stage.dchat, NOON);
	resize(10, 60);
	play_alone();
	ck_assert_uint_eq(seen_times("Alt+1, Alt+2 change rooms"), 1);
	resize(24, 80);
	ck_assert_uint_eq(seen_times("start dchat on another machine"), 1);
}
END_TEST

START_TEST(help_tells_more_of_one_thing)
{
	play_group();
	enter("/help nick\r/help bell\r/help alt+a\r/help jion\r");
	looks_like("help-of");
	keys("/help settings\r");
	looks_like("help-settings");
	keys("\033OP");
	keys("/help keys\r");
	ck_assert_uint_eq(seen_times("Alt+1..9"), 1);
}
END_TEST

/* -- settings ---------------------------------------------------------- */

START_TEST(settings_are_listed_shown_and_set_at_once)
{
	play_group();
	fake_say(stage.dchat, "#lobby", BOB, "good morning", NOON);
	resize(44, 80);
	enter("/set\r");
	looks_like("set-list");
	resize(32, 80);
	enter("/clear\r/set nick-w\r/set timestamps off\r"
	      "/set member-pane off\r/set nick-width 4\r/set port 4000\r");
	enter("/set bel maybe\r/set frob 1\r/set tim -\r/set time off\r");
	looks_like("set");
	ck_assert_int_eq(
	    setting_number(&stage.settings, SETTING_ID_TIMESTAMPS),
	    TIMES_NONE);
	enter("/set nick zo\r");
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_NICK);
	ck_assert_str_eq(fake_heard(stage.dchat)->nick, "zo");
}
END_TEST

START_TEST(a_theme_is_changed_while_it_runs)
{
	const struct theme *theme = screen_theme(stage.screen);

	play_group();
	ck_assert_int_gt(theme->looks[STYLE_BAD].pair, 0);
	enter("/set theme none\r");
	ck_assert_int_eq(theme->looks[STYLE_BAD].pair, 0);
	enter("/set theme light\r");
	ck_assert_int_gt(theme->looks[STYLE_BAD].pair, 0);
}
END_TEST

START_TEST(what_was_set_is_saved_on_demand)
{
	play_group();
	enter("/save\r");
	ck_assert_uint_eq(seen_times("All settings are as they were"), 1);
	enter("/set bell off\r/save\r");
	ck_assert_uint_eq(seen_times("There is no home to save"), 1);
}
END_TEST

/* -- other terminals -------------------------------------------------------------- */

static const struct {
	const char *terminal, *no_color, *background;
} terminals[] = {
	{ "vt100", "", "" },
	{ "linux", "", "" },
	{ "xterm", "", "" },
	{ "xterm-256color", "1", "" },
	{ "xterm-256color", "", "0;15" },
	{ "screen", "", "" },
};

START_TEST(the_same_is_to_be_read_with_any_number_of_colours)
{
	setenv("NO_COLOR", terminals[_i].no_color, 1);
	setenv("COLORFGBG", terminals[_i].background, 1);
	stage_open_on(terminals[_i].terminal, null_device(), false);
	resize(24, 80);
	play_busy();
	looks_like("busy-80x24");
	stage_close();
}
END_TEST

/* What has been written into a file that is kept open. */
static void
stream_read(FILE *file, struct bytes *stream)
{
	char piece[4096];
	size_t size;

	bytes_clear(stream);
	rewind(file);
	while ((size = fread(piece, 1, sizeof piece, file)) > 0)
		bytes_append(stream, piece, size);
}

/* How often it rings for a mention after these keys. */
static size_t
bells_after(const char *before, wall_ms wait)
{
	FILE *out = tmpfile(), *copy = fdopen(dup(fileno(out)), "r");
	struct bytes stream;
	size_t count;

	bytes_init(&stream);
	stage_open_on("xterm-256color", out, false);
	play_group();
	keys(before);
	stage.now += wait;
	fake_say(stage.dchat, "#lobby", BOB, "zoe: hello", NOON);
	app_paint(stage.app);
	stream_read(copy, &stream);
	count = times_in(&stream, "\a");
	stage_close();
	fclose(copy);
	bytes_free(&stream);
	return count;
}

START_TEST(the_bell_rings_only_where_nobody_looks)
{
	ck_assert_uint_eq(bells_after("\033[O", 0), 1);
	ck_assert_uint_eq(bells_after("\033[O\033[I", 10 * MINUTE), 0);
	/* who types looks, whatever the terminal says */
	ck_assert_uint_eq(bells_after("\033[Ox", 0), 0);
	/* a terminal that does not tell */
	ck_assert_uint_eq(bells_after("x", MINUTE - 1), 0);
	ck_assert_uint_eq(bells_after("x", MINUTE), 1);
	ck_assert_uint_eq(bells_after("/set bell off\r\033[O", 0), 0);
	ck_assert_uint_eq(bells_after("/mute #lobby\r\033[O", 0), 0);
	ck_assert_uint_eq(bells_after("/ignore bob\r\033[O", 0), 0);
}
END_TEST

START_TEST(a_terminal_that_can_gets_a_notification)
{
	FILE *out = tmpfile(), *copy = fdopen(dup(fileno(out)), "r");
	struct bytes stream;

	unsetenv("TMUX");
	unsetenv("STY");
	unsetenv("TERM_PROGRAM");
	setenv("TERM", "xterm-kitty", 1);
	bytes_init(&stream);
	stage_open_on("xterm-256color", out, false);
	play_group();
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "zoe: it\033]0;x\007 works",
	    NOON);
	app_paint(stage.app);
	stream_read(copy, &stream);
	ck_assert_uint_eq(times_in(&stream,
			      "\033]9;dchat: bob in #lobby: zoe: it␛]0,x␇ "
			      "works\033\\"),
	    1);
	ck_assert_uint_eq(times_in(&stream, "\033]"),
	    1 + times_in(&stream, "\033]2;"));
	stage_close();
	fclose(copy);
	bytes_free(&stream);
}
END_TEST

START_TEST(the_bare_view_is_text_that_the_terminal_wraps)
{
	FILE *out = tmpfile(), *copy = fdopen(dup(fileno(out)), "r");
	struct bytes stream;
	long before;

	bytes_init(&stream);
	stage_open_on("xterm-256color", out, false);
	resize(24, 80);
	play_busy();
	app_paint(stage.app);
	keys("\033l");
	ck_assert(app_dirty(stage.app));
	app_paint(stage.app);
	ck_assert(!app_dirty(stage.app));
	stream_read(copy, &stream);
	/* a line is one, however long; and none has a border */
	ck_assert_uint_eq(times_in(&stream,
			      "<eve> yes; the notes of yesterday are at "
			      "https://wiki.example.org/harbour/2026/"
			      "deploy-notes and I would like everybody to "
			      "have read them before we touch anything\r\n"
			      "* bob waves\r\n"
			      "<ana> zoe: the floor is yours\r\n"),
	    1);
	/* nobody has to know the way out */
	ck_assert_uint_eq(times_in(&stream,
			      "-- Esc leaves, PgUp PgDn scroll"),
	    1);
	/* nothing moves while one selects */
	before = lseek(fileno(out), 0, SEEK_CUR);
	fake_say(stage.dchat, "#lobby", BOB, "are you there?", NOON);
	ck_assert(!app_dirty(stage.app));
	ck_assert_int_eq(app_deadline(stage.app), NEVER);
	app_paint(stage.app);
	ck_assert_int_eq(lseek(fileno(out), 0, SEEK_CUR), before);
	keys("\033l");
	ck_assert(app_dirty(stage.app));
	looks_like("bare-gone");
	stage_close();
	fclose(copy);
	bytes_free(&stream);
}
END_TEST

START_TEST(no_color_means_no_colour)
{
	setenv("NO_COLOR", "1", 1);
	stage_open_on("xterm-256color", null_device(), false);
	for (int i = 0; i < STYLE_NICK + 1; i++)
		ck_assert_int_eq(
		    screen_theme(stage.screen)->looks[i].pair, 0);
	stage_close();
}
END_TEST

START_TEST(an_unknown_terminal_is_named_in_the_sentence)
{
	FILE *out = null_device();
	char problem[256];

	ck_assert_ptr_null(
	    screen_open("nosuchterm", out, out, false, 0, problem));
	ck_assert_ptr_nonnull(strstr(problem, "nosuchterm"));
	ck_assert_ptr_null(screen_open("dumb", out, out, false, 0, problem));
	ck_assert_ptr_nonnull(strstr(problem, "dumb"));
	fclose(out);
}
END_TEST

/* -- what reaches the terminal ------------------------------------------------------ */

START_TEST(no_byte_of_a_stranger_steers_the_terminal)
{
	/* a mode, and how often it is set and unset */
	static const char *const modes[] = { "\033[?1049", "\033[?2004",
		"\033[?1004" };
	FILE *out = tmpfile(), *copy = fdopen(dup(fileno(out)), "r");
	struct bytes stream;
	char piece[4096], mode[32];
	size_t size;

	stage_open_on("xterm-256color", out, false);
	play_wide();
	app_paint(stage.app);
	keys("\x1b[200~\x1b[31mpasted\x07\x1b[201~");
	app_paint(stage.app);
	stage_close();

	bytes_init(&stream);
	rewind(copy);
	while ((size = fread(piece, 1, sizeof piece, copy)) > 0)
		bytes_append(&stream, piece, size);
	fclose(copy);
	ck_assert_uint_gt(times_in(&stream, "owned"), 0);
	ck_assert_uint_eq(times_in(&stream, "\a"), 0);
	/* but for what the window is called */
	ck_assert_uint_eq(times_in(&stream, "\033]"),
	    times_in(&stream, "\033]2;"));
	ck_assert_uint_eq(times_in(&stream, " - dchat\033\\"), 1);
	/* this one is curses' own, at the start */
	ck_assert_uint_eq(times_in(&stream, "\033[2J"), 1);
	ck_assert_uint_eq(times_in(&stream, "\033[31m"), 0);
	ck_assert_uint_eq(times_in(&stream, "\xc2\x9b"), 0);
	ck_assert_uint_eq(times_in(&stream, "\xe2\x80\xae"), 0);
	ck_assert_uint_eq(times_in(&stream, "\x7f"), 0);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		snprintf(mode, sizeof mode, "%sh", modes[i]);
		ck_assert_uint_eq(times_in(&stream, mode), 1);
		snprintf(mode, sizeof mode, "%sl", modes[i]);
		ck_assert_uint_eq(times_in(&stream, mode), 1);
	}
	bytes_free(&stream);
}
END_TEST

START_TEST(what_has_not_changed_is_not_sent_again)
{
	FILE *out = tmpfile();
	long before, after;

	stage_open_on("xterm-256color", out, false);
	play_busy();
	app_paint(stage.app);
	before = lseek(fileno(out), 0, SEEK_CUR);
	app_paint(stage.app);
	after = lseek(fileno(out), 0, SEEK_CUR);
	ck_assert_int_eq(after, before);
	keys("x");
	app_paint(stage.app);
	after = lseek(fileno(out), 0, SEEK_CUR);
	ck_assert_int_gt(after, before);
	ck_assert_int_le(after, before + 40);
	stage_close();
}
END_TEST

/* -- not only looks ------------------------------------------------------------ */

START_TEST(commands_reach_the_node)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	play_group();
	keys("hello\r");
	ck_assert_int_eq(heard->verb, DCHAT_SAY);
	ck_assert_str_eq(heard->room, "#lobby");
	ck_assert_str_eq(heard->text, "hello");
	keys("//etc\r");
	ck_assert_str_eq(heard->text, "/etc");
	keys("/join ops\r");
	ck_assert_int_eq(heard->verb, DCHAT_JOIN);
	ck_assert_str_eq(heard->room, "#ops");
	keys("/elect\r");
	ck_assert_int_eq(heard->verb, DCHAT_ELECT);
	keys("/connect 192.0.2.9:4000\r");
	ck_assert_int_eq(heard->verb, DCHAT_CONNECT);
	ck_assert_str_eq(heard->address, "192.0.2.9:4000");
	keys("/part\r");
	ck_assert_int_eq(heard->verb, DCHAT_PART);
	ck_assert(!heard->quit);
	keys("/quit\r");
	ck_assert(heard->quit);
	ck_assert_str_eq(heard->text, "quit");
}
END_TEST

START_TEST(ctrl_c_clears_the_line_and_twice_quits)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	play_group();
	keys("abc\x03");
	keys("\x03");
	ck_assert(!heard->quit);
	looks_like("interrupted");
	keys("\x03");
	ck_assert(heard->quit);
}
END_TEST

START_TEST(ctrl_c_long_after_the_first_does_not_quit)
{
	play_group();
	keys("\x03");
	stage.now += MINUTE;
	keys("\x03");
	ck_assert(!fake_heard(stage.dchat)->quit);
}
END_TEST

START_TEST(ctrl_z_suspends)
{
	play_group();
	keys("\x1a");
	ck_assert_uint_eq(stage.suspended, 1);
}
END_TEST

/* The timer may come a moment before its time, or the clock go on between
 * the picture and the question: what it still shows has to go. */
START_TEST(what_ends_while_it_is_painted_is_painted_anew)
{
	play_alone();
	fake_peer(stage.dchat, ANA, MEMBER_ALIVE, "joined");
	fake_leader(stage.dchat, ANA, 3, 4);
	stage.now += VIEW_NEWS_MS - 1;
	app_paint(stage.app);
	stage.now++;
	ck_assert_int_le(app_deadline(stage.app), stage.now);
	app_paint(stage.app);
	ck_assert_int_eq(app_deadline(stage.app), NEVER);
}
END_TEST

START_TEST(nothing_is_to_be_painted_while_nothing_happens)
{
	play_group();
	stage.now += MINUTE;
	app_paint(stage.app);
	ck_assert(!app_dirty(stage.app));
	ck_assert_int_eq(app_deadline(stage.app), NEVER);
	fake_peer(stage.dchat, EVE, MEMBER_SUSPECT, "silent");
	ck_assert(app_dirty(stage.app));
	app_paint(stage.app);
	/* how long she is silent counts on */
	ck_assert_int_eq(app_deadline(stage.app), stage.now + 500);
}
END_TEST

static TCase *
case_new(Suite *suite, const char *name, void (*open)(void))
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, open, stage_close);
	tcase_set_timeout(tcase, 30);
	suite_add_tcase(suite, tcase);
	return tcase;
}

int
main(void)
{
	Suite *suite = suite_create("screen");
	TCase *looks = case_new(suite, "looks", stage_open);
	TCase *ascii = case_new(suite, "ascii", stage_open_ascii);
	TCase *works = case_new(suite, "works", stage_open);
	TCase *others = tcase_create("terminals");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, others);
	tcase_add_loop_test(others,
	    the_same_is_to_be_read_with_any_number_of_colours, 0,
	    (int)(sizeof terminals / sizeof *terminals));
	tcase_add_test(others, the_bell_rings_only_where_nobody_looks);
	tcase_add_test(others, a_terminal_that_can_gets_a_notification);
	tcase_add_test(others, the_bare_view_is_text_that_the_terminal_wraps);
	tcase_add_test(others, no_color_means_no_colour);
	tcase_add_test(others, an_unknown_terminal_is_named_in_the_sentence);
	tcase_add_test(others, no_byte_of_a_stranger_steers_the_terminal);
	tcase_add_test(others, what_has_not_changed_is_not_sent_again);
	tcase_add_test(looks,
	    the_first_screen_says_the_keys_and_where_it_looks);
	tcase_add_loop_test(looks, a_busy_room_at_all_sizes, 0,
	    (int)(sizeof sizes / sizeof *sizes));
	tcase_add_test(looks, a_resize_at_any_moment_arranges_all_anew);
	tcase_add_test(looks, an_election_shows_its_phase_and_reach);
	tcase_add_test(looks, after_a_failure_it_says_what_happened);
	tcase_add_test(looks, what_waits_has_a_line_and_a_reason);
	tcase_add_test(looks, a_cut_has_a_banner_and_its_end_a_rule);
	tcase_add_test(looks, help_comes_from_the_tables_and_goes_again);
	tcase_add_test(looks, wide_and_hostile_text_keeps_its_cells);
	tcase_add_test(looks, rooms_are_changed_by_key_and_keep_their_drafts);
	tcase_add_test(looks, who_is_away_is_seen_to_be);
	tcase_add_test(looks, a_long_nick_makes_room_for_what_is_told_of_it);
	tcase_add_test(looks, rooms_that_find_no_place_are_counted);
	tcase_add_test(looks, scrolling_up_stays_and_tells_what_is_new);
	tcase_add_test(looks, who_reads_back_sees_what_a_command_answers);
	tcase_add_test(looks, a_long_line_wraps_in_the_input);
	tcase_add_test(looks, answers_of_commands_are_lines_of_the_room);
	tcase_add_test(ascii, ascii_borders_where_the_locale_is_not_utf8);
	tcase_add_test(looks, an_own_message_shows_how_far_it_has_come);
	tcase_add_test(ascii,
	    an_own_message_shows_how_far_it_has_come_in_ascii);
	tcase_add_test(looks, messages_that_refer_to_messages);
	tcase_add_test(looks, topics_and_nicks_are_told_and_shown);
	tcase_add_test(looks,
	    without_a_leader_one_is_told_that_it_waits);
	tcase_add_test(looks, a_talk_of_two_is_a_room_of_its_own);
	tcase_add_test(looks, older_lines_come_while_one_scrolls_up);
	tcase_add_test(looks,
	    a_long_way_up_and_back_to_the_newest_line);
	tcase_add_test(looks, history_and_clear);
	tcase_add_test(looks,
	    what_was_unread_is_unread_after_a_restart);
	tcase_add_test(looks, what_was_unread_may_be_more_than_a_page);
	tcase_add_test(works, the_node_is_told_what_was_read);
	tcase_add_test(looks, a_full_disk_is_told_and_nothing_is_lost);
	tcase_add_test(looks, a_warning_soon_makes_room_for_who_leads);
	tcase_add_test(looks, what_is_too_long_stays_in_the_input);
	tcase_add_test(looks, one_is_led_to_unread_lines_and_mentions);
	tcase_add_test(looks, a_mention_far_up_is_fetched);
	tcase_add_test(looks, panes_and_columns_go_and_come_by_key);
	tcase_add_test(looks,
	    who_comes_and_goes_without_a_word_is_hidden_by_key);
	tcase_add_test(looks,
	    whom_and_what_one_hears_is_set_listed_and_undone);
	tcase_add_test(looks, one_person_is_told_of);
	tcase_add_test(looks, the_next_run_finds_all_as_it_was);
	tcase_add_test(works, a_crash_takes_a_second_of_the_draft_at_most);
	tcase_add_test(works, who_configures_something_else_means_that);
	tcase_add_test(looks,
	    where_nothing_is_said_yet_it_is_told_what_can_be_done);
	tcase_add_test(looks, who_is_gone_for_long_is_listed_no_more);
	tcase_add_test(looks, what_cannot_be_is_said_at_once);
	tcase_add_test(looks, what_was_written_before_is_searched_while_typing);
	tcase_add_test(looks, leaving_the_search_leaves_the_line_as_it_was);
	tcase_add_test(looks, a_search_ends_when_another_room_comes);
	tcase_add_test(looks,
	    a_long_paste_is_asked_about_and_goes_out_as_one_message);
	tcase_add_test(looks, a_long_paste_may_be_edited_or_forgotten);
	tcase_add_test(looks, a_paste_that_begins_with_a_slash_is_no_command);
	tcase_add_test(looks, a_paste_too_long_for_a_message_is_not_sent);
	tcase_add_test(looks,
	    short_pastes_and_those_of_who_wants_no_question_go_in_at_once);
	tcase_add_test(looks, the_length_is_shown_near_the_bound);
	tcase_add_test(looks, tab_shows_what_there_is_to_choose_from);
	tcase_add_test(looks, rooms_heard_of_are_completed_too);
	tcase_add_loop_test(looks, any_keys_at_any_moment_break_nothing, 0,
	    3);
	tcase_add_test(looks, the_hint_line_goes_by_the_context);
	tcase_add_test(looks,
	    the_hint_line_of_a_young_profile_goes_after_some_days);
	tcase_add_test(looks,
	    where_there_is_no_room_for_hints_who_is_new_is_told_once);
	tcase_add_test(looks, help_tells_more_of_one_thing);
	tcase_add_test(looks, settings_are_listed_shown_and_set_at_once);
	tcase_add_test(looks, a_theme_is_changed_while_it_runs);
	tcase_add_test(looks, what_was_set_is_saved_on_demand);
	tcase_add_test(works, commands_reach_the_node);
	tcase_add_test(works, ctrl_c_clears_the_line_and_twice_quits);
	tcase_add_test(works, ctrl_c_long_after_the_first_does_not_quit);
	tcase_add_test(works, ctrl_z_suspends);
	tcase_add_test(works, what_ends_while_it_is_painted_is_painted_anew);
	tcase_add_test(works,
	    nothing_is_to_be_painted_while_nothing_happens);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
