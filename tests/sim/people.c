/*
 * people: what the person before a simulated node asks of it.
 */
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/world.h"

static uint64_t
command(struct sim *sim, unsigned index, struct dchat_command *command)
{
	struct sim_node *node = &sim->nodes[index];
	struct input input = { .type = INPUT_COMMAND };

	if (node->process != PROCESS_RUNNING)
		return 0;
	command->token = sim->next_token++;
	input.command.command = command;
	if (command->room != NULL)
		input.command.room = sim_room_id(command->room);
	if (command->to != NULL)
		id_parse(command->to, &input.command.to);
	checkers_command(sim, node, command);
	world_step(sim, node, &input);
	return command->token;
}

uint64_t
sim_say(struct sim *sim, unsigned node, const char *room, const char *text)
{
	struct dchat_command say = {
		.verb = DCHAT_SAY,
		.room = room,
		.text = text,
	};

	return command(sim, node, &say);
}

uint64_t
sim_refer(struct sim *sim, unsigned node, const char *room,
    enum message_kind kind, const char *ref, const char *text)
{
	struct dchat_command say = {
		.verb = DCHAT_SAY,
		.room = room,
		.kind = kind,
		.ref = ref,
		.text = text,
	};

	return command(sim, node, &say);
}

uint64_t
sim_dm(struct sim *sim, unsigned node, unsigned to, const char *text)
{
	char name[DIRECT_NAME], id[ID_TEXT];
	struct dchat_command dm = {
		.verb = DCHAT_DM,
		.room = sim_direct_name(&sim->nodes[node].id,
		    &sim->nodes[to].id, name),
		.to = id_format(&sim->nodes[to].id, id),
		.text = text,
	};

	return command(sim, node, &dm);
}

uint64_t
sim_join(struct sim *sim, unsigned node, const char *room)
{
	struct dchat_command join = { .verb = DCHAT_JOIN, .room = room };

	return command(sim, node, &join);
}

uint64_t
sim_part(struct sim *sim, unsigned node, const char *room)
{
	struct dchat_command part = { .verb = DCHAT_PART, .room = room };

	return command(sim, node, &part);
}

uint64_t
sim_elect(struct sim *sim, unsigned node)
{
	struct dchat_command elect = { .verb = DCHAT_ELECT };

	return command(sim, node, &elect);
}

uint64_t
sim_topic(struct sim *sim, unsigned node, const char *room,
    const char *topic)
{
	struct dchat_command set = {
		.verb = DCHAT_TOPIC,
		.room = room,
		.text = topic,
	};

	return command(sim, node, &set);
}

void
sim_older(struct sim *sim, unsigned index, const char *room,
    unsigned messages)
{
	struct sim_node *node = &sim->nodes[index];
	struct input input = { .type = INPUT_OLDER };

	if (node->process != PROCESS_RUNNING)
		return;
	input.older.room = sim_room_id(room);
	input.older.messages = messages;
	world_step(sim, node, &input);
}

unsigned
sim_older_of(const struct sim *sim, unsigned node, bool *more, uint64_t *lost)
{
	*more = sim->nodes[node].older_more;
	*lost = sim->nodes[node].older_lost;
	return sim->nodes[node].older_answers;
}

size_t
sim_held(const struct sim *sim, unsigned node, const char *room)
{
	const struct disk *disk = &sim->nodes[node].disk;
	struct id id = sim_room_id(room);
	size_t count = 0;

	for (size_t i = 0; i < disk->count; i++)
		if (id_equal(&disk->items[i]->room, &id))
			count += disk->items[i]->message_count;
	return count;
}

uint64_t
sim_nick(struct sim *sim, unsigned node, const char *nick)
{
	struct dchat_command change = { .verb = DCHAT_NICK, .nick = nick };

	return command(sim, node, &change);
}
