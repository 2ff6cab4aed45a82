# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that test sandbox/.

unit_tests += tests/unit/sandbox_environment
tests_unit_sandbox_environment_SOURCES = tests/unit/sandbox_environment.c
tests_unit_sandbox_environment_LDADD = libsandbox.a -lcmocka
