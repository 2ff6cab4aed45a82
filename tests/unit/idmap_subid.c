/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of /etc/subuid: whose they are, what they delegate, and which are none. */
#include "idmap/subid.h"

#include "tests/unit/table.h"

#include <stdbool.h>
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
	{ "an empty name", ":x:1000:1:::\n", NULL },
	{ "too few fields", "ann:x\n", NULL },
	{ "nothing", "", NULL },
};

static void owner_row(void **state)
{
	const struct owner_row *row = *state;
	char name[SUBID_NAME] = "";

	assert_int_equal(subid_owner(row->passwd, strlen(row->passwd), 1000, name), row->owner != NULL);
	if (row->owner != NULL)
		assert_string_equal(name, row->owner);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(line_rows) + COUNT(cover_rows) + COUNT(owner_rows) + 2];
	size_t n = 0;

	ADD_ROWS(tests, n, line_rows, line_row);
	ADD_TEST(tests, n, "an owner of digits is a number, never a name", numbers_are_no_names);
	ADD_TEST(tests, n, "a bad line stops nothing, nor does a NUL", a_bad_line_stops_nothing);
	ADD_ROWS(tests, n, cover_rows, cover_row);
	ADD_ROWS(tests, n, owner_rows, owner_row);
	return RUN_TESTS("idmap/subid", tests, n);
}
