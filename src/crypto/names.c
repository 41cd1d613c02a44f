#include "crypto/names.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "base/bytes.h"
#include "base/die.h"
#include "base/limits.h"
#include "base/utf8.h"

enum { PROBLEM = 256 };

void
names_network_tag(const char *network, uint8_t tag[static NETWORK_TAG_BYTES])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	struct bytes input;

	bytes_init(&input);
	bytes_append_text(&input, "dchat net");
	bytes_append_text(&input, network);
	SHA256(input.data, input.size, digest);
	memcpy(tag, digest, NETWORK_TAG_BYTES);
	bytes_free(&input);
}

/* casefold(NFKC(name)), in NFKC again; to be freed */
static uint8_t *
fold(const char *name, size_t *size)
{
	uint8_t *composed, *folded;

	composed = u8_normalize(UNINORM_NFKC, (const uint8_t *)name,
	    strlen(name), NULL, size);
	if (composed == NULL)
		die("There is no memory left.");
	folded = u8_casefold(composed, *size, NULL, UNINORM_NFKC, NULL, size);
	if (folded == NULL)
		die("There is no memory left.");
	free(composed);
	return folded;
}

void
names_room_id(const uint8_t tag[static NETWORK_TAG_BYTES], const char *room,
    struct id *id)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	struct bytes input;
	size_t size;
	uint8_t *folded = fold(room, &size);

	bytes_init(&input);
	bytes_append_text(&input, "dchat room");
	bytes_append(&input, tag, NETWORK_TAG_BYTES);
	bytes_append(&input, folded, size);
	SHA256(input.data, input.size, digest);
	memcpy(id->bytes, digest, ID_BYTES);
	bytes_free(&input);
	free(folded);
}

void
names_direct_id(const uint8_t tag[static NETWORK_TAG_BYTES],
    const struct id *one, const struct id *other, struct id *id)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	bool ascending = id_compare(one, other) < 0;
	struct bytes input;

	bytes_init(&input);
	bytes_append_text(&input, "dchat dm");
	bytes_append(&input, tag, NETWORK_TAG_BYTES);
	bytes_append(&input, ascending ? one : other, ID_BYTES);
	bytes_append(&input, ascending ? other : one, ID_BYTES);
	SHA256(input.data, input.size, digest);
	memcpy(id->bytes, digest, ID_BYTES);
	bytes_free(&input);
}

