#include "tui/doctor.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/group.h"
#include "tui/text.h"

enum {
	NAME_CELLS = 16,	/* the left column: interfaces and people */
	CHANNEL_CELLS = 15,
	FIGURE = 32,
};

void
doctor_lines_free(struct doctor_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i].text);
	free(lines->items);
	*lines = (struct doctor_lines){ 0 };
}

/* Takes the text. */
static void
add(struct doctor_lines *lines, enum doctor_kind kind, char *text)
{
	MEM_GROW(lines->items, lines->count, lines->cap);
	lines->items[lines->count++] = (struct doctor_line){ kind, text };
}

static void
add_text(struct doctor_lines *lines, enum doctor_kind kind, const char *text)
{
	add(lines, kind, mem_text(text));
}

/* -- columns ------------------------------------------------------------ */

/* A field of so many cells, cut at the end of a character if it must be. */
static void
put_field(struct bytes *row, const char *text, size_t cells)
{
	size_t size = strlen(text);

	while (size > 0 && text_width(text, size) > cells)
		size = utf8_cut(text, size - 1);
	bytes_append(row, text, size);
	for (size_t used = text_width(text, size); used < cells; used++)
		bytes_append(row, " ", 1);
}

static char *
row_text(struct bytes *row)
{
	while (row->size > 0 && row->data[row->size - 1] == ' ')
		row->size--;
	bytes_append(row, "", 1);
	return (char *)row->data;
}

static const char *
ago(instant_ms span, char text[static FIGURE])
{
	if (span < 1000)
		snprintf(text, FIGURE, "just now");
	else if (span < 100 * 1000)
		snprintf(text, FIGURE, "%d s ago", (int)(span / 1000));
	else if (span < 100 * 60 * 1000)
		snprintf(text, FIGURE, "%d min ago", (int)(span / 60000));
	else
		snprintf(text, FIGURE, "%d h ago",
		    (int)(span / 3600000 % 100000));
	return text;
}

/* -- parts --------------------------------------------------------------- */

static void
add_findings(struct doctor_lines *lines, const struct dchat_network *network,
    unsigned flags)
{
	static const enum doctor_kind kinds[] = {
		[GRADE_GOOD] = DOCTOR_GOOD,
		[GRADE_NOTE] = DOCTOR_NOTE,
		[GRADE_BAD] = DOCTOR_BAD,
	};

	add_text(lines, DOCTOR_HEADING, "Verdict");
	for (size_t i = 0; i < network->finding_count; i++) {
		const struct dchat_finding *finding = &network->findings[i];

		add(lines, kinds[finding->grade],
		    text_clean_copy(finding->text, flags));
		if (finding->next[0] != '\0')
			add(lines, DOCTOR_NEXT,
			    text_clean_copy(finding->next, flags));
	}
	if (network->finding_count == 0)
		add_text(lines, DOCTOR_GOOD, "Nothing is wrong here.");
}

static void
put_path(struct bytes *row, const struct dchat_path *path)
{
	char text[2 * FIGURE];

	if (path->sent == 0 && path->failed == 0 && path->heard == 0)
		snprintf(text, sizeof text, "-");
	else if (path->sent == 0 && path->failed > 0)
		snprintf(text, sizeof text, "refused, %" PRIu64 " in",
		    path->heard);
	else
		snprintf(text, sizeof text, "%" PRIu64 " out, %" PRIu64 " in",
		    path->sent, path->heard);
	put_field(row, text, CHANNEL_CELLS);
}

static char *
name_of(const struct dchat_network *network, const struct id *id,
    unsigned flags)
{
	const char *nick = "";

	for (size_t i = 0; i < network->peer_count; i++)
		if (id_equal(&network->peers[i].id, id) &&
		    network->peers[i].nick != NULL)
			nick = network->peers[i].nick;
	return group_name(nick, id, flags);
}

/* When a peer was heard there, channel by channel; they lie together. */
static size_t
add_sighted(struct doctor_lines *lines, const struct dchat_network *network,
    size_t first, unsigned flags)
{
	const struct dchat_sighting *heard = network->sightings;
	char *name = name_of(network, &heard[first].peer, flags);
	struct bytes row;
	size_t i = first;
	char text[FIGURE];

	bytes_init(&row);
	put_field(&row, "  ", 2);
	put_field(&row, name, NAME_CELLS - 3);
	put_field(&row, "", 1);
	for (enum channel k = 0; k < CHANNEL_COUNT; k++) {
		bool here = i < network->sighting_count &&
		    id_equal(&heard[i].peer, &heard[first].peer) &&
		    strcmp(heard[i].interface, heard[first].interface) == 0 &&
		    heard[i].channel == k;

		put_field(&row, here ? ago(heard[i].ago_ms, text) : "-",
		    CHANNEL_CELLS);
		i += here;
	}
	add(lines, DOCTOR_DETAIL, row_text(&row));
	free(name);
	return i > first ? i : first + 1;
}

