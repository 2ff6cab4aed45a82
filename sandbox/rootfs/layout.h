/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layout - the root file system that comes without asking; pure */
#ifndef SANDBOX_LAYOUT_H
#define SANDBOX_LAYOUT_H

#include "sandbox/facts.h"
#include "sandbox/options/options.h"
#include "sandbox/plan.h"

#include <stdbool.h>

/* What a root made from the host's directories takes of them, where it exists; NULL ends. */
extern const char *const layout_host_paths[];

/* Will the root be made from the host's directories?  Else nothing of them is needed. */
bool layout_takes_host(const struct options *options);

/*
 * Puts the default steps into plan->steps, then the user's, in their order.
 * plan's identity and namespaces must be settled.
 */
void layout_make(const struct options *options, const struct facts *facts, struct plan *plan);

#endif
