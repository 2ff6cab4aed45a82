/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout - the root file system that comes without asking
 *
 * Four kinds of root: a tree named by --rootfs, one that the user's first step
 * mounts on "/", an empty one, or, without any of these, one made of the
 * host's own system directories and a small /etc.  The user's steps come after
 * it, so they can cover anything here.
 *
 * Every mount and file is paid for in each start.  So the host's root is one
 * tmpfs, which /tmp, /run and the homes are plain directories of; it stays
 * writable, like bwrap's, since nothing of it lives longer than the sandbox.
 */
#include "sandbox/rootfs/layout.h"

#include "sandbox/identity/maps.h"

#include <sched.h>
#include <string.h>

static bool user_has(const struct options *o, enum step_kind kind, const char *target)
{
	for (size_t i = 0; i < o->steps.n; i++)
		if (o->steps.step[i].kind == kind && strcmp(o->steps.step[i].target, target) == 0)
			return true;
	return false;
}

static struct step *add(struct plan *plan, enum step_kind kind, const char *source,
			const char *target)
{
	struct step *step = steps_add(&plan->steps, kind, target);

	step->source = source;
	step->by_default = true;
	return step;
}

static struct step *add_with_mode(struct plan *plan, enum step_kind kind, const char *target,
				  uint32_t mode)
{
	struct step *step = add(plan, kind, NULL, target);

	step->has_mode = true;
	step->mode = mode;
	return step;
}

static void add_read_only(struct plan *plan, const char *path)
{
	struct step *step = add(plan, STEP_BIND, path, path);

	step->read_only = true;
	step->optional = true;
}

static void add_all_read_only(struct plan *plan, const char *const *paths)
{
	for (; *paths != NULL; paths++)
		add_read_only(plan, *paths);
}

/* ---- what is taken of the host ------------------------------------------------------------- */

/*
 * Programs and what they cannot do without, on Debian, Fedora, Alpine and
 * Arch; nothing that is the host's secret or identity, and no program's own
 * configuration, of which there is no end: --ro-bind /etc /etc shares it all.
 */
const char *const layout_host_paths[] = {
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
	"/etc/alternatives",		/* awk, vi, java: links in /usr/bin lead through here */
	"/etc/ld.so.cache",		/* libraries outside the built-in directories */
	"/etc/localtime",
	"/etc/os-release",
	"/etc/fonts",
	"/etc/ssl/certs",		/* which authorities to trust: not /etc/ssl/private */
	"/etc/ssl/cert.pem",
	"/etc/ssl/openssl.cnf",
	"/etc/ca-certificates",		/* where Arch's certs link to */
	"/etc/pki/ca-trust/extracted",	/* Fedora's certificates; likewise without tls/private */
	"/etc/pki/tls/certs",
	"/etc/pki/tls/cert.pem",
	"/etc/pki/tls/openssl.cnf",
	"/etc/crypto-policies",		/* included by Fedora's openssl.cnf */
	NULL,
};

/* What a login shell reads before it is of use. */
static const char *const shell_paths[] = {
	"/etc/profile", "/etc/profile.d", "/etc/bash.bashrc", "/etc/bashrc", "/etc/inputrc", NULL,
};

/* With the caller's network come the caller's names for what is in it. */
static const char *const network_paths[] = {
	"/etc/resolv.conf", "/etc/hosts", "/etc/services", "/etc/protocols", NULL,
};

static bool shares_network(const struct plan *plan)
{
	return (plan->namespaces & CLONE_NEWNET) == 0;
}

static void add_host_paths(const struct facts *facts, struct plan *plan)
{
	for (const struct host_path *host = facts->host; host->path != NULL; host++)
		if (host->link != NULL)
			(void)add(plan, STEP_SYMLINK, host->link, host->path);
		else
			add_read_only(plan, host->path);
}

/* ---- accounts ------------------------------------------------------------------------------ */

struct account_inside {
	const char *name;
	uint32_t uid, gid;
	const char *home;
	bool payloads;
};

enum { ACCOUNTS = 3, NOBODY = 65534 };

/* The names of the IDs inside that have one: root, the caller, whoever else the payload is. */
static size_t name_accounts(const struct facts *facts, const struct plan *plan,
			    struct account_inside list[ACCOUNTS])
{
	const char *own = facts->name != NULL ? facts->name : "user";
	uint32_t uid = 0, gid = plan->gid;
	size_t n = 0;

	if (plan->root_uid == 0)
		list[n++] = (struct account_inside){ "root", 0, plan->root_gid, "/root",
						     plan->uid == 0 };
	(void)maps_to_inside(&plan->gid_map, facts->gid, &gid);
	if (maps_to_inside(&plan->uid_map, facts->uid, &uid) && uid != 0)
		list[n++] = (struct account_inside){ own, uid, gid, plan_text("/home/%s", own),
						     plan->uid == uid };
	if (plan->uid != 0 && plan->uid != uid && plan->uid != NOBODY) {
		const char *name = plan_text("user%u", plan->uid);

		list[n++] = (struct account_inside){ name, plan->uid, plan->gid,
						     plan_text("/home/%s", name), true };
	}
	return n;
}

/* The caller's own shell, if it is one and is there inside. */
static const char *choose_shell(const struct facts *facts)
{
	static const char *const not_shells[] = { "nologin", "false", "true", "sync" };
	const char *shell = facts->shell != NULL ? facts->shell : "";
	const char *name = strrchr(shell, '/');

	if (strncmp(shell, "/bin/", 5) != 0 && strncmp(shell, "/usr/", 5) != 0)
		return "/bin/sh";
	for (size_t i = 0; i < sizeof(not_shells) / sizeof(not_shells[0]); i++)
		if (strcmp(name + 1, not_shells[i]) == 0)
			return "/bin/sh";
	return shell;
}

