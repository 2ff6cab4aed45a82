/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs read of a sandbox, to the byte. */
#include "sandbox/report.h"

#include "tests/unit/table.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const struct print_row {
	const char *name;
	struct report report;
	bool one_line;
	const char *text;
} print_rows[] = {
	{ "over lines", { .child = 42, .id = { [REPORT_MNT] = 1 } }, false,
	  "{\n    \"child-pid\": 42,\n    \"mnt-namespace\": 1\n}\n" },
	{ "on one line", { .child = 42, .id = { [REPORT_MNT] = 1 } }, true,
	  "{ \"child-pid\": 42, \"mnt-namespace\": 1 }\n" },
	{ "the order is bubblewrap's", { .child = 1, .id = { 11, 12, 13, 14, 15, 16 } }, true,
	  "{ \"child-pid\": 1, \"cgroup-namespace\": 11, \"ipc-namespace\": 12, "
	  "\"mnt-namespace\": 13, \"net-namespace\": 14, \"pid-namespace\": 15, "
	  "\"uts-namespace\": 16 }\n" },
	{ "no namespace", { .child = 7 }, false, "{\n    \"child-pid\": 7\n}\n" },
	{ "numbers above 32 bits",
	  { .child = 4194304, .id = { 1ULL << 40, 1ULL << 40, 1ULL << 40, 1ULL << 40, 1ULL << 40,
				      1ULL << 40 } }, true,
	  "{ \"child-pid\": 4194304, \"cgroup-namespace\": 1099511627776, "
	  "\"ipc-namespace\": 1099511627776, \"mnt-namespace\": 1099511627776, "
	  "\"net-namespace\": 1099511627776, \"pid-namespace\": 1099511627776, "
	  "\"uts-namespace\": 1099511627776 }\n" },
};

static void print(void **state)
{
	const struct print_row *row = *state;
	char text[REPORT_SIZE];

	report_print(&row->report, row->one_line, text, sizeof(text));
	assert_string_equal(text, row->text);
}

/* ---- why it ended -------------------------------------------------------------------------- */

static const struct end_row {
	const char *name;
	struct ending ending;
	const char *text;
} end_rows[] = {
	{ "by itself", { .ran = true, .known = true, .how = 3 },
	  "{ \"end\": { \"reason\": \"exit\", \"status\": 3 } }\n" },
	{ "with a status like a signal's", { .ran = true, .known = true, .how = 143 },
	  "{ \"end\": { \"reason\": \"exit\", \"status\": 143 } }\n" },
	{ "by a signal", { .ran = true, .known = true, .how = -15 },
	  "{ \"end\": { \"reason\": \"signal\", \"signal\": 15 } }\n" },
	{ "by a filter", { .ran = true, .known = true, .how = -31 },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31 } }\n" },
	{ "by a filter, and its call is known",
	  { .ran = true, .known = true, .how = -31, .kills = { 1, true, AUDIT_ARCH_X86_64, 165 } },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31, "
	  "\"seccomp\": { \"abi\": \"x86-64\", "
	  "\"number\": 165, \"call\": \"mount\", \"kills\": 1 } } }\n" },
	{ "on arm64",
	  { .ran = true, .known = true, .how = -31, .kills = { 1, true, AUDIT_ARCH_AARCH64, 40 } },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31, "
	  "\"seccomp\": { \"abi\": \"arm64\", "
	  "\"number\": 40, \"call\": \"mount\", \"kills\": 1 } } }\n" },
	{ "a call without a name",
	  { .ran = true, .known = true, .how = -31, .kills = { 1, true, AUDIT_ARCH_X86_64, 1000 } },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31, "
	  "\"seccomp\": { \"abi\": \"x86-64\", \"number\": 1000, \"kills\": 1 } } }\n" },
	{ "a call of x32",
	  { .ran = true, .known = true, .how = -31,
	    .kills = { 1, true, AUDIT_ARCH_X86_64, 0x40000000 + 59 } },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31, \"seccomp\": { \"abi\": \"x32\", "
	  "\"number\": 59, \"kills\": 1 } } }\n" },
	{ "a negative number",
	  { .ran = true, .known = true, .how = -31, .kills = { 1, true, AUDIT_ARCH_I386, -1 } },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31, \"seccomp\": { \"abi\": \"i386\", "
	  "\"number\": -1, \"kills\": 1 } } }\n" },
	{ "a table that nobody knows",
	  { .ran = true, .known = true, .how = -31, .kills = { 1, true, 0xdeadbeef, INT32_MIN } },
	  "{ \"end\": { \"reason\": \"seccomp\", \"signal\": 31, "
	  "\"seccomp\": { \"abi\": \"0xdeadbeef\", \"number\": -2147483648, \"kills\": 1 } } }\n" },
	{ "by itself, while others were killed",
	  { .ran = true, .known = true, .how = 2,
	    .kills = { UINT32_MAX, false, AUDIT_ARCH_X86_64, 0 } },
	  "{ \"end\": { \"reason\": \"exit\", \"status\": 2, \"seccomp\": { \"abi\": \"x86-64\", "
	  "\"number\": 0, \"call\": \"read\", \"kills\": 4294967295 } } }\n" },
	{ "at the limit", { .ran = true, .timed_out = true, .known = true, .how = -15 },
	  "{ \"end\": { \"reason\": \"time-limit\", \"signal\": 15 } }\n" },
	{ "at the limit, with a status", { .ran = true, .timed_out = true, .known = true },
	  "{ \"end\": { \"reason\": \"time-limit\", \"status\": 0 } }\n" },
	{ "with croft's parent", { .ran = true, .orphaned = true },
	  "{ \"end\": { \"reason\": \"parent\" } }\n" },
};

