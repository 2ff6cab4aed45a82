/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a setuid bit, file capabilities, no_new_privs and nosuid do in and
 * below a user namespace.  The program itself is the subject: it copies itself
 * to a file owned by a subordinate ID and asks the copy who it is.
 */
#include "tests/kernel/stage.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { STRANGER = 5, TARGET = 7 };

/* What the copy says of itself, on its standard output. */
struct witness {
	uint32_t effective_uid;
	uint32_t secure;
	uint64_t permitted;
	uint32_t dumpable;
	uint32_t padding;
};

static int testify(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	struct witness witness = {
		.effective_uid = geteuid(),
		.secure = (uint32_t)getauxval(AT_SECURE),
		.dumpable = (uint32_t)prctl(PR_GET_DUMPABLE, 0, 0, 0, 0),
	};

	if (syscall(SYS_capget, &header, data))
		return 1;
	witness.permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	return write(STDOUT_FILENO, &witness, sizeof(witness)) != sizeof(witness);
}

static void copy_myself(const char *path)
{
	int from = must(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	int to = must(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755));
	struct stat status;

	must(fstat(from, &status));
	claim(must(sendfile(to, from, NULL, (size_t)status.st_size)) == status.st_size);
	close(from);
	close(to);
}

static struct witness ask(const char *path)
{
	struct witness witness = { 0 };
	int answer[2], status;
	pid_t child;

	must(pipe2(answer, O_CLOEXEC));
	child = must(fork());
	if (child == 0) {
		must(dup2(answer[1], STDOUT_FILENO));
		execl(path, "witness", (char *)NULL);
		_exit(127);
	}
	close(answer[1]);
	must(waitpid(child, &status, 0));
	claim(status == 0);
	claim(read(answer[0], &witness, sizeof(witness)) == sizeof(witness));
	close(answer[0]);
	return witness;
}

/* No identity change may add what we do not ask about: become a stranger without capabilities. */
static void become_stranger(void)
{
	must(setresgid(STRANGER, STRANGER, STRANGER));
	must(setresuid(STRANGER, STRANGER, STRANGER));
	must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static void make_setuid_file(void)
{
	enter_delegated(CLONE_NEWNS);
	make_room();
	copy_myself("witness");
	must(chown("witness", TARGET, TARGET));
	must(chmod("witness", 04755));
}

static void setuid_bit_works_where_mapped(void)
{
	struct witness witness;

	make_setuid_file();
	become_stranger();
	witness = ask("/tmp/witness");
	claim(witness.effective_uid == TARGET);
	claim(witness.secure == 1);
	claim(witness.dumpable != 1);
}

static void expect_no_gain(void)
{
	struct witness witness = ask("/tmp/witness");

	claim(witness.effective_uid == geteuid());
	claim(witness.secure == 0);
}

/* In the child namespace the file's owner has no number, so the bit is void. */
static void setuid_bit_is_void_below(void)
{
	make_setuid_file();
	play_in_child_namespace(0, "0 5 1\n", "0 5 1\n", expect_no_gain);
}

static void expect_target(void)
{
	claim(ask("/tmp/witness").effective_uid == 3);
}

/* ... and where it has one, the bit works: every mapped ID can be become, unless nosuid. */
static void setuid_bit_works_below_if_mapped(void)
{
	make_setuid_file();
	play_in_child_namespace(0, "0 5 1\n3 7 1\n", "0 5 1\n3 7 1\n", expect_target);
}

static void setuid_bit_is_void_before_a_map(void)
{
	make_setuid_file();
	become_stranger();
	must(unshare(CLONE_NEWUSER));
	expect_no_gain();
}

static void no_new_privs_voids_the_setuid_bit(void)
{
	make_setuid_file();
	become_stranger();
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	expect_no_gain();
}

static void nosuid_voids_the_setuid_bit(void)
{
	make_setuid_file();
	must(mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL));
	become_stranger();
	expect_no_gain();
}

static void give_capability(const char *path, unsigned int capability, uint32_t root)
{
	struct vfs_ns_cap_data data = {
		.magic_etc = htole32(VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE),
		.data = { { .permitted = htole32(1U << capability) } },
		.rootid = htole32(root),
	};

	must(setxattr(path, "security.capability", &data, sizeof(data), 0));
}

static void make_capable_file(uint32_t root)
{
	enter_delegated(CLONE_NEWNS);
	make_room();
	copy_myself("witness");
	give_capability("witness", CAP_NET_RAW, root);
}

static void file_capability_works_under_its_root(void)
{
	make_capable_file(0);
	become_stranger();
	claim(ask("/tmp/witness").permitted == UINT64_C(1) << CAP_NET_RAW);
}

/* UID 0 is to add nothing of its own, so that the file's grant stands alone. */
static uint64_t granted_by_file(void)
{
	must(prctl(PR_SET_SECUREBITS, 1 /* SECBIT_NOROOT */, 0, 0, 0));
	keep_capabilities(0, 0);
	return ask("/tmp/witness").permitted;
}

static void expect_grant(void)
{
	claim(granted_by_file() == UINT64_C(1) << CAP_NET_RAW);
}

/* The kernel asks every ancestor (rootid_owns_currentns): a grant reaches all levels below. */
static void file_capability_works_below_its_root(void)
{
	make_capable_file(0);
	play_in_child_namespace(0, "0 5 1\n", "0 5 1\n", expect_grant);
}

static void file_capability_is_void_above_its_root(void)
{
	make_capable_file(STRANGER);
	play_in_child_namespace(0, "0 5 1\n", "0 5 1\n", expect_grant);
	claim(granted_by_file() == 0);
}

static void no_new_privs_voids_file_capabilities(void)
{
	make_capable_file(0);
	become_stranger();
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	claim(ask("/tmp/witness").permitted == 0);
}

/* What the helpers' "same file capability, less in the bounding set" mode runs into. */
static void effective_file_capability_outside_the_bounding_set(void)
{
	pid_t child;
	int status;

	make_capable_file(0);
	must(prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0));
	become_stranger();
	child = must(fork());
	if (child == 0) {
		execl("/tmp/witness", "witness", (char *)NULL);
		_exit(errno == EPERM ? 42 : 43);
	}
	must(waitpid(child, &status, 0));
	claim(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

static const struct scene scenes[] = {
	{ "a setuid bit works where its owner is mapped", setuid_bit_works_where_mapped },
	{ "below, where its owner is not mapped, it is void", setuid_bit_is_void_below },
	{ "below, where its owner is mapped, it works", setuid_bit_works_below_if_mapped },
	{ "after unshare, before a map, it is void", setuid_bit_is_void_before_a_map },
	{ "no_new_privs voids it", no_new_privs_voids_the_setuid_bit },
	{ "nosuid voids it", nosuid_voids_the_setuid_bit },
	{ "a file capability works under its root", file_capability_works_under_its_root },
	{ "and in every namespace below", file_capability_works_below_its_root },
	{ "and nowhere above", file_capability_is_void_above_its_root },
	{ "no_new_privs voids file capabilities", no_new_privs_voids_file_capabilities },
	{ "outside the bounding set an effective one fails the exec",
	  effective_file_capability_outside_the_bounding_set },
};

int main(int argc, char **argv)
{
	/* Not through exit(): what a sanitizer does there takes a dumpable process. */
	if (argc == 1 && strcmp(argv[0], "witness") == 0)
		_exit(testify());
	return play_scenes("privilege", SCENES(scenes));
}
