/*
 * lan: hosts on one wire, as network namespaces on a bridge.
 *
 * The whole LAN lives in a user, mount and network namespace of its own, so
 * it needs no root, touches nothing of the machine and is gone when the
 * test ends; so is its home (tests/support/home).  Hosts are named h1, h2, ..., with 10.77.0.N/24 on eth0.
 */
#ifndef TESTS_SUPPORT_LAN_H
#define TESTS_SUPPORT_LAN_H

#include <stdbool.h>

/*
 * To be called first in main(): runs the program again inside namespaces of
 * its own.  Where the machine forbids that, exits with 77 (skipped) and one
 * sentence.
 */
void lan_enter(char **argv);

/* Lays the wire with so many hosts; aborts with a sentence when it fails. */
void lan_build(int hosts);
void lan_remove(int hosts);

/* The name of a host's namespace, from 1. */
const char *lan_host(int host);

/* Pulls the cable of a host, and plugs it in again. */
void lan_cut(int host);
void lan_mend(int host);

/* Cuts the wire between the hosts from this one on and those before it, and
 * joins the pieces again. */
void lan_split(int hosts, int first);
void lan_join(int hosts);

/* As an access point does with its guests: hosts so isolated do not reach each
 * other, but all others. */
void lan_isolate(int host);
void lan_admit(int host);

/* Drops so many percent of what a host receives; 0 drops nothing. */
void lan_loss(int host, int percent);

/* Drops all UDP that a host receives: no beacon comes through. */
void lan_deafen(int host);

#endif
