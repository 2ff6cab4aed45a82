# SPDX-License-Identifier: GPL-2.0-or-later
# croft-bwrap beside bwrap: what a program inside can tell, and what their callers see.

check_PROGRAMS += tests/bwrap/look
tests_bwrap_look_SOURCES = tests/bwrap/look.c
tests_bwrap_look_CFLAGS = $(AM_CFLAGS) $(STATIC_CFLAGS)
tests_bwrap_look_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
tests_bwrap_look_LDADD = $(STATIC_LIBS)
check-system: tests/bwrap/look

bwrap_tests = \
	tests/bwrap/clients.bats \
	tests/bwrap/differential.bats \
	tests/bwrap/terminal.bats \
	tests/bwrap/texts.bats

system_tests += $(bwrap_tests)
EXTRA_DIST += $(bwrap_tests) \
	tests/bwrap/cases.txt \
	tests/bwrap/differ \
	tests/bwrap/differences.txt \
	tests/bwrap/facts.awk \
	tests/bwrap/judge.awk \
	tests/bwrap/rehearse
