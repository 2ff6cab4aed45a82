# SPDX-License-Identifier: GPL-2.0-or-later
# The manual.  The list of options in croft-run(1), and those of the completions,
# are made of what croft --help prints.
#
# They are made anew when the table of options changes, and by a croft that can run
# here.  They are part of the tarball, so that who builds for another machine never
# needs one: croft comes behind the bar, and its age does not count.  Where it cannot run
# here, one that can is made for them; being secondary, it is not missed where they are new.

help_sources = man/options.awk man/options.sh $(option_sources) sandbox/personality.c
list_options = $(AM_V_GEN)$(MKDIR_P) $(@D) && AWK='$(AWK)' $(SHELL) $(srcdir)/man/options.sh
make_options = $(list_options) ./$(option_program)
make_bwrap_options = $(list_options) ./$(bwrap_program)

if CROSS_COMPILING
option_program = man/croft-here
bwrap_program = man/croft-bwrap-here
options_told = $(option_program)
bwrap_options_told = $(bwrap_program)

make_here = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(compile_for_build) -DCROFT_LIBEXECDIR='"$(pkglibexecdir)"' \
	-o $@ $(addprefix $(srcdir)/,$(filter %.c,$(front_end_sources)))
man/croft-here: $(help_sources) | policy/filters.h
	$(make_here) $(srcdir)/sandbox/main.c
man/croft-bwrap-here: $(help_sources) | policy/filters.h
	$(make_here) $(srcdir)/sandbox/main_bwrap.c
.SECONDARY: man/croft-here man/croft-bwrap-here
CLEANFILES += man/croft-here man/croft-bwrap-here
else
option_program = croft$(EXEEXT)
bwrap_program = croft-bwrap$(EXEEXT)
options_told = | $(option_program)
bwrap_options_told = | $(bwrap_program)
endif

dist_man_MANS += \
	man/croft.1 \
	man/croft-bwrap.1 \
	man/croft-explain.1 \
	man/croft-run.1 \
	man/croft-shell.1 \
	man/croft-uidmap.8 \
	man/croft-gidmap.8

man/croft-run.1: man/croft-run.1.in $(help_sources) $(options_told)
	$(make_options) mdoc $(srcdir)/man/croft-run.1.in >$@.new && mv $@.new $@

man/croft-bwrap.1: man/croft-bwrap.1.in $(help_sources) $(bwrap_options_told)
	$(make_bwrap_options) mdoc $(srcdir)/man/croft-bwrap.1.in >$@.new && mv $@.new $@

EXTRA_DIST += man/croft-bwrap.1.in man/croft-run.1.in man/options.awk man/options.sh doc/DESIGN