/* What a letter is taken for; ascending.  Lower case: folded before. */
static const struct {
	uint32_t point;
	const char *latin;
} confusables[] = {
	{ '0', "o" }, { '1', "l" }, { '|', "l" },
	{ 0x00df, "ss" },
	{ 0x0131, "i" },	/* dotless i */
	{ 0x0251, "a" }, { 0x0261, "g" }, { 0x0269, "i" },
	{ 0x03b1, "a" }, { 0x03b3, "y" }, { 0x03b9, "i" },	/* Greek */
	{ 0x03bd, "v" }, { 0x03bf, "o" }, { 0x03c1, "p" },
	{ 0x03c5, "u" },
	{ 0x0430, "a" }, { 0x0435, "e" }, { 0x043e, "o" },	/* Cyrillic */
	{ 0x0440, "p" }, { 0x0441, "c" }, { 0x0443, "y" },
	{ 0x0445, "x" }, { 0x0455, "s" }, { 0x0456, "i" },
	{ 0x0458, "j" }, { 0x0475, "v" }, { 0x04bb, "h" },
	{ 0x04cf, "l" }, { 0x0501, "d" }, { 0x051b, "q" },
	{ 0x051d, "w" },
	{ 0x0561, "w" }, { 0x0566, "q" }, { 0x056f, "u" },	/* Armenian */
	{ 0x0570, "h" }, { 0x0578, "n" }, { 0x057d, "u" },
	{ 0x0581, "g" }, { 0x0584, "f" }, { 0x0585, "o" },
	{ 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" },
	{ 0x2013, "-" }, { 0x2212, "-" },
	{ 0x2044, "/" }, { 0x2215, "/" },
};

static const char *
latin_of(uint32_t point)
{
	size_t low = 0, high = sizeof confusables / sizeof confusables[0];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (confusables[middle].point == point)
			return confusables[middle].latin;
		if (confusables[middle].point < point)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Two letters that read as one. */
static void
append_joined(struct bytes *skeleton, const char *text, size_t size)
{
	uint8_t *last;

	bytes_append(skeleton, text, size);
	if (skeleton->size < 2)
		return;
	last = skeleton->data + skeleton->size - 2;
	if ((last[0] == 'r' && last[1] == 'n') ||
	    (last[0] == 'v' && last[1] == 'v')) {
		last[0] = last[0] == 'r' ? 'm' : 'w';
		skeleton->size--;
	}
}

void
names_nick_key(const char *nick, struct id *key)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	size_t size, length;
	uint8_t *folded = fold(nick, &size);
	struct bytes input;
	uint32_t point;

	bytes_init(&input);
	bytes_append_text(&input, "dchat nick ");
	for (size_t at = 0; at < size; at += length) {
		const char *rest = (const char *)folded + at, *latin;

		length = utf8_decode(rest, size - at, &point);
		if (length == 0)
			break;
		latin = latin_of(point);
		if (latin != NULL)
			append_joined(&input, latin, strlen(latin));
		else
			append_joined(&input, rest, length);
	}
	SHA256(input.data, input.size, digest);
	memcpy(key->bytes, digest, ID_BYTES);
	bytes_free(&input);
	free(folded);
}

static bool
is_invisible(uint32_t point)
{
	return uc_is_property_default_ignorable_code_point(point);
}

static bool
is_wordly(uint32_t point)
{
	return !uc_is_property_white_space(point) && !is_invisible(point) &&
	    !uc_is_property_not_a_character(point) &&
	    !uc_is_general_category_withtable(point,
		UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf);
}

/* What holds for every kind of name; subject as in "A nick". */
static bool
check(const char *name, const char *subject, size_t limit,
    char problem[static PROBLEM])
{
	size_t size = strlen(name);
	uint32_t point;

	if (size == 0) {
		snprintf(problem, PROBLEM, "%s must not be empty.", subject);
		return false;
	}
	if (size > limit) {
		snprintf(problem, PROBLEM, "%s holds at most %zu bytes; this "
		    "one has %zu.", subject, limit, size);
		return false;
	}
	if (!utf8_valid(name, size)) {
		snprintf(problem, PROBLEM, "%s must be valid UTF-8.", subject);
		return false;
	}
	while (*name != '\0') {
		name += utf8_decode(name, strlen(name), &point);
		if (!is_wordly(point)) {
			snprintf(problem, PROBLEM, "%s must not hold white "
			    "space, control or invisible characters "
			    "(U+%04X).", subject, (unsigned)point);
			return false;
		}
	}
	return true;
}

bool
names_check_network(const char *name, char problem[256])
{
	char unread[PROBLEM];

	return check(name, "A network name", LIMIT_NETWORK_NAME,
	    problem != NULL ? problem : unread);
}

bool
names_check_room(const char *name, char problem[256])
{
	char unread[PROBLEM];

	if (problem == NULL)
		problem = unread;
	if (name[0] != '#' || name[1] == '\0') {
		snprintf(problem, PROBLEM, "A room name is '#' and at least "
		    "one character, like #lobby.");
		return false;
	}
	if (!check(name, "A room name", LIMIT_ROOM_NAME, problem))
		return false;
	if (strchr(name, ',') != NULL) {
		snprintf(problem, PROBLEM, "A room name must not hold a "
		    "comma.");
		return false;
	}
	return true;
}

bool
names_check_peer_nick(const char *nick, char problem[256])
{
	char unread[PROBLEM];

	if (problem == NULL)
		problem = unread;
	if (!check(nick, "A nick", LIMIT_NICK, problem))
		return false;
	if (utf8_points(nick) > LIMIT_NICK_POINTS) {
		snprintf(problem, PROBLEM, "A nick holds at most %d "
		    "characters; this one has %zu.", LIMIT_NICK_POINTS,
		    utf8_points(nick));
		return false;
	}
	if (nick[0] == '#' || nick[0] == '@') {
		snprintf(problem, PROBLEM, "A nick must not begin with '%c'.",
		    nick[0]);
		return false;
	}
	/* max~ab12 is how one without a claim is shown. */
	if (strchr(nick, '~') != NULL) {
		snprintf(problem, PROBLEM, "A nick must not hold '~'.");
		return false;
	}
	return true;
}

/* "-", "...", "^^", a lone accent; emoji and the like are more than that. */
static bool
is_punctuation(const char *text)
{
	uint32_t point;

	while (*text != '\0') {
		text += utf8_decode(text, strlen(text), &point);
		if (point < 0x80
			? (point >= '0' && point <= '9') ||
			    (point >= 'A' && point <= 'Z') ||
			    (point >= 'a' && point <= 'z')
			: !uc_is_general_category_withtable(point,
			      UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_M))
			return false;
	}
	return true;
}

bool
names_check_nick(const char *nick, char problem[256])
{
	char unread[PROBLEM];

	if (problem == NULL)
		problem = unread;
	if (!names_check_peer_nick(nick, problem))
		return false;
	if (is_punctuation(nick)) {
		snprintf(problem, PROBLEM, "A nick must be more than "
		    "punctuation; give it a letter, like ana.");
		return false;
	}
	return true;
}

char *
names_normalize(const char *name)
{
	struct bytes visible;
	size_t size = strlen(name), length;
	uint32_t point;
	char *composed;

	if (!utf8_valid(name, size))
		return NULL;
	bytes_init(&visible);
	for (; *name != '\0'; name += length, size -= length) {
		length = utf8_decode(name, size, &point);
		if (!is_invisible(point))
			bytes_append(&visible, name, length);
	}
	bytes_append(&visible, "", 1);
	composed = (char *)u8_normalize(UNINORM_NFC, visible.data,
	    visible.size, NULL, &length);
	if (composed == NULL)
		die("There is no memory left.");
	bytes_free(&visible);
	return composed;
}
