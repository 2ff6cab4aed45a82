# SPDX-License-Identifier: GPL-2.0-or-later
# What the user says: one table of options, read in parts.

option_sources = \
	sandbox/options/help.c \
	sandbox/options/help.h \
	sandbox/options/option_rows.h \
	sandbox/options/option_table.c \
	sandbox/options/options.c \
	sandbox/options/options.h \
	sandbox/options/options_bwrap.c \
	sandbox/options/options_confinement.c \
	sandbox/options/options_identity.c \
	sandbox/options/options_namespaces.c \
	sandbox/options/options_payload.c \
	sandbox/options/options_root.c \
	sandbox/options/options_seccomp.c \
	sandbox/options/options_status.c
front_end_sources += $(option_sources)
