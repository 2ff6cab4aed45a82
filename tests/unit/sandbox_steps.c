/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps that make files, and /dev, in trees that mean harm.  Each scene
 * has a /tmp of its own with "root", the tree that is worked in, and "victim",
 * a directory beside it that no step may touch.
 */
#include "sandbox/rootfs/steps.h"

#include "sandbox/terminal.h"
#include "tests/kernel/stage.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static struct plan plan;
static struct rootfs rootfs;
static struct failure why;

typedef int (*act)(struct rootfs *rootfs, const struct step *step, const int *sources,
		   struct failure *why);

/* ---- the scenery --------------------------------------------------------------------------- */

static void make_file(const char *path, const char *text)
{
	int fd = must(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));

	claim(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void hold_root(void)
{
	(void)umask(0);
	must(mkdir("root", 0755));
	must(mkdir("victim", 0755));
	make_file("victim/file", "secret");
	rootfs = (struct rootfs){ .plan = &plan, .root = must(open("root", O_PATH | O_CLOEXEC)),
				  .terminal = -1 };
}

/* With one ID, the player's own: what `croft run` does. */
static void set_stage(void)
{
	plan = (struct plan){ .uid = player_uid(), .gid = player_gid(),
			      .root_uid = player_uid(), .root_gid = player_gid() };
	plan.uid_map = (struct idmap){ 1, { { player_uid(), player_uid(), 1 } } };
	plan.gid_map = (struct idmap){ 1, { { player_gid(), player_gid(), 1 } } };
	enter_alone(CLONE_NEWNS, player_uid(), player_gid());
	make_room();
	hold_root();
}

/* With many: setup is root, the payload is somebody else. */
static void set_stage_for_many(void)
{
	plan = (struct plan){ .uid = 1000, .gid = 1000 };
	plan.uid_map = (struct idmap){ 2, { { 0, player_uid(), 1 }, { 1, 100000, 65535 } } };
	plan.gid_map = plan.uid_map;
	enter_delegated(CLONE_NEWNS);
	make_room();
	hold_root();
}

static void victim_is_untouched(void)
{
	static const char *const names[] = { ".", "..", "file" };
	const struct dirent *entry;
	struct stat status;
	char text[16];
	DIR *list = opendir("victim");

	claim(list != NULL);
	while ((entry = readdir(list)) != NULL) {
		bool known = false;

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			known = known || strcmp(entry->d_name, names[i]) == 0;
		if (!known)
			dprintf(STDERR_FILENO, "# in the victim: %s\n", entry->d_name);
		claim(known);
	}
	closedir(list);
	read_text("victim/file", text, sizeof(text));
	claim(strcmp(text, "secret") == 0);
	must(stat("victim/file", &status));
	claim((status.st_mode & 07777) == 0640);
	must(stat("victim", &status));
	claim((status.st_mode & 07777) == 0755);
}

static void says(const char *text)
{
	if (strstr(why.what, text) == NULL)
		dprintf(STDERR_FILENO, "# it says: %s\n", why.what);
	claim(strstr(why.what, text) != NULL);
}

static int do_step(act what, const struct step *step)
{
	int result;

	why = (struct failure){ 0 };
	result = what(&rootfs, step, NULL, &why);
	if (result < 0)
		errno = why.err;
	return result;
}

static void done(act what, const struct step *step)
{
	if (do_step(what, step) < 0)
		dprintf(STDERR_FILENO, "# %s: %s\n", why.what, strerror(why.err));
	claim(why.what[0] == '\0');
}

static void not_done(act what, const struct step *step, int err, const char *text)
{
	claim(do_step(what, step) == -1);
	if (why.err != err)
		dprintf(STDERR_FILENO, "# %s: %s\n", why.what, strerror(why.err));
	claim(why.err == err);
	says(text);
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	must(lstat(path, &status));
	return status.st_mode;
}

static bool holds(const char *path, const char *text)
{
	char found[256];

	read_text(path, found, sizeof(found));
	return strcmp(found, text) == 0;
}

/* A descriptor as a caller passes one: without close-on-exec. */
static int pass(const char *text)
{
	int ends[2];

	must(pipe(ends));
	claim(write(ends[1], text, strlen(text)) == (ssize_t)strlen(text));
	close(ends[1]);
	return ends[0];
}

/* ---- links that lead out ------------------------------------------------------------------- */

/* Every way that a tree can point at the victim, and paths through it. */
static void plant_links(void)
{
	must(symlink("/tmp/victim", "root/absolute"));
	must(symlink("../victim", "root/relative"));
	must(symlink("../../../../../../tmp/victim", "root/climbing"));
	must(symlink("absolute", "root/chained"));
	must(symlink("/tmp/victim/file", "root/file"));
	must(symlink("/tmp/victim/new", "root/dangling"));
	must(symlink("/proc/self/cwd/victim", "root/magic"));
	must(mkdir("root/proc", 0755));
	must(attach(must(clone_tree(AT_FDCWD, "/proc", AT_RECURSIVE)), AT_FDCWD, "root/proc"));
}

static const char *const ways_out[] = {
	"/absolute/new", "/relative/new", "/climbing/new", "/chained/new", "/file", "/dangling",
	"/absolute/file", "/relative/file", "/climbing/file", "/chained/file", "/file/new",
	"/magic/new", "/magic/file", "/proc/self/cwd/victim/new", "/proc/self/cwd/victim/file",
	"/proc/self/root/tmp/victim/new", "/../victim/new", "/../../tmp/victim/file",
	"/absolute/../victim/file", "/absolute", "/relative", "/climbing", "/chained",
};

static void try_every_way_out(void)
{
	static const act acts[] = {
		step_dir, step_file, step_text, step_symlink, step_chmod, step_dev,
	};

	for (size_t i = 0; i < sizeof(ways_out) / sizeof(ways_out[0]); i++)
		for (size_t k = 0; k < sizeof(acts) / sizeof(acts[0]); k++) {
			int fd = pass("evil");
			const struct step step = {
				.source = "evil", .target = ways_out[i], .fd = fd,
				.mode = 0777, .has_mode = true,
			};

			(void)do_step(acts[k], &step);	/* it may succeed, inside */
			close(fd);
			victim_is_untouched();
		}
}

static void no_link_leads_out(void)
{
	set_stage();
	plant_links();
	try_every_way_out();
	claim(access("root/tmp/victim", F_OK) == 0);	/* some of it was done, inside */
}

/* As an old kernel or a filter around us answers. */
static void refuse_openat2(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
	refused(ENOSYS, syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0));
}