static void
add_interface(struct doctor_lines *lines, const struct dchat_network *network,
    const struct dchat_interface *interface, unsigned flags)
{
	char *name = text_clean_copy(interface->name, flags);
	struct bytes row;
	size_t i = 0;

	bytes_init(&row);
	put_field(&row, name, NAME_CELLS - 1);
	put_field(&row, "", 1);
	for (enum channel k = 0; k < CHANNEL_COUNT; k++)
		put_path(&row, &interface->paths[k]);
	add(lines, DOCTOR_ROW, row_text(&row));
	free(name);
	while (i < network->sighting_count)
		if (strcmp(network->sightings[i].interface,
			interface->name) == 0)
			i = add_sighted(lines, network, i, flags);
		else
			i++;
}

static void
add_matrix(struct doctor_lines *lines, const struct dchat_network *network,
    unsigned flags)
{
	struct bytes row;

	bytes_init(&row);
	put_field(&row, "Beacons", NAME_CELLS);
	for (enum channel k = 0; k < CHANNEL_COUNT; k++)
		put_field(&row, channel_label(k), CHANNEL_CELLS);
	add(lines, DOCTOR_HEADING, row_text(&row));
	for (size_t i = 0; i < network->interface_count; i++)
		add_interface(lines, network, &network->interfaces[i], flags);
}

static const struct dchat_dial *
dial_to(const struct dchat_network *network, const struct id *id)
{
	for (size_t i = 0; i < network->dial_count; i++)
		if (id_equal(&network->dials[i].peer, id))
			return &network->dials[i];
	return NULL;
}

static void
add_link(struct doctor_lines *lines, const struct dchat_network *network,
    const struct dchat_peer *peer, unsigned flags)
{
	const struct dchat_dial *dial = dial_to(network, &peer->id);
	char *name = group_name(peer->nick, &peer->id, flags);
	char text[3 * FIGURE], when[FIGURE];
	const char *how = id_is_none(&peer->over) ? "linked" : "over a third";
	struct bytes row;

	if (peer->linked && peer->rtt_ms >= 0)
		snprintf(text, sizeof text, "%s, %.1f ms", how, peer->rtt_ms);
	else if (peer->linked)
		snprintf(text, sizeof text, "%s", how);
	else if (dial != NULL)
		snprintf(text, sizeof text, "no link: %s %s", dial->reason,
		    ago(dial->ago_ms, when));
	else
		snprintf(text, sizeof text, "no link: %s",
		    group_state_word(peer->state));
	bytes_init(&row);
	put_field(&row, name, NAME_CELLS - 1);
	put_field(&row, "", 1);
	put_field(&row, peer->address[0] != '\0' ? peer->address : "-",
	    2 * CHANNEL_CELLS - 1);
	put_field(&row, "", 1);
	put_field(&row, text, 2 * CHANNEL_CELLS);
	add(lines, DOCTOR_ROW, row_text(&row));
	free(name);
}

/* Addresses that nobody known is behind. */
static void
add_dial(struct doctor_lines *lines, const struct dchat_dial *dial)
{
	char text[ADDRESS_TEXT + 3 * FIGURE], when[FIGURE];

	snprintf(text, sizeof text, "%-*s%s: %s %s", NAME_CELLS, "?",
	    dial->address, dial->reason, ago(dial->ago_ms, when));
	add_text(lines, DOCTOR_DETAIL, text);
}

static void
add_links(struct doctor_lines *lines, const struct dchat_network *network,
    unsigned flags)
{
	char text[128];

	snprintf(text, sizeof text,
	    "Links (this node listens on TCP %u, beacons on UDP %u)",
	    network->port, network->discovery_port);
	add_text(lines, DOCTOR_HEADING, text);
	for (size_t i = 0; i < network->peer_count; i++)
		if (!network->peers[i].self)
			add_link(lines, network, &network->peers[i], flags);
	for (size_t i = 0; i < network->dial_count; i++)
		if (id_is_none(&network->dials[i].peer))
			add_dial(lines, &network->dials[i]);
}

void
doctor_take(struct doctor_lines *lines, const struct dchat_network *network,
    unsigned flags)
{
	doctor_lines_free(lines);
	add_findings(lines, network, flags);
	add_text(lines, DOCTOR_BLANK, "");
	add_matrix(lines, network, flags);
	add_text(lines, DOCTOR_BLANK, "");
	add_links(lines, network, flags);
}
