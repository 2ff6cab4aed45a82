/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strict readers of numbers. */
#include "sandbox/number.h"

#include "tests/unit/table.h"

#include <stdbool.h>
#include <string.h>

static const struct whole_row {
	const char *name, *text;
	uint64_t max;
	bool good;
	uint64_t value;
} whole_rows[] = {
	{ "zero", "0", 10, true, 0 },
	{ "one digit", "7", 10, true, 7 },
	{ "the maximum itself", "10", 10, true, 10 },
	{ "a maximum of zero", "0", 0, true, 0 },
	{ "32 bits", "4294967295", UINT32_MAX, true, UINT32_MAX },
	{ "64 bits", "18446744073709551615", UINT64_MAX, true, UINT64_MAX },

	{ "one above the maximum", "11", 10, false, 0 },
	{ "one above a maximum of zero", "1", 0, false, 0 },
	{ "one above 32 bits", "4294967296", UINT32_MAX, false, 0 },
	{ "one above 64 bits", "18446744073709551616", UINT64_MAX, false, 0 },
	{ "ten times 64 bits", "184467440737095516150", UINT64_MAX, false, 0 },
	{ "what 32 bits would wrap to 5", "4294967301", UINT32_MAX, false, 0 },
	{ "nothing", "", 10, false, 0 },
	{ "a needless zero", "01", 10, false, 0 },
	{ "two zeros", "00", 10, false, 0 },
	{ "plus", "+1", 10, false, 0 },
	{ "minus", "-1", 10, false, 0 },
	{ "minus zero", "-0", 10, false, 0 },
	{ "a blank before", " 1", 10, false, 0 },
	{ "a blank after", "1 ", 10, false, 0 },
	{ "a newline after", "1\n", 10, false, 0 },
	{ "hexadecimal", "0x1", 10, false, 0 },
	{ "a letter after", "1a", 10, false, 0 },
	{ "the byte before the digits", "/", 10, false, 0 },
	{ "the byte behind the digits", ":", 10, false, 0 },
	{ "a digit of another script", "\xd9\xa1", 10, false, 0 },
};

static void read_whole(void **state)
{
	const struct whole_row *row = *state;
	uint64_t value = 0;

	assert_int_equal(number_whole(row->text, row->max, &value), row->good);
	if (row->good)
		assert_true(value == row->value);
}

static const struct whole_row c_rows[] = {
	{ "C: zero", "0", 10, true, 0 },
	{ "C: decimal", "10", 10, true, 10 },
	{ "C: hexadecimal", "0x1F", 31, true, 31 },
	{ "C: octal", "010", 8, true, 8 },
	{ "C: 64 bits", "0xffffffffffffffff", UINT64_MAX, true, UINT64_MAX },
	{ "C: one above the maximum", "0x20", 31, false, 0 },
	{ "C: one above 64 bits", "18446744073709551616", UINT64_MAX, false, 0 },
	{ "C: nothing", "", 10, false, 0 },
	{ "C: a prefix alone", "0x", 10, false, 0 },
	{ "C: no octal digit", "08", 10, false, 0 },
	{ "C: a blank before", " 1", 10, false, 0 },
	{ "C: plus", "+1", 10, false, 0 },
	{ "C: minus", "-1", UINT64_MAX, false, 0 },
	{ "C: a blank after", "1 ", 10, false, 0 },
};

static void read_as_in_c(void **state)
{
	const struct whole_row *row = *state;
	uint64_t value = 0;

	assert_int_equal(number_as_in_c(row->text, row->max, &value), row->good);
	if (row->good)
		assert_true(value == row->value);
}

static const struct part_row {
	const char *name, *text;
	uint64_t max, value;
	const char *rest;		/* NULL: refused */
} part_rows[] = {
	{ "it ends at a colon", "12:34", 99, 12, ":34" },
	{ "it ends at a letter", "9k", 99, 9, "k" },
	{ "zero ends at a colon", "0:1", 99, 0, ":1" },
	{ "it does not stop at the maximum", "100:1", 99, 0, NULL },
	{ "no number before the colon", ":1", 99, 0, NULL },
};

static void read_part(void **state)
{
	const struct part_row *row = *state;
	uint64_t value = 0;
	const char *rest = number_read(row->text, row->max, &value);

	if (row->rest == NULL) {
		assert_null(rest);
		return;
	}
	assert_non_null(rest);
	assert_string_equal(rest, row->rest);
	assert_true(value == row->value);
}

static const struct octal_row {
	const char *name, *text;
	uint32_t max;
	bool good;
	uint32_t value;
} octal_rows[] = {
	{ "a mode", "755", 07777, true, 0755 },
	{ "a mode with a zero before it", "0755", 07777, true, 0755 },
	{ "all permissions", "7777", 07777, true, 07777 },
	{ "no permission", "0", 07777, true, 0 },
	{ "many zeros", "0000000000000000755", 07777, true, 0755 },
	{ "32 bits in octal", "37777777777", UINT32_MAX, true, UINT32_MAX },

	{ "above the largest mode", "10000", 07777, false, 0 },
	{ "above by its last digit", "7", 6, false, 0 },
	{ "above by its last digit of two", "17", 016, false, 0 },
	{ "above 32 bits in octal", "40000000000", UINT32_MAX, false, 0 },
	{ "far above", "7777777777777777777777777", UINT32_MAX, false, 0 },
	{ "no octal digit", "8", 07777, false, 0 },
	{ "no octal digit at the end", "758", 07777, false, 0 },
	{ "an empty mode", "", 07777, false, 0 },
	{ "a mode in letters", "u+x", 07777, false, 0 },
	{ "a mode with a blank", "755 ", 07777, false, 0 },
	{ "a negative mode", "-1", 07777, false, 0 },
};

static void read_octal(void **state)
{
	const struct octal_row *row = *state;
	uint32_t value = 0;

	assert_int_equal(number_octal(row->text, row->max, &value), row->good);
	if (row->good)
		assert_int_equal(value, row->value);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(whole_rows) + COUNT(c_rows) + COUNT(part_rows) +
				COUNT(octal_rows)];
	size_t n = 0;

	ADD_ROWS(tests, n, whole_rows, read_whole);
	ADD_ROWS(tests, n, c_rows, read_as_in_c);
	ADD_ROWS(tests, n, part_rows, read_part);
	ADD_ROWS(tests, n, octal_rows, read_octal);
	return RUN_TESTS("number", tests, n);
}
