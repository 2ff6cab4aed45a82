# SPDX-License-Identifier: GPL-2.0-or-later
# Promises of the manual, kept by the installed croft, in bats; setup.bash is
# what the files share.

EXTRA_DIST += tests/system/setup.bash

system_tests += \
	tests/system/debian-tree.bats \
	tests/system/endurance.bats \
	tests/system/hostile-root.bats \
	tests/system/identity.bats \
	tests/system/mounts.bats \
	tests/system/namespaces.bats \
	tests/system/nested.bats \
	tests/system/overlay.bats \
	tests/system/rootfs.bats \
	tests/system/terminal.bats

EXTRA_DIST += $(system_tests)

# What they run in a sandbox, against it, or instead of it.
system_probes =
include tests/system/probes/module.mk
check_PROGRAMS += $(system_probes)
check-system: $(system_probes)
