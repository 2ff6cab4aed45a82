# SPDX-License-Identifier: GPL-2.0-or-later
# The front end.  It is compiled twice where croft links another C library than
# the unit tests do: into the programs, and into the library that they link.

# Where croft looks for its helpers; nothing at run time can say otherwise.
front_end_cppflags = $(AM_CPPFLAGS) -DCROFT_LIBEXECDIR='"$(pkglibexecdir)"'
front_end_sources = \
	$(idmap_sources) \
	sandbox/accounts.c \
	sandbox/accounts.h \
	sandbox/ask.c \
	sandbox/ask.h \
	sandbox/capabilities.c \
	sandbox/capabilities.h \
	sandbox/cleanup.h \
	sandbox/command.c \
	sandbox/command.h \
	sandbox/descriptors.c \
	sandbox/descriptors.h \
	sandbox/diagnosis.c \
	sandbox/diagnosis.h \
	sandbox/environment.c \
	sandbox/environment.h \
	sandbox/explain.c \
	sandbox/explain.h \
	sandbox/facts.c \
	sandbox/facts.h \
	sandbox/failure.c \
	sandbox/failure.h \
	sandbox/filter.c \
	sandbox/filter.h \
	sandbox/filter_install.c \
	sandbox/filter_load.c \
	sandbox/filters.c \
	sandbox/filters.h \
	sandbox/grant.c \
	sandbox/grant.h \
	sandbox/handshake.c \
	sandbox/handshake.h \
	sandbox/help.c \
	sandbox/help.h \
	sandbox/inner.c \
	sandbox/inner.h \
	sandbox/kernel.h \
	sandbox/keyring.c \
	sandbox/keyring.h \
	sandbox/label.c \
	sandbox/label.h \
	sandbox/landlock.c \
	sandbox/landlock.h \
	sandbox/landlock_rules.c \
	sandbox/landlock_rules.h \
	sandbox/launch.c \
	sandbox/launch.h \
	sandbox/layout.c \
	sandbox/layout.h \
	sandbox/limits.c \
	sandbox/limits.h \
	sandbox/mapping.c \
	sandbox/mapping.h \
	sandbox/maps.c \
	sandbox/maps.h \
	sandbox/mounts.c \
	sandbox/mounts.h \
	sandbox/namespaces.c \
	sandbox/namespaces.h \
	sandbox/number.c \
	sandbox/number.h \
	sandbox/option_rows.h \
	sandbox/option_table.c \
	sandbox/options.c \
	sandbox/options.h \
	sandbox/options_bwrap.c \
	sandbox/options_confinement.c \
	sandbox/options_identity.c \
	sandbox/options_namespaces.c \
	sandbox/options_payload.c \
	sandbox/options_root.c \
	sandbox/options_seccomp.c \
	sandbox/options_status.c \
	sandbox/outline.c \
	sandbox/outline.h \
	sandbox/payload.c \
	sandbox/payload.h \
	sandbox/personality.c \
	sandbox/personality.h \
	sandbox/phase.c \
	sandbox/phase.h \
	sandbox/plan.c \
	sandbox/plan.h \
	sandbox/policy.c \
	sandbox/policy.h \
	sandbox/privileges.c \
	sandbox/privileges.h \
	sandbox/program.c \
	sandbox/program.h \
	sandbox/quote.c \
	sandbox/quote.h \
	sandbox/reaper.c \
	sandbox/reaper.h \
	sandbox/report.c \
	sandbox/report.h \
	sandbox/resolve.c \
	sandbox/resolve.h \
	sandbox/rootfs.c \
	sandbox/rootfs.h \
	sandbox/setup.c \
	sandbox/setup.h \
	sandbox/sockets.c \
	sandbox/sockets.h \
	sandbox/steps.h \
	sandbox/steps_dev.c \
	sandbox/steps_file.c \
	sandbox/steps_mount.c \
	sandbox/supervise.c \
	sandbox/supervise.h \
	sandbox/terminal.c \
	sandbox/terminal.h \
	sandbox/user.c \
	sandbox/user.h \
	sandbox/verdict.c \
	sandbox/verdict.h

check_LIBRARIES += libsandbox.a
libsandbox_a_SOURCES = $(front_end_sources)
libsandbox_a_CPPFLAGS = $(front_end_cppflags)

# The engine is made once for croft and for croft-bwrap, which differ in their mains.
noinst_LIBRARIES += libengine.a
libengine_a_SOURCES = $(front_end_sources)
libengine_a_CPPFLAGS = $(front_end_cppflags)
libengine_a_CFLAGS = $(AM_CFLAGS) $(FRONT_CFLAGS)

bin_PROGRAMS += croft croft-bwrap
croft_SOURCES = sandbox/main.c
croft_CPPFLAGS = $(front_end_cppflags)
croft_CFLAGS = $(AM_CFLAGS) $(FRONT_CFLAGS)
croft_LDFLAGS = $(AM_LDFLAGS) $(FRONT_LDFLAGS)
croft_LDADD = libengine.a $(FRONT_LIBS)

croft_bwrap_SOURCES = sandbox/main_bwrap.c
croft_bwrap_CPPFLAGS = $(front_end_cppflags)
croft_bwrap_CFLAGS = $(croft_CFLAGS)
croft_bwrap_LDFLAGS = $(croft_LDFLAGS)
croft_bwrap_LDADD = $(croft_LDADD)
