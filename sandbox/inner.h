/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inner - IDs for the payload's second user namespace
 *
 *     process in the second namespace       process that stayed in the first
 *       |------ its number in /proc ------------>|   writes the same IDs there
 *       |<----- MAPPED --------------------------|
 *
 * Only a process of the parent namespace may map more than itself
 * (new_idmap_permitted()).  The gate between the two is a handshake pair.
 */
#ifndef SANDBOX_INNER_H
#define SANDBOX_INNER_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

/* From the second namespace: sends our number in proc, an O_PATH descriptor of a /proc mount. */
int inner_call(int gate, int proc, struct failure *why);

/* Waits until our IDs exist, or, without a second namespace, until the payload may begin. */
int inner_wait(int gate, struct failure *why);

/* From the first namespace: maps the process that calls. */
int inner_map(int gate, int proc, const struct plan *plan, struct failure *why);

/* Lets the process on the other end begin. */
int inner_release(int gate, struct failure *why);

#endif
