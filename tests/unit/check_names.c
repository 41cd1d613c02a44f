/* crypto/names: which names there are, and which of them are the same. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crypto/names.h"

static const uint8_t tag[NETWORK_TAG_BYTES] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static bool
same_room(const char *a, const char *b)
{
	struct id one, other;

	names_room_id(tag, a, &one);
	names_room_id(tag, b, &other);
	return id_equal(&one, &other);
}

START_TEST(the_tag_of_a_network_is_the_published_hash)
{
	/* printf 'dchat netlan' | sha256sum */
	static const uint8_t lan[NETWORK_TAG_BYTES] = { 0xd3, 0x0d, 0x6c, 0x53,
		0x66, 0xbd, 0x02, 0x55 };
	uint8_t mine[NETWORK_TAG_BYTES], other[NETWORK_TAG_BYTES];

	names_network_tag("lan", mine);
	ck_assert_mem_eq(mine, lan, sizeof lan);
	names_network_tag("Lan", other);
	ck_assert_mem_ne(mine, other, sizeof mine);
}
END_TEST

START_TEST(the_id_of_a_room_is_the_published_hash)
{
	/* printf 'dchat room\1\2\3\4\5\6\7\10#lobby' | sha256sum */
	static const uint8_t lobby[ID_BYTES] = { 0x2b, 0xa8, 0x1d, 0xb5, 0xd7,
		0x69, 0x1c, 0x57, 0xfe, 0xef, 0xfa, 0x7d, 0xf9, 0x79,
		0x9d, 0x82 };
	struct id id;

	names_room_id(tag, "#lobby", &id);
	ck_assert_mem_eq(id.bytes, lobby, ID_BYTES);
}
END_TEST

START_TEST(case_and_form_make_no_other_room)
{
	ck_assert(same_room("#lobby", "#LOBBY"));
	ck_assert(same_room("#stra\u00dfe", "#STRASSE"));
	ck_assert(same_room("#caf\u00e9", "#cafe\u0301"));
	ck_assert(same_room("#\uff4c\uff4f\uff42\uff42\uff59", "#lobby"));
	ck_assert(same_room("#\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
	    "#\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3"));
	ck_assert(!same_room("#lobby", "#lobbies"));
	ck_assert(!same_room("#cafe", "#caf\u00e9"));
}
END_TEST

START_TEST(another_network_has_other_rooms)
{
	static const uint8_t elsewhere[NETWORK_TAG_BYTES] = { 9 };
	struct id here, there;

	names_room_id(tag, "#lobby", &here);
	names_room_id(elsewhere, "#lobby", &there);
	ck_assert(!id_equal(&here, &there));
}
END_TEST

START_TEST(nicks_that_look_alike_have_one_key)
{
	static const char *const alike[][2] = { { "Bob", "bob" },
		{ "\u0430nn", "Ann" }, { "b0b", "bob" }, { "corn", "com" },
		{ "\uff42ob", "bob" }, { "j\u00fcrgen", "ju\u0308rgen" },
		{ "sa1ly", "SALLY" }, { "\u03bfl\u0430", "ola" } };
	static const char *const apart[][2] = { { "bob", "rob" },
		{ "\u00e9", "e" }, { "mail", "mall" }, { "li", "il" } };
	struct id one, other;

	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
		names_nick_key(alike[i][0], &one);
		names_nick_key(alike[i][1], &other);
		ck_assert_msg(id_equal(&one, &other), "%s", alike[i][0]);
	}
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
		names_nick_key(apart[i][0], &one);
		names_nick_key(apart[i][1], &other);
		ck_assert_msg(!id_equal(&one, &other), "%s", apart[i][0]);
	}
}
END_TEST

START_TEST(ordinary_names_are_accepted)
{
	static const char *const rooms[] = { "#a", "##", "#lobby", "#caf\u00e9",
		"#\u65e5\u672c\u8a9e", "#c++", "#\U0001F600", "#@home" };
	static const char *const nicks[] = { "a", "Ada", "J\u00fcrgen",
		"\u674e\u56db", "ada_l", "x-1", "a#", "a@b", "a,b" };

	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
		ck_assert_msg(names_check_room(rooms[i], NULL), "%s",
		    rooms[i]);
	for (size_t i = 0; i < sizeof nicks / sizeof *nicks; i++)
		ck_assert_msg(names_check_nick(nicks[i], NULL), "%s",
		    nicks[i]);
	ck_assert(names_check_network("lan", NULL));
}
END_TEST

START_TEST(a_bad_room_name_gets_a_sentence)
{
	static const char *const bad[] = { "", "#", "lobby", "#a b", "#a,b",
		"#a\tb", "#a\x1b[2J", "#a\u00a0b", "#a\u2028", "#a\u200bb",
		"#\u202egnp", "#a\u2066", "#a\xff", "#\xc0\x80", "#a\xc2\x85",
		"#a\ufeff", "#\u3164", "#a\ufffe" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char problem[256] = "";

		ck_assert_msg(!names_check_room(bad[i], problem), "%zu", i);
		ck_assert_msg(problem[0] != '\0' &&
		    problem[strlen(problem) - 1] == '.', "%zu: %s", i,
		    problem);
	}
}
END_TEST

