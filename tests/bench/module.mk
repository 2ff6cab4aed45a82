# SPDX-License-Identifier: GPL-2.0-or-later
# What a sandbox costs: make bench, never a part of make check.  The floor is
# linked as the helpers are, so that it starts as soon as a program can.

bench_programs = tests/bench/calls tests/bench/pair tests/bench/floor
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)
EXTRA_DIST += tests/bench/run

tests_bench_calls_SOURCES = tests/bench/calls.c
tests_bench_pair_SOURCES = tests/bench/pair.c
tests_bench_floor_SOURCES = tests/bench/floor.c
tests_bench_floor_CFLAGS = $(AM_CFLAGS) $(STATIC_CFLAGS)
tests_bench_floor_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
tests_bench_floor_LDADD = $(STATIC_LIBS)

# make bench BENCH="--strict start map"
bench: all $(bench_programs)
	@env CROFT_USER='$(CROFT_USER)' CROFT_BINDIR='$(DESTDIR)$(bindir)' \
		BENCH_PROGRAMS='$(abs_builddir)/tests/bench' \
		$(top_srcdir)/tests/bench/run $(BENCH)

.PHONY: bench
