#include "tests/support/peer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

double
peer_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

const char *
peer_program(void)
{
	static char path[4096];
	const char *builddir = getenv("top_builddir");

	if (getenv("DCHAT_PROGRAM") != NULL)
		return getenv("DCHAT_PROGRAM");
	snprintf(path, sizeof path, "%s/dchat",
	    builddir == NULL ? "." : builddir);
	return path;
}

/* -- processes --------------------------------------------------------- */

static void
enter_netns(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) {
		perror(path);
		_exit(126);
	}
}

static _Noreturn void
become_dchat(const char *netns, const char *const *arguments, int in, int out)
{
	const char *argv[PEER_ARGUMENTS + 3] = { peer_program(),
		"--headless" };
	size_t count = 2;

	if (netns != NULL)
		enter_netns(netns);
	for (; *arguments != NULL; arguments++) {
		assert(count < PEER_ARGUMENTS + 2);
		argv[count++] = *arguments;
	}
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execv(argv[0], (char *const *)argv);
	perror(argv[0]);
	_exit(127);
}

struct peer *
peer_start(struct crowd *crowd, const char *netns,
    const char *const *arguments)
{
	struct peer *peer = &crowd->peers[crowd->count++];
	int in[2], out[2];

	assert(crowd->count <= CROWD_MAX);
	signal(SIGPIPE, SIG_IGN);
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		abort();
	*peer = (struct peer){
		.in = in[1],
		.out = out[0],
		.started_ms = peer_now_ms(),
	};
	fflush(NULL);
	peer->pid = fork();
	if (peer->pid == 0)
		become_dchat(netns, arguments, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	fcntl(peer->out, F_SETFL, O_NONBLOCK);
	return peer;
}

static void
reap(struct peer *peer)
{
	if (peer->pid > 0 &&
	    waitpid(peer->pid, &peer->status, WNOHANG) == peer->pid)
		peer->pid = 0;
}

void
peer_kill(struct peer *peer, int signal)
{
	if (peer->pid > 0)
		kill(peer->pid, signal);
}

static bool
has_ended(struct crowd *crowd, void *argument)
{
	struct peer *peer = argument;

	(void)crowd;
	reap(peer);
	return peer->pid == 0 && peer->closed;
}

bool
peer_await_end(struct crowd *crowd, struct peer *peer, double timeout_ms)
{
	return crowd_await(crowd, timeout_ms, has_ended, peer);
}

void
crowd_forget(struct crowd *crowd, size_t first)
{
	for (size_t i = first; i < crowd->count; i++) {
		struct peer *peer = &crowd->peers[i];

		if (peer->pid > 0) {
			kill(peer->pid, SIGKILL);
			waitpid(peer->pid, &peer->status, 0);
		}
		close(peer->in);
		close(peer->out);
		for (size_t k = 0; k < peer->count; k++)
			json_decref(peer->events[k].event);
		free(peer->events);
		free(peer->buffer);
	}
	crowd->count = first;
}

void
crowd_end(struct crowd *crowd)
{
	crowd_forget(crowd, 0);
}

/* -- commands ---------------------------------------------------------- */

void
peer_send_line(struct peer *peer, const char *line)
{
	size_t size = strlen(line);

	while (size > 0) {
		ssize_t done = write(peer->in, line, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return;		/* it died; the test will see */
		line += done;
		size -= (size_t)done;
	}
}

static void
send_json(struct peer *peer, json_t *command)
{
	char *line;

	assert(command != NULL);
	line = json_dumps(command, JSON_COMPACT);
	peer_send_line(peer, line);
	peer_send_line(peer, "\n");
	free(line);
	json_decref(command);
}

void
peer_send(struct peer *peer, const char *format, ...)
{
	va_list arguments;
	json_t *command;

	va_start(arguments, format);
	command = json_vpack_ex(NULL, 0, format, arguments);
	va_end(arguments);
	send_json(peer, command);
}

struct awaited_answer {
	struct peer *peer;
	char tag[16];
	size_t seen;
	json_t *answer;
};

static bool
is_answered(struct crowd *crowd, void *argument)
{
	struct awaited_answer *awaited = argument;
	struct peer *peer = awaited->peer;

	(void)crowd;
	for (; awaited->seen < peer->count; awaited->seen++) {
		json_t *event = peer->events[awaited->seen].event;
		const char *tag = event_text(event, "tag");

		if (tag != NULL && strcmp(tag, awaited->tag) == 0) {
			awaited->answer = event;
			return true;
		}
	}
	return peer->closed;
}

json_t *
peer_ask(struct crowd *crowd, struct peer *peer, double timeout_ms,
    const char *format, ...)
{
	struct awaited_answer awaited = { .peer = peer, .seen = peer->count };
	va_list arguments;
	json_t *command;

	va_start(arguments, format);
	command = json_vpack_ex(NULL, 0, format, arguments);
	va_end(arguments);
	assert(command != NULL);
	snprintf(awaited.tag, sizeof awaited.tag, "t%u", ++peer->tags);
	json_object_set_new(command, "tag", json_string(awaited.tag));
	send_json(peer, command);
	crowd_await(crowd, timeout_ms, is_answered, &awaited);
	return awaited.answer;
}

/* -- events ------------------------------------------------------------ */

static void
take_line(struct peer *peer, const char *line, size_t size)
{
	json_error_t error;
	json_t *event = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);

	if (event == NULL) {
		fprintf(stderr, "not JSON: %.*s\n", (int)size, line);
		abort();
	}
	MEM_GROW(peer->events, peer->count, peer->events_cap);
	peer->events[peer->count++] =
	    (struct heard){ event, peer_now_ms() };
	if (event_is(event, "ready"))
		snprintf(peer->id, sizeof peer->id, "%s",
		    event_text(event, "id"));
}

static void
take_lines(struct peer *peer)
{
	char *start = peer->buffer, *newline;
	size_t left = peer->used;

	while ((newline = memchr(start, '\n', left)) != NULL) {
		size_t size = (size_t)(newline - start);

		take_line(peer, start, size);
		start += size + 1;
		left -= size + 1;
	}
	memmove(peer->buffer, start, left);
	peer->used = left;
}

static void
read_peer(struct peer *peer)
{
	ssize_t got;

	do {
		if (peer->cap - peer->used < 65536) {
			peer->cap += 65536;
			peer->buffer = mem_resize(peer->buffer, peer->cap, 1);
		}
		got = read(peer->out, peer->buffer + peer->used,
		    peer->cap - peer->used);
		if (got > 0)
			peer->used += (size_t)got;
		take_lines(peer);
	} while (got > 0);
	if (got == 0)
		peer->closed = true;
}

void
crowd_pump(struct crowd *crowd, double timeout_ms)
{
	struct pollfd fds[CROWD_MAX];
	struct peer *who[CROWD_MAX];
	nfds_t count = 0;

	for (size_t i = 0; i < crowd->count; i++) {
		reap(&crowd->peers[i]);
		if (crowd->peers[i].closed)
			continue;
		who[count] = &crowd->peers[i];
		fds[count++] = (struct pollfd){
			.fd = crowd->peers[i].out,
			.events = POLLIN,
		};
	}
	if (poll(fds, count, timeout_ms < 1 ? 1 : (int)timeout_ms) <= 0)
		return;
	for (nfds_t i = 0; i < count; i++)
		if (fds[i].revents != 0)
			read_peer(who[i]);
}

bool
crowd_await(struct crowd *crowd, double timeout_ms,
    bool (*condition)(struct crowd *crowd, void *argument), void *argument)
{
	double deadline = peer_now_ms() + timeout_ms;

	for (;;) {
		double left = deadline - peer_now_ms();

		if (condition(crowd, argument))
			return true;
		if (left <= 0)
			return false;
		crowd_pump(crowd, left < 20 ? left : 20);
	}
}

const char *
event_text(const json_t *event, const char *member)
{
	return json_string_value(json_object_get(event, member));
}

bool
event_is(const json_t *event, const char *name)
{
	const char *is = event_text(event, "event");

	return is != NULL && strcmp(is, name) == 0;
}

const struct heard *
peer_last(const struct peer *peer, const char *name)
{
	for (size_t i = peer->count; i-- > 0;)
		if (event_is(peer->events[i].event, name))
			return &peer->events[i];
	return NULL;
}

struct awaited_event {
	struct peer *peer;
	const char *name, *member, *text;
	const struct heard *found;
};

static bool
matches(const struct awaited_event *awaited, const json_t *event)
{
	const char *text;

	if (!event_is(event, awaited->name))
		return false;
	if (awaited->member == NULL)
		return true;
	text = event_text(event, awaited->member);
	return text != NULL && strcmp(text, awaited->text) == 0;
}

static bool
has_come(struct crowd *crowd, void *argument)
{
	struct awaited_event *awaited = argument;
	struct peer *peer = awaited->peer;

	(void)crowd;
	for (size_t i = peer->mark; i < peer->count; i++)
		if (matches(awaited, peer->events[i].event)) {
			awaited->found = &peer->events[i];
			peer->mark = i + 1;
			return true;
		}
	return false;
}

const struct heard *
peer_await(struct crowd *crowd, struct peer *peer, const char *name,
    const char *member, const char *text, double timeout_ms)
{
	struct awaited_event awaited = { peer, name, member, text, NULL };

	crowd_await(crowd, timeout_ms, has_come, &awaited);
	return awaited.found;
}

size_t
peer_count_text(const struct peer *peer, const char *text)
{
	struct awaited_event awaited = { .name = "message",
		.member = "text", .text = text };
	size_t count = 0;

	for (size_t i = 0; i < peer->count; i++)
		count += matches(&awaited, peer->events[i].event);
	return count;
}

size_t
peer_count_messages(const struct peer *peer)
{
	size_t count = 0;

	for (size_t i = 0; i < peer->count; i++)
		count += event_is(peer->events[i].event, "message");
	return count;
}

static const struct heard *
last_leader(const struct peer *peer)
{
	const struct heard *heard = peer_last(peer, "leader");

	if (heard == NULL ||
	    json_is_true(json_object_get(heard->event, "provisional")))
		return NULL;
	return heard;
}

const char *
peer_leader(const struct peer *peer)
{
	const struct heard *heard = last_leader(peer);

	return heard == NULL ? NULL : event_text(heard->event, "id");
}

struct peer *
crowd_leader(struct crowd *crowd)
{
	struct peer *leader = NULL;
	const char *id = NULL;

	for (size_t i = 0; i < crowd->count; i++) {
		struct peer *peer = &crowd->peers[i];
		const char *named;

		if (peer->pid == 0)
			continue;
		named = peer_leader(peer);
		if (named == NULL || (id != NULL && strcmp(named, id) != 0))
			return NULL;
		id = named;
	}
	for (size_t i = 0; i < crowd->count; i++)
		if (id != NULL && crowd->peers[i].pid != 0 &&
		    strcmp(crowd->peers[i].id, id) == 0)
			leader = &crowd->peers[i];
	return leader;
}

bool
crowd_agrees(struct crowd *crowd, void *unused)
{
	(void)unused;
	return crowd_leader(crowd) != NULL;
}
