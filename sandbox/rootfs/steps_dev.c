/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps_dev - a /dev of its own, with the devices that every program expects
 *
 * A fresh tmpfs is attached first and furnished by its descriptor: nothing of
 * what the root has at that place is looked at, and nothing that the host has
 * is trusted to be a device before it was checked.  Attached first, because a
 * mount goes on a detached tree, and can be copied from one, only since Linux
 * 6.15.  Nobody else is in the mount namespace, so names in the tmpfs are safe.
 *
 * This is a part of every start: no descriptor is opened that a name can
 * replace, and /dev/shm shares the tmpfs instead of making another.
 */
#include "sandbox/rootfs/steps.h"

#include "sandbox/cleanup.h"
#include "sandbox/rootfs/mounts.h"
#include "sandbox/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define ATTR_TERMINALS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)

/*
 * The nodes are the host's.  Read-only they can be written to all the same, as
 * devices (do_dentry_open()), but their owner, who is root if root runs croft,
 * cannot close them to everybody.
 */
#define ATTR_NODES (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY)

/* Programs map code from /dev/zero under bwrap, too. */
static uint64_t attributes_of_nodes(const struct plan *plan)
{
	return plan->customs.furniture ? MOUNT_ATTR_NOSUID : ATTR_NODES;
}

static const struct node {
	const char *path;		/* the host's */
	const char *name;
	unsigned major, minor;		/* Documentation/admin-guide/devices.txt */
} nodes[] = {
	{ "/dev/null",    "null",    1, 3 },
	{ "/dev/zero",    "zero",    1, 5 },
	{ "/dev/full",    "full",    1, 7 },
	{ "/dev/random",  "random",  1, 8 },
	{ "/dev/urandom", "urandom", 1, 9 },
	{ "/dev/tty",     "tty",     5, 0 },
};

static const struct {
	const char *name, *target;
} links[] = {
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
	{ "core", "/proc/kcore" },
	{ "ptmx", "pts/ptmx" },
};

/* Attaches a detached tree at a name in /dev. */
static int attach_at(int tree, int dev, const char *name)
{
	return move_mount(tree, "", dev, name, MOVE_MOUNT_F_EMPTY_PATH);
}

/* A detached copy of one mount's part.  Nothing lies below a device, /dev/shm or a pty. */
static int copy_at(int directory, const char *path)
{
	return open_tree(directory, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
}

/* ---- devices ------------------------------------------------------------------------------- */

/* The copy is checked, not the name: a link or another device in its place is refused. */
static int copy_node(const struct node *node, uint64_t attributes, struct failure *why)
{
	auto_close copy = copy_at(AT_FDCWD, node->path);
	struct stat status;

	if (copy < 0 || fstat(copy, &status) < 0)
		return fail(why, errno, "take hold of the device %s", node->path);
	if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(node->major, node->minor))
		return fail(why, 0, "%s is not the device %u:%u", node->path, node->major,
			    node->minor);
	if (mount_restrict_one(copy, attributes) < 0)
		return fail(why, errno, "restrict the device %s", node->path);
	return take_fd(&copy);
}

int step_copy_null(struct failure *why)
{
	return copy_node(&nodes[0], ATTR_NODES, why);
}

static int add_node(const struct plan *plan, int dev, const struct node *node,
		    const struct step *step, struct failure *why)
{
	auto_close copy = copy_node(node, attributes_of_nodes(plan), why);

	if (copy < 0)
		return -1;
	if (mknodat(dev, node->name, S_IFREG | 0444, 0) < 0 || attach_at(copy, dev, node->name) < 0)
		return fail(why, errno, "bind %s in %s", node->path, step->target);
	return 0;
}

static int add_nodes(const struct plan *plan, int dev, const struct step *step,
		     struct failure *why)
{
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (add_node(plan, dev, &nodes[i], step, why) < 0)
			return -1;
	return 0;
}

static int add_links(int dev, const struct step *step, struct failure *why)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlinkat(links[i].target, dev, links[i].name) < 0)
			return fail(why, errno, "make the link %s in %s", links[i].name,
				    step->target);
	return 0;
}

/* ---- shared memory ------------------------------------------------------------------------- */

/*
 * A mount of its own, so that --remount-ro /dev leaves it writable, of the
 * same tmpfs.  Not noexec: old libffi, Mono and Wine map code from there, and
 * as everywhere it could be put in /tmp just as well.  So the copy is made
 * before /dev itself loses exec.
 */
static int add_own_shm(int dev, const struct step *step, struct failure *why)
{
	auto_close copy = mkdirat(dev, "shm", 01777) < 0 ? -1 : copy_at(dev, "shm");

	if (copy < 0 || attach_at(copy, dev, "shm") < 0)
		return fail(why, errno, "make shm in %s", step->target);
	if (mount_restrict_one(dev, ATTR_DATA) < 0)
		return fail(why, errno, "restrict %s", step->target);
	return 0;
}

