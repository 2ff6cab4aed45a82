/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Categories of SELinux for a label, and labels that cannot be had. */
#include "sandbox/confine/label.h"

#include "sandbox/options/options.h"
#include "tests/unit/table.h"

#include <string.h>

static const struct row {
	const char *name, *label, *range;
	uint32_t dice[2];
	const char *made;		/* NULL: refused */
} rows[] = {
	{ "the whole range", "u:r:t:s0", "u:r:t:s0-s0:c0.c1023", { 0, 0 }, "u:r:t:s0:c0,c1" },
	{ "the lower stands first", "u:r:t:s0", "u:r:t:s0-s0:c0.c1023", { 7, 1023 - 5 },
	  "u:r:t:s0:c2,c7" },
	{ "the same throw twice is no pair of equals", "u:r:t:s0", "u:r:t:s0-s0:c0.c1023",
	  { 9, 1023 },
	  "u:r:t:s0:c9,c10" },
	{ "the last and the first", "u:r:t:s0", "u:r:t:s0-s0:c0.c1023", { 1023, 0 },
	  "u:r:t:s0:c0,c1023" },
	{ "another level gives way", "u:r:t:s0-s0:c0.c5", "u:r:t:s0-s0:c0.c1023", { 1, 0 },
	  "u:r:t:s0:c1,c2" },
	{ "a label without a level", "u:r:t", "u:r:t:s0-s0:c0.c1023", { 1, 0 }, "u:r:t:s0:c1,c2" },
	{ "only what the caller has", "u:r:t:s0", "u:r:t:s0:c5,c9", { 0, 0 }, "u:r:t:s0:c5,c9" },
	{ "runs and single ones", "u:r:t:s0", "u:r:t:s0:c5.c6,c9", { 2, 0 }, "u:r:t:s0:c5,c9" },

	{ "no level", "u:r:t", "u:r:t", { 0, 0 }, NULL },
	{ "no categories", "u:r:t:s0", "u:r:t:s0", { 0, 0 }, NULL },
	{ "one category", "u:r:t:s0", "u:r:t:s0-s0:c7", { 0, 0 }, NULL },
	{ "no number", "u:r:t:s0", "u:r:t:s0:cx,c1", { 0, 0 }, NULL },
	{ "something behind", "u:r:t:s0", "u:r:t:s0:c0.c5x", { 0, 0 }, NULL },
	{ "a number too high", "u:r:t:s0", "u:r:t:s0:c0.c1024", { 0, 0 }, NULL },
};

static void categories(void **state)
{
	const struct row *row = *state;
	char made[LABEL_SIZE];
	int result = label_with_categories(row->label, row->range, row->dice, made, sizeof(made));

	assert_int_equal(result, row->made != NULL ? 0 : -1);
	if (row->made != NULL)
		assert_string_equal(made, row->made);
}

static void too_long(void **state)
{
	const uint32_t dice[2] = { 0, 0 };
	char made[12];

	(void)state;
	assert_int_equal(label_with_categories("u:r:t:s0", "u:r:t:s0:c0,c1", dice, made,
					       sizeof(made)), -1);
}

static const struct decide_row {
	const char *name;
	struct options options;
	struct label_facts facts;
	const char *exec_label, *file_label, *profile, *refusal;
} decide_rows[] = {
	{ "nothing said", { .info_fd = -1 }, { .selinux = true }, NULL, NULL, NULL, NULL },
	{ "labels as they are said", { .exec_label = "a", .file_label = "b" }, { .selinux = true },
	  "a", "b", NULL, NULL },
	{ "a profile", { .profile = "p" }, { .apparmor = true }, NULL, NULL, "p", NULL },
	{ "the caller's own with categories", { .mcs = true },
	  { .selinux = true, .current = "u:r:t:s0-s0:c0.c9" }, "u:r:t:s0:c0,c1", NULL, NULL, NULL },
	{ "both with the same categories",
	  { .mcs = true, .exec_label = "u:r:x:s0", .file_label = "u:o:f:s0" },
	  { .selinux = true, .current = "u:r:t:s0-s0:c0.c9" }, "u:r:x:s0:c0,c1", "u:o:f:s0:c0,c1",
	  NULL, NULL },
	{ "no SELinux", { .exec_label = "a" }, { .apparmor = true }, NULL, NULL, NULL,
	  "SELinux is not in use" },
	{ "no SELinux for files", { .file_label = "a" }, { 0 }, NULL, NULL, NULL,
	  "SELinux is not in use" },
	{ "no SELinux for categories", { .mcs = true }, { 0 }, NULL, NULL, NULL,
	  "SELinux is not in use" },
	{ "no AppArmor", { .profile = "p" }, { .selinux = true }, NULL, NULL, NULL,
	  "AppArmor is not in use" },
	{ "no categories to have", { .mcs = true }, { .selinux = true, .current = "u:r:t:s0" },
	  NULL, NULL, NULL, "no two categories" },
};

static void claim_text(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void decide(void **state)
{
	const struct decide_row *row = *state;
	struct failure why = { 0 };
	struct plan plan = { 0 };
	int result = label_decide(&row->options, &row->facts, &plan, &why);

	assert_int_equal(result, row->refusal != NULL ? -1 : 0);
	if (row->refusal != NULL) {
		assert_non_null(strstr(why.what, row->refusal));
		return;
	}
	claim_text(plan.exec_label, row->exec_label);
	claim_text(plan.file_label, row->file_label);
	claim_text(plan.profile, row->profile);
}

LIVES_UNTIL_EXEC;

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(decide_rows) + 1];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, categories);
	ADD_ROWS(tests, n, decide_rows, decide);
	ADD_TEST(tests, n, "a label that does not fit", too_long);
	return RUN_TESTS("label", tests, n);
}
