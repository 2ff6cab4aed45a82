# SPDX-License-Identifier: GPL-2.0-or-later
# All that ever runs with privilege.  A helper links what is listed here and
# libc, and nothing can creep in by way of a library of ours.

helper_sources = \
	$(idmap_sources) \
	helpers/account.c helpers/account.h \
	helpers/confine.c helpers/confine.h \
	helpers/delegation.c helpers/delegation.h \
	helpers/grant.c helpers/grant.h \
	helpers/log.c helpers/log.h \
	helpers/request.c helpers/request.h \
	helpers/target.c helpers/target.h \
	helpers/verdict.c helpers/verdict.h

pkglibexec_PROGRAMS += helpers/uidmap helpers/gidmap

helpers_uidmap_SOURCES = helpers/uidmap.c $(helper_sources)
helpers_gidmap_SOURCES = helpers/gidmap.c $(helper_sources)
helpers_uidmap_LDFLAGS = $(AM_LDFLAGS) $(HELPER_LDFLAGS)
helpers_gidmap_LDFLAGS = $(AM_LDFLAGS) $(HELPER_LDFLAGS)
