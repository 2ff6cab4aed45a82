/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outline - named values in groups, written as indented text or as JSON */
#include "sandbox/outline.h"

#include "sandbox/cleanup.h"
#include "sandbox/failure.h"
#include "sandbox/quote.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct outline outline_start(bool json)
{
	return (struct outline){ .json = json, .depth = json ? 0 : -1 };
}

static void indent(const struct outline *o)
{
	(void)printf("%*s", 4 * o->depth, "");
}

/* What stands before every value: in JSON the comma and the name, in text a line of its own. */
static void begin(struct outline *o, const char *name)
{
	if (o->json && o->begun)
		(void)printf(",\n");
	indent(o);
	if (name != NULL)
		(void)printf(o->json ? "\"%s\": " : "%s: ", name);
	o->begun = true;
}

static void end(const struct outline *o)
{
	if (!o->json)
		(void)putchar('\n');
}

void outline_open(struct outline *o, const char *name, char bracket)
{
	if (o->json) {
		begin(o, name);
		(void)printf("%c\n", bracket);
	} else if (o->depth >= 0) {
		indent(o);
		(void)printf("%s\n", name != NULL ? name : "-");
	}
	o->depth++;
	o->begun = false;
}

void outline_close(struct outline *o, char bracket)
{
	o->depth--;
	if (o->json) {
		if (o->begun)
			(void)putchar('\n');
		indent(o);
		(void)printf("%c%s", bracket, o->depth == 0 ? "\n" : "");
	}
	o->begun = true;
}

static _Noreturn void out_of_memory(void)
{
	perror("croft");
	exit(EXIT_SANDBOX);
}

static char *quoted(const char *value, bool json)
{
	size_t size = QUOTED_SIZE(strlen(value));
	char *text = malloc(size);

	if (text == NULL)
		out_of_memory();
	(void)(json ? quote_json(value, text, size) : quote(value, text, size));
	return text;
}

void outline_string(struct outline *o, const char *name, const char *value)
{
	auto_free char *text = quoted(value, o->json);

	begin(o, name);
	(void)printf(o->json ? "\"%s\"" : "%s", text);
	end(o);
}

void outline_format(struct outline *o, const char *name, const char *format, ...)
{
	auto_free char *text = NULL;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	outline_string(o, name, text);
}

void outline_number(struct outline *o, const char *name, long long value)
{
	begin(o, name);
	(void)printf("%lld", value);
	end(o);
}

void outline_bool(struct outline *o, const char *name, bool value)
{
	begin(o, name);
	(void)printf("%s", o->json ? (value ? "true" : "false") : (value ? "yes" : "no"));
	end(o);
}
