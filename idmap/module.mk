# SPDX-License-Identifier: GPL-2.0-or-later
# What both sides must speak.  Whoever uses it compiles it with their own flags.

idmap_sources = \
	idmap/map.c idmap/map.h \
	idmap/request.c idmap/request.h \
	idmap/subid.c idmap/subid.h \
	idmap/text.c idmap/text.h
