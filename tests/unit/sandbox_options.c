/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: the grammar, each option's values, and what is refused. */
#include "sandbox/options/options.h"

#include "tests/unit/planning.h"
#include "sandbox/personality.h"
#include "tests/unit/table.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LIVES_UNTIL_EXEC;

static struct planning p;

/* ---- grammar ------------------------------------------------------------------------------- */

static const struct row {
	const char *name, *line;
	enum command command;
	bool explain, json;
	const char *rootfs, *arguments;
} rows[] = {
	{ "run", "run ls", COMMAND_RUN, false, false, NULL, "ls" },
	{ "a command's own options stay its own", "run ls -l --share-net", COMMAND_RUN, false,
	  false, NULL,
	  "ls -l --share-net" },
	{ "dashes end the options", "run -- --odd", COMMAND_RUN, false, false, NULL, "--odd" },
	{ "only the first dashes do", "run -- a -- b", COMMAND_RUN, false, false, NULL, "a -- b" },
	{ "dashes as a value", "run --chdir -- ls", COMMAND_RUN, false, false, NULL, "ls" },
	{ "no command", "run", COMMAND_RUN, false, false, NULL, "" },
	{ "shell", "shell", COMMAND_SHELL, false, false, NULL, "" },
	{ "a shell's root", "shell /tree", COMMAND_SHELL, false, false, "/tree", "" },
	{ "a shell's root and command", "shell /tree -- id -u", COMMAND_SHELL, false, false,
	  "/tree", "id -u" },
	{ "a shell's command alone", "shell -- id", COMMAND_SHELL, false, false, NULL, "id" },
	{ "options on both sides of the root", "shell --share-net /tree --share-pid -- id",
	  COMMAND_SHELL,
	  false, false, "/tree", "id" },
	{ "a root by an option", "shell --rootfs tree -- id", COMMAND_SHELL, false, false, "tree",
	  "id" },
	{ "a shell with nothing behind the dashes", "shell /tree --", COMMAND_SHELL, false, false,
	  "/tree", "" },
	{ "explain run", "explain run ls", COMMAND_RUN, true, false, NULL, "ls" },
	{ "explain as JSON", "explain --json run --share-net ls", COMMAND_RUN, true, true, NULL,
	  "ls" },
	{ "explain shell", "explain shell /tree", COMMAND_SHELL, true, false, "/tree", "" },
	{ "a command named like one of croft's", "run shell", COMMAND_RUN, false, false, NULL,
	  "shell" },
};

static const char *join(char **words)
{
	static char text[512];

	text[0] = '\0';
	for (; *words != NULL; words++)
		(void)strcat(strcat(text, text[0] != '\0' ? " " : ""), *words);
	return text;
}

