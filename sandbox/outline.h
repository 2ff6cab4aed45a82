/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outline - named values in groups, written as indented text or as JSON (RFC 8259)
 *
 * One walk over the data serves both.  In a list, names are NULL.  Strings are
 * quoted on the way out, whoever wrote them.
 */
#ifndef SANDBOX_OUTLINE_H
#define SANDBOX_OUTLINE_H

#include <stdbool.h>

struct outline {
	bool json;
	int depth;
	bool begun;		/* something stands in this group already */
};

/* The whole is opened and closed like any other group; as text it has no line of its own. */
struct outline outline_start(bool json);

void outline_open(struct outline *outline, const char *name, char bracket);	/* '{' or '[' */
void outline_close(struct outline *outline, char bracket);			/* '}' or ']' */
void outline_string(struct outline *outline, const char *name, const char *value);
void outline_format(struct outline *outline, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void outline_number(struct outline *outline, const char *name, long long value);
void outline_bool(struct outline *outline, const char *name, bool value);

#endif
