#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void (*restore_terminal)(void);

void
die_restore(void (*restore)(void))
{
	restore_terminal = restore;
}

_Noreturn void
die(const char *sentence, ...)
{
	va_list arguments;

	if (restore_terminal != NULL)
		restore_terminal();
	fputs("dchat: ", stderr);
	va_start(arguments, sentence);
	vfprintf(stderr, sentence, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}
