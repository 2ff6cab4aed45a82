/* SPDX-License-Identifier: GPL-2.0-or-later */
/* option_table - the only list of options, and what each of them sets */
#include "sandbox/options.h"

#include "sandbox/capabilities.h"
#include "sandbox/limits.h"
#include "sandbox/number.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))
#define FLAG(member) offsetof(struct options, member)
#define SETTER(name) \
	static int name(struct options *o UNUSED, const struct option_row *row UNUSED, \
			char **value UNUSED, struct failure *why UNUSED)

static int bad_value(const struct option_row *row, const char *value, const char *wanted,
		     struct failure *why)
{
	return fail(why, 0, "--%s takes %s, not '%s'", row->name, wanted, value);
}

/* Grows an array by one zeroed element.  Nothing was begun yet: out of memory is the end. */
static void *grow(void *array, size_t n, size_t size)
{
	char *grown = reallocarray(array, n + 1, size);

	if (grown == NULL) {
		perror("croft");
		exit(EXIT_SANDBOX);
	}
	memset(grown + n * size, 0, size);
	return grown;
}

/* ---- identity ------------------------------------------------------------------------------ */

SETTER(set_map)
{
	static const char *const words[] = {
		[MAP_AUTO] = "auto", [MAP_SUB] = "sub", [MAP_KEEP] = "keep",
		[MAP_SELF] = "self", [MAP_ROOT] = "root",
	};

	if (o->map == MAP_EXPLICIT)
		return fail(why, 0, "--map and --uid-map or --gid-map exclude each other");
	for (size_t i = MAP_AUTO; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value[0], words[i]) == 0) {
			o->map = (enum map_mode)i;
			return 0;
		}
	return bad_value(row, value[0], "auto, sub, keep, self or root", why);
}

static const char *read_range(const char *text, struct idrange *range)
{
	uint32_t *const fields[] = { &range->inside, &range->outside, &range->count };

	for (size_t i = 0; i < 3; i++) {
		uint64_t number = 0;

		if (i > 0 && *text++ != ':')
			return NULL;
		text = number_read(text, UINT32_MAX, &number);
		if (text == NULL)
			return NULL;
		*fields[i] = (uint32_t)number;
	}
	return text;
}

SETTER(set_id_map)
{
	struct idmap *map = row->word == 'u' ? &o->uid_map : &o->gid_map;
	const char *text = value[0];

	if (o->map != MAP_EXPLICIT && o->map != MAP_DEFAULT)
		return fail(why, 0, "--map and --%s exclude each other", row->name);
	o->map = MAP_EXPLICIT;
	for (;;) {
		if (map->n == IDMAP_MAX)
			return fail(why, 0, "--%s: more than %d ranges", row->name, IDMAP_MAX);
		text = read_range(text, &map->range[map->n]);
		if (text == NULL || (*text != '\0' && *text != ','))
			return bad_value(row, value[0], "INSIDE:OUTSIDE:COUNT in decimal numbers",
					 why);
		map->n++;
		if (*text++ == '\0')
			return 0;
	}
}

SETTER(set_map_source)
{
	static const char *const words[] = {
		[SOURCE_AUTO] = "auto", [SOURCE_CROFT] = "croft",
		[SOURCE_NEWUIDMAP] = "newuidmap", [SOURCE_KERNEL] = "kernel",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value[0], words[i]) == 0) {
			o->source = (enum map_source)i;
			return 0;
		}
	return bad_value(row, value[0], "auto, croft, newuidmap or kernel", why);
}

SETTER(set_setgroups)
{
	if (strcmp(value[0], "allow") == 0)
		o->setgroups = SETGROUPS_ALLOW;
	else if (strcmp(value[0], "deny") == 0)
		o->setgroups = SETGROUPS_DENY;
	else
		return bad_value(row, value[0], "allow or deny", why);
	return 0;
}

SETTER(set_user)
{
	o->user = value[0];
	return value[0][0] != '\0' ? 0 : bad_value(row, value[0], "a name or UID[:GID]", why);
}

/* ---- namespaces ---------------------------------------------------------------------------- */

