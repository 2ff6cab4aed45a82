/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text - pieces of a file of lines and fields, and the one number grammar */
#include "idmap/text.h"

#include <string.h>

bool text_cut(struct text *rest, char mark, struct text *piece)
{
	const char *at = memchr(rest->at, mark, rest->length);

	*piece = *rest;
	if (at == NULL) {
		rest->at += rest->length;
		rest->length = 0;
		return false;
	}
	piece->length = (size_t)(at - piece->at);
	rest->at = at + 1;
	rest->length -= piece->length + 1;
	return true;
}

bool text_equal(struct text text, struct text other)
{
	return text.length == other.length && memcmp(text.at, other.at, text.length) == 0;
}

/* isdigit() asks the locale. */
static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool text_is_digits(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_digit(text.at[i]))
			return false;
	return text.length > 0;
}

/* 4294967295 is -1, "leave unchanged" to setresuid(2), so it is no ID and no count. */
bool text_number(struct text text, uint32_t *number)
{
	uint64_t value = 0;

	if (!text_is_digits(text) || text.length > TEXT_DIGITS)
		return false;
	if (text.length > 1 && text.at[0] == '0')
		return false;
	for (size_t i = 0; i < text.length; i++)
		value = value * 10 + (uint64_t)(text.at[i] - '0');
	if (value >= UINT32_MAX)
		return false;
	*number = (uint32_t)value;
	return true;
}

size_t text_print(uint32_t number, char digits[TEXT_DIGITS])
{
	char reversed[TEXT_DIGITS];
	size_t length = 0;

	do {
		reversed[length++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (size_t i = 0; i < length; i++)
		digits[i] = reversed[length - 1 - i];
	return length;
}
