/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * naive ROUNDS SOURCE TARGET MARK - a mounter as they used to be
 *
 * It looks at the paths with lstat(2), finds no link in their last component's
 * parents, and then mounts by the same paths.  MARK is a file that can be seen
 * only where a look came to nothing: below the target, if the source changed
 * in between; or elsewhere, if the target did.  Prints how often it was seen.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* No component is a link, as far as lstat(2) can tell now. */
static int looks_plain(const char *path)
{
	char part[4096];
	struct stat status;

	if (strlen(path) >= sizeof(part))
		return 0;
	for (size_t i = 1; i <= strlen(path); i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (lstat(part, &status) < 0 || S_ISLNK(status.st_mode))
			return 0;
	}
	return 1;
}

static int write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		return -1;
	(void)fputs(text, file);
	return fclose(file);
}

static int enter(void)
{
	char map[32];

	(void)snprintf(map, sizeof(map), "0 %u 1", geteuid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
	       write_file("/proc/self/uid_map", map) < 0 ||
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	unsigned long rounds, mounted = 0, escapes = 0;

	if (argc != 5 || enter() < 0) {
		perror("naive");
		return 2;
	}
	rounds = strtoul(argv[1], NULL, 10);
	for (unsigned long i = 0; i < rounds; i++) {
		if (!looks_plain(argv[2]) || !looks_plain(argv[3]) ||
		    mount(argv[2], argv[3], NULL, MS_BIND, NULL) < 0)
			continue;
		mounted++;
		escapes += access(argv[4], F_OK) == 0;
		/* what went elsewhere is not found by the same path; begin anew */
		(void)umount2(argv[3], MNT_DETACH);
		if (access(argv[4], F_OK) == 0 && unshare(CLONE_NEWNS) < 0)
			return 2;
	}
	(void)printf("%lu rounds, %lu mounts, %lu escapes\n", rounds, mounted, escapes);
	return 0;
}