SETTER(set_share)
{
	o->shared |= row->word;
	return 0;
}

SETTER(set_hostname)
{
	size_t length = strlen(value[0]);

	/* sethostname(2): at most __NEW_UTS_LEN = 64 bytes.  It becomes a word of /etc/hosts. */
	if (length == 0 || length > 64)
		return bad_value(row, value[0], "a name of 1 to 64 bytes", why);
	for (size_t i = 0; i < length; i++)
		if (strchr("\x7f#", value[0][i]) != NULL || value[0][i] <= ' ' ||
		    (value[0][i] & 0x80) != 0)
			return bad_value(row, value[0], "a name in plain ASCII without blanks",
					 why);
	o->hostname = value[0];
	return 0;
}

SETTER(set_clock_offset)
{
	int64_t *offset = row->word == 'b' ? &o->boottime_offset : &o->monotonic_offset;
	bool negative = value[0][0] == '-';
	uint64_t seconds;

	/* The kernel refuses offsets that reach past KTIME_SEC_MAX / 2 (time_namespaces(7)). */
	if (!number_whole(value[0] + negative, INT64_MAX / 2000000000, &seconds))
		return bad_value(row, value[0], "a number of seconds", why);
	*offset = negative ? -(int64_t)seconds : (int64_t)seconds;
	return 0;
}

/* ---- root file system ---------------------------------------------------------------------- */

SETTER(set_rootfs)
{
	if (o->rootfs != NULL)
		return fail(why, 0, "two root file systems are asked for: %s and %s", o->rootfs,
			    value[0]);
	if (value[0][0] == '\0')
		return bad_value(row, value[0], "a directory", why);
	o->rootfs = value[0];
	o->rootfs_read_only = row->word;
	return 0;
}

SETTER(set_empty_root)
{
	o->empty_root = true;
	return 0;
}

/* What --perms, --size and --overlay-src left must fit the operation that takes it. */
static int take_pending(struct options *o, const struct option_row *row, struct step *step,
			struct failure *why)
{
	enum step_kind kind = step->kind;
	const struct { const char *option; bool waits, fits; } rows[] = {
		{ "perms", o->has_mode,
		  kind == STEP_TMPFS || kind == STEP_DIR || kind == STEP_FILE },
		{ "size", o->size != 0, kind == STEP_TMPFS },
		{ "overlay-src", o->layers != NULL, kind == STEP_OVERLAY },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].waits && !rows[i].fits)
			return fail(why, 0, "--%s does not apply to --%s, which follows it",
				    rows[i].option, row->name);
	step->has_mode = o->has_mode;
	step->mode = o->mode;
	step->size = o->size;
	step->layers = o->layers;
	o->pending = NULL;
	o->has_mode = false;
	o->size = 0;
	o->layers = NULL;
	o->n_layers = 0;
	return 0;
}

static struct step *add_step(struct options *o, const struct option_row *row, enum step_kind kind,
			     const char *target, struct failure *why)
{
	struct step *step = steps_add(&o->steps, kind, target);

	if (target[0] != '/') {
		(void)fail(why, 0, "--%s: the path inside must begin with /, unlike '%s'", row->name,
			   target);
		return NULL;
	}
	if (strlen(target) >= PATH_MAX) {
		(void)fail(why, ENAMETOOLONG, "--%s: the path inside has %zu bytes", row->name,
			   strlen(target));
		return NULL;
	}
	return take_pending(o, row, step, why) < 0 ? NULL : step;
}

enum { BIND_READ_ONLY = 1, BIND_DEVICES = 2, BIND_OPTIONAL = 4 };

SETTER(add_bind)
{
	struct step *step = add_step(o, row, STEP_BIND, value[1], why);

	if (step == NULL)
		return -1;
	if (value[0][0] == '\0')
		return fail(why, 0, "--%s: the source is an empty path", row->name);
	step->source = value[0];
	step->read_only = row->word & BIND_READ_ONLY;
	step->devices = row->word & BIND_DEVICES;
	step->optional = row->word & BIND_OPTIONAL;
	return 0;
}

SETTER(add_plain)
{
	return add_step(o, row, (enum step_kind)row->word, value[0], why) != NULL ? 0 : -1;
}