static void print_end(void **state)
{
	const struct end_row *row = *state;
	char text[REPORT_SIZE];

	report_print_end(&row->ending, text, sizeof(text));
	assert_string_equal(text, row->text);
}

/* ---- what failed --------------------------------------------------------------------------- */

static const struct failure_row {
	const char *name;
	struct failure why;
	const char *text;
} failure_rows[] = {
	{ "all there is to say",
	  { .err = 2, .status = 125, .phase = "sources", .what = "bind /a on /b",
	    .hint = "look there" },
	  "{ \"failure\": { \"status\": 125, \"phase\": \"sources\", \"what\": \"bind /a on /b\", "
	  "\"errno\": 2, \"error\": \"No such file or directory\", "
	  "\"hint\": \"look there\" } }\n" },
	{ "no errno, no hint", { .status = 126, .phase = "root", .what = "it did not hold" },
	  "{ \"failure\": { \"status\": 126, \"phase\": \"root\", \"what\": \"it did not hold\", "
	  "\"errno\": 0, \"error\": \"\", \"hint\": \"\" } }\n" },
	{ "a name that would end the string", { .status = 125, .what = "run \"}\n\xff\\" },
	  "{ \"failure\": { \"status\": 125, \"phase\": \"\", \"what\": \"run "
	  "\\\"}\\u000a\\ufffd\\\\\", \"errno\": 0, \"error\": \"\", \"hint\": \"\" } }\n" },
};

static void print_failure(void **state)
{
	const struct failure_row *row = *state;
	char text[REPORT_SIZE];

	report_print_failure(&row->why, text, sizeof(text));
	assert_string_equal(text, row->text);
}

/* The longest texts there can be, all of them bytes that become six. */
static void longest_failure(void **state)
{
	struct failure why = { .status = 125 };
	char text[REPORT_SIZE];

	(void)state;
	(void)memset(why.what, 1, sizeof(why.what) - 1);
	(void)memset(why.hint, 1, sizeof(why.hint) - 1);
	(void)memset(why.phase, 1, sizeof(why.phase) - 1);
	report_print_failure(&why, text, sizeof(text));
	assert_string_equal(text + strlen(text) - 6, "\" } }\n");
}

/* ---- what is in force ---------------------------------------------------------------------- */

