# SPDX-License-Identifier: GPL-2.0-or-later
# The helpers, asked by a front end that can be made to lie.

check_PROGRAMS += tests/helpers/ask
tests_helpers_ask_SOURCES = tests/helpers/ask.c $(idmap_sources)
check-system: tests/helpers/ask

helper_tests = \
	tests/helpers/faults.bats \
	tests/helpers/grants.bats \
	tests/helpers/start.bats \
	tests/helpers/target.bats

system_tests += $(helper_tests)
EXTRA_DIST += $(helper_tests) tests/helpers/asking.bash

# Every fault, where make check-system tries a sample.
long_checks += check-faults
check-faults: all tests/helpers/ask
	$(MAKE) check-system system_tests=tests/helpers/faults.bats CROFT_FAULTS=all
.PHONY: check-faults