SETTER(add_file)
{
	uint64_t fd;
	struct step *step;

	if (!number_whole(value[0], INT_MAX, &fd))
		return bad_value(row, value[0], "the number of a descriptor", why);
	step = add_step(o, row, STEP_FILE, value[1], why);
	if (step == NULL)
		return -1;
	step->fd = (int)fd;
	return 0;
}

SETTER(add_symlink)
{
	struct step *step = add_step(o, row, STEP_SYMLINK, value[1], why);

	if (step == NULL)
		return -1;
	if (value[0][0] == '\0')
		return fail(why, 0, "--symlink: the link would point to nothing");
	step->source = value[0];
	return 0;
}

SETTER(add_chmod)
{
	uint32_t mode;
	struct step *step;

	if (!number_octal(value[0], 07777, &mode))
		return bad_value(row, value[0], "an octal mode up to 7777", why);
	step = add_step(o, row, STEP_CHMOD, value[1], why);
	if (step == NULL)
		return -1;
	step->mode = mode;
	return 0;
}

SETTER(set_perms)
{
	if (o->has_mode)
		return fail(why, 0, "--perms is given twice for one operation");
	if (!number_octal(value[0], 07777, &o->mode))
		return bad_value(row, value[0], "an octal mode up to 7777", why);
	o->has_mode = true;
	o->pending = row->name;
	return 0;
}

SETTER(set_size)
{
	if (o->size != 0)
		return fail(why, 0, "--size is given twice for one operation");
	if (!number_whole(value[0], SIZE_MAX / 2, &o->size) || o->size == 0)
		return bad_value(row, value[0], "a number of bytes above 0", why);
	o->pending = row->name;
	return 0;
}

SETTER(add_overlay_source)
{
	o->layers = grow(o->layers, o->n_layers + 1, sizeof(*o->layers));
	o->layers[o->n_layers++] = value[0];
	o->layers[o->n_layers] = NULL;
	o->pending = row->name;
	return value[0][0] != '\0' ? 0 : bad_value(row, value[0], "a directory", why);
}

static int add_overlay_on(struct options *o, const struct option_row *row, const char *target,
			  struct failure *why)
{
	size_t wanted = row->word == 'r' ? 2 : 1;

	if (o->n_layers < wanted)
		return fail(why, 0, "--%s needs %s --overlay-src before it", row->name,
			    wanted == 1 ? "an" : "two or more");
	return add_step(o, row, STEP_OVERLAY, target, why) != NULL ? 0 : -1;
}

SETTER(add_overlay)
{
	struct step *step;

	if (value[0][0] == '\0' || value[1][0] == '\0')
		return fail(why, 0, "--overlay: a directory is an empty path");
	if (add_overlay_on(o, row, value[2], why) < 0)
		return -1;
	step = &o->steps.step[o->steps.n - 1];
	step->source = value[0];
	step->work = value[1];
	return 0;
}

SETTER(add_overlay_without_upper)
{
	if (add_overlay_on(o, row, value[0], why) < 0)
		return -1;
	o->steps.step[o->steps.n - 1].temporary = row->word == 't';
	return 0;
}

/* ---- payload ------------------------------------------------------------------------------- */

static struct environment_change *change_environment(struct options *o, enum environment_act act)
{
	o->environment = grow(o->environment, o->n_environment, sizeof(*o->environment));
	o->environment[o->n_environment].act = act;
	return &o->environment[o->n_environment++];
}

SETTER(add_variable)
{
	struct environment_change *change = change_environment(o, (enum environment_act)row->word);

	if (value[0][0] == '\0' || strchr(value[0], '=') != NULL)
		return bad_value(row, value[0], "a name without an equals sign", why);
	change->name = value[0];
	change->value = change->act == ENVIRONMENT_SET ? value[1] : NULL;
	return 0;
}

SETTER(clear_environment)
{
	(void)change_environment(o, ENVIRONMENT_CLEAR);
	return 0;
}

SETTER(set_directory)
{
	o->directory = value[0];
	return value[0][0] != '\0' ? 0 : bad_value(row, value[0], "a directory", why);
}

