# SPDX-License-Identifier: GPL-2.0-or-later
# The front end: a library of everything but main, so that the unit tests link
# the objects that croft is made of.

noinst_LIBRARIES += libsandbox.a

# Where croft looks for its helpers; nothing at run time can say otherwise.
libsandbox_a_CPPFLAGS = $(AM_CPPFLAGS) -DCROFT_LIBEXECDIR='"$(pkglibexecdir)"'
libsandbox_a_SOURCES = \
	$(idmap_sources) \
	sandbox/capabilities.c \
	sandbox/capabilities.h \
	sandbox/cleanup.h \
	sandbox/facts.c \
	sandbox/facts.h \
	sandbox/failure.c \
	sandbox/failure.h \
	sandbox/layout.c \
	sandbox/layout.h \
	sandbox/limits.c \
	sandbox/limits.h \
	sandbox/maps.c \
	sandbox/maps.h \
	sandbox/mounts.c \
	sandbox/mounts.h \
	sandbox/number.c \
	sandbox/number.h \
	sandbox/option_table.c \
	sandbox/options.c \
	sandbox/options.h \
	sandbox/plan.c \
	sandbox/plan.h \
	sandbox/quote.c \
	sandbox/quote.h \
	sandbox/resolve.c \
	sandbox/resolve.h \
	sandbox/rootfs.c \
	sandbox/rootfs.h \
	sandbox/steps.h \
	sandbox/steps_mount.c
