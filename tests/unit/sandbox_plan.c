/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From options and facts to one plan: who installs the maps, who the payload is. */
#include "sandbox/plan.h"

#include "sandbox/confine/capabilities.h"
#include "sandbox/confine/filters.h"
#include "tests/unit/planning.h"
#include "tests/unit/table.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

LIVES_UNTIL_EXEC;

static struct planning p;

static void begin(void (*machine)(void))
{
	planning_begin(&p);
	if (machine != NULL)
		machine();
}

/* ---- other machines and callers ------------------------------------------------------------ */

static void no_croft_helpers(void)
{
	p.facts.croft_helpers = HELPERS_MISSING;
}

static void powerless_croft_helpers(void)
{
	p.facts.croft_helpers = HELPERS_POWERLESS;
}

static void no_helpers(void)
{
	p.facts.croft_helpers = p.facts.system_helpers = HELPERS_MISSING;
}

static void powerless_helpers(void)
{
	p.facts.croft_helpers = HELPERS_POWERLESS;
	p.facts.system_helpers = HELPERS_POWERLESS;
}

static void no_new_privs(void)
{
	p.facts.no_new_privs = true;
}

static void sets_ids(void)
{
	p.facts.sets_ids = true;
}

static void sets_ids_without_new_privs(void)
{
	p.facts.sets_ids = p.facts.no_new_privs = true;
}

static void setgroups_denied(void)
{
	p.facts.setgroups_denied = true;
}

static void other_group(void)
{
	p.facts.gid = 100;
}

static void on_a_terminal(void)
{
	p.facts.terminal = true;
}

/* ---- who installs the maps ----------------------------------------------------------------- */

static const struct source_row {
	const char *name;
	void (*machine)(void);
	const char *line;
	enum map_source source;
	enum idrequest_setgroups setgroups;
	bool single;
} source_rows[] = {
	{ "one ID: the kernel itself", NULL, "run ls", SOURCE_KERNEL, SETGROUPS_DENY, true },
	{ "one ID needs no helper", no_helpers, "run --map root ls", SOURCE_KERNEL, SETGROUPS_DENY,
	  true },
	{ "one ID of a shell", no_helpers, "shell --map root", SOURCE_KERNEL, SETGROUPS_DENY,
	  true },
	{ "many: croft's helpers", NULL, "run --map auto ls", SOURCE_CROFT, SETGROUPS_DENY, false },
	{ "without them, the distribution's", no_croft_helpers, "run --map auto ls",
	  SOURCE_NEWUIDMAP,
	  SETGROUPS_DENY, false },
	{ "likewise if they have no privilege", powerless_croft_helpers, "run --map auto ls",
	  SOURCE_NEWUIDMAP,
	  SETGROUPS_DENY, false },
	{ "many of a shell: groups can be changed", NULL, "shell", SOURCE_CROFT, SETGROUPS_ALLOW,
	  false },
	{ "unless told otherwise", NULL, "shell --setgroups deny", SOURCE_CROFT, SETGROUPS_DENY,
	  false },
	{ "a command's, if told", NULL, "run --map sub --setgroups allow ls", SOURCE_CROFT,
	  SETGROUPS_ALLOW,
	  false },
	{ "a shell with many users and its own group alone", NULL,
	  "shell --uid-map 0:1000:1,1:100000:9 --gid-map 0:1000:1", SOURCE_CROFT, SETGROUPS_DENY,
	  false },
	{ "one user ID, but many groups", NULL,
	  "run --uid-map 0:1000:1 --gid-map 0:1000:1,1:100000:1 ls",
	  SOURCE_CROFT, SETGROUPS_DENY, false },
	{ "one ID that is not the caller's", NULL, "run --uid-map 0:100000:1 --gid-map 0:1000:1 ls",
	  SOURCE_CROFT, SETGROUPS_DENY, false },
	{ "one group that is not the caller's", NULL,
	  "run --uid-map 0:1000:1 --gid-map 0:100000:1 ls",
	  SOURCE_CROFT, SETGROUPS_DENY, false },
	{ "whoever sets IDs needs no helper", sets_ids, "shell", SOURCE_KERNEL, SETGROUPS_ALLOW,
	  false },
	{ "even without new privileges", sets_ids_without_new_privs, "shell", SOURCE_KERNEL,
	  SETGROUPS_ALLOW,
	  false },
	{ "groups of whoever sets IDs", sets_ids, "run --map root --setgroups allow ls",
	  SOURCE_KERNEL,
	  SETGROUPS_ALLOW, true },
	{ "croft's by name, for one ID too", NULL, "run --map-source croft ls", SOURCE_CROFT,
	  SETGROUPS_DENY,
	  true },
	{ "by name, though they have no privilege: they say so", powerless_croft_helpers,
	  "run --map-source croft --map auto ls", SOURCE_CROFT, SETGROUPS_DENY, false },
	{ "newuidmap by name", NULL, "run --map-source newuidmap --map auto ls", SOURCE_NEWUIDMAP,
	  SETGROUPS_DENY, false },
	{ "the kernel by name", NULL, "run --map-source kernel ls", SOURCE_KERNEL, SETGROUPS_DENY,
	  true },
	{ "setgroups denied around us, and not asked for", setgroups_denied, "run --map auto ls",
	  SOURCE_CROFT, SETGROUPS_DENY, false },
	{ "without new privileges, one ID", no_new_privs, "run ls", SOURCE_KERNEL, SETGROUPS_DENY,
	  true },
};

