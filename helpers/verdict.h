/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict - the only two ways a helper ends: once, with one code, and no words */
#ifndef HELPERS_VERDICT_H
#define HELPERS_VERDICT_H

#include "idmap/request.h"

_Noreturn void refuse(enum idverdict_code code);

/* To be called when the map is in, and never before. */
_Noreturn void confirm(void);

#endif
