/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text - pieces of a file of lines and fields, and the one number grammar */
#include "idmap/text.h"

#include <string.h>

bool text_cut(struct text *rest, char mark, struct text *piece)
{
	const char *end = memchr(rest->at, mark, rest->length);

	*piece = *rest;
	if (end != NULL)
		piece->length = (size_t)(end - rest->at);
	rest->at += piece->length + (end != NULL);
	rest->length -= piece->length + (end != NULL);
	return end != NULL;
}

bool text_equal(struct text text, struct text other)
{
	return text.length == other.length && memcmp(text.at, other.at, text.length) == 0;
}

/* 4294967295 is -1, "leave unchanged" to setresuid(2), so it is no ID and no count. */
bool text_number(struct text text, uint32_t *number)
{
	uint64_t value = 0;

	for (size_t i = 0; i < text.length && value < UINT32_MAX; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')	/* isdigit() asks the locale */
			return false;
		value = value * 10 + (uint64_t)(text.at[i] - '0');
	}
	*number = (uint32_t)value;
	return text.length > 0 && (text.length == 1 || text.at[0] != '0') && value < UINT32_MAX;
}

size_t text_print(uint32_t number, char end, char *text)
{
	size_t length = number < 10 ? 0 : text_print(number / 10, end, text) - 1;

	text[length] = (char)('0' + number % 10);
	text[length + 1] = end;
	return length + 2;
}
