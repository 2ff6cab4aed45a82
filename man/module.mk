# SPDX-License-Identifier: GPL-2.0-or-later
# The manual.  The list of options in croft-run(1), and those of the completions,
# are made of what croft --help prints.
#
# They are made anew when the table of options changes, and by a croft that can run
# here.  They are part of the tarball, so that who builds for another machine never
# needs one: croft comes behind the bar, and its age does not count.

option_program = croft$(EXEEXT)
help_sources = man/options.awk man/options.sh $(option_sources) sandbox/personality.c
make_options = $(AM_V_GEN)$(MKDIR_P) $(@D) && AWK='$(AWK)' $(SHELL) $(srcdir)/man/options.sh ./$(option_program)
bwrap_program = croft-bwrap$(EXEEXT)
make_bwrap_options = $(AM_V_GEN)$(MKDIR_P) $(@D) && AWK='$(AWK)' $(SHELL) $(srcdir)/man/options.sh ./$(bwrap_program)

dist_man_MANS += \
	man/croft.1 \
	man/croft-bwrap.1 \
	man/croft-explain.1 \
	man/croft-run.1 \
	man/croft-shell.1 \
	man/croft-uidmap.8 \
	man/croft-gidmap.8

man/croft-run.1: man/croft-run.1.in $(help_sources) | $(option_program)
	$(make_options) mdoc $(srcdir)/man/croft-run.1.in >$@.new && mv $@.new $@

man/croft-bwrap.1: man/croft-bwrap.1.in $(help_sources) | $(bwrap_program)
	$(make_bwrap_options) mdoc $(srcdir)/man/croft-bwrap.1.in >$@.new && mv $@.new $@

EXTRA_DIST += man/croft-bwrap.1.in man/croft-run.1.in man/options.awk man/options.sh doc/DESIGN
