/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From --map and its kin to ranges of IDs: every mode, every border, every refusal. */
#include "sandbox/identity/maps.h"

#include "tests/unit/planning.h"
#include "tests/unit/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

LIVES_UNTIL_EXEC;

static struct planning p;

/* ---- other machines and callers ------------------------------------------------------------ */

static void two_lines(void)
{
	planning_delegate(&p, "alice:300000:10\nalice:200000:5\n",
			  "alice:300000:10\nalice:200000:5\n");
}

static void touching_and_overlapping_lines(void)
{
	planning_delegate(&p, "alice:200000:10\nalice:200010:5\nalice:200012:8\nalice:200001:2\n",
			  "alice:100000:65536\n");
}

static void three_lines_backwards(void)
{
	planning_delegate(&p, "alice:300000:1\nalice:200000:1\nalice:150000:1\n",
			  "alice:100000:65536\n");
}

static void below_own_id(void)
{
	planning_delegate(&p, "alice:500:10\n", "alice:100000:65536\n");
}

static void both_sides_of_own_id(void)
{
	planning_delegate(&p, "alice:999:1\nalice:1001:1\n", "alice:1001:1\nalice:999:1\n");
}

static void own_id_is_a_lines_first(void)
{
	planning_delegate(&p, "alice:500:10\nalice:1000:5\n", "alice:990:10\nalice:1001:5\n");
}

static void own_id_delegated(void)
{
	planning_delegate(&p, "alice:990:20\n", "alice:100000:65536\n");
}

static void own_id_at_both_ends(void)
{
	planning_delegate(&p, "alice:1000:5\nalice:996:4\n", "alice:996:5\n");
}

static void only_own_id_delegated(void)
{
	planning_delegate(&p, "alice:1000:1\n", "alice:100000:65536\n");
}

static void a_thousand(void)
{
	planning_delegate(&p, "alice:100000:1000\nalice:300000:5\n", "alice:100000:1000\n");
}

static void nothing_delegated(void)
{
	planning_delegate(&p, "bob:100000:65536\n", "bob:100000:65536\n");
}

static void many_have_lines(void)
{
	planning_delegate(
		&p, "# a comment\nbob:165536:65536\ncarol:100000:65536\nbroken\ndan:231072:10\n",
		"bob:165530:10\n");
	planning_accounts(&p, "root:x:0:0:::\nalice:x:1000:1000:::\nodd:x:240000:1:::\n",
			  "alice:x:1000:\nodd:x:100000:\n");
}

static void no_gids_delegated(void)
{
	planning_delegate(&p, "alice:100000:65536\n", "");
}

static void malformed_line(void)
{
	planning_delegate(&p, "bob:1:1\nalice:100000\n", "alice:100000:65536\n");
}

static void no_file(void)
{
	planning_delegate(&p, "", "alice:100000:65536\n");
	p.facts.subuid.err = ENOENT;
}

static void without_a_name(void)
{
	nothing_delegated();
	p.facts.name = NULL;
}

static void full_files(void)
{
	planning_delegate(&p, "bob:1:4294967294\n", "bob:1:4294967294\n");
}

static void directory_service(void)
{
	nothing_delegated();
	p.facts.subid_service = true;
	p.facts.croft_helpers = HELPERS_MISSING;
}

/* Inside a croft shell of a user with 65,536 subordinate IDs. */
static void root_of_a_sandbox(void)
{
	p.facts.uid = p.facts.gid = 0;
	p.facts.name = "root";
	p.facts.sets_ids = true;
	planning_surround(&p, "0 1000 1,1 100000 65536", "0 1000 1,1 100000 65536");
	planning_delegate(&p, "", "");
	planning_accounts(&p, "root:x:0:0:::\nwww-data:x:33:33:::\n",
			  "root:x:0:\nwww-data:x:33:\n");
}

static void root_of_a_patchwork(void)
{
	root_of_a_sandbox();
	planning_surround(&p, "0 1000 1,1 100000 9,10 200000 10", "0 1000 1,1 100000 65536");
}

