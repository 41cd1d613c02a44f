#include "tui/keys.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "base/utf8.h"

enum {
	BEL = 0x07,
	ESC = 0x1b,
	SEQUENCE_MAX = 128, /* longer ones are skipped as they come */
	MOUSE_MOST = 1 << 15, /* rows, or columns */

	/* Codes that never leave this file. */
	NOTHING = KEYS_READY + 1, /* swallowed */
	PASTE_START,
};

static const char PASTE_END[] = "\033[201~";
static const char ANSWER[] = "\033]11;";

void
keys_init(struct keys *keys)
{
	*keys = (struct keys){ 0 };
	bytes_init(&keys->input);
	bytes_init(&keys->paste);
}

void
keys_free(struct keys *keys)
{
	bytes_free(&keys->input);
	bytes_free(&keys->paste);
}

static void
set(struct key *key, uint32_t code, unsigned modifiers)
{
	key->code = code;
	key->modifiers = modifiers;
}

/* -- one key from the bytes; each returns the bytes it took, 0: more ---- */

static size_t
parse_control(const uint8_t *b, struct key *key)
{
	switch (b[0]) {
	case '\r': set(key, KEYS_ENTER, 0); break;
	case '\t': set(key, KEYS_TAB, 0); break;
	case 0x7f: set(key, KEYS_BACKSPACE, 0); break;
	default:
		set(key,
		    b[0] >= 1 && b[0] <= 26 ? b[0] + 'a' - 1U : b[0] + '@' + 0U,
		    KEYS_CTRL);
	}
	return 1;
}

static size_t
parse_utf8(const uint8_t *b, size_t n, struct key *key)
{
	size_t length = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	uint32_t point;
	size_t i;

	set(key, NOTHING, 0);
	if (b[0] < 0xc2 || b[0] > 0xf4)
		return 1;
	for (i = 1; i < length && i < n; i++)
		if ((b[i] & 0xc0) != 0x80)
			return i;
	if (n < length)
		return 0;
	if (utf8_decode((const char *)b, length, &point) > 0)
		set(key, point, 0);
	return length;
}

static unsigned
modifiers_of(unsigned parameter)
{
	unsigned bits = parameter > 0 ? parameter - 1 : 0;

	return (bits & 1 ? KEYS_SHIFT : 0) | (bits & (2 | 8) ? KEYS_ALT : 0) |
	    (bits & 4 ? KEYS_CTRL : 0);
}

/* A key that is told by its code point: CSI u, modifyOtherKeys. */
static void
set_point(struct key *key, unsigned point, unsigned modifiers)
{
	switch (point) {
	case 8:
	case 127: set(key, KEYS_BACKSPACE, modifiers); return;
	case 9: set(key, KEYS_TAB, modifiers); return;
	case 13: set(key, KEYS_ENTER, modifiers); return;
	case 27: set(key, KEYS_ESCAPE, modifiers); return;
	}
	/* Kitty's keys without a character are in the private use area. */
	if (point >= ' ' && point < KEYS_FIRST &&
	    !(point >= 0xd800 && point <= 0xf8ff))
		set(key, point, modifiers);
}

static void
set_tilde(struct key *key, unsigned number, unsigned modifiers)
{
	static const uint32_t codes[] = {
		[1] = KEYS_HOME,
		[2] = KEYS_INSERT,
		[3] = KEYS_DELETE,
		[4] = KEYS_END,
		[5] = KEYS_PAGE_UP,
		[6] = KEYS_PAGE_DOWN,
		[7] = KEYS_HOME,
		[8] = KEYS_END,
		[11] = KEYS_F1,
		[12] = KEYS_F1 + 1,
		[13] = KEYS_F1 + 2,
		[14] = KEYS_F1 + 3,
		[15] = KEYS_F1 + 4,
		[17] = KEYS_F1 + 5,
		[18] = KEYS_F1 + 6,
		[19] = KEYS_F1 + 7,
		[20] = KEYS_F1 + 8,
		[21] = KEYS_F1 + 9,
		[23] = KEYS_F1 + 10,
		[24] = KEYS_F12,
		[200] = PASTE_START,
	};

	if (number < sizeof codes / sizeof codes[0] && codes[number] != 0)
		set(key, codes[number], modifiers);
}

