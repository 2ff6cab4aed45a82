/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter - a policy as a program for seccomp(2); pure */
#ifndef SANDBOX_FILTER_H
#define SANDBOX_FILTER_H

#include "sandbox/confine/policy.h"

#include <linux/filter.h>
#include <stddef.h>

/* A program as the kernel takes it: at most BPF_MAXINSNS instructions. */
struct filter {
	const struct sock_filter *code;
	size_t n;
};

struct filter_room {
	struct sock_filter code[BPF_MAXINSNS];
};

/*
 * Writes the program into room, and returns where it lies there.  What the
 * policy allows whatever the arguments is decided without looking at any, so
 * that the kernel remembers it (seccomp_cache_prepare(), Linux 5.11).
 */
struct filter filter_compile(const struct policy *policy, enum machine machine,
			     struct filter_room *room);

/* Turns every refusal of a program in room into an entry in the log. */
void filter_only_log(struct filter filter, struct filter_room *room);

/*
 * Writes into room one program that answers as all of these do together, croft's policy
 * among them, where the last one is installed last; but what they would kill for is left
 * to a listener, and no other listener can come to be below it.  A filter of no
 * instructions comes of programs that cannot be joined, or are too long.
 */
struct filter filter_join(const struct filter *filters, size_t n, enum machine machine,
			  struct filter_room *room);

#endif