static void root_of_a_container(void)
{
	root_of_a_sandbox();
	planning_surround(&p, "0 100000 65536", "0 100000 65536");
}

static void root_of_a_tree_with_lines(void)
{
	root_of_a_sandbox();
	planning_delegate(&p, "root:100:10\n", "root:200:10\n");
}

static void root_of_one_id(void)
{
	root_of_a_sandbox();
	planning_surround(&p, "0 1000 1", "0 1000 1");
}

static void user_of_a_sandbox(void)
{
	root_of_a_sandbox();
	p.facts.uid = p.facts.gid = 5;
	p.facts.name = "user5";
	p.facts.sets_ids = false;
	p.facts.no_setfcap = p.facts.no_new_privs = true;
}

/* In a container helpers have their privilege, and lines could be written. */
static void user_of_a_container(void)
{
	root_of_a_container();
	p.facts.uid = p.facts.gid = 1000;
	p.facts.name = "alice";
	p.facts.sets_ids = false;
	p.facts.no_setfcap = true;
}

static void user_of_a_large_container(void)
{
	user_of_a_container();
	planning_surround(&p, "0 100000 120000,120000 300000 100000", "0 100000 65536");
}

static void powerless_root_of_one_id(void)
{
	root_of_one_id();
	p.facts.sets_ids = false;
	p.facts.no_setfcap = p.facts.no_new_privs = true;
}

static void powerless_root_of_a_sandbox(void)
{
	root_of_a_sandbox();
	p.facts.no_setfcap = true;
}

static void root_of_the_host(void)
{
	root_of_a_sandbox();
	planning_surround(&p, "0 0 4294967295", "0 0 4294967295");
}

/* The map around has a seam, and an end, within what is delegated. */
static void seam(void)
{
	planning_surround(&p, "0 0 100100,100100 500000 65436", "0 0 4294967295");
}

static void end(void)
{
	planning_surround(&p, "0 0 150000", "0 0 4294967295");
}

static void gap(void)
{
	planning_surround(&p, "0 0 100100,100101 500000 100000", "0 0 4294967295");
}

static void own_id_at_zero(void)
{
	p.facts.uid = 0;
	p.facts.gid = 0;
	p.facts.name = "root";
	planning_delegate(&p, "root:100000:10\n", "root:100000:10\n");
}

/* ---- what comes out ------------------------------------------------------------------------ */

#define RUN_AUTO "0:1000:1 1:100000:65536"

