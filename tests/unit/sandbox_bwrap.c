/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bubblewrap's personality: what its words come to, whoever says them, and what is refused. */
#include "sandbox/personality.h"

#include "tests/unit/planning.h"
#include "tests/unit/table.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

LIVES_UNTIL_EXEC;

static struct planning p;

static const struct row {
	const char *name, *line;
	bool as_root;
	int namespaces, inner;
	bool reaper;
	const char *uid_map;
} rows[] = {
	{ "a user namespace is implied", "ls", false, CLONE_NEWUSER | CLONE_NEWNS, 0, false,
	  "1000:1000:1" },
	{ "but not for root", "ls", true, CLONE_NEWNS, 0, false, "0:0:4294967295" },
	{ "unless asked for", "--unshare-user ls", true, CLONE_NEWUSER | CLONE_NEWNS, 0, false,
	  "0:0:1" },
	{ "all but the clocks", "--unshare-all ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS |
	  CLONE_NEWCGROUP, 0, true, "1000:1000:1" },
	{ "the clocks, by croft's addition", "--unshare-time ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWTIME, 0, false, "1000:1000:1" },
	{ "sharing counts behind unsharing", "--unshare-net --share-net ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS, 0, false, "1000:1000:1" },
	{ "and not before it", "--share-net --unshare-net ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET, 0, false, "1000:1000:1" },
	{ "a reaper for a PID namespace", "--unshare-pid ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID, 0, true, "1000:1000:1" },
	{ "none for process 1 itself", "--unshare-pid --as-pid-1 ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID, 0, false, "1000:1000:1" },
	{ "a reaper for a lock", "--lock-file /x ls", false, CLONE_NEWUSER | CLONE_NEWNS, 0, true,
	  "1000:1000:1" },
	{ "a reaper for a descriptor", "--sync-fd 7 ls", false, CLONE_NEWUSER | CLONE_NEWNS, 0,
	  true, "1000:1000:1" },
	{ "another ID", "--uid 5 --gid 6 ls", false, CLONE_NEWUSER | CLONE_NEWNS, 0, false,
	  "5:1000:1" },
	{ "the largest ID", "--uid 4294967294 ls", false, CLONE_NEWUSER | CLONE_NEWNS, 0, false,
	  "4294967294:1000:1" },
	{ "many IDs, by croft's addition", "--map auto --uid 0 ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS, 0, false, "0:1000:1 1:100000:65536" },
	{ "--dev alone nests nothing", "--dev /dev ls", false, CLONE_NEWUSER | CLONE_NEWNS, 0,
	  false, "1000:1000:1" },
	{ "capabilities are over the namespaces", "--cap-add all ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS, 0, false, "1000:1000:1" },
	{ "but with --dev", "--cap-add all --dev /dev ls", false, CLONE_NEWUSER | CLONE_NEWNS,
	  CLONE_NEWUSER, false, "1000:1000:1" },
	{ "though not for root inside", "--uid 0 --gid 0 --cap-add all --dev /dev ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS, 0, false, "0:1000:1" },
	{ "no user namespace below", "--unshare-user --disable-userns ls", false,
	  CLONE_NEWUSER | CLONE_NEWNS, CLONE_NEWUSER, false, "1000:1000:1" },
	{ "an ID that one has already", "--uid 0 --gid 0 ls", true, CLONE_NEWNS, 0, false,
	  "0:0:4294967295" },
	{ "a PID namespace below one that is joined", "--userns 7 --pidns 8 --unshare-pid ls",
	  false, CLONE_NEWNS | CLONE_NEWPID, 0, true, "" },
	{ "joining one makes none", "--userns 7 ls", false, CLONE_NEWNS, 0, false, "" },
};

static void begin(bool as_root)
{
	planning_begin(&p);
	p.facts.uid = p.facts.gid = as_root ? 0 : 1000;
	p.facts.sets_ids = as_root;
	p.facts.capabilities = as_root ? 0xff : 0;
}

static void plan_row(void **state)
{
	const struct row *row = *state;

	begin(row->as_root);
	if (planning_make_bwrap(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_int_equal(p.plan.namespaces, row->namespaces);
	assert_int_equal(p.plan.inner, row->inner);
	assert_int_equal(p.plan.reaper, row->reaper);
	assert_string_equal(planning_map(&p.plan.uid_map), row->uid_map);
	assert_int_equal(p.plan.setgroups,
			 p.options.map == MAP_AUTO ? p.plan.setgroups : SETGROUPS_DENY);
}

static const struct refusal_row {
	const char *name, *line, *reason, *familiar;
} refusal_rows[] = {
	{ "an unknown option", "--frob", "there is no option --frob", "Unknown option --frob" },
	{ "croft's own root", "--rootfs /x ls", "there is no option", "Unknown option --rootfs" },
	{ "an equals sign", "--chdir=/ ls", "there is no option --chdir=/", "" },
	{ "a missing value", "--bind /a", "--bind needs DEST", "--bind takes two arguments" },
	{ "no command", "--ro-bind / /", "no command", "usage: " },
	{ "a name without its namespace", "--hostname x ls", "--hostname needs --unshare-uts",
	  "Specifying --hostname requires --unshare-uts" },
	{ "process 1 without its namespace", "--as-pid-1 ls", "--as-pid-1 needs --unshare-pid",
	  "" },
	{ "queues without theirs", "--mqueue /q ls", "--mqueue needs --unshare-ipc", "" },
	{ "clocks without theirs", "--boottime-offset 5 ls",
	  "--boottime-offset needs --unshare-time", "" },
	{ "two user namespaces", "--unshare-user --userns 7 ls", "exclude each other", "" },
	{ "nobody told whom to map", "--unshare-user --userns-block-fd 7 ls", "needs --info-fd",
	  "--userns-block-fd requires --info-fd" },
	{ "an implied namespace for others to map", "--userns-block-fd 7 --info-fd 8 ls",
	  "--userns-block-fd needs --unshare-user", "--userns-block-fd requires --unshare-user" },
	{ "one that is tried for others to map", "--unshare-all --userns-block-fd 7 --info-fd 8 ls",
	  "--userns-block-fd needs --unshare-user", "" },
	{ "an implied namespace to be the last", "--disable-userns ls",
	  "--disable-userns needs --unshare-user", "--disable-userns requires --unshare-user" },
	{ "one that is tried to be the last", "--unshare-all --disable-userns ls",
	  "--disable-userns needs --unshare-user", "" },
	{ "a size below zero", "--size -1 --tmpfs /x ls", "a number of bytes", "" },
	{ "a number above all capabilities", "--cap-add 64 ls", "there is no capability 64", "" },
	{ "locks without a reaper", "--unshare-pid --as-pid-1 --lock-file /x ls",
	  "exclude each other", "" },
	{ "permissions for an option", "--perms 0700 --unshare-pid --dir /x ls", "not followed",
	  "--perms must be followed by an option that creates a file" },
	{ "permissions for a bind", "--perms 0700 --bind / /x ls", "does not apply to --bind",
	  "--perms must be followed" },
	{ "layers for nothing", "--overlay-src /x -- ls", "not followed", "" },
	{ "a descriptor with letters", "--sync-fd 0a ls", "number of a descriptor",
	  "Invalid fd: 0a" },
	{ "a negative descriptor", "--sync-fd -1 ls", "number of a descriptor", "Invalid fd: -1" },
	{ "an ID that is none", "--uid 4294967295 ls", "--uid takes an ID", "" },
	{ "an ID that is not mapped", "--map sub --uid 70000 ls", "--uid: UID 70000 is not mapped",
	  "" },
};

static void refuse_row(void **state)
{
	const struct refusal_row *row = *state;

	begin(false);
	assert_int_equal(planning_make_bwrap(&p, row->line), -1);
	planning_claim_refusal(&p, row->reason, NULL);
	if (strstr(p.why.familiar, row->familiar) == NULL)
		fail_msg("'%s' does not say '%s'", p.why.familiar, row->familiar);
	assert_int_equal(personality_status(&personality_of_bwrap, &p.why), 1);
}

/* ---- single facts -------------------------------------------------------------------------- */

static void roots_capabilities(void **state)
{
	(void)state;
	begin(true);
	assert_int_equal(planning_make_bwrap(&p, "ls"), 0);
	assert_true(p.plan.keep_capabilities && p.plan.keep_bounding);
	begin(true);
	assert_int_equal(planning_make_bwrap(&p, "--cap-drop cap_chown ls"), 0);
	assert_false(p.plan.keep_capabilities);
	assert_int_equal(p.plan.capabilities, 0xfe);
	assert_int_equal(p.plan.ambient, 0xfe);
	begin(true);
	assert_int_equal(planning_make_bwrap(&p, "--cap-add all ls"), 0);
	assert_int_equal(p.plan.capabilities, 0xff);
	begin(false);
	assert_int_equal(planning_make_bwrap(&p, "ls"), 0);
	assert_int_equal(p.plan.capabilities, 0);
	assert_false(p.plan.keep_capabilities || p.plan.keep_bounding);
}

static void tries_are_forgiven(void **state)
{
	(void)state;
	begin(true);
	p.facts.unavailable = CLONE_NEWUSER | CLONE_NEWCGROUP;
	assert_int_equal(planning_make_bwrap(&p, "--unshare-all ls"), 0);
	assert_int_equal(p.plan.namespaces & (CLONE_NEWUSER | CLONE_NEWCGROUP), 0);
	begin(true);
	p.facts.unavailable = CLONE_NEWUSER | CLONE_NEWCGROUP;
	assert_int_equal(planning_make_bwrap(&p, "--unshare-all --unshare-cgroup ls"), 0);
	assert_int_equal(p.plan.namespaces & CLONE_NEWCGROUP, CLONE_NEWCGROUP);
}

static void the_last_counts(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(planning_make_bwrap(&p, "--chdir /a --chdir /b --perms 0700 -- ls"), 0);
	assert_string_equal(p.plan.directory, "/b");
	assert_int_equal(p.plan.n_warnings, 2);
	assert_string_equal(p.plan.warning[0], "Only the last --chdir option will take effect");
}

static void what_is_taken(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(planning_make_bwrap(&p, "--block-fd 7 --sync-fd 8 --file 9 /x ls"), 0);
	assert_int_equal(p.plan.n_taken, 3);
	begin(false);
	assert_int_equal(planning_make_bwrap(&p, "--unshare-pid --as-pid-1 --sync-fd 8 ls"), 0);
	assert_int_equal(p.plan.n_taken, 0);
}

static void words_from_a_descriptor(void **state)
{
	static const char words[] = "--dir\0relative\0--chdir\0/usr\0cat\0--frob";
	int ends[2];

	(void)state;
	begin(false);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], words, sizeof(words)), sizeof(words));
	(void)close(ends[1]);
	if (planning_make_bwrap(&p, plan_text("--perms 0700 --args %d ls", ends[0])) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_string_equal(p.plan.directory, "/usr");
	assert_string_equal(p.options.steps.step[0].target, "/relative");
	assert_int_equal(p.options.steps.step[0].mode, 0700);
	assert_string_equal(p.plan.command[0], "ls");
}

static void too_many_words(void **state)
{
	char *words[9002] = { NULL };

	(void)state;
	for (size_t i = 0; i < 9001; i++)
		words[i] = (char *)"--unshare-pid";
	assert_int_equal(options_parse(&p.options, &personality_of_bwrap, words, &p.why), -1);
	assert_string_equal(p.why.familiar, "Exceeded maximum number of arguments 9000");
}

static void told_by_croft(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(planning_make(&p, "explain --json --bwrap -- --unshare-pid --chdir=/ ls"),
			 -1);
	begin(false);
	assert_int_equal(planning_make(&p, "explain --json --bwrap -- --unshare-pid ls"), 0);
	assert_true(p.options.explain && p.options.json && p.plan.customs.environment);
	assert_int_equal(p.plan.namespaces, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(refusal_rows) + 7];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, plan_row);
	ADD_ROWS(tests, n, refusal_rows, refuse_row);
	ADD_TEST(tests, n, "root keeps its capabilities", roots_capabilities);
	ADD_TEST(tests, n, "what is tried is forgiven", tries_are_forgiven);
	ADD_TEST(tests, n, "the last of two counts, with a warning", the_last_counts);
	ADD_TEST(tests, n, "descriptors that do not reach the command", what_is_taken);
	ADD_TEST(tests, n, "words from a descriptor", words_from_a_descriptor);
	ADD_TEST(tests, n, "too many words", too_many_words);
	ADD_TEST(tests, n, "croft explain --bwrap", told_by_croft);
	return RUN_TESTS("bwrap", tests, n);
}
