# SPDX-License-Identifier: GPL-2.0-or-later
# Promises of the manual, kept by the installed croft, in bats; setup.bash is
# what the files share.

EXTRA_DIST += tests/system/setup.bash

system_tests += tests/system/rootfs.bats
EXTRA_DIST += tests/system/rootfs.bats
