# SPDX-License-Identifier: GPL-2.0-or-later
# What the payload may still do: capabilities, limits, filters, walls, and what it inherits.

front_end_sources += \
	sandbox/confine/capabilities.c \
	sandbox/confine/capabilities.h \
	sandbox/confine/descriptors.c \
	sandbox/confine/descriptors.h \
	sandbox/confine/environment.c \
	sandbox/confine/environment.h \
	sandbox/confine/filter.c \
	sandbox/confine/filter.h \
	sandbox/confine/filter_install.c \
	sandbox/confine/filter_join.c \
	sandbox/confine/filter_load.c \
	sandbox/confine/filters.c \
	sandbox/confine/filters.h \
	sandbox/confine/keyring.c \
	sandbox/confine/keyring.h \
	sandbox/confine/label.c \
	sandbox/confine/label.h \
	sandbox/confine/landlock.c \
	sandbox/confine/landlock.h \
	sandbox/confine/landlock_rules.c \
	sandbox/confine/landlock_rules.h \
	sandbox/confine/limits.c \
	sandbox/confine/limits.h \
	sandbox/confine/listener.c \
	sandbox/confine/listener.h \
	sandbox/confine/policy.c \
	sandbox/confine/policy.h \
	sandbox/confine/privileges.c \
	sandbox/confine/privileges.h
