/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of /etc/subuid: whose they are, what they delegate, and which are none. */
#include "idmap/subid.h"

#include "tests/unit/table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MALFORMED = -1 };

static const struct line_row {
	const char *name, *line;	/* for ann, whose UID is 1000 */
	int spans;			/* or MALFORMED */
	uint32_t first, count;
} line_rows[] = {
	{ "by name", "ann:100000:65536", 1, 100000, 65536 },
	{ "by number", "1000:100000:65536", 1, 100000, 65536 },
	{ "with its newline", "ann:1:2\n", 1, 1, 2 },
	{ "the last ID", "ann:4294967294:1", 1, 4294967294, 1 },
	{ "from zero", "ann:0:10", 1, 0, 10 },
	{ "two lines", "ann:1:2\nann:9:3\n", 2, 1, 2 },
	{ "among others'", "bob:5:5\nann:1:2\nzoe:7:7\n", 1, 1, 2 },

	{ "another's", "bob:100000:65536", 0, 0, 0 },
	{ "a longer name", "anna:1:2", 0, 0, 0 },
	{ "a shorter name", "an:1:2", 0, 0, 0 },
	{ "another's number", "10000:1:2", 0, 0, 0 },
	{ "a comment", "#ann:1:2", 0, 0, 0 },
	{ "nothing", "", 0, 0, 0 },
	{ "blank lines", "\n\n", 0, 0, 0 },

	{ "two fields", "ann:1", MALFORMED, 0, 0 },
	{ "four fields", "ann:1:2:3", MALFORMED, 0, 0 },
	{ "an empty count", "ann:1:", MALFORMED, 0, 0 },
	{ "an empty first", "ann::2", MALFORMED, 0, 0 },
	{ "a count of zero", "ann:1:0", MALFORMED, 0, 0 },
	{ "a sum beyond the last ID", "ann:4294967294:2", MALFORMED, 0, 0 },
	{ "33 bits", "ann:4294967296:1", MALFORMED, 0, 0 },
	{ "a count of 33 bits", "ann:1:4294967296", MALFORMED, 0, 0 },
	{ "a plus", "ann:+1:2", MALFORMED, 0, 0 },
	{ "a minus", "ann:-1:2", MALFORMED, 0, 0 },
	{ "a blank", "ann: 1:2", MALFORMED, 0, 0 },
	{ "a blank at the end", "ann:1:2 ", MALFORMED, 0, 0 },
	{ "a carriage return", "ann:1:2\r\n", MALFORMED, 0, 0 },
	{ "hexadecimal", "ann:0x1:2", MALFORMED, 0, 0 },
	{ "octal", "ann:010:2", MALFORMED, 0, 0 },
	{ "a name alone", "ann", MALFORMED, 0, 0 },
};

static void line_row(void **state)
{
	const struct line_row *row = *state;
	static struct subid_list list;

	memset(&list, 0, sizeof(list));
	subid_collect(row->line, strlen(row->line), 1000, "ann", &list);
	assert_int_equal(list.n, row->spans > 0 ? row->spans : 0);
	assert_int_equal(list.malformed, row->spans == MALFORMED);
	if (row->spans == MALFORMED)
		assert_int_equal(list.first_malformed_line, 1);
	if (row->spans > 0) {
		assert_int_equal(list.span[0].first, row->first);
		assert_int_equal(list.span[0].count, row->count);
	}
}

static void numbers_are_no_names(void **state)
{
	static struct subid_list list;
	static const char text[] = "2002:100000:5\n";

	(void)state;
	subid_collect(text, strlen(text), 3003, "2002", &list);
	assert_int_equal(list.n, 0);
	subid_collect(text, strlen(text), 2002, NULL, &list);
	assert_int_equal(list.n, 1);
}

static void a_bad_line_stops_nothing(void **state)
{
	static struct subid_list list;
	static const char text[] = "ann:1\nann:5:5\nann:x:1\n\0ann:6:6\nann:70:7";

	(void)state;
	memset(&list, 0, sizeof(list));
	subid_collect(text, sizeof(text) - 1, 1000, "ann", &list);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.span[1].first, 70);
	assert_int_equal(list.first_malformed_line, 1);
}