static const struct row {
	const char *name;
	void (*machine)(void);
	const char *line, *uids, *gids;
} rows[] = {
	{ "a command has the caller's ID alone", NULL, "run ls", "1000:1000:1", "1000:1000:1" },
	{ "self", NULL, "run --map self ls", "1000:1000:1", "1000:1000:1" },
	{ "root", NULL, "run --map root ls", "0:1000:1", "0:1000:1" },
	{ "self and root need no delegation", nothing_delegated, "shell --map root", "0:1000:1",
	  "0:1000:1" },
	{ "a shell maps many", NULL, "shell", RUN_AUTO, RUN_AUTO },
	{ "auto", NULL, "run --map auto ls", RUN_AUTO, RUN_AUTO },
	{ "the last --map counts", NULL, "run --map self --map auto ls", RUN_AUTO, RUN_AUTO },
	{ "sub: the caller is not in it", NULL, "run --map sub ls", "0:100000:65536",
	  "0:100000:65536" },
	{ "keep: the others fill in around", NULL, "run --map keep ls",
	  "1000:1000:1 0:100000:1000 1001:101000:64536",
	  "1000:1000:1 0:100000:1000 1001:101000:64536" },

	{ "auto: lines follow one another by their number", two_lines, "run --map auto ls",
	  "0:1000:1 1:200000:5 6:300000:10", "0:1000:1 1:200000:5 6:300000:10" },
	{ "sub: likewise", two_lines, "run --map sub ls", "0:200000:5 5:300000:10",
	  "0:200000:5 5:300000:10" },
	{ "keep: all before the caller's own", two_lines, "run --map keep ls",
	  "1000:1000:1 0:200000:5 5:300000:10", "1000:1000:1 0:200000:5 5:300000:10" },
	{ "keep: a line ends just before it", a_thousand, "run --map keep ls",
	  "1000:1000:1 0:100000:1000 1001:300000:5", "1000:1000:1 0:100000:1000" },
	{ "keep: for the caller who is 0", own_id_at_zero, "run --map keep ls",
	  "0:0:1 1:100000:10", "0:0:1 1:100000:10" },
	{ "lines that touch or overlap are one", touching_and_overlapping_lines, "run --map sub ls",
	  "0:200000:20", "0:100000:65536" },
	{ "the caller's own ID is cut out of a line", own_id_delegated, "run --map auto ls",
	  "0:1000:1 1:990:10 11:1001:9", RUN_AUTO },
	{ "it is not in sub either", own_id_delegated, "run --map sub ls",
	  "0:990:10 10:1001:9", "0:100000:65536" },
	{ "it lies at the end of one line and the beginning of another", own_id_at_both_ends,
	  "run --map sub ls", "0:996:4 4:1001:4", "0:996:4" },

	{ "three lines, the last one first", three_lines_backwards, "run --map sub ls",
	  "0:150000:1 1:200000:1 2:300000:1", "0:100000:65536" },
	{ "a line below the caller's own ID", below_own_id, "run --map sub ls", "0:500:10",
	  "0:100000:65536" },

	{ "explicit maps are exactly what was said", NULL,
	  "run --map-source newuidmap --uid-map 0:100000:1000 --gid-map 0:100500:1000 ls",
	  "0:100000:1000", "0:100500:1000" },
	{ "with commas", NULL, "run --uid-map 0:100000:10,10:1000:1 --gid-map 5:100000:1 ls",
	  "0:100000:10 10:1000:1", "5:100000:1" },
	{ "repeated", NULL, "run --uid-map 0:100000:10 --gid-map 5:100000:1 --uid-map 10:1000:1 ls",
	  "0:100000:10 10:1000:1", "5:100000:1" },
	{ "their order stays", NULL, "run --uid-map 9:100009:1,0:100000:9 --gid-map 0:1000:1 ls",
	  "9:100009:1 0:100000:9", "0:1000:1" },
	{ "a shell takes them, too", NULL, "shell --uid-map 0:1000:1 --gid-map 0:1000:1",
	  "0:1000:1", "0:1000:1" },
	{ "beyond what the files say, for a service that newuidmap asks", directory_service,
	  "run --uid-map 0:700000:10 --gid-map 0:700000:10 ls", "0:700000:10", "0:700000:10" },

	{ "a seam of the map around splits a range", seam, "run --map sub ls",
	  "0:100000:100 100:100100:65436", "0:100000:65536" },
	{ "an explicit one, too", seam, "run --uid-map 7:100099:2 --gid-map 0:1000:1 ls",
	  "7:100099:1 8:100100:1", "0:1000:1" },
	{ "the caller's own ID is not looked for around", end, "run --map root ls", "0:1000:1",
	  "0:1000:1" },
	{ "root of a sandbox maps all that is there", root_of_a_sandbox, "shell", "0:0:1 1:1:65536",
	  "0:0:1 1:1:65536" },
	{ "root of a container likewise", root_of_a_container, "shell", "0:0:1 1:1:65535",
	  "0:0:1 1:1:65535" },
	{ "if lines say less, less", root_of_a_tree_with_lines, "shell", "0:0:1 1:100:10",
	  "0:0:1 1:200:10" },
	{ "a range around the caller's own ID, with lines on both sides", both_sides_of_own_id,
	  "run --uid-map 0:999:3 --gid-map 0:999:2,2:1001:1 ls", "0:999:3", "0:999:2 2:1001:1" },
	{ "split where its map has seams", root_of_a_patchwork, "shell", "0:0:1 1:1:9 10:10:10",
	  "0:0:1 1:1:65536" },
	{ "explicit ranges likewise", root_of_a_patchwork,
	  "shell --uid-map 0:0:20 --gid-map 0:0:20",
	  "0:0:1 1:1:9 10:10:10", "0:0:1 1:1:19" },
	{ "who lacks CAP_SETFCAP maps all but UID 0", powerless_root_of_a_sandbox,
	  "run --map sub --setgroups deny ls", "0:1:65536", "0:1:65536" },
	{ "root of the host may map anything by saying so", root_of_the_host,
	  "run --uid-map 0:0:65536 --gid-map 0:700000:9 ls", "0:0:65536", "0:700000:9" },
};

