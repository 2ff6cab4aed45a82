# SPDX-License-Identifier: GPL-2.0-or-later
# Promises of the manual, kept by the installed croft, in bats; setup.bash is
# what the files share.

EXTRA_DIST += tests/system/setup.bash tests/system/syscalls.aarch64 tests/system/syscalls.x86_64

system_tests += \
	tests/system/bwrap.bats \
	tests/system/debian-tree.bats \
	tests/system/endurance.bats \
	tests/system/errors.bats \
	tests/system/filters.bats \
	tests/system/hostile-root.bats \
	tests/system/identity.bats \
	tests/system/kills.bats \
	tests/system/manual.bats \
	tests/system/mounts.bats \
	tests/system/namespaces.bats \
	tests/system/nested.bats \
	tests/system/overlay.bats \
	tests/system/payload.bats \
	tests/system/races.bats \
	tests/system/rootfs.bats \
	tests/system/seccomp.bats \
	tests/system/status.bats \
	tests/system/terminal.bats

EXTRA_DIST += $(system_tests)

# What they run in a sandbox, against it, or instead of it.
system_probes =
include tests/system/probes/module.mk
check_PROGRAMS += $(system_probes)
check-system: $(system_probes)

# Many rounds, where make check-system tries a few.
test_knobs += CROFT_RACE_ROUNDS
long_checks += check-races
check-races: all $(system_probes)
	$(MAKE) check-system system_tests=tests/system/races.bats CROFT_RACE_ROUNDS=20000
.PHONY: check-races

# Large programs, where they are installed.
EXTRA_DIST += tests/system/programs.bats
long_checks += check-programs
check-programs: all
	$(MAKE) check-system system_tests=tests/system/programs.bats
.PHONY: check-programs
