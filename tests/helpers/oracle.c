/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oracle - the same random requests to a helper of croft's and to its elder
 *
 *     oracle uid|gid HELPER ELDER SEED CASES POINT…
 *
 * HELPER is croft's uidmap or gidmap, ELDER newuidmap or newgidmap.  Each request is
 * about the POINTs, which are outside IDs of interest: where a delegated range begins,
 * where it ends, the caller's own ID.  Both are asked, each for a target of its own, and
 * the maps that the kernel then has are compared.
 *
 * Prints every difference for which there is no reason, and in the end how many requests
 * had which outcome:
 *
 *     both 61 neither 137 zero 1 floor 1 other 0
 *
 * zero and floor: the elder granted outside ID 0, or one below 1000 that is not the
 * caller's own, and croft does not.  The status is 1 where there is another difference.
 */
#include "idmap/request.h"

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FLOOR = 1000, MOST = 6, MAP_SIZE = 4096 };

static const char *kind, *helper, *elder;
static uint64_t state;
static uint32_t own, *points;
static size_t n_points;

static uint32_t below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 16) % limit);
}

/* ---- a request ----------------------------------------------------------------------------- */

static uint32_t some_outside(void)
{
	uint32_t point = points[below((uint32_t)n_points)];

	switch (below(32)) {
	case 0:
		return (uint32_t)(state >> 20);		/* anything */
	case 1:
	case 2:
		return own;
	case 3:
	case 4:
	case 5:
		return point + below(7) - 3;
	default:
		return point + below(4);
	}
}

/* Mostly small, now and then from one point to another, seldom none or nearly all. */
static uint32_t some_count(uint32_t outside)
{
	switch (below(24)) {
	case 0:
		return below(4) == 0 ? (uint32_t)(state >> 24) : 0;
	case 1:
	case 2:
	case 3:
		return points[below((uint32_t)n_points)] - outside + below(2);
	case 4:
	case 5:
		return 1 + below(9);
	default:
		return 1 + below(3);
	}
}

static void make_request(struct idmap *map)
{
	uint32_t inside = below(3);

	map->n = 1 + below(1 + below(MOST));
	for (uint32_t i = 0; i < map->n; i++) {
		struct idrange *range = &map->range[i];

		range->inside = below(64) == 0 ? (uint32_t)(state >> 24) : inside;
		range->outside = some_outside();
		range->count = range->outside == own && below(4) != 0 ? 1 :
			       some_count(range->outside);
		/* the next one follows, with a gap, or seldom overlaps */
		inside = range->inside + (below(16) == 0 ? below(4) : range->count + below(2));
	}
}

/* ---- a target, and what became of it ------------------------------------------------------- */

static pid_t make_target(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			pause();
	}
	if (pid < 0)
		err(2, "make a user namespace");
	return pid;
}

