/* SPDX-License-Identifier: GPL-2.0-or-later */
/* planning - a machine and a caller made up, and command lines planned on it */
#ifndef TESTS_UNIT_PLANNING_H
#define TESTS_UNIT_PLANNING_H

#include "sandbox/facts.h"
#include "sandbox/options/options.h"
#include "sandbox/plan.h"

struct planning {
	struct options options;
	struct facts facts;
	struct plan plan;
	struct failure why;
};

/*
 * Begins anew with alice, UID and GID 1000, on a machine where croft's helpers
 * are ready and both delegation files say alice:100000:65536.
 */
void planning_begin(struct planning *planning);

/* Texts of the files, and what they say of alice. */
void planning_delegate(struct planning *planning, const char *subuid, const char *subgid);
void planning_accounts(struct planning *planning, const char *users, const char *groups);

/* The surrounding maps: "inside outside count", with commas between. */
void planning_surround(struct planning *planning, const char *uids, const char *gids);

/* Words with one blank between them; '' is an empty word.  Kept until exit. */
char **planning_words(const char *line);

/* Parses "croft LINE", and plans it.  Returns 0, or -1 with planning->why. */
int planning_parse(struct planning *planning, const char *line);
int planning_make(struct planning *planning, const char *line);

/* The same with "croft-bwrap LINE". */
int planning_make_bwrap(struct planning *planning, const char *line);

/* "0:1000:1 1:100000:65536" */
const char *planning_map(const struct idmap *map);

/* Fails the test unless the reason, and the hint, if not NULL, hold these words. */
void planning_claim_refusal(const struct planning *planning, const char *reason, const char *hint);

#endif