static void parse_row(void **state)
{
	const struct row *row = *state;

	planning_begin(&p);
	if (planning_parse(&p, row->line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_int_equal(p.options.command, row->command);
	assert_int_equal(p.options.explain, row->explain);
	assert_int_equal(p.options.json, row->json);
	assert_string_equal(p.options.rootfs != NULL ? p.options.rootfs : "-",
			    row->rootfs != NULL ? row->rootfs : "-");
	assert_string_equal(join(p.options.arguments), row->arguments);
}

static const struct question_row {
	const char *name, *line;
	bool help, version;
} question_rows[] = {
	{ "help of croft", "--help", true, false },
	{ "help of run", "run --help", true, false },
	{ "help of shell", "shell --help", true, false },
	{ "help of explain", "explain --help", true, false },
	{ "help behind other options", "run --share-net --bind a /b --help", true, false },
	{ "help before a command", "run --help ls", true, false },
	{ "help before what is no option", "run --help --nonsense", true, false },
	{ "help behind what waits for an operation", "run --perms 0700 --help", true, false },
	{ "help behind the root of a shell", "shell /tree --help", true, false },
	{ "version", "--version", false, true },
	{ "version of run", "run --share-net --version", false, true },
	{ "the first question counts", "run --version --help", false, true },
	{ "a value is no question", "run --setenv A --help ls", false, false },
	{ "a command's help is its own", "run ls --help", false, false },
	{ "so it is behind the dashes", "run -- --help", false, false },
};

static void ask_row(void **state)
{
	const struct question_row *row = *state;

	planning_begin(&p);
	assert_int_equal(planning_parse(&p, row->line), 0);
	assert_int_equal(p.options.help, row->help);
	assert_int_equal(p.options.version, row->version);
}

/* ---- what each option sets ----------------------------------------------------------------- */

static const struct { const char *option; int namespace; } shares[] = {
	{ "--share-net", CLONE_NEWNET }, { "--share-pid", CLONE_NEWPID }, { "--share-ipc",
	  CLONE_NEWIPC },
	{ "--share-uts", CLONE_NEWUTS }, { "--share-cgroup", CLONE_NEWCGROUP },
	{ "--share-time", CLONE_NEWTIME },
};

static void shares_set(void **state)
{
	char line[64];

	(void)state;
	for (size_t i = 0; i < COUNT(shares); i++) {
		planning_begin(&p);
		(void)snprintf(line, sizeof(line), "run %s ls", shares[i].option);
		assert_int_equal(planning_parse(&p, line), 0);
		assert_int_equal(p.options.shared, shares[i].namespace);
	}
	planning_begin(&p);
	assert_int_equal(planning_parse(&p, "run --share-net --share-time ls"), 0);
	assert_int_equal(p.options.shared, CLONE_NEWNET | CLONE_NEWTIME);
}

static const struct step_row {
	const char *name, *words;
	struct step want;
} step_rows[] = {
	{ "bind", "--bind /a /b", { .kind = STEP_BIND, .source = "/a", .target = "/b" } },
	{ "bind-try", "--bind-try /a /b",
	  { .kind = STEP_BIND, .source = "/a", .target = "/b", .optional = true } },
	{ "ro-bind", "--ro-bind a /b", { .kind = STEP_BIND, .source = "a", .target = "/b",
	  .read_only = true } },
	{ "ro-bind-try", "--ro-bind-try /a /b",
	  { .kind = STEP_BIND, .source = "/a", .target = "/b", .read_only = true,
	  .optional = true } },
	{ "dev-bind", "--dev-bind /a /b", { .kind = STEP_BIND, .source = "/a", .target = "/b",
	  .devices = true } },
	{ "dev-bind-try", "--dev-bind-try /a /b",
	  { .kind = STEP_BIND, .source = "/a", .target = "/b", .devices = true,
	  .optional = true } },
	{ "tmpfs", "--tmpfs /b", { .kind = STEP_TMPFS, .target = "/b" } },
	{ "tmpfs with both", "--perms 1777 --size 65536 --tmpfs /b",
	  { .kind = STEP_TMPFS, .target = "/b", .has_mode = true, .mode = 01777, .size = 65536 } },
	{ "tmpfs with both, the other way round", "--size 65536 --perms 1777 --tmpfs /b",
	  { .kind = STEP_TMPFS, .target = "/b", .has_mode = true, .mode = 01777, .size = 65536 } },
	{ "dir", "--dir /b", { .kind = STEP_DIR, .target = "/b" } },
	{ "dir with a mode", "--perms 0 --dir /b",
	  { .kind = STEP_DIR, .target = "/b", .has_mode = true, .mode = 0 } },
	{ "file", "--file 0 /b", { .kind = STEP_FILE, .target = "/b", .fd = 0 } },
	{ "file with a mode", "--perms 600 --file 9 /b",
	  { .kind = STEP_FILE, .target = "/b", .fd = 9, .has_mode = true, .mode = 0600 } },
	{ "symlink", "--symlink ../a /b", { .kind = STEP_SYMLINK, .source = "../a",
	  .target = "/b" } },
	{ "proc", "--proc /b", { .kind = STEP_PROC, .target = "/b" } },
	{ "dev", "--dev /b", { .kind = STEP_DEV, .target = "/b" } },
	{ "sys", "--sys /b", { .kind = STEP_SYS, .target = "/b" } },
	{ "mqueue", "--mqueue /b", { .kind = STEP_MQUEUE, .target = "/b" } },
	{ "remount-ro", "--remount-ro /b", { .kind = STEP_REMOUNT_RO, .target = "/b" } },
	{ "chmod", "--chmod 4755 /b", { .kind = STEP_CHMOD, .target = "/b", .mode = 04755 } },
	{ "overlay", "--overlay-src /l --overlay /u /w /b",
	  { .kind = STEP_OVERLAY, .source = "/u", .work = "/w", .target = "/b" } },
	{ "tmp-overlay", "--overlay-src /l --tmp-overlay /b",
	  { .kind = STEP_OVERLAY, .target = "/b", .temporary = true } },
	{ "ro-overlay", "--overlay-src /l --overlay-src /m --ro-overlay /b",
	  { .kind = STEP_OVERLAY, .target = "/b" } },
	{ "an option between does not take the mode", "--perms 700 --setenv A B --dir /b",
	  { .kind = STEP_DIR, .target = "/b", .has_mode = true, .mode = 0700 } },
};

static void same_text(const char *have, const char *want)
{
	assert_string_equal(have != NULL ? have : "(none)", want != NULL ? want : "(none)");
}

static void make_step(void **state)
{
	const struct step_row *row = *state;
	const struct step *have, *want = &row->want;
	char line[128];

	planning_begin(&p);
	(void)snprintf(line, sizeof(line), "run %s -- ls", row->words);
	if (planning_parse(&p, line) < 0)
		fail_msg("refused: %s", p.why.what);
	assert_int_equal(p.options.steps.n, 1);
	have = p.options.steps.step;
	assert_int_equal(have->kind, want->kind);
	same_text(have->source, want->source);
	same_text(have->target, want->target);
	same_text(have->work, want->work);
	assert_int_equal(have->has_mode, want->has_mode);
	assert_int_equal(have->mode, want->mode);
	assert_true(have->size == want->size);
	assert_int_equal(have->read_only, want->read_only);
	assert_int_equal(have->devices, want->devices);
	assert_int_equal(have->optional, want->optional);
	assert_int_equal(have->temporary, want->temporary);
	assert_false(have->by_default);
	if (want->kind == STEP_FILE)
		assert_int_equal(have->fd, want->fd);
	assert_int_equal(have->layers != NULL, want->kind == STEP_OVERLAY);
}

/* The modifiers speak of one operation; the layers stay in order, and apart. */
static void modifiers_are_used_up(void **state)
{
	const struct step *step;

	(void)state;
	planning_begin(&p);
	assert_int_equal(planning_parse(&p, "run --perms 700 --size 4096 --tmpfs /a --tmpfs /b "
					"--overlay-src /1 --overlay-src /2 --ro-overlay /c "
					"--overlay-src /3 --tmp-overlay /d ls"), 0);
	step = p.options.steps.step;
	assert_int_equal(p.options.steps.n, 4);
	assert_true(step[0].has_mode && step[0].size == 4096);
	assert_false(step[1].has_mode || step[1].size != 0);
	assert_string_equal(step[2].layers[0], "/1");
	assert_string_equal(step[2].layers[1], "/2");
	assert_null(step[2].layers[2]);
	assert_string_equal(step[3].layers[0], "/3");
	assert_null(step[3].layers[1]);
}

static void many_steps_stay_in_order(void **state)
{
	enum { MANY = 4000 };
	static char *words[3 * MANY + 4];
	static char target[MANY][16];
	size_t n = 0;

	(void)state;
	words[n++] = (char *)(uintptr_t)"croft";
	words[n++] = (char *)(uintptr_t)"run";
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(target[i], sizeof(target[i]), "/%d", i);
		words[n++] = (char *)(uintptr_t)"--bind";
		words[n++] = words[0];
		words[n++] = target[i];
	}
	words[n++] = words[0];
	planning_begin(&p);
	assert_int_equal(options_parse(&p.options, &personality_of_croft, words, &p.why), 0);
	assert_int_equal(p.options.steps.n, MANY);
	for (int i = 0; i < MANY; i++)
		assert_string_equal(p.options.steps.step[i].target, target[i]);
}

static void values_set(void **state)
{
	(void)state;
	planning_begin(&p);
	assert_int_equal(
		planning_parse(&p, "run --hostname h --boottime-offset -5 --monotonic-offset=7 "
				   "--user 5:6 --map keep --map-source newuidmap --setgroups deny "
				   "--chdir d --argv0 zero --share-tty --new-session "
				   "--no-die-with-parent --as-pid-1 --rootfs-ro r ls"),
		0);
	assert_string_equal(p.options.hostname, "h");
	assert_true(p.options.boottime_offset == -5 && p.options.monotonic_offset == 7);
	assert_string_equal(p.options.user, "5:6");
	assert_int_equal(p.options.map, MAP_KEEP);
	assert_int_equal(p.options.source, SOURCE_NEWUIDMAP);
	assert_int_equal(p.options.setgroups, SETGROUPS_DENY);
	assert_string_equal(p.options.directory, "d");
	assert_string_equal(p.options.argv0, "zero");
	assert_true(p.options.shared_terminal && p.options.new_session && p.options.outlive);
	assert_true(p.options.as_pid_1 && p.options.rootfs_read_only);
	assert_string_equal(p.options.rootfs, "r");
}

static void unsaid_is_unsaid(void **state)
{
	(void)state;
	planning_begin(&p);
	assert_int_equal(planning_parse(&p, "run ls"), 0);
	assert_int_equal(p.options.setgroups, UNSAID);
	assert_int_equal(p.options.map, MAP_DEFAULT);
	assert_int_equal(p.options.source, SOURCE_AUTO);
	assert_int_equal(p.options.shared, 0);
	assert_false(p.options.outlive || p.options.as_pid_1 || p.options.empty_root);
}

static void environment_in_order(void **state)
{
	const struct environment_change *change;

	(void)state;
	planning_begin(&p);
	assert_int_equal(
		planning_parse(&p, "run --setenv A a=b --unsetenv B --clearenv --setenv C '' ls"),
		0);
	change = p.options.environment;
	assert_int_equal(p.options.n_environment, 4);
	assert_int_equal(change[0].act, ENVIRONMENT_SET);
	assert_string_equal(change[0].name, "A");
	assert_string_equal(change[0].value, "a=b");
	assert_int_equal(change[1].act, ENVIRONMENT_UNSET);
	assert_string_equal(change[1].name, "B");
	assert_int_equal(change[2].act, ENVIRONMENT_CLEAR);
	assert_string_equal(change[3].value, "");
}

static void last_word_on_a_capability(void **state)
{
	(void)state;
	planning_begin(&p);
	assert_int_equal(
		planning_parse(&p,
			       "run --cap-add net_raw --cap-add CAP_KILL --cap-drop cap_kill ls"),
		0);
	assert_true(p.options.capabilities_added == UINT64_C(1) << 13);
	assert_true(p.options.capabilities_dropped == UINT64_C(1) << 5);
	planning_begin(&p);
	assert_int_equal(planning_parse(&p, "run --cap-drop all --cap-add chown ls"), 0);
	assert_true(p.options.capabilities_added == 1);
	assert_true((p.options.capabilities_dropped & 1) == 0);
	assert_true(p.options.capabilities_dropped >> 1 != 0);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static const struct bad_row {
	const char *name, *line, *reason;
} bad_rows[] = {
	{ "nothing at all", "", "croft needs to be told" },
	{ "a call that does not exist", "run --allow-syscalls read,raed ls",
	  "there is no system call or group 'raed'" },
	{ "a group that does not exist", "run --deny-syscalls @nonsense ls",
	  "there is no system call or group '@nonsense'" },
	{ "a group without its sign", "run --deny-syscalls mounts ls",
	  "there is no system call or group 'mounts'" },
	{ "an empty name of a call", "run --deny-syscalls ,read ls",
	  "there is no system call or group ''" },
	{ "a filter that is no number", "run --seccomp -1 ls",
	  "--seccomp takes the number of a descriptor, not '-1'" },
	{ "a filter twice", "run --seccomp 3 --seccomp 3 ls", "--seccomp is given two filters" },
	{ "too many filters", "run --add-seccomp-fd 3 --add-seccomp-fd 3 --add-seccomp-fd 3 "
	  "--add-seccomp-fd 3 --add-seccomp-fd 3 --add-seccomp-fd 3 --add-seccomp-fd 3 "
	  "--add-seccomp-fd 3 --add-seccomp-fd 3 --add-seccomp-fd 3 --add-seccomp-fd 3 "
	  "--add-seccomp-fd 3 --add-seccomp-fd 3 --add-seccomp-fd 3 --seccomp-policy x "
	  "--add-seccomp-fd 3 ls", "--add-seccomp-fd 3 is one filter too many" },
	{ "options without a command", "--share-net ls",
	  "croft needs to be told, before its options" },
	{ "no such command", "ls", "there is no command ls" },
	{ "explain without a command", "explain", "croft explain needs to be told" },
	{ "explain of a program", "explain ls", "there is no command ls" },
	{ "JSON of nothing", "explain --json", "croft explain needs to be told" },
	{ "no such option", "run --nonsense ls", "there is no option --nonsense" },
	{ "the beginning of an option", "run --share ls", "there is no option --share" },
	{ "more than an option", "run --binds a /b ls", "there is no option --binds" },
	{ "one dash", "run -share-net ls", "there is no option -share-net" },
	{ "a lone dash", "run - ls", "there is no option -" },
	{ "dashes and an equals sign", "run --=x ls", "there is no option --" },
	{ "bwrap's way to unshare", "run --unshare-all ls", "there is no option --unshare-all" },
	{ "no value", "run --bind", "--bind needs SRC" },
	{ "only one of two values", "run --bind /a", "--bind needs DEST" },
	{ "only two of three", "run --overlay-src l --overlay u w", "--overlay needs DEST" },
	{ "an equals sign where there is no value", "run --share-net=yes ls",
	  "--share-net takes nothing after an equals sign" },
	{ "an equals sign where there are two", "run --bind=/a /b ls",
	  "--bind takes its values as words, not after an equals sign" },
	{ "two roots", "shell --rootfs /a /b", "two root file systems are asked for: /a and /b" },
	{ "two roots by option", "run --rootfs /a --rootfs-ro /b ls", "two root file systems" },
	{ "an empty root", "shell ''", "the root file system is an empty word" },
	{ "an empty root by option", "run --rootfs '' ls", "--rootfs takes a directory" },
	{ "a shell's command without dashes", "shell /a id", "id is one word too many" },

	{ "a map mode that is none", "run --map many ls",
	  "--map takes auto, sub, keep, self or root, not 'many'" },
	{ "a map mode and ranges", "run --map auto --uid-map 0:1:1 ls",
	  "--map and --uid-map exclude each other" },
	{ "ranges and a map mode", "run --gid-map 0:1:1 --map auto ls", "exclude each other" },
	{ "a range of two numbers", "run --uid-map 0:1 ls",
	  "INSIDE:OUTSIDE:COUNT in decimal numbers, not '0:1'" },
	{ "a range of four", "run --uid-map 0:1:1:1 ls", "INSIDE:OUTSIDE:COUNT" },
	{ "a range in octal", "run --uid-map 0:010:1 ls", "INSIDE:OUTSIDE:COUNT" },
	{ "a range in hexadecimal", "run --gid-map 0:0x10:1 ls",
	  "--gid-map takes INSIDE:OUTSIDE:COUNT" },
	{ "a negative range", "run --uid-map 0:-1:1 ls", "INSIDE:OUTSIDE:COUNT" },
	{ "a range that 32 bits would wrap", "run --uid-map 0:4294967301:1 ls",
	  "INSIDE:OUTSIDE:COUNT" },
	{ "a comma too many", "run --uid-map 0:1:1, ls", "INSIDE:OUTSIDE:COUNT" },
	{ "a blank range", "run --uid-map '' ls", "INSIDE:OUTSIDE:COUNT" },
	{ "blanks instead of colons", "run --uid-map=0.1.1 ls", "INSIDE:OUTSIDE:COUNT" },
	{ "a source that is none", "run --map-source sudo ls",
	  "auto, croft, newuidmap or kernel, not 'sudo'" },
	{ "setgroups otherwise", "run --setgroups maybe ls",
	  "--setgroups takes allow or deny, not 'maybe'" },
	{ "nobody", "run --user '' ls", "--user takes a name or UID[:GID], not ''" },

	{ "an empty host name", "run --hostname '' ls",
	  "--hostname takes a name of 1 to 64 bytes" },
	{ "a host name of 65 bytes",
	  "run --hostname aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg ls",
	  "--hostname takes a name of 1 to 64 bytes" },
	{ "a host name of two lines", "run --hostname a\nb ls", "in plain ASCII without blanks" },
	{ "a host name beyond ASCII", "run --hostname ä ls", "in plain ASCII without blanks" },
	{ "an offset that is none", "run --boottime-offset 1.5 ls",
	  "--boottime-offset takes a number of seconds" },
	{ "two signs", "run --boottime-offset --5 ls", "a number of seconds" },
	{ "a plus", "run --monotonic-offset +5 ls",
	  "--monotonic-offset takes a number of seconds" },
	{ "more than the kernel takes", "run --monotonic-offset 4611686019 ls",
	  "a number of seconds" },

	{ "a relative target", "run --bind /a b ls",
	  "--bind: the path inside must begin with /, unlike 'b'" },
	{ "an empty target", "run --tmpfs '' ls", "--tmpfs: the path inside must begin with /" },
	{ "an empty source", "run --ro-bind '' /b ls", "--ro-bind: the source is an empty path" },
	{ "a link to nothing", "run --symlink '' /b ls",
	  "--symlink: the link would point to nothing" },
	{ "a descriptor that is none", "run --file -1 /b ls",
	  "--file takes the number of a descriptor, not '-1'" },
	{ "a descriptor with a letter", "run --file 0a /b ls",
	  "the number of a descriptor, not '0a'" },
	{ "a descriptor beyond int", "run --file 2147483648 /b ls", "the number of a descriptor" },
	{ "a mode in letters", "run --chmod u+x /b ls", "--chmod takes an octal mode up to 7777" },
	{ "a mode too large", "run --perms 10000 --dir /b ls",
	  "--perms takes an octal mode up to 7777" },
	{ "permissions twice", "run --perms 700 --perms 755 --dir /b ls",
	  "--perms is given twice" },
	{ "permissions of a bind", "run --perms 700 --bind /a /b ls",
	  "--perms does not apply to --bind" },
	{ "permissions of a link", "run --perms 700 --symlink a /b ls",
	  "--perms does not apply to --symlink" },
	{ "permissions of nothing", "run --perms 700 ls",
	  "--perms is not followed by an operation" },
	{ "a size of nothing", "run --size 5 -- ls", "--size is not followed by an operation" },
	{ "a layer of nothing", "run --overlay-src /l ls",
	  "--overlay-src is not followed by an operation" },
	{ "the size of a directory", "run --size 5 --perms 700 --dir /b ls",
	  "--size does not apply to --dir" },
	{ "a size twice", "run --size 5 --size 5 --tmpfs /b ls", "--size is given twice" },
	{ "a size of 0", "run --size 0 --tmpfs /b ls", "--size takes a number of bytes above 0" },
	{ "a size with a unit", "run --size 1M --tmpfs /b ls", "--size takes a number of bytes" },
	{ "a size of half the memory there can be", "run --size 9223372036854775808 --tmpfs /b ls",
	  "--size takes a number of bytes" },
	{ "layers of a tmpfs", "run --overlay-src /l --tmpfs /b ls",
	  "--overlay-src does not apply to --tmpfs" },
	{ "an overlay without layers", "run --overlay u w /b ls",
	  "--overlay needs an --overlay-src before it" },
	{ "a temporary one", "run --tmp-overlay /b ls", "--tmp-overlay needs an --overlay-src" },
	{ "a read-only one with one layer", "run --overlay-src l --ro-overlay /b ls",
	  "--ro-overlay needs two or more --overlay-src" },
	{ "an empty layer", "run --overlay-src '' --tmp-overlay /b ls",
	  "--overlay-src takes a directory" },
	{ "an empty upper directory", "run --overlay-src l --overlay '' w /b ls",
	  "a directory is an empty path" },

	{ "a variable without a name", "run --setenv '' x ls",
	  "--setenv takes a name without an equals sign" },
	{ "a variable with an equals sign", "run --unsetenv A=b ls",
	  "--unsetenv takes a name without" },
	{ "an empty directory", "run --chdir '' ls", "--chdir takes a directory" },
	{ "a name of its own twice", "run --argv0 a --argv0 b ls", "--argv0 is given twice" },
	{ "no such capability", "run --cap-add root ls", "there is no capability root" },
	{ "a capability by number", "run --cap-add 5 ls", "there is no capability 5" },
	{ "a very long capability",
	  "run --cap-add aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg ls",
	  "there is no capability" },
	{ "no such limit", "run --rlimit files=1 ls", "with the name of a limit, not 'files=1'" },
};

static void refuse_row(void **state)
{
	const struct bad_row *row = *state;

	planning_begin(&p);
	assert_int_equal(planning_parse(&p, row->line), -1);
	planning_claim_refusal(&p, row->reason, NULL);
}

static void long_paths(void **state)
{
	static char path[4097];
	char *words[] = { path, (char *)(uintptr_t) "run", (char *)(uintptr_t) "--dir", path, path,
			  NULL };

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	planning_begin(&p);
	assert_int_equal(options_parse(&p.options, &personality_of_croft, words, &p.why), -1);
	planning_claim_refusal(&p, "--dir: the path inside has 4096 bytes", NULL);
	path[4095] = '\0';
	planning_begin(&p);
	assert_int_equal(options_parse(&p.options, &personality_of_croft, words, &p.why), 0);
}

static void no_words_at_all(void **state)
{
	char *words[] = { NULL };

	(void)state;
	planning_begin(&p);
	assert_int_equal(options_parse(&p.options, &personality_of_croft, words, &p.why), -1);
	planning_claim_refusal(&p, "croft needs to be told", NULL);
}

/* --help, the manual and the completions are printed from the table: no row without its words. */
static void table_is_whole(void **state)
{
	(void)state;
	for (size_t s = 0; s < n_option_sections; s++) {
		assert_true(option_sections[s]->title != NULL && option_sections[s]->n > 0);
		for (size_t i = 0; i < option_sections[s]->n; i++) {
			const struct option_row *row = &option_sections[s]->rows[i];

			assert_true(row->name != NULL && row->set != NULL && row->help != NULL);
			assert_true(strncmp(row->name, "--", 2) != 0 &&
				    strchr(row->name, '=') == NULL);
			for (size_t t = 0; t <= s; t++)
				for (size_t j = 0; j < (t < s ? option_sections[t]->n : i); j++)
					assert_string_not_equal(row->name,
								option_sections[t]->rows[j].name);
		}
	}
}

int main(void)
{
	struct CMUnitTest
		tests[COUNT(rows) + COUNT(question_rows) + COUNT(step_rows) + COUNT(bad_rows) + 10];
	size_t n = 0;

	ADD_ROWS(tests, n, rows, parse_row);
	ADD_ROWS(tests, n, question_rows, ask_row);
	ADD_ROWS(tests, n, step_rows, make_step);
	ADD_ROWS(tests, n, bad_rows, refuse_row);
	ADD_TEST(tests, n, "each namespace can be shared", shares_set);
	ADD_TEST(tests, n, "modifiers speak of one operation", modifiers_are_used_up);
	ADD_TEST(tests, n, "4,000 steps stay in order", many_steps_stay_in_order);
	ADD_TEST(tests, n, "single values are set", values_set);
	ADD_TEST(tests, n, "what is not said stays unsaid", unsaid_is_unsaid);
	ADD_TEST(tests, n, "changes of the environment stay in order", environment_in_order);
	ADD_TEST(tests, n, "the last word on a capability counts", last_word_on_a_capability);
	ADD_TEST(tests, n, "a path inside has 4,095 bytes at most", long_paths);
	ADD_TEST(tests, n, "without even a name of its own", no_words_at_all);
	ADD_TEST(tests, n, "the table is whole, and no name is there twice", table_is_whole);
	return RUN_TESTS("options", tests, n);
}
