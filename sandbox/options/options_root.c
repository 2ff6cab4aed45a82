/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_root - the root file system, one operation after the other */
#include "sandbox/options/option_rows.h"

#include "sandbox/number.h"
#include "sandbox/personality.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

SETTER(set_rootfs)
{
	if (o->rootfs != NULL)
		return fail(why, 0, "two root file systems are asked for: %s and %s", o->rootfs,
			    value[0]);
	if (value[0][0] == '\0')
		return option_bad_value(row, value[0], "a directory", why);
	o->rootfs = value[0];
	o->rootfs_read_only = row->word;
	return 0;
}

SETTER(set_empty_root)
{
	o->empty_root = true;
	return 0;
}

static int misplaced(const char *option, const struct option_row *row, struct failure *why)
{
	(void)fail(why, 0, "--%s does not apply to --%s, which follows it", option, row->name);
	return familiar(why, "--%s must be followed by an option that creates a file", option);
}

static int given_twice(const struct option_row *row, struct failure *why)
{
	(void)fail(why, 0, "--%s is given twice for one operation", row->name);
	return familiar(why, "--%s given twice for the same action", row->name);
}

/* What --perms, --size and --overlay-src left must fit the operation that takes it. */
static int take_pending(struct options *o, const struct option_row *row, struct step *step,
			struct failure *why)
{
	enum step_kind kind = step->kind;
	const struct { const char *option; bool waits, fits; } rows[] = {
		{ "perms", o->has_mode,
		  kind == STEP_TMPFS || kind == STEP_DIR || kind == STEP_FILE ||
		  kind == STEP_DATA },
		{ "size", o->size != 0, kind == STEP_TMPFS },
		{ "overlay-src", o->layers != NULL, kind == STEP_OVERLAY },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].waits && !rows[i].fits)
			return misplaced(rows[i].option, row, why);
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
	struct step *step;

	if (target[0] != '/' && o->personality->relative_targets)
		target = plan_text("/%s", target);
	step = steps_add(&o->steps, kind, target);
	if (target[0] != '/') {
		(void)fail(why, 0, "--%s: the path inside must begin with /, unlike '%s'",
			   row->name, target);
		return NULL;
	}
	if (strlen(target) >= PATH_MAX) {
		(void)fail(why, ENAMETOOLONG, "--%s: the path inside has %zu bytes", row->name,
			   strlen(target));
		return NULL;
	}
	return take_pending(o, row, step, why) < 0 ? NULL : step;
}

enum { BIND_READ_ONLY = 1, BIND_DEVICES = 2, BIND_OPTIONAL = 4, BIND_SOCKET = 8 };

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
	step->socket = row->word & BIND_SOCKET;
	return 0;
}

SETTER(add_plain)
{
	return add_step(o, row, (enum step_kind)row->word, value[0], why) != NULL ? 0 : -1;
}

/* Beside a kind of step, in a row's word. */
enum { READ_ONLY = 0x100 };

/* What comes on a descriptor: content, or something to bind. */
SETTER(add_file)
{
	int fd;
	struct step *step;

	if (option_read_fd(row, value[0], &fd, why) < 0)
		return -1;
	step = add_step(o, row, (enum step_kind)(row->word & ~READ_ONLY), value[1], why);
	if (step == NULL)
		return -1;
	step->fd = fd;
	step->read_only = (row->word & READ_ONLY) != 0;
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
		return option_bad_value(row, value[0], "an octal mode up to 7777", why);
	step = add_step(o, row, STEP_CHMOD, value[1], why);
	if (step == NULL)
		return -1;
	step->mode = mode;
	return 0;
}

SETTER(set_perms)
{
	if (o->has_mode)
		return given_twice(row, why);
	if (!number_octal(value[0], 07777, &o->mode))
		return option_bad_value(row, value[0], "an octal mode up to 7777", why);
	o->has_mode = true;
	o->pending = row->name;
	return 0;
}

SETTER(set_size)
{
	bool (*read_number)(const char *, uint64_t, uint64_t *) =
		o->personality->as_in_c ? number_as_in_c : number_whole;

	if (o->size != 0)
		return given_twice(row, why);
	if (!read_number(value[0], SIZE_MAX / 2, &o->size) || o->size == 0)
		return option_bad_value(row, value[0], "a number of bytes above 0", why);
	o->pending = row->name;
	return 0;
}

SETTER(add_overlay_source)
{
	o->layers = option_grow(o->layers, o->n_layers + 1, sizeof(*o->layers));
	o->layers[o->n_layers++] = value[0];
	o->layers[o->n_layers] = NULL;
	o->pending = row->name;
	return value[0][0] != '\0' ? 0 : option_bad_value(row, value[0], "a directory", why);
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

static const struct option_row roots[] = {
	{ "rootfs", { "DIR" }, set_rootfs, false, "DIR is the root, writable" },
	{ "rootfs-ro", { "DIR" }, set_rootfs, true, "DIR is the root, read-only" },
	{ "empty-root", { NULL }, set_empty_root, 0, "begin with nothing at all" },
};

static const struct option_row root_file_system[] = {
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
	{ "bind-fd", { "FD", "DEST" }, add_file, STEP_BIND_FD,
	  "show what FD refers to at DEST, writable" },
	{ "ro-bind-fd", { "FD", "DEST" }, add_file, STEP_BIND_FD | READ_ONLY,
	  "the same, read-only" },
	{ "bind-socket", { "SRC", "DEST" }, add_bind, BIND_SOCKET,
	  "show the socket or FIFO SRC at DEST" },
	{ "tmpfs", { "DEST" }, add_plain, STEP_TMPFS, "an empty directory in memory" },
	{ "dir", { "DEST" }, add_plain, STEP_DIR, "make a directory" },
	{ "file", { "FD", "DEST" }, add_file, STEP_FILE, "make a file with what FD holds" },
	{ "bind-data", { "FD", "DEST" }, add_file, STEP_DATA,
	  "show a file with what FD holds at DEST, writable" },
	{ "ro-bind-data", { "FD", "DEST" }, add_file, STEP_DATA | READ_ONLY,
	  "the same, read-only" },
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
	{ "perms", { "OCTAL" }, set_perms, 0, "permissions of the next directory or file" },
	{ "size", { "BYTES" }, set_size, 0, "size of the next --tmpfs" },
};

#define TITLE "Root file system, in the order given"

const struct option_section root_croft_options = SECTION_FOR(FOR_CROFT, TITLE, roots);
const struct option_section root_file_system_options = SECTION(TITLE, root_file_system);
