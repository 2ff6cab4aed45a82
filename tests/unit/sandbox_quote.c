/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside on its way to a terminal or a log, and into JSON. */
#include "sandbox/quote.h"

#include "tests/unit/table.h"

#include <stdbool.h>
#include <string.h>

static const struct row {
	const char *name, *text, *plain, *json;
} rows[] = {
	{ "plain text stays", "bind /srv on /data", "bind /srv on /data", "bind /srv on /data" },
	{ "nothing stays nothing", "", "", "" },
	{ "letters of all lengths stay", "aä€𝄞", "aä€𝄞", "aä€𝄞" },
	{ "the first and last of each length stay",
	  "~\xc2\xa0\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
	  "~\xc2\xa0\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
	  "~\xc2\xa0\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	{ "JSON's own marks", "\"a\\b\"", "\"a\\b\"", "\\\"a\\\\b\\\"" },

	{ "C0: newline, so that no line is forged", "a\ncroft: ok", "a\\x0acroft: ok",
	  "a\\u000acroft: ok" },
	{ "C0: escape", "\x1b[2J", "\\x1b[2J", "\\u001b[2J" },
	{ "C0: tab, return, backspace, bell", "\t\r\b\a", "\\x09\\x0d\\x08\\x07",
	  "\\u0009\\u000d\\u0008\\u0007" },
	{ "C0: the last one", "\x1f ", "\\x1f ", "\\u001f " },
	{ "DEL", "\x7f", "\\x7f", "\\u007f" },
	{ "C1 inside UTF-8", "\xc2\x9b" "31m", "\\xc2\\x9b31m", "\\u009b31m" },
	{ "C1 inside UTF-8: first and last", "\xc2\x80\xc2\x9f", "\\xc2\\x80\\xc2\\x9f",
	  "\\u0080\\u009f" },
	{ "C1 as a byte", "\x9b" "31m", "\\x9b31m", "\\ufffd31m" },

	{ "bidi: override", "\xe2\x80\xae" "cod.exe", "\\xe2\\x80\\xaecod.exe", "\\u202ecod.exe" },
	{ "bidi: the embeddings' first", "\xe2\x80\xaa", "\\xe2\\x80\\xaa", "\\u202a" },
	{ "bidi: isolates", "\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9",
	  "\\u2066\\u2069" },
	{ "bidi: marks", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c",
	  "\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xd8\\x9c",
	  "\\u200e\\u200f\\u061c" },
	{ "line and paragraph separator", "\xe2\x80\xa8\xe2\x80\xa9",
	  "\\xe2\\x80\\xa8\\xe2\\x80\\xa9",
	  "\\u2028\\u2029" },
	{ "no width", "\xe2\x80\x8b\xef\xbb\xbf", "\\xe2\\x80\\x8b\\xef\\xbb\\xbf",
	  "\\u200b\\ufeff" },
	{ "tags, in JSON two surrogates", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81",
	  "\\udb40\\udc41" },
	{ "what stands next to the separators stays", "\xe2\x80\xa7\xe2\x80\xaf",
	  "\xe2\x80\xa7\xe2\x80\xaf",
	  "\xe2\x80\xa7\xe2\x80\xaf" },

	{ "a lone continuation", "a\x80" "b", "a\\x80b", "a\\ufffdb" },
	{ "a start without its rest", "a\xc3", "a\\xc3", "a\\ufffd" },
	{ "a start before ASCII", "\xe2\x82z", "\\xe2\\x82z", "\\ufffd\\ufffdz" },
	{ "newline in two bytes", "\xc0\x8a", "\\xc0\\x8a", "\\ufffd\\ufffd" },
	{ "newline in three bytes", "\xe0\x80\x8a", "\\xe0\\x80\\x8a", "\\ufffd\\ufffd\\ufffd" },
	{ "escape in four bytes", "\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b",
	  "\\ufffd\\ufffd\\ufffd\\ufffd" },
	{ "a surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\ufffd\\ufffd\\ufffd" },
	{ "the last surrogate", "\xed\xbf\xbf", "\\xed\\xbf\\xbf", "\\ufffd\\ufffd\\ufffd" },
	{ "above the last character", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80",
	  "\\ufffd\\ufffd\\ufffd\\ufffd" },
	{ "no start at all", "\xfe\xff", "\\xfe\\xff", "\\ufffd\\ufffd" },
};

static void write_row(void **state)
{
	const struct row *row = *state;
	char text[256];

	assert_string_equal(quote(row->text, text, sizeof(text)), row->plain);
	assert_string_equal(quote_json(row->text, text, sizeof(text)), row->json);
}

static const struct cut_row {
	const char *name, *text;
	size_t size;
	const char *want;
} cut_rows[] = {
	{ "all of it fits", "abc", 4, "abc" },
	{ "cut by one", "abc", 3, "ab" },
	{ "room for the end alone", "abc", 1, "" },
	{ "never within a character", "ab€", 5, "ab" },
	{ "a character that just fits", "ab€", 6, "ab€" },
	{ "never within an escape", "ab\x1b", 6, "ab" },
	{ "an escape that just fits", "ab\x1b", 7, "ab\\x1b" },
};

static void cut_row(void **state)
{
	const struct cut_row *row = *state;
	char text[16];

	memset(text, '#', sizeof(text));
	assert_string_equal(quote(row->text, text, row->size), row->want);
	for (size_t i = row->size; i < sizeof(text); i++)
		assert_int_equal(text[i], '#');
}

/* Every pair of bytes: what comes out is printable and as long as promised. */
static void all_pairs(void **state)
{
	(void)state;
	for (unsigned pair = 0x101; pair <= 0xffff; pair++) {
		const char text[] = { (char)(pair >> 8), (char)(pair & 0xff), '\0' };
		char quoted[QUOTED_SIZE(2)], json[QUOTED_SIZE(2)];

		(void)quote(text, quoted, sizeof(quoted));
		(void)quote_json(text, json, sizeof(json));
		for (const char *at = quoted; *at != '\0'; at++)
			assert_false((unsigned char)*at < 0x20 || *at == 0x7f);
		assert_true((text[0] == '\0') == (quoted[0] == '\0'));
		assert_true(strstr(quoted, "\xc2\x9b") == NULL && strstr(json, "\xc2\x9b") == NULL);
	}
}

/* The worst that a byte can become has room in QUOTED_SIZE. */
static void worst_fits(void **state)
{
	char quoted[QUOTED_SIZE(3)];

	(void)state;
	assert_string_equal(quote_json("\x01\x02\xff", quoted, sizeof(quoted)),
			    "\\u0001\\u0002\\ufffd");
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(cut_rows) + 2];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, write_row);
	ADD_ROWS(tests, n, cut_rows, cut_row);
	ADD_TEST(tests, n, "no pair of bytes steers a terminal", all_pairs);
	ADD_TEST(tests, n, "the longest escape has room", worst_fits);
	return RUN_TESTS("quote", tests, n);
}
