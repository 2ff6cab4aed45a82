/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of capabilities: our list against libcap's, and what is none. */
#include "sandbox/capabilities.h"

#include "tests/unit/table.h"

#include <dlfcn.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#define BIT(capability) (UINT64_C(1) << (capability))

static const struct row {
	const char *name, *text;
	uint64_t set;
} rows[] = {
	{ "the first", "cap_chown", BIT(CAP_CHOWN) },
	{ "without the prefix", "net_raw", BIT(CAP_NET_RAW) },
	{ "in capitals", "CAP_SYS_ADMIN", BIT(CAP_SYS_ADMIN) },
	{ "in both", "Cap_Kill", BIT(CAP_KILL) },
	{ "the 32nd", "setfcap", BIT(CAP_SETFCAP) },
	{ "the 33rd, in the other word", "mac_override", BIT(CAP_MAC_OVERRIDE) },
};

static void read_row(void **state)
{
	const struct row *row = *state;
	struct failure why = { 0 };
	uint64_t set = 0;

	assert_int_equal(capabilities_read(row->text, &set, &why), 0);
	assert_true(set == row->set);
}

static const struct bad_row {
	const char *name, *text;
} bad_rows[] = {
	{ "nothing", "" },
	{ "the prefix alone", "cap_" },
	{ "the prefix twice", "cap_cap_chown" },
	{ "the beginning of one", "net" },
	{ "more than one", "chown,kill" },
	{ "a number", "0" },
	{ "a number with the prefix", "cap_63" },
	{ "all, with the prefix", "cap_all" },
	{ "a blank before", " chown" },
	{ "what steers a terminal", "\x1b[2J" },
};

static void refuse_row(void **state)
{
	const struct bad_row *row = *state;
	struct failure why = { 0 };
	uint64_t set = 0;
	char reason[128];

	assert_int_equal(capabilities_read(row->text, &set, &why), -1);
	(void)snprintf(reason, sizeof(reason), "there is no capability %s", row->text);
	assert_string_equal(why.what, reason);
	assert_true(set == 0);
}

/* "all" is what the running kernel has, no more and no less. */
static void all_of_them(void **state)
{
	struct failure why = { 0 };
	int last = capabilities_last();
	uint64_t set = 0;

	(void)state;
	assert_in_range(last, CAP_CHECKPOINT_RESTORE, 63);
	assert_int_equal(capabilities_read("ALL", &set, &why), 0);
	assert_true((set & BIT(last)) != 0 && (set & 1) != 0);
	assert_true(last == 63 || set >> (last + 1) == 0);
}

/* The bits of one set, back into words; one without a name is a number; cut, it still ends. */
static void print_set(void **state)
{
	char text[64], little[8];

	(void)state;
	assert_string_equal(capabilities_print(0, text, sizeof(text)), "");
	assert_string_equal(capabilities_print(BIT(0) | BIT(5) | BIT(62), text, sizeof(text)),
			    "cap_chown cap_kill 62");
	assert_string_equal(capabilities_print(BIT(0) | BIT(5), little, sizeof(little)), "cap_cho");
}

static void same_as_libcap(void **state)
{
	void *library = dlopen("libcap.so.2", RTLD_NOW | RTLD_LOCAL);
	char *(*to_name)(int value);
	int (*release)(void *text);

	(void)state;
	if (library == NULL) {
		print_message("# skipped: there is no libcap.so.2 to compare with\n");
		skip();
	}
	/* ISO C has no cast from object to function pointer; POSIX's dlsym wants it copied. */
	*(void **)&to_name = dlsym(library, "cap_to_name");
	*(void **)&release = dlsym(library, "cap_free");
	assert_true(to_name != NULL && release != NULL);
	for (int i = 0; i <= CAP_CHECKPOINT_RESTORE; i++) {
		char *name = to_name(i), text[64];
		struct failure why = { 0 };
		uint64_t set = 0;

		assert_string_equal(capabilities_print(BIT(i), text, sizeof(text)), name);
		assert_int_equal(capabilities_read(name, &set, &why), 0);
		assert_true(set == BIT(i));
		(void)release(name);
	}
	(void)dlclose(library);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(bad_rows) + 3];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, read_row);
	ADD_ROWS(tests, n, bad_rows, refuse_row);
	ADD_TEST(tests, n, "all", all_of_them);
	ADD_TEST(tests, n, "a set in words", print_set);
	ADD_TEST(tests, n, "every name as libcap has it", same_as_libcap);
	return RUN_TESTS("capabilities", tests, n);
}
