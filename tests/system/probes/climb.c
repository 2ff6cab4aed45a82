/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * climb NAME… - tries to leave its root directory upward
 *
 * NAMEs are relative paths that exist outside alone.  From wherever it gets,
 * it looks for each.  Prints how it found one, and exits with their number.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char **names;
static int found;

static void look(const char *how)
{
	for (char **name = names; *name != NULL; name++)
		if (access(*name, F_OK) == 0) {
			(void)printf("%s: found %s\n", how, *name);
			found++;
		}
}

static void climb(const char *how)
{
	for (int i = 0; i < 100; i++) {
		look(how);
		if (chdir("..") < 0)
			return;
	}
	look(how);
}

static void climb_from(const char *place)
{
	if (chdir(place) == 0)
		climb(place);
}

/* A directory held open from before chroot(2) is outside of it. */
static void leave_chroot(void)
{
	int root = open("/", O_RDONLY | O_DIRECTORY);

	(void)mkdir("/tmp/climb", 0700);
	if (root < 0 || chroot("/tmp/climb") < 0) {
		(void)printf("chroot: refused\n");
		return;
	}
	(void)printf("chroot: done\n");
	if (fchdir(root) == 0)
		climb("out of a chroot");
	if (chroot(".") == 0)
		climb("with the top as root");
}

int main(int argc, char **argv)
{
	static const char *const places[] = {
		"/", "/tmp", "/proc/self/cwd", "/proc/self/cwd/..", "/proc/self/root",
		"/proc/self/root/..", "/proc/1/cwd", "/proc/1/root", "/proc/1/root/..",
		"/proc/self/task/../../1/root",
	};

	if (argc < 2)
		return 99;
	names = argv + 1;
	climb("from where it began");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		climb_from(places[i]);
	leave_chroot();
	return found;
}
