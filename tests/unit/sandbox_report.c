/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs read of a sandbox, to the byte. */
#include "sandbox/report.h"

#include "tests/unit/table.h"

#include <fcntl.h>
#include <sched.h>
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
	struct report report = { .info = -1 };
	int ends[2];
	ssize_t got;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	report.status = ends[1];
	report_end(&report, ran, status);
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
	struct CMUnitTest tests[COUNT(print_rows) + 4];
	size_t n = 0;

	ADD_ROWS(tests, n, print_rows, print);
	ADD_TEST(tests, n, "a descriptor that is closed is named", closed_descriptors);
	ADD_TEST(tests, n, "no program that is started gets them", kept_from_programs);
	ADD_TEST(tests, n, "descriptors 0 to 2 stay open", standard_descriptors_stay);
	ADD_TEST(tests, n, "the exit status, if the command ran", the_end);
	return RUN_TESTS("report", tests, n);
}
