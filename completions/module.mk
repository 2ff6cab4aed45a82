# SPDX-License-Identifier: GPL-2.0-or-later
# Completions for bash, zsh and fish: a page of code each, and the options from
# croft --help and croft-bwrap --help.  How they are made is said in man/module.mk.

dist_bashcompletion_DATA = completions/croft completions/croft-bwrap
dist_zshcompletion_DATA = completions/_croft completions/_croft-bwrap
dist_fishcompletion_DATA = completions/croft.fish completions/croft-bwrap.fish
completions = $(dist_bashcompletion_DATA) $(dist_zshcompletion_DATA) $(dist_fishcompletion_DATA)

completions/croft: completions/croft.bash.in $(help_sources) $(options_told)
	$(make_options) bash $(srcdir)/completions/croft.bash.in >$@.new && mv $@.new $@

completions/_croft: completions/_croft.in $(help_sources) $(options_told)
	$(make_options) zsh $(srcdir)/completions/_croft.in >$@.new && mv $@.new $@

completions/croft.fish: completions/croft.fish.in $(help_sources) $(options_told)
	$(make_options) fish $(srcdir)/completions/croft.fish.in >$@.new && mv $@.new $@

completions/croft-bwrap: completions/croft-bwrap.bash.in $(help_sources) $(bwrap_options_told)
	$(make_bwrap_options) bash $(srcdir)/completions/croft-bwrap.bash.in >$@.new && mv $@.new $@

completions/_croft-bwrap: completions/_croft-bwrap.in $(help_sources) $(bwrap_options_told)
	$(make_bwrap_options) zsh $(srcdir)/completions/_croft-bwrap.in >$@.new && mv $@.new $@

completions/croft-bwrap.fish: completions/croft-bwrap.fish.in $(help_sources) $(bwrap_options_told)
	$(make_bwrap_options) fish $(srcdir)/completions/croft-bwrap.fish.in >$@.new && mv $@.new $@

EXTRA_DIST += completions/croft-bwrap.bash.in completions/_croft-bwrap.in completions/croft-bwrap.fish.in
EXTRA_DIST += completions/croft.bash.in completions/_croft.in completions/croft.fish.in
MAINTAINERCLEANFILES += $(completions) man/croft-run.1 man/croft-bwrap.1