/* What CSI and SS3 have in common. */
static void
set_letter(struct key *key, uint8_t letter, unsigned modifiers)
{
	switch (letter) {
	case 'A': set(key, KEYS_UP, modifiers); break;
	case 'B': set(key, KEYS_DOWN, modifiers); break;
	case 'C': set(key, KEYS_RIGHT, modifiers); break;
	case 'D': set(key, KEYS_LEFT, modifiers); break;
	case 'F': set(key, KEYS_END, modifiers); break;
	case 'H': set(key, KEYS_HOME, modifiers); break;
	case 'P':
	case 'Q':
	case 'R':
	case 'S': set(key, KEYS_F1 + letter - 'P', modifiers); break;
	case 'M': set(key, KEYS_ENTER, modifiers); break;
	}
}

static void
set_csi(struct key *key, const unsigned parameters[3], bool bare, uint8_t last)
{
	unsigned modifiers = modifiers_of(parameters[1]);

	switch (last) {
	case '~':
		if (parameters[0] == 27)
			set_point(key, parameters[2], modifiers);
		else
			set_tilde(key, parameters[0], modifiers);
		break;
	case '^': /* rxvt */ set_tilde(key, parameters[0], KEYS_CTRL); break;
	case '@': set_tilde(key, parameters[0], KEYS_CTRL | KEYS_SHIFT); break;
	case 'a':
	case 'b':
	case 'c':
	case 'd': set_letter(key, last - 'a' + 'A', KEYS_SHIFT); break;
	case 'u': set_point(key, parameters[0], modifiers); break;
	case 'Z': set(key, KEYS_TAB, modifiers | KEYS_SHIFT); break;
	case 'I':
	case 'O':
		if (bare)
			set(key, last == 'I' ? KEYS_FOCUS_IN : KEYS_FOCUS_OUT,
			    0);
		break;
	case 'n':
		if (!bare && parameters[0] == 0)
			set(key, KEYS_READY, 0);
		break;
	case 'M': break;
	default: set_letter(key, last, modifiers);
	}
}

static void
read_parameters(const uint8_t *b, size_t n, unsigned parameters[3])
{
	size_t at = 0, i;
	bool sub = false;

	for (i = 0; i < n && at < 3; i++) {
		if (b[i] == ';') {
			at++;
			sub = false;
		} else if (b[i] == ':') {
			sub = true;
		} else if (!sub && parameters[at] < 0x110000) {
			parameters[at] = parameters[at] * 10 + (b[i] - '0');
		}
	}
}

/* "CSI < button ; column ; row M": a button goes down; "m" is its going up.
 * Bits of the button tell of Shift and the like. */
static void
set_mouse(struct key *key, const unsigned parameters[3], uint8_t last)
{
	unsigned modifiers = parameters[0] >> 2 & 7;

	/* 0 is no place, and neither is what no screen has (a "+" between) */
	if (last != 'M' || parameters[1] - 1U >= MOUSE_MOST ||
	    parameters[2] - 1U >= MOUSE_MOST)
		return;
	switch (parameters[0] & ~28U) {
	case 0: key->mouse.button = MOUSE_LEFT; break;
	case 64: key->mouse.button = MOUSE_UP; break;
	case 65: key->mouse.button = MOUSE_DOWN; break;
	default: return;
	}
	key->mouse.column = (int)parameters[1] - 1;
	key->mouse.row = (int)parameters[2] - 1;
	set(key, KEYS_MOUSE, modifiers);
}

static size_t
parse_csi(const uint8_t *b, size_t n, struct key *key)
{
	unsigned parameters[3] = { 0 };
	size_t i = 2;
	bool private;

	if (n == 2)
		return 0;
	if (b[2] == 'M') /* X10 mouse report */
		return n < 6 ? 0 : 6;
	if (b[2] == '[') { /* Linux console */
		if (n == 3)
			return 0;
		if (b[3] >= 'A' && b[3] <= 'E')
			set(key, KEYS_F1 + b[3] - 'A', 0);
		return 4;
	}
	private = b[2] >= '<' && b[2] <= '?';
	while (i < n && b[i] >= 0x20 && b[i] < 0x40)
		i++;
	if (i == n)
		return 0;
	if (b[i] < 0x40 || b[i] > 0x7e)
		return i; /* broken off: its next byte starts anew */
	if (b[2] == '<') {
		read_parameters(b + 3, i - 3, parameters);
		set_mouse(key, parameters, b[i]);
		return i + 1;
	}
	if (private || (i > 2 && b[i - 1] < 0x30))
		return i + 1;
	read_parameters(b + 2, i - 2, parameters);
	set_csi(key, parameters, i == 2, b[i]);
	return i + 1;
}

