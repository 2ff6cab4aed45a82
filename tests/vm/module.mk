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