SETTER(set_argv0)
{
	if (o->argv0 != NULL)
		return fail(why, 0, "--argv0 is given twice");
	o->argv0 = value[0];
	return 0;
}

/* The last word on a capability counts. */
SETTER(set_capability)
{
	uint64_t set;

	if (capabilities_read(value[0], &set, why) < 0)
		return -1;
	if (row->word == '+') {
		o->capabilities_added |= set;
		o->capabilities_dropped &= ~set;
	} else {
		o->capabilities_dropped |= set;
		o->capabilities_added &= ~set;
	}
	return 0;
}

SETTER(set_limit)
{
	return limits_read(value[0], o->limits, why);
}

/* The row's word is where the flag lies in struct options. */
SETTER(set_flag)
{
	*(bool *)((char *)o + row->word) = true;
	return 0;
}

SETTER(set_die_with_parent)
{
	o->outlive = false;
	return 0;
}

/* ---- the table ----------------------------------------------------------------------------- */

static const struct option_row identity[] = {
	{ "map", { "auto|sub|keep|self|root" }, set_map, 0, "which IDs exist inside" },
	{ "uid-map", { "IN:OUT:COUNT" }, set_id_map, 'u',
	  "map COUNT user IDs from IN inside to OUT outside" },
	{ "gid-map", { "IN:OUT:COUNT" }, set_id_map, 'g',
	  "the same for group IDs" },
	{ "map-source", { "auto|croft|newuidmap|kernel" }, set_map_source, 0,
	  "who installs the maps" },
	{ "setgroups", { "allow|deny" }, set_setgroups, 0, "whether groups can be changed inside" },
	{ "user", { "NAME|UID[:GID]" }, set_user, 0,
	  "who the command runs as, inside" },
};

static const struct option_row namespaces[] = {
	{ "share-net", { NULL }, set_share, CLONE_NEWNET, "keep the caller's network" },
	{ "share-pid", { NULL }, set_share, CLONE_NEWPID, "keep the caller's processes in sight" },
	{ "share-ipc", { NULL }, set_share, CLONE_NEWIPC,
	  "keep the caller's System V and POSIX IPC" },
	{ "share-uts", { NULL }, set_share, CLONE_NEWUTS, "keep the caller's host name" },
	{ "share-cgroup", { NULL }, set_share, CLONE_NEWCGROUP,
	  "keep the caller's view of control groups" },
	{ "share-time", { NULL }, set_share, CLONE_NEWTIME, "keep the caller's clocks" },
	{ "hostname", { "NAME" }, set_hostname, 0, "the host name inside" },
	{ "boottime-offset", { "SECONDS" }, set_clock_offset, 'b',
	  "move the clock that counts from boot" },
	{ "monotonic-offset", { "SECONDS" }, set_clock_offset, 'm', "move the monotonic clock" },
};

