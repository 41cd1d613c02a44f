#include "tests/support/lan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/home.h"

static int
run(const char *format, ...)
{
	char command[1024];
	va_list arguments;
	int status;

	va_start(arguments, format);
	vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	fflush(NULL);
	status = system(command);
	if (status != 0)
		fprintf(stderr, "this failed: %s\n", command);
	return status;
}

static void
must(int status)
{
	if (status != 0) {
		fprintf(stderr, "The test network could not be laid.\n");
		abort();
	}
}

void
lan_enter(char **argv)
{
	enum { WORDS = 4, MAX = 64 };
	char self[4096];
	const char *command[MAX] = { "unshare", "-Urnm", self };
	ssize_t size;

	if (getenv("DCHAT_LAN") != NULL) {
		/* A /run of our own, or names would meet the machine's. */
		must(run("mount -t tmpfs tmpfs /run && mkdir /run/netns && "
			 "mkdir -m 700 /run/home && ip link set lo up"));
		home_in("/run/home");
		return;
	}
	size = readlink("/proc/self/exe", self, sizeof self - 1);
	if (size > 0 &&
	    system("unshare -Urnm true 2>/dev/null") == 0) {
		self[size] = '\0';
		setenv("DCHAT_LAN", "1", 1);
		fflush(NULL);
		for (int i = 1; i < MAX - WORDS && argv[i] != NULL; i++)
			command[i + 2] = argv[i];
		execvp("unshare", (char *const *)command);
	}
	fprintf(stderr, "This machine allows no network namespaces; "
			"the tests that need a LAN are skipped.\n");
	exit(77);
}

const char *
lan_host(int host)
{
	static char names[64][8];

	snprintf(names[host], sizeof names[host], "h%d", host);
	return names[host];
}

void
lan_build(int hosts)
{
	must(run("ip link add br0 type bridge forward_delay 0 && "
		 "ip link set br0 up"));
	for (int i = 1; i <= hosts; i++)
		must(run("ip netns add h%d && "
			 "ip link add v%d type veth peer name eth0 netns h%d "
			 "&& ip link set v%d master br0 up && "
			 "ip -n h%d addr add 10.77.0.%d/24 brd + dev eth0 && "
			 "ip -n h%d link set lo up && "
			 "ip -n h%d link set eth0 up",
		    i, i, i, i, i, i, i, i));
}

void
lan_remove(int hosts)
{
	/* A namespace goes some time later, and its cable with it. */
	for (int i = 1; i <= hosts; i++)
		run("ip link del v%d; ip netns del h%d", i, i);
	run("ip link del br0; ip link del br1 2>/dev/null; true");
}

void
lan_cut(int host)
{
	must(run("ip link set v%d down", host));
}

void
lan_mend(int host)
{
	must(run("ip link set v%d up", host));
}

void
lan_split(int hosts, int first)
{
	must(run("ip link add br1 type bridge forward_delay 0 && "
		 "ip link set br1 up"));
	for (int i = first; i <= hosts; i++)
		must(run("ip link set v%d master br1", i));
}

void
lan_join(int hosts)
{
	for (int i = 1; i <= hosts; i++)
		must(run("ip link set v%d master br0", i));
	must(run("ip link del br1"));
}

void
lan_isolate(int host)
{
	must(run("ip link set v%d type bridge_slave isolated on", host));
}

void
lan_admit(int host)
{
	must(run("ip link set v%d type bridge_slave isolated off", host));
}

static void
filter(int host, const char *rule)
{
	run("ip netns exec h%d nft flush ruleset", host);
	if (rule != NULL)
		must(run("ip netns exec h%d nft 'table inet t { chain c { "
			 "type filter hook input priority 0; %s }; }'",
		    host, rule));
}

void
lan_loss(int host, int percent)
{
	char rule[128];

	snprintf(rule, sizeof rule,
	    "iifname \"eth0\" numgen random mod 100 < %d drop;", percent);
	filter(host, percent == 0 ? NULL : rule);
}

void
lan_deafen(int host)
{
	filter(host, "meta l4proto udp drop;");
}
