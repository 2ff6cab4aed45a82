/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number - strict readers of numbers: no sign or blank; but for two, no prefix or leading zero */
#ifndef SANDBOX_NUMBER_H
#define SANDBOX_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads the decimal number that text begins with, 0 to max, and returns what
 * follows it; NULL where there is none, it is larger, or it has a needless zero.
 */
const char *number_read(const char *text, uint64_t max, uint64_t *value);

/* The whole text is one such number. */
bool number_whole(const char *text, uint64_t max, uint64_t *value);

/* The whole text is one number as C writes them, with a prefix 0x or 0 or none, 0 to max. */
bool number_as_in_c(const char *text, uint64_t max, uint64_t *value);

/* The whole text is one octal number, as in chmod(1), 0 to max. */
bool number_octal(const char *text, uint32_t max, uint32_t *value);

#endif
