/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layout - the root file system that comes without asking; pure */
#ifndef SANDBOX_LAYOUT_H
#define SANDBOX_LAYOUT_H

#include "sandbox/facts.h"
#include "sandbox/options.h"
#include "sandbox/plan.h"

/*
 * Puts the default steps into plan->steps, then the user's, in their order.
 * plan's identity and namespaces must be settled.
 */
void layout_make(const struct options *options, const struct facts *facts, struct plan *plan);

#endif