static void choose_source(void **state)
{
	const struct source_row *row = *state;

	begin(row->machine);
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_int_equal(p.plan.source, row->source);
	assert_int_equal(p.plan.setgroups, row->setgroups);
	assert_int_equal(p.plan.single, row->single);
}

/* ---- who the payload is -------------------------------------------------------------------- */

static const struct user_row {
	const char *name;
	void (*machine)(void);
	const char *line, *user;
	uint32_t uid, gid, root_uid, root_gid;
} user_rows[] = {
	{ "the caller", NULL, "run ls", NULL, 1000, 1000, 1000, 1000 },
	{ "the caller with another group", other_group, "run ls", NULL, 1000, 100, 1000, 100 },
	{ "the caller, who is root inside", NULL, "run --map auto ls", NULL, 0, 0, 0, 0 },
	{ "the caller, who keeps the number", NULL, "run --map keep ls", NULL, 1000, 1000, 0, 0 },
	{ "root, where the caller is not mapped", NULL, "run --map sub ls", NULL, 0, 0, 0, 0 },
	{ "root before the first that is mapped", NULL,
	  "run --uid-map 5:100000:5,0:100005:5 --gid-map 7:100000:1 ls", NULL, 0, 7, 0, 7 },
	{ "the first that is mapped, without root", NULL,
	  "run --uid-map 5:100000:5 --gid-map 7:100000:1 ls", NULL, 5, 7, 5, 7 },
	{ "a shell's root", NULL, "shell", NULL, 0, 0, 0, 0 },
	{ "a shell's root who is not the caller", NULL, "shell --map keep", NULL, 0, 0, 0, 0 },
	{ "a shell without root", NULL, "shell --map self", NULL, 1000, 1000, 1000, 1000 },
	{ "a number", NULL, "run --map auto --user 33 ls", NULL, 33, 33, 0, 0 },
	{ "a number whose group is not mapped", NULL,
	  "run --uid-map 0:1000:1,33:100000:1 --gid-map 0:1000:1 --user 33 ls", NULL, 33, 0, 0, 0 },
	{ "two numbers", NULL, "run --map auto --user 33:44 ls", NULL, 33, 44, 0, 0 },
	{ "the last digit there is", NULL, "run --map auto --user 9 ls", NULL, 9, 9, 0, 0 },
	{ "the caller in the second range", NULL,
	  "run --uid-map 0:100000:1,5:1000:1 --gid-map 0:100000:1,6:1000:1 ls", NULL, 5, 6, 0, 0 },
	{ "root's number", NULL, "run --map keep --user 0:0 ls", NULL, 0, 0, 0, 0 },
	{ "the last ID that is mapped", NULL, "run --map sub --user 65535:65535 ls", NULL, 65535,
	  65535, 0, 0 },
	{ "a name", NULL, "shell --user postgres", "postgres", 0, 0, 0, 0 },
	{ "a name with digits", NULL, "shell --user u33", "u33", 0, 0, 0, 0 },
};

