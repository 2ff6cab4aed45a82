/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel accepts in uid_map, gid_map and setgroups.  The helpers'
 * checks, the launcher's choice of a source and the splitting of ranges for
 * nested sandboxes all stand on these answers.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAP(name) (UINT64_C(1) << (name))

static const char uid_file[] = "/proc/self/uid_map";
static const char gid_file[] = "/proc/self/gid_map";
static const char setgroups_file[] = "/proc/self/setgroups";

static const char *self_line(uint64_t inside, uint64_t outside, uint64_t count)
{
	static char text[96];

	snprintf(text, sizeof(text), "%llu %llu %llu\n", (unsigned long long)inside,
		 (unsigned long long)outside, (unsigned long long)count);
	return text;
}

static void claim_map(const char *path, unsigned int inside, unsigned int outside,
		      unsigned int count)
{
	unsigned int got[3] = { 0 };
	char text[256];

	read_text(path, text, sizeof(text));
	claim(sscanf(text, "%u %u %u", &got[0], &got[1], &got[2]) == 3);
	claim(got[0] == inside && got[1] == outside && got[2] == count);
}

static void map_is_written_once(void)
{
	must(unshare(CLONE_NEWUSER));
	must(write_text(uid_file, self_line(0, player_uid(), 1)));
	refused(EPERM, write_text(uid_file, self_line(0, player_uid(), 1)));
	refused(EPERM, write_text(uid_file, "not even parsed\n"));
	claim_map(uid_file, 0, player_uid(), 1);
}

static void failed_write_may_be_repeated(void)
{
	must(unshare(CLONE_NEWUSER));
	refused(EINVAL, write_text(uid_file, "0 zero 1\n"));
	must(write_text(uid_file, self_line(0, player_uid(), 1)));
}

static void gid_map_needs_setgroups_denied(void)
{
	must(unshare(CLONE_NEWUSER));
	refused(EPERM, write_text(gid_file, self_line(0, player_gid(), 1)));
	must(write_text(setgroups_file, "deny"));
	must(write_text(gid_file, self_line(0, player_gid(), 1)));
}

static void setgroups_denial_is_final(void)
{
	must(unshare(CLONE_NEWUSER));
	must(write_text(setgroups_file, "deny"));
	must(write_text(setgroups_file, "deny\n"));
	refused(EPERM, write_text(setgroups_file, "allow"));
	must(write_text(gid_file, self_line(0, player_gid(), 1)));
	refused(EPERM, write_text(setgroups_file, "allow"));
}

static void setgroups_is_decided_before_the_gid_map(void)
{
	enter_delegated(0);
	refused(EPERM, write_text(setgroups_file, "deny"));
}

static void claim_denied(void)
{
	char text[16];

	must(unshare(CLONE_NEWUSER));
	read_text(setgroups_file, text, sizeof(text));
	claim(strcmp(text, "deny\n") == 0);
}

static void setgroups_denial_is_inherited(void)
{
	enter_alone(0, 0, 0);
	play_in_child(claim_denied);
}

static void only_ones_own_id_without_privilege(void)
{
	must(unshare(CLONE_NEWUSER));
	refused(EPERM, write_text(uid_file, self_line(0, player_uid() + 1, 1)));
	refused(EPERM, write_text(uid_file, self_line(0, player_uid(), 2)));
	refused(EPERM, write_text(uid_file, self_line(0, 0, 1)));
	must(write_text(uid_file, self_line(0, player_uid(), 1)));
}

/* 64-bit arithmetic must end before the number reaches the kernel. */
static void outside_number_is_truncated(void)
{
	must(unshare(CLONE_NEWUSER));
	must(write_text(uid_file, self_line(0, (UINT64_C(1) << 32) + player_uid(), 1)));
	claim_map(uid_file, 0, player_uid(), 1);
}

static void inside_number_is_truncated(void)
{
	must(unshare(CLONE_NEWUSER));
	must(write_text(uid_file, self_line((UINT64_C(1) << 32) + 9, player_uid(), 1)));
	claim_map(uid_file, 9, player_uid(), 1);
}

static void count_is_truncated(void)
{
	must(unshare(CLONE_NEWUSER));
	must(write_text(uid_file, self_line(0, player_uid(), (UINT64_C(1) << 32) + 1)));
	claim_map(uid_file, 0, player_uid(), 1);
}

static void malformed_text_is_refused(void)
{
	static const char *const texts[] = {
		"\n", "0\n", "0 1\n", "0 1 1 1\n", "+0 1 1\n", "-1 1 1\n", "0x0 1 1\n",
		"0,1,1\n", "0 1 0\n", "4294967295 1 1\n", "0 4294967295 1\n",
		"0 4294967290 10\n", "4294967290 0 10\n", "0 1 1\n\n1 2 1\n",
		"0 1 10\n5 100 1\n", "0 100 10\n20 105 1\n",
	};

	must(unshare(CLONE_NEWUSER));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (write_text(uid_file, texts[i]) < 0 && errno == EINVAL)
			continue;
		dprintf(STDERR_FILENO, "# \"%s\": not EINVAL\n", texts[i]);
		_exit(1);
	}
}

