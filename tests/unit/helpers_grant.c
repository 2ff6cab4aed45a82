/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The helpers' policy: tables of cases, and all there is among few IDs. */
#include "helpers/steps.h"

#include "tests/unit/table.h"

enum { OWN = ID_FLOOR + 1, LOW = ID_FLOOR - 100 };

/* The policy is pure: a decision asks for no step. */
void refuse(enum idverdict_code code)
{
	fail_msg("refused with %d", (int)code);
	__builtin_unreachable();
}

void confine_descriptors(void)
{
	fail_msg("closed descriptors");
}

static const struct subid_list delegated = {
	.n = 4, .span = { { 100000, 65536 }, { 165536, 10 }, { LOW, 200 }, { 0, 5 } },
};

static const struct subid_list nothing = { .n = 0 }, mistaken = { .n = 0, .malformed = 1 };

static const struct row {
	const char *name;
	struct idrange range[3];
	uint32_t n, own;
	const struct subid_list *delegated;
	enum idverdict_code want;
} rows[] = {
	{ "own ID alone", { { 0, OWN, 1 } }, 1, OWN, &nothing, VERDICT_GRANTED },
	{ "own ID below the floor", { { 0, 33, 1 } }, 1, 33, &nothing, VERDICT_GRANTED },
	{ "own ID and a range", { { 0, OWN, 1 }, { 1, 100000, 65536 } },
	  2, OWN, &delegated, VERDICT_GRANTED },
	{ "a range alone", { { 0, 100000, 65536 } }, 1, OWN, &delegated, VERDICT_GRANTED },
	{ "two lines joined", { { 0, 100000, 65546 } }, 1, OWN, &delegated, VERDICT_GRANTED },
	{ "from the floor on", { { 0, ID_FLOOR, 100 } }, 1, OWN, &delegated, VERDICT_GRANTED },

	{ "ID 0, delegated", { { 0, 0, 1 } }, 1, OWN, &delegated, VERDICT_ID_ZERO },
	{ "ID 0 as the first of a range", { { 0, 0, 5 } }, 1, OWN, &delegated, VERDICT_ID_ZERO },
	{ "ID 0, one's own", { { 0, 0, 1 } }, 1, 0, &nothing, VERDICT_ID_ZERO },
	{ "ID 0 behind a good range", { { 0, 100000, 1 }, { 1, 0, 1 } },
	  2, OWN, &delegated, VERDICT_ID_ZERO },
	{ "below the floor, delegated", { { 0, ID_FLOOR - 1, 1 } },
	  1, OWN, &delegated, VERDICT_BELOW_FLOOR },
	{ "a range that begins below", { { 0, LOW, 200 } },
	  1, OWN, &delegated, VERDICT_BELOW_FLOOR },
	{ "own ID below the floor and its neighbour", { { 0, 33, 2 } },
	  1, 33, &delegated, VERDICT_BELOW_FLOOR },
	{ "ID 1", { { 0, 1, 1 } }, 1, OWN, &delegated, VERDICT_BELOW_FLOOR },

	{ "no line", { { 0, 100000, 1 } }, 1, OWN, &nothing, VERDICT_NO_ENTRY },
	{ "a malformed line", { { 0, 100000, 1 } }, 1, OWN, &mistaken, VERDICT_NO_ENTRY_MALFORMED },
	{ "own ID and its neighbour", { { 0, OWN + 200, 2 } },
	  1, OWN + 200, &delegated, VERDICT_NOT_GRANTED },
	{ "one too many", { { 0, 100000, 65547 } }, 1, OWN, &delegated, VERDICT_NOT_GRANTED },
	{ "one too early", { { 0, 99999, 2 } }, 1, OWN, &delegated, VERDICT_NOT_GRANTED },
	{ "another's ID", { { 0, 2000, 1 } }, 1, OWN, &delegated, VERDICT_NOT_GRANTED },
	{ "the second of two", { { 0, OWN, 1 }, { 1, 300000, 1 } },
	  2, OWN, &delegated, VERDICT_NOT_GRANTED },
	{ "up to the last ID", { { 0, 100000, 4294867295U } },
	  1, OWN, &delegated, VERDICT_NOT_GRANTED },
	{ "own UID is not own GID", { { 0, 5000, 1 } }, 1, OWN, &delegated, VERDICT_NOT_GRANTED },
};

static struct idmap map_of(const struct idrange *range, uint32_t n)
{
	struct idmap map = { .n = n };

	for (uint32_t i = 0; i < n; i++)
		map.range[i] = range[i];
	return map;
}

static void decide(void **state)
{
	const struct row *row = *state;
	struct idmap map = map_of(row->range, row->n);

	assert_int_equal(grant_decide(&map, row->own, row->delegated), row->want);
}

static void own_alone(void **state)
{
	static const struct idrange range[] = { { 0, OWN, 1 }, { 1, 100000, 1 } };
	struct idmap map = map_of(range, 1);

	(void)state;
	assert_true(grant_is_own_alone(&map, OWN));
	assert_false(grant_is_own_alone(&map, OWN + 1));
	map.range[0].count = 2;
	assert_false(grant_is_own_alone(&map, OWN));
	map = map_of(range, 2);
	assert_false(grant_is_own_alone(&map, OWN));
}

/*
 * All entries and requests of one span or range among eight IDs about the floor,
 * own being one of them: granted if and only if every ID of the request is.
 */
static void among_eight_ids(void **state)
{
	enum { IDS = 8, FIRST = ID_FLOOR - 2 };

	(void)state;
	for (uint32_t entry = 0; entry < IDS * IDS; entry++)
		for (uint32_t wanted = 0; wanted < IDS * IDS; wanted++)
			for (uint32_t own = FIRST; own < FIRST + IDS; own++) {
				const struct subid_list list = {
					.n = 1,
					.span = { { FIRST + entry % IDS, 1 + entry / IDS } },
				};
				const struct idrange range = { 0, FIRST + wanted % IDS,
							       1 + wanted / IDS };
				struct idmap map = map_of(&range, 1);
				uint32_t end = list.span[0].first + list.span[0].count;
				bool want = range.outside >= ID_FLOOR &&
					    range.outside >= list.span[0].first &&
					    range.outside + range.count <= end;

				want = want || (range.outside == own && range.count == 1);
				assert_int_equal(grant_decide(&map, own, &list) == VERDICT_GRANTED,
						 want);
			}
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + 2];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, decide);
	ADD_TEST(tests, n, "own ID alone is that and nothing else", own_alone);
	ADD_TEST(tests, n, "all there is among eight IDs", among_eight_ids);
	return RUN_TESTS("grant", tests, n);
}
