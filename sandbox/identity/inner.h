/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inner - IDs for the payload's second user namespace
 *
 * Only a process of the parent namespace may map more than itself
 * (new_idmap_permitted()): whoever enters the second one calls one that stayed
 * in the first, which gives it the same IDs (NUMBER and MAPPED, handshake.h).
 */
#ifndef SANDBOX_INNER_H
#define SANDBOX_INNER_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

/*
 * Enters the second user namespace, and waits until IDs exist there.
 * proc is an O_PATH descriptor of a /proc mount; gate leads to inner_map().
 */
int inner_enter(int gate, int proc, const struct plan *plan, struct failure *why);

/* From the first namespace: maps the process on the other end of gate. */
int inner_map(int gate, int proc, const struct plan *plan, struct failure *why);

#endif
