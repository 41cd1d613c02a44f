#include "base/error.h"

#include <stddef.h>

static const struct {
	const char *name, *sentence;
} errors[] = {
#define X(constant, name, sentence) [constant] = { name, sentence },
	ERRORS(X)
#undef X
};

const char *
error_name(enum error error)
{
	return errors[error].name;
}

const char *
error_sentence(enum error error)
{
	return errors[error].sentence;
}
