# SPDX-License-Identifier: GPL-2.0-or-later
# What only another machine can show: SELinux that enforces, AppArmor, cgroup v2
# alone.  CROFT_VM names the program that boots it (tests/vm/run says how it is called).

EXTRA_DIST += tests/vm/run tests/vm/tap.bash tests/vm/selinux tests/vm/apparmor tests/vm/policy/apparmor

check-vm: all
	test -n "$(CROFT_VM)" || { echo "make check-vm CROFT_VM=PROGRAM" >&2; exit 1; }
	rm -rf vm-stage
	$(MAKE) install DESTDIR=$(abs_builddir)/vm-stage
	for mac in selinux apparmor; do \
		CROFT_VM='$(CROFT_VM)' CROFT_VM_STAGE=$(abs_builddir)/vm-stage \
		CROFT_SOURCE=$(abs_top_srcdir) CROFT_BINDIR='$(bindir)' \
		bash $(srcdir)/tests/vm/run $$mac || exit 1; \
	done
	rm -rf vm-stage
.PHONY: check-vm

# croft for arm64, cross-built from the tarball's tree, under an arm64 kernel that qemu
# runs; tests/vm/arm64 gets what it needs by apt-get, as root.
EXTRA_DIST += tests/vm/arm64 tests/vm/arm64-init

check-arm64: all
	rm -rf arm64-source
	$(MAKE) distdir distdir=arm64-source
	CROFT_SOURCE=$(abs_builddir)/arm64-source $(top_srcdir)/tests/vm/arm64
	rm -rf arm64-source
.PHONY: check-arm64
