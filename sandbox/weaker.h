/* SPDX-License-Identifier: GPL-2.0-or-later */
/* weaker - whatever an option opened: the one list of what a reader has to think about */
#ifndef SANDBOX_WEAKER_H
#define SANDBOX_WEAKER_H

#include "sandbox/outline.h"
#include "sandbox/plan.h"

/* Adds the group "weaker-than-default": a line for each, none if all is as closed as by default. */
void weaker_tell(struct outline *outline, const struct plan *plan);

#endif
