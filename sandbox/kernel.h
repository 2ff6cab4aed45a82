/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel - calls of the kernel that not every C library has
 *
 * glibc has them since 2.36; musl, with which croft starts faster, has not.
 * Names, arguments and results are glibc's: -1 and errno on failure.
 */
#ifndef SANDBOX_KERNEL_H
#define SANDBOX_KERNEL_H

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __GLIBC__
#define KERNEL_CALLS_IN_LIBC __GLIBC_PREREQ(2, 36)
#else
#define KERNEL_CALLS_IN_LIBC 0
#endif

#if !KERNEL_CALLS_IN_LIBC

#include <linux/mount.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

static inline int open_tree(int directory, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, directory, path, flags);
}

static inline int move_mount(int from, const char *from_path, int to, const char *to_path,
			     unsigned flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

static inline int mount_setattr(int directory, const char *path, unsigned flags,
				struct mount_attr *attr, size_t size)
{
	return (int)syscall(SYS_mount_setattr, directory, path, flags, attr, size);
}

static inline int fsopen(const char *type, unsigned flags)
{
	return (int)syscall(SYS_fsopen, type, flags);
}

static inline int fsconfig(int context, unsigned command, const char *key, const void *value,
			   int aux)
{
	return (int)syscall(SYS_fsconfig, context, command, key, value, aux);
}

static inline int fsmount(int context, unsigned flags, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, context, flags, attributes);
}

#endif

/* ---- statmount(2), Linux 6.8 --------------------------------------------------------------- */

#ifndef SYS_statmount
#define SYS_statmount 457	/* on every machine but Alpha */
#endif

#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000U
#endif

/* struct mnt_id_req, version 0. */
struct kernel_mount_request {
	uint32_t size, spare;
	uint64_t number, wanted;
};

enum { KERNEL_STATMOUNT = 512 };	/* sizeof(struct statmount) */

/* ---- Landlock: what the kernel may know and its headers do not ----------------------------- */

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef LANDLOCK_ACCESS_FS_RESOLVE_UNIX
#define LANDLOCK_ACCESS_FS_RESOLVE_UNIX (1ULL << 16)
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP (1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL (1ULL << 1)
#endif

/* struct landlock_ruleset_attr as of ABI 6; older kernels take it where what they lack is 0. */
struct kernel_ruleset {
	uint64_t handled_access_fs, handled_access_net, scoped;
};

/* struct landlock_net_port_attr, and the type of rule that takes it. */
struct kernel_port_rule {
	uint64_t allowed_access, port;
};

enum { KERNEL_RULE_NET_PORT = 2 };

/* ioctl(2)'s request is an int in musl, an unsigned long in glibc; the kernel looks at 32 bits. */
#ifdef __GLIBC__
#define IOCTL_REQUEST(number) (number)
#else
#define IOCTL_REQUEST(number) ((int)(number))
#endif

#ifndef __GLIBC__

#include <linux/stat.h>

static inline int statx(int directory, const char *path, int flags, unsigned mask,
			struct statx *status)
{
	return (int)syscall(SYS_statx, directory, path, flags, mask, status);
}

#endif

#endif
