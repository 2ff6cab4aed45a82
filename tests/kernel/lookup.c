/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What openat2 promises inside a root that is not to be trusted: symbolic
 * links, "..", magic links, loops, lengths, and a root that changes meanwhile.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WITHIN = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

/* Beside the root stands a directory of the same shape that nothing inside may reach. */
static int make_root(void)
{
	int root;

	enter_alone(CLONE_NEWNS, 0, 0);
	make_room();
	must(mkdir("outside", 0755));
	must(mkdir("root", 0755));
	root = must(open("root", O_PATH | O_DIRECTORY | O_CLOEXEC));
	must(mkdirat(root, "inside", 0755));
	return root;
}

static bool is_same(int fd, int directory, const char *path)
{
	struct stat one, other;

	must(fstat(fd, &one));
	must(fstatat(directory, path, &other, AT_SYMLINK_NOFOLLOW));
	return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static void links_and_dots_stay_inside(void)
{
	static const struct {
		const char *target, *path, *expected;
	} cases[] = {
		{ "/inside",             "link",               "inside" },
		{ "../../../inside",     "link",               "inside" },
		{ "/",                   "link",               "." },
		{ "../outside/../..",    "link",               NULL },
		{ "/tmp/outside",        "link",               NULL },
		{ "inside",              "/link",              "inside" },
		{ "inside",              "../link",            "inside" },
		{ "inside",              "inside/../../link",  "inside" },
		{ "inside",              "inside/../../../..", "." },
	};
	int root = make_root();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		must(symlinkat(cases[i].target, root, "link"));
		if (cases[i].expected)
			claim(is_same(must(open_within(root, cases[i].path, O_PATH, WITHIN)), root,
				      cases[i].expected));
		else
			refused(ENOENT, open_within(root, cases[i].path, O_PATH, WITHIN));
		must(unlinkat(root, "link", 0));
	}
}

/* The same link without the flag: what the flag is for. */
static void without_the_flag_a_link_escapes(void)
{
	int root = make_root();

	must(symlinkat("/tmp/outside", root, "link"));
	claim(is_same(must(openat(root, "link", O_PATH | O_CLOEXEC)), AT_FDCWD, "/tmp/outside"));
}

static void nofollow_keeps_the_last_link(void)
{
	int root = make_root();

	must(symlinkat("inside", root, "link"));
	claim(is_same(must(open_within(root, "link", O_PATH | O_NOFOLLOW, WITHIN)), root, "link"));
	refused(ELOOP, open_within(root, "link", O_RDONLY | O_NOFOLLOW, WITHIN));
	refused(ENOTDIR, open_within(root, "link", O_PATH | O_NOFOLLOW | O_DIRECTORY, WITHIN));
}

static void magic_links_are_refused(void)
{
	int proc = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));

	refused(ELOOP, open_within(proc, "self/root/etc", O_PATH, WITHIN));
	refused(ELOOP, open_within(proc, "self/cwd", O_PATH, WITHIN));
	refused(ELOOP, open_within(proc, "self/fd/0", O_PATH, WITHIN));
	refused(ELOOP, open_within(proc, "self/exe", O_PATH, WITHIN));
	must(open_within(proc, "self/status", O_RDONLY, WITHIN));
}

/* In a root that has a proc, the magic link alone is refused by IN_ROOT: EXDEV. */
static void magic_links_leave_the_root(void)
{
	int proc = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));

	refused(EXDEV, open_within(proc, "self/root/etc", O_PATH, RESOLVE_IN_ROOT));
}

static void loops_and_chains_end(void)
{
	char name[16], target[16];
	int root = make_root();

	must(symlinkat("loop", root, "loop"));
	refused(ELOOP, open_within(root, "loop", O_PATH, WITHIN));
	must(symlinkat("inside", root, "0"));
	for (int i = 1; i <= 40; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(target, sizeof(target), "%d", i - 1);
		must(symlinkat(target, root, name));
	}
	must(open_within(root, "39", O_PATH, WITHIN));
	refused(ELOOP, open_within(root, "40", O_PATH, WITHIN));
}