static void no_link_leads_out_of_the_walk(void)
{
	set_stage();
	plant_links();
	refuse_openat2();
	try_every_way_out();
	claim(access("root/tmp/victim", F_OK) == 0);
}

static void magic_links_are_refused(void)
{
	const struct step step = {
		.source = "x", .target = "/proc/self/cwd/root/new", .mode = 0777,
	};

	set_stage();
	plant_links();
	not_done(step_dir, &step, ELOOP, "/proc/self/cwd/root/new");
	not_done(step_text, &step, ELOOP, "/proc/self/cwd/root/new");
	not_done(step_symlink, &step, ELOOP, "/proc/self/cwd/root/new");
	not_done(step_chmod, &step, ELOOP, "/proc/self/cwd/root/new");
}

/* ---- directories --------------------------------------------------------------------------- */

/* bwrap's table. */
static void parents_take_after_the_target(void)
{
	static const struct {
		mode_t mode, parent;
	} rows[] = {
		{ 01777, 0755 }, { 0755, 0755 }, { 0644, 0755 }, { 0750, 0750 }, { 0710, 0750 },
		{ 0720, 0750 }, { 0640, 0750 }, { 0700, 0700 }, { 0600, 0700 }, { 0000, 0700 },
		{ 0705, 0705 }, { 0604, 0705 },
	};
	char target[32], parent[32];

	set_stage();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct step step = {
			.target = target, .mode = rows[i].mode, .has_mode = true,
		};

		snprintf(target, sizeof(target), "/%zu/new", i);
		snprintf(parent, sizeof(parent), "root/%zu", i);
		done(step_dir, &step);
		claim((mode_of(parent) & 07777) == rows[i].parent);
		must(chmod(parent, 0755));
		snprintf(parent, sizeof(parent), "root/%zu/new", i);
		claim((mode_of(parent) & 07777) == rows[i].mode);
	}
}