static void end_target(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The map as the kernel has it, or "" if there is none. */
static void read_map(pid_t target, char map[MAP_SIZE])
{
	char path[64];
	size_t got;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s_map", (int)target, kind);
	file = fopen(path, "re");
	if (file == NULL)
		err(2, "%s", path);
	got = fread(map, 1, MAP_SIZE - 1, file);
	map[got] = '\0';
	fclose(file);
}

/* What it prints is of no interest; a map without success, and success without one, are wrong. */
static void outcome(pid_t child, pid_t target, char map[MAP_SIZE])
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		err(2, "start a helper");
	read_map(target, map);
	if ((map[0] != '\0') != (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		printf("status %#x and the map \"%s\"\n", (unsigned int)status, map);
	end_target(target);
}

static bool is_own(const struct idrange *range)
{
	return range->outside == own && range->count == 1;
}

/* newgidmap leaves setgroups alone but for the caller's own group, and croft's is told to. */
static uint32_t setgroups_for(const struct idmap *map)
{
	return strcmp(kind, "gid") == 0 && !(map->n == 1 && is_own(&map->range[0])) ?
	       SETGROUPS_ALLOW : SETGROUPS_DENY;
}

static void ask_helper(const struct idmap *map, char result[MAP_SIZE])
{
	struct idrequest request = {
		.magic = IDREQUEST_MAGIC, .setgroups = setgroups_for(map), .map = *map,
	};
	ssize_t length = (ssize_t)(offsetof(struct idrequest, map.range) +
				   map->n * sizeof(map->range[0]));
	pid_t target = make_target(), child;
	int wish[2], answer[2];
	char path[64];

	if (pipe2(wish, O_CLOEXEC) < 0 || pipe2(answer, O_CLOEXEC) < 0 ||
	    write(wish[1], &request, (size_t)length) != length)
		err(2, "pipe");
	close(wish[1]);
	child = fork();
	if (child == 0) {
		int directory;

		snprintf(path, sizeof(path), "/proc/%d", (int)target);
		directory = open(path, O_PATH | O_DIRECTORY);
		if (directory < 0 || dup2(wish[0], 0) < 0 || dup2(answer[1], 1) < 0 ||
		    (directory != 3 && dup2(directory, 3) < 0))
			_exit(99);
		execl(helper, helper, (char *)NULL);
		_exit(99);
	}
	outcome(child, target, result);
	close(wish[0]);
	close(answer[0]);
	close(answer[1]);
}

static void ask_elder(const struct idmap *map, char result[MAP_SIZE])
{
	static char words[3 + 3 * MOST][12];
	char *argv[3 + 3 * MOST] = { (char *)elder, words[0] };
	pid_t target = make_target(), child;

	snprintf(words[0], sizeof(words[0]), "%d", (int)target);
	for (uint32_t i = 0; i < 3 * map->n; i++) {
		const struct idrange *range = &map->range[i / 3];
		const uint32_t fields[] = { range->inside, range->outside, range->count };

		snprintf(words[1 + i], sizeof(words[0]), "%u", fields[i % 3]);
		argv[2 + i] = words[1 + i];
	}
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 1);
		dup2(null, 2);
		execv(elder, argv);
		_exit(99);
	}
	outcome(child, target, result);
}

/* ---- comparing ----------------------------------------------------------------------------- */

enum { BOTH, NEITHER, ZERO, BELOW_FLOOR, OTHER, OUTCOMES };

static int reason_to_refuse(const struct idmap *map)
{
	int reason = OTHER;

	for (uint32_t i = 0; i < map->n; i++) {
		if (map->range[i].outside == 0)
			return ZERO;
		if (map->range[i].outside < FLOOR && !is_own(&map->range[i]))
			reason = BELOW_FLOOR;
	}
	return reason;
}

static int compare(const struct idmap *map)
{
	char ours[MAP_SIZE], theirs[MAP_SIZE];
	int reason;

	ask_helper(map, ours);
	ask_elder(map, theirs);
	if (strcmp(ours, theirs) == 0)
		return ours[0] != '\0' ? BOTH : NEITHER;
	reason = ours[0] == '\0' ? reason_to_refuse(map) : OTHER;
	if (reason == OTHER) {
		for (uint32_t i = 0; i < map->n; i++)
			printf("%u:%u:%u ", map->range[i].inside, map->range[i].outside,
			       map->range[i].count);
		printf("croft: %s the elder: %s\n", ours[0] != '\0' ? ours : "refused,",
		       theirs[0] != '\0' ? theirs : "refused");
	}
	return reason;
}

static uint32_t as_number(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	static struct idmap map;
	unsigned long count[OUTCOMES] = { 0 };

	if (argc < 7)
		errx(2, "oracle uid|gid HELPER ELDER SEED CASES POINT...");
	kind = argv[1];
	helper = argv[2];
	elder = argv[3];
	state = strtoull(argv[4], NULL, 10) * 0x9e3779b97f4a7c15U + 4711;
	own = strcmp(kind, "uid") == 0 ? getuid() : getgid();
	n_points = (size_t)argc - 6;
	points = calloc(n_points, sizeof(*points));
	if (points == NULL)
		err(2, "memory");
	for (size_t i = 0; i < n_points; i++)
		points[i] = as_number(argv[6 + i]);
	for (unsigned long cases = strtoul(argv[5], NULL, 10); cases > 0; cases--) {
		make_request(&map);
		count[compare(&map)]++;
	}
	printf("both %lu neither %lu zero %lu floor %lu other %lu\n", count[BOTH], count[NEITHER],
	       count[ZERO], count[BELOW_FLOOR], count[OTHER]);
	return count[OTHER] > 0;
}