static void add_accounts(const struct facts *facts, struct plan *plan)
{
	const char *users = "", *groups = "", *shell = choose_shell(facts);
	struct account_inside list[ACCOUNTS];
	size_t n = name_accounts(facts, plan, list);

	for (size_t i = 0; i < n; i++) {
		const struct account_inside *a = &list[i];

		users = plan_text("%s%s:x:%u:%u::%s:%s\n", users, a->name, a->uid, a->gid, a->home,
				  shell);
		groups = plan_text("%s%s:x:%u:\n", groups, a->name, a->gid);
		add_with_mode(plan, STEP_DIR, a->home, 0700)->payloads = a->payloads;
	}
	(void)add(plan, STEP_TEXT,
		  plan_text("%snobody:x:%d:%d::/nonexistent:/usr/sbin/nologin\n", users, NOBODY,
			    NOBODY),
		  "/etc/passwd");
	(void)add(plan, STEP_TEXT, plan_text("%snogroup:x:%d:\n", groups, NOBODY), "/etc/group");
}

/* ---- a small /etc -------------------------------------------------------------------------- */

static void add_hosts(struct plan *plan)
{
	const char *name = plan->hostname != NULL ? plan->hostname : "localhost";

	(void)add(plan, STEP_TEXT,
		  plan_text("127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n", name),
		  "/etc/hosts");
}

static void add_etc(const struct options *o, const struct facts *facts, struct plan *plan)
{
	add_accounts(facts, plan);
	/* The host's own may name services that do not answer here (sss, systemd). */
	(void)add(plan, STEP_TEXT, "passwd: files\ngroup: files\nhosts: files dns\n",
		  "/etc/nsswitch.conf");
	(void)add(plan, STEP_SYMLINK, "/proc/self/mounts", "/etc/mtab");
	if (shares_network(plan))
		add_all_read_only(plan, network_paths);
	else
		add_hosts(plan);
	if (o->command == COMMAND_SHELL)
		add_all_read_only(plan, shell_paths);
}

/* ---- the kinds of root --------------------------------------------------------------------- */

/* The user's first step mounts something on "/", which would cover all that is made here. */
static bool user_brings_root(const struct options *o)
{
	const struct step *first = o->steps.step;

	return o->rootfs == NULL && o->steps.n > 0 &&
	       first->target[strspn(first->target, "/")] == '\0' &&
	       ((first->kind == STEP_BIND && !first->optional) || first->kind == STEP_TMPFS ||
		first->kind == STEP_OVERLAY);
}

bool layout_takes_host(const struct options *o)
{
	return o->rootfs == NULL && !o->empty_root && !user_brings_root(o);
}

static void add_host_root(const struct options *o, const struct facts *facts, struct plan *plan)
{
	(void)add_with_mode(plan, STEP_TMPFS, "/", 0755);
	add_host_paths(facts, plan);
	(void)add_with_mode(plan, STEP_DIR, "/home", 0755);
	(void)add_with_mode(plan, STEP_DIR, "/run", 0755);
	(void)add_with_mode(plan, STEP_DIR, "/tmp", 01777);
	(void)add_with_mode(plan, STEP_DIR, "/var/tmp", 01777);
	(void)add(plan, STEP_SYMLINK, "../run", "/var/run");
	add_etc(o, facts, plan);
}

static void add_tree(const struct options *o, struct plan *plan)
{
	struct step *root = add(plan, STEP_BIND, o->rootfs, "/");

	root->read_only = o->rootfs_read_only;
	if (!o->rootfs_read_only)
		return;
	(void)add_with_mode(plan, STEP_TMPFS, "/tmp", 01777);
	(void)add_with_mode(plan, STEP_TMPFS, "/var/tmp", 01777);
	(void)add_with_mode(plan, STEP_TMPFS, "/run", 0755);
}

/* A fresh view of processes and devices, unless the user placed one. */
static void add_kernel(const struct options *o, struct plan *plan)
{
	if (!user_has(o, STEP_PROC, "/proc"))
		(void)add(plan, STEP_PROC, NULL, "/proc");
	if (!user_has(o, STEP_DEV, "/dev"))
		(void)add(plan, STEP_DEV, NULL, "/dev");
	/* A sandbox without /sys allows none in one within it, which must work all the same. */
	if (o->rootfs != NULL && !user_has(o, STEP_SYS, "/sys"))
		add(plan, STEP_SYS, NULL, "/sys")->optional = true;
}

/* The host's own tree has its names already. */
static void add_names(const struct options *o, struct plan *plan)
{
	if (o->rootfs == NULL || strcmp(o->rootfs, "/") == 0 || !shares_network(plan))
		return;
	add_read_only(plan, "/etc/resolv.conf");
	add_read_only(plan, "/etc/hosts");
}

void layout_make(const struct options *o, const struct facts *facts, struct plan *plan)
{
	size_t next = 0;

	if (o->rootfs != NULL)
		add_tree(o, plan);
	else if (user_brings_root(o))
		*steps_add(&plan->steps, STEP_BIND, "/") = o->steps.step[next++];
	else if (o->empty_root)
		(void)add_with_mode(plan, STEP_TMPFS, "/", 0755);
	else
		add_host_root(o, facts, plan);
	if (!o->empty_root) {
		add_kernel(o, plan);
		add_names(o, plan);
	}
	for (; next < o->steps.n; next++)
		*steps_add(&plan->steps, STEP_BIND, "/") = o->steps.step[next];
}
