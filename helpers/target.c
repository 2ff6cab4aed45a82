/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target - the process whose namespace is mapped, as a descriptor of its /proc/PID
 *
 * A number can be another process by the time it is used; a /proc/PID directory
 * cannot: once its process is gone, look-ups beneath it fail.  But the process
 * can change between any two lines of this file.  So what holds is what the
 * kernel looks at when the map file is opened and written, with the rights that
 * confine.c left us: the opener owns the namespace, and is in its direct parent
 * (map_write(), kernel/user_namespace.c).  The checks here come earlier and say
 * why.
 */
#include "helpers/target.h"

#include "helpers/verdict.h"
#include "idmap/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

/* ---- looking beneath the directory ------------------------------------------------------- */

static _Noreturn void refuse_for(int err)
{
	switch (err) {
	case ESRCH:
		refuse(VERDICT_TARGET_GONE);
	case EACCES:
	case EPERM:
		refuse(VERDICT_TARGET_FOREIGN);
	case EMFILE:
	case ENFILE:
		refuse(VERDICT_BAD_START);
	default:
		refuse(VERDICT_TARGET_NOT_PROC);
	}
}

static struct statx look_at(int fd)
{
	const unsigned int wanted = STATX_UID | STATX_GID | STATX_INO | STATX_MNT_ID;
	struct statx seen = { .stx_mask = 0 };

	if (statx(fd, "", AT_EMPTY_PATH, wanted, &seen) < 0)
		refuse_for(errno);
	if ((seen.stx_mask & wanted) != wanted)
		refuse(VERDICT_TARGET_NOT_PROC);
	return seen;
}

/* A mount of the caller's on top of the entry would lead elsewhere. */
static int open_beneath(int directory, const char *name, int flags)
{
	int fd = openat(directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		refuse_for(errno);
	if (look_at(fd).stx_mnt_id != look_at(directory).stx_mnt_id)
		refuse(VERDICT_TARGET_NOT_PROC);
	return fd;
}

static bool is_on(int fd, unsigned int magic)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 && (unsigned int)system.f_type == magic;
}

/* ---- whose, and which -------------------------------------------------------------------- */

/* Of procfs' directories a process' own alone has "task"; a thread's has not. */
static void check_is_process(int directory)
{
	if (!is_on(directory, PROC_SUPER_MAGIC))
		refuse(VERDICT_TARGET_NOT_PROC);
	(void)close(open_beneath(directory, "task", O_PATH | O_DIRECTORY));
}

/* The directory has the effective IDs of its process, even of one that is not dumpable. */
static void check_owner(int directory, const struct caller *caller)
{
	struct statx seen = look_at(directory);

	if (seen.stx_uid != caller->uid || seen.stx_gid != caller->gid)
		refuse(VERDICT_TARGET_FOREIGN);
}

static int open_user_namespace(int directory)
{
	int names = open_beneath(directory, "ns", O_PATH | O_DIRECTORY);
	int fd = openat(names, "user", O_RDONLY | O_CLOEXEC);	/* a link by nature */

	if (fd < 0)
		refuse_for(errno);
	if (!is_on(fd, NSFS_MAGIC) || ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWUSER)
		refuse(VERDICT_TARGET_NOT_PROC);
	(void)close(names);
	return fd;
}

/* Is this namespace the one we are in ourselves? */
static bool is_ours(int namespace)
{
	struct stat ours, theirs;

	return stat("/proc/self/ns/user", &ours) == 0 && fstat(namespace, &theirs) == 0 &&
	       ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* NS_GET_PARENT fails for our own namespace, too: its parent is none of our business. */
static void check_namespace(int directory, const struct caller *caller)
{
	int namespace = open_user_namespace(directory);
	int parent = ioctl(namespace, NS_GET_PARENT);
	uid_t owner;

	if (parent < 0 || !is_ours(parent))
		refuse(VERDICT_TARGET_NOT_CHILD);
	if (ioctl(namespace, NS_GET_OWNER_UID, &owner) < 0 || owner != caller->uid)
		refuse(VERDICT_TARGET_FOREIGN);
	(void)close(parent);
	(void)close(namespace);
}

static void check_unmapped(int directory, const char *map_file)
{
	int fd = open_beneath(directory, map_file, O_RDONLY);
	char first;

	if (read(fd, &first, 1) != 0)
		refuse(VERDICT_TARGET_MAPPED);
	(void)close(fd);
}

void target_check(int directory, const struct caller *caller, const char *map_file)
{
	check_is_process(directory);
	check_owner(directory, caller);
	check_namespace(directory, caller);
	check_unmapped(directory, map_file);
}

/* The name in /proc/PID/stat is the process' own choice, but its number comes before that. */
uint32_t target_number(int directory)
{
	int fd = open_beneath(directory, "stat", O_RDONLY);
	char bytes[TEXT_DIGITS + 1];
	ssize_t got = read(fd, bytes, sizeof(bytes));
	struct text rest = { bytes, got > 0 ? (size_t)got : 0 }, digits;
	uint32_t number = 0;

	(void)close(fd);
	return text_cut(&rest, ' ', &digits) && text_number(digits, &number) ? number : 0;
}

/* ---- the acts ---------------------------------------------------------------------------- */

static void write_whole(int directory, const char *name, const char *text, size_t length,
			enum idverdict_code otherwise)
{
	int fd = open_beneath(directory, name, O_WRONLY);

	if (write(fd, text, length) != (ssize_t)length)
		refuse(otherwise);
	(void)close(fd);
}

void target_deny_setgroups(int directory)
{
	write_whole(directory, "setgroups", "deny", strlen("deny"), VERDICT_SETGROUPS_REFUSED);
}

/* The kernel wants the capability of who opens and of who writes (new_idmap_permitted()). */
void target_write_map(int directory, const char *map_file, const struct idmap *map)
{
	char text[IDMAP_TEXT];
	size_t length = idmap_print(map, text);

	confine_raise();
	write_whole(directory, map_file, text, length, VERDICT_WRITE_REFUSED);
	confine_lower();
}