static void directory_that_exists_stays(void)
{
	const struct step step = { .target = "/there", .mode = 0755, .has_mode = true };

	set_stage();
	must(mkdir("root/there", 0711));
	done(step_dir, &step);
	claim((mode_of("root/there") & 07777) == 0711);
	done(step_dir, &(struct step){ .target = "/" });
	done(step_dir, &(struct step){ .target = "/plain" });
	claim((mode_of("root/plain") & 07777) == 0755);
}

/* A home is the payload's, but one that the tree brings belongs to whom the tree says. */
static void directory_is_given_when_made(void)
{
	struct stat status;

	set_stage_for_many();
	must(mkdir("root/there", 0755));
	done(step_dir, &(struct step){ .target = "/home/made", .payloads = true });
	done(step_dir, &(struct step){ .target = "/there", .payloads = true });
	done(step_dir, &(struct step){ .target = "/other" });
	must(stat("root/other", &status));
	claim(status.st_uid == 0 && status.st_gid == 0);
	must(stat("root/home/made", &status));
	claim(status.st_uid == 1000 && status.st_gid == 1000);
	must(stat("root/home", &status));
	claim(status.st_uid == 0 && status.st_gid == 0);
	must(stat("root/there", &status));
	claim(status.st_uid == 0 && status.st_gid == 0);
}

static void directory_over_a_file(void)
{
	set_stage();
	make_file("root/file", "");
	must(mkfifo("root/fifo", 0600));
	not_done(step_dir, &(struct step){ .target = "/file" }, 0, "a file is there");
	not_done(step_dir, &(struct step){ .target = "/fifo" }, 0, "a FIFO is there");
	not_done(step_dir, &(struct step){ .target = "/file/new" }, ENOTDIR, "/file/new");
}

/* ---- files --------------------------------------------------------------------------------- */

static void file_is_copied(void)
{
	struct step step = { .target = "/a/b", .fd = pass("content") };

	set_stage();
	done(step_file, &step);
	claim(holds("root/a/b", "content"));
	claim((mode_of("root/a/b") & 07777) == 0666);
	step = (struct step){ .target = "/c/d", .fd = pass(""), .mode = 0400, .has_mode = true };
	done(step_file, &step);
	claim(holds("root/c/d", "") && (mode_of("root/c/d") & 07777) == 0400);
	claim((mode_of("root/c") & 07777) == 0700);
}

static void large_file_is_copied(void)
{
	enum { SIZE = 3 * 1024 * 1024 + 17 };
	int fd = must(memfd_create("large", 0));
	struct stat status;

	set_stage();
	must(ftruncate(fd, SIZE));
	claim(pwrite(fd, "last", 4, SIZE - 4) == 4);
	done(step_file, &(struct step){ .target = "/large", .fd = fd });
	must(stat("root/large", &status));
	claim(status.st_size == SIZE);
	fd = must(open("root/large", O_RDONLY | O_CLOEXEC));
	claim(pread(fd, &status, 4, SIZE - 4) == 4 && memcmp(&status, "last", 4) == 0);
}

static void file_is_replaced_in_place(void)
{
	struct stat before, after;

	set_stage();
	make_file("root/file", "something longer than what comes");
	must(stat("root/file", &before));
	done(step_file, &(struct step){ .target = "/file", .fd = pass("short") });
	must(stat("root/file", &after));
	claim(holds("root/file", "short"));
	claim(after.st_ino == before.st_ino && after.st_mode == before.st_mode);
	done(step_text, &(struct step){ .target = "/file", .source = "text" });
	claim(holds("root/file", "text"));
	done(step_text, &(struct step){ .target = "/etc/passwd", .source = "root:x:0:0\n" });
	claim(holds("root/etc/passwd", "root:x:0:0\n") &&
	      (mode_of("root/etc/passwd") & 07777) == 0644);
}

static void link_is_followed_inside(void)
{
	set_stage();
	must(mkdir("root/real", 0755));
	must(symlink("/real/new", "root/link"));
	done(step_text, &(struct step){ .target = "/link", .source = "text" });
	claim(holds("root/real/new", "text") && S_ISLNK(mode_of("root/link")));
}

