/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths inside a root: the walk against openat2(2) as an oracle, on tables and
 * on random trees; and both against someone who exchanges directories.
 *
 * Weakness P11: the walk gives what openat2(2) gives, on tables and random trees
 *
 * RESOLVE_CASES says how many random paths are tried, RESOLVE_SEED where they
 * begin (what failed prints it).
 */
#include "sandbox/rootfs/resolve.h"

#include "sandbox/cleanup.h"
#include "tests/unit/table.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char scratch[] = "/tmp/croft-resolve.XXXXXX";
static int outside = -1;	/* holds what must never be reached, and the root */
static int root = -1;

static int by_oracle(int at, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	int fd;

	/* EAGAIN: something was renamed, anywhere on the machine, while ".." was looked up. */
	do
		fd = (int)syscall(SYS_openat2, at, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	return fd;
}

/* What a look-up gives, to be compared: 0 and which file, or why not. */
struct answer {
	int err;
	dev_t device;
	ino_t inode;
};

static struct answer answer_of(int fd)
{
	struct stat status;

	if (fd < 0)
		return (struct answer){ .err = errno };
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_true((fcntl(fd, F_GETFL) & O_PATH) != 0);
	(void)close(fd);
	return (struct answer){ 0, status.st_dev, status.st_ino };
}

static bool same(struct answer a, struct answer b)
{
	return a.err == b.err && (a.err != 0 || (a.device == b.device && a.inode == b.inode));
}

/* ---- making trees -------------------------------------------------------------------------- */

static void must(int result, const char *what, const char *name)
{
	if (result < 0)
		fail_msg("%s %s: %s", what, name, strerror(errno));
}

static void make_directory(int at, const char *name, mode_t mode)
{
	must(mkdirat(at, name, mode), "mkdir", name);
}

static void make_file(int at, const char *name)
{
	auto_close fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	must(fd, "create", name);
}

static void make_link(int at, const char *name, const char *text)
{
	must(symlinkat(text, at, name), "symlink", name);
}

static void remove_tree(const char *name)
{
	char command[PATH_MAX];

	(void)snprintf(command, sizeof(command),
		       "chmod -R u+rwx '%s/%s' && find '%s/%s' -mindepth 1 -delete", scratch, name,
		       scratch, name);
	assert_int_equal(system(command), 0);
}

static void fresh_root(void)
{
	static bool begun;

	if (begun) {
		(void)close(root);
		remove_tree("root");
	}
	begun = true;
	if (faccessat(outside, "root", F_OK, 0) < 0)
		make_directory(outside, "root", 0755);
	root = openat(outside, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	must(root, "open", "root");
}

/* ---- tables -------------------------------------------------------------------------------- */

static void make_chain(const char *prefix, int n)
{
	char name[16], text[16];

	for (int i = n; i > 0; i--) {
		(void)snprintf(name, sizeof(name), "%s%d", prefix, i);
		(void)snprintf(text, sizeof(text), "%s%d", prefix, i + 1);
		make_link(root, name, i == n ? "f" : text);
	}
}

static char long_name[NAME_MAX + 2];

static void make_fixed_tree(void)
{
	fresh_root();
	make_file(root, "f");
	make_directory(root, "d", 0755);
	make_file(root, "d/f");
	make_directory(root, "d/e", 0755);
	make_file(root, "d/e/deep");
	make_link(root, "to-f", "f");
	make_link(root, "to-d", "d");
	make_link(root, "to-d-slash", "d/");
	make_link(root, "to-f-slash", "f/");
	make_link(root, "absolute", "/d/f");
	make_link(root, "to-root", "/");
	make_link(root, "above", "../../../d");
	make_link(root, "escape", "../../canary");
	make_link(root, "escape-absolute", scratch);
	make_link(root, "d/up", "../f");
	make_link(root, "dangling", "nowhere");
	make_link(root, "dots", "./././d/../d/./e");
	make_link(root, "loop", "loop");
	make_link(root, "loop-a", "loop-b");
	make_link(root, "loop-b", "loop-a");
	make_chain("c", 40);
	make_chain("x", 41);
	make_directory(root, "var", 0755);
	make_directory(root, "run", 0755);
	make_directory(root, "run/lock", 0755);
	make_link(root, "var/run", "/run");
	make_directory(root, "passage", 0755);
	make_file(root, "passage/f");
	must(fchmodat(root, "passage", 0311, 0), "chmod", "passage");
	make_directory(root, "closed", 0755);
	make_file(root, "closed/f");
	must(fchmodat(root, "closed", 0600, 0), "chmod", "closed");
	memset(long_name, 'n', NAME_MAX);
	make_file(root, long_name);
	make_link(root, "to-long", long_name);
	long_name[NAME_MAX] = 'n';
}

static const struct row {
	const char *name, *path;
	const char *is;		/* the same file, by a plain path from the root */
	int err;
} rows[] = {
	{ "a file", "f", "f", 0 },
	{ "a leading slash", "/f", "f", 0 },
	{ "many slashes", "///d////e//deep", "d/e/deep", 0 },
	{ "the root", "/", ".", 0 },
	{ "the root as a dot", ".", ".", 0 },
	{ "a trailing slash of a directory", "d/", "d", 0 },
	{ "many trailing slashes", "d///", "d", 0 },
	{ "a trailing dot", "d/.", "d", 0 },
	{ "dots inside", "./d/./e/./deep", "d/e/deep", 0 },
	{ "up and down", "d/e/../../d/f", "d/f", 0 },
	{ "above the root is the root", "../../../../f", "f", 0 },
	{ "above it by a slash, too", "/../d/../../f", "f", 0 },
	{ "up at the end", "d/e/..", "d", 0 },
	{ "a link", "to-f", "f", 0 },
	{ "a link on the way", "to-d/e/deep", "d/e/deep", 0 },
	{ "a link and a slash", "to-d/", "d", 0 },
	{ "a link whose text ends in a slash", "to-d-slash", "d", 0 },
	{ "an absolute link begins at the root", "absolute", "d/f", 0 },
	{ "a link to the root", "to-root/to-root/d/to-root", NULL, ENOENT },
	{ "a link to the root, and on", "to-root/d/f", "d/f", 0 },
	{ "a link above the root", "above/f", "d/f", 0 },
	{ "up behind a link goes where the link led", "to-d/../f", "f", 0 },
	{ "a link upwards from within", "d/up", "f", 0 },
	{ "a link of dots", "dots/deep", "d/e/deep", 0 },
	{ "40 links", "c1", "f", 0 },
	{ "/var/run is a link", "/var/run/lock", "run/lock", 0 },
	{ "a directory that can be passed but not read", "passage/f", "passage/f", 0 },
	{ "a name of 255 bytes", "to-long", NULL, 0 },

	{ "nothing", "", NULL, ENOENT },
	{ "what is not there", "nowhere", NULL, ENOENT },
	{ "on the way", "nowhere/f", NULL, ENOENT },
	{ "up from what is not there", "nowhere/../f", NULL, ENOENT },
	{ "a link to nowhere", "dangling", NULL, ENOENT },
	{ "the canary, by dots", "../canary", NULL, ENOENT },
	{ "the canary, by a link", "escape", NULL, ENOENT },
	{ "the canary, by an absolute link", "escape-absolute/canary", NULL, ENOENT },
	{ "a file is no directory", "f/x", NULL, ENOTDIR },
	{ "not with a slash", "f/", NULL, ENOTDIR },
	{ "not with a dot", "f/.", NULL, ENOTDIR },
	{ "not with two", "f/..", NULL, ENOTDIR },
	{ "not behind a link", "to-f/", NULL, ENOTDIR },
	{ "not where the link's text says so", "to-f-slash", NULL, ENOTDIR },
	{ "41 links", "x1", NULL, ELOOP },
	{ "a link to itself", "loop", NULL, ELOOP },
	{ "two links to one another", "loop-a/f", NULL, ELOOP },
	{ "a directory that cannot be passed", "closed/f", NULL, EACCES },
	{ "not even for a dot", "closed/.", NULL, EACCES },
	{ "not even to turn round", "closed/..", NULL, EACCES },
	{ "but seen", "closed", "closed", 0 },
	{ "and with a slash", "closed/", "closed", 0 },
	{ "a name of 256 bytes", long_name, NULL, ENAMETOOLONG },
};

static void look_up(void **state)
{
	const struct row *row = *state;
	struct answer oracle = answer_of(by_oracle(root, row->path));
	struct answer walk = answer_of(resolve_by_walk(root, row->path));
	struct answer both = answer_of(resolve(root, row->path));

	assert_int_equal(walk.err, row->err);
	if (row->is != NULL)
		assert_true(same(
			walk, answer_of(openat(root, row->is, O_PATH | O_NOFOLLOW | O_CLOEXEC))));
	assert_true(same(walk, both));
	if (oracle.err != ENOSYS)
		assert_true(same(walk, oracle));
}

/* Links of procfs: what the kernel makes up is refused, what is text is followed. */
static const struct proc_row {
	const char *name, *path;
	int err;
} proc_rows[] = {
	{ "proc: a plain file", "/proc/self/status", 0 },
	{ "proc: a link by text", "/proc/mounts", 0 },
	{ "proc: this thread", "/proc/thread-self/comm", 0 },
	{ "proc: through the network's link", "/proc/net/dev", 0 },
	{ "proc: the program", "/proc/self/exe", ELOOP },
	{ "proc: the working directory, and on", "/proc/self/cwd/.", ELOOP },
	{ "proc: the root directory", "/proc/self/root", ELOOP },
	{ "proc: the root directory, and on", "/proc/self/root/etc", ELOOP },
	{ "proc: a namespace", "/proc/self/ns/user", ELOOP },
	{ "proc: a pipe", "/proc/self/fd/PIPE", ELOOP },
	{ "proc: a directory held open", "/proc/self/fd/ROOT", ELOOP },
};

static void look_up_in_proc(void **state)
{
	const struct proc_row *row = *state;
	auto_close slash = open("/", O_PATH | O_CLOEXEC);
	char path[64];
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	(void)snprintf(path, sizeof(path), "%s", row->path);
	if (strstr(path, "PIPE") != NULL)
		(void)sprintf(strstr(path, "PIPE"), "%d", ends[0]);
	if (strstr(path, "ROOT") != NULL)
		(void)sprintf(strstr(path, "ROOT"), "%d", root);
	assert_int_equal(answer_of(resolve_by_walk(slash, path)).err, row->err);
	assert_int_equal(answer_of(resolve(slash, path)).err, row->err);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* ---- long paths ---------------------------------------------------------------------------- */

static const char *dots_of(size_t length)
{
	static char path[PATH_MAX + 2];

	for (size_t i = 0; i < length; i++)
		path[i] = i % 2 == 0 ? '/' : '.';
	path[length - 1] = 'f';
	path[length] = '\0';
	return path;
}

static void longest_path(void **state)
{
	(void)state;
	/* 4,095 bytes end in "/f", and the NUL is the 4,096th. */
	assert_int_equal(answer_of(resolve_by_walk(root, dots_of(4094))).err, 0);
	assert_int_equal(answer_of(resolve(root, dots_of(4094))).err, 0);
	assert_true(same(answer_of(resolve_by_walk(root, dots_of(4095))),
			 answer_of(by_oracle(root, dots_of(4095)))));
	assert_int_equal(answer_of(resolve_by_walk(root, dots_of(4096))).err, ENAMETOOLONG);
	assert_int_equal(answer_of(resolve(root, dots_of(4096))).err, ENAMETOOLONG);
}

/* A link's text and what is behind it are kept together: too much of it is refused, not cut. */
static void long_links(void **state)
{
	char text[PATH_MAX];

	(void)state;
	memset(text, '/', sizeof(text));
	(void)strcpy(text + 4000, "blow");
	make_link(root, "blow", text);
	assert_int_equal(answer_of(resolve_by_walk(root, "blow")).err, ELOOP);
	(void)strcpy(text + 4000, "/grow/d");
	make_link(root, "grow", text);
	assert_int_equal(answer_of(resolve_by_walk(root, "grow/f")).err, ELOOP);
	for (size_t i = 0; i < 2000; i++)
		(void)memcpy(text + 5 + 2 * i, "/.", 3);
	(void)memcpy(text, "swell", 5);
	make_link(root, "swell", text);
	assert_int_equal(answer_of(resolve_by_walk(root, "swell")).err, ENAMETOOLONG);
}

/* Deeper than the limit of open files: refused, and every descriptor given back. */
static void deep_path(void **state)
{
	struct rlimit files, few = { 64, 64 };
	char path[400] = "deep";

	(void)state;
	make_directory(root, path, 0755);
	for (int i = 0; i < 100; i++) {
		(void)strcat(path, "/d");
		make_directory(root, path, 0755);
	}
	assert_int_equal(answer_of(resolve_by_walk(root, path)).err, 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	few.rlim_max = files.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(answer_of(resolve_by_walk(root, path)).err, EMFILE);
	assert_int_equal(answer_of(resolve_by_walk(root, "deep/d/d/d")).err, 0);
	assert_int_equal(answer_of(resolve(root, path)).err, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

/* ---- random trees -------------------------------------------------------------------------- */

static uint64_t random_state;

/* xorshift64: the same numbers everywhere. */
static unsigned below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % n;
}

static const char *const names[] = { "a", "b", "c", "f", "g", "k", "l", "m", "x" };

static void random_path(char *path, unsigned most)
{
	static const char *const joints[] = {
		"/", "/", "/", "/", "//", "/./", "/../", "/../../",
	};
	unsigned n = below(most) + 1;

	*path = '\0';
	if (below(3) == 0)
		(void)strcat(path, below(4) == 0 ? "/../" : "/");
	for (unsigned i = 0; i < n; i++) {
		unsigned pick = below(12);

		(void)strcat(path, pick == 0 ? ".." : pick == 1 ? "." : names[below(COUNT(names))]);
		if (i + 1 < n || below(6) == 0)
			(void)strcat(path, joints[below(COUNT(joints))]);
	}
}

static void random_entry(int at, const char *name, int depth);

static void random_directory(int at, int depth)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (below(4) != 0)
			random_entry(at, names[i], depth);
}

static void random_entry(int at, const char *name, int depth)
{
	static const mode_t modes[] = { 0755, 0755, 0755, 0755, 0711, 0300, 0600 };
	char text[512];
	unsigned pick = below(10);

	if (pick < 4 && depth > 0) {
		auto_close fd = -1;

		make_directory(at, name, 0700);
		fd = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		random_directory(fd, depth - 1);
		must(fchmodat(at, name, modes[below(COUNT(modes))], 0), "chmod", name);
	} else if (pick < 8) {
		random_path(text, 4);
		make_link(at, name, text);
	} else {
		make_file(at, name);
	}
}

static unsigned long number_from(const char *variable, unsigned long otherwise)
{
	const char *text = getenv(variable);

	return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

static void random_trees(void **state)
{
	enum { PATHS = 500 };
	unsigned long cases = number_from("RESOLVE_CASES", 10000);
	uint64_t seed = number_from("RESOLVE_SEED", 1);
	unsigned long found = 0, refused[ELOOP + 1] = { 0 };

	(void)state;
	for (unsigned long i = 0; i < cases; i++) {
		char path[512];
		struct answer oracle, walk;

		if (i % PATHS == 0) {
			random_state = (seed + i / PATHS) * UINT64_C(0x9e3779b97f4a7c15);
			fresh_root();
			random_directory(root, 3);
		}
		random_path(path, 7);
		oracle = answer_of(by_oracle(root, path));
		walk = answer_of(resolve_by_walk(root, path));
		if (!same(oracle, walk))
			fail_msg("RESOLVE_SEED=%lu: %s: openat2 says %s, the walk %s",
				 (unsigned long)seed + i / PATHS, path, strerror(oracle.err),
				 strerror(walk.err));
		found += oracle.err == 0;
		refused[oracle.err <= ELOOP ? oracle.err : 0] += oracle.err != 0;
	}
	/* The trees are worth something only if every kind of answer came up. */
	print_message(
		"# of %lu paths %lu were found; ENOENT %lu, ENOTDIR %lu, ELOOP %lu, EACCES %lu\n",
		cases, found, refused[ENOENT], refused[ENOTDIR], refused[ELOOP], refused[EACCES]);
	assert_true(found > cases / 20 && refused[ENOENT] > 0 && refused[ENOTDIR] > 0 &&
		    refused[ELOOP] > 0 && refused[EACCES] > 0);
}

/* ---- where openat2 is refused -------------------------------------------------------------- */

static int refuse_openat2(unsigned err)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* In the child: 0 if all is as without the filter, else which row was not. */
static int look_up_all(unsigned err)
{
	if (refuse_openat2(err) < 0 || by_oracle(root, "f") >= 0 || errno != (int)err)
		return 255;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = resolve(root, rows[i].path);

		if ((fd < 0 ? errno : 0) != rows[i].err)
			return (int)i + 1;
		if (fd >= 0)
			(void)close(fd);
	}
	return 0;
}

static const struct filter_row {
	const char *name;
	unsigned err;
} filter_rows[] = {
	{ "a filter that answers ENOSYS, as for RestrictSUIDSGID=", ENOSYS },
	{ "a filter that answers EPERM, as containers' did", EPERM },
};

static void under_a_filter(void **state)
{
	const struct filter_row *row = *state;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(look_up_all(row->err));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- making -------------------------------------------------------------------------------- */

static const struct make_row {
	const char *name, *path;
	enum resolve_make what;
	const char *is;			/* where it must be now, from the root */
	bool made;
	mode_t mode;			/* of what was made, with its kind */
	const char *parent;		/* made on the way, or NULL */
	int err;
} make_rows[] = {
	{ "a directory", "m1", RESOLVE_MAKE_DIRECTORY, "m1", true, S_IFDIR | 0750, NULL, 0 },
	{ "a file", "m2", RESOLVE_MAKE_FILE, "m2", true, S_IFREG | 0750, NULL, 0 },
	{ "a directory in new ones", "/m3/x/y", RESOLVE_MAKE_DIRECTORY, "m3/x/y", true,
	  S_IFDIR | 0750, "m3/x", 0 },
	{ "a file in new ones", "m4/x", RESOLVE_MAKE_FILE, "m4/x", true, S_IFREG | 0750, "m4", 0 },
	{ "with a trailing slash", "m5/x/", RESOLVE_MAKE_DIRECTORY, "m5/x", true, S_IFDIR | 0750,
	  "m5", 0 },
	{ "with a trailing dot", "m6/x/./.", RESOLVE_MAKE_DIRECTORY, "m6/x", true, S_IFDIR | 0750,
	  "m6", 0 },
	{ "behind two dots, in what is missing", "m14/../m15/x", RESOLVE_MAKE_DIRECTORY, "m15/x",
	  true, S_IFDIR | 0750, "m15", 0 },
	{ "through many that are missing", "d//m16/./x/y//z", RESOLVE_MAKE_FILE, "d/m16/x/y/z",
	  true, S_IFREG | 0750, "d/m16/x", 0 },
	{ "what is there stays", "d/e", RESOLVE_MAKE_DIRECTORY, "d/e", false, S_IFDIR | 0755, NULL,
	  0 },
	{ "whatever it is", "d/f", RESOLVE_MAKE_DIRECTORY, "d/f", false, S_IFREG | 0644, NULL, 0 },
	{ "through a link", "to-d/m7", RESOLVE_MAKE_FILE, "d/m7", true, S_IFREG | 0750, NULL, 0 },
	{ "where a link to nowhere leads", "m8-link", RESOLVE_MAKE_FILE, "m8", true, S_IFREG | 0750,
	  NULL, 0 },
	{ "where one above the root leads", "m9-link/z", RESOLVE_MAKE_DIRECTORY, "canary-not/z",
	  true,
	  S_IFDIR | 0750, "canary-not", 0 },
	{ "an absolute link out of the root", "m10-link", RESOLVE_MAKE_FILE, "tmp/m10", true,
	  S_IFREG | 0750,
	  "tmp", 0 },
	{ "above the root", "../../m11", RESOLVE_MAKE_DIRECTORY, "m11", true, S_IFDIR | 0750, NULL,
	  0 },

	{ "a file below a file", "f/x", RESOLVE_MAKE_FILE, NULL, false, 0, NULL, ENOTDIR },
	{ "a file with a slash", "m12/", RESOLVE_MAKE_FILE, NULL, false, 0, NULL, EISDIR },
	{ "a file with a dot", "m13/.", RESOLVE_MAKE_FILE, NULL, false, 0, NULL, EISDIR },
	{ "in a directory that cannot be passed", "closed/x", RESOLVE_MAKE_FILE, NULL, false, 0,
	  NULL, EACCES },
	{ "in one that cannot be written", "fixed/x", RESOLVE_MAKE_DIRECTORY, NULL, false, 0, NULL,
	  EACCES },
	{ "in a loop", "loop/x", RESOLVE_MAKE_DIRECTORY, NULL, false, 0, NULL, ELOOP },
	{ "nothing", "", RESOLVE_MAKE_DIRECTORY, NULL, false, 0, NULL, ENOENT },
	{ "a name of 256 bytes, to be made", long_name, RESOLVE_MAKE_FILE, NULL, false, 0, NULL,
	  ENAMETOOLONG },
};

static void make_row(void **state)
{
	const struct make_row *row = *state;
	bool made = !row->made;
	struct answer answer =
		answer_of(resolve_or_make(root, row->path, row->what, 0750, 0710, NULL, &made));
	struct stat status;

	assert_int_equal(answer.err, row->err);
	assert_int_equal(made, row->made);
	if (row->is == NULL)
		return;
	assert_int_equal(fstatat(root, row->is, &status, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(same(answer, (struct answer){ 0, status.st_dev, status.st_ino }));
	assert_int_equal(status.st_mode, row->mode);
	if (row->parent == NULL)
		return;
	assert_int_equal(fstatat(root, row->parent, &status, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 0710);
}

static void nothing_is_left(void **state)
{
	static const char *const refused[] = { "m12", "m13", "fixed/x" };

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++)
		assert_int_equal(faccessat(root, refused[i], F_OK, AT_SYMLINK_NOFOLLOW), -1);
	/* Beside the canary and the root, nothing was ever made outside. */
	assert_int_equal(faccessat(outside, "canary-not", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	assert_int_equal(faccessat(outside, "m11", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	assert_int_equal(access("/tmp/m10", F_OK), -1);
}

/* ---- many, side by side -------------------------------------------------------------------- */

static unsigned quickly;	/* how often no look-up was needed */

static struct answer make_beside(const char *path, struct resolve_memory *memory, bool *made)
{
	const char *name = resolve_make_beside(memory, path, RESOLVE_MAKE_DIRECTORY, 0755);

	*made = name != NULL;
	quickly += name != NULL;
	return answer_of(name != NULL ?
			 openat(memory->directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC) :
			 resolve_or_make(root, path, RESOLVE_MAKE_DIRECTORY, 0755, 0755, memory,
					 made));
}

static struct answer plain(const char *path)
{
	return answer_of(openat(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

static void side_by_side(void **state)
{
	static const char *const paths[] = {
		"/s/a",	    "/s/b",	"/s/c", "/s/t/a", "/s/t/b",
		"/to-d/s1", "/to-d/s2", "/s/d", "s/e",	  "s/f",
	};
	struct resolve_memory memory = RESOLVE_NOWHERE;

	(void)state;
	quickly = 0;
	for (size_t i = 0; i < COUNT(paths); i++) {
		bool made = false;
		struct answer answer = make_beside(paths[i], &memory, &made);
		const char *path = paths[i] + strspn(paths[i], "/");

		assert_true(made && answer.err == 0);
		assert_true(same(answer, plain(path)));
	}
	assert_int_equal(quickly, 5);	/* b, c, t/b, s2, f */
	resolve_forget(&memory);
}

/* What the memory cannot know, it must not be asked. */
static void memory_is_forgotten(void **state)
{
	struct resolve_memory memory = RESOLVE_NOWHERE;
	bool made = true;

	(void)state;
	assert_int_equal(make_beside("/t/a", &memory, &made).err, 0);
	assert_int_equal(make_beside("/t/b", &memory, &made).err, 0);
	assert_true(memory.directory >= 0);
	/* The caller may mount on it, and so cover what the memory holds. */
	assert_int_equal(make_beside("/t", &memory, &made).err, 0);
	assert_false(made);
	assert_int_equal(memory.directory, -1);

	assert_int_equal(make_beside("/t/c", &memory, &made).err, 0);
	assert_true(memory.directory >= 0);
	assert_true(same(make_beside("/t/b", &memory, &made), plain("t/b")));
	assert_false(made);
	assert_int_equal(memory.directory, -1);
}

/* A name that is taken beside the last one: looked up, and a link followed within the root. */
static void links_beside(void **state)
{
	struct resolve_memory memory = RESOLVE_NOWHERE;
	struct answer answer;
	bool made = true;

	(void)state;
	assert_int_equal(make_beside("/u/a", &memory, &made).err, 0);
	assert_int_equal(make_beside("/u/b", &memory, &made).err, 0);
	make_link(root, "u/link", "../../../u-made");
	answer = make_beside("/u/link", &memory, &made);
	assert_true(made && same(answer, plain("u-made")));
	assert_int_equal(make_beside("/u/..", &memory, &made).err, 0);
	assert_false(made);
	resolve_forget(&memory);
}

static const struct parent_row {
	const char *name, *path, *parent, *leaf;
	int err;
} parent_rows[] = {
	{ "parent: of a name", "name", ".", "name", 0 },
	{ "parent: of a name in the root", "/name", ".", "name", 0 },
	{ "parent: of a deeper one", "/d/e/name", "d/e", "name", 0 },
	{ "parent: made on the way", "p1/p2/name", "p1/p2", "name", 0 },
	{ "parent: trailing slashes are dropped", "d/name//", "d", "name", 0 },
	{ "parent: a link on the way is followed", "to-d/name", "d", "name", 0 },
	{ "parent: the last one is not", "d/up", "d", "up", 0 },
	{ "parent: above the root is the root", "../../name", ".", "name", 0 },
	{ "parent: of the root", "/", NULL, NULL, EEXIST },
	{ "parent: of nothing", "", NULL, NULL, EEXIST },
	{ "parent: of a dot", "d/.", NULL, NULL, EEXIST },
	{ "parent: of two", "d/..", NULL, NULL, EEXIST },
	{ "parent: a file", "f/name", NULL, NULL, ENOTDIR },
	{ "parent: a name of 256 bytes", long_name, NULL, NULL, ENAMETOOLONG },
};

static void find_parent(void **state)
{
	const struct parent_row *row = *state;
	char leaf[NAME_MAX + 1];
	struct answer answer = answer_of(resolve_parent(root, row->path, 0755, leaf));

	assert_int_equal(answer.err, row->err);
	if (row->err != 0)
		return;
	assert_string_equal(leaf, row->leaf);
	assert_true(same(answer, answer_of(openat(root, row->parent, O_PATH | O_CLOEXEC))));
}

/* ---- someone who exchanges things meanwhile ------------------------------------------------ */

static _Noreturn void exchange_for_ever(int from, const char *a, int to, const char *b)
{
	for (;;)
		(void)renameat2(from, a, to, b, RENAME_EXCHANGE);
}

static pid_t begin_race(int from, const char *a, int to, const char *b)
{
	pid_t child = fork();

	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		exchange_for_ever(from, a, to, b);
	}
	return child;
}

static void end_race(pid_t racer)
{
	(void)kill(racer, SIGKILL);
	(void)waitpid(racer, NULL, 0);
}

static int by_plain_path(int at, const char *path)
{
	return openat(at, path, O_PATH | O_CLOEXEC);
}

/* A walk that looks up "..", where ours steps back to what it holds. */
static int by_weak_walk(int at, const char *path)
{
	char copy[PATH_MAX], *rest = copy, *name;
	int fd = openat(at, ".", O_PATH | O_CLOEXEC);

	(void)snprintf(copy, sizeof(copy), "%s", path);
	while (fd >= 0 && (name = strsep(&rest, "/")) != NULL)
		put_fd(&fd, openat(fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	return fd;
}

/* How often a look-up reached the canary; stops at the first if that is what is wanted. */
static unsigned escapes(int (*look)(int at, const char *path), const char *path, unsigned tries,
			bool one)
{
	struct answer canary = answer_of(openat(outside, "canary", O_PATH | O_CLOEXEC));
	unsigned n = 0;

	for (unsigned i = 0; i < tries && !(one && n > 0); i++) {
		struct answer answer = answer_of(look(root, path));

		n += answer.err == 0 && same(answer, canary);
	}
	return n;
}

#define SLOWLY "././././././././././././././././././././././././././././././././././././././././"

static const struct race_row {
	const char *name, *path;
	bool moves_out;		/* a directory leaves the root, else a link takes its place */
	int (*weak)(int at, const char *path);
	unsigned tries;
} race_rows[] = {
	{ "a directory becomes a link out", "swap/canary", false, by_plain_path, 30000 },
	{ "a directory moves out below our feet", "mover/inner/" SLOWLY "../canary", true,
	  by_weak_walk, 3000 },
};

static void race(void **state)
{
	enum { CONTROL_TRIES = 2000000 };
	const struct race_row *row = *state;
	pid_t racer;

	fresh_root();
	make_directory(root, "swap", 0755);
	make_link(root, "trap", "..");
	make_directory(root, "mover", 0755);
	make_directory(root, "mover/inner", 0755);
	(void)mkdirat(outside, "den", 0755);
	racer = row->moves_out ? begin_race(root, "mover/inner", outside, "den") :
				 begin_race(root, "swap", root, "trap");
	/* The race is real: whoever is less careful loses it. */
	assert_int_equal(escapes(row->weak, row->path, CONTROL_TRIES, true), 1);
	assert_int_equal(escapes(resolve_by_walk, row->path, row->tries, false), 0);
	assert_int_equal(escapes(resolve, row->path, row->tries, false), 0);
	end_race(racer);
}

/* ---- all of it ----------------------------------------------------------------------------- */

/* Permissions mean nothing to root. */
static void become_ordinary(void)
{
	if (geteuid() != 0)
		return;
	if (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 ||
	    setresuid(65534, 65534, 65534) < 0)
		abort();
}

static int begin(void **state)
{
	(void)state;
	(void)umask(0);
	if (mkdtemp(scratch) == NULL)
		return -1;
	outside = open(scratch, O_PATH | O_DIRECTORY | O_CLOEXEC);
	make_file(outside, "canary");
	make_fixed_tree();
	make_link(root, "m8-link", "m8");
	make_link(root, "m9-link", "../../canary-not");
	make_link(root, "m10-link", "/tmp/m10");
	make_directory(root, "fixed", 0555);
	return outside < 0 ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	remove_tree(".");
	return rmdir(scratch);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(proc_rows) + COUNT(filter_rows) +
				COUNT(make_rows) + COUNT(parent_rows) + COUNT(race_rows) + 8];
	size_t n = 0;

	become_ordinary();
	ADD_ROWS(tests, n, rows, look_up);
	ADD_ROWS(tests, n, proc_rows, look_up_in_proc);
	ADD_TEST(tests, n, "the longest path", longest_path);
	ADD_TEST(tests, n, "links with long texts", long_links);
	ADD_TEST(tests, n, "deeper than files may be open", deep_path);
	ADD_ROWS(tests, n, filter_rows, under_a_filter);
	ADD_ROWS(tests, n, make_rows, make_row);
	ADD_TEST(tests, n, "what is refused leaves nothing behind", nothing_is_left);
	ADD_TEST(tests, n, "many are made side by side", side_by_side);
	ADD_TEST(tests, n, "what may be covered is not remembered", memory_is_forgotten);
	ADD_TEST(tests, n, "a name that is taken beside the last one", links_beside);
	ADD_ROWS(tests, n, parent_rows, find_parent);
	ADD_TEST(tests, n, "random trees, with openat2 as the oracle", random_trees);
	ADD_ROWS(tests, n, race_rows, race);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("resolve", tests, n, begin, end);
}
