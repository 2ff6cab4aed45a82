/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text - pieces of a file of lines and fields, and the one number grammar; pure */
#ifndef IDMAP_TEXT_H
#define IDMAP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *at;		/* no NUL ends it */
	size_t length;
};

/*
 * Cuts the piece before the first mark off rest, and drops the mark.  Without
 * one the piece is all of rest, nothing is left, and the result is false.
 */
bool text_cut(struct text *rest, char mark, struct text *piece);

bool text_equal(struct text text, struct text other);

/* Digits, at least one, and nothing else. */
bool text_is_digits(struct text text);

/* Reads 0 to 4294967294 in decimal, without sign, blank, prefix or leading zero. */
bool text_number(struct text text, uint32_t *number);

enum { TEXT_DIGITS = 10 };	/* of 4294967295 */

/* Writes number in decimal, without a NUL behind it, and returns its length. */
size_t text_print(uint32_t number, char digits[TEXT_DIGITS]);

#endif
