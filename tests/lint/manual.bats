#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual is sound mdoc.

load setup

@test "the manual pages pass mandoc's lint" {
	find man -name '*.[1-8]' -exec "$MANDOC" -Tlint -W warning {} +
}
