/*
 * die: the end when the machine is hopeless (no memory, no descriptor).
 *
 * The one mutable global of src: whoever has changed the terminal leaves
 * here how to restore it, because a sentence on a raw screen helps nobody.
 */
#ifndef DCHAT_BASE_DIE_H
#define DCHAT_BASE_DIE_H

/* Called once before the sentence is printed; NULL: nothing to restore. */
void die_restore(void (*restore)(void));

/* Restores the terminal, prints "dchat: SENTENCE" to stderr, exits with 1. */
_Noreturn void die(const char *sentence, ...)
    __attribute__((format(printf, 1, 2)));

#endif
