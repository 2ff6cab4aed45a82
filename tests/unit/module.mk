# SPDX-License-Identifier: GPL-2.0-or-later
# The pure code, by tables of named cases: one program for each module, one
# group of cmocka in each, the objects under test from libsandbox.a.

include tests/unit/idmap.mk
include tests/unit/sandbox.mk

check_PROGRAMS += $(unit_tests)
