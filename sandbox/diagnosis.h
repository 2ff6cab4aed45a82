/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis - why a namespace cannot be made here: one errno has many causes */
#ifndef SANDBOX_DIAGNOSIS_H
#define SANDBOX_DIAGNOSIS_H

#include "sandbox/failure.h"

/*
 * Fills in why for a clone3(2) or unshare(2) of these CLONE_NEW* that failed
 * with err, and finds the cause: a sysctl, a limit, a chroot, AppArmor, a
 * seccomp filter around us, an unmapped caller.  Returns -1.
 */
int diagnosis_of_namespaces(int namespaces, int err, struct failure *why);

/*
 * Launcher, which alone sees what is around the new namespaces: says which limit was
 * reached, or that a filter is another croft's, if a failure is of that kind.  Returns -1.
 */
int diagnosis_of_surroundings(struct failure *why);

/*
 * Adds a hint to a failure that has none, of a process with every capability in
 * its new user namespace: AppArmor may let namespaces be made but not used, and
 * a filter, or the kernel's age, may leave out a call.  Returns -1.
 */
int diagnosis_of_refusal(struct failure *why);

#endif