static void descriptor_must_be_the_callers(void)
{
	int passed = pass("once"), ours = must(open("/dev/null", O_RDONLY | O_CLOEXEC));

	set_stage();
	not_done(step_file, &(struct step){ .target = "/a", .fd = 987 }, EBADF, "file 987 on /a");
	not_done(step_file, &(struct step){ .target = "/a", .fd = ours }, EBADF, "is not open");
	claim(access("root/a", F_OK) < 0);
	done(step_file, &(struct step){ .target = "/a", .fd = passed });
	not_done(step_file, &(struct step){ .target = "/b", .fd = passed }, EBADF, "another step");
	claim(access("root/b", F_OK) < 0 && holds("root/a", "once"));
	not_done(step_file, &(struct step){ .target = "/c", .fd = must(open("/", O_RDONLY)) },
		 EISDIR, "read it");
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	must(bind(must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), (struct sockaddr *)&address,
		  sizeof(address)));
}

/* Opened for writing, a FIFO would hold us for ever, and a device would act. */
static void only_a_file_is_written(void)
{
	static const struct {
		const char *target, *kind;
	} rows[] = {
		{ "/fifo", "a FIFO" }, { "/socket", "a socket" }, { "/directory", "a directory" },
		{ "/device", "a device" }, { "/to-fifo", "a FIFO" }, { "/", "a directory" },
	};

	set_stage();
	alarm(5);
	must(mkfifo("root/fifo", 0666));
	make_socket("root/socket");
	must(mkdir("root/directory", 0755));
	must(symlink("/fifo", "root/to-fifo"));
	make_file("root/device", "");
	must(attach(must(clone_tree(AT_FDCWD, "/dev/null", 0)), AT_FDCWD, "root/device"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		not_done(step_file, &(struct step){ .target = rows[i].target, .fd = pass("x") }, 0,
			 rows[i].kind);
		not_done(step_text, &(struct step){ .target = rows[i].target, .source = "x" }, 0,
			 rows[i].kind);
	}
}

static void leased_file_is_not_waited_for(void)
{
	int fd;

	set_stage();
	make_file("root/leased", "");
	fd = must(open("root/leased", O_RDONLY | O_CLOEXEC));
	must(signal(SIGIO, SIG_IGN) == SIG_ERR ? -1 : 0);
	must(fcntl(fd, F_SETLEASE, F_RDLCK));
	alarm(5);
	not_done(step_text, &(struct step){ .target = "/leased", .source = "x" }, EAGAIN,
		 "/leased");
}

static void read_only_tree_is_told(void)
{
	set_stage();
	make_file("root/file", "old");
	must(attach(must(clone_tree(AT_FDCWD, "root", AT_RECURSIVE)), AT_FDCWD, "root"));
	close(rootfs.root);
	rootfs.root = must(open("root", O_PATH | O_CLOEXEC));
	must(restrict_tree(rootfs.root, MOUNT_ATTR_RDONLY));
	not_done(step_text, &(struct step){ .target = "/file", .source = "x" }, EROFS,
		 "write the file");
	not_done(step_text, &(struct step){ .target = "/new", .source = "x" }, EROFS,
		 "make the file");
	not_done(step_dir, &(struct step){ .target = "/new" }, EROFS, "make the directory");
	not_done(step_symlink, &(struct step){ .target = "/new", .source = "x" }, EROFS,
		 "symlink x");
	not_done(step_chmod, &(struct step){ .target = "/file", .mode = 0777 }, EROFS,
		 "chmod 777 /file");
	claim(holds("root/file", "old"));
}

/* ---- links and permissions ----------------------------------------------------------------- */

static void link_text_is_kept(void)
{
	static const char *const texts[] = {
		"usr/bin", "/usr/../bin//", "../../../victim", "a b\n", ".",
	};
	char target[16], path[32], text[64];

	set_stage();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct step step = { .target = target, .source = texts[i] };
		ssize_t n;

		snprintf(target, sizeof(target), "/links/%zu", i);
		snprintf(path, sizeof(path), "root%s", target);
		done(step_symlink, &step);
		n = must(readlink(path, text, sizeof(text)));
		claim((size_t)n == strlen(texts[i]) && memcmp(text, texts[i], (size_t)n) == 0);
		done(step_symlink, &step);		/* the same once more */
	}
}

