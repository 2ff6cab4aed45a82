/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request - what the caller wants, from the pipe */
#ifndef HELPERS_REQUEST_H
#define HELPERS_REQUEST_H

#include "idmap/request.h"

/* Reads to the end of file, within a second, or refuses.  The map it has is sound. */
void request_read(int fd, struct idrequest *request);

#endif
