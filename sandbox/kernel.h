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

static inline int fsconfig(int context, unsigned command, const char *key, const void *value, int aux)
{
	return (int)syscall(SYS_fsconfig, context, command, key, value, aux);
}

static inline int fsmount(int context, unsigned flags, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, context, flags, attributes);
}

#endif

/* ioctl(2)'s request is an int in musl, and an unsigned long in glibc; the kernel looks at 32 bits. */
#ifdef __GLIBC__
#define IOCTL_REQUEST(number) (number)
#else
#define IOCTL_REQUEST(number) ((int)(number))
#endif

#ifndef __GLIBC__

#include <linux/stat.h>

static inline int statx(int directory, const char *path, int flags, unsigned mask, struct statx *status)
{
	return (int)syscall(SYS_statx, directory, path, flags, mask, status);
}

#endif

#endif
