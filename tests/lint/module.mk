# SPDX-License-Identifier: GPL-2.0-or-later
# What is promised of the sources and of the built programs as such.

lint_tests += \
	tests/lint/audit.bats \
	tests/lint/hardening.bats \
	tests/lint/install.bats \
	tests/lint/manual.bats \
	tests/lint/options.bats \
	tests/lint/policy.bats \
	tests/lint/scripts.bats \
	tests/lint/sources.bats \
	tests/lint/weaknesses.bats

EXTRA_DIST += $(lint_tests) tests/lint/audit tests/lint/setup.bash
