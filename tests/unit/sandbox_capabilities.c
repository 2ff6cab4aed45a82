/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities by name: the closed list is libcap's, as far as the running kernel goes. */
#include "sandbox/confine/capabilities.h"

#include "tests/unit/table.h"

#include <string.h>
#include <sys/capability.h>

static void names_are_libcaps(void **state)
{
	(void)state;
	for (int i = 0; i <= capabilities_last(); i++) {
		char *theirs = cap_to_name(i), ours[64];
		struct failure why = { 0 };
		uint64_t set;

		assert_string_equal(capabilities_print(UINT64_C(1) << i, ours, sizeof(ours)),
				    theirs);
		assert_int_equal(capabilities_read(theirs, &set, &why), 0);
		assert_true(set == UINT64_C(1) << i);
		assert_int_equal(capabilities_read(theirs + 4, &set, &why), 0);
		assert_true(set == UINT64_C(1) << i);
		(void)cap_free(theirs);
	}
}

static const struct bad_row {
	const char *name, *text;
} bad_rows[] = {
	{ "nothing", "" }, { "the prefix alone", "cap_" }, { "a misspelling", "cap_sys_adminn" },
	{ "a part of a name", "cap_sys" }, { "a number", "21" },
	{ "a number with a prefix", "cap_21" },
	{ "two names", "cap_chown,cap_kill" }, { "the prefix twice", "cap_cap_chown" },
};

static void bad_row(void **state)
{
	const struct bad_row *row = *state;
	struct failure why = { 0 };
	uint64_t set = 42;

	assert_int_equal(capabilities_read(row->text, &set, &why), -1);
	assert_true(set == 42);
	assert_non_null(strstr(why.what, "there is no capability"));
}

static void all(void **state)
{
	struct failure why = { 0 };
	uint64_t set;

	(void)state;
	assert_int_equal(capabilities_read("ALL", &set, &why), 0);
	assert_true(set == UINT64_MAX >> (63 - capabilities_last()));
}

int main(void)
{
	struct CMUnitTest tests[COUNT(bad_rows) + 2];
	size_t n = 0;

	ADD_TEST(tests, n, "the names are libcap's", names_are_libcaps);
	ADD_TEST(tests, n, "all are all that the kernel has", all);
	ADD_ROWS(tests, n, bad_rows, bad_row);
	return RUN_TESTS("sandbox/capabilities", tests, n);
}
