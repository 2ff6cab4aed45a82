# SPDX-License-Identifier: GPL-2.0-or-later
# The front end.  It is compiled twice where croft links another C library than
# the unit tests do: into the programs, and into the library that they link.

# Where croft looks for its helpers; nothing at run time can say otherwise.
front_end_cppflags = $(AM_CPPFLAGS) -DCROFT_LIBEXECDIR='"$(pkglibexecdir)"'
front_end_sources = \
	$(idmap_sources) \
	sandbox/cleanup.h \
	sandbox/command.c \
	sandbox/command.h \
	sandbox/diagnosis.c \
	sandbox/diagnosis.h \
	sandbox/explain.c \
	sandbox/explain.h \
	sandbox/facts.c \
	sandbox/facts.h \
	sandbox/failure.c \
	sandbox/failure.h \
	sandbox/footprint.c \
	sandbox/footprint.h \
	sandbox/handshake.c \
	sandbox/handshake.h \
	sandbox/kernel.h \
	sandbox/launch.c \
	sandbox/launch.h \
	sandbox/namespaces.c \
	sandbox/namespaces.h \
	sandbox/number.c \
	sandbox/number.h \
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
	sandbox/program.c \
	sandbox/program.h \
	sandbox/quote.c \
	sandbox/quote.h \
	sandbox/reaper.c \
	sandbox/reaper.h \
	sandbox/report.c \
	sandbox/report.h \
	sandbox/setup.c \
	sandbox/setup.h \
	sandbox/supervise.c \
	sandbox/supervise.h \
	sandbox/terminal.c \
	sandbox/terminal.h \
	sandbox/weaker.c \
	sandbox/weaker.h

# Its rooms.
include sandbox/options/module.mk
include sandbox/identity/module.mk
include sandbox/rootfs/module.mk
include sandbox/confine/module.mk

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
