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

/* Reads 0 to 4294967294 in decimal, without sign, blank, prefix or leading zero. */
bool text_number(struct text text, uint32_t *number);

/* Writes number in decimal and end behind it, at most 11 bytes; returns how many. */
size_t text_print(uint32_t number, char end, char *text);

#endif