static void link_over_something_else(void)
{
	set_stage();
	must(symlink("old", "root/link"));
	make_file("root/file", "");
	must(mkdir("root/directory", 0755));
	not_done(step_symlink, &(struct step){ .target = "/link", .source = "new" }, 0,
		 "a link to old is there");
	not_done(step_symlink, &(struct step){ .target = "/link", .source = "older" }, 0,
		 "a link to old");
	not_done(step_symlink, &(struct step){ .target = "/link", .source = "ol" }, 0,
		 "a link to old");
	not_done(step_symlink, &(struct step){ .target = "/file", .source = "x" }, 0,
		 "a file is there");
	not_done(step_symlink, &(struct step){ .target = "/directory", .source = "x" }, 0,
		 "a directory is there");
	not_done(step_symlink, &(struct step){ .target = "/", .source = "x" }, EEXIST,
		 "symlink x on /");
	not_done(step_symlink, &(struct step){ .target = "/file/x", .source = "x" }, ENOTDIR,
		 "/file/x");
}

static void chmod_reaches_what_is_named(void)
{
	set_stage();
	make_file("root/file", "");
	must(symlink("/file", "root/link"));
	must(mkfifo("root/fifo", 0600));
	alarm(5);
	done(step_chmod, &(struct step){ .target = "/link", .mode = 04711 });
	claim((mode_of("root/file") & 07777) == 04711);
	done(step_chmod, &(struct step){ .target = "/fifo", .mode = 0 });
	claim((mode_of("root/fifo") & 07777) == 0);
	done(step_chmod, &(struct step){ .target = "/", .mode = 0700 });
	claim((mode_of("root") & 07777) == 0700);
	not_done(step_chmod, &(struct step){ .target = "/nowhere", .mode = 0755 }, ENOENT,
		 "/nowhere");
}

/* ---- /dev ---------------------------------------------------------------------------------- */

static const struct step dev = { .target = "/dev" };

static const struct {
	const char *name;
	unsigned major, minor;
} devices[] = {
	{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

static unsigned long flags_of(const char *path)
{
	struct statvfs status;

	must(statvfs(path, &status));
	return status.f_flag & (ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_RDONLY);
}

static void check_devices(void)
{
	char path[64], byte;
	struct stat status;
	int fd;

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		snprintf(path, sizeof(path), "root/dev/%s", devices[i].name);
		must(lstat(path, &status));
		claim(S_ISCHR(status.st_mode));
		claim(status.st_rdev == makedev(devices[i].major, devices[i].minor));
		claim(flags_of(path) == (ST_NOSUID | ST_NOEXEC | ST_RDONLY));
	}
	fd = must(open("root/dev/zero", O_RDONLY | O_CLOEXEC));
	claim(read(fd, &byte, 1) == 1 && byte == 0);
	fd = must(open("root/dev/full", O_WRONLY | O_CLOEXEC));
	refused(ENOSPC, write(fd, "x", 1));
}

static void check_links(void)
{
	static const char *const links[][2] = {
		{ "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" },
		{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
		{ "core", "/proc/kcore" }, { "ptmx", "pts/ptmx" },
	};
	char path[64], text[64];

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		ssize_t n;

		snprintf(path, sizeof(path), "root/dev/%s", links[i][0]);
		n = must(readlink(path, text, sizeof(text) - 1));
		text[n] = '\0';
		claim(strcmp(text, links[i][1]) == 0);
	}
}

/* Shared memory can be made, and code be run from it. */
static void check_shm(void)
{
	int fd = must(open("root/dev/shm/made", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));

	claim((mode_of("root/dev/shm") & 07777) == 01777);
	must(ftruncate(fd, 4096));
	claim(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0) != MAP_FAILED);
	claim(flags_of("root/dev/shm") == (ST_NOSUID | ST_NODEV));
}