static size_t
parse_ss3(const uint8_t *b, size_t n, struct key *key)
{
	unsigned modifiers = 0;
	size_t i = 2;

	if (i < n && b[i] >= '1' && b[i] <= '8')
		modifiers = modifiers_of(b[i++] - '0' + 0U);
	if (i >= n)
		return 0;
	if (b[i] < 0x20 || b[i] > 0x7e)
		return i;
	if (b[i] >= 'a' && b[i] <= 'd') /* rxvt */
		set_letter(key, b[i] - 'a' + 'A', KEYS_CTRL);
	else
		set_letter(key, b[i], modifiers);
	return i + 1;
}

static size_t
parse_plain(const uint8_t *b, size_t n, struct key *key)
{
	if (b[0] < 0x20 || b[0] == 0x7f)
		return parse_control(b, key);
	if (b[0] >= 0x80)
		return parse_utf8(b, n, key);
	set(key, b[0], 0);
	return 1;
}

static size_t
parse_escape(const uint8_t *b, size_t n, struct key *key)
{
	size_t taken;

	if (n == 1)
		return 0;
	if (b[1] == '[')
		return parse_csi(b, n, key);
	if (b[1] == 'O')
		return parse_ss3(b, n, key);
	if (b[1] == ESC) {
		if (n == 2)
			return 0;
		if (b[2] != '[' && b[2] != 'O') {
			set(key, KEYS_ESCAPE, 0);
			return 1;
		}
		taken = parse_escape(b + 1, n - 1, key);
	} else {
		taken = parse_plain(b + 1, n - 1, key);
	}
	key->modifiers |= KEYS_ALT;
	return taken > 0 ? taken + 1 : 0;
}

/* The bytes stop in the middle of a key, and no more will come. */
static size_t
parse_unfinished(const uint8_t *b, size_t n, struct key *key)
{
	set(key, NOTHING, 0);
	if (b[0] != ESC)
		return n;
	if (n == 1 || b[1] == ESC) {
		set(key, KEYS_ESCAPE, 0);
		return 1;
	}
	if (n == 2 && (b[1] == '[' || b[1] == 'O'))
		set(key, b[1], KEYS_ALT);
	return n;
}

/* -- the stream -------------------------------------------------------- */

void
keys_feed(struct keys *keys, const void *bytes, size_t size)
{
	if (keys->at > 0) {
		keys->input.size -= keys->at;
		memmove(keys->input.data, keys->input.data + keys->at,
		    keys->input.size);
		keys->at = 0;
	}
	bytes_append(&keys->input, bytes, size);
	keys->flushed = false;
}

static void
add_paste(struct keys *keys, const uint8_t *bytes, size_t size)
{
	size_t room = KEYS_PASTE_MAX - keys->paste.size;

	if (size > room) {
		keys->paste_cut = true;
		size = room;
	}
	bytes_append(&keys->paste, bytes, size);
}

/* Lines end with LF, there is no NUL, and it is UTF-8. */
static void
finish_paste(struct keys *keys, struct key *key)
{
	const char *raw = (const char *)keys->paste.data;
	size_t size = keys->paste.size, at, n;
	struct bytes clean;
	uint32_t point;

	bytes_init(&clean);
	for (at = 0; at < size; at += n) {
		n = utf8_decode(raw + at, size - at, &point);
		if (n == 0) {
			/* A character that the cap cut is no error. */
			if (!keys->paste_cut || size - at > 3)
				bytes_append_text(&clean, "\xef\xbf\xbd");
			n = 1;
		} else if (point == '\r') {
			bytes_append_text(&clean, "\n");
			if (at + 1 < size && raw[at + 1] == '\n')
				n = 2;
		} else if (point != 0) {
			bytes_append(&clean, raw + at, n);
		}
	}
	bytes_append(&clean, "", 1);
	bytes_free(&keys->paste);
	keys->paste = clean;
	set(key, KEYS_PASTE, 0);
	key->paste = (const char *)clean.data;
	key->paste_size = clean.size - 1;
	key->paste_cut = keys->paste_cut;
	keys->pasting = false;
}

