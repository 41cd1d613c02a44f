#include "tui/theme.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Colours as numbers of the xterm palette; OWN: the terminal's own. */
enum { OWN = -1 };

static const struct marks marks_utf8 = {
	.horizontal = "─",
	.vertical = "│",
	.top_left = "┌",
	.top_right = "┐",
	.bottom_left = "└",
	.bottom_right = "┘",
	.tee_down = "┬",
	.tee_up = "┴",
	.leader = "★",
	.suspect = "?",
	.activity = "●",
	.steady = "●",
	.dot = "·",
	.dash = "—",
	.more = "↓",
	.action = "*",
	.notice = "▸",
	.pending = "…",
	.sent = "✓",
	.everybody = "✓✓",
	.late = "↑",
	.gap = "¿",
	.self = "◆",
	.linked = "●",
	.unlinked = "○",
	.gone = "x",
	.curve = "·",
	.chord = "·",
	.levels = { "▁", "▂", "▃", "▅", "▇" },
};

static const struct marks marks_ascii = {
	.horizontal = "-",
	.vertical = "|",
	.top_left = "+",
	.top_right = "+",
	.bottom_left = "+",
	.bottom_right = "+",
	.tee_down = "+",
	.tee_up = "+",
	.leader = "*",
	.suspect = "?",
	.activity = "!",
	.steady = "o",
	.dot = "-",
	.dash = "--",
	.more = "v",
	.action = "*",
	.notice = ">",
	.pending = ".",
	.sent = "+",
	.everybody = "++",
	.late = "^",
	.gap = "?",
	.self = "@",
	.linked = "o",
	.unlinked = "-",
	.gone = "x",
	.curve = ".",
	.chord = ".",
	.levels = { "_", ".", "-", "=", "#" },
};

/*
 * One row a style: its attributes (bold, dim, reverse, italic), and its
 * colours: where there are 8, where there are 16, and where there are 256
 * on a dark and on a light background.
 */
static const struct design {
	enum style style;
	const char *attributes;
	short of8, of16, dark, light;
} designs[] = {
	{ STYLE_PLAIN, "", OWN, OWN, OWN, OWN },
	{ STYLE_DIM, "d", OWN, 8, 245, 241 },
	{ STYLE_BORDER, "d", OWN, 8, 240, 249 },
	{ STYLE_TITLE, "b", OWN, OWN, OWN, OWN },
	{ STYLE_TOPIC, "", OWN, OWN, 250, 239 },
	{ STYLE_CURRENT, "r", OWN, OWN, OWN, OWN },
	{ STYLE_ACTIVE, "b", OWN, OWN, OWN, OWN },
	{ STYLE_MENTION, "b", COLOR_YELLOW, 11, 215, 94 },
	{ STYLE_LEADER, "b", COLOR_YELLOW, 11, 221, 58 },
	{ STYLE_SUSPECT, "", COLOR_YELLOW, 3, 179, 94 },
	{ STYLE_GOOD, "", COLOR_GREEN, 2, 114, 22 },
	{ STYLE_BUSY, "b", COLOR_YELLOW, 3, 221, 94 },
	{ STYLE_BAD, "b", COLOR_RED, 9, 203, 160 },
	{ STYLE_ACTION, "i", OWN, OWN, OWN, OWN },
	{ STYLE_NOTICE, "", COLOR_CYAN, 6, 109, 24 },
	{ STYLE_ERROR, "b", COLOR_RED, 9, 203, 160 },
	{ STYLE_UNREAD, "", COLOR_RED, 9, 173, 94 },
	{ STYLE_PROMPT, "b", OWN, OWN, OWN, OWN },
	{ STYLE_KEY, "b", COLOR_CYAN, 14, 117, 25 },
};

/* What the terminal can do, and the pairs given out so far. */
struct palette {
	int colours;		/* 0, 8, 16, 256; more: direct */
	bool light;
	int pairs;
};

/* The xterm palette's colour 16..255 as red, green, blue of 0..255. */
static void
palette_rgb(int colour, int rgb[3])
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };

	if (colour >= 232) {
		rgb[0] = rgb[1] = rgb[2] = 8 + (colour - 232) * 10;
		return;
	}
	colour -= 16;
	rgb[0] = steps[colour / 36];
	rgb[1] = steps[colour / 6 % 6];
	rgb[2] = steps[colour % 6];
}

static double
channel_light(int value)
{
	double v = value / 255.0;

	/* the sRGB curve, near enough without pow(): v^2.2 by v^2 and v^3 */
	return 0.8 * v * v + 0.2 * v * v * v;
}

static double
relative_luminance(const int rgb[3])
{
	return 0.2126 * channel_light(rgb[0]) +
	    0.7152 * channel_light(rgb[1]) + 0.0722 * channel_light(rgb[2]);
}

static int
palette_pair(struct palette *palette, int colour)
{
	int number = colour;

	if (colour == OWN || palette->pairs + 1 >= COLOR_PAIRS)
		return 0;
	if (palette->colours > 256 && colour >= 16) {
		int rgb[3];

		palette_rgb(colour, rgb);
		number = rgb[0] << 16 | rgb[1] << 8 | rgb[2];
	}
	palette->pairs++;
	if (init_extended_pair(palette->pairs, number, OWN) == ERR)
		return 0;
	return palette->pairs;
}