static const struct option_row root_file_system[] = {
	{ "rootfs", { "DIR" }, set_rootfs, false, "DIR is the root, writable" },
	{ "rootfs-ro", { "DIR" }, set_rootfs, true, "DIR is the root, read-only" },
	{ "empty-root", { NULL }, set_empty_root, 0, "begin with nothing at all" },
	{ "bind", { "SRC", "DEST" }, add_bind, 0, "show SRC at DEST, writable" },
	{ "bind-try", { "SRC", "DEST" }, add_bind, BIND_OPTIONAL,
	  "like --bind, but pass over a missing SRC" },
	{ "ro-bind", { "SRC", "DEST" }, add_bind, BIND_READ_ONLY, "show SRC at DEST, read-only" },
	{ "ro-bind-try", { "SRC", "DEST" }, add_bind, BIND_READ_ONLY | BIND_OPTIONAL,
	  "like --ro-bind, but pass over a missing SRC" },
	{ "dev-bind", { "SRC", "DEST" }, add_bind, BIND_DEVICES,
	  "show SRC at DEST, and let its devices work" },
	{ "dev-bind-try", { "SRC", "DEST" }, add_bind, BIND_DEVICES | BIND_OPTIONAL,
	  "like --dev-bind, but pass over a missing SRC" },
	{ "tmpfs", { "DEST" }, add_plain, STEP_TMPFS, "an empty directory in memory" },
	{ "dir", { "DEST" }, add_plain, STEP_DIR, "make a directory" },
	{ "file", { "FD", "DEST" }, add_file, 0, "make a file with what FD holds" },
	{ "symlink", { "TARGET", "DEST" }, add_symlink, 0, "make a symbolic link to TARGET" },
	{ "proc", { "DEST" }, add_plain, STEP_PROC, "the processes, as /proc shows them" },
	{ "dev", { "DEST" }, add_plain, STEP_DEV, "the harmless devices, /dev/pts and /dev/shm" },
	{ "sys", { "DEST" }, add_plain, STEP_SYS, "the kernel's objects, read-only, as in /sys" },
	{ "mqueue", { "DEST" }, add_plain, STEP_MQUEUE, "POSIX message queues" },
	{ "overlay-src", { "SRC" }, add_overlay_source, 0,
	  "a lower directory for the next overlay" },
	{ "overlay", { "RWSRC", "WORKDIR", "DEST" }, add_overlay, 'o',
	  "the lower directories at DEST, changes in RWSRC" },
	{ "tmp-overlay", { "DEST" }, add_overlay_without_upper, 't',
	  "like --overlay, but changes are lost" },
	{ "ro-overlay", { "DEST" }, add_overlay_without_upper, 'r',
	  "the lower directories at DEST, read-only" },
	{ "remount-ro", { "DEST" }, add_plain, STEP_REMOUNT_RO,
	  "make the mount at DEST read-only" },
	{ "chmod", { "OCTAL", "PATH" }, add_chmod, 0, "change the permissions of PATH" },
	{ "perms", { "OCTAL" }, set_perms, 0, "permissions of the next --tmpfs, --dir or --file" },
	{ "size", { "BYTES" }, set_size, 0, "size of the next --tmpfs" },
};

static const struct option_row payload[] = {
	{ "chdir", { "DIR" }, set_directory, 0, "start in DIR, a path inside" },
	{ "setenv", { "VAR", "VALUE" }, add_variable, ENVIRONMENT_SET, "set a variable" },
	{ "unsetenv", { "VAR" }, add_variable, ENVIRONMENT_UNSET, "remove a variable" },
	{ "clearenv", { NULL }, clear_environment, 0, "remove all variables" },
	{ "argv0", { "VALUE" }, set_argv0, 0, "what the command sees as its own name" },
	{ "cap-add", { "CAP" }, set_capability, '+', "give the command a capability (or all)" },
	{ "cap-drop", { "CAP" }, set_capability, '-', "take a capability from it (or all)" },
	{ "rlimit", { "NAME=SOFT[:HARD]" }, set_limit, 0, "a resource limit, as in prlimit(1)" },
	{ "share-tty", { NULL }, set_flag, FLAG(shared_terminal),
	  "hand over the caller's terminal itself" },
	{ "new-session", { NULL }, set_flag, FLAG(new_session),
	  "a new session without a terminal" },
	{ "die-with-parent", { NULL }, set_die_with_parent, 0,
	  "end when croft or its parent ends (the default)" },
	{ "no-die-with-parent", { NULL }, set_flag, FLAG(outlive),
	  "go on when croft or its parent ends" },
	{ "as-pid-1", { NULL }, set_flag, FLAG(as_pid_1),
	  "the command itself is process 1 inside" },
};

static const struct option_row other[] = {
	{ "help", { NULL }, set_flag, FLAG(help), "print this and stop" },
	{ "version", { NULL }, set_flag, FLAG(version), "print the version and stop" },
};

#define SECTION(title, rows) { title, rows, sizeof(rows) / sizeof(rows[0]) }

const struct option_section option_sections[] = {
	SECTION("Identity", identity),
	SECTION("Namespaces", namespaces),
	SECTION("Root file system, in the order given", root_file_system),
	SECTION("Command", payload),
	SECTION("Other", other),
};

const size_t n_option_sections = sizeof(option_sections) / sizeof(option_sections[0]);
