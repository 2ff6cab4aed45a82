/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number - strict readers of numbers: no sign or blank; but for two, no prefix or leading zero */
#include "sandbox/number.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *number_read(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (!is_digit(text[0]) || (text[0] == '0' && is_digit(text[1])))
		return NULL;
	for (; is_digit(*text); text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (digit > max || sum > (max - digit) / 10)
			return NULL;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return text;
}

bool number_whole(const char *text, uint64_t max, uint64_t *value)
{
	const char *rest = number_read(text, max, value);

	return rest != NULL && *rest == '\0';
}

bool number_as_in_c(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	if (!is_digit(text[0]))		/* strtoull() passes over blanks, and takes signs */
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno == 0 && *end == '\0' && *value <= max;
}

bool number_octal(const char *text, uint32_t max, uint32_t *value)
{
	uint32_t sum = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '7' || sum > max / 8)
			return false;
		sum = sum * 8 + (uint32_t)(*text - '0');
	}
	*value = sum;
	return sum <= max;
}
