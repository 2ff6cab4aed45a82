/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The root that comes without asking: which steps, in which order, around the user's own. */
#include "sandbox/rootfs/layout.h"

#include "tests/unit/planning.h"
#include "tests/unit/table.h"

#include <stdio.h>
#include <string.h>

LIVES_UNTIL_EXEC;

static struct planning p;

/* "bind /usr>/usr:ro,try tmpfs /tmp" */
static const char *print_steps(const struct steps *steps)
{
	static char text[16384];
	char *at = text;

	*at = '\0';
	for (size_t i = 0; i < steps->n; i++) {
		const struct step *step = &steps->step[i];
		bool has_source = step->source != NULL && step->kind != STEP_TEXT;

		at += sprintf(at, "%s%s %s%s%s%s%s", i > 0 ? " " : "", step_kind_name(step->kind),
			      has_source ? step->source : "", has_source ? ">" : "", step->target,
			      step->read_only ? ":ro" : "", step->optional ? ":try" : "");
	}
	return text;
}

#define ETC \
	"text /etc/passwd text /etc/group text /etc/nsswitch.conf " \
	"symlink /proc/self/mounts>/etc/mtab"
#define HOST \
	"tmpfs / bind /usr>/usr:ro:try symlink usr/bin>/bin " \
	"dir /home dir /run dir /tmp dir /var/tmp symlink ../run>/var/run "
#define NAMES "bind /etc/resolv.conf>/etc/resolv.conf:ro:try bind /etc/hosts>/etc/hosts:ro:try"
#define SHELL "bind /etc/profile>/etc/profile:ro:try bind /etc/profile.d>/etc/profile.d:ro:try " \
	      "bind /etc/bash.bashrc>/etc/bash.bashrc:ro:try bind /etc/bashrc>/etc/bashrc:ro:try " \
	      "bind /etc/inputrc>/etc/inputrc:ro:try"
#define KERNEL "proc /proc dev /dev"

static const struct row {
	const char *name, *line, *steps;
} rows[] = {
	{ "a command's root, of the host's directories", "run ls",
	  HOST "dir /home/alice " ETC " text /etc/hosts " KERNEL },
	{ "with the network come its names", "run --share-net ls",
	  HOST "dir /home/alice " ETC " " NAMES " bind /etc/services>/etc/services:ro:try "
	  "bind /etc/protocols>/etc/protocols:ro:try " KERNEL },
	{ "a shell's root has what shells read", "shell",
	  HOST "dir /root " ETC " text /etc/hosts " SHELL " " KERNEL },
	{ "the user's steps come last, in their order",
	  "run --tmpfs /b --ro-bind /a /c --dir /usr/x ls",
	  HOST "dir /home/alice " ETC " text /etc/hosts " KERNEL
	  " tmpfs /b bind /a>/c:ro dir /usr/x" },
	{ "what the user places is not placed twice", "run --dev /dev --proc /proc ls",
	  HOST "dir /home/alice " ETC " text /etc/hosts dev /dev proc /proc" },
	{ "elsewhere is elsewhere", "run --proc /proc2 ls",
	  HOST "dir /home/alice " ETC " text /etc/hosts " KERNEL " proc /proc2" },

	{ "a tree", "shell /tree", "bind /tree>/ " KERNEL " sys /sys:try" },
	{ "a tree by option", "run --rootfs tree ls", "bind tree>/ " KERNEL " sys /sys:try" },
	{ "a read-only tree has places to write", "run --rootfs-ro /tree ls",
	  "bind /tree>/:ro tmpfs /tmp tmpfs /var/tmp tmpfs /run " KERNEL " sys /sys:try" },
	{ "a tree with the network's names", "shell --share-net /tree",
	  "bind /tree>/ " KERNEL " sys /sys:try " NAMES },
	{ "the host's own tree has them", "shell --share-net /",
	  "bind />/ " KERNEL " sys /sys:try" },
	{ "steps on a tree", "run --rootfs /tree --sys /sys --bind /a /b ls",
	  "bind /tree>/ " KERNEL " sys /sys bind /a>/b" },

	{ "a root that the user brings: nothing below it", "run --ro-bind / / ls",
	  "bind />/:ro " KERNEL },
	{ "with what the user places on it",
	  "run --ro-bind / / --proc /proc --dev /dev --tmpfs /tmp ls",
	  "bind />/:ro proc /proc dev /dev tmpfs /tmp" },
	{ "spelled otherwise", "run --bind /a // ls", "bind /a>// " KERNEL },
	{ "a tmpfs of the user's", "run --size 4096 --tmpfs / ls", "tmpfs / " KERNEL },
	{ "an overlay", "run --overlay-src /a --tmp-overlay / ls", "overlay / " KERNEL },
	{ "one that may be missing is not a root", "run --bind-try /a / ls",
	  HOST "dir /home/alice " ETC " text /etc/hosts " KERNEL " bind /a>/:try" },
	{ "one that comes later covers", "run --dir /x --bind /a / ls",
	  HOST "dir /home/alice " ETC " text /etc/hosts " KERNEL " dir /x bind /a>/" },

	{ "an empty root", "run --empty-root ls", "tmpfs /" },
	{ "an empty root with steps", "run --empty-root --dir /x ls", "tmpfs / dir /x" },
	{ "an empty root needs no other below the user's", "run --empty-root --bind /a / ls",
	  "bind /a>/" },
};