static void blanks_and_order_are_free(void)
{
	char text[64];

	must(unshare(CLONE_NEWUSER));
	snprintf(text, sizeof(text), "\t7   %u\t1  ", player_uid());
	must(write_text(uid_file, text));
	claim_map(uid_file, 7, player_uid(), 1);
}

static char *many_lines(unsigned int lines)
{
	static char text[8192];
	size_t length = 0;

	for (unsigned int i = 0; i < lines; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%u %u 1\n",
					   2 * i, 2 * i);
	return text;
}

/* The text is judged before the permission: EPERM says that it was well formed. */
static void at_most_340_lines(void)
{
	must(unshare(CLONE_NEWUSER));
	claim(strlen(many_lines(341)) < 4096);
	refused(EPERM, write_text(uid_file, many_lines(340)));
	refused(EINVAL, write_text(uid_file, many_lines(341)));
}

static void less_than_a_page(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *text = malloc(page + 1);

	claim(text != NULL);
	memset(text, ' ', page);
	memcpy(text, "0 0 1", 5);
	text[page] = '\0';
	must(unshare(CLONE_NEWUSER));
	refused(EINVAL, write_text(uid_file, text));
	text[page - 1] = '\0';
	refused(EPERM, write_text(uid_file, text));
}

static void write_ten_from_zero(void)
{
	refused(EPERM, write_text("/proc/self/uid_map", "0 0 10\n"));
}

static int seam_target[2], seam_go[2];

static void unshare_and_wait(void)
{
	char go;

	must(unshare(CLONE_NEWUSER));
	must(write(seam_target[1], "", 1));
	close(seam_go[1]);
	(void)!read(seam_go[0], &go, 1); /* end of file is the signal */
}

/* A freshly unshared child that waits until the answer's descriptor is closed. */
static pid_t start_target(void)
{
	pid_t target;
	char ready;

	must(pipe2(seam_target, O_CLOEXEC));
	must(pipe2(seam_go, O_CLOEXEC));
	target = start_child(unshare_and_wait);
	close(seam_target[1]);
	close(seam_go[0]);
	claim(read(seam_target[0], &ready, 1) == 1);
	return target;
}

static void end_target(pid_t target)
{
	close(seam_target[0]);
	close(seam_go[1]);
	join_child(target);
}

static const char *target_file(pid_t target, const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", target, name);
	return path;
}

/* The parent's map has a line for 0 and a line from 1 on: 0 to 9 is all mapped, and refused. */
static void range_across_a_seam_is_refused(void)
{
	pid_t target;

	enter_delegated(0);
	target = start_target();
	refused(EPERM, write_text(target_file(target, "uid_map"), "0 0 10\n"));
	must(write_text(target_file(target, "uid_map"), "0 0 1\n1 1 9\n"));
	refused(EPERM, write_text(target_file(target, "gid_map"), "0 0 10\n"));
	must(write_text(target_file(target, "gid_map"), "0 0 1\n1 1 9\n"));
	end_target(target);
}

static void range_beyond_the_parent_is_refused(void)
{
	enter_alone(0, 0, 0);
	must(unshare(CLONE_NEWUSER));
	write_ten_from_zero();
	refused(EPERM, write_text(uid_file, "0 5 1\n"));
	must(write_text(uid_file, "0 0 1\n"));
}

/* Opened without the capability, written with it: the opener's credentials count. */
static void capability_counts_at_open(void)
{
	const uint64_t setuid_cap = CAP(CAP_SETUID) | CAP(CAP_SETFCAP);
	pid_t target;
	int fd;

	enter_delegated(0);
	target = start_target();
	keep_capabilities(setuid_cap, 0);
	fd = must(open(target_file(target, "uid_map"), O_WRONLY | O_CLOEXEC));
	keep_capabilities(setuid_cap, setuid_cap);
	refused(EPERM, write(fd, "0 1 5\n", 6));
	fd = must(open(target_file(target, "uid_map"), O_WRONLY | O_CLOEXEC));
	must(write(fd, "0 1 5\n", 6));
	end_target(target);
}

static void capability_counts_at_write(void)
{
	pid_t target;
	int fd;

	enter_delegated(0);
	target = start_target();
	fd = must(open(target_file(target, "uid_map"), O_WRONLY | O_CLOEXEC));
	keep_capabilities(CAP(CAP_SETUID), 0);
	refused(EPERM, write(fd, "0 1 5\n", 6));
	end_target(target);
}

/* One capability and the owner's euid: what a helper keeps is enough, for its own file. */
static void one_capability_is_enough(void)
{
	pid_t target;

	enter_delegated(0);
	target = start_target();
	keep_capabilities(CAP(CAP_SETUID), CAP(CAP_SETUID));
	refused(EPERM, write_text(target_file(target, "gid_map"), "0 1 5\n"));
	must(write_text(target_file(target, "uid_map"), "0 1 5\n"));
	end_target(target);
}

