/*
 * export: the history of a room into a file, as text or as JSON lines.
 *
 * Page by page, so that nobody waits: the store reads a page, it is put into
 * words here, the store's thread writes it.  What people wrote cannot steer
 * the terminal of whoever reads the text: control characters are replaced.
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

/* Of a text: controls as U+FFFD, further lines under the first. */
static void
put_clean(struct bytes *out, const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text;
	     *at != '\0'; at++) {
		bool c1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;

		if (*at == '\n')
			bytes_append_text(out, "\n\t");
		else if (c1 || (*at < 0x20 && *at != '\t') || *at == 0x7f)
			bytes_append_text(out, "\xef\xbf\xbd");
		else
			bytes_append(out, at, 1);
		at += c1;
	}
}

static void
put_text(struct bytes *out, const struct dchat_message *message)
{
	bool action = message->kind == KIND_ACTION;
	time_t seconds = (time_t)(message->time / 1000);
	char time[32] = "";
	struct tm local;

	if (localtime_r(&seconds, &local) != NULL)
		strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &local);
	bytes_append_text(out, time);
	bytes_append_text(out, action ? " * " : " <");
	put_clean(out, message->nick);
	bytes_append_text(out, action ? " " : "> ");
	if (message_kind_refers(message->kind)) {
		bytes_append_text(out, "(");
		bytes_append_text(out, message_kind_name(message->kind));
		bytes_append_text(out, ") ");
	}
	put_clean(out, message->text);
	bytes_append_text(out, "\n");
}

static void
put_message(struct bytes *out, const struct pending_export *export,
    const struct dchat_message *message)
{
	const struct dchat_event event = {
		.type = DCHAT_EVENT_MESSAGE,
		.message = *message,
	};

	if (export->json)
		headless_format(out, &event, NULL, NULL);
	else
		put_text(out, message);
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
	free(export->name);
	free(export->file);
	MEM_REMOVE(dchat->exports, dchat->export_count, at);
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
	bytes_init(&out);
	for (size_t i = 0; i < count; i++)
		put_message(&out, export, &messages[i]);
	export->count += count;
	export->last = lines->count < PAGE;
	if (lines->count > 0)
		message_name(lines->lines[lines->count - 1].bundle,
		    lines->lines[lines->count - 1].index, export->after);
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