static void choose_user(void **state)
{
	const struct user_row *row = *state;

	begin(row->machine);
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_string_equal(p.plan.user != NULL ? p.plan.user : "-",
			    row->user != NULL ? row->user : "-");
	assert_int_equal(p.plan.uid, row->uid);
	assert_int_equal(p.plan.gid, row->gid);
	assert_int_equal(p.plan.root_uid, row->root_uid);
	assert_int_equal(p.plan.root_gid, row->root_gid);
}

/* ---- capabilities -------------------------------------------------------------------------- */

#define BIT(n) (UINT64_C(1) << (n))
enum { CHOWN = 0, KILL = 5, NET_RAW = 13, SYS_ADMIN = 21 };
/* In order: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, NET_BIND_SERVICE,
 * SYS_CHROOT, AUDIT_WRITE, SETFCAP. */
#define SHELL                                                                               \
	(BIT(0) | BIT(1) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(10) | BIT(18) | \
	 BIT(29) | BIT(31))

static const struct capability_row {
	const char *name, *line;
	uint64_t want;
} capability_rows[] = {
	{ "a command has none", "run ls", 0 },
	{ "not even as root inside", "run --map auto ls", 0 },
	{ "a shell has what a package manager needs", "shell", SHELL },
	{ "by its number, too", "shell --user 0", SHELL },
	{ "by its name, too", "shell --user root", SHELL },
	{ "a shell of someone else has none", "shell --user 33", 0 },
	{ "nor by name", "shell --user postgres", 0 },
	{ "nor without root", "shell --map self", 0 },
	{ "one more", "shell --cap-add net_raw", SHELL | BIT(NET_RAW) },
	{ "one less", "shell --cap-drop chown", SHELL & ~BIT(CHOWN) },
	{ "none but one", "shell --cap-drop all --cap-add kill", BIT(KILL) },
	{ "asked for", "run --cap-add sys_admin ls", BIT(SYS_ADMIN) },
	{ "taken again", "run --cap-add sys_admin --cap-drop sys_admin ls", 0 },
};

static void choose_capabilities(void **state)
{
	const struct capability_row *row = *state;

	begin(NULL);
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_true(p.plan.capabilities == row->want);
	assert_int_equal(p.plan.inner != 0, row->want != 0);	/* over the mounts it has none */
}

/* ---- system calls -------------------------------------------------------------------------- */

