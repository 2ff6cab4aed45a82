/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout - the root file system that comes without asking
 *
 * Three kinds of root: a tree of the user's, an empty one, or, without either,
 * one made of the host's own system directories and a small /etc.  The user's
 * steps come after it, so they can cover anything here.
 */
#include "sandbox/layout.h"

#include <stdarg.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool user_has(const struct options *o, enum step_kind kind, const char *target)
{
	for (size_t i = 0; i < o->steps.n; i++)
		if (o->steps.step[i].kind == kind && strcmp(o->steps.step[i].target, target) == 0)
			return true;
	return false;
}

static struct step *add(struct plan *plan, enum step_kind kind, const char *source, const char *target)
{
	struct step *step = steps_add(&plan->steps, kind, target);

	step->source = source;
	step->by_default = true;
	return step;
}

static void add_with_mode(struct plan *plan, enum step_kind kind, const char *target, uint32_t mode)
{
	struct step *step = add(plan, kind, NULL, target);

	step->has_mode = true;
	step->mode = mode;
}

static void add_read_only(struct plan *plan, const char *path)
{
	struct step *step = add(plan, STEP_BIND, path, path);

	step->read_only = true;
	step->optional = true;
}

/* A text that lives as long as the plan. */
static const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *text(const char *format, ...)
{
	char *made = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&made, format, args) < 0) {
		perror("croft");
		exit(EXIT_SANDBOX);
	}
	va_end(args);
	return made;
}

/* ---- a small /etc -------------------------------------------------------------------------- */

/* What programs read there, and nothing that is the host's secret or identity. */
static const char *const etc_paths[] = {
	"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
	"/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ca-certificates", "/etc/ca-certificates.conf",
	"/etc/pki", "/etc/crypto-policies", "/etc/fonts", "/etc/localtime", "/etc/timezone",
	"/etc/locale.alias", "/etc/locale.conf", "/etc/mime.types", "/etc/protocols", "/etc/services",
	"/etc/os-release", "/etc/debian_version", "/etc/profile", "/etc/profile.d", "/etc/bash.bashrc",
	"/etc/inputrc", "/etc/terminfo", "/etc/shells", "/etc/login.defs", "/etc/magic", "/etc/perl",
	"/etc/python3", "/etc/python3.11", "/etc/java-17-openjdk", "/etc/xdg", "/etc/vim",
};

struct account {
	const char *name;
	uint32_t uid, gid;
	const char *home, *shell;
};

/* The names of the IDs inside that have one: root, the caller, nobody. */
static size_t accounts(const struct facts *facts, const struct plan *plan, struct account list[3])
{
	const char *own = facts->name != NULL ? facts->name : "user";
	size_t n = 0;

	if (plan->root_uid == 0)
		list[n++] = (struct account){ "root", 0, plan->root_gid, "/root", "/bin/bash" };
	if (plan->uid != 0)
		list[n++] = (struct account){ own, plan->uid, plan->gid, text("/home/%s", own), "/bin/bash" };
	list[n++] = (struct account){ "nobody", 65534, 65534, "/nonexistent", "/usr/sbin/nologin" };
	return n;
}

static void add_accounts(const struct facts *facts, struct plan *plan)
{
	struct account list[3];
	size_t n = accounts(facts, plan, list);
	const char *users = "", *groups = "";

	for (size_t i = 0; i < n; i++) {
		const struct account *a = &list[i];

		users = text("%s%s:x:%u:%u:%s:%s:%s\n", users, a->name, a->uid, a->gid, a->name, a->home,
			     a->shell);
		groups = text("%s%s:x:%u:\n", groups, i + 1 < n ? a->name : "nogroup", a->gid);
		if (i + 1 < n)
			add_with_mode(plan, STEP_DIR, a->home, 0700);
	}
	(void)add(plan, STEP_TEXT, users, "/etc/passwd");
	(void)add(plan, STEP_TEXT, groups, "/etc/group");
}

