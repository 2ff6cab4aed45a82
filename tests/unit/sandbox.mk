# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that test sandbox/.

unit_tests += tests/unit/sandbox_environment
tests_unit_sandbox_environment_SOURCES = tests/unit/sandbox_environment.c
tests_unit_sandbox_environment_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_terminal
tests_unit_sandbox_terminal_SOURCES = tests/unit/sandbox_terminal.c $(kernel_stage)
tests_unit_sandbox_terminal_LDADD = libsandbox.a -lcmocka