static void longest_path_has_4095_bytes(void)
{
	int root = make_root();
	char path[4098];

	memset(path, '/', sizeof(path));
	memcpy(path + 4095 - 6, "inside", 7);
	must(open_within(root, path, O_PATH, WITHIN));
	memset(path, '/', sizeof(path));
	memcpy(path + 4096 - 6, "inside", 7);
	refused(ENAMETOOLONG, open_within(root, path, O_PATH, WITHIN));
}

static void odd_names_are_plain(void)
{
	int root = make_root();

	refused(ENOENT, open_within(root, "", O_PATH, WITHIN));
	claim(is_same(must(open_within(root, "//inside//.//", O_PATH, WITHIN)), root, "inside"));
	refused(EINVAL, open_within(root, "inside", O_PATH, UINT64_C(1) << 40));
	refused(EINVAL, open_within(root, "inside", O_PATH, RESOLVE_IN_ROOT | RESOLVE_BENEATH));
}

/* Seconds of a race; enough to lose hundreds of them without the flags. */
enum { RACE_SECONDS = 1 };

static pid_t racer;

/* "spot" is by turns a directory of the root and a link to the outside. */
static void swap_for_ever(void)
{
	alarm(RACE_SECONDS * 10);
	for (;;)
		(void)renameat2(AT_FDCWD, "root/spot", AT_FDCWD, "root/other", RENAME_EXCHANGE);
}

static int prepare_race(void)
{
	int root = make_root();

	must(mkdirat(root, "spot", 0755));
	must(mkdirat(root, "spot/deep", 0755));
	must(mkdir("outside/deep", 0755));
	must(symlinkat("/tmp/outside", root, "other"));
	return root;
}

static void start_race(void)
{
	racer = start_child(swap_for_ever);
}

static void end_race(void)
{
	must(kill(racer, SIGKILL));
	must(waitpid(racer, NULL, 0));
}

struct score {
	unsigned int inside, outside, refused;
};

static struct score race(int root, int (*look)(int root))
{
	struct score score = { 0 };
	time_t end = time(NULL) + RACE_SECONDS;

	start_race();
	while (time(NULL) <= end) {
		int fd = look(root);

		if (fd < 0)
			score.refused++;
		else if (is_same(fd, AT_FDCWD, "/tmp/outside/deep"))
			score.outside++;
		else
			score.inside++;
		if (fd >= 0)
			close(fd);
	}
	end_race();
	return score;
}

static int look_within(int root)
{
	return open_within(root, "spot/../spot/deep", O_PATH, WITHIN);
}

/* The classic: look that the path is not a link, then use the path. */
static int look_then_open(int root)
{
	struct stat status;

	if (fstatat(root, "spot", &status, AT_SYMLINK_NOFOLLOW) || S_ISLNK(status.st_mode))
		return -1;
	return openat(root, "spot/deep", O_PATH | O_CLOEXEC);
}

static void race_is_lost_by_looking_first(void)
{
	struct score score = race(prepare_race(), look_then_open);

	if (score.inside + score.outside < 100)
		skip_scene("this machine is too busy for a race of %d s", RACE_SECONDS);
	claim(score.outside > 0);
}

static void race_is_won_within_the_root(void)
{
	struct score score = race(prepare_race(), look_within);

	claim(score.inside > 0);
	claim(score.refused > 0);
	claim(score.outside == 0);
}

static const struct scene scenes[] = {
	{ "links and dots stay inside", links_and_dots_stay_inside },
	{ "without the flag a link escapes", without_the_flag_a_link_escapes },
	{ "O_NOFOLLOW keeps the last link", nofollow_keeps_the_last_link },
	{ "magic links: ELOOP", magic_links_are_refused },
	{ "magic links leave the root: EXDEV", magic_links_leave_the_root },
	{ "loops and chains of 41: ELOOP", loops_and_chains_end },
	{ "4,095 bytes, not 4,096", longest_path_has_4095_bytes },
	{ "odd names and unknown flags", odd_names_are_plain },
	{ "a race is lost by looking first", race_is_lost_by_looking_first },
	{ "a race is won within the root", race_is_won_within_the_root },
};

int main(void)
{
	return play_scenes("lookup", SCENES(scenes));
}
