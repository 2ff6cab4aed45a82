# SPDX-License-Identifier: GPL-2.0-or-later
# Croft's start, each of its system calls and allocations failing in turn.

fault_programs = tests/faults/sweep tests/faults/witness tests/faults/starved
check_PROGRAMS += $(fault_programs)
check-system: $(fault_programs)

tests_faults_sweep_SOURCES = tests/faults/sweep.c
nodist_tests_faults_sweep_SOURCES = tests/faults/calls.h
tests_faults_sweep_LDADD = -lutil
tests_faults_witness_SOURCES = tests/faults/witness.c

# The calls by name, as this machine has them.
tests/faults/sweep.$(OBJEXT): tests/faults/calls.h
tests/faults/calls.h: $(srcdir)/tests/faults/module.mk
	$(MKDIR_P) tests/faults
	echo '#include <sys/syscall.h>' | $(CC) -E -dM - | \
		sed -n 's/^#define __NR_\([a-z0-9_]*\) .*/{ __NR_\1, "\1" },/p' | sort >$@
CLEANFILES += tests/faults/calls.h

# Croft as it is installed, but for where its memory comes from.
tests_faults_starved_SOURCES = sandbox/main.c tests/faults/starve.c
tests_faults_starved_CPPFLAGS = $(front_end_cppflags)
tests_faults_starved_CFLAGS = $(croft_CFLAGS)
tests_faults_starved_LDFLAGS = $(croft_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray
tests_faults_starved_LDADD = $(croft_LDADD)

fault_tests = tests/faults/faults.bats
system_tests += $(fault_tests)
EXTRA_DIST += $(fault_tests) tests/faults/excuses

# Every fault, where make check-system tries a sample.
test_knobs += CROFT_FAULTS_SEED CROFT_FAULTS_SHARE
