/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps_mount - steps that attach a file system or a part of one */
#include "sandbox/rootfs/steps.h"

#include "sandbox/cleanup.h"
#include "sandbox/identity/maps.h"
#include "sandbox/rootfs/mounts.h"
#include "sandbox/rootfs/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct mount_option no_options[] = { { NULL, NULL } };

int step_bind(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why)
{
	uint64_t attributes = MOUNT_ATTR_NOSUID | (step->devices ? 0 : MOUNT_ATTR_NODEV) |
			      (step->read_only ? MOUNT_ATTR_RDONLY : 0);

	if (sources[0] < 0)
		return 0;	/* optional, and not there */
	if (mount_restrict(sources[0], attributes) < 0)
		return fail(why, errno, "bind %s on %s: restrict it",
			    step->source != NULL ? step->source : "a descriptor", step->target);
	return step_attach(rootfs, sources[0], step, why);
}

static int attach_new(struct rootfs *rootfs, const struct step *step, const char *type,
		      const struct mount_option *options, uint64_t attributes, struct failure *why)
{
	auto_close tree = mount_new(type, options, attributes);

	if (tree < 0)
		return fail(why, errno, "make a %s for %s", type, step->target);
	return step_attach(rootfs, tree, step, why);
}

int step_tmpfs(struct rootfs *rootfs, const struct step *step, const int *sources,
	       struct failure *why)
{
	char mode[16], size[32];
	const char *label = rootfs->plan->file_label;
	struct mount_option options[4] = { { "mode", mode } }, *next = &options[1];

	if (step->size > 0)
		*next++ = (struct mount_option){ "size", size };
	/* One of the few types that a user namespace may label (selinux_set_mnt_opts()). */
	if (label != NULL)
		*next++ = (struct mount_option){ "context", label };

	(void)sources;
	(void)snprintf(mode, sizeof(mode), "%o", step->has_mode ? step->mode : 0755);
	(void)snprintf(size, sizeof(size), "%" PRIu64, step->size);
	return attach_new(rootfs, step, "tmpfs", options, ATTR_PLAIN, why);
}

/* ---- what the kernel shows of itself ------------------------------------------------------- */

