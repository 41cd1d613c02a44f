#include "tests/bench/irc_flood.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 512, OUTPUT = 65536, NICK = 32 };

struct server {
	int client, start;
	char in[LINE * 8];
	size_t in_used;
	char out[OUTPUT];
	size_t out_used;
	char nick[NICK];
	bool welcomed;
	unsigned said, lines;
	const char *format;
};

static void __attribute__((format(printf, 2, 3)))
answer(struct server *server, const char *format, ...)
{
	char *at = server->out + server->out_used;
	size_t room = sizeof server->out - server->out_used;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(at, room, format, arguments);
	va_end(arguments);
	if (size > 0 && (size_t)size + 2 < room) {
		memcpy(at + size, "\r\n", 2);
		server->out_used += (size_t)size + 2;
	}
}

static void
welcome(struct server *server)
{
	const char *nick = server->nick;

	if (server->welcomed || nick[0] == '\0')
		return;
	server->welcomed = true;
	answer(server, ":bench 001 %s :Welcome", nick);
	answer(server, ":bench 002 %s :Your host is bench", nick);
	answer(server, ":bench 003 %s :Just now", nick);
	answer(server, ":bench 004 %s bench 1 o o", nick);
	answer(server, ":bench 005 %s CHANTYPES=# NICKLEN=30 :are supported",
	    nick);
	answer(server, ":bench 422 %s :No message of the day", nick);
}

static void
obey(struct server *server, char *line)
{
	char *rest = strchr(line, ' ');

	if (rest != NULL)
		*rest++ = '\0';
	else
		rest = line + strlen(line);
	if (strcasecmp(line, "NICK") == 0) {
		snprintf(server->nick, sizeof server->nick, "%.*s",
		    (int)strcspn(rest, " "), rest + (*rest == ':'));
	} else if (strcasecmp(line, "USER") == 0) {
		welcome(server);
	} else if (strcasecmp(line, "CAP") == 0) {
		if (strncasecmp(rest, "LS", 2) == 0)
			answer(server, ":bench CAP * LS :");
	} else if (strcasecmp(line, "PING") == 0) {
		answer(server, ":bench PONG bench %s", rest);
	} else if (strcasecmp(line, "JOIN") == 0) {
		answer(server, ":%s!b@bench JOIN %s", server->nick, rest);
		answer(server, ":bench 353 %s = %s :%s flood", server->nick,
		    rest, server->nick);
		answer(server, ":bench 366 %s %s :End", server->nick, rest);
	}
}

static bool
hear(struct server *server)
{
	ssize_t size = read(server->client, server->in + server->in_used,
	    sizeof server->in - server->in_used);
	char *newline;

	if (size < 0)
		return errno == EAGAIN || errno == EINTR;
	if (size == 0)
		return false;
	server->in_used += (size_t)size;
	while ((newline = memchr(server->in, '\n', server->in_used)) != NULL) {
		size_t used = (size_t)(newline + 1 - server->in);

		*newline = '\0';
		if (newline > server->in && newline[-1] == '\r')
			newline[-1] = '\0';
		obey(server, server->in);
		server->in_used -= used;
		memmove(server->in, server->in + used, server->in_used);
	}
	return server->in_used < sizeof server->in;
}

/* As much of what there is to say as there is room for, and out with it. */
static void
say(struct server *server)
{
	ssize_t size;

	while (server->start < 0 && server->said < server->lines &&
	    server->out_used + LINE < sizeof server->out) {
		char text[LINE];

		snprintf(text, sizeof text, server->format, ++server->said);
		answer(server, ":flood!f@bench PRIVMSG #lobby :%s", text);
	}
	size = write(server->client, server->out, server->out_used);
	if (size <= 0)
		return;
	server->out_used -= (size_t)size;
	memmove(server->out, server->out + size, server->out_used);
}

/* Until the client leaves. */
static void
serve(struct server *server)
{
	for (;;) {
		bool more = server->out_used > 0 ||
		    (server->start < 0 && server->said < server->lines);
		struct pollfd ready[] = {
			{ .fd = server->client,
			    .events = (short)(POLLIN | (more ? POLLOUT : 0)) },
			{ .fd = server->start, .events = POLLIN },
		};

		if (poll(ready, 2, -1) < 0)
			return;
		if (ready[1].revents != 0)
			server->start = -1;
		if (ready[0].revents != 0 && !hear(server))
			return;
		say(server);
	}
}

static _Noreturn void
serve_all(int listener, int start, unsigned lines, const char *format)
{
	static struct server server;

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		server = (struct server){ .lines = lines, .format = format,
			.start = start };
		server.client = accept(listener, NULL, NULL);
		if (server.client < 0)
			_exit(1);
		fcntl(server.client, F_SETFL, O_NONBLOCK);
		serve(&server);
		close(server.client);
	}
}

void
irc_flood_yield(void)
{
	setpriority(PRIO_PROCESS, 0, 19);
}

void
irc_flood_open(struct irc_flood *flood, unsigned lines, const char *format)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int pipes[2];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (listener < 0 ||
	    bind(listener, (struct sockaddr *)&address, size) != 0 ||
	    listen(listener, 8) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) != 0 ||
	    pipe2(pipes, O_CLOEXEC) != 0) {
		perror("irc_flood");
		exit(EXIT_FAILURE);
	}
	fflush(NULL);
	*flood = (struct irc_flood){ .port = ntohs(address.sin_port),
		.start = pipes[1], .pid = fork() };
	if (flood->pid == 0) {
		irc_flood_yield();
		close(pipes[1]);
		serve_all(listener, pipes[0], lines, format);
	}
	close(listener);
	close(pipes[0]);
}

void
irc_flood_start(struct irc_flood *flood)
{
	if (write(flood->start, "!", 1) != 1)
		perror("irc_flood");
}

void
irc_flood_close(struct irc_flood *flood)
{
	kill(flood->pid, SIGKILL);
	waitpid(flood->pid, NULL, 0);
	close(flood->start);
}
