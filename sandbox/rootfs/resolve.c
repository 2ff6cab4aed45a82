/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolve - paths inside a root, which never lead out of it
 *
 * Theory of the walk.  It holds one O_PATH descriptor for each directory
 * between the root and where it stands, so ".." is a step back to a descriptor
 * it has already, never a look-up: a directory that is moved away meanwhile
 * cannot carry the walk out.  Each component is opened with O_NOFOLLOW; a link
 * is read from the descriptor that was opened and its text put before what is
 * left of the path.  Nothing is looked at twice.
 */
#include "sandbox/rootfs/resolve.h"

#include "sandbox/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MAX_LINKS = 40 };	/* the kernel's own limit (path_resolution(7)) */

#define ST_NOSYMFOLLOW 0x2000	/* statfs(2), Linux 5.10; glibc 2.36 has no name for it */

static int open_path(int directory, const char *name)
{
	return openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static int resolve_by_kernel(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* ---- the walk ------------------------------------------------------------------------------ */

struct making {
	enum resolve_make what;
	mode_t mode, parent_mode;
};

struct walk {
	int root;		/* borrowed */
	int *depth;		/* what was opened between the root and here */
	size_t n, room;
	char rest[2 * PATH_MAX];	/* what is left of the path */
	int links;

	/* what to do about a component that is missing; NULL: nothing */
	const struct making *making;
	bool made;

	struct resolve_watch *watch;	/* outside of any root of ours: who judges links; or NULL */
};

static int here(const struct walk *walk)
{
	return walk->n > 0 ? walk->depth[walk->n - 1] : walk->root;
}

static int push(struct walk *walk, int fd)
{
	if (walk->n == walk->room) {
		size_t room = walk->room > 0 ? 2 * walk->room : 16;
		int *grown = reallocarray(walk->depth, room, sizeof(*grown));

		if (grown == NULL) {
			(void)close(fd);
			errno = ENOMEM;
			return -1;
		}
		walk->depth = grown;
		walk->room = room;
	}
	walk->depth[walk->n++] = fd;
	return 0;
}

static void back_to(struct walk *walk, size_t n)
{
	while (walk->n > n)
		(void)close(walk->depth[--walk->n]);
}

/* Ends the walk.  Returns where it stood, owned by the caller, with errno kept. */
static int finish(struct walk *walk, int result)
{
	int saved = errno, at = -1;

	if (result == 0)
		at = walk->n > 0 ? walk->depth[--walk->n] : fcntl(walk->root, F_DUPFD_CLOEXEC, 0);
	if (at < 0 && result == 0)
		saved = errno;
	back_to(walk, 0);
	free(walk->depth);
	errno = saved;
	return at;
}

/* Takes the next component off what is left.  Returns its length, 0 at the end, or -1. */
static ssize_t next_component(struct walk *walk, char name[NAME_MAX + 1])
{
	size_t skip = strspn(walk->rest, "/");
	size_t length = strcspn(walk->rest + skip, "/");

	if (length > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, walk->rest + skip, length);
	name[length] = '\0';
	memmove(walk->rest, walk->rest + skip + length, strlen(walk->rest + skip + length) + 1);
	return (ssize_t)length;
}

/*
 * Links of procfs that are magic read as an absolute path, or as a kind and a
 * number ("pipe:[4711]"); its plain ones (self, mounts) read as neither.  And
 * a mount can forbid links altogether.
 */
static bool may_follow(int link, const char *text, size_t length)
{
	struct statfs file_system;

	if (fstatfs(link, &file_system) < 0 || (file_system.f_flags & ST_NOSYMFOLLOW) != 0)
		return false;
	return file_system.f_type != PROC_SUPER_MAGIC ||
	       (text[0] != '/' && memchr(text, ':', length) == NULL);
}

/* Puts a link's text before what is left of the path. */
static int follow(struct walk *walk, int link)
{
	char text[PATH_MAX];
	ssize_t got = readlinkat(link, "", text, sizeof(text));
	size_t length = (size_t)got, left = strlen(walk->rest);

	if (got <= 0)		/* an empty link leads nowhere: that errno is ENOENT */
		return -1;
	if (++walk->links > MAX_LINKS || !may_follow(link, text, length)) {
		errno = ELOOP;
		return -1;
	}
	if (length >= sizeof(text) || length + left + 1 > sizeof(walk->rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memmove(walk->rest + length, walk->rest, left + 1);
	memcpy(walk->rest, text, length);
	if (text[0] == '/')
		back_to(walk, 0);
	return 0;
}

/* Nothing but slashes and "." is left. */
static bool at_end(const char *rest)
{
	for (;;) {
		rest += strspn(rest, "/");
		if (rest[0] != '.' || (rest[1] != '/' && rest[1] != '\0'))
			return *rest == '\0';
		rest++;
	}
}

/* Makes what must not exist yet.  EEXIST if it does, as whatever. */
static int create(int directory, const char *name, enum resolve_make what, mode_t mode)
{
	int fd;

	if (what == RESOLVE_MAKE_DIRECTORY)
		return mkdirat(directory, name, mode);
	fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	return fd < 0 ? -1 : close(fd);		/* empty */
}

static int make_component(int directory, const char *name, enum resolve_make what, mode_t mode)
{
	return create(directory, name, what, mode) < 0 ? -1 : open_path(directory, name);
}

/* Makes the component that is missing; whether it is the last one shows in what is left. */
static int make(struct walk *walk, const char *name)
{
	const struct making *making = walk->making;
	bool last = at_end(walk->rest);
	int fd;

	if (last && making->what == RESOLVE_MAKE_FILE && walk->rest[0] != '\0') {
		errno = EISDIR;		/* "new/": as open(2) with O_CREAT has it */
		return -1;
	}
	fd = make_component(here(walk), name, last ? making->what : RESOLVE_MAKE_DIRECTORY,
			    last ? making->mode : making->parent_mode);
	walk->made = last && fd >= 0;
	return fd;
}

/* A component that must be a directory, since there is more to come. */
static int must_be_directory(const struct walk *walk, const struct stat *status)
{
	if (walk->rest[0] == '\0' || S_ISDIR(status->st_mode))
		return 0;
	errno = ENOTDIR;
	return -1;
}

/*
 * The rule of the sysctl fs.protected_symlinks, which the kernel does not apply to who
 * reads a link: where everybody may lay one, the last of a path is followed only if it
 * is ours or the directory's owner's (may_follow_link()).  Of two owners without a
 * number here nobody can tell whether they are one.
 */
static bool may_be_a_trap(const struct walk *walk, const struct stat *link)
{
	enum { OVERFLOW = 65534 };
	const mode_t everybodys = S_ISVTX | S_IWOTH;
	struct stat directory;

	if (walk->rest[strspn(walk->rest, "/")] != '\0' || link->st_uid == geteuid())
		return false;
	if (fstat(here(walk), &directory) < 0)
		return true;
	return (directory.st_mode & everybodys) == everybodys &&
	       (directory.st_uid != link->st_uid || link->st_uid == OVERFLOW);
}

/*
 * Outside, the kernel has its say as well (protected_symlinks), and links that it makes
 * itself are its to follow.
 */
static int follow_outside(struct walk *walk, int link, const char *name)
{
	auto_close there = -1;
	struct statfs file_system;
	struct stat status;

	if (!walk->watch->trusts(walk->watch, here(walk))) {
		errno = EXDEV;
		return -1;
	}
	there = openat(here(walk), name, O_PATH | O_CLOEXEC);
	if (there < 0 || fstatfs(link, &file_system) < 0)
		return -1;
	if (file_system.f_type != PROC_SUPER_MAGIC)
		return follow(walk, link);
	if (fstat(there, &status) < 0 || must_be_directory(walk, &status) < 0)
		return -1;
	return push(walk, take_fd(&there));
}

static int step_into(struct walk *walk, const char *name)
{
	auto_close fd = open_path(here(walk), name);
	struct stat status;

	if (fd < 0 && errno == ENOENT && walk->making != NULL)
		fd = make(walk, name);
	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (S_ISLNK(status.st_mode) && walk->watch != NULL)
		return follow_outside(walk, fd, name);
	if (S_ISLNK(status.st_mode) && may_be_a_trap(walk, &status)) {
		errno = EACCES;
		return -1;
	}
	if (S_ISLNK(status.st_mode))
		return follow(walk, fd);
	if (must_be_directory(walk, &status) < 0)
		return -1;
	return push(walk, take_fd(&fd));
}

/* "." and ".." need no look-up here, but the right to make one (link_path_walk()). */
static int must_be_searchable(const struct walk *walk)
{
	auto_close fd = open_path(here(walk), ".");

	return fd < 0 ? -1 : 0;
}

static int take_component(struct walk *walk, const char *name)
{
	bool up = strcmp(name, "..") == 0;

	if ((!up && strcmp(name, ".") != 0) || (up && walk->watch != NULL))
		return step_into(walk, name);
	if (must_be_searchable(walk) < 0)
		return -1;
	if (up && walk->n > 0)
		back_to(walk, walk->n - 1);
	return 0;
}

static int walk_on(struct walk *walk)
{
	char name[NAME_MAX + 1];
	ssize_t length;

	while ((length = next_component(walk, name)) > 0)
		if (take_component(walk, name) < 0)
			return -1;
	return (int)length;
}

static int walk_begin(struct walk *walk, int root, const char *path, const struct making *making)
{
	*walk = (struct walk){ .root = root, .making = making };
	if (path[0] == '\0' || strlen(path) >= PATH_MAX) {
		errno = path[0] == '\0' ? ENOENT : ENAMETOOLONG;
		return -1;
	}
	memcpy(walk->rest, path, strlen(path) + 1);
	return 0;
}

static int walk_from(struct walk *walk, int root, const char *path, const struct making *making)
{
	return walk_begin(walk, root, path, making) < 0 ? -1 : walk_on(walk);
}

int resolve_by_walk(int root, const char *path)
{
	struct walk walk;
	int result = walk_from(&walk, root, path, NULL);

	return finish(&walk, result);
}

int resolve_outside(const char *path, struct resolve_watch *watch)
{
	auto_close root = open_path(AT_FDCWD, "/");
	auto_close start = path[0] == '/' ? -1 : open_path(AT_FDCWD, ".");
	struct walk walk;
	int result = walk_begin(&walk, root, path, NULL);

	walk.watch = watch;
	if (root < 0 || (path[0] != '/' && start < 0))
		result = -1;
	if (result == 0 && start >= 0)
		result = push(&walk, take_fd(&start));
	return finish(&walk, result < 0 ? result : walk_on(&walk));
}

/* ---- the verbs ----------------------------------------------------------------------------- */

/* ENOSYS: an old kernel or a filter; EPERM: a filter (the call itself never answers that). */
static bool call_is_refused(void)
{
	return errno == ENOSYS || errno == EPERM;
}

int resolve(int root, const char *path)
{
	int fd = resolve_by_kernel(root, path);

	/* EAGAIN: something was renamed meanwhile; the walk does not mind (openat2(2)). */
	if (fd < 0 && (call_is_refused() || errno == EAGAIN))
		fd = resolve_by_walk(root, path);
	return fd;
}

/*
 * Splits path into the directory's part, "/" if there is none, and the name of
 * the last component.  EEXIST: that is the root, "." or "..", which exist.
 */
static int split(const char *path, char directory[PATH_MAX], char leaf[NAME_MAX + 1])
{
	size_t end = strlen(path), start;

	while (end > 0 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		;
	if (end == start || end - start > NAME_MAX || start >= PATH_MAX) {
		errno = end == start ? EEXIST : ENAMETOOLONG;
		return -1;
	}
	memcpy(leaf, path + start, end - start);
	leaf[end - start] = '\0';
	memcpy(directory, start > 0 ? path : "/", start > 0 ? start : 1);
	directory[start > 0 ? start : 1] = '\0';
	if (strcmp(leaf, ".") != 0 && strcmp(leaf, "..") != 0)
		return 0;
	errno = EEXIST;
	return -1;
}

void resolve_forget(struct resolve_memory *memory)
{
	put_fd(&memory->directory, -1);
}

/* Whether the first length bytes of a path are what split() makes of the remembered one. */
static bool is_remembered(const struct resolve_memory *memory, const char *path, size_t length)
{
	if (memory->directory < 0)
		return false;
	if (length == 0)
		return strcmp(memory->path, "/") == 0;
	return strncmp(memory->path, path, length) == 0 && memory->path[length] == '\0';
}

/*
 * What is made in a directory cannot change where that directory's own path
 * leads, so the next one beside it is made in it, too; what was there before
 * may be a link to anywhere, and is looked up.
 */
const char *resolve_make_beside(const struct resolve_memory *memory, const char *path,
				enum resolve_make what, mode_t mode)
{
	const char *slash = strrchr(path, '/'), *leaf = slash != NULL ? slash + 1 : path;

	if (leaf[0] == '\0' || !is_remembered(memory, path, (size_t)(leaf - path)))
		return NULL;
	return create(memory->directory, leaf, what, mode) < 0 ? NULL : leaf;
}

/* How much of a path's first length bytes is left without the last component. */
static size_t cut(const char *path, size_t length)
{
	while (length > 0 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	return length;
}

/* The deepest directory on the way that is there, and how much of the path leads to it. */
static int open_deepest(int root, const char *path, size_t *length)
{
	char way[PATH_MAX];
	int fd = resolve(root, path);

	*length = strlen(path);
	memcpy(way, path, *length + 1);
	while (fd < 0 && errno == ENOENT && *length > 0) {
		*length = cut(path, *length);
		way[*length] = '\0';
		fd = resolve(root, *length > 0 ? way : "/");
	}
	return fd;
}

/*
 * In what is missing there is no link: below the deepest directory that is there,
 * one is made in the other.  What exists after all (a link that points to nothing,
 * "..") is left to the walk.
 */
static int make_way(int root, const char *path, mode_t mode)
{
	char name[NAME_MAX + 1];
	size_t length;
	int at = open_deepest(root, path, &length);

	for (const char *rest = path + length; at >= 0 && *rest != '\0'; rest += length) {
		rest += strspn(rest, "/");
		length = strcspn(rest, "/");
		if (length == 0)
			break;
		memcpy(name, rest, length < sizeof(name) ? length : 0);
		name[length < sizeof(name) ? length : 0] = '\0';	/* too long: never made */
		put_fd(&at, make_component(at, name, RESOLVE_MAKE_DIRECTORY, mode));
	}
	return at;
}

/* In few calls: what is missing is made, and the last component has no slash behind it. */
static int make_missing(int root, const char *path, const struct making *making,
			struct resolve_memory *memory)
{
	char leaf[NAME_MAX + 1];
	int fd;

	if (path[0] == '\0' || path[strlen(path) - 1] == '/' || split(path, memory->path, leaf) < 0)
		return -1;
	put_fd(&memory->directory, make_way(root, memory->path, making->parent_mode));
	fd = memory->directory < 0 ? -1 :
	     make_component(memory->directory, leaf, making->what, making->mode);
	if (fd < 0)
		resolve_forget(memory);
	return fd;
}

int resolve_or_make(int root, const char *path, enum resolve_make what, mode_t mode,
		    mode_t parent_mode, struct resolve_memory *memory, bool *made)
{
	struct making making = { what, mode, parent_mode };
	struct resolve_memory none = RESOLVE_NOWHERE;
	struct walk walk;
	int fd = resolve(root, path), result;

	if (made != NULL)
		*made = false;
	/* A mount on what is there may cover the directory, or a part of its path. */
	if (fd >= 0 && memory != NULL)
		resolve_forget(memory);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = make_missing(root, path, &making, memory != NULL ? memory : &none);
	resolve_forget(&none);
	if (made != NULL)
		*made = fd >= 0;
	if (fd >= 0)
		return fd;
	/* A link points to what is missing: the walk makes it, or says what is wrong. */
	result = walk_from(&walk, root, path, &making);
	if (made != NULL)
		*made = walk.made;
	return finish(&walk, result);
}

int resolve_parent(int root, const char *path, mode_t parent_mode, char *leaf)
{
	char directory[PATH_MAX];

	if (split(path, directory, leaf) < 0)
		return -1;
	return resolve_or_make(root, directory, RESOLVE_MAKE_DIRECTORY, parent_mode, parent_mode,
			       NULL, NULL);
}