static int add_shm(const struct plan *plan, int dev, const struct step *step, struct failure *why)
{
	if (!plan->customs.furniture)
		return add_own_shm(dev, step, why);
	return mkdirat(dev, "shm", 0755) == 0 ? 0 :
	       fail(why, errno, "make shm in %s", step->target);
}

/* ---- terminals ----------------------------------------------------------------------------- */

enum { TTY_GROUP = 5 };		/* of Debian, Fedora, Arch, Alpine, … */

static bool has_tty_group(const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->gid_map.n && !plan->customs.furniture; i++) {
		const struct idrange *range = &plan->gid_map.range[i];

		if (range->inside <= TTY_GROUP && TTY_GROUP - range->inside < range->count)
			return true;
	}
	return false;
}

/*
 * No ID 0 is needed: a devpts belongs to whoever mounts it (since Linux 4.4),
 * but a gid= that is not mapped is refused.  Every instance is a new one
 * (since 4.7).  Not nodev: terminals are devices.
 */
static int add_pts(const struct plan *plan, int dev, const struct step *step, struct failure *why)
{
	const struct mount_option options[] = {
		{ "ptmxmode", "0666" }, { "mode", "0620" },
		{ has_tty_group(plan) ? "gid" : NULL, "5" }, { NULL, NULL },
	};
	auto_close pts = mount_new("devpts", options, ATTR_TERMINALS);

	if (pts < 0)
		return fail(why, errno, "make a devpts for %s/pts", step->target);
	if (mkdirat(dev, "pts", 0755) < 0 || attach_at(pts, dev, "pts") < 0)
		return fail(why, errno, "attach the devpts on %s/pts", step->target);
	return 0;
}

/* The new terminal belongs to whoever made it; the payload may be someone else. */
static int give_terminal(const struct plan *plan, int dev, struct failure *why)
{
	if (plan->uid == plan->root_uid && plan->gid == plan->root_gid)
		return 0;
	if (fchownat(dev, "pts/0", plan->uid, has_tty_group(plan) ? (gid_t)-1 : plan->gid, 0) < 0)
		return fail(why, errno, "give the private terminal to UID %u, GID %u", plan->uid,
			    plan->gid);
	return 0;
}

static int add_console(int dev, const struct step *step, struct failure *why)
{
	auto_close copy = copy_at(dev, "pts/0");

	if (copy < 0 || mknodat(dev, "console", S_IFREG | 0444, 0) < 0 ||
	    attach_at(copy, dev, "console") < 0)
		return fail(why, errno, "bind the private terminal on %s/console", step->target);
	return 0;
}

/* A terminal from outside has no name in the new /dev/pts; so ttyname(3) finds it here. */
static int add_callers_console(const struct plan *plan, int dev, const struct step *step,
			       struct failure *why)
{
	auto_close copy = copy_at(AT_FDCWD, plan->console);

	if (copy < 0 || mount_restrict_one(copy, attributes_of_nodes(plan)) < 0 ||
	    mknodat(dev, "console", S_IFREG | 0444, 0) < 0 || attach_at(copy, dev, "console") < 0)
		return fail(why, errno, "bind %s on %s/console", plan->console, step->target);
	return 0;
}

/* The first terminal of the new instance: /dev/pts/0, so that its name is right inside. */
static int add_terminal(struct rootfs *rootfs, int dev, const struct step *step,
			struct failure *why)
{
	if (rootfs->plan->console != NULL)
		return add_callers_console(rootfs->plan, dev, step, why);
	if (!rootfs->plan->private_terminal || rootfs->terminal >= 0)
		return 0;
	rootfs->terminal = terminal_open_master(dev, "pts/ptmx");
	if (rootfs->terminal < 0)
		return fail(why, errno, "make a private terminal in %s/pts", step->target);
	if (give_terminal(rootfs->plan, dev, why) < 0)
		return -1;
	return add_console(dev, step, why);
}

int step_dev(struct rootfs *rootfs, const struct step *step, const int *sources,
	     struct failure *why)
{
	static const struct mount_option options[] = { { "mode", "0755" }, { NULL, NULL } };
	const struct plan *plan = rootfs->plan;
	auto_close dev = mount_new("tmpfs", options, ATTR_PLAIN);
	int attached;

	(void)sources;
	if (dev < 0)
		return fail(why, errno, "make a tmpfs for %s", step->target);
	attached = step_attach(rootfs, dev, step, why);
	if (attached != 0)
		return attached;
	if (add_shm(plan, dev, step, why) < 0 || add_nodes(plan, dev, step, why) < 0 ||
	    add_links(dev, step, why) < 0 || add_pts(plan, dev, step, why) < 0)
		return -1;
	return add_terminal(rootfs, dev, step, why);
}