static void number_of_the_malformed_line(void **state)
{
	static const char text[] = "# one\n\nbob:1:1\nann:1\nann:2\n";
	static struct subid_list list;

	(void)state;
	subid_collect(text, strlen(text), 1000, "ann", &list);
	assert_int_equal(list.malformed, 2);
	assert_int_equal(list.first_malformed_line, 4);
}

static char *repeat(const char *piece, size_t times, const char *end)
{
	size_t length = strlen(piece);
	char *text = malloc(length * times + strlen(end) + 1);

	assert_non_null(text);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * length, piece, length);
	strcpy(text + times * length, end);
	return text;
}

static void tail_of_a_long_line(void **state)
{
	static const size_t lengths[] = { 255, 256, 1023, 1024, 4095, 4096, 1 << 20 };
	static struct subid_list list;

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		char *text = repeat("a", lengths[i], "ann:1:1\nann:100000:5\n");

		subid_collect(text, strlen(text), 1000, "ann", &list);
		assert_int_equal(list.n, 1);
		assert_int_equal(list.span[0].first, 100000);
		assert_int_equal(list.malformed, lengths[i] + 3 > 255);
		free(text);
	}
}

static void more_lines_than_a_map_has_ranges(void **state)
{
	static struct {
		struct subid_list list;
		struct subid_span beyond;
	} room;
	char *text = repeat("ann:7:7\n", SUBID_MAX + 100, "ann:8:8\n");

	(void)state;
	memset(&room, 0, sizeof(room));
	subid_collect(text, strlen(text), 1000, "ann", &room.list);
	assert_int_equal(room.list.n, SUBID_MAX);
	assert_int_equal(room.list.span[SUBID_MAX - 1].first, 7);
	free(text);
}

static void nothing_covers_nothing(void **state)
{
	static const struct subid_list none = { .n = 0, .span = { { 100000, 65536 } } };

	(void)state;
	assert_false(subid_covers(&none, 100000, 1));
}

/* Every pair of spans and every range among ten IDs, against a count of the IDs. */
static void cover_is_what_counting_says(void **state)
{
	enum { IDS = 10, SPANS = IDS * IDS };
	struct subid_list list = { .n = 2 };

	(void)state;
	for (uint32_t pair = 0; pair < SPANS * SPANS; pair++) {
		bool has[2 * IDS] = { false };

		for (uint32_t i = 0; i < 2; i++) {
			uint32_t which = i == 0 ? pair % SPANS : pair / SPANS;

			list.span[i] = (struct subid_span){ which % IDS, which / IDS };
			for (uint32_t id = 0; id < list.span[i].count; id++)
				has[list.span[i].first + id] = true;
		}
		for (uint32_t first = 0; first < IDS; first++) {
			bool all = true;

			for (uint32_t count = 1; first + count <= 2 * IDS; count++) {
				all = all && has[first + count - 1];
				assert_int_equal(subid_covers(&list, first, count), all);
			}
		}
	}
}

static const struct cover_row {
	const char *name;
	uint32_t first, count;
	bool covered;
} cover_rows[] = {		/* 100-109, 110-119 and 105-114; 200-209 */
	{ "one of them", 100, 10, true },
	{ "across two that touch", 105, 15, true },
	{ "all that hangs together", 100, 20, true },
	{ "the last of all", 209, 1, true },
	{ "one more", 100, 21, false },
	{ "one before", 99, 2, false },
	{ "across the hole", 119, 82, false },
	{ "in the hole", 150, 1, false },
	{ "beyond", 210, 1, false },
	{ "a count that wraps", 200, 4294967295, false },
};

static void cover_row(void **state)
{
	static const struct subid_list list = {
		.n = 4, .span = { { 110, 10 }, { 200, 10 }, { 100, 10 }, { 105, 10 } },
	};
	const struct cover_row *row = *state;

	assert_int_equal(subid_covers(&list, row->first, row->count), row->covered);
}

