/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table - a test for each row of a table, under the row's name */
#ifndef TESTS_UNIT_TABLE_H
#define TESTS_UNIT_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Appends to tests, whose first n are taken, function for every row. */
#define ADD_ROWS(tests, n, rows, function) \
	for (size_t row_ = 0; row_ < COUNT(rows); row_++) \
		(tests)[(n)++] = (struct CMUnitTest){ \
			.name = (rows)[row_].name, .test_func = (function), \
			.initial_state = (void *)(uintptr_t)&(rows)[row_], \
		}

#define ADD_TEST(tests, n, title, function) \
	((tests)[(n)++] = (struct CMUnitTest){ .name = (title), .test_func = (function) })

/* Runs them; what main returns. */
#define RUN_TESTS(group, tests, n) \
	(cmocka_set_message_output(CM_OUTPUT_TAP), \
	 _cmocka_run_group_tests(group, tests, n, NULL, NULL))

/* What options, facts and plans point to lives until exec: no leak. */
#define LIVES_UNTIL_EXEC \
	const char *__asan_default_options(void); \
	const char *__asan_default_options(void) \
	{ \
		return "detect_leaks=0"; \
	} \
	_Static_assert(1, "")

#endif
