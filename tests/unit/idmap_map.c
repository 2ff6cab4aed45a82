/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes a map sound, and how it is written for the kernel. */
#include "idmap/map.h"

#include "tests/unit/table.h"

static const struct check_row {
	const char *name;
	enum idmap_fault want;
	struct idmap_clash at;
	struct idmap map;
} check_rows[] = {
	{ "one ID", IDMAP_GOOD, { 0, 0 }, { 1, { { 0, 1000, 1 } } } },
	{ "the last ID that exists", IDMAP_GOOD, { 0, 0 }, { 1, { { 0, 4294967294, 1 } } } },
	{ "every ID", IDMAP_GOOD, { 0, 0 }, { 1, { { 0, 0, 4294967295 } } } },
	{ "neighbours, inside and outside", IDMAP_GOOD, { 0, 0 },
	  { 2, { { 0, 5000, 9 }, { 9, 5009, 9 } } } },
	{ "neighbours the other way round", IDMAP_GOOD, { 0, 0 },
	  { 2, { { 9, 5009, 9 }, { 0, 5000, 9 } } } },

	{ "no range at all", IDMAP_EMPTY, { 0, 0 }, { 0 } },
	{ "a count of zero", IDMAP_WRAPS, { 0, 0 }, { 1, { { 0, 1000, 0 } } } },
	{ "(uid_t)-1 outside", IDMAP_WRAPS, { 0, 0 }, { 1, { { 0, 4294967295, 1 } } } },
	{ "(uid_t)-1 inside", IDMAP_WRAPS, { 0, 0 }, { 1, { { 4294967295, 0, 1 } } } },
	{ "one beyond the last, outside", IDMAP_WRAPS, { 0, 0 }, { 1, { { 0, 4294967294, 2 } } } },
	{ "one beyond the last, inside", IDMAP_WRAPS, { 0, 0 }, { 1, { { 4294967294, 0, 2 } } } },
	{ "a sum that wraps to a small one", IDMAP_WRAPS, { 0, 0 },
	  { 1, { { 0, 4294967290, 4294967295 } } } },
	{ "the second of two wraps", IDMAP_WRAPS, { 1, 1 }, { 2, { { 0, 1, 1 }, { 5, 5, 0 } } } },
	{ "an overlap outside by one", IDMAP_OVERLAPS_OUTSIDE, { 0, 1 },
	  { 2, { { 0, 5008, 1 }, { 1, 5000, 9 } } } },
	{ "an overlap inside by one", IDMAP_OVERLAPS_INSIDE, { 0, 1 },
	  { 2, { { 8, 1, 1 }, { 0, 5000, 9 } } } },
	{ "one within the other", IDMAP_OVERLAPS_OUTSIDE, { 0, 1 },
	  { 2, { { 0, 5000, 100 }, { 200, 5050, 1 } } } },
	{ "the same range twice", IDMAP_OVERLAPS_INSIDE, { 0, 1 },
	  { 2, { { 0, 5000, 9 }, { 0, 5000, 9 } } } },
};

static void check_row(void **state)
{
	const struct check_row *row = *state;
	struct idmap_clash at = { 99, 99 };

	assert_int_equal(idmap_check(&row->map, &at), row->want);
	assert_int_equal(idmap_check(&row->map, NULL), row->want);
	if (row->want != IDMAP_WRAPS && row->want != IDMAP_OVERLAPS_INSIDE &&
	    row->want != IDMAP_OVERLAPS_OUTSIDE)
		return;
	assert_int_equal(at.a, row->at.a);
	if (row->want != IDMAP_WRAPS)
		assert_int_equal(at.b, row->at.b);
}

/* n ranges of one ID each, from first on, with a hole behind each. */
static struct idmap many(uint32_t n, uint32_t first)
{
	struct idmap map = { .n = n };

	for (uint32_t i = 0; i < n && i < IDMAP_MAX; i++)
		map.range[i] = (struct idrange){ 2 * i, first + 2 * i, 1 };
	return map;
}

static void limits(void **state)
{
	struct idmap map = many(340, 1000);
	char text[IDMAP_TEXT];

	(void)state;
	assert_int_equal(idmap_check(&map, NULL), IDMAP_GOOD);
	map = many(341, 1000);
	assert_int_equal(idmap_check(&map, NULL), IDMAP_TOO_MANY);
	map = many(340, 1000000);
	assert_int_equal(idmap_check(&map, NULL), IDMAP_TOO_LONG);
	assert_int_equal(idmap_print(&map, text), 0);
}

/* map_write(): count >= PAGE_SIZE is refused. */
static void last_byte_of_the_page(void **state)
{
	struct idmap map = { .n = 171 };
	char text[IDMAP_TEXT];

	(void)state;
	for (uint32_t i = 0; i < 170; i++)	/* 170 lines of 24 bytes */
		map.range[i] = (struct idrange){ 1000000000 + 2 * i, 1000000000 + 2 * i, 1 };
	map.range[170] = (struct idrange){ 7, 12345678, 123 };
	assert_int_equal(idmap_print(&map, text), 4095);
	assert_int_equal(idmap_check(&map, NULL), IDMAP_GOOD);
	map.range[170].count = 1234;
	assert_int_equal(idmap_print(&map, text), 0);
	assert_int_equal(idmap_check(&map, NULL), IDMAP_TOO_LONG);
}

/* What no map should be still fits the room that callers give. */
static void longest_text(void **state)
{
	struct idmap map = { .n = IDMAP_MAX };
	char text[IDMAP_TEXT + 1];

	(void)state;
	for (uint32_t i = 0; i < IDMAP_MAX; i++)
		map.range[i] = (struct idrange){ UINT32_MAX, UINT32_MAX, UINT32_MAX };
	text[IDMAP_TEXT] = '!';
	assert_int_equal(idmap_print(&map, text), 0);
	assert_int_equal(text[IDMAP_TEXT], '!');
}

static void print(void **state)
{
	static const char want[] = "0 1001 1\n1 100000 65536\n4294967294 4294967293 1\n";
	const struct idmap map = {
		3, { { 0, 1001, 1 }, { 1, 100000, 65536 }, { 4294967294, 4294967293, 1 } }
	};
	char text[IDMAP_TEXT];

	(void)state;
	assert_int_equal(idmap_print(&map, text), sizeof(want) - 1);
	assert_memory_equal(text, want, sizeof(want) - 1);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(check_rows) + 4];
	size_t n = 0;

	ADD_ROWS(tests, n, check_rows, check_row);
	ADD_TEST(tests, n, "340 ranges and a page", limits);
	ADD_TEST(tests, n, "4095 bytes of text are taken, 4096 are not", last_byte_of_the_page);
	ADD_TEST(tests, n, "the longest text stays in its room", longest_text);
	ADD_TEST(tests, n, "as the kernel reads it", print);
	return RUN_TESTS("idmap/map", tests, n);
}
