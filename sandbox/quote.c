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
		{ 0x00,   0x1f   },	/* C0: escape, newline, bell … */
		{ 0x7f,   0x9f   },	/* DEL and C1: 0x9b is "escape [" */
		{ 0x061c, 0x061c },	/* Arabic letter mark */
		{ 0x200e, 0x200f },	/* left-to-right and right-to-left marks */
		{ 0x2028, 0x202e },	/* line and paragraph separators, embeddings */
		{ 0x2066, 0x2069 },	/* isolates */
		{ 0xfeff, 0xfeff },	/* invisible */
	};

	for (size_t i = 0; i < sizeof(steering) / sizeof(steering[0]); i++)
		if (code >= steering[i].first && code <= steering[i].last)
			return true;
	return false;
}

static const char *quote_with(const char *text, char *quoted, size_t size,
			      const char *byte_format, const char *marks)
{
	size_t used = 0;

	while (*text != '\0') {
		uint32_t code = 0;
		size_t length = decode((const unsigned char *)text, &code);
		bool plain = length > 0 && !steers(code);
		size_t take = length > 0 ? length : 1;
		char piece[32];
		size_t wrote = 0;

		for (size_t i = 0; i < take; i++) {
			if (!plain)
				wrote += (size_t)snprintf(piece + wrote, sizeof(piece) - wrote,
							  byte_format, (unsigned char)text[i]);
			else if (take == 1 && strchr(marks, text[i]) != NULL)
				wrote += (size_t)snprintf(piece, sizeof(piece), "\\%c", text[i]);
			else
				piece[wrote++] = text[i];
		}
		if (used + wrote + 1 > size)
			break;
		memcpy(quoted + used, piece, wrote);
		used += wrote;
		text += take;
	}
	quoted[used] = '\0';
	return quoted;
}

const char *quote(const char *text, char *quoted, size_t size)
{
	return quote_with(text, quoted, size, "\\x%02x", "");
}

const char *quote_json(const char *text, char *quoted, size_t size)
{
	return quote_with(text, quoted, size, "\\u%04x", "\"\\");
}
