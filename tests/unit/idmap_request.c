/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a request, and the two answers.
 *
 * Weakness H25: "no" and "yes" are far apart, and neither is all zeros or ones
 */
#include "idmap/request.h"

#include "tests/unit/table.h"

_Static_assert(__builtin_popcount(IDVERDICT_YES ^ IDVERDICT_NO) >= 24, "H25: too alike");
_Static_assert(sizeof(struct idverdict) == 8, "the answer is eight bytes");
_Static_assert(offsetof(struct idrequest, map.range) == 12, "three numbers come first");
_Static_assert(sizeof(struct idrequest) == 12 + 12 * IDMAP_MAX, "there is no padding");

enum { HEAD = 12, EACH = 12 };

static const struct row {
	const char *name;
	uint32_t magic, setgroups, n;
	struct idrange range[2];
	size_t length;
	enum idverdict_code want;
} rows[] = {
	{ "one range", IDREQUEST_MAGIC, 0, 1, { { 0, 1000, 1 } }, HEAD + EACH, VERDICT_GRANTED },
	{ "two ranges, setgroups allowed", IDREQUEST_MAGIC, 1, 2,
	  { { 0, 1000, 1 }, { 1, 2000, 9 } },
	  HEAD + 2 * EACH, VERDICT_GRANTED },

	{ "nothing", 0, 0, 0, { { 0, 0, 0 } }, 0, VERDICT_REQUEST_SHORT },
	{ "a byte", IDREQUEST_MAGIC, 0, 1, { { 0, 1000, 1 } }, 1, VERDICT_REQUEST_SHORT },
	{ "all but a byte of the head", IDREQUEST_MAGIC, 0, 0, { { 0, 0, 0 } }, HEAD - 1,
	  VERDICT_REQUEST_SHORT },
	{ "all but a byte of the ranges", IDREQUEST_MAGIC, 0, 1, { { 0, 1000, 1 } },
	  HEAD + EACH - 1, VERDICT_REQUEST_SHORT },
	{ "a range less than counted", IDREQUEST_MAGIC, 0, 2, { { 0, 1000, 1 } }, HEAD + EACH,
	  VERDICT_REQUEST_SHORT },
	{ "340 counted, one there", IDREQUEST_MAGIC, 0, 340, { { 0, 1000, 1 } }, HEAD + EACH,
	  VERDICT_REQUEST_SHORT },
	{ "a byte more", IDREQUEST_MAGIC, 0, 1, { { 0, 1000, 1 } }, HEAD + EACH + 1,
	  VERDICT_REQUEST_LONG },
	{ "a range more than counted", IDREQUEST_MAGIC, 0, 1, { { 0, 1000, 1 }, { 1, 2000, 1 } },
	  HEAD + 2 * EACH, VERDICT_REQUEST_LONG },
	{ "more than the largest request", IDREQUEST_MAGIC, 0, 340, { { 0, 1000, 1 } },
	  sizeof(struct idrequest) + 1, VERDICT_REQUEST_LONG },

	{ "another magic", IDREQUEST_MAGIC + 1, 0, 1, { { 0, 1000, 1 } }, HEAD + EACH,
	  VERDICT_REQUEST_UNSOUND },
	{ "the magic of another byte order", 0x31465243, 0, 1, { { 0, 1000, 1 } }, HEAD + EACH,
	  VERDICT_REQUEST_UNSOUND },
	{ "another setgroups", IDREQUEST_MAGIC, 2, 1, { { 0, 1000, 1 } }, HEAD + EACH,
	  VERDICT_REQUEST_UNSOUND },
	{ "setgroups in a high byte", IDREQUEST_MAGIC, 0x01000000, 1, { { 0, 1000, 1 } },
	  HEAD + EACH, VERDICT_REQUEST_UNSOUND },
	{ "no range", IDREQUEST_MAGIC, 0, 0, { { 0, 0, 0 } }, HEAD, VERDICT_REQUEST_UNSOUND },
	{ "341 ranges", IDREQUEST_MAGIC, 0, 341, { { 0, 1000, 1 } }, sizeof(struct idrequest),
	  VERDICT_REQUEST_UNSOUND },
	{ "a count whose size wraps to that of one", IDREQUEST_MAGIC, 0, 0x15555556,
	  { { 0, 1000, 1 } },
	  HEAD + EACH, VERDICT_REQUEST_UNSOUND },
	{ "the largest count", IDREQUEST_MAGIC, 0, UINT32_MAX, { { 0, 1000, 1 } }, HEAD + EACH,
	  VERDICT_REQUEST_UNSOUND },
	{ "a range of none", IDREQUEST_MAGIC, 0, 1, { { 0, 1000, 0 } }, HEAD + EACH,
	  VERDICT_REQUEST_UNSOUND },
	{ "ranges that overlap", IDREQUEST_MAGIC, 0, 2, { { 0, 1000, 5 }, { 4, 2000, 5 } },
	  HEAD + 2 * EACH, VERDICT_REQUEST_UNSOUND },
};

static void check(void **state)
{
	const struct row *row = *state;
	struct idrequest request = {
		.magic = row->magic, .setgroups = row->setgroups, .map = { .n = row->n },
	};

	request.map.range[0] = row->range[0];
	request.map.range[1] = row->range[1];
	assert_int_equal(idrequest_check(&request, row->length), row->want);
}

static void largest(void **state)
{
	struct idrequest request = { .magic = IDREQUEST_MAGIC, .map = { .n = IDMAP_MAX } };

	(void)state;
	for (uint32_t i = 0; i < IDMAP_MAX; i++)
		request.map.range[i] = (struct idrange){ i, 1 + i, 1 };
	assert_int_equal(idrequest_check(&request, sizeof(request)), VERDICT_GRANTED);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + 1];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, check);
	ADD_TEST(tests, n, "340 ranges", largest);
	return RUN_TESTS("request", tests, n);
}
