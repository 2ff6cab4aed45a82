/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mapping - who installs the ID maps, and whether they are what was asked for
 *
 * The launcher believes no one but the kernel: whatever a helper answered, the
 * maps are read back and compared before setup may go on.
 */
#include "sandbox/identity/mapping.h"

#include "sandbox/cleanup.h"
#include "sandbox/identity/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ------------------------------------------------------------------------------- */

static int map_failed(const char *name, struct failure *why)
{
	(void)fail(why, errno, "write %s of the new user namespace", name);
	return familiar(why, "setting up %s", strcmp(name, "uid_map") == 0 ? "uid map" :
			strcmp(name, "gid_map") == 0 ? "gid map" : "setgroups");
}

static int write_file(int process, const char *name, const char *text, size_t length,
		      struct failure *why)
{
	auto_close fd = openat(process, name, O_WRONLY | O_CLOEXEC);

	/* One write: the kernel takes a map whole or not at all (map_write()). */
	if (fd < 0 || write(fd, text, length) != (ssize_t)length)
		return map_failed(name, why);
	return 0;
}

static int write_map(int process, const char *name, const struct idmap *map, struct failure *why)
{
	char text[IDMAP_TEXT];
	size_t length = idmap_print(map, text);

	if (length == 0)
		return fail(why, 0, "%s would be longer than the kernel takes", name);
	return write_file(process, name, text, length, why);
}

static int deny_setgroups(int process, struct failure *why)
{
	return write_file(process, "setgroups", "deny", strlen("deny"), why);
}

/* Where the kernel lets us write ourselves: setgroups must be decided before the group map. */
static int write_both(const struct plan *plan, int process, struct failure *why)
{
	if (plan->setgroups == SETGROUPS_DENY && deny_setgroups(process, why) < 0)
		return -1;
	return write_map(process, "gid_map", &plan->gid_map, why) < 0 ? -1 :
	       write_map(process, "uid_map", &plan->uid_map, why);
}

int mapping_repeat(const struct plan *plan, int process, struct failure *why)
{
	static struct idmap same;	/* the IDs inside, each as itself */

	for (int side = 0; side < 2; side++) {
		same = side == 0 ? plan->gid_map : plan->uid_map;
		for (uint32_t i = 0; i < same.n; i++)
			same.range[i].outside = same.range[i].inside;
		if (write_map(process, side == 0 ? "gid_map" : "uid_map", &same, why) < 0)
			return -1;
	}
	return 0;
}

/* ---- reading back -------------------------------------------------------------------------- */

static int by_inside(const void *a, const void *b)
{
	const struct idrange *left = a, *right = b;

	return left->inside < right->inside ? -1 : left->inside > right->inside;
}

/* The kernel lists ranges in an order of its own (sort_idmaps(), Linux 4.15). */
static bool same_ranges(const struct idmap *wanted, struct idmap *got)
{
	static struct idmap sorted;

	sorted = *wanted;
	if (sorted.n != got->n)
		return false;
	qsort(sorted.range, sorted.n, sizeof(sorted.range[0]), by_inside);
	qsort(got->range, got->n, sizeof(got->range[0]), by_inside);
	return memcmp(sorted.range, got->range, sorted.n * sizeof(sorted.range[0])) == 0;
}

int mapping_read(int directory, const char *name, struct idmap *map)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	struct idrange *range = map->range;

	if (file == NULL)
		return -1;
	for (map->n = 0; map->n < IDMAP_MAX; map->n++, range++)
		if (fscanf(file, "%u %u %u", &range->inside, &range->outside, &range->count) != 3)
			break;
	(void)fclose(file);		/* only read */
	return 0;
}

static bool setgroups_is(int process, enum idrequest_setgroups wanted)
{
	auto_close fd = openat(process, "setgroups", O_RDONLY | O_CLOEXEC);
	const char *word = wanted == SETGROUPS_ALLOW ? "allow\n" : "deny\n";
	char text[16] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && strcmp(text, word) == 0;
}

static int read_back(const struct plan *plan, int process, struct failure *why)
{
	static struct idmap map;

	if (mapping_read(process, "uid_map", &map) < 0 || !same_ranges(&plan->uid_map, &map))
		return fail(why, 0,
			    "the UID map that the kernel has is not the one that was asked for");
	if (mapping_read(process, "gid_map", &map) < 0 || !same_ranges(&plan->gid_map, &map))
		return fail(why, 0,
			    "the GID map that the kernel has is not the one that was asked for");
	if (!setgroups_is(process, plan->setgroups))
		return fail(why, 0, "setgroups is not %s inside, as was asked for",
			    plan->setgroups == SETGROUPS_ALLOW ? "allowed" : "denied");
	return 0;
}

/* ---- the sources --------------------------------------------------------------------------- */

static int ask_newuidmap(const struct plan *plan, int process, pid_t target, struct failure *why)
{
	/* newgidmap denies setgroups for the caller's group alone; the plan may want it always. */
	if (plan->setgroups == SETGROUPS_DENY && deny_setgroups(process, why) < 0)
		return -1;
	return ask_system_helpers(plan, target, why);
}

int mapping_await(const struct plan *plan, struct failure *why)
{
	ssize_t got = 0;
	char byte;

	while (plan->source == SOURCE_CALLER && (got = read(plan->userns_block, &byte, 1)) < 0 &&
	       errno == EINTR)
		;
	if (got < 0)
		return fail(why, errno, "wait for the maps on descriptor %d", plan->userns_block);
	return 0;
}

int mapping_install(const struct plan *plan, pid_t target, struct failure *why)
{
	char path[32];
	auto_close process = -1;
	int result;

	if (plan->source == SOURCE_NONE || plan->source == SOURCE_CALLER)
		return 0;
	/* The target is an unreaped child of ours: its number cannot be anyone else's. */
	(void)snprintf(path, sizeof(path), "/proc/%d", (int)target);
	process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (process < 0) {
		(void)fail(why, errno, "open %s", path);
		return hint(why, "/proc must be mounted, for the PID namespace that croft runs in");
	}
	if (plan->source == SOURCE_KERNEL)
		return write_both(plan, process, why);
	if (plan->source == SOURCE_CROFT)
		result = ask_helpers(plan, process, why);
	else
		result = ask_newuidmap(plan, process, target, why);
	return result < 0 ? -1 : read_back(plan, process, why);
}
