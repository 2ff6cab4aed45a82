/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of --uid-map: it is taken exactly where a regular expression matches, and
 * then says what a second reading finds; and what idmap_check() calls good is printed
 * so that the same text comes of it.
 *
 * Weakness I02: maps on the command line, as text of every kind
 */
#include "tests/fuzz/target.h"

#include "sandbox/options/options.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 8192 };

static const struct option_row *row;
static regex_t list;

static void begin(void)
{
	if (row != NULL)
		return;
	for (size_t i = 0; i < n_option_sections; i++)
		for (size_t j = 0; j < option_sections[i]->n; j++)
			if (strcmp(option_sections[i]->rows[j].name, "uid-map") == 0)
				row = &option_sections[i]->rows[j];
	promise(row != NULL);
#define NUMBER "(0|[1-9][0-9]{0,9})"
#define RANGE NUMBER ":" NUMBER ":" NUMBER
	promise(regcomp(&list, "^" RANGE "(," RANGE ")*$", REG_EXTENDED | REG_NOSUB) == 0);
}

static const char *next_range(const char *range)
{
	const char *comma = strchr(range, ',');

	return comma != NULL ? comma + 1 : NULL;
}

/* The numbers of the text, which matches; false if one has no place in 32 bits. */
static bool read_again(const char *text, struct idmap *map, size_t *ranges)
{
	*ranges = 0;
	for (const char *at = text; at != NULL; at = next_range(at), ++*ranges) {
		unsigned long long inside, outside, count;

		promise(sscanf(at, "%llu:%llu:%llu", &inside, &outside, &count) == 3);
		if (inside > UINT32_MAX || outside > UINT32_MAX || count > UINT32_MAX)
			return false;
		if (*ranges < IDMAP_MAX)
			map->range[*ranges] = (struct idrange){ (uint32_t)inside, (uint32_t)outside,
								(uint32_t)count };
	}
	map->n = (uint32_t)*ranges;
	return *ranges <= IDMAP_MAX;
}

static void check_text(const struct idmap *map)
{
	static struct idmap again;
	char text[IDMAP_TEXT + 1];
	const char *line = text;
	size_t length;

	if (idmap_check(map, NULL) != IDMAP_GOOD)
		return;
	length = idmap_print(map, text);
	promise(length > 0 && length < 4096);
	text[length] = '\0';
	for (again.n = 0; *line != '\0'; again.n++, line = strchr(line, '\n') + 1) {
		struct idrange *range = &again.range[again.n];

		promise(sscanf(line, "%u %u %u\n", &range->inside, &range->outside,
			       &range->count) == 3);
	}
	promise(again.n == map->n);
	promise(memcmp(again.range, map->range, map->n * sizeof(map->range[0])) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct options options;
	static struct idmap again;
	static char text[LONGEST + 1];
	char *values[] = { text, NULL };
	struct failure why = { 0 };
	size_t ranges = 0;
	bool taken, wanted;

	begin();
	if (length > LONGEST)
		length = LONGEST;
	memcpy(text, bytes, length);
	text[length] = '\0';		/* an argument has no NUL within */
	memset(&options, 0, sizeof(options));
	taken = row->set(&options, row, values, &why) == 0;
	wanted = regexec(&list, text, 0, NULL, 0) == 0 && read_again(text, &again, &ranges);
	promise(taken == wanted);
	if (!taken)
		return 0;
	promise(options.uid_map.n == again.n);
	promise(memcmp(options.uid_map.range, again.range, again.n * sizeof(again.range[0])) == 0);
	check_text(&options.uid_map);
	return 0;
}