static void make_row(void **state)
{
	const struct row *row = *state;

	planning_begin(&p);
	if (row->machine != NULL)
		row->machine();
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_string_equal(planning_map(&p.plan.uid_map), row->uids);
	assert_string_equal(planning_map(&p.plan.gid_map), row->gids);
	assert_int_equal(p.plan.n_warnings > 0 ? 0 : p.plan.single,
			 strchr(row->uids, ' ') == NULL && strstr(row->uids, ":1000:1") != NULL &&
			 strchr(row->gids, ' ') == NULL && strstr(row->gids, ":1000:1") != NULL);
}

static const struct bad_row {
	const char *name;
	void (*machine)(void);
	const char *line, *reason, *hint;
} bad_rows[] = {
	{ "nothing is delegated: both commands at once", nothing_delegated, "shell",
	  "no UIDs can be mapped beyond your own: /etc/subuid has no line for alice",
	  "usermod --add-subuids 165536-231071 --add-subgids 165536-231071 alice (or add "
	  "alice:165536:65536 in /etc/subuid and alice:165536:65536 in /etc/subgid)" },
	{ "the range that is suggested is free, of lines and accounts", many_have_lines,
	  "run --map auto ls",
	  "/etc/subuid has no good line for alice, and line 4 is malformed",
	  "usermod --add-subuids 240001-305536 --add-subgids 165540-231075 alice" },
	{ "only group IDs are missing", no_gids_delegated, "run --map sub ls",
	  "no GIDs can be mapped beyond your own: /etc/subgid has no line for alice",
	  "usermod --add-subgids 100000-165535 alice (or add alice:100000:65536 in /etc/subgid)" },
	{ "the line is malformed", malformed_line, "run --map keep ls",
	  "/etc/subuid has no good line for alice, and line 2 is malformed",
	  "usermod --add-subuids" },
	{ "the file is missing", no_file, "shell",
	  "no UIDs can be mapped beyond your own: read /etc/subuid",
	  "usermod --add-subuids 100000-165535 alice" },
	{ "an account without a name gets a numeric line", without_a_name, "shell",
	  "/etc/subuid has no line for your UID", "as root, add 1000:165536:65536 in /etc/subuid" },
	{ "no range is free", full_files, "shell", "has no line for alice",
	  "no 65536 IDs in a row are free" },
	{ "a service delegates, which only newuidmap asks", directory_service, "shell",
	  "no line for alice",
	  "--map-source newuidmap" },
	{ "nothing but the caller's own ID is delegated", only_own_id_delegated,
	  "run --map auto ls",
	  "no UIDs can be mapped beyond your own", NULL },
	{ "the sandbox around has one ID", root_of_one_id, "shell",
	  "the user namespace around this one has no other", "--map self and --map root" },
	{ "nobody gives IDs to a user in a sandbox", user_of_a_sandbox, "run --map auto ls",
	  "no UIDs can be mapped beyond your own: you do not hold CAP_SETUID and CAP_SETGID in the "
	  "user namespace around this one, and no_new_privs keeps a helper from it",
	  "start outside of that sandbox, or as root in one made by croft shell" },
	{ "IDs that do not exist here are not advised", user_of_a_container, "shell",
	  "no UIDs can be mapped beyond your own: /etc/subuid has no line for alice",
	  "the user namespace around this one has no 65536 free IDs in a row to give" },
	{ "those that do are, on the side that has them", user_of_a_large_container, "shell",
	  "/etc/subuid has no line for alice",
	  "as root: usermod --add-subuids 100000-165535 alice (or add alice:100000:65536 in "
	  "/etc/subuid)" },
	{ "UID 0 is not mapped by who lacks CAP_SETFCAP", powerless_root_of_one_id, "run ls",
	  "your own UID, 0 in the user namespace around this one, can be mapped only by who holds "
	  "CAP_SETFCAP", "--cap-add setfcap" },
	{ "not as one of many", powerless_root_of_a_sandbox, "run --map auto ls",
	  "can be mapped only by who holds CAP_SETFCAP", "--map self or --map keep" },
	{ "not by an explicit range", powerless_root_of_a_sandbox,
	  "run --uid-map 5:0:1 --gid-map 0:0:1 ls", "can be mapped only by who holds CAP_SETFCAP",
	  NULL },
	{ "root of the host gets no range by itself", root_of_the_host, "shell",
	  "/etc/subuid has no line for root", "usermod" },

	{ "explicit ranges overlap inside", NULL,
	  "run --uid-map 0:100000:10,9:200000:5 --gid-map 0:1000:1 ls",
	  "the UID ranges 0:100000:10 and 9:200000:5 overlap inside", NULL },
	{ "they overlap outside", NULL,
	  "run --uid-map 0:1000:1 --gid-map 0:100000:10,10:100009:1 ls",
	  "the GID ranges 0:100000:10 and 10:100009:1 overlap outside", NULL },
	{ "with the caller's own ID", NULL, "run --uid-map 0:1000:1,1:990:20 --gid-map 0:1000:1 ls",
	  "the UID ranges 0:1000:1 and 1:990:20 overlap outside", NULL },
	{ "a range of none", NULL, "run --uid-map 0:100000:0 --gid-map 0:1000:1 ls",
	  "the UID range 0:100000:0 holds no ID or goes beyond 4294967294", NULL },
	{ "a range beyond the last ID outside", NULL,
	  "run --uid-map 0:4294967290:6 --gid-map 0:1000:1 ls",
	  "the UID range 0:4294967290:6 holds no ID or goes beyond", NULL },
	{ "a range beyond the last ID inside", NULL,
	  "run --uid-map 4294967295:100000:1 --gid-map 0:1000:1 ls",
	  "the UID range 4294967295:100000:1 holds no ID or goes beyond", NULL },
	{ "user IDs without group IDs", NULL, "run --uid-map 0:1000:1 ls",
	  "the GID map is not given",
	  "go together" },
	{ "group IDs without user IDs", NULL, "run --gid-map 0:1000:1 ls",
	  "the UID map is not given",
	  "go together" },
	{ "an explicit range that is not delegated", NULL,
	  "run --uid-map 0:200000:1000 --gid-map 0:1000:1 ls",
	  "the UID range 0:200000:1000 is not delegated to you in /etc/subuid",
	  "usermod --add-subuids 200000-200999 alice (or add alice:200000:1000 to /etc/subuid)" },
	{ "one ID more than delegated", NULL, "run --gid-map 0:100000:65537 --uid-map 0:1000:1 ls",
	  "the GID range 0:100000:65537 is not delegated to you in /etc/subgid", NULL },
	{ "one ID before what is delegated", NULL, "run --gid-map 0:99999:2 --uid-map 0:1000:1 ls",
	  "the GID range 0:99999:2 is not delegated", NULL },
	{ "around the caller's own ID", NULL, "run --uid-map 0:999:3 --gid-map 0:1000:1 ls",
	  "the UID range 0:999:3 is not delegated", NULL },
	{ "behind it", NULL, "run --uid-map 0:1000:2 --gid-map 0:1000:1 ls",
	  "the UID range 0:1000:2 is not delegated", NULL },
	{ "before it", NULL, "run --uid-map 0:999:2 --gid-map 0:1000:1 ls",
	  "the UID range 0:999:2 is not delegated", NULL },
	{ "likewise where newuidmap would refuse", NULL,
	  "run --map-source newuidmap --uid-map 0:200000:1 --gid-map 0:1000:1 ls",
	  "the UID range 0:200000:1 is not delegated", NULL },
	{ "the second of two ranges", NULL,
	  "run --uid-map 0:1000:1,1:200000:1 --gid-map 0:1000:1 ls",
	  "the UID range 1:200000:1 is not delegated", NULL },
	{ "root outside", NULL, "run --uid-map 0:0:1 --gid-map 0:1000:1 ls",
	  "the UID range 0:0:1 takes in UID 0 outside, which is never granted", NULL },
	{ "root's group outside", NULL, "run --uid-map 0:1000:1 --gid-map 0:0:1 ls",
	  "the GID range 0:0:1 takes in GID 0 outside, which is never granted", NULL },

	{ "the map around ends within a line", end, "run --map sub ls",
	  "UID 150000 is not mapped in the user namespace around this one", "/proc/self/uid_map" },
	{ "it has a hole there", gap, "run --map sub ls",
	  "UID 100100 is not mapped in the user namespace",
	  NULL },
	{ "root of a sandbox asks for more than is there", root_of_a_sandbox,
	  "shell --uid-map 0:0:65538 --gid-map 0:0:1",
	  "UID 65537 is not mapped in the user namespace", NULL },
};