static void check_terminals(void)
{
	int master = must(terminal_open_master(AT_FDCWD, "root/dev/ptmx"));
	int peer = must(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	struct stat status;

	must(fstat(peer, &status));
	claim((status.st_mode & 07777) == 0620 && status.st_uid == geteuid());
	claim((mode_of("root/dev/pts/ptmx") & 07777) == 0666);
	claim(flags_of("root/dev/pts") == (ST_NOSUID | ST_NOEXEC));
	close(peer);
	close(master);
}

static void check_dev(void)
{
	claim((mode_of("root/dev") & 07777) == 0755);
	claim(flags_of("root/dev") == (ST_NOSUID | ST_NODEV | ST_NOEXEC));
	check_devices();
	check_links();
	check_shm();
	check_terminals();
	claim(rootfs.terminal == -1 && access("root/dev/console", F_OK) < 0);
}

static void dev_with_one_id(void)
{
	set_stage();
	done(step_dev, &dev);
	check_dev();
}

static void dev_with_root_alone(void)
{
	plan = (struct plan){ 0 };
	enter_alone(CLONE_NEWNS, 0, 0);
	make_room();
	hold_root();
	done(step_dev, &dev);
	check_dev();
}

static void dev_with_many_ids(void)
{
	struct stat status;
	int master;

	set_stage_for_many();
	done(step_dev, &dev);
	check_dev();
	master = must(terminal_open_master(AT_FDCWD, "root/dev/ptmx"));
	must(stat("root/dev/pts/0", &status));
	claim(status.st_uid == 0 && status.st_gid == 5); /* the tty group, as grantpt(3) wants */
	close(master);
}

static void dev_with_openat2_refused(void)
{
	set_stage();
	refuse_openat2();
	done(step_dev, &dev);
	check_dev();
}

static void shm_outlives_a_read_only_dev(void)
{
	set_stage();
	done(step_dev, &dev);
	done(step_remount_ro, &dev);
	refused(EROFS, open("root/dev/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	check_shm();
}

static void private_terminal_is_number_0(void)
{
	struct stat console, terminal;
	int peer;

	set_stage();
	plan.private_terminal = true;
	done(step_dev, &dev);
	claim(rootfs.terminal >= 0);
	peer = must(terminal_open_peer(rootfs.terminal));
	must(fstat(peer, &terminal));
	must(stat("root/dev/console", &console));
	claim(terminal.st_ino == console.st_ino && terminal.st_rdev == console.st_rdev);
	must(stat("root/dev/pts/0", &console));
	claim(terminal.st_ino == console.st_ino && console.st_uid == player_uid());
}

static void second_dev_leaves_the_terminal(void)
{
	int terminal;

	set_stage();
	plan.private_terminal = true;
	done(step_dev, &dev);
	terminal = rootfs.terminal;
	done(step_dev, &(struct step){ .target = "/other" });
	claim(rootfs.terminal == terminal && access("root/other/pts/0", F_OK) < 0);
}

static void private_terminal_is_the_payloads(void)
{
	struct stat status;

	set_stage_for_many();
	plan.private_terminal = true;
	done(step_dev, &dev);
	must(stat("root/dev/pts/0", &status));
	claim(status.st_uid == 1000 && status.st_gid == 5);
	must(stat("root/dev/console", &status));
	claim(status.st_uid == 1000 && (status.st_mode & 07777) == 0620);
}

/* The host's name for a device leads to something else: a file, a link, another device. */
static void impostors_are_refused(void)
{
	static const char *const sources[] = { "victim/file", "/dev/zero", "/dev/vda" };

	set_stage();
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (access(sources[i], F_OK) < 0)
			continue;		/* no such disk here */
		must(attach(must(clone_tree(AT_FDCWD, sources[i], 0)), AT_FDCWD, "/dev/null"));
		not_done(step_dev, &dev, 0, "/dev/null is not the device 1:3");
		must(umount2("/dev/null", MNT_DETACH));
	}
	victim_is_untouched();
}

static void linked_devices_are_refused(void)
{
	set_stage();
	must(mkdir("fake", 0755));
	make_file("fake/real", "");
	must(attach(must(clone_tree(AT_FDCWD, "/dev/null", 0)), AT_FDCWD, "fake/real"));
	must(symlink("real", "fake/null"));
	must(attach(must(clone_tree(AT_FDCWD, "fake", AT_RECURSIVE)), AT_FDCWD, "/dev"));
	must(access("/dev/null", F_OK));
	not_done(step_dev, &dev, 0, "/dev/null is not the device 1:3");
	must(unlink("fake/null"));
	not_done(step_dev, &dev, ENOENT, "take hold of the device /dev/null");
}

/* What the tree itself has in /dev is neither used nor changed. */
static void dev_of_the_tree_is_covered(void)
{
	static const char *const names[] = { "null", "console", "ptmx", "shm", "pts" };
	char path[64];

	set_stage();
	plan.private_terminal = true;
	must(mkdir("root/dev", 0755));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "root/dev/%s", names[i]);
		must(symlink("/tmp/victim/file", path));
	}
	done(step_dev, &dev);
	check_devices();
	victim_is_untouched();
	must(umount2("root/dev", MNT_DETACH));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "root/dev/%s", names[i]);
		claim(S_ISLNK(mode_of(path)));
	}
}

