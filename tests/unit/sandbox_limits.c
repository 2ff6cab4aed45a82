/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --rlimit: a limit for every one that setrlimit(2) knows, and what is none. */
#include "sandbox/confine/limits.h"

#include "tests/unit/table.h"

#include <stdio.h>
#include <string.h>

#define ALL RLIM_INFINITY

static const struct row {
	const char *name, *text;
	int resource;
	rlim_t soft, hard;
	const char *printed;
} rows[] = {
	{ "one value is both", "nofile=64", RLIMIT_NOFILE, 64, 64, "64:64" },
	{ "soft and hard", "nofile=64:128", RLIMIT_NOFILE, 64, 128, "64:128" },
	{ "equal ones", "nproc=5:5", RLIMIT_NPROC, 5, 5, "5:5" },
	{ "none at all", "core=0", RLIMIT_CORE, 0, 0, "0:0" },
	{ "unlimited", "core=unlimited", RLIMIT_CORE, ALL, ALL, "unlimited:unlimited" },
	{ "unlimited above a number", "stack=8388608:unlimited", RLIMIT_STACK, 8388608, ALL,
	  "8388608:unlimited" },
	{ "the largest number", "as=18446744073709551614", RLIMIT_AS, ALL - 1, ALL - 1,
	  "18446744073709551614:18446744073709551614" },
};

static void read_row(void **state)
{
	const struct row *row = *state;
	struct limit limits[RLIM_NLIMITS] = { { .set = false } };
	struct failure why = { 0 };
	char text[LIMIT_TEXT];

	assert_int_equal(limits_read(row->text, limits, &why), 0);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		assert_int_equal(limits[i].set, i == row->resource);
	assert_string_equal(limits_print(&limits[row->resource].value, text), row->printed);
	assert_true(limits[row->resource].value.rlim_cur == row->soft);
	assert_true(limits[row->resource].value.rlim_max == row->hard);
}

static const struct bad_row {
	const char *name, *text, *reason;
} bad_rows[] = {
	{ "no equals sign", "nofile",
	  "takes NAME=SOFT[:HARD], with the name of a limit, not 'nofile'" },
	{ "no name", "=5", "with the name of a limit, not '=5'" },
	{ "a name that is none", "files=5", "with the name of a limit, not 'files=5'" },
	{ "the beginning of a name", "nofil=5", "with the name of a limit, not 'nofil=5'" },
	{ "more than a name", "nofiles=5", "with the name of a limit, not 'nofiles=5'" },
	{ "the kernel's spelling", "RLIMIT_NOFILE=5", "with the name of a limit" },
	{ "nothing at all", "", "with the name of a limit, not ''" },
	{ "no value", "nofile=", "a value is a decimal number or unlimited" },
	{ "no soft value", "nofile=:5", "a value is a decimal number or unlimited" },
	{ "no hard value", "nofile=5:", "a value is a decimal number or unlimited" },
	{ "a third value", "nofile=5:6:7", "a value is a decimal number or unlimited" },
	{ "a unit", "nofile=5k", "a value is a decimal number or unlimited" },
	{ "a unit behind unlimited", "as=unlimitedk", "a value is a decimal number or unlimited" },
	{ "negative", "nofile=-1", "a value is a decimal number or unlimited" },
	{ "hexadecimal", "nofile=0x10", "a value is a decimal number or unlimited" },
	{ "the number that means unlimited", "as=18446744073709551615",
	  "a value is a decimal number or unlimited" },
	{ "beyond 64 bits", "as=18446744073709551616", "a value is a decimal number or unlimited" },
	{ "soft above hard", "nofile=65:64", "the soft limit is above the hard one" },
	{ "unlimited above hard", "nofile=unlimited:64", "the soft limit is above the hard one" },
};

static void refuse_row(void **state)
{
	const struct bad_row *row = *state;
	struct limit limits[RLIM_NLIMITS] = { { .set = false } };
	struct failure why = { 0 };

	assert_int_equal(limits_read(row->text, limits, &why), -1);
	if (strstr(why.what, row->reason) == NULL)
		fail_msg("'%s' does not say '%s'", why.what, row->reason);
	assert_int_equal(why.status, EXIT_SANDBOX);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		assert_false(limits[i].set);
}

/* A limit that a newer kernel adds makes RLIM_NLIMITS grow, and this fail. */
static void all_have_names(void **state)
{
	struct failure why = { 0 };

	(void)state;
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct limit limits[RLIM_NLIMITS] = { { .set = false } };
		char text[32];

		assert_non_null(limits_name(i));
		(void)snprintf(text, sizeof(text), "%s=1:2", limits_name(i));
		assert_int_equal(limits_read(text, limits, &why), 0);
		assert_true(limits[i].set);
	}
	assert_null(limits_name(RLIM_NLIMITS));
	assert_null(limits_name(-1));
}

static void hint_lists_all(void **state)
{
	struct limit limits[RLIM_NLIMITS] = { { .set = false } };
	struct failure why = { 0 };

	(void)state;
	(void)limits_read("x=1", limits, &why);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		assert_non_null(strstr(why.hint, limits_name(i)));
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(bad_rows) + 2];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, read_row);
	ADD_ROWS(tests, n, bad_rows, refuse_row);
	ADD_TEST(tests, n, "every limit of setrlimit has a name", all_have_names);
	ADD_TEST(tests, n, "the hint lists all names", hint_lists_all);
	return RUN_TESTS("limits", tests, n);
}