START_TEST(a_bad_nick_gets_a_sentence)
{
	static const char *const bad[] = { "", "#ada", "@ada", "a b", "a\nb",
		"a\x7f", "\xe2\x82", "a\u200d", "a\u061c" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char problem[256] = "";

		ck_assert_msg(!names_check_nick(bad[i], problem), "%zu", i);
		ck_assert_msg(problem[0] != '\0' &&
		    problem[strlen(problem) - 1] == '.', "%zu: %s", i,
		    problem);
	}
	ck_assert(!names_check_network("", NULL));
	ck_assert(!names_check_network("a b", NULL));
}
END_TEST

START_TEST(a_nick_is_more_than_punctuation_but_that_of_a_peer)
{
	static const char *const bad[] = { "-", "--", "...", "_", "^^", "$",
		"\u2026", "\u00bf?", "-\u0301" };
	static const char *const good[] = { "-a", "7", "x-", "\u20ac",
		"\U0001F600", "-\u5c71-" };
	char problem[256];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		problem[0] = '\0';
		ck_assert_msg(!names_check_nick(bad[i], problem), "%s",
		    bad[i]);
		ck_assert_ptr_nonnull(strstr(problem, "punctuation"));
		ck_assert_msg(names_check_peer_nick(bad[i], problem), "%s",
		    bad[i]);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(names_check_nick(good[i], problem), "%s: %s",
		    good[i], problem);
	ck_assert(!names_check_peer_nick("a b", NULL));
}
END_TEST

START_TEST(names_end_where_the_limits_stand)
{
	char name[LIMIT_ROOM_NAME + 2] = { 0 };
	char nick[3 * (LIMIT_NICK_POINTS + 1) + 1] = { 0 };

	memset(name, 'x', LIMIT_ROOM_NAME);
	name[0] = '#';
	ck_assert(names_check_room(name, NULL));
	name[LIMIT_ROOM_NAME] = 'x';
	ck_assert(!names_check_room(name, NULL));

	memset(nick, 'x', LIMIT_NICK_POINTS);
	ck_assert(names_check_nick(nick, NULL));
	nick[LIMIT_NICK_POINTS] = 'x';
	ck_assert(!names_check_nick(nick, NULL));

	/* few points, but three bytes each */
	nick[0] = '\0';
	for (int i = 0; i < LIMIT_NICK / 3; i++)
		strcat(nick, "\u20ac");
	ck_assert(names_check_nick(nick, NULL));
	strcat(nick, "\u20ac");
	ck_assert(!names_check_nick(nick, NULL));
}
END_TEST

START_TEST(a_name_is_composed_and_freed_of_what_nobody_sees)
{
	static const char *const pairs[][2] = { { "cafe\u0301", "caf\u00e9" },
		{ "ada", "ada" }, { "a\u200db\ufe0f", "ab" }, { "", "" },
		/* the joiner stood between a letter and its accent */
		{ "e\u200d\u0301", "\u00e9" } };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char *name = names_normalize(pairs[i][0]);

		ck_assert_str_eq(name, pairs[i][1]);
		free(name);
	}
	ck_assert_ptr_null(names_normalize("\xff"));
}
END_TEST

START_TEST(two_people_have_one_direct_room_and_it_is_theirs_alone)
{
	const uint8_t foreign[NETWORK_TAG_BYTES] = { 1, 2, 4 };
	const struct id ana = { { 1 } }, bob = { { 2 } }, eve = { { 3 } };
	struct id room, other;

	names_direct_id(tag, &ana, &bob, &room);
	names_direct_id(tag, &bob, &ana, &other);
	ck_assert(id_equal(&room, &other));
	names_direct_id(tag, &ana, &eve, &other);
	ck_assert(!id_equal(&room, &other));
	names_direct_id(foreign, &ana, &bob, &other);
	ck_assert(!id_equal(&room, &other));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("names");
	TCase *tests = tcase_create("names");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, the_tag_of_a_network_is_the_published_hash);
	tcase_add_test(tests, the_id_of_a_room_is_the_published_hash);
	tcase_add_test(tests, case_and_form_make_no_other_room);
	tcase_add_test(tests, another_network_has_other_rooms);
	tcase_add_test(tests, nicks_that_look_alike_have_one_key);
	tcase_add_test(tests, ordinary_names_are_accepted);
	tcase_add_test(tests, a_bad_room_name_gets_a_sentence);
	tcase_add_test(tests, a_bad_nick_gets_a_sentence);
	tcase_add_test(tests,
	    a_nick_is_more_than_punctuation_but_that_of_a_peer);
	tcase_add_test(tests, names_end_where_the_limits_stand);
	tcase_add_test(tests,
	    a_name_is_composed_and_freed_of_what_nobody_sees);
	tcase_add_test(tests,
	    two_people_have_one_direct_room_and_it_is_theirs_alone);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