static void parents_uid_0_needs_setfcap(void)
{
	pid_t target;

	enter_delegated(0);
	target = start_target();
	keep_capabilities(CAP(CAP_SETUID) | CAP(CAP_SETGID), CAP(CAP_SETUID) | CAP(CAP_SETGID));
	refused(EPERM, write_text(target_file(target, "uid_map"), "0 0 1\n"));
	refused(EPERM, write_text(target_file(target, "uid_map"), "0 4294967296 1\n"));
	must(write_text(target_file(target, "uid_map"), "0 1 1\n"));
	end_target(target);
}

/* Nobody but the helper's own rule keeps the parent's GID 0 out. */
static void parents_gid_0_has_no_guard(void)
{
	pid_t target;

	enter_delegated(0);
	target = start_target();
	keep_capabilities(CAP(CAP_SETGID), CAP(CAP_SETGID));
	must(write_text(target_file(target, "gid_map"), "0 0 1\n"));
	end_target(target);
}

static void deny_needs_no_capability(void)
{
	pid_t target = start_target();

	must(write_text(target_file(target, "setgroups"), "deny"));
	refused(EPERM, write_text(target_file(target, "setgroups"), "allow"));
	end_target(target);
}

static void hide_and_wait(void)
{
	must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	refused(EACCES, write_text(uid_file, "0 0 1\n"));
	unshare_and_wait();
}

static void target_must_be_dumpable(void)
{
	struct stat status;
	pid_t target;
	char ready;

	must(pipe2(seam_target, O_CLOEXEC));
	must(pipe2(seam_go, O_CLOEXEC));
	target = start_child(hide_and_wait);
	close(seam_target[1]);
	close(seam_go[0]);
	claim(read(seam_target[0], &ready, 1) == 1);
	must(stat(target_file(target, "uid_map"), &status));
	claim(status.st_uid != player_uid());
	refused(EACCES, write_text(target_file(target, "uid_map"), self_line(0, player_uid(), 1)));
	end_target(target);
}

static pid_t sibling;

static void write_siblings_map(void)
{
	must(unshare(CLONE_NEWUSER));
	refused(EPERM, write_text(target_file(sibling, "uid_map"), "0 0 1\n"));
}

static void only_self_and_parent_may_write(void)
{
	sibling = start_target();
	play_in_child(write_siblings_map);
	must(write_text(target_file(sibling, "uid_map"), self_line(0, player_uid(), 1)));
	end_target(sibling);
}

/* A prefix of a map is a map: this is why a short write must never be resumed. */
static void map_is_whole_or_nothing(void)
{
	const char *line;
	int fd;

	must(unshare(CLONE_NEWUSER));
	fd = must(open(uid_file, O_WRONLY | O_CLOEXEC));
	line = self_line(0, player_uid(), 1);
	claim(must(write(fd, line, strlen(line))) == (int)strlen(line));
	refused(EINVAL, write(fd, "1 1 1\n", 6));
}

static const struct scene scenes[] = {
	{ "a map is written once", map_is_written_once },
	{ "a refused write may be repeated", failed_write_may_be_repeated },
	{ "a map is written whole, and its descriptor is spent", map_is_whole_or_nothing },
	{ "an unprivileged gid_map needs setgroups denied", gid_map_needs_setgroups_denied },
	{ "deny is final", setgroups_denial_is_final },
	{ "setgroups is decided before the gid_map", setgroups_is_decided_before_the_gid_map },
	{ "deny is inherited by child namespaces", setgroups_denial_is_inherited },
	{ "the owner denies setgroups without a capability", deny_needs_no_capability },
	{ "without privilege only one's own ID", only_ones_own_id_without_privilege },
	{ "an outside number loses its upper 32 bits", outside_number_is_truncated },
	{ "an inside number loses its upper 32 bits", inside_number_is_truncated },
	{ "a count loses its upper 32 bits", count_is_truncated },
	{ "malformed text is EINVAL", malformed_text_is_refused },
	{ "blanks are free", blanks_and_order_are_free },
	{ "340 lines, not 341", at_most_340_lines },
	{ "less than a page", less_than_a_page },
	{ "a range across a seam of the parent's map is EPERM", range_across_a_seam_is_refused },
	{ "a range beyond the parent's map is EPERM", range_beyond_the_parent_is_refused },
	{ "the capability counts at open", capability_counts_at_open },
	{ "the capability counts at write", capability_counts_at_write },
	{ "one capability is enough, for one file", one_capability_is_enough },
	{ "the parent's UID 0 needs CAP_SETFCAP, truncated or not", parents_uid_0_needs_setfcap },
	{ "the parent's GID 0 has no guard", parents_gid_0_has_no_guard },
	{ "a target that is not dumpable cannot be mapped", target_must_be_dumpable },
	{ "only the namespace and its parent may write", only_self_and_parent_may_write },
};

int main(void)
{
	return play_scenes("idmaps", SCENES(scenes));
}
