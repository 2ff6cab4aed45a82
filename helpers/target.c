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
#include "helpers/steps.h"

#include "idmap/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

static void must_be_on(int fd, unsigned int magic)
{
	struct statfs system;

	if (fstatfs(fd, &system) < 0 || (unsigned int)system.f_type != magic)
		refuse(VERDICT_TARGET_NOT_PROC);
}

/* A mount of the caller's on top of the entry would lead elsewhere. */
static int open_entry(const char *name, int flags, unsigned int magic)
{
	const int follow = magic == NSFS_MAGIC ? 0 : O_NOFOLLOW;	/* ns/user is a link */
	int fd = openat(TARGET_FD, name, flags | follow | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		refuse(errno == ESRCH ? VERDICT_TARGET_GONE :
		       errno == EACCES ? VERDICT_TARGET_FOREIGN : VERDICT_TARGET_NOT_PROC);
	must_be_on(fd, magic);
	return fd;
}

/* The directory has the effective IDs of its process, even of one that is not dumpable. */
static void check_process(const struct caller *caller)
{
	struct stat seen;

	must_be_on(TARGET_FD, PROC_SUPER_MAGIC);
	(void)open_entry("task", O_PATH, PROC_SUPER_MAGIC);	/* no thread has this */
	if (fstat(TARGET_FD, &seen) < 0 || seen.st_uid != caller->uid || seen.st_gid != caller->gid)
		refuse(VERDICT_TARGET_FOREIGN);
}

/* NS_GET_PARENT fails for our own namespace, too: its parent is none of our business. */
static void check_namespace(uid_t caller)
{
	int fd = open_entry("ns/user", O_RDONLY, NSFS_MAGIC);
	struct stat parent, ours;
	uid_t owner;

	if (fstat(ioctl(fd, NS_GET_PARENT), &parent) < 0 || stat("/proc/self/ns/user", &ours) < 0 ||
	    parent.st_dev != ours.st_dev || parent.st_ino != ours.st_ino)
		refuse(VERDICT_TARGET_NOT_CHILD);
	if (ioctl(fd, NS_GET_OWNER_UID, &owner) < 0 || owner != caller)
		refuse(VERDICT_TARGET_FOREIGN);
}

/* The name in /proc/PID/stat is of the process' own choice, but the number stands before it. */
static uint32_t read_number(void)
{
	int fd = open_entry("stat", O_RDONLY, PROC_SUPER_MAGIC);
	char bytes[sizeof("4294967295")];
	ssize_t got = read(fd, bytes, sizeof(bytes));
	struct text rest = { bytes, got > 0 ? (size_t)got : 0 }, digits;
	uint32_t number;

	return text_cut(&rest, ' ', &digits) && text_number(digits, &number) ? number : 0;
}

static void write_whole(const char *name, const char *text, size_t length, enum idverdict_code code)
{
	int fd = open_entry(name, O_WRONLY, PROC_SUPER_MAGIC);

	if (write(fd, text, length) != (ssize_t)length)
		refuse(code);
	confine_descriptors();
}

void target_check(const struct caller *caller, const char *map_file)
{
	char first;

	check_process(caller);
	check_namespace(caller->uid);
	if (read(open_entry(map_file, O_RDONLY, PROC_SUPER_MAGIC), &first, 1) != 0)
		refuse(VERDICT_TARGET_MAPPED);
	log_facts.target = read_number();
	confine_descriptors();
}

void target_deny_setgroups(void)
{
	write_whole("setgroups", "deny", 4, VERDICT_SETGROUPS_REFUSED);
}

/* The kernel wants the capability of who opens and of who writes (new_idmap_permitted()). */
void target_write_map(const char *map_file, const struct idmap *map)
{
	char text[IDMAP_TEXT];
	size_t length = idmap_print(map, text);

	confine_effective(true);
	write_whole(map_file, text, length, VERDICT_WRITE_REFUSED);
	confine_effective(false);
}
