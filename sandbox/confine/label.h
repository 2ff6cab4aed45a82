/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * label - what SELinux or AppArmor shall confine the payload as
 *
 * The interface is the kernel's plain files: what a task writes to its own
 * attr/exec counts at its next exec, which fails where the policy refuses the
 * change.  A file that only looks like procfs would swallow the label
 * (CVE-2019-16884, CVE-2025-52881): so it is opened beneath a descriptor of
 * /proc without crossing a mount, checked to be procfs, and read back.
 */
#ifndef SANDBOX_LABEL_H
#define SANDBOX_LABEL_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <stdint.h>

enum { LABEL_SIZE = 512 };

/* What is true of this machine and of the caller; gathered where an option asks. */
struct label_facts {
	bool selinux, apparmor;		/* on */
	char current[LABEL_SIZE];	/* SELinux: the caller's own */
	uint32_t dice[2];		/* for --selinux-mcs */
};

int label_gather(struct label_facts *facts, struct failure *why);

/*
 * Chooses the plan's labels.  Pure.  Returns 0, or -1 with why filled in where
 * they cannot be had.
 */
int label_decide(const struct options *options, const struct label_facts *facts, struct plan *plan,
		 struct failure *why);

/*
 * Writes into made a label with two of the categories that range allows in
 * place of its level; dice choose them.  Returns 0, or -1 where there are not two.
 */
int label_with_categories(const char *label, const char *range, const uint32_t dice[2], char *made,
			  size_t size);

/* Setup: whatever it makes from now on is labelled so. */
int label_files(const struct plan *plan, int proc, struct failure *why);

/* The payload's process: the next exec changes to these labels, or fails. */
int label_exec(const struct plan *plan, int proc, struct failure *why);

#endif
