#include "tui/theme.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { OWN = INK_OWN };

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
 * on a dark and on a light background.  On a light one of fewer colours only
 * blue, magenta and red can be read.
 */
static const struct row {
	enum style style;
	const char *attributes;
	short of8, of16, light_few, dark, light;
} rows[] = {
	{ STYLE_PLAIN, "", OWN, OWN, OWN, OWN, OWN },
	{ STYLE_DIM, "d", OWN, 8, OWN, 245, 241 },
	{ STYLE_BORDER, "d", OWN, 8, OWN, 240, 249 },
	{ STYLE_TITLE, "b", OWN, OWN, OWN, OWN, OWN },
	{ STYLE_TOPIC, "", OWN, OWN, OWN, 250, 239 },
	{ STYLE_CURRENT, "r", OWN, OWN, OWN, OWN, OWN },
	{ STYLE_ACTIVE, "b", OWN, OWN, OWN, OWN, OWN },
	{ STYLE_MENTION, "b", COLOR_YELLOW, 11, COLOR_MAGENTA, 215, 94 },
	{ STYLE_LEADER, "b", COLOR_YELLOW, 11, COLOR_BLUE, 221, 58 },
	{ STYLE_SUSPECT, "", COLOR_YELLOW, 3, COLOR_MAGENTA, 179, 94 },
	{ STYLE_GOOD, "", COLOR_GREEN, 2, COLOR_BLUE, 114, 22 },
	{ STYLE_BUSY, "b", COLOR_YELLOW, 3, COLOR_MAGENTA, 221, 94 },
	{ STYLE_BAD, "b", COLOR_RED, 9, COLOR_RED, 203, 160 },
	{ STYLE_ACTION, "i", OWN, OWN, OWN, OWN, OWN },
	{ STYLE_NOTICE, "", COLOR_CYAN, 6, COLOR_BLUE, 109, 24 },
	{ STYLE_ERROR, "b", COLOR_RED, 9, COLOR_RED, 203, 160 },
	{ STYLE_UNREAD, "", COLOR_RED, 9, COLOR_RED, 173, 94 },
	{ STYLE_PROMPT, "b", OWN, OWN, OWN, OWN, OWN },
	{ STYLE_KEY, "b", COLOR_CYAN, 14, COLOR_BLUE, 117, 25 },
};

/* What the terminal can do, and the pairs given out so far. */
struct palette {
	int colours;		/* 0, 8, 16, 256; more: direct */
	bool light;
	int pairs;
};

/* The sixteen colours as xterm has them; people may have others. */
static const int basic[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
	0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };

static void
rgb_split(int colour, int rgb[3])
{
	rgb[0] = colour >> 16 & 255;
	rgb[1] = colour >> 8 & 255;
	rgb[2] = colour & 255;
}

/* A colour as red, green, blue of 0..255. */
static void
palette_rgb(int colour, int rgb[3])
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };

	if (colour >= INK_EXACT || colour < 16) {
		rgb_split(colour < 16 ? basic[colour] : colour, rgb);
		return;
	}
	if (colour >= 232) {
		rgb[0] = rgb[1] = rgb[2] = 8 + (colour - 232) * 10;
		return;
	}
	colour -= 16;
	rgb[0] = steps[colour / 36];
	rgb[1] = steps[colour / 6 % 6];
	rgb[2] = steps[colour % 6];
}

/* Of those from first on the one that is nearest. */
static int
palette_nearest(int colour, int first, int end)
{
	int wanted[3], best = first, best_far = 0;

	palette_rgb(colour, wanted);
	for (int i = first; i < end; i++) {
		int rgb[3], far = 0;

		palette_rgb(i, rgb);
		for (int c = 0; c < 3; c++)
			far += (rgb[c] - wanted[c]) * (rgb[c] - wanted[c]);
		if (i == first || far < best_far) {
			best = i;
			best_far = far;
		}
	}
	return best;
}