static const struct opened_row {
	const char *name, *line;
	enum syscall_group group;
	const char *by;
	size_t filters;
} opened_rows[] = {
	{ "a command's mounts are closed", "run ls", GROUP_MOUNT, NULL, 1 },
	{ "a shell's are, too", "shell", GROUP_MOUNT, NULL, 1 },
	{ "but root there can chroot", "shell", GROUP_CHROOT, "cap_sys_chroot", 1 },
	{ "not without the capability", "shell --cap-drop sys_chroot", GROUP_CHROOT, NULL, 1 },
	{ "nor another user", "shell --user 5", GROUP_CHROOT, NULL, 1 },
	{ "a capability opens mounts", "run --cap-add sys_admin ls", GROUP_MOUNT, "cap_sys_admin",
	  1 },
	{ "all of them do not open bpf", "run --cap-add all ls", GROUP_BPF, NULL, 1 },
	{ "the last word counts", "run --cap-add all --deny-syscalls @mount ls", GROUP_MOUNT, NULL,
	  1 },
	{ "opened by name", "run --allow-syscalls @bpf ls", GROUP_BPF, "--allow-syscalls", 1 },
	{ "tracing", "run --allow-ptrace ls", GROUP_PTRACE, "--allow-ptrace", 1 },
	{ "nesting", "run --allow-nesting ls", GROUP_NAMESPACES, "--allow-nesting", 1 },
	{ "an open group is not weaker", "run --allow-syscalls @files ls", GROUP_FILES, NULL, 1 },
	{ "none at all", "run --seccomp off ls", GROUP_BPF, NULL, 0 },
	{ "one's own alone", "run --seccomp off --seccomp 3 ls", GROUP_BPF, NULL, 1 },
	{ "beside croft's", "run --seccomp 3 --add-seccomp-fd 4 --seccomp-policy x ls", GROUP_BPF,
	  NULL, 4 },
};

static void open_groups(void **state)
{
	const struct opened_row *row = *state;
	const char *by;

	begin(NULL);
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	by = filters_opened_by(&p.plan, row->group);
	assert_string_equal(by != NULL ? by : "nothing", row->by != NULL ? row->by : "nothing");
	assert_int_equal(p.plan.syscalls.n_filters, row->filters);
}

/* What is made when croft is built is what would be made now. */
static void presets_are_fresh(void **state)
{
	static struct filter_room room;
	const char *const lines[] = { "run ls", "shell" };

	(void)state;
	for (size_t i = 0; i < COUNT(lines) && MACHINE_HERE < MACHINES; i++) {
		struct policy policy = policy_default();
		struct filter made;

		if (i == 1)
			policy_change_group(&policy, GROUP_CHROOT, true);
		made = filter_compile(&policy, MACHINE_HERE % MACHINES, &room);
		begin(NULL);
		assert_int_equal(planning_make(&p, lines[i]), 0);
		assert_int_equal(p.plan.syscalls.filter[0].filter.n, made.n);
		assert_memory_equal(p.plan.syscalls.filter[0].filter.code, made.code,
				    made.n * sizeof(*made.code));
	}
}

