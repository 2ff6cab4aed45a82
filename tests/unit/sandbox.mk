# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that test sandbox/.

unit_tests += tests/unit/sandbox_environment
tests_unit_sandbox_environment_SOURCES = tests/unit/sandbox_environment.c
tests_unit_sandbox_environment_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_terminal
tests_unit_sandbox_terminal_SOURCES = tests/unit/sandbox_terminal.c $(kernel_stage)
tests_unit_sandbox_terminal_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_number
tests_unit_sandbox_number_SOURCES = tests/unit/sandbox_number.c tests/unit/table.h
tests_unit_sandbox_number_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_quote
tests_unit_sandbox_quote_SOURCES = tests/unit/sandbox_quote.c tests/unit/table.h
tests_unit_sandbox_quote_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_limits
tests_unit_sandbox_limits_SOURCES = tests/unit/sandbox_limits.c tests/unit/table.h
tests_unit_sandbox_limits_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_handshake
tests_unit_sandbox_handshake_SOURCES = tests/unit/sandbox_handshake.c tests/unit/table.h
tests_unit_sandbox_handshake_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_label
tests_unit_sandbox_label_SOURCES = tests/unit/sandbox_label.c tests/unit/table.h
tests_unit_sandbox_label_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_report
tests_unit_sandbox_report_SOURCES = tests/unit/sandbox_report.c tests/unit/table.h
tests_unit_sandbox_report_LDADD = libsandbox.a -lcmocka

# A machine and a caller made up, for what is decided from options and facts.
planning_sources = tests/unit/planning.c tests/unit/planning.h tests/unit/table.h

unit_tests += tests/unit/sandbox_options
tests_unit_sandbox_options_SOURCES = tests/unit/sandbox_options.c $(planning_sources)
tests_unit_sandbox_options_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_bwrap
tests_unit_sandbox_bwrap_SOURCES = tests/unit/sandbox_bwrap.c $(planning_sources)
tests_unit_sandbox_bwrap_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_facts
tests_unit_sandbox_facts_SOURCES = tests/unit/sandbox_facts.c $(planning_sources)
tests_unit_sandbox_facts_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_maps
tests_unit_sandbox_maps_SOURCES = tests/unit/sandbox_maps.c $(planning_sources)
tests_unit_sandbox_maps_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_plan
tests_unit_sandbox_plan_SOURCES = tests/unit/sandbox_plan.c $(planning_sources)
tests_unit_sandbox_plan_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_landlock
tests_unit_sandbox_landlock_SOURCES = tests/unit/sandbox_landlock.c $(planning_sources)
tests_unit_sandbox_landlock_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_layout
tests_unit_sandbox_layout_SOURCES = tests/unit/sandbox_layout.c $(planning_sources)
tests_unit_sandbox_layout_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/sandbox_resolve
tests_unit_sandbox_resolve_SOURCES = tests/unit/sandbox_resolve.c tests/unit/table.h
tests_unit_sandbox_resolve_LDADD = libsandbox.a -lcmocka

# A million random paths, where make check tries ten thousand.
long_checks += check-long-resolve
check-long-resolve: tests/unit/sandbox_resolve
	RESOLVE_CASES=1000000 tests/unit/sandbox_resolve
.PHONY: check-long-resolve

# libcap is what the names are compared with; croft itself does without.
unit_tests += tests/unit/sandbox_capabilities
tests_unit_sandbox_capabilities_SOURCES = tests/unit/sandbox_capabilities.c tests/unit/table.h
tests_unit_sandbox_capabilities_LDADD = libsandbox.a -lcmocka -lcap

unit_tests += tests/unit/sandbox_steps
tests_unit_sandbox_steps_SOURCES = tests/unit/sandbox_steps.c $(kernel_stage)
tests_unit_sandbox_steps_LDADD = libsandbox.a -lcmocka

# libseccomp is what numbers are compared with; croft itself does without.
unit_tests += tests/unit/sandbox_filter
tests_unit_sandbox_filter_SOURCES = tests/unit/sandbox_filter.c tests/unit/bpf.h tests/unit/table.h
tests_unit_sandbox_filter_LDADD = libsandbox.a -lcmocka -lseccomp
