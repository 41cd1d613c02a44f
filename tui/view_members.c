/* Who is in the room: who leads it all, who is suspected and since when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/text.h"
#include "tui/view.h"

enum { NICK_LEAST = 4 };	/* cells of a nick with a remark behind it */

/*
 * All of a talk of two; else without those who have been gone for long.
 * The array has room for all members, or is NULL.
 */
static size_t
members_listed(const struct scene *scene,
    const struct window_member *listed[])
{
	const struct window *window = windows_current(scene->windows);
	size_t count = 0;

	for (size_t i = 0; i < window->member_count; i++) {
		const struct window_member *member = &window->members[i];
		const struct group_peer *peer =
		    group_peer(&scene->windows->group, &member->id);

		if (!window->direct && peer != NULL &&
		    peer->state == MEMBER_DEAD &&
		    scene->now - peer->since >= VIEW_GONE_MS)
			continue;
		if (listed != NULL)
			listed[count] = member;
		count++;
	}
	return count;
}

void
view_members_title(struct scene *scene, const struct layout_rect *at)
{
	const struct window *window = windows_current(scene->windows);
	struct pen pen = pen_at(scene->screen, at->row, at->col, at->cols);
	size_t present = windows_present(scene->windows, window);
	size_t listed = members_listed(scene, NULL);

	pen_text(&pen, STYLE_TITLE, " members ");
	if (present < listed && pen_left(&pen) > 4)
		pen_format(&pen, STYLE_BUSY, "%zu/%zu ", present, listed);
	else if (listed > 0)
		pen_format(&pen, STYLE_PLAIN, "%zu ", listed);
}

/* What stands behind the nick: "(you)", "2 s", "away", "gone". */
static void
member_remark(const struct scene *scene, const struct window_member *member,
    enum member_state state, char remark[static 16])
{
	const struct group_peer *peer = group_peer(&scene->windows->group,
	    &member->id);

	remark[0] = '\0';
	if (member->self)
		snprintf(remark, 16, "(you)");
	else if (state == MEMBER_SUSPECT && peer != NULL)
		view_duration(scene->now -
			(peer->silent_since != 0 ? peer->silent_since
						 : peer->since),
		    remark);
	else if (state == MEMBER_DEAD || state == MEMBER_LEFT)
		snprintf(remark, 16, "gone");
	else if (group_away(&scene->windows->group, &member->id) != NULL)
		snprintf(remark, 16, "away");
}

/*
 * What it takes behind the nick: all it needs or nothing.  The nick is cut
 * for it, but not for "gone", which its mark says already.
 */
static int
remark_cells(const struct scene *scene, const struct window_member *member,
    const char *remark, int cells)
{
	int wanted = 1 + (int)text_width(remark, strlen(remark));
	int nick = (int)text_width(member->nick, strlen(member->nick));

	if (nick > NICK_LEAST &&
	    (member->self ||
		group_state_of(&scene->windows->group, &member->id) ==
		    MEMBER_SUSPECT))
		nick = NICK_LEAST;
	return remark[0] != '\0' && nick + wanted <= cells ? wanted : 0;
}

static void
paint_member(struct scene *scene, const struct layout_rect *at, int row,
    const struct window_member *member)
{
	const struct group *group = &scene->windows->group;
	const struct marks *marks = &scene->theme->marks;
	enum member_state state = group_state_of(group, &member->id);
	bool present = state == MEMBER_ALIVE || state == MEMBER_SUSPECT;
	bool leads = !id_is_none(&group->leader) &&
	    id_equal(&group->leader, &member->id);
	struct pen pen = pen_at(scene->screen, row, at->col, at->cols);
	char remark[16];
	int behind;

	if (leads && state == MEMBER_SUSPECT)
		pen_text(&pen, STYLE_LEADER, marks->leader);
	else
		pen_text(&pen, STYLE_PLAIN, " ");
	if (state == MEMBER_SUSPECT)
		pen_text(&pen, STYLE_SUSPECT, marks->suspect);
	else if (leads)
		pen_text(&pen, STYLE_LEADER, marks->leader);
	else
		pen_text(&pen, STYLE_DIM, present ? " " : "x");
	pen_text(&pen, STYLE_PLAIN, " ");
	member_remark(scene, member, state, remark);
	behind = remark_cells(scene, member, remark, pen_left(&pen));
	pen_cut(&pen,
	    !present || group_away(group, &member->id) != NULL ? STYLE_DIM
		: state == MEMBER_SUSPECT ? STYLE_SUSPECT
		: theme_nick_style(scene->theme, &member->id),
	    member->nick, pen_left(&pen) - (behind > 0 ? behind : 1));
	if (behind > 0) {
		pen_text(&pen, STYLE_PLAIN, " ");
		pen_text(&pen,
		    state == MEMBER_SUSPECT ? STYLE_SUSPECT : STYLE_DIM,
		    remark);
	}
}

const struct window_member *
view_members_at(const struct scene *scene, int row)
{
	const struct window *window = windows_current(scene->windows);
	const struct window_member **listed =
	    mem_zero(window->member_count + 1, sizeof(void *));
	size_t rows = (size_t)scene->panes.members.rows;
	size_t index = (size_t)(row - scene->panes.members.row);
	size_t count = members_listed(scene, listed);
	const struct window_member *member =
	    index < (count > rows ? rows - 1 : count) ? listed[index] : NULL;

	free(listed);
	return member;
}

void
view_members(struct scene *scene, const struct layout_rect *at)
{
	const struct window *window = windows_current(scene->windows);
	const struct window_member **listed =
	    mem_zero(window->member_count + 1, sizeof(void *));
	size_t rows = (size_t)at->rows;
	size_t count = members_listed(scene, listed);
	size_t shown = count > rows ? rows - 1 : count;

	for (size_t i = 0; i < shown; i++)
		paint_member(scene, at, at->row + (int)i, listed[i]);
	free(listed);
	if (shown < count) {
		struct pen pen = pen_at(scene->screen, at->row + (int)shown,
		    at->col, at->cols);

		pen_format(&pen, STYLE_DIM, "   %zu more", count - shown);
	}
}