static void in_force(void **state)
{
	const struct plan plan = { .namespaces = CLONE_NEWNS | CLONE_NEWUSER,
				   .syscalls.n_filters = 2 };
	const struct privileges held = { .no_new_privs = true, .bounding = 1 };
	const struct privileges all = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
					false };
	char text[REPORT_SIZE];

	(void)state;
	report_print_command(&plan, &held, text, sizeof(text));
	assert_string_equal(text, "{ \"in-force\": { \"namespaces\": [\"mnt\", \"user\"], "
				  "\"second-user-and-mount\": false, \"no-new-privs\": true, "
				  "\"capabilities\": { \"effective\": \"\", \"permitted\": \"\", "
				  "\"inheritable\": \"\", \"bounding\": \"cap_chown\", "
				  "\"ambient\": \"\" }, \"landlock\": { \"asked\": \"on\", "
				  "\"abi\": 0, \"files\": 0, \"network\": 0, \"scopes\": 0 }, "
				  "\"seccomp-filters\": 2 } }\n");
	report_print_command(&plan, &all, text, sizeof(text));
	assert_string_equal(text + strlen(text) - 6, "2 } }\n");
}

/* ---- descriptors --------------------------------------------------------------------------- */

static void closed_descriptors(void **state)
{
	struct plan plan = { .info_fd = -1, .status_fd = 999 };
	struct failure why = { 0 };
	struct report report;

	(void)state;
	assert_int_equal(report_open(&report, &plan, &why), -1);
	assert_string_equal(why.what, "--json-status-fd 999");
	plan = (struct plan){ .info_fd = 998, .status_fd = -1 };
	assert_int_equal(report_open(&report, &plan, &why), -1);
	assert_string_equal(why.what, "--info-fd 998");
}

static void kept_from_programs(void **state)
{
	struct plan plan = { .info_fd = dup(STDERR_FILENO), .status_fd = dup(STDERR_FILENO) };
	struct failure why = { 0 };
	struct report report;

	(void)state;
	assert_int_equal(report_open(&report, &plan, &why), 0);
	assert_int_equal(fcntl(plan.info_fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(plan.status_fd, F_GETFD), FD_CLOEXEC);
	report_leave(&plan);
	assert_int_equal(fcntl(plan.info_fd, F_GETFD), -1);
	assert_int_equal(fcntl(plan.status_fd, F_GETFD), -1);
}

static void standard_descriptors_stay(void **state)
{
	struct plan plan = { .info_fd = STDERR_FILENO, .status_fd = STDIN_FILENO };

	(void)state;
	report_leave(&plan);
	assert_true(fcntl(STDERR_FILENO, F_GETFD) >= 0 && fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

/* What it wrote to a pipe of the test's. */
static const char *end_written(bool ran, int status)
{
	static char text[64];
	const struct ending ending = { .ran = ran };
	struct report report = { .info = -1 };
	int ends[2];
	ssize_t got;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	report.status = ends[1];
	report_end(&report, &ending, status);
	got = read(ends[0], text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	(void)close(ends[0]);
	(void)close(ends[1]);
	return text;
}

static void the_end(void **state)
{
	(void)state;
	assert_string_equal(end_written(true, 0), "{ \"exit-code\": 0 }\n");
	assert_string_equal(end_written(true, 137), "{ \"exit-code\": 137 }\n");
	assert_string_equal(end_written(false, 127), "");
}

int main(void)
{
	struct CMUnitTest tests[COUNT(print_rows) + COUNT(end_rows) + COUNT(failure_rows) + 6];
	size_t n = 0;

	ADD_ROWS(tests, n, print_rows, print);
	ADD_ROWS(tests, n, end_rows, print_end);
	ADD_ROWS(tests, n, failure_rows, print_failure);
	ADD_TEST(tests, n, "the longest failure is whole", longest_failure);
	ADD_TEST(tests, n, "what is in force", in_force);
	ADD_TEST(tests, n, "a descriptor that is closed is named", closed_descriptors);
	ADD_TEST(tests, n, "no program that is started gets them", kept_from_programs);
	ADD_TEST(tests, n, "descriptors 0 to 2 stay open", standard_descriptors_stay);
	ADD_TEST(tests, n, "the exit status, if the command ran", the_end);
	return RUN_TESTS("report", tests, n);
}
