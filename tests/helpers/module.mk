# SPDX-License-Identifier: GPL-2.0-or-later
# The helpers, asked by a front end that can be made to lie.

check_PROGRAMS += tests/helpers/ask tests/helpers/oracle tests/helpers/pry
tests_helpers_ask_SOURCES = tests/helpers/ask.c $(idmap_sources)
tests_helpers_oracle_SOURCES = tests/helpers/oracle.c
tests_helpers_pry_SOURCES = tests/helpers/pry.c
check-system: tests/helpers/ask tests/helpers/oracle tests/helpers/pry

helper_tests = \
	tests/helpers/faults.bats \
	tests/helpers/grants.bats \
	tests/helpers/oracle.bats \
	tests/helpers/privilege.bats \
	tests/helpers/races.bats \
	tests/helpers/start.bats \
	tests/helpers/target.bats

system_tests += $(helper_tests)
EXTRA_DIST += $(helper_tests) tests/helpers/asking.bash tests/helpers/oracle.txt

# Every fault, every race and more thefts, where make check-system tries a sample.
test_knobs += CROFT_FAULTS CROFT_STEAL_RUNS CROFT_ORACLE_CASES CROFT_ORACLE_SEED
long_checks += check-faults
check-faults: all tests/helpers/ask tests/helpers/pry $(fault_programs)
	$(MAKE) check-system CROFT_FAULTS=all CROFT_STEAL_RUNS=10000 system_tests='\
		tests/helpers/faults.bats tests/faults/faults.bats \
		tests/helpers/races.bats tests/helpers/privilege.bats'
.PHONY: check-faults

# A hundred thousand requests to croft's helpers and to newuidmap and newgidmap.
# CROFT_ORACLE_SEED=N begins with another file.
long_checks += check-oracle
check-oracle: all tests/helpers/ask tests/helpers/oracle
	$(MAKE) check-system CROFT_ORACLE_CASES=100000 system_tests=tests/helpers/oracle.bats
.PHONY: check-oracle