static void refuse_row(void **state)
{
	const struct bad_row *row = *state;

	planning_begin(&p);
	if (row->machine != NULL)
		row->machine();
	assert_int_equal(planning_make(&p, row->line), -1);
	planning_claim_refusal(&p, row->reason, row->hint);
}

/* ---- warnings ------------------------------------------------------------------------------ */

static void accounts_in_range(void)
{
	planning_accounts(
		&p,
		"root:x:0:0:::\nalice:x:1000:1000:::\n+nis::::::\nbroken:x:x:0:::\n"
		"dave:x:100999:1:::\nerin:x:165536:1:::\n",
		"alice:x:1000:\nstaff:x:100000:\nolder:x:165535:alice\nbeyond:x:165536:\n");
}

static void accounts_with_the_callers_id(void)
{
	planning_accounts(&p, "alice:x:1000:1000:::\ntoor:x:1000:1000:::\n", "");
	planning_delegate(&p, "alice:990:20\n", "alice:100000:65536\n");
}

static const struct warning_row {
	const char *name;
	void (*machine)(void);
	const char *line;
	const char *warnings[3];
} warning_rows[] = {
	{ "no one else is in the ranges", NULL, "shell", { NULL } },
	{ "an account is",
	  accounts_in_range,
	  "run --map auto ls",
	  { "the UID range 1:100000:65536 takes in UID 100999, which is dave in /etc/passwd",
	    "the GID range 1:100000:65536 takes in GID 100000, which is staff in /etc/group, and 1 "
	    "more" } },
	{ "in one of several ranges",
	  accounts_in_range,
	  "run --map keep ls",
	  { "the UID range 0:100000:1000 takes in UID 100999, which is dave in /etc/passwd",
	    "the GID range 0:100000:1000 takes in GID 100000, which is staff in /etc/group",
	    "the GID range 1001:101000:64536 takes in GID 165535, which is older in /etc/group" } },
	{ "the caller's ID alone disturbs nobody", accounts_in_range, "run ls", { NULL } },
	{ "the caller's own ID is delegated, and has two names",
	  accounts_with_the_callers_id,
	  "run --map auto ls",
	  { "/etc/subuid delegates 990:20 to you, which takes in your own UID 1000; it is mapped "
	    "once" } },
	{ "an explicit range takes it in",
	  accounts_with_the_callers_id,
	  "run --uid-map 0:990:20 --gid-map 0:1000:1 ls",
	  { "the UID range 0:990:20 takes in your own UID 1000, which is 10 inside" } },
	{ "an explicit range is it",
	  accounts_with_the_callers_id,
	  "run --uid-map 0:1000:1,1:990:3 --gid-map 0:1000:1 ls",
	  { NULL } },
	{ "the second of two ranges takes it in", accounts_with_the_callers_id,
	  "run --uid-map 50:990:5,0:995:10 --gid-map 0:1000:1 ls",
	  { "the UID range 0:995:10 takes in your own UID 1000, which is 5 inside" } },
	{ "the second of two lines begins with it, and others come close", own_id_is_a_lines_first,
	  "run --map auto ls",
	  { "/etc/subuid delegates 1000:5 to you, which takes in your own UID 1000; it is mapped "
	    "once" } },
	{ "root of a sandbox maps its accounts on purpose", root_of_a_sandbox, "shell", { NULL } },
};

