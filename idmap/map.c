/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map - ranges of IDs: what one user or group ID map of a user namespace holds
 *
 * The rules are those of map_write() in kernel/user_namespace.c, Linux 4.15.
 * Numbers are compared before they are added, so that no sum can wrap.
 */
#include "idmap/map.h"

#include "idmap/text.h"

/* (uid_t)-1 is "leave unchanged" to setresuid(2), so no range may reach it. */
static bool wraps(uint32_t first, uint32_t count)
{
	return count == 0 || count > UINT32_MAX - first;
}

/* For ranges that do not wrap. */
static bool overlap(uint32_t first, uint32_t count, uint32_t other, uint32_t other_count)
{
	return first < other ? other - first < count : first - other < other_count;
}

static enum idmap_fault check_pair(const struct idrange *a, const struct idrange *b)
{
	if (overlap(a->inside, a->count, b->inside, b->count))
		return IDMAP_OVERLAPS_INSIDE;
	if (overlap(a->outside, a->count, b->outside, b->count))
		return IDMAP_OVERLAPS_OUTSIDE;
	return IDMAP_GOOD;
}

static enum idmap_fault check_against_earlier(const struct idmap *map, struct idmap_clash *at)
{
	const struct idrange *range = map->range;

	if (wraps(range[at->b].inside, range[at->b].count) ||
	    wraps(range[at->b].outside, range[at->b].count)) {
		at->a = at->b;
		return IDMAP_WRAPS;
	}
	for (at->a = 0; at->a < at->b; at->a++) {
		enum idmap_fault fault = check_pair(&range[at->a], &range[at->b]);

		if (fault != IDMAP_GOOD)
			return fault;
	}
	return IDMAP_GOOD;
}

enum idmap_fault idmap_check(const struct idmap *map, struct idmap_clash *at)
{
	struct idmap_clash unasked;
	char text[IDMAP_TEXT];

	if (at == NULL)
		at = &unasked;
	if (map->n == 0)
		return IDMAP_EMPTY;
	if (map->n > IDMAP_MAX)
		return IDMAP_TOO_MANY;
	for (at->b = 0; at->b < map->n; at->b++) {
		enum idmap_fault fault = check_against_earlier(map, at);

		if (fault != IDMAP_GOOD)
			return fault;
	}
	return idmap_print(map, text) == 0 ? IDMAP_TOO_LONG : IDMAP_GOOD;
}

bool idrange_has(const struct idrange *range, uint32_t outside)
{
	return outside >= range->outside && outside - range->outside < range->count;
}

static size_t print_range(const struct idrange *range, char *line)
{
	size_t length = text_print(range->inside, line);

	line[length++] = ' ';
	length += text_print(range->outside, line + length);
	line[length++] = ' ';
	length += text_print(range->count, line + length);
	line[length++] = '\n';
	return length;
}

size_t idmap_print(const struct idmap *map, char text[IDMAP_TEXT])
{
	enum { LONGEST_LINE = 3 * (TEXT_DIGITS + 1) };
	size_t length = 0;

	for (uint32_t i = 0; i < map->n; i++) {
		char line[LONGEST_LINE];
		size_t more = print_range(&map->range[i], line);

		if (more >= IDMAP_TEXT - length)
			return 0;
		for (size_t j = 0; j < more; j++)
			text[length++] = line[j];
	}
	return length;
}

const char *idmap_complaint(enum idmap_fault fault)
{
	static const char *const words[] = {
		[IDMAP_GOOD]             = "it is sound",
		[IDMAP_EMPTY]            = "it has no range",
		[IDMAP_TOO_MANY]         = "it has more than 340 ranges",
		[IDMAP_WRAPS]            = "a range holds no ID, or goes beyond 4294967294",
		[IDMAP_OVERLAPS_INSIDE]  = "two ranges overlap inside",
		[IDMAP_OVERLAPS_OUTSIDE] = "two ranges overlap outside",
		[IDMAP_TOO_LONG]         = "as text it is longer than 4095 bytes",
	};

	return words[fault];
}
