# SPDX-License-Identifier: GPL-2.0-or-later
# The yardstick: what public weaknesses of others come to, and the tests that croft
# resists them.  doc/WEAKNESSES is made of the tests' names, wherever they are, and of
# tests/weaknesses/rows; what fits no other file is in a bats file here.
#
# A test of row X01: @test "X01 what holds", its control above it (see table); then
# make weaknesses-table.  A row that cannot have one says so in rows.

weakness_tests = \
	tests/weaknesses/confine.bats \
	tests/weaknesses/helpers.bats \
	tests/weaknesses/idmaps.bats \
	tests/weaknesses/lives.bats \
	tests/weaknesses/paths.bats \
	tests/weaknesses/seccomp.bats

system_tests += $(weakness_tests)

weakenings = \
	tests/weaknesses/weaken/again.patch \
	tests/weaknesses/weaken/alike.patch \
	tests/weaknesses/weaken/any.patch \
	tests/weaknesses/weaken/anywhere.patch \
	tests/weaknesses/weaken/arguments.patch \
	tests/weaknesses/weaken/attached.patch \
	tests/weaknesses/weaken/closed.patch \
	tests/weaknesses/weaken/consent.patch \
	tests/weaknesses/weaken/descriptors.patch \
	tests/weaknesses/weaken/effective.patch \
	tests/weaknesses/weaken/flags.patch \
	tests/weaknesses/weaken/foreign.patch \
	tests/weaknesses/weaken/forms.patch \
	tests/weaknesses/weaken/furnished.patch \
	tests/weaknesses/weaken/greedy.patch \
	tests/weaknesses/weaken/groups.patch \
	tests/weaknesses/weaken/ignored.patch \
	tests/weaknesses/weaken/inherited.patch \
	tests/weaknesses/weaken/listening.patch \
	tests/weaknesses/weaken/misspelt.patch \
	tests/weaknesses/weaken/namespace.patch \
	tests/weaknesses/weaken/orphan.patch \
	tests/weaknesses/weaken/outside.patch \
	tests/weaknesses/weaken/patient.patch \
	tests/weaknesses/weaken/pipes.patch \
	tests/weaknesses/weaken/powerless.patch \
	tests/weaknesses/weaken/prefix.patch \
	tests/weaknesses/weaken/raw.patch \
	tests/weaknesses/weaken/renewed.patch \
	tests/weaknesses/weaken/root.patch \
	tests/weaknesses/weaken/silent.patch \
	tests/weaknesses/weaken/single.patch \
	tests/weaknesses/weaken/surroundings.patch \
	tests/weaknesses/weaken/trailing.patch \
	tests/weaknesses/weaken/trusting.patch \
	tests/weaknesses/weaken/unattached.patch \
	tests/weaknesses/weaken/unchecked.patch \
	tests/weaknesses/weaken/unread.patch \
	tests/weaknesses/weaken/variables.patch \
	tests/weaknesses/weaken/walks.patch \
	tests/weaknesses/weaken/window.patch \
	tests/weaknesses/weaken/unwalled.patch \
	tests/weaknesses/weaken/wraps.patch \
	tests/weaknesses/weaken/zeros.patch

EXTRA_DIST += $(weakness_tests) $(weakenings) tests/weaknesses/rows tests/weaknesses/table \
	tests/weaknesses/weakened doc/WEAKNESSES

# It stands in the sources, and is made anew when somebody asks.
weaknesses-table:
	$(srcdir)/tests/weaknesses/table >doc-WEAKNESSES.new
	mv doc-WEAKNESSES.new $(srcdir)/doc/WEAKNESSES
	@$(srcdir)/tests/weaknesses/table count
.PHONY: weaknesses-table

# Every test that stands in a patch's head, on a croft that the patch has weakened.
long_checks += check-weakened
check-weakened: all $(system_probes) $(fault_programs) tests/helpers/ask tests/helpers/pry
	rm -rf weakened
	$(MAKE) distdir distdir=weakened
	status=0; env $(test_environment) WEAKENED_SOURCE='$(abs_builddir)/weakened' BATS='$(BATS)' \
		$(top_srcdir)/tests/weaknesses/weakened $(WEAKENINGS) || status=$$?; \
	rm -rf weakened; exit $$status
.PHONY: check-weakened