static void warn_row(void **state)
{
	const struct warning_row *row = *state;
	size_t n = 0;

	planning_begin(&p);
	if (row->machine != NULL)
		row->machine();
	assert_int_equal(planning_make(&p, row->line), 0);
	for (; n < COUNT(row->warnings) && row->warnings[n] != NULL; n++) {
		assert_true(n < p.plan.n_warnings);
		assert_string_equal(p.plan.warning[n], row->warnings[n]);
	}
	assert_int_equal(p.plan.n_warnings, n);
}

/* ---- many ---------------------------------------------------------------------------------- */

/* Single IDs, apart from one another on both sides. */
static const char *apart(int n)
{
	static char text[16 * 512];
	char *at = text;

	*at = '\0';
	for (int i = 0; i < n; i++)
		at += sprintf(at, "%s%d:%d:1", i > 0 ? "," : "", 2 * i, 100000 + 2 * i);
	return text;
}

static void make_many(int n)
{
	char line[20 * 512];

	planning_begin(&p);
	(void)snprintf(line, sizeof(line), "run --uid-map %s --gid-map 0:1000:1 ls", apart(n));
	(void)planning_make(&p, line);
}

static void most_ranges(void **state)
{
	(void)state;
	make_many(300);
	assert_string_equal(p.why.what, "");
	assert_int_equal(p.plan.uid_map.n, 300);
}

