# SPDX-License-Identifier: GPL-2.0-or-later
# All that ever runs with privilege.  A helper links what is listed here and
# libc, and nothing can creep in by way of a library of ours.

helper_sources = \
	$(idmap_sources) \
	helpers/confine.c \
	helpers/grant.c \
	helpers/request.c \
	helpers/steps.h \
	helpers/target.c \
	helpers/verdict.c

pkglibexec_PROGRAMS += helpers/uidmap helpers/gidmap

helpers_uidmap_SOURCES = helpers/uidmap.c $(helper_sources)
helpers_gidmap_SOURCES = helpers/gidmap.c $(helper_sources)
helpers_uidmap_CFLAGS = $(AM_CFLAGS) $(STATIC_CFLAGS)
helpers_uidmap_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
helpers_uidmap_LDADD = $(STATIC_LIBS)
helpers_gidmap_CFLAGS = $(AM_CFLAGS) $(STATIC_CFLAGS)
helpers_gidmap_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
helpers_gidmap_LDADD = $(STATIC_LIBS)

EXTRA_DIST += helpers/symbols.txt
