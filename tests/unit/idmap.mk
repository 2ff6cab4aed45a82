# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that test idmap/, and the pure half of helpers/.

unit_tests += tests/unit/idmap_text
tests_unit_idmap_text_SOURCES = tests/unit/idmap_text.c tests/unit/table.h
tests_unit_idmap_text_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/idmap_map
tests_unit_idmap_map_SOURCES = tests/unit/idmap_map.c tests/unit/table.h
tests_unit_idmap_map_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/idmap_subid
tests_unit_idmap_subid_SOURCES = tests/unit/idmap_subid.c tests/unit/table.h
tests_unit_idmap_subid_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/idmap_request
tests_unit_idmap_request_SOURCES = tests/unit/idmap_request.c tests/unit/table.h
tests_unit_idmap_request_LDADD = libsandbox.a -lcmocka

unit_tests += tests/unit/helpers_grant
tests_unit_helpers_grant_SOURCES = tests/unit/helpers_grant.c tests/unit/table.h \
	helpers/grant.c helpers/steps.h
tests_unit_helpers_grant_LDADD = libsandbox.a -lcmocka
