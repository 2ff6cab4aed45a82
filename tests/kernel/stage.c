/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stage: becomes an ordinary user, plays each scene in a child, and turns
 * the child's end into cmocka's verdict.  Status 77 is a skip; the scene has
 * said why.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SKIPPED = 77, DEADLINE = 240 };

static uid_t outside_uid;
static gid_t outside_gid;

uid_t player_uid(void)
{
	return outside_uid;
}

gid_t player_gid(void)
{
	return outside_gid;
}

void judge_claim(bool holds, const char *text, const char *file, int line)
{
	if (holds)
		return;
	dprintf(STDERR_FILENO, "# %s:%d: not so: %s\n", file, line, text);
	_exit(1);
}

int judge_call(long result, int want, const char *act, const char *file, int line)
{
	int got = result < 0 ? errno : 0;

	if (got == want)
		return (int)result;
	dprintf(STDERR_FILENO, "# %s:%d: %s: %s, expected %s\n", file, line, act,
		got ? strerrorname_np(got) : "success", want ? strerrorname_np(want) : "success");
	_exit(1);
}

void skip_scene(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dprintf(STDERR_FILENO, "# skipped: ");
	vdprintf(STDERR_FILENO, format, arguments);
	dprintf(STDERR_FILENO, "\n");
	va_end(arguments);
	_exit(SKIPPED);
}

/*
 * Root would be allowed what is to be refused, so root becomes CROFT_USER.
 * A change of credentials takes dumpable away, and with it the right to one's
 * own /proc files (commit_creds, all versions): it is put back.
 */
static void become_player(void)
{
	const char *name = getenv("CROFT_USER");
	const struct passwd *user;

	if (getuid() != 0) {
		outside_uid = getuid();
		outside_gid = getgid();
		return;
	}
	user = getpwnam(name ? name : "croft-tester");
	if (!user || user->pw_uid == 0)
		skip_scene("run as an ordinary user, or as root with CROFT_USER naming one");
	must(initgroups(user->pw_name, user->pw_gid));
	must(setresgid(user->pw_gid, user->pw_gid, user->pw_gid));
	must(setresuid(user->pw_uid, user->pw_uid, user->pw_uid));
	refused(EPERM, setuid(0));
	must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	must(chdir("/"));
	outside_uid = getuid();
	outside_gid = getgid();
}

pid_t start_child(void (*act)(void))
{
	pid_t child;

	fflush(NULL);
	child = must(fork());
	if (child == 0) {
		act();
		_exit(0);
	}
	return child;
}

/* A dying scene takes its own children with it only if they are told to. */
void join_child(pid_t child)
{
	int status = 0;

	must(waitpid(child, &status, __WALL));
	if (WIFSIGNALED(status)) {
		dprintf(STDERR_FILENO, "# a child died of signal %d\n", WTERMSIG(status));
		_exit(1);
	}
	if (WEXITSTATUS(status))
		_exit(WEXITSTATUS(status));
}

void play_in_child(void (*act)(void))
{
	join_child(start_child(act));
}

/*
 * What a scene left running, a failed one above all, has become our child: it
 * goes with the scene.  Where the kernel does not list children, it stays.
 */
static void clear_stage(void)
{
	static const char list[] = "/proc/thread-self/children";
	char children[4096];

	if (access(list, R_OK) < 0)
		return;
	do {
		(void)read_text(list, children, sizeof(children));
		for (char *pid = strtok(children, " "); pid; pid = strtok(NULL, " "))
			(void)kill(atoi(pid), SIGKILL);
	} while (waitpid(-1, NULL, __WALL) > 0);
}

static void play(void **state)
{
	void (*act)(void) = ((const struct scene *)*state)->play;
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(DEADLINE);
		become_player();
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	clear_stage();
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_int_equal(status, 0);
}

int play_scenes(const char *group, const struct scene *scenes, size_t count)
{
	struct CMUnitTest *tests = calloc(count, sizeof(*tests));
	int failed;

	if (!tests || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return 1;
	for (size_t i = 0; i < count; i++) {
		tests[i].name = scenes[i].name;
		tests[i].test_func = play;
		tests[i].initial_state = (void *)(uintptr_t)&scenes[i];
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
	free(tests);
	return failed;
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;
	int reason;

	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	reason = errno;
	close(fd);
	errno = reason;
	return written == (ssize_t)strlen(text) ? 0 : -1;
}

size_t read_text(const char *path, char *text, size_t size)
{
	int fd = must(open(path, O_RDONLY | O_CLOEXEC));
	size_t length = (size_t)must(read(fd, text, size - 1));

	text[length] = '\0';
	close(fd);
	return length;
}

static void make_private(void)
{
	struct mount_attr attr = { .propagation = MS_PRIVATE };

	must(mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)));
}

void enter_alone(int namespaces, uid_t inside_uid, gid_t inside_gid)
{
	char text[64];

	must(unshare(CLONE_NEWUSER | namespaces));
	must(write_text("/proc/self/setgroups", "deny"));
	snprintf(text, sizeof(text), "%u %u 1\n", inside_uid, outside_uid);
	must(write_text("/proc/self/uid_map", text));
	snprintf(text, sizeof(text), "%u %u 1\n", inside_gid, outside_gid);
	must(write_text("/proc/self/gid_map", text));
	if (namespaces & CLONE_NEWNS)
		make_private();
}

