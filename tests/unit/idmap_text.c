/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of text, and the one number grammar of files and requests. */
#include "idmap/text.h"

#include "tests/unit/table.h"

#include <string.h>

static struct text text_of(const char *string)
{
	return (struct text){ string, strlen(string) };
}

static const struct number_row {
	const char *name, *text;
	bool good;
	uint32_t value;
} number_rows[] = {
	{ "zero", "0", true, 0 },
	{ "one digit", "9", true, 9 },
	{ "a usual ID", "100000", true, 100000 },
	{ "the last ID", "4294967294", true, 4294967294 },

	{ "nothing", "", false, 0 },
	{ "-1 in 32 bits", "4294967295", false, 0 },
	{ "2^32", "4294967296", false, 0 },
	{ "what 32 bits would wrap to 1", "4294967297", false, 0 },
	{ "2^63", "9223372036854775808", false, 0 },
	{ "what 64 bits would wrap to 7", "18446744073709551623", false, 0 },
	{ "forty digits", "1111111111222222222233333333334444444444", false, 0 },
	{ "a leading zero", "01", false, 0 },
	{ "two zeros", "00", false, 0 },
	{ "plus", "+1", false, 0 },
	{ "minus", "-1", false, 0 },
	{ "a blank before", " 1", false, 0 },
	{ "a blank after", "1 ", false, 0 },
	{ "a carriage return after", "1\r", false, 0 },
	{ "hexadecimal", "0x1", false, 0 },
	{ "an exponent", "1e3", false, 0 },
	{ "a separator", "1_0", false, 0 },
	{ "a digit of another script", "\xd9\xa1", false, 0 },
	{ "a letter behind ten digits", "1234567890a", false, 0 },
};

static void number(void **state)
{
	const struct number_row *row = *state;
	uint32_t value = 12345;

	assert_int_equal(text_number(text_of(row->text), &value), row->good);
	if (row->good)
		assert_int_equal(value, row->value);
}

static void number_with_nul(void **state)
{
	uint32_t value;

	(void)state;
	assert_false(text_number((struct text){ "1\0", 2 }, &value));
	assert_false(text_number((struct text){ "\0001", 2 }, &value));
}

static void number_of_zeros(void **state)
{
	static char zeros[4096];
	uint32_t value;

	(void)state;
	memset(zeros, '0', sizeof(zeros));
	assert_false(text_number((struct text){ zeros, sizeof(zeros) }, &value));
}

/* Whatever is printed is read back, and has no other form. */
static void number_and_back(void **state)
{
	static const uint32_t numbers[] = {
		0, 1, 9, 10, 99, 100, 65535, 65536, 2147483647, 2147483648U, 4294967293U,
		4294967294U,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		char digits[11];
		size_t length = text_print(numbers[i], ';', digits);
		uint32_t value;

		assert_int_equal(digits[length - 1], ';');
		assert_true(text_number((struct text){ digits, length - 1 }, &value));
		assert_int_equal(value, numbers[i]);
	}
}

static const struct cut_row {
	const char *name, *text, *piece, *rest;
	bool found;
} cut_rows[] = {
	{ "a mark in the middle", "a:b", "a", "b", true },
	{ "the first of several", "a:b:c", "a", "b:c", true },
	{ "a mark at the start", ":b", "", "b", true },
	{ "a mark at the end", "a:", "a", "", true },
	{ "a mark alone", ":", "", "", true },
	{ "two marks alone", "::", "", ":", true },
	{ "no mark", "ab", "ab", "", false },
	{ "nothing", "", "", "", false },
};

static void cut(void **state)
{
	const struct cut_row *row = *state;
	struct text rest = text_of(row->text), piece;

	assert_int_equal(text_cut(&rest, ':', &piece), row->found);
	assert_true(text_equal(piece, text_of(row->piece)));
	assert_true(text_equal(rest, text_of(row->rest)));
}

static void equal(void **state)
{
	(void)state;
	assert_true(text_equal(text_of("bob"), text_of("bob")));
	assert_false(text_equal(text_of("bob"), text_of("bobby")));
	assert_false(text_equal(text_of("bobby"), text_of("bob")));
	assert_false(text_equal(text_of("bob"), text_of("Bob")));
	assert_false(text_equal(text_of("bob"), text_of("")));
}

int main(void)
{
	struct CMUnitTest tests[COUNT(number_rows) + COUNT(cut_rows) + 4];
	size_t n = 0;

	ADD_ROWS(tests, n, number_rows, number);
	ADD_TEST(tests, n, "a NUL is no digit", number_with_nul);
	ADD_TEST(tests, n, "4 KiB of zeros", number_of_zeros);
	ADD_TEST(tests, n, "what is printed is read back", number_and_back);
	ADD_ROWS(tests, n, cut_rows, cut);
	ADD_TEST(tests, n, "equal means the whole", equal);
	return RUN_TESTS("text", tests, n);
}
