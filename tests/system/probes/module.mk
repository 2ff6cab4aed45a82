# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the bats files run in a sandbox, against it, or instead of it.
# They link nothing of croft.

system_probes += \
	tests/system/probes/calls \
	tests/system/probes/climb \
	tests/system/probes/evade \
	tests/system/probes/exchange \
	tests/system/probes/naive \
	tests/system/probes/push \
	tests/system/probes/reach \
	tests/system/probes/undo \
	tests/system/probes/watch \
	tests/system/probes/withhold

tests_system_probes_calls_SOURCES = tests/system/probes/calls.c
tests_system_probes_climb_SOURCES = tests/system/probes/climb.c
tests_system_probes_evade_SOURCES = tests/system/probes/evade.c
tests_system_probes_exchange_SOURCES = tests/system/probes/exchange.c
tests_system_probes_naive_SOURCES = tests/system/probes/naive.c
tests_system_probes_push_SOURCES = tests/system/probes/push.c
tests_system_probes_reach_SOURCES = tests/system/probes/reach.c
tests_system_probes_undo_SOURCES = tests/system/probes/undo.c
tests_system_probes_watch_SOURCES = tests/system/probes/watch.c
tests_system_probes_withhold_SOURCES = tests/system/probes/withhold.c

# A library: hostile-root.bats makes it.
EXTRA_DIST += tests/system/probes/hijack.c
