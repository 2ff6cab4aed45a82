/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolve - paths inside a root, which never lead out of it
 *
 * Symbolic links and ".." are followed as if the root were "/"; links made by
 * the kernel (/proc/PID/fd/N) are not followed.  All descriptors are O_PATH
 * and close-on-exec, so a directory needs to be searchable only, not readable.
 */
#ifndef SANDBOX_RESOLVE_H
#define SANDBOX_RESOLVE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * Opens what path names beneath root: openat2(2) with RESOLVE_IN_ROOT, or a
 * walk of our own where the kernel or a filter around us refuses that call.
 * Returns an O_PATH descriptor, or -1 with errno.
 */
int resolve(int root, const char *path);

/* The walk alone, for tests and where openat2 is refused. */
int resolve_by_walk(int root, const char *path);

/* Judges a link that is about to be followed, by the directory that holds it. */
struct resolve_watch {
	bool (*trusts)(struct resolve_watch *watch, int directory);
};

/*
 * Opens what path names in the caller's own root, or from the working directory
 * on, as open(2) does, but for links that are not trusted: EXDEV.
 */
int resolve_outside(const char *path, struct resolve_watch *watch);

enum resolve_make { RESOLVE_MAKE_DIRECTORY, RESOLVE_MAKE_FILE };

/*
 * The directory that a last component was made in.  Where many are made side by
 * side, it need not be looked up each time.  Start with RESOLVE_NOWHERE.  It is
 * forgotten when something is opened that was there already, since a mount on
 * that may cover it; what puts another mount on the root must forget it, too.
 */
struct resolve_memory {
	int directory;			/* owned, or -1 */
	char path[PATH_MAX];
};

#define RESOLVE_NOWHERE ((struct resolve_memory){ .directory = -1 })

void resolve_forget(struct resolve_memory *memory);

/*
 * Opens path as resolve() does and makes what is missing: directories on the
 * way with parent_mode, the last component as a directory or an empty file
 * with mode.  A link that points to nothing is followed and its target made.
 * *made, if not NULL, tells whether the last component was made; memory, if not
 * NULL, is kept up.
 */
int resolve_or_make(int root, const char *path, enum resolve_make what, mode_t mode,
		    mode_t parent_mode, struct resolve_memory *memory, bool *made);

/*
 * Makes the last component of path in the remembered directory, if that holds it
 * and has nothing of that name.  It opens nothing, for whoever goes on by
 * memory->directory and the name.  Returns the name, a part of path; NULL if
 * that could not be: resolve_or_make() can, or has the reason.
 */
const char *resolve_make_beside(const struct resolve_memory *memory, const char *path,
				enum resolve_make what, mode_t mode);

/*
 * Opens the directory that holds the last component of path, making what is
 * missing on the way, and returns that component's name in leaf (NAME_MAX + 1
 * bytes).  The last component itself is not looked at.
 */
int resolve_parent(int root, const char *path, mode_t parent_mode, char *leaf);

#endif
