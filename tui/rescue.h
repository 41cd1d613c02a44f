/*
 * rescue: what gives the terminal back when the program dies: by die(), a
 * failed assert, a bad address, a stack that ran over.
 *
 * All of it is made beforehand, because a signal handler may only write(2)
 * and tcsetattr(3).  The terminal is one for the process, and so is this.
 */
#ifndef DCHAT_TUI_RESCUE_H
#define DCHAT_TUI_RESCUE_H

#include <stdbool.h>

/* Of two descriptors of the terminal.  Takes the signals over and notes the
 * modes; nothing is written yet. */
void rescue_open(int out, int in);
void rescue_close(void);

/* Nothing is to be written then. */
void rescue_forget(void);

/* What is to be written then: a sequence, or a capability of terminfo,
 * which may be missing and may hold padding. */
void rescue_add(const char *sequence);

/* Whether the terminal is the program's at present. */
void rescue_arm(bool armed);

#endif