static void add_etc(const struct facts *facts, struct plan *plan)
{
	for (size_t i = 0; i < sizeof(etc_paths) / sizeof(etc_paths[0]); i++)
		add_read_only(plan, etc_paths[i]);
	add_accounts(facts, plan);
	(void)add(plan, STEP_TEXT, "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n",
		  "/etc/nsswitch.conf");
	(void)add(plan, STEP_TEXT,
		  text("127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 %s\n",
		       plan->hostname != NULL ? plan->hostname : "croft"), "/etc/hosts");
	(void)add(plan, STEP_SYMLINK, "/proc/self/mounts", "/etc/mtab");
}

/* ---- the three kinds of root --------------------------------------------------------------- */

static void add_system(const struct facts *facts, struct plan *plan)
{
	for (const struct system_directory *d = facts->system; d->path != NULL; d++)
		if (d->link != NULL)
			(void)add(plan, STEP_SYMLINK, d->link, d->path);
		else
			add_read_only(plan, d->path);
}

static void add_scratch(struct plan *plan)
{
	add_with_mode(plan, STEP_TMPFS, "/tmp", 01777);
	add_with_mode(plan, STEP_TMPFS, "/var/tmp", 01777);
	add_with_mode(plan, STEP_TMPFS, "/run", 0755);
}

static void add_host_root(const struct facts *facts, struct plan *plan)
{
	add_with_mode(plan, STEP_TMPFS, "/", 0755);
	add_system(facts, plan);
	add_with_mode(plan, STEP_DIR, "/home", 0755);
	add_etc(facts, plan);
	add_scratch(plan);
}

static void add_tree(const struct options *o, struct plan *plan)
{
	struct step *root = add(plan, STEP_BIND, o->rootfs, "/");

	root->read_only = o->rootfs_read_only;
	if (o->rootfs_read_only)
		add_scratch(plan);
}

/* A fresh view of processes and devices, unless the user placed one. */
static void add_kernel(const struct options *o, struct plan *plan)
{
	if (!user_has(o, STEP_PROC, "/proc"))
		(void)add(plan, STEP_PROC, NULL, "/proc");
	if (!user_has(o, STEP_DEV, "/dev"))
		(void)add(plan, STEP_DEV, NULL, "/dev");
	if (o->rootfs != NULL && !user_has(o, STEP_SYS, "/sys"))
		(void)add(plan, STEP_SYS, NULL, "/sys");
}

/* With the caller's network come the caller's name servers. */
static void add_network_files(const struct options *o, struct plan *plan)
{
	if ((plan->namespaces & CLONE_NEWNET) != 0 || (o->rootfs != NULL && strcmp(o->rootfs, "/") == 0))
		return;
	add_read_only(plan, "/etc/resolv.conf");
	if (o->rootfs != NULL)
		add_read_only(plan, "/etc/hosts");
}

/* The first step mounts something on "/": no other root is needed below it. */
static bool begins_with_root(const struct steps *steps)
{
	const struct step *first = steps->step;

	return steps->n > 0 && strcmp(first->target, "/") == 0 &&
	       ((first->kind == STEP_BIND && !first->optional) || first->kind == STEP_TMPFS ||
		first->kind == STEP_OVERLAY);
}

void layout_make(const struct options *o, const struct facts *facts, struct plan *plan)
{
	if (o->rootfs != NULL)
		add_tree(o, plan);
	else if (!o->empty_root)
		add_host_root(facts, plan);
	else if (!begins_with_root(&o->steps))
		add_with_mode(plan, STEP_TMPFS, "/", 0755);
	if (!o->empty_root) {
		add_kernel(o, plan);
		add_network_files(o, plan);
	}
	for (size_t i = 0; i < o->steps.n; i++)
		*steps_add(&plan->steps, o->steps.step[i].kind, o->steps.step[i].target) = o->steps.step[i];
}
