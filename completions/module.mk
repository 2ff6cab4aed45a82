# SPDX-License-Identifier: GPL-2.0-or-later
# Completions for bash, zsh and fish: a page of code each, and the options from
# croft --help.  How they are made is said in man/module.mk.

completions = completions/croft completions/_croft completions/croft.fish

dist_bashcompletion_DATA = completions/croft
dist_zshcompletion_DATA = completions/_croft
dist_fishcompletion_DATA = completions/croft.fish

completions/croft: completions/croft.bash.in $(option_sources) | $(option_program)
	$(make_options) bash $(srcdir)/completions/croft.bash.in >$@.new && mv $@.new $@

completions/_croft: completions/_croft.in $(option_sources) | $(option_program)
	$(make_options) zsh $(srcdir)/completions/_croft.in >$@.new && mv $@.new $@

completions/croft.fish: completions/croft.fish.in $(option_sources) | $(option_program)
	$(make_options) fish $(srcdir)/completions/croft.fish.in >$@.new && mv $@.new $@

EXTRA_DIST += completions/croft.bash.in completions/_croft.in completions/croft.fish.in
MAINTAINERCLEANFILES = $(completions) man/croft-run.1 man/croft-bwrap.1
