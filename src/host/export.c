/*
 * export: the history of a room into a file, as text or as JSON lines.
 *
 * The lines of JSON are the messages as they were said, those that amend
 * others too.  The text is what a person reads in the end: each message with
 * its last edit, marked where it was edited or deleted, and the reactions to
 * it below; so the history is read twice.  (What became of messages is kept
 * within the bounds of amend.h: of more the oldest are left out.)
 *
 * Page by page, so that nobody waits: the store reads a page, it is put into
 * words here, the store's thread writes it.  What people wrote cannot steer
 * the terminal of whoever reads the text: control characters are replaced, and
 * left out what nobody sees and turns the text round, as on the screen.
 * A file that is there already is never touched, and one that could not be
 * finished is removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "host/headless_json.h"
#include "host/host.h"

enum { PROBLEM = 512, PAGE = 500, EXPORTS_MAX = 8 };

static void
refuse(struct dchat *dchat, uint64_t token, enum error code, const char *file,
    const char *why)
{
	char text[PROBLEM];

	snprintf(text, sizeof text, "The file %.200s cannot be written: %s.",
	    file, why);
	events_error(dchat, DCHAT_EXPORT, token, code, text);
}

static void
refuse_errno(struct dchat *dchat, uint64_t token, const char *file, int error)
{
	if (error == EEXIST)
		refuse(dchat, token, ERROR_BAD_ARGUMENT, file,
		    "it exists already; name another one");
	else
		refuse(dchat, token,
		    error == ENOSPC || error == EDQUOT ? ERROR_DISK_FULL
						       : ERROR_BAD_ARGUMENT,
		    file, strerror(error));
}

static void
ask_page(struct dchat *dchat, const struct pending_export *export)
{
	store_history(dchat->store, export->number, &export->room,
	    export->after[0] == '\0' ? NULL : export->after, STORE_BELOW,
	    PAGE);
}

void
export_begin(struct dchat *dchat, const struct input *input)
{
	const struct dchat_command *command = input->command.command;
	const char *room = node_room_name(dchat->node, &input->command.room);
	const char *file = command->name;
	struct pending_export export = {
		.number = dchat->next_number++,
		.token = command->token,
		.room = input->command.room,
		.json = command->json,
		.gathering = !command->json,
	};

	if (room == NULL) {
		events_error(dchat, DCHAT_EXPORT, command->token,
		    ERROR_NO_SUCH_ROOM, NULL);
		return;
	}
	if (file == NULL || file[0] == '\0') {
		events_error(dchat, DCHAT_EXPORT, command->token,
		    ERROR_BAD_ARGUMENT, "Name the file to write to.");
		return;
	}
	if (dchat->export_count >= EXPORTS_MAX) {
		events_error(dchat, DCHAT_EXPORT, command->token,
		    ERROR_TOO_MANY, NULL);
		return;
	}
	export.descriptor = open(file,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (export.descriptor < 0) {
		refuse_errno(dchat, command->token, file, errno);
		return;
	}
	export.name = mem_text(room);
	export.file = mem_text(file);
	MEM_GROW(dchat->exports, dchat->export_count, dchat->export_cap);
	dchat->exports[dchat->export_count++] = export;
	ask_page(dchat, &export);
}

/* -- words -------------------------------------------------------------- */

/* What nobody sees and turns others round, or hides between them; the joiners
 * are what scripts and emoji are written with. */
static bool
is_unseen(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} unseen[] = {
		{ 0xad, 0xad }, { 0x61c, 0x61c }, { 0x180e, 0x180e },
		{ 0x200b, 0x200b }, { 0x200e, 0x200f }, { 0x202a, 0x202e },
		{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (point >= unseen[i].first && point <= unseen[i].last)
			return true;
	return false;
}

/* Of a text: controls as U+FFFD, further lines under the first. */
static void
put_clean(struct bytes *out, const char *text)
{
	size_t left = strlen(text), size;
	uint32_t point;

	for (; (size = utf8_decode(text, left, &point)) > 0;
	     text += size, left -= size) {
		if (point == '\n' || point == 0x2028 || point == 0x2029)
			bytes_append_text(out, "\n\t");
		else if ((point < 0x20 && point != '\t') ||
		    (point >= 0x7f && point < 0xa0))
			bytes_append_text(out, "\xef\xbf\xbd");
		else if (!is_unseen(point))
			bytes_append(out, text, size);
	}
}

/* "\t[+1 bob, eve] [tea cem]" */
static void
put_reactions(struct dchat *dchat, struct bytes *out,
    const struct amends *amends, const char *msg)
{
	const struct amend *first;
	size_t count = amends_reactions(amends, msg, &first);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const char *text = first[i].text;
		bool before = text[0] == '\0';

		for (size_t k = 0; k < i && !before; k++)
			before = strcmp(first[k].text, text) == 0;
		if (before)
			continue;
		bytes_append_text(out, any ? " [" : "\t[");
		put_clean(out, text);
		for (size_t k = i; k < count; k++) {
			if (strcmp(first[k].text, text) != 0)
				continue;
			bytes_append_text(out, k == i ? " " : ", ");
			put_clean(out,
			    node_nick(dchat->node, &first[k].author));
		}
		bytes_append_text(out, "]");
		any = true;
	}
	if (any)
		bytes_append_text(out, "\n");
}

