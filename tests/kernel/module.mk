# SPDX-License-Identifier: GPL-2.0-or-later
# What we believe of the kernel, one program for each subject.  They use cmocka
# alone: nothing of croft is linked, so that a failure speaks of the kernel.

kernel_stage = tests/kernel/stage.c tests/kernel/stage.h

kernel_tests += \
	tests/kernel/clocks \
	tests/kernel/creation \
	tests/kernel/idmaps \
	tests/kernel/locked \
	tests/kernel/lookup \
	tests/kernel/mounts \
	tests/kernel/privilege \
	tests/kernel/procfs \
	tests/kernel/reaper \
	tests/kernel/terminal

check_PROGRAMS += $(kernel_tests)

tests_kernel_clocks_SOURCES = tests/kernel/clocks.c $(kernel_stage)
tests_kernel_clocks_LDADD = -lcmocka
tests_kernel_creation_SOURCES = tests/kernel/creation.c $(kernel_stage)
tests_kernel_creation_LDADD = -lcmocka
tests_kernel_idmaps_SOURCES = tests/kernel/idmaps.c $(kernel_stage)
tests_kernel_idmaps_LDADD = -lcmocka
tests_kernel_locked_SOURCES = tests/kernel/locked.c $(kernel_stage)
tests_kernel_locked_LDADD = -lcmocka
tests_kernel_lookup_SOURCES = tests/kernel/lookup.c $(kernel_stage)
tests_kernel_lookup_LDADD = -lcmocka
tests_kernel_mounts_SOURCES = tests/kernel/mounts.c $(kernel_stage)
tests_kernel_mounts_LDADD = -lcmocka
tests_kernel_privilege_SOURCES = tests/kernel/privilege.c $(kernel_stage)
tests_kernel_privilege_LDADD = -lcmocka
tests_kernel_procfs_SOURCES = tests/kernel/procfs.c $(kernel_stage)
tests_kernel_procfs_LDADD = -lcmocka
tests_kernel_reaper_SOURCES = tests/kernel/reaper.c $(kernel_stage)
tests_kernel_reaper_LDADD = -lcmocka
tests_kernel_terminal_SOURCES = tests/kernel/terminal.c $(kernel_stage)
tests_kernel_terminal_LDADD = -lcmocka
