/* SPDX-License-Identifier: GPL-2.0-or-later */
/* quote - the one escaper for every text that leaves croft */
#include "sandbox/quote.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/*
 * Decodes the character at text into *code and returns its length in bytes,
 * or 0 where the bytes are no shortest-form UTF-8 of a Unicode scalar value.
 */
static size_t decode(const unsigned char *text, uint32_t *code)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80 ? 1 : text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;

	if (text[0] >= 0x80 && (text[0] < 0xc2 || text[0] > 0xf4))
		return 0;
	*code = length == 1 ? text[0] : text[0] & (0xffU >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3fU);
	}
	if (*code < smallest[length] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return length;
}

static bool steers(uint32_t code)
{
	static const struct { uint32_t first, last; } steering[] = {
		{ 0x00,    0x1f    },	/* C0: escape, newline, bell … */
		{ 0x7f,    0x9f    },	/* DEL and C1: 0x9b is "escape [" */
		{ 0x061c,  0x061c  },	/* Arabic letter mark */
		{ 0x200b,  0x200f  },	/* no width; left-to-right and right-to-left marks */
		{ 0x2028,  0x202e  },	/* line and paragraph separators, embeddings */
		{ 0x2060,  0x206f  },	/* invisible operators, isolates */
		{ 0xfeff,  0xfeff  },	/* no width */
		{ 0xfff9,  0xfffb  },	/* annotations */
		{ 0xe0000, 0xe007f },	/* tags: a whole invisible alphabet */
	};

	for (size_t i = 0; i < sizeof(steering) / sizeof(steering[0]); i++)
		if (code >= steering[i].first && code <= steering[i].last)
			return true;
	return false;
}

/* ---- two ways to write what cannot stay as it is ------------------------------------------- */

enum { PIECE = 17 };	/* four bytes as \xNN, and a NUL */

struct style {
	const char *marks;	/* characters that need a backslash before them */
	/* Writes the length bytes at text, or the one that is no UTF-8 where length is 0. */
	size_t (*escape)(const char *text, size_t length, uint32_t code, char piece[PIECE]);
};

static size_t escape_bytes(const char *text, size_t length, uint32_t code, char piece[PIECE])
{
	size_t wrote = 0;

	(void)code;
	for (size_t i = 0; i < (length > 0 ? length : 1); i++)
		wrote += (size_t)snprintf(piece + wrote, PIECE - wrote, "\\x%02x",
					  (unsigned char)text[i]);
	return wrote;
}

/* JSON counts in UTF-16: what lies beyond 16 bits is two surrogates. */
static size_t escape_json(const char *text, size_t length, uint32_t code, char piece[PIECE])
{
	(void)text;
	if (length == 0)
		code = 0xfffd;
	if (code < 0x10000)
		return (size_t)snprintf(piece, PIECE, "\\u%04x", code);
	code -= 0x10000;
	return (size_t)snprintf(piece, PIECE, "\\u%04x\\u%04x", 0xd800 | code >> 10,
				0xdc00 | (code & 0x3ff));
}

static size_t write_piece(const struct style *style, const char *text, size_t length, uint32_t code,
			  char piece[PIECE])
{
	if (length == 0 || steers(code))
		return style->escape(text, length, code, piece);
	if (length == 1 && strchr(style->marks, text[0]) != NULL)
		return (size_t)snprintf(piece, PIECE, "\\%c", text[0]);
	memcpy(piece, text, length);
	return length;
}

static const char *quote_with(const struct style *style, const char *text, char *quoted,
			      size_t size)
{
	size_t used = 0;

	while (*text != '\0') {
		uint32_t code = 0;
		char piece[PIECE];
		size_t length = decode((const unsigned char *)text, &code);
		size_t wrote = write_piece(style, text, length, code, piece);

		if (wrote >= size - used)
			break;
		memcpy(quoted + used, piece, wrote);
		used += wrote;
		text += length > 0 ? length : 1;
	}
	quoted[used] = '\0';
	return quoted;
}

const char *quote(const char *text, char *quoted, size_t size)
{
	static const struct style style = { "", escape_bytes };

	return quote_with(&style, text, quoted, size);
}

const char *quote_json(const char *text, char *quoted, size_t size)
{
	static const struct style style = { "\"\\", escape_json };

	return quote_with(&style, text, quoted, size);
}