/* As it is in the end. */
static void
put_body(struct bytes *out, const struct amends *amends,
    const struct dchat_message *message)
{
	const struct amend *edits;
	size_t count;

	if (amends_deleted(amends, message->msg, &message->author)) {
		bytes_append_text(out, "(deleted)");
		return;
	}
	count =
	    amends_edits(amends, message->msg, &message->author, &edits);
	put_clean(out, count > 0 ? edits[count - 1].text : message->text);
	if (count > 0)
		bytes_append_text(out, " (edited)");
}

/* False: it is no line of its own. */
static bool
put_text(struct bytes *out, const struct amends *amends,
    const struct dchat_message *message)
{
	bool action = message->kind == KIND_ACTION;
	time_t seconds = (time_t)(message->time / 1000);
	char time[32] = "";
	struct tm local;

	if (message_kind_refers(message->kind) && message->kind != KIND_REPLY)
		return false;
	if (localtime_r(&seconds, &local) != NULL)
		strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &local);
	bytes_append_text(out, time);
	bytes_append_text(out, action ? " * " : " <");
	put_clean(out, message->nick);
	bytes_append_text(out, action ? " " : "> ");
	if (message->kind == KIND_REPLY)
		bytes_append_text(out, "(reply) ");
	put_body(out, amends, message);
	bytes_append_text(out, "\n");
	return true;
}

static void
put_message(struct dchat *dchat, struct bytes *out,
    struct pending_export *export, const struct dchat_message *message)
{
	const struct dchat_event event = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = *message,
	};

	if (export->json) {
		headless_format(out, &event, NULL, NULL);
		export->count++;
	} else if (put_text(out, &export->amends, message)) {
		if (!amends_deleted(&export->amends, message->msg,
			&message->author))
			put_reactions(dchat, out, &export->amends,
			    message->msg);
		export->count++;
	}
}

/* -- answers ------------------------------------------------------------ */

static struct pending_export *
find(struct dchat *dchat, uint64_t number)
{
	for (size_t i = 0; i < dchat->export_count; i++)
		if (dchat->exports[i].number == number)
			return &dchat->exports[i];
	return NULL;
}

static void
drop(struct dchat *dchat, struct pending_export *export, bool unfinished)
{
	size_t at = (size_t)(export - dchat->exports);

	if (close(export->descriptor) != 0 || unfinished)
		unlink(export->file);
	amends_free(&export->amends);
	free(export->name);
	free(export->file);
	MEM_REMOVE(dchat->exports, dchat->export_count, at);
}

/* On the first way through; after it the second one begins. */
static void
gather(struct dchat *dchat, struct pending_export *export,
    const struct dchat_message *messages, size_t count)
{
	for (size_t i = 0; i < count; i++)
		amends_take(&export->amends, &messages[i]);
	if (export->last) {
		export->gathering = export->last = false;
		export->after[0] = '\0';
	}
	ask_page(dchat, export);
}

bool
export_lines(struct dchat *dchat, const struct store_lines *lines)
{
	struct pending_export *export = find(dchat, lines->token);
	struct dchat_message *messages;
	struct bytes out;
	size_t count;

	if (export == NULL)
		return false;
	if (lines->error != ERROR_NONE) {
		refuse(dchat, export->token, ERROR_DISK, export->file,
		    "the history cannot be read");
		drop(dchat, export, true);
		leave_proceed(dchat);
		return true;
	}
	/* Between two steps the arena of the effects is free to use. */
	effects_clear(&dchat->fx);
	messages =
	    effects_alloc(&dchat->fx, (lines->count + 1) * sizeof *messages);
	count = commands_describe(dchat, lines, messages);
	export->last = lines->count < PAGE;
	if (lines->count > 0)
		message_name(lines->lines[lines->count - 1].bundle,
		    lines->lines[lines->count - 1].index, export->after);
	if (export->gathering) {
		gather(dchat, export, messages, count);
		return true;
	}
	bytes_init(&out);
	for (size_t i = 0; i < count; i++)
		put_message(dchat, &out, export, &messages[i]);
	store_write(dchat->store, export->number, export->descriptor, out.data,
	    out.size, export->last);
	bytes_free(&out);
	return true;
}

void
export_written(void *self, uint64_t number, int error)
{
	struct dchat *dchat = self;
	struct pending_export *export = find(dchat, number);
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	if (error != 0) {
		refuse_errno(dchat, export->token, export->file, error);
		drop(dchat, export, true);
	} else if (!export->last) {
		ask_page(dchat, export);
		return;
	} else {
		event.ok.verb = DCHAT_EXPORT;
		event.ok.token = export->token;
		event.ok.file = export->file;
		event.ok.count = export->count;
		events_notify(dchat, &event);
		drop(dchat, export, false);
	}
	leave_proceed(dchat);
}

void
export_free(struct dchat *dchat)
{
	while (dchat->export_count > 0)
		drop(dchat, &dchat->exports[0], true);
	free(dchat->exports);
}
