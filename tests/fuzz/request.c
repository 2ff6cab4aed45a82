/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a request: what is called sound has all that the kernel wants, by
 * arithmetic in 64 bits, and is what its text says when that is read back.
 *
 * Weakness H22: requests, as bytes of every kind
 * Weakness I01: requests, as bytes of every kind
 */
#include "tests/fuzz/target.h"

#include "idmap/request.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool apart(uint64_t a, uint64_t a_count, uint64_t b, uint64_t b_count)
{
	return a + a_count <= b || b + b_count <= a;
}

static void check_ranges(const struct idmap *map)
{
	promise(map->n >= 1 && map->n <= IDMAP_MAX);
	for (uint32_t i = 0; i < map->n; i++) {
		const struct idrange *a = &map->range[i];

		promise(a->count > 0);
		promise((uint64_t)a->inside + a->count <= UINT32_MAX);
		promise((uint64_t)a->outside + a->count <= UINT32_MAX);
		for (uint32_t j = 0; j < i; j++) {
			const struct idrange *b = &map->range[j];

			promise(apart(a->inside, a->count, b->inside, b->count));
			promise(apart(a->outside, a->count, b->outside, b->count));
		}
	}
}

static void check_text(const struct idmap *map)
{
	char text[IDMAP_TEXT + 1];
	size_t length = idmap_print(map, text);
	const char *line = text;

	promise(length > 0 && length < 4096);
	text[length] = '\0';
	for (uint32_t i = 0; i < map->n; i++) {
		const struct idrange *range = &map->range[i];
		char want[64];

		snprintf(want, sizeof(want), "%u %u %u\n", range->inside, range->outside,
			 range->count);
		promise(strncmp(line, want, strlen(want)) == 0);
		line += strlen(want);
	}
	promise(*line == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct idrequest request;

	memset(&request, 0xa5, sizeof(request));
	memcpy(&request, bytes, length < sizeof(request) ? length : sizeof(request));
	if (idrequest_check(&request, length) != VERDICT_GRANTED)
		return 0;
	promise(request.magic == IDREQUEST_MAGIC && request.setgroups <= SETGROUPS_ALLOW);
	promise(length == 12 + 12 * (size_t)request.map.n);
	check_ranges(&request.map);
	check_text(&request.map);
	return 0;
}