/* The caller's own, where the namespace that it shows is shared. */
static int copy_callers(const char *path, uint64_t attributes)
{
	auto_close tree = open_tree(AT_FDCWD, path,
				    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	return tree < 0 || mount_restrict(tree, attributes) < 0 ? -1 : take_fd(&tree);
}

static int cover_part(int tree, int part)
{
	struct stat status;
	uint64_t number;

	return mount_look(tree, &status, &number) < 0 ? -1 : mount_cover(tree, number, part);
}

/* Covers a part of /proc with itself, read-only. */
static int protect(int proc, const struct step *step, const char *name, struct failure *why)
{
	auto_close part = openat(proc, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	auto_close copy = -1;

	if (part < 0 && errno == ENOENT)
		return 0;
	copy = part < 0 ? -1 : mount_copy(part);
	if (copy < 0 || mount_restrict(copy, ATTR_DATA | MOUNT_ATTR_RDONLY) < 0 ||
	    cover_part(copy, part) < 0)
		return fail(why, errno, "protect %s/%s", step->target, name);
	return 0;
}

/* Covers a file of /proc by emptiness. */
static int cover(int proc, const struct step *step, const char *name, struct failure *why)
{
	auto_close part = openat(proc, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	auto_close nothing = -1;

	if (part < 0 && errno == ENOENT)
		return 0;
	nothing = part < 0 ? -1 : step_copy_null(why);
	if (part >= 0 && nothing < 0)
		return -1;
	if (part < 0 || cover_part(nothing, part) < 0)
		return fail(why, errno, "cover %s/%s", step->target, name);
	return 0;
}

/*
 * Is the machine's own root an ID inside?  To whom "0" outside belongs shows
 * in who owns /proc: inside another sandbox it may be somebody's second self.
 */
static int has_machines_root(const struct plan *plan, int proc, bool *answer)
{
	uint32_t inside = 0;
	struct stat status;

	*answer = maps_to_inside(&plan->uid_map, 0, &inside) || plan->uid_map.n == 0;
	if (!*answer)
		return 0;
	if (fstatat(proc, "sys", &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	*answer = status.st_uid == (plan->uid_map.n > 0 ? inside : geteuid());
	return 0;
}

/*
 * What root may write without any capability.  No helper maps root, root
 * itself can.  By the descriptor that was attached: a look-up of the target
 * could end elsewhere by now, in a tree that someone else changes.  Never
 * without need: a /proc that is covered in part allows no new one within it.
 */
static int protect_proc(const struct plan *plan, int proc, const struct step *step,
			struct failure *why)
{
	static const char *const names[] = {
		"sysrq-trigger", "irq", "bus", "sys", "fs", "asound", "acpi", "scsi",
		"dynamic_debug"
	};
	size_t n = plan->customs.furniture ? 3 : sizeof(names) / sizeof(names[0]);
	bool needed;

	if (has_machines_root(plan, proc, &needed) < 0)
		return fail(why, errno, "look at %s/sys", step->target);
	for (size_t i = 0; needed && i < n; i++)
		if (protect(proc, step, names[i], why) < 0)
			return -1;
	/*
	 * It lists whatever keys the payload's ID may view, the caller's among them.  The
	 * kernel then refuses a new /proc in a namespace within (mount_too_revealing()).
	 */
	return plan->own_keyring && !plan->mounts ? cover(proc, step, "keys", why) : 0;
}

static int make_proc(const struct plan *plan, const struct step *step, struct failure *why)
{
	bool shared = (plan->namespaces & CLONE_NEWPID) == 0 && plan->pidns < 0;
	int proc = shared ? copy_callers("/proc", ATTR_DATA) :
		   mount_new("proc", no_options, ATTR_DATA);

	if (proc >= 0)
		return proc;
	(void)fail(why, errno, shared ? "bind the caller's /proc on %s" : "make a proc for %s",
		   step->target);
	if (errno != EPERM || shared)
		return -1;
	return hint(why, "a new /proc is refused where the one around it is partly covered, as in "
		    "most containers; --share-pid shows the caller's");
}

int step_proc(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why)
{
	auto_close proc = make_proc(rootfs->plan, step, why);
	int attached = proc < 0 ? -1 : step_attach(rootfs, proc, step, why);

	(void)sources;
	if (attached != 0)
		return attached;
	return protect_proc(rootfs->plan, proc, step, why);
}

/*
 * Without a network namespace of its own, a new sysfs is not to be had
 * (sysfs_init_fs_context()), and where no whole one is in sight, neither
 * (mount_too_revealing()).
 */
static int make_sys(const struct plan *plan, const struct step *step, struct failure *why)
{
	const uint64_t attributes = ATTR_DATA | MOUNT_ATTR_RDONLY;
	bool shared = (plan->namespaces & CLONE_NEWNET) == 0;
	int sys = shared ? copy_callers("/sys", attributes) :
		  mount_new("sysfs", no_options, attributes);

	if (sys >= 0)
		return sys;
	(void)fail(why, errno, shared ? "bind the caller's /sys on %s" : "make a sysfs for %s",
		   step->target);
	if (why->err == ENOENT)
		return hint(why, "there is no /sys around croft, as in most sandboxes");
	return why->err == EPERM ? hint(why, "a new /sys is refused where none, or a part of one, "
					"is in sight around croft, as in most sandboxes and "
					"containers") : -1;
}

int step_sys(struct rootfs *rootfs, const struct step *step, const int *sources,
	     struct failure *why)
{
	auto_close sys = make_sys(rootfs->plan, step, why);

	(void)sources;
	if (sys < 0)
		return step->optional && why->hint[0] != '\0' ? 1 : -1;
	return step_attach(rootfs, sys, step, why);
}

int step_mqueue(struct rootfs *rootfs, const struct step *step, const int *sources,
		struct failure *why)
{
	(void)sources;
	return attach_new(rootfs, step, "mqueue", no_options, ATTR_DATA, why);
}

int step_remount_ro(struct rootfs *rootfs, const struct step *step, const int *sources,
		    struct failure *why)
{
	auto_close mount = resolve(rootfs->root, step->target);

	(void)sources;
	if (mount < 0 || mount_restrict_one(mount, MOUNT_ATTR_RDONLY) < 0)
		return fail(why, errno, "make %s read-only%s", step->target,
			    mount >= 0 && errno == EINVAL ? ": nothing is mounted there" : "");
	return 0;
}

/* ---- overlays ------------------------------------------------------------------------------ */

enum { MAX_LAYERS = 500 };	/* OVL_MAX_STACK */

/*
 * Directories reach the kernel as descriptors, by a name that we make: no
 * comma, colon or backslash of a path is ever parsed as part of an option.
 */
struct by_descriptor {
	char path[40];
};

static const char *name_of(int fd, struct by_descriptor *name)
{
	(void)snprintf(name->path, sizeof(name->path), "/proc/self/fd/%d", fd);
	return name->path;
}

static int set(int context, const char *key, const char *value)
{
	return fsconfig(context, FSCONFIG_SET_STRING, key, value, 0);
}

/* The kernel wants the top layer first; the user names the bottom first.  lowerdir+: Linux 6.5. */
static int set_layers(int context, const int *layers, size_t n)
{
	struct by_descriptor name;
	char joined[256];	/* the longest value that fsconfig(2) takes */
	size_t used = 0;

	for (size_t i = n; i > 0; i--)
		if (set(context, "lowerdir+", name_of(layers[i - 1], &name)) < 0) {
			if (i < n || errno != EINVAL)
				return -1;
			break;
		} else if (i == 1) {
			return 0;
		}
	for (size_t i = n; i > 0; i--) {
		used += (size_t)snprintf(joined + used, sizeof(joined) - used, "%s%s",
					 i < n ? ":" : "", name_of(layers[i - 1], &name));
		if (used >= sizeof(joined)) {
			errno = E2BIG;
			return -1;
		}
	}
	return set(context, "lowerdir", joined);
}

/*
 * Somewhere to keep the changes of a --tmp-overlay: a tmpfs that the overlay
 * will cover.  It must be attached (clone_private_mount() before Linux 6.15).
 */
static int make_scratch(struct rootfs *rootfs, const struct step *step, int *upper, int *work,
			struct failure *why)
{
	static const struct mount_option options[] = { { "mode", "0700" }, { NULL, NULL } };
	auto_close scratch = mount_new("tmpfs", options, ATTR_DATA);

	if (scratch < 0 || mkdirat(scratch, "upper", 0755) < 0 ||
	    mkdirat(scratch, "work", 0755) < 0)
		return fail(why, errno, "make room for the changes of the overlay %s",
			    step->target);
	*upper = openat(scratch, "upper", O_PATH | O_CLOEXEC);
	*work = openat(scratch, "work", O_PATH | O_CLOEXEC);
	if (*upper < 0 || *work < 0)
		return fail(why, errno, "open the room for the changes of the overlay %s",
			    step->target);
	return step_attach(rootfs, scratch, step, why);
}

static int set_upper(int context, int upper, int work)
{
	struct by_descriptor name;

	if (set(context, "upperdir", name_of(upper, &name)) < 0)
		return -1;
	return set(context, "workdir", name_of(work, &name));
}

static int overlay_failed(const struct step *step, struct failure *why)
{
	(void)fail(why, errno, "make the overlay for %s", step->target);
	if (errno == EINVAL)
		return hint(why, "a lower directory may hold no mounts of its own, and upper and "
			    "work directory must be apart on one writable file system");
	return errno == ELOOP ? hint(why, "its directories may not lie in one another") : -1;
}

int step_overlay(struct rootfs *rootfs, const struct step *step, const int *sources,
		 struct failure *why)
{
	auto_close context = fsopen("overlay", FSOPEN_CLOEXEC);
	auto_close tree = -1, upper = -1, work = -1;
	size_t n = 0;
	bool writable = step->source != NULL || step->temporary;

	while (step->layers[n] != NULL)
		n++;
	if (n > MAX_LAYERS)
		return fail(why, 0,
			    "the overlay for %s has %zu lower directories: the kernel takes %d",
			    step->target, n, MAX_LAYERS);
	if (step->temporary && make_scratch(rootfs, step, &upper, &work, why) < 0)
		return -1;
	if (context < 0 || fsconfig(context, FSCONFIG_SET_FLAG, "userxattr", NULL, 0) < 0 ||
	    set_layers(context, sources, n) < 0)
		return overlay_failed(step, why);
	if (writable && set_upper(context, step->temporary ? upper : sources[n],
				  step->temporary ? work : sources[n + 1]) < 0)
		return overlay_failed(step, why);
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return overlay_failed(step, why);
	tree = fsmount(context, FSMOUNT_CLOEXEC, ATTR_PLAIN | (writable ? 0 : MOUNT_ATTR_RDONLY));
	return tree < 0 ? overlay_failed(step, why) : step_attach(rootfs, tree, step, why);
}