static const struct owner_row {
	const char *name, *passwd, *owner;	/* of UID 1000; NULL: none */
} owner_rows[] = {
	{ "an entry", "ann:x:1000:1000::/home/ann:/bin/sh\n", "ann" },
	{ "the first of two", "ann:x:1000:1:::\nbob:x:1000:1:::\n", "ann" },
	{ "behind others", "root:x:0:0:::\nann:x:1000:1:::\n", "ann" },
	{ "without its newline", "ann:x:1000:1:::", "ann" },
	{ "another UID", "ann:x:10000:1000:::\n", NULL },
	{ "the number as a GID", "ann:x:1:1000:::\n", NULL },
	{ "a name of digits", "1000:x:1000:1:::\n", NULL },
	{ "a name of nines", "99:x:1000:1:::\n", NULL },
	{ "an empty name", ":x:1000:1:::\n", NULL },
	{ "too few fields", "ann:x\n", NULL },
	{ "nothing behind the UID", "ann:x:1000\n", NULL },
	{ "a UID with a leading zero", "ann:x:01000:1:::\n", NULL },
	{ "a UID that wraps to 1000", "ann:x:4294968296:1:::\n", NULL },
	{ "malformed lines before", "\n::\nann\nx:y:z:\nann:x:1000:1:::\n", "ann" },
	{ "the first has a name of digits", "20:x:1000:1:::\nann:x:1000:1:::\n", NULL },
	{ "a line of NIS", "+ann:x:1000:1:::\n", NULL },
	{ "a line against NIS", "-ann:x:1000:1:::\n", NULL },
	{ "a comment", "#ann:x:1000:1:::\n", NULL },
	{ "a blank in the name", "a nn:x:1000:1:::\n", NULL },
	{ "an escape in the name", "a\033nn:x:1000:1:::\n", NULL },
	{ "a DEL in the name", "a\177nn:x:1000:1:::\n", NULL },
	{ "digits and their neighbours", "1/:x:1000:1:::\n", "1/" },
	{ "a dollar at the end", "host$:x:1000:1:::\n", "host$" },
	{ "nothing", "", NULL },
};

static void owner_row(void **state)
{
	const struct owner_row *row = *state;
	char name[SUBID_NAME] = "";

	assert_int_equal(subid_owner(row->passwd, strlen(row->passwd), 1000, name),
			 row->owner != NULL);
	if (row->owner != NULL)
		assert_string_equal(name, row->owner);
}

static void length_of_a_name(void **state)
{
	char *longest = repeat("n", SUBID_NAME - 1, ":x:1000:1:::\n");
	char *longer = repeat("n", SUBID_NAME, ":x:1000:1:::\n");
	char name[SUBID_NAME + 1];

	(void)state;
	name[SUBID_NAME] = '!';
	assert_true(subid_owner(longest, strlen(longest), 1000, name));
	assert_int_equal(strlen(name), SUBID_NAME - 1);
	assert_int_equal(name[SUBID_NAME], '!');
	assert_false(subid_owner(longer, strlen(longer), 1000, name));
	free(longest);
	free(longer);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(line_rows) + COUNT(cover_rows) + COUNT(owner_rows) + 8];
	size_t n = 0;

	ADD_ROWS(tests, n, line_rows, line_row);
	ADD_TEST(tests, n, "an owner of digits is a number, never a name", numbers_are_no_names);
	ADD_TEST(tests, n, "a bad line stops nothing, nor does a NUL", a_bad_line_stops_nothing);
	ADD_TEST(tests, n, "the first malformed line has its number", number_of_the_malformed_line);
	ADD_TEST(tests, n, "the tail of a long line is no line", tail_of_a_long_line);
	ADD_TEST(tests, n, "what a map cannot use is left out", more_lines_than_a_map_has_ranges);
	ADD_ROWS(tests, n, cover_rows, cover_row);
	ADD_TEST(tests, n, "an empty list covers nothing", nothing_covers_nothing);
	ADD_TEST(tests, n, "covers what counting the IDs says", cover_is_what_counting_says);
	ADD_ROWS(tests, n, owner_rows, owner_row);
	ADD_TEST(tests, n, "a name has at most 255 bytes", length_of_a_name);
	return RUN_TESTS("idmap/subid", tests, n);
}
