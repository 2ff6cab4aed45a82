/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map - ranges of IDs: what one user or group ID map of a user namespace holds
 *
 * The rules are those of map_write() in kernel/user_namespace.c, Linux 4.15.
 * Numbers are compared before they are added, so that no sum can wrap.
 */
#include "idmap/map.h"

#include "idmap/text.h"

enum { PAGE = 4096 };	/* the smallest that Linux has: map_write() takes less than one */

/* (uid_t)-1 is "leave unchanged" to setresuid(2), so no range may reach it. */
static bool wraps(uint32_t first, const struct idrange *range)
{
	return range->count == 0 || range->count > UINT32_MAX - first;
}

static bool overlap(uint32_t in_a, const struct idrange *a, uint32_t in_b, const struct idrange *b)
{
	return in_a < in_b ? in_b - in_a < a->count : in_a - in_b < b->count;
}

static enum idmap_fault check_pair(const struct idrange *a, const struct idrange *b)
{
	if (a == b)
		return wraps(a->inside, a) || wraps(a->outside, a) ? IDMAP_WRAPS : IDMAP_GOOD;
	if (overlap(a->inside, a, b->inside, b))
		return IDMAP_OVERLAPS_INSIDE;
	return overlap(a->outside, a, b->outside, b) ? IDMAP_OVERLAPS_OUTSIDE : IDMAP_GOOD;
}

static enum idmap_fault check_pairs(const struct idmap *map, struct idmap_clash *at)
{
	enum idmap_fault fault = IDMAP_GOOD;

	for (uint32_t b = 0; b < map->n; b++)
		/* b itself comes first. */
		for (uint32_t a = b + 1; a-- > 0 && fault == IDMAP_GOOD;) {
			*at = (struct idmap_clash){ a, b };
			fault = check_pair(&map->range[a], &map->range[b]);
		}
	return fault;
}

enum idmap_fault idmap_check(const struct idmap *map, struct idmap_clash *at)
{
	struct idmap_clash unasked;
	enum idmap_fault fault;
	char text[IDMAP_TEXT];

	if (map->n == 0 || map->n > IDMAP_MAX)
		return map->n == 0 ? IDMAP_EMPTY : IDMAP_TOO_MANY;
	fault = check_pairs(map, at != NULL ? at : &unasked);
	if (fault == IDMAP_GOOD && idmap_print(map, text) == 0)
		return IDMAP_TOO_LONG;
	return fault;
}

size_t idmap_print(const struct idmap *map, char text[IDMAP_TEXT])
{
	size_t length = 0;

	for (const struct idrange *range = map->range; range < map->range + map->n; range++) {
		length += text_print(range->inside, ' ', text + length);
		length += text_print(range->outside, ' ', text + length);
		length += text_print(range->count, '\n', text + length);
	}
	return length < PAGE ? length : 0;
}
