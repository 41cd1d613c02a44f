/*
 * Gives a fuzz program what is in the folders named, without an argument
 * in its own corpus, tests/fuzz/corpus/NAME for fuzz_NAME.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 20 };

/* In memory of exactly its size, for the sanitizers to guard. */
static void
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *buffer = mem_alloc(INPUT_MAX), *input;
	size_t size;

	if (file == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	size = fread(buffer, 1, INPUT_MAX, file);
	fclose(file);
	input = mem_copy(buffer, size);
	free(buffer);
	LLVMFuzzerTestOneInput(input, size);
	free(input);
}

/* Returns how many there were. */
static unsigned
replay_folder(const char *folder)
{
	DIR *open = opendir(folder);
	unsigned count = 0;
	struct dirent *entry;
	char path[4096];

	if (open == NULL) {
		perror(folder);
		exit(EXIT_FAILURE);
	}
	while ((entry = readdir(open)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		replay_file(path);
		count++;
	}
	closedir(open);
	return count;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	const char *name = strstr(argv[0], "fuzz_");
	char corpus[4096];
	unsigned count = 0;

	/* the folder is called fuzz too; libtool may add to the name */
	for (const char *n = name; n != NULL; n = strstr(n + 1, "fuzz_"))
		name = n;
	if (argc < 2 && name != NULL) {
		snprintf(corpus, sizeof corpus, "%s/tests/fuzz/corpus/%s",
		    top != NULL ? top : ".", name + strlen("fuzz_"));
		count += replay_folder(corpus);
	}
	for (int i = 1; i < argc; i++)
		count += replay_folder(argv[i]);
	printf("%s: %u inputs survived\n", name != NULL ? name : argv[0],
	    count);
	return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