static void too_much_text(void **state)
{
	(void)state;
	make_many(IDMAP_MAX);
	planning_claim_refusal(&p, "the UID map", NULL);
}

static void too_many_ranges(void **state)
{
	(void)state;
	make_many(IDMAP_MAX + 1);
	planning_claim_refusal(&p, "--uid-map: more than 340 ranges", NULL);
}

/* 150 ranges that two seams each split: more lines than the kernel takes. */
static void too_many_pieces(void **state)
{
	struct idmap *map, *here;

	(void)state;
	planning_begin(&p);
	map = &p.options.uid_map;
	here = &p.facts.uid_here;
	here->n = 340;
	for (uint32_t i = 0; i < 340; i++)
		here->range[i] = (struct idrange){ 100001 + 2 * i, 100001 + 3 * i, 2 };
	map->n = 150;
	for (uint32_t i = 0; i < 150; i++)
		map->range[i] = (struct idrange){ 4 * i, 100002 + 4 * i, 4 };
	p.options.gid_map = (struct idmap){ 1, { { 0, 1000, 1 } } };
	p.options.map = MAP_EXPLICIT;
	p.options.command = COMMAND_RUN;
	assert_int_equal(maps_make(&p.options, &p.facts, &p.plan, &p.why), -1);
	planning_claim_refusal(&p, "the UID map would have more than 340 ranges", NULL);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(bad_rows) + COUNT(warning_rows) + 4];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, make_row);
	ADD_ROWS(tests, n, bad_rows, refuse_row);
	ADD_ROWS(tests, n, warning_rows, warn_row);
	ADD_TEST(tests, n, "300 ranges", most_ranges);
	ADD_TEST(tests, n, "ranges that need more than a page", too_much_text);
	ADD_TEST(tests, n, "one range more than the kernel takes", too_many_ranges);
	ADD_TEST(tests, n, "more pieces than the kernel takes", too_many_pieces);
	return RUN_TESTS("maps", tests, n);
}
