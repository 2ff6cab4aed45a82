/* SPDX-License-Identifier: GPL-2.0-or-later */
/* footprint - what a wait does not need is given back */
#ifndef SANDBOX_FOOTPRINT_H
#define SANDBOX_FOOTPRINT_H

/* For the launcher and the reaper, before they wait for the payload's end.  Nothing is lost. */
void footprint_shrink(void);

#endif
