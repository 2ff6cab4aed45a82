# SPDX-License-Identifier: GPL-2.0-or-later
# The policy for system calls.  syscalls.def is what one reads and changes; the filters
# for the kernel are made of it when croft is built, for every machine at once, by the
# code that croft itself has for what --allow-syscalls and --deny-syscalls change.
#
# They are part of the tarball, as the manual's lists are (man/module.mk), so that who
# builds for another machine need not compile for two.

policy_sources = policy/groups.def policy/syscalls.def \
	sandbox/confine/filter.c sandbox/confine/filter.h sandbox/confine/policy.c sandbox/confine/policy.h

policy/filters.h: $(policy_sources) policy/compile.c
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(compile_for_build) -o policy/compile $(filter %.c,$^) && \
	./policy/compile >$@.new && mv $@.new $@

CLEANFILES += policy/compile
EXTRA_DIST += $(policy_sources) policy/compile.c
BUILT_SOURCES += policy/filters.h
MAINTAINERCLEANFILES += policy/filters.h
EXTRA_DIST += policy/filters.h

# Docker's and OCI's JSON, by a program of its own; it has no privilege, and is no helper.
if SECCOMP_POLICY
readersdir = $(pkglibexecdir)
readers_PROGRAMS = policy/seccomp-compile
endif
policy_seccomp_compile_SOURCES = policy/seccomp_compile.c
policy_seccomp_compile_LDADD = -lseccomp -ljson-c

# For distributions to install; it wants a newer AppArmor than many have.
EXTRA_DIST += policy/apparmor
