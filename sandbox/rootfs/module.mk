# SPDX-License-Identifier: GPL-2.0-or-later
# The root file system: paths that stay beneath it, mounts, and the steps that make it.

front_end_sources += \
	sandbox/rootfs/chase.c \
	sandbox/rootfs/chase.h \
	sandbox/rootfs/layout.c \
	sandbox/rootfs/layout.h \
	sandbox/rootfs/mounts.c \
	sandbox/rootfs/mounts.h \
	sandbox/rootfs/resolve.c \
	sandbox/rootfs/resolve.h \
	sandbox/rootfs/rootfs.c \
	sandbox/rootfs/rootfs.h \
	sandbox/rootfs/sockets.c \
	sandbox/rootfs/sockets.h \
	sandbox/rootfs/steps.h \
	sandbox/rootfs/steps_dev.c \
	sandbox/rootfs/steps_file.c \
	sandbox/rootfs/steps_mount.c