/* The bytes at the end that may be the start of the end marker. */
static size_t
marker_started(const uint8_t *b, size_t n)
{
	size_t length = sizeof PASTE_END - 2;

	for (length = length < n ? length : n; length > 0; length--)
		if (memcmp(b + n - length, PASTE_END, length) == 0)
			break;
	return length;
}

static bool
next_of_paste(struct keys *keys, struct key *key)
{
	const uint8_t *b = keys->input.data + keys->at, *end;
	size_t n = keys->input.size - keys->at, take;

	end = n > 0 ? memmem(b, n, PASTE_END, sizeof PASTE_END - 1) : NULL;
	if (end) {
		add_paste(keys, b, (size_t)(end - b));
		keys->at += (size_t)(end - b) + sizeof PASTE_END - 1;
		finish_paste(keys, key);
		return true;
	}
	take = n - marker_started(b, n);
	add_paste(keys, b, take);
	keys->at += take;
	return false;
}

static void
skip(struct keys *keys)
{
	while (keys->skipping && keys->at < keys->input.size) {
		uint8_t byte = keys->input.data[keys->at];

		if (byte >= 0x20 && byte < 0x40) {
			keys->at++;
			continue;
		}
		keys->skipping = false;
		if (byte >= 0x40 && byte <= 0x7e)
			keys->at++;
	}
}

/* An answer, or as much of the start of one as is there. */
static bool
answer_begins(const struct keys *keys, const uint8_t *b, size_t n)
{
	size_t length = sizeof ANSWER - 1;

	return keys->expecting && n > 1 &&
	    memcmp(b, ANSWER, n < length ? n : length) == 0;
}

/* "rgb:ffff/8000/0" with one to four digits each; also rgba. */
static bool
read_colour(const uint8_t *b, size_t n, uint32_t *colour)
{
	const uint8_t *at = memchr(b, ':', n), *end = b + n;
	unsigned channels = 0;

	*colour = 0;
	while (at != NULL && ++at < end && channels < 3) {
		uint32_t value = 0, most = 0;

		for (; at < end && most < 0xffff && isxdigit(*at); at++) {
			value = value << 4 |
			    (uint32_t)(isdigit(*at) ? *at - '0'
						    : (*at | 0x20) - 'a' + 10);
			most = most << 4 | 0xf;
		}
		if (most == 0 || (at < end && *at != '/'))
			return false;
		*colour = *colour << 8 | value * 255 / most;
		channels++;
	}
	return channels == 3;
}

/* Ends with BEL or ESC \; what is no colour or has no end is swallowed. */
static size_t
parse_answer(struct keys *keys, const uint8_t *b, size_t n, struct key *key)
{
	size_t end = sizeof ANSWER - 1;

	while (end < n && b[end] != BEL && b[end] != ESC)
		end++;
	if (n <= SEQUENCE_MAX && (end >= n || (b[end] == ESC && end + 1 == n)))
		return 0;
	keys->expecting = false;
	if (end >= n)
		return n;
	if (read_colour(b, end, &key->colour))
		set(key, KEYS_BACKGROUND, 0);
	return end + (b[end] == ESC && b[end + 1] == '\\' ? 2 : b[end] == BEL);
}

void
keys_expect(struct keys *keys)
{
	keys->expecting = true;
}

static bool
next_of_input(struct keys *keys, struct key *key)
{
	const uint8_t *b = keys->input.data + keys->at;
	size_t n = keys->input.size - keys->at, taken;

	set(key, NOTHING, 0);
	if (answer_begins(keys, b, n)) {
		taken = parse_answer(keys, b, n, key);
		keys->at += taken;
		return taken > 0;
	}
	taken = b[0] == ESC ? parse_escape(b, n, key) : parse_plain(b, n, key);
	if (taken == 0 && n > SEQUENCE_MAX) {
		keys->skipping = true;
		set(key, NOTHING, 0);
		taken = n;
	}
	if (taken == 0 && !keys->flushed)
		return false;
	if (taken == 0)
		taken = parse_unfinished(b, n, key);
	if (taken > sizeof key->bytes) {
		/* in pieces too long a one is skipped: whole as well */
		if (key->code != PASTE_START || taken > SEQUENCE_MAX)
			key->code = NOTHING;
	} else {
		memcpy(key->bytes, b, taken);
		key->size = taken;
	}
	keys->at += taken;
	return true;
}

