/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay - a main for a fuzz target where no fuzzer brings one
 *
 *     TARGET                 every file of its corpus once, as TAP; make check does this
 *     TARGET SECONDS         and then changed in many ways for so long; make check-fuzz
 *                            does this where there is no libFuzzer
 *
 * The corpus is tests/fuzz/corpus/NAME below CROFT_SOURCE, NAME being the program's.
 */
#include "tests/fuzz/target.h"

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST = 1 << 16, MOST = 4096 };

static struct {
	uint8_t *bytes;
	size_t length;
} corpus[MOST];

static size_t n_corpus;

static void read_file(const char *directory, const char *name)
{
	char path[8192];
	FILE *file;

	snprintf(path, sizeof(path), "%.4095s/%.255s", directory, name);
	file = fopen(path, "re");
	if (file == NULL || n_corpus == MOST)
		err(2, "%s", path);
	corpus[n_corpus].bytes = malloc(LARGEST);
	if (corpus[n_corpus].bytes == NULL)
		err(2, "memory");
	corpus[n_corpus].length = fread(corpus[n_corpus].bytes, 1, LARGEST, file);
	n_corpus++;
	fclose(file);
}

static void read_corpus(const char *program)
{
	const char *source = getenv("CROFT_SOURCE"), *slash = strrchr(program, '/');
	char path[4096];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", source != NULL ? source : ".",
		 slash != NULL ? slash + 1 : program);
	directory = opendir(path);
	if (directory == NULL)
		err(2, "%s", path);
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			read_file(path, entry->d_name);
	closedir(directory);
	if (n_corpus == 0)
		errx(2, "%s is empty", path);
}

/* A copy of just its length, so that a sanitizer sees a read beyond the end. */
static void try(const uint8_t *bytes, size_t length)
{
	uint8_t *copy = malloc(length > 0 ? length : 1);

	if (copy == NULL)
		err(2, "memory");
	memcpy(copy, bytes, length);
	LLVMFuzzerTestOneInput(copy, length);
	free(copy);
}

static size_t below(size_t limit)
{
	static uint64_t state = 4711;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return limit > 0 ? (size_t)(state % limit) : 0;
}

/* One change: a bit, a byte, a piece left out or doubled, or the tail of another file. */
static size_t change(uint8_t *bytes, size_t length)
{
	static const char likely[] = ":\n0123456789+- x\r";
	size_t at = below(length), other = below(n_corpus), piece = below(length - at) % 64;

	switch (below(6)) {
	case 0:
		if (length > 0)
			bytes[at] ^= (uint8_t)(1U << below(8));
		return length;
	case 1:
		if (length > 0)
			bytes[at] = (uint8_t)likely[below(sizeof(likely))];
		return length;
	case 2:
		memmove(bytes + at, bytes + at + piece, length - at - piece);
		return length - piece;
	case 3:
		if (length + piece > LARGEST)
			return length;
		memmove(bytes + at + piece, bytes + at, length - at);
		return length + piece;
	case 4:
		piece = below(corpus[other].length);
		if (at + corpus[other].length - piece > LARGEST)
			return at;
		memcpy(bytes + at, corpus[other].bytes + piece, corpus[other].length - piece);
		return at + corpus[other].length - piece;
	default:
		return at;
	}
}

static unsigned long change_for(time_t seconds)
{
	static uint8_t bytes[LARGEST];
	time_t end = time(NULL) + seconds;
	unsigned long tried = 0;

	for (; tried % 1024 != 0 || time(NULL) < end; tried++) {
		size_t one = below(n_corpus), length = corpus[one].length;

		memcpy(bytes, corpus[one].bytes, length);
		for (size_t changes = 1 + below(8); changes > 0; changes--)
			length = change(bytes, length);
		try(bytes, length);
	}
	return tried;
}

int main(int argc, char **argv)
{
	unsigned long tried = 0;

	read_corpus(argv[0]);
	for (size_t i = 0; i < n_corpus; i++)
		try(corpus[i].bytes, corpus[i].length);
	if (argc > 1)
		tried = change_for(strtol(argv[1], NULL, 10));
	printf("1..1\nok 1 - %zu files of the corpus, and %lu changed ones\n", n_corpus, tried);
	return 0;
}