static void dev_that_is_a_link_stays_inside(void)
{
	set_stage();
	must(symlink("/tmp/victim", "root/dev"));
	make_file("victim/ptmx", "mine");
	done(step_dev, &dev);
	claim(holds("victim/ptmx", "mine"));
	must(unlink("victim/ptmx"));
	victim_is_untouched();
	claim(access("root/tmp/victim/null", F_OK) == 0);
}

static void dev_that_is_no_directory(void)
{
	set_stage();
	make_file("root/dev", "text");
	not_done(step_dev, &dev, 0, "directory");
	claim(holds("root/dev", "text"));
	must(unlink("root/dev"));
	must(symlink("dev", "root/dev"));
	not_done(step_dev, &dev, ELOOP, "/dev");
}

static const struct scene scenes[] = {
	{ "no link leads out", no_link_leads_out },
	{ "nor where openat2 is refused", no_link_leads_out_of_the_walk },
	{ "links made by the kernel: ELOOP", magic_links_are_refused },
	{ "directories: parents take after the target", parents_take_after_the_target },
	{ "directories: one that exists stays as it is", directory_that_exists_stays },
	{ "directories: given to the payload when made", directory_is_given_when_made },
	{ "directories: something else is there", directory_over_a_file },
	{ "files: the descriptor's content", file_is_copied },
	{ "files: a large one", large_file_is_copied },
	{ "files: replaced in place", file_is_replaced_in_place },
	{ "files: a link inside is followed", link_is_followed_inside },
	{ "files: a descriptor that was not passed: EBADF", descriptor_must_be_the_callers },
	{ "files: only a regular one is opened", only_a_file_is_written },
	{ "files: a lease is not waited for", leased_file_is_not_waited_for },
	{ "a read-only tree: EROFS", read_only_tree_is_told },
	{ "links: the text is kept", link_text_is_kept },
	{ "links: something else is there", link_over_something_else },
	{ "chmod reaches what is named, and waits for nothing", chmod_reaches_what_is_named },
	{ "/dev with one ID", dev_with_one_id },
	{ "/dev with root alone", dev_with_root_alone },
	{ "/dev with many IDs", dev_with_many_ids },
	{ "/dev where openat2 is refused", dev_with_openat2_refused },
	{ "/dev/shm outlives a read-only /dev", shm_outlives_a_read_only_dev },
	{ "/dev/pts/0 is the private terminal", private_terminal_is_number_0 },
	{ "a second /dev leaves the terminal alone", second_dev_leaves_the_terminal },
	{ "the private terminal is the payload's", private_terminal_is_the_payloads },
	{ "what is not the device: refused", impostors_are_refused },
	{ "a link to the device: refused", linked_devices_are_refused },
	{ "the tree's own /dev is covered", dev_of_the_tree_is_covered },
	{ "a /dev that is a link stays inside", dev_that_is_a_link_stays_inside },
	{ "a /dev that is no directory: refused", dev_that_is_no_directory },
};

int main(void)
{
	return play_scenes("steps", SCENES(scenes));
}