bool
keys_next(struct keys *keys, struct key *key)
{
	for (;;) {
		*key = (struct key){ .code = NOTHING };
		if (keys->pasting)
			return next_of_paste(keys, key);
		skip(keys);
		if (keys->at == keys->input.size || !next_of_input(keys, key))
			return false;
		if (key->code == PASTE_START) {
			bytes_clear(&keys->paste);
			keys->pasting = true;
			keys->paste_cut = false;
		} else if (key->code != NOTHING) {
			return true;
		}
	}
}

bool
keys_waiting(const struct keys *keys)
{
	return !keys->pasting && keys->at < keys->input.size &&
	    !answer_begins(keys, keys->input.data + keys->at,
		keys->input.size - keys->at);
}

void
keys_flush(struct keys *keys)
{
	keys->flushed = true;
}

/* -- names ------------------------------------------------------------- */

static const struct key_name {
	const char *name;
	uint32_t code;
} names[] = {
	{ "Enter", KEYS_ENTER },
	{ "Tab", KEYS_TAB },
	{ "Backspace", KEYS_BACKSPACE },
	{ "Esc", KEYS_ESCAPE },
	{ "Up", KEYS_UP },
	{ "Down", KEYS_DOWN },
	{ "Right", KEYS_RIGHT },
	{ "Left", KEYS_LEFT },
	{ "Home", KEYS_HOME },
	{ "End", KEYS_END },
	{ "Insert", KEYS_INSERT },
	{ "Delete", KEYS_DELETE },
	{ "PgUp", KEYS_PAGE_UP },
	{ "PgDn", KEYS_PAGE_DOWN },
	{ "Space", ' ' },
};

enum { KEY_NAMES = sizeof names / sizeof names[0] };

static bool
starts_with(const char **name, size_t *size, const char *prefix)
{
	size_t length = strlen(prefix);

	if (*size <= length || strncasecmp(*name, prefix, length) != 0)
		return false;
	*name += length;
	*size -= length;
	return true;
}

static bool
parse_function_key(const char *name, size_t size, uint32_t *code)
{
	unsigned number = 0;
	size_t i;

	if (size < 2 || size > 3 || (name[0] != 'F' && name[0] != 'f'))
		return false;
	for (i = 1; i < size; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		number = number * 10 + (unsigned)(name[i] - '0');
	}
	*code = KEYS_F1 + number - 1;
	return number >= 1 && number <= 12;
}

bool
key_parse(const char *name, size_t size, uint32_t *code, unsigned *modifiers)
{
	size_t i;

	*modifiers = 0;
	for (;;) {
		if (starts_with(&name, &size, "Ctrl+"))
			*modifiers |= KEYS_CTRL;
		else if (starts_with(&name, &size, "Alt+"))
			*modifiers |= KEYS_ALT;
		else if (starts_with(&name, &size, "Shift+"))
			*modifiers |= KEYS_SHIFT;
		else
			break;
	}
	for (i = 0; i < KEY_NAMES; i++) {
		if (strlen(names[i].name) == size &&
		    strncasecmp(name, names[i].name, size) == 0) {
			*code = names[i].code;
			return true;
		}
	}
	if (parse_function_key(name, size, code))
		return true;
	if (size == 0 || utf8_decode(name, size, code) != size)
		return false;
	if (*code >= 'A' && *code <= 'Z')
		*code += 'a' - 'A';
	return *code > ' ' && *code != 0x7f;
}

void
key_format(uint32_t code, unsigned modifiers, char text[static KEY_TEXT])
{
	uint8_t letter[5] = "";
	size_t used = (size_t)snprintf(text, KEY_TEXT, "%s%s%s",
	    (modifiers & KEYS_CTRL) != 0 ? "Ctrl+" : "",
	    (modifiers & KEYS_ALT) != 0 ? "Alt+" : "",
	    (modifiers & KEYS_SHIFT) != 0 ? "Shift+" : "");
	size_t size = KEY_TEXT - used;
	char *end = text + used;

	for (size_t i = 0; i < KEY_NAMES; i++)
		if (names[i].code == code) {
			snprintf(end, size, "%s", names[i].name);
			return;
		}
	if (code >= KEYS_F1 && code <= KEYS_F12) {
		snprintf(end, size, "F%u", (unsigned)(code - KEYS_F1) + 1);
		return;
	}
	if (code >= 'a' && code <= 'z')
		code -= 'a' - 'A';
	if (code < KEYS_FIRST)
		u8_uctomb(letter, code, 4);
	snprintf(end, size, "%s", (const char *)letter);
}