static void namespaces_inside(void **state)
{
	const struct { const char *line; bool inside; } rows[] = {
		{ "run ls", false }, { "shell", false }, { "run --allow-nesting ls", true },
		{ "run --seccomp off ls", true }, { "run --cap-add sys_admin ls", true },
		{ "run --cap-add sys_admin --deny-syscalls @namespaces ls", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		begin(NULL);
		assert_int_equal(planning_make(&p, rows[i].line), 0);
		assert_int_equal(p.plan.syscalls.namespaces, rows[i].inside);
	}
}

/* Only for who watches, and where somebody stays who can. */
static void kills_are_told(void **state)
{
	const struct { const char *line; bool told; } rows[] = {
		{ "run ls", false }, { "run --info-fd 1 ls", false },
		{ "run --json-status-fd 1 ls", true },
		{ "shell --json-status-fd 1", true },
		{ "run --json-status-fd 1 --share-pid ls", true },
		{ "run --json-status-fd 1 --as-pid-1 ls", false },
		{ "run --json-status-fd 1 --seccomp off ls", false },
		{ "run --json-status-fd 1 --seccomp-log ls", false },
		{ "run --json-status-fd 1 --seccomp 7 ls", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(NULL);
		assert_int_equal(planning_make(&p, rows[i].line), 0);
		assert_int_equal(p.plan.syscalls.tell_kills, rows[i].told);
	}
	begin(NULL);
	assert_int_equal(planning_make_bwrap(&p,
					     "--unshare-pid --json-status-fd 1 --ro-bind / / ls"),
					     0);
	assert_false(p.plan.syscalls.tell_kills);
}

/* ---- the rest of the payload, and the namespaces ------------------------------------------- */

#define ALL                                                                                        \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | \
	 CLONE_NEWCGROUP | CLONE_NEWTIME)

static void all_namespaces(void **state)
{
	(void)state;
	begin(NULL);
	assert_int_equal(planning_make(&p, "run ls"), 0);
	assert_int_equal(p.plan.namespaces, ALL);
	begin(NULL);
	assert_int_equal(planning_make(&p, "run --share-net --share-pid --share-ipc --share-uts "
				       "--share-cgroup --share-time ls"), 0);
	assert_int_equal(p.plan.namespaces, CLONE_NEWUSER | CLONE_NEWNS);
	assert_null(p.plan.hostname);
	begin(NULL);
	assert_int_equal(planning_make(&p, "run --mqueue /q ls"), 0);
	begin(NULL);
	assert_int_equal(planning_make(&p, "run --share-ipc --tmpfs /q ls"), 0);
}

static void namespaces_settings(void **state)
{
	(void)state;
	begin(NULL);
	assert_int_equal(planning_make(&p, "run ls"), 0);
	assert_string_equal(p.plan.hostname, "croft");
	begin(NULL);
	assert_int_equal(
		planning_make(&p, "run --hostname h --boottime-offset 5 --monotonic-offset -6 ls"),
		0);
	assert_string_equal(p.plan.hostname, "h");
	assert_true(p.plan.boottime_offset == 5 && p.plan.monotonic_offset == -6);
}

static void payload_defaults(void **state)
{
	(void)state;
	begin(on_a_terminal);
	assert_int_equal(planning_make(&p, "run --rlimit nofile=5:6 ls -l"), 0);
	assert_string_equal(p.plan.command[0], "ls");
	assert_string_equal(p.plan.command[1], "-l");
	assert_true(p.plan.die_with_parent && p.plan.private_terminal);
	assert_false(p.plan.login_shell || p.plan.as_pid_1 || p.plan.new_session);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		assert_int_equal(p.plan.limits[i].set, i == RLIMIT_CORE || i == RLIMIT_NOFILE);
	assert_true(p.plan.limits[RLIMIT_CORE].value.rlim_cur == 1);
	assert_true(p.plan.limits[RLIMIT_CORE].value.rlim_max == 1);
	assert_true(p.plan.limits[RLIMIT_NOFILE].value.rlim_max == 6);
}

static void payload_otherwise(void **state)
{
	(void)state;
	begin(on_a_terminal);
	assert_int_equal(planning_make(&p, "shell --rlimit core=unlimited --share-tty --as-pid-1 "
				       "--no-die-with-parent"), 0);
	assert_null(p.plan.command);
	assert_true(p.plan.login_shell && p.plan.as_pid_1);
	assert_false(p.plan.die_with_parent || p.plan.private_terminal);
	assert_true(p.plan.limits[RLIMIT_CORE].value.rlim_cur == RLIM_INFINITY);
	begin(on_a_terminal);
	assert_int_equal(
		planning_make(&p, "run --no-die-with-parent --die-with-parent --new-session ls"),
		0);
	assert_true(p.plan.die_with_parent && p.plan.new_session);
	assert_false(p.plan.private_terminal);
	begin(NULL);
	assert_int_equal(planning_make(&p, "run ls"), 0);
	assert_false(p.plan.private_terminal);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static const struct bad_row {
	const char *name;
	void (*machine)(void);
	const char *line, *reason, *hint;
} bad_rows[] = {
	{ "no policy for system calls, and a call opened", NULL,
	  "run --seccomp off --allow-syscalls bpf ls",
	  "--seccomp off and --allow-syscalls or --deny-syscalls exclude each other", NULL },
	{ "no policy, and a log of it", NULL, "run --seccomp-log --seccomp off ls",
	  "--seccomp off and --seccomp-log exclude each other", NULL },
	{ "no policy, and debugging allowed", NULL, "run --allow-ptrace --seccomp off ls",
	  "--seccomp off and --allow-ptrace exclude each other", NULL },
	{ "no command", NULL, "run", "no command to run is given", "croft run -- ls /" },
	{ "a name for no command", NULL, "shell --argv0 x",
	  "--argv0 x names a command, and none is given", NULL },
	{ "a host name in the caller's namespace", NULL, "run --hostname h --share-uts ls",
	  "--hostname and --share-uts exclude each other", NULL },
	{ "another clock in the caller's namespace", NULL,
	  "run --boottime-offset 1 --share-time ls", "--boottime-offset and --share-time exclude",
	  NULL },
	{ "the other clock", NULL, "run --share-time --monotonic-offset 1 ls",
	  "--monotonic-offset and --share-time exclude", NULL },
	{ "process 1 among the caller's processes", NULL, "run --as-pid-1 --share-pid ls",
	  "--as-pid-1 and --share-pid exclude", NULL },
	{ "queues of the caller's namespace", NULL, "run --mqueue /q --share-ipc ls",
	  "--mqueue and --share-ipc exclude", NULL },
	{ "queues behind another step", NULL, "run --dir /x --mqueue /q --share-ipc ls",
	  "--mqueue and --share-ipc exclude", NULL },
	{ "an empty root that is a tree", NULL, "shell --empty-root /tree",
	  "--empty-root and the root file system /tree exclude", NULL },

	{ "groups of one ID", NULL, "run --map root --setgroups allow ls",
	  "--setgroups allow needs delegated groups in the map, and it has only your own",
	  "user_namespaces(7)" },
	{ "groups of one ID, in a shell", NULL, "shell --map self --setgroups allow",
	  "--setgroups allow needs delegated groups", NULL },
	{ "groups, with many users and the caller's group", NULL,
	  "run --uid-map 0:100000:9 --gid-map 0:1000:1 --setgroups allow ls",
	  "--setgroups allow needs delegated groups", NULL },
	{ "the kernel for many", NULL, "run --map auto --map-source kernel ls",
	  "--map-source kernel maps your own ID alone, with setgroups denied; "
	  "asked for are 65537 UIDs and 65537 GIDs, with setgroups denied",
	  "CAP_SETUID and CAP_SETGID" },
	{ "the kernel for a shell", NULL, "shell --map-source kernel", "with setgroups allowed",
	  NULL },
	{ "the kernel for someone else's ID", NULL,
	  "run --uid-map 0:100000:1 --gid-map 0:1000:1 --map-source kernel ls",
	  "asked for are 1 UIDs and 1 GIDs", NULL },
	{ "no helpers", no_helpers, "shell",
	  "no one here can install a map of more than your own ID", "install croft's helpers" },
	{ "helpers without a privilege", powerless_helpers, "shell",
	  "no one here can install a map", "are there but are not set-user-ID root" },
	{ "no new privileges", no_new_privs, "shell", "no one here can install a map",
	  "no_new_privs" },
	{ "croft's by name, and not there", no_croft_helpers,
	  "run --map-source croft --map auto ls",
	  "--map-source croft: its helpers are not installed", "/uidmap; --map-source auto" },
	{ "newuidmap by name, and not there", no_helpers,
	  "run --map-source newuidmap --map auto ls",
	  "--map-source newuidmap: its helpers are not installed", "/usr/bin/newuidmap" },
	{ "by name, without new privileges", no_new_privs, "run --map-source croft --map auto ls",
	  "--map-source croft: its helpers can gain no privilege here", "no_new_privs" },
	{ "newuidmap by name, without new privileges", no_new_privs,
	  "run --map-source newuidmap --map auto ls",
	  "newuidmap: its helpers can gain no privilege", NULL },

	{ "setgroups denied around us", setgroups_denied, "shell",
	  "it is denied in the user namespace around this one", "--setgroups deny" },
	{ "a group that is the ID that is none", NULL, "run --map auto --user 5:4294967295 ls",
	  "--user takes a name or UID[:GID]", NULL },
	{ "a user who is not mapped", NULL, "run --user 0 ls", "--user: UID 0 is not mapped inside",
	  "--map root makes you 0" },
	{ "a group that is not mapped", NULL, "run --user 1000:5 ls",
	  "--user: GID 5 is not mapped inside", NULL },
	{ "one behind the last", NULL, "run --map sub --user 65536 ls",
	  "--user: UID 65536 is not mapped", NULL },
	{ "a group behind the last", NULL, "run --map sub --user 1:65536 ls",
	  "--user: GID 65536 is not", NULL },
	{ "digits and a letter", NULL, "run --user 5x ls",
	  "--user takes a name or UID[:GID] in decimal", NULL },
	{ "no group behind the colon", NULL, "run --map auto --user 5: ls",
	  "--user takes a name or UID[:GID]", NULL },
	{ "a group by name", NULL, "run --map auto --user 5:staff ls",
	  "--user takes a name or UID[:GID]", NULL },
	{ "a name and a group", NULL, "shell --user root:5", "--user takes a name or UID[:GID]",
	  NULL },
	{ "in octal", NULL, "run --map auto --user 010 ls", "--user takes a name or UID[:GID]",
	  NULL },
	{ "the ID that is none", NULL, "run --map auto --user 4294967295 ls",
	  "--user takes a name or", NULL },
};

static void refuse_row(void **state)
{
	const struct bad_row *row = *state;

	begin(row->machine);
	assert_int_equal(planning_make(&p, row->line), -1);
	planning_claim_refusal(&p, row->reason, row->hint);
}

/* ---- warnings, kinds ----------------------------------------------------------------------- */

static void warnings_end(void **state)
{
	static struct plan plan;

	(void)state;
	plan = (struct plan){ .n_warnings = 0 };
	for (int i = 0; i < 2 * MAX_WARNINGS; i++)
		plan_warn(&plan, "warning %d", i);
	assert_int_equal(plan.n_warnings, MAX_WARNINGS);
	assert_string_equal(plan.warning[0], "warning 0");
	assert_string_equal(plan.warning[MAX_WARNINGS - 2], "warning 6");
	assert_string_equal(plan.warning[MAX_WARNINGS - 1], "there are more warnings than these");
}

static void kinds_have_names(void **state)
{
	(void)state;
	for (int kind = 0; kind < STEP_KINDS; kind++)
		assert_non_null(step_kind_name((enum step_kind)kind));
}

int main(void)
{
	struct CMUnitTest tests[COUNT(source_rows) + COUNT(user_rows) + COUNT(capability_rows) +
				COUNT(bad_rows) + COUNT(opened_rows) + 9];
	size_t n = 0;

	ADD_ROWS(tests, n, source_rows, choose_source);
	ADD_ROWS(tests, n, user_rows, choose_user);
	ADD_ROWS(tests, n, capability_rows, choose_capabilities);
	ADD_ROWS(tests, n, opened_rows, open_groups);
	ADD_TEST(tests, n, "the filters of the build are fresh", presets_are_fresh);
	ADD_TEST(tests, n, "whether namespaces can be made inside", namespaces_inside);
	ADD_TEST(tests, n, "whose kills are told", kills_are_told);
	ADD_ROWS(tests, n, bad_rows, refuse_row);
	ADD_TEST(tests, n, "all namespaces, but those that are shared", all_namespaces);
	ADD_TEST(tests, n, "what is set in them", namespaces_settings);
	ADD_TEST(tests, n, "what a payload has unasked", payload_defaults);
	ADD_TEST(tests, n, "what it has when asked", payload_otherwise);
	ADD_TEST(tests, n, "a list of warnings ends", warnings_end);
	ADD_TEST(tests, n, "every kind of step has a name", kinds_have_names);
	return RUN_TESTS("plan", tests, n);
}