/* The colour as this terminal knows it. */
static int
palette_number(const struct palette *palette, int colour)
{
	int rgb[3];

	if (palette->colours > 256) {
		if (colour < 16 && colour >= 0)
			return colour < 8 ? colour
					  : palette_number(palette,
						INK_EXACT | basic[colour]);
		palette_rgb(colour, rgb);
		return rgb[0] << 16 | rgb[1] << 8 | rgb[2];
	}
	if (colour < palette->colours)
		return colour;
	/* the sixteen are what the person made of them */
	return palette->colours == 256
	    ? palette_nearest(colour, 16, 256)
	    : palette_nearest(colour, 0, palette->colours < 16 ? 8 : 16);
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
palette_pair(struct palette *palette, int ink, int paper)
{
	if (palette->colours < 8 || palette->pairs + 1 >= COLOR_PAIRS ||
	    (ink == OWN && paper == OWN))
		return 0;
	ink = ink == OWN ? OWN : palette_number(palette, ink);
	paper = paper == OWN ? OWN : palette_number(palette, paper);
	/* two that have become one would show nothing */
	if (ink == paper)
		return 0;
	palette->pairs++;
	if (init_extended_pair(palette->pairs, ink, paper) == ERR)
		return 0;
	return palette->pairs;
}

static void
theme_style(struct theme *theme, struct palette *palette, enum style style,
    const struct design *design)
{
	struct look *look = &theme->looks[style];
	int ink = palette->colours >= 256 ? design->ink
	    : palette->colours >= 16      ? design->of16
	    : palette->colours >= 8       ? design->of8
					  : OWN;

	if (ink == INK_NEAREST)
		ink = design->ink;
	*look = design->look;
	/* a grey is better than what terminals make of "dim" */
	look->dim &= ink == OWN;
	look->pair = palette_pair(palette, ink,
	    palette->colours >= 8 ? design->paper : OWN);
}

void
theme_design_init(struct theme_design *design, bool light)
{
	*design = (struct theme_design){ .nick_count = 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];

		design->styles[row->style] = (struct design){
			.look = {
				.bold = strchr(row->attributes, 'b') != NULL,
				.dim = strchr(row->attributes, 'd') != NULL,
				.reverse =
				    strchr(row->attributes, 'r') != NULL,
				.italic = strchr(row->attributes, 'i') != NULL,
			},
			.ink = light ? row->light : row->dark,
			.paper = OWN,
			.of8 = light ? row->light_few : row->of8,
			.of16 = light ? row->light_few : row->of16,
		};
	}
}

static void
theme_add_nick(struct theme *theme, struct palette *palette, int colour,
    bool bold)
{
	theme->looks[STYLE_NICK + theme->nicks++] = (struct look){
		.bold = bold,
		.pair = palette_pair(palette, colour, OWN),
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
theme_nicks(struct theme *theme, struct palette *palette,
    const struct theme_design *design)
{
	/* red is for trouble, blue is unreadable on many black screens */
	static const short few[] = { COLOR_GREEN, COLOR_YELLOW, COLOR_MAGENTA,
		COLOR_CYAN };
	static const short bright[] = { 10, 11, 12, 13, 14 };

	theme->nicks = 0;
	if (palette->colours >= 8 && design->nick_count > 0) {
		for (unsigned i = 0; i < design->nick_count; i++)
			theme_add_nick(theme, palette, design->nicks[i],
			    false);
		return;
	}
	if (palette->colours >= 256) {
		theme_nicks_256(theme, palette);
		return;
	}
	if (palette->colours < 8) {
		theme_add_nick(theme, palette, OWN, true);
		return;
	}
	if (palette->light) {
		theme_add_nick(theme, palette, OWN, true);
		theme_add_nick(theme, palette, COLOR_BLUE, false);
		theme_add_nick(theme, palette, COLOR_MAGENTA, false);
		return;
	}
	for (size_t i = 0; i < sizeof few / sizeof *few; i++)
		theme_add_nick(theme, palette, few[i], false);
	for (size_t i = 0; i < sizeof bright / sizeof *bright; i++)
		if (palette->colours >= 16)
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
    const struct theme_design designs[2], enum theme_ground ground)
{
	struct palette palette = { .light =
		    choice == THEME_AUTO || choice == THEME_FILE
		    ? background_is_light(ground)
		    : choice == THEME_LIGHT };
	struct theme_design design;

	/* without it, curses would paint its own idea of black and white */
	if (has_colors() && use_default_colors() == OK &&
	    colours_are_wanted(choice))
		palette.colours = COLORS;
	*theme = (struct theme){
		.ascii = ascii,
		.marks = ascii ? marks_ascii : marks_utf8,
	};
	if (choice == THEME_FILE)
		design = designs[palette.light];
	else
		theme_design_init(&design, palette.light);
	for (int style = 0; style < STYLE_NICK; style++)
		theme_style(theme, &palette, (enum style)style,
		    &design.styles[style]);
	theme_nicks(theme, &palette, &design);
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