static void
theme_style(struct theme *theme, struct palette *palette,
    const struct design *design)
{
	struct look *look = &theme->looks[design->style];
	int colour = palette->colours >= 256
	    ? (palette->light ? design->light : design->dark)
	    : palette->colours >= 16 ? design->of16
	    : palette->colours >= 8  ? design->of8
				     : OWN;

	*look = (struct look){
		.bold = strchr(design->attributes, 'b') != NULL,
		/* a grey is better than what terminals make of "dim" */
		.dim = colour == OWN && strchr(design->attributes, 'd') != NULL,
		.reverse = strchr(design->attributes, 'r') != NULL,
		.italic = strchr(design->attributes, 'i') != NULL,
		.pair = palette_pair(palette, colour),
	};
}

static void
theme_add_nick(struct theme *theme, struct palette *palette, int colour,
    bool bold)
{
	theme->looks[STYLE_NICK + theme->nicks++] = (struct look){
		.bold = bold,
		.pair = palette_pair(palette, colour),
	};
}

/* Colours of the cube that are colourful and readable. */
static void
theme_nicks_256(struct theme *theme, struct palette *palette)
{
	/* few backgrounds are quite black or white: #1c1c1c, #f5f5f5 */
	double background = palette->light ? 0.913 : 0.0116;

	for (int colour = 16; colour < 232; colour++) {
		int rgb[3], most, least;
		double own, contrast;

		palette_rgb(colour, rgb);
		most = rgb[0] > rgb[1] ? rgb[0] : rgb[1];
		most = most > rgb[2] ? most : rgb[2];
		least = rgb[0] < rgb[1] ? rgb[0] : rgb[1];
		least = least < rgb[2] ? least : rgb[2];
		own = relative_luminance(rgb);
		contrast = palette->light ? (background + 0.05) / (own + 0.05)
					  : (own + 0.05) / (background + 0.05);
		if (most - least >= 80 && least >= (palette->light ? 0 : 95) &&
		    contrast >= 4.7 && contrast <= 13 &&
		    theme->nicks < THEME_NICKS)
			theme_add_nick(theme, palette, colour, false);
	}
}

static void
theme_nicks(struct theme *theme, struct palette *palette)
{
	/* red is for trouble, blue is unreadable on many black screens */
	static const short few[] = { COLOR_GREEN, COLOR_YELLOW, COLOR_MAGENTA,
		COLOR_CYAN };
	static const short bright[] = { 10, 11, 12, 13, 14 };

	theme->nicks = 0;
	if (palette->colours >= 256) {
		theme_nicks_256(theme, palette);
		return;
	}
	if (palette->colours < 8) {
		theme_add_nick(theme, palette, OWN, true);
		return;
	}
	for (size_t i = 0; i < sizeof few / sizeof *few; i++)
		theme_add_nick(theme, palette, few[i], false);
	for (size_t i = 0; i < sizeof bright / sizeof *bright; i++)
		if (palette->colours >= 16 && !palette->light)
			theme_add_nick(theme, palette, bright[i], false);
}

/* "15;0": white on black, as several terminals tell. */
static bool
background_is_light(enum theme_ground ground)
{
	const char *value = getenv("COLORFGBG");
	const char *last = value != NULL ? strrchr(value, ';') : NULL;

	if (ground != GROUND_UNKNOWN)
		return ground == GROUND_LIGHT;
	return last != NULL &&
	    (strcmp(last, ";7") == 0 || strcmp(last, ";15") == 0);
}

/* Who asks for colours gets them, whatever NO_COLOR says. */
static bool
colours_are_wanted(enum theme_choice choice)
{
	const char *no_color = getenv("NO_COLOR");

	return choice == THEME_AUTO ? no_color == NULL || *no_color == '\0'
				    : choice != THEME_NONE;
}

void
theme_init(struct theme *theme, bool ascii, enum theme_choice choice,
    enum theme_ground ground)
{
	struct palette palette = { .light = choice == THEME_AUTO
		    ? background_is_light(ground)
		    : choice == THEME_LIGHT };

	/* without it, curses would paint its own idea of black and white */
	if (has_colors() && use_default_colors() == OK &&
	    colours_are_wanted(choice))
		palette.colours = COLORS;
	*theme = (struct theme){
		.ascii = ascii,
		.marks = ascii ? marks_ascii : marks_utf8,
	};
	for (size_t i = 0; i < sizeof designs / sizeof *designs; i++)
		theme_style(theme, &palette, &designs[i]);
	theme_nicks(theme, &palette);
}

/* Light is where black has the better contrast: WCAG 2. */
enum theme_ground
theme_ground_of(uint32_t colour)
{
	const int rgb[] = { (int)(colour >> 16 & 255),
		(int)(colour >> 8 & 255), (int)(colour & 255) };

	return relative_luminance(rgb) > 0.18 ? GROUND_LIGHT : GROUND_DARK;
}

int
theme_nick_style(const struct theme *theme, const struct id *id)
{
	uint64_t hash = hash_finish(
	    hash_bytes(HASH_START, id->bytes, sizeof id->bytes));

	return STYLE_NICK + (int)(hash % theme->nicks);
}
