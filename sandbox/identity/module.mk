# SPDX-License-Identifier: GPL-2.0-or-later
# Who exists inside: ranges of IDs, where they come from, and who installs them.

front_end_sources += \
	sandbox/identity/accounts.c \
	sandbox/identity/accounts.h \
	sandbox/identity/ask.c \
	sandbox/identity/ask.h \
	sandbox/identity/grant.c \
	sandbox/identity/grant.h \
	sandbox/identity/inner.c \
	sandbox/identity/inner.h \
	sandbox/identity/mapping.c \
	sandbox/identity/mapping.h \
	sandbox/identity/maps.c \
	sandbox/identity/maps.h \
	sandbox/identity/user.c \
	sandbox/identity/user.h \
	sandbox/identity/verdict.c \
	sandbox/identity/verdict.h
