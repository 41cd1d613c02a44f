/*
 * headless: dchat without a screen, JSON lines on standard input and output.
 *
 * The contract for bots, scripts and tests: one command per line in, one
 * event per line out; dchat(1) has the tables.  A front end like any other,
 * over dchat.h alone.
 *
 *   headless.c         the loop, what waits for an answer, signals
 *   headless_lines.c   descriptors to lines
 *   headless_output.c  lines to a descriptor, never waiting for its reader
 *   headless_json.c    lines to commands, events to lines
 */
#ifndef DCHAT_HOST_HEADLESS_H
#define DCHAT_HOST_HEADLESS_H

#include "dchat.h"

/*
 * Runs a node until it has left; returns the exit status.  Takes over the
 * standard descriptors and the signals of the process.
 */
int headless_run(const struct dchat_options *options);

#endif