static void make_row(void **state)
{
	const struct row *row = *state;

	planning_begin(&p);
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_string_equal(print_steps(&p.plan.steps), row->steps);
}

static void takes_host(void **state)
{
	static const struct { const char *line; bool takes; } lines[] = {
		{ "run ls", true }, { "shell", true }, { "run --tmpfs /x ls", true },
		{ "run --bind-try / / ls", true }, { "shell /tree", false },
		{ "run --rootfs-ro / ls", false },
		{ "run --bind / / ls", false }, { "run --empty-root ls", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		planning_begin(&p);
		assert_int_equal(planning_parse(&p, lines[i].line), 0);
		if (layout_takes_host(&p.options) != lines[i].takes)
			fail_msg("%s", lines[i].line);
	}
}

static const struct step *find(const char *target)
{
	for (size_t i = 0; i < p.plan.steps.n; i++)
		if (strcmp(p.plan.steps.step[i].target, target) == 0)
			return &p.plan.steps.step[i];
	fail_msg("there is no %s", target);
	return NULL;
}

/* ---- accounts ------------------------------------------------------------------------------ */

#define NOBODY "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"
#define NOGROUP "nogroup:x:65534:\n"

static void no_account(void)
{
	p.facts.name = p.facts.shell = NULL;
}

static void service_account(void)
{
	p.facts.shell = "/usr/sbin/nologin";
}

static void false_account(void)
{
	p.facts.shell = "/bin/false";
}

static void shell_at_home(void)
{
	p.facts.shell = "/home/alice/bin/zsh";
}

static void nobody_calls(void)
{
	p.facts.uid = p.facts.gid = 65533;
	p.facts.name = "guest";
}

static const struct account_row {
	const char *name;
	void (*machine)(void);
	const char *line, *passwd, *group, *payloads;
} account_rows[] = {
	{ "the caller", NULL, "run ls", "alice:x:1000:1000::/home/alice:/bin/bash\n" NOBODY,
	  "alice:x:1000:\n" NOGROUP, "/home/alice" },
	{ "the caller as root", NULL, "run --map root ls", "root:x:0:0::/root:/bin/bash\n" NOBODY,
	  "root:x:0:\n" NOGROUP, "/root" },
	{ "the caller beside root", NULL, "run --map keep ls",
	  "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n" NOBODY,
	  "root:x:0:\nalice:x:1000:\n" NOGROUP, "/home/alice" },
	{ "root beside the caller", NULL, "shell --map keep",
	  "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n" NOBODY,
	  "root:x:0:\nalice:x:1000:\n" NOGROUP, "/root" },
	{ "someone else", NULL, "run --map auto --user 33:44 ls",
	  "root:x:0:0::/root:/bin/bash\nuser33:x:33:44::/home/user33:/bin/bash\n" NOBODY,
	  "root:x:0:\nuser33:x:44:\n" NOGROUP, "/home/user33" },
	{ "nobody", NULL, "run --map auto --user 65534 ls", "root:x:0:0::/root:/bin/bash\n" NOBODY,
	  "root:x:0:\n" NOGROUP, NULL },
	{ "a caller without an account", no_account, "run ls",
	  "user:x:1000:1000::/home/user:/bin/sh\n" NOBODY, "user:x:1000:\n" NOGROUP, "/home/user" },
	{ "an account that must not log in", service_account, "run ls",
	  "alice:x:1000:1000::/home/alice:/bin/sh\n" NOBODY, "alice:x:1000:\n" NOGROUP,
	  "/home/alice" },
	{ "another one", false_account, "run ls",
	  "alice:x:1000:1000::/home/alice:/bin/sh\n" NOBODY, "alice:x:1000:\n" NOGROUP,
	  "/home/alice" },
	{ "a shell that is not there inside", shell_at_home, "run ls",
	  "alice:x:1000:1000::/home/alice:/bin/sh\n" NOBODY, "alice:x:1000:\n" NOGROUP,
	  "/home/alice" },
	{ "the last number before nobody", nobody_calls, "run ls",
	  "guest:x:65533:65533::/home/guest:/bin/bash\n" NOBODY, "guest:x:65533:\n" NOGROUP,
	  "/home/guest" },
};

static void name_accounts(void **state)
{
	const struct account_row *row = *state;

	planning_begin(&p);
	if (row->machine != NULL)
		row->machine();
	if (planning_make(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_string_equal(find("/etc/passwd")->source, row->passwd);
	assert_string_equal(find("/etc/group")->source, row->group);
	for (size_t i = 0; i < p.plan.steps.n; i++) {
		const struct step *step = &p.plan.steps.step[i];

		assert_int_equal(step->payloads,
				 row->payloads != NULL && strcmp(step->target, row->payloads) == 0);
	}
}

/* ---- details ------------------------------------------------------------------------------- */

static void modes(void **state)
{
	static const struct { const char *target; uint32_t mode; } want[] = {
		{ "/", 0755 }, { "/home", 0755 }, { "/run", 0755 }, { "/tmp", 01777 },
		{ "/var/tmp", 01777 }, { "/home/alice", 0700 },
	};

	(void)state;
	planning_begin(&p);
	assert_int_equal(planning_make(&p, "run ls"), 0);
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_true(find(want[i].target)->has_mode);
		assert_int_equal(find(want[i].target)->mode, want[i].mode);
	}
}

/* `croft explain` tells them apart; and of the host's, none can be written or is required. */
static void defaults_are_marked(void **state)
{
	(void)state;
	planning_begin(&p);
	assert_int_equal(planning_make(&p, "run --bind /a /b ls"), 0);
	for (size_t i = 0; i < p.plan.steps.n; i++) {
		const struct step *step = &p.plan.steps.step[i];

		assert_int_equal(step->by_default, strcmp(step->target, "/b") != 0);
		if (step->by_default && step->kind == STEP_BIND)
			assert_true(step->read_only && step->optional && !step->devices);
	}
}

static void host_name_is_known(void **state)
{
	(void)state;
	planning_begin(&p);
	assert_int_equal(planning_make(&p, "run --hostname box ls"), 0);
	assert_non_null(strstr(find("/etc/hosts")->source, "127.0.0.1 localhost\n"));
	assert_non_null(strstr(find("/etc/hosts")->source, "127.0.1.1 box\n"));
	planning_begin(&p);
	assert_int_equal(planning_make(&p, "run --share-uts ls"), 0);
	assert_null(strstr(find("/etc/hosts")->source, "(null)"));
}

/* No secret, no identity of the host, and nothing that the next release renames. */
static void host_paths_are_few(void **state)
{
	static const char *const never[] = {
		"/etc", "/etc/passwd", "/etc/shadow", "/etc/ssh", "/etc/ssl", "/etc/ssl/private",
		"/etc/pki", "/etc/machine-id", "/etc/hostname", "/home", "/root", "/var", "/run",
		"/tmp", "/proc", "/sys", "/dev",
	};
	size_t n = 0;

	(void)state;
	for (; layout_host_paths[n] != NULL; n++) {
		for (size_t i = 0; i < COUNT(never); i++)
			assert_string_not_equal(layout_host_paths[n], never[i]);
		if (strncmp(layout_host_paths[n], "/lib", 4) != 0)
			assert_null(strpbrk(layout_host_paths[n], "0123456789"));
	}
	assert_true(n < HOST_PATHS);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(account_rows) + 5];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, make_row);
	ADD_ROWS(tests, n, account_rows, name_accounts);
	ADD_TEST(tests, n, "whether the host's directories are looked at", takes_host);
	ADD_TEST(tests, n, "permissions", modes);
	ADD_TEST(tests, n, "what croft adds is marked, and read-only", defaults_are_marked);
	ADD_TEST(tests, n, "the host name is in the hosts", host_name_is_known);
	ADD_TEST(tests, n, "of the host, no secret and no identity", host_paths_are_few);
	return RUN_TESTS("layout", tests, n);
}