/* The first range of the player in /etc/subuid or /etc/subgid, as text. */
static void find_range(const char *path, char start[static 16], char count[static 16])
{
	const struct passwd *user = getpwuid(outside_uid);
	FILE *file = fopen(path, "re");
	char line[256];

	while (user && file && fgets(line, sizeof(line), file)) {
		size_t length = strlen(user->pw_name);

		if (strncmp(line, user->pw_name, length) || line[length] != ':')
			continue;
		if (sscanf(line + length, ":%15[0-9]:%15[0-9]", start, count) == 2) {
			fclose(file);
			return;
		}
	}
	skip_scene("no range for user %u in %s", outside_uid, path);
}

static void run_mapper(const char *program, pid_t target, const char *own, const char *subordinate)
{
	char pid[16], start[16], count[16];
	pid_t child;
	int status;

	if (access(program, X_OK))
		skip_scene("%s is not installed", program);
	find_range(subordinate, start, count);
	snprintf(pid, sizeof(pid), "%d", target);
	child = must(fork());
	if (child == 0) {
		execl(program, program, pid, "0", own, "1", "1", start, count, (char *)NULL);
		_exit(127);
	}
	must(waitpid(child, &status, 0));
	if (status)
		skip_scene("%s refused the player's own ranges", program);
}

static int mapper_go[2];

static void map_parent(void)
{
	char own[16], go;

	close(mapper_go[1]);
	if (read(mapper_go[0], &go, 1) != 1)
		_exit(1);
	snprintf(own, sizeof(own), "%u", outside_uid);
	run_mapper("/usr/bin/newuidmap", getppid(), own, "/etc/subuid");
	snprintf(own, sizeof(own), "%u", outside_gid);
	run_mapper("/usr/bin/newgidmap", getppid(), own, "/etc/subgid");
}

/* The mapper is forked first: a setuid bit means nothing after the unshare. */
void enter_delegated(int namespaces)
{
	pid_t mapper;

	must(pipe2(mapper_go, O_CLOEXEC));
	mapper = start_child(map_parent);
	must(unshare(CLONE_NEWUSER | namespaces));
	must(write(mapper_go[1], "", 1));
	join_child(mapper);
	close(mapper_go[0]);
	close(mapper_go[1]);
	if (namespaces & CLONE_NEWNS)
		make_private();
}

void play_in_child_namespace(int namespaces, const char *uid_map, const char *gid_map,
			     void (*act)(void))
{
	char path[64], go = 0;
	int ready[2], mapped[2];
	pid_t child;

	must(pipe2(ready, O_CLOEXEC));
	must(pipe2(mapped, O_CLOEXEC));
	fflush(NULL);
	child = must(fork());
	if (child == 0) {
		must(unshare(CLONE_NEWUSER | namespaces));
		must(write(ready[1], "", 1));
		close(mapped[1]);
		if (read(mapped[0], &go, 1) != 1)
			_exit(1);
		act();
		_exit(0);
	}
	close(ready[1]);
	claim(read(ready[0], &go, 1) == 1);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", child);
	must(write_text(path, uid_map));
	snprintf(path, sizeof(path), "/proc/%d/gid_map", child);
	must(write_text(path, gid_map));
	must(write(mapped[1], "", 1));
	join_child(child);
}

void keep_capabilities(uint64_t permitted, uint64_t effective)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = (uint32_t)effective, .permitted = (uint32_t)permitted },
		{ .effective = (uint32_t)(effective >> 32),
		  .permitted = (uint32_t)(permitted >> 32) },
	};

	must(syscall(SYS_capset, &header, data));
}

static int configure(int context, const struct mount_option *option)
{
	if (option->value)
		return fsconfig(context, FSCONFIG_SET_STRING, option->key, option->value, 0);
	return fsconfig(context, FSCONFIG_SET_FLAG, option->key, NULL, 0);
}

int new_mount(const char *type, unsigned int attributes, const struct mount_option *options)
{
	int context = fsopen(type, FSOPEN_CLOEXEC);
	int mount = -1;
	int reason;

	if (context < 0)
		return -1;
	while (options && options->key && configure(context, options) == 0)
		options++;
	if ((!options || !options->key) &&
	    fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = fsmount(context, FSMOUNT_CLOEXEC, attributes);
	reason = errno;
	close(context);
	errno = reason;
	return mount;
}

int attach(int mount, int directory, const char *path)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH;

	if (!*path)
		flags |= MOVE_MOUNT_T_EMPTY_PATH;
	return move_mount(mount, "", directory, path, flags);
}

int clone_tree(int directory, const char *path, unsigned int flags)
{
	return open_tree(directory, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (*path ? 0 : AT_EMPTY_PATH) | flags);
}

int restrict_tree(int tree, uint64_t attributes)
{
	struct mount_attr attr = { .attr_set = attributes };

	return mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr));
}

int open_within(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = resolve };
	int fd;

	/* What is renamed or mounted anywhere meanwhile may make ".." EAGAIN (handle_dots()). */
	do
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	return fd;
}

void make_room(void)
{
	const struct mount_option options[] = { { "mode", "1777" }, { NULL, NULL } };

	must(attach(must(new_mount("tmpfs", 0, options)), AT_FDCWD, "/tmp"));
	must(chdir("/tmp"));
}
