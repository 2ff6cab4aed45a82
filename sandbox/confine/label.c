/* SPDX-License-Identifier: GPL-2.0-or-later */
/* label - what SELinux or AppArmor shall confine the payload as */
#include "sandbox/confine/label.h"

#include "sandbox/cleanup.h"
#include "sandbox/number.h"
#include "sandbox/options/options.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

/* ---- the machine --------------------------------------------------------------------------- */

/* The first line of a file; "" if there is none. */
static void read_line(const char *path, char *text, size_t size)
{
	auto_close fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

int label_gather(struct label_facts *facts, struct failure *why)
{
	struct statfs status;
	char enabled[8];

	facts->selinux = statfs("/sys/fs/selinux", &status) == 0 &&
			 (unsigned)status.f_type == SELINUX_MAGIC;
	read_line("/sys/module/apparmor/parameters/enabled", enabled, sizeof(enabled));
	facts->apparmor = enabled[0] == 'Y';
	if (facts->selinux)
		read_line("/proc/self/attr/current", facts->current, sizeof(facts->current));
	if (getrandom(facts->dice, sizeof(facts->dice), 0) != sizeof(facts->dice))
		return fail(why, errno, "draw categories for --selinux-mcs");
	return 0;
}

/* ---- categories ---------------------------------------------------------------------------- */

enum { CATEGORIES = 1024 };		/* as many as the policies of distributions have */

/* The level behind user:role:type, which have no colons in them. */
static const char *level_of(const char *label)
{
	for (int colons = 0; *label != '\0'; label++)
		if (*label == ':' && ++colons == 3)
			return label + 1;
	return NULL;
}

/* "c3" or "c0.c1023".  Returns what follows; NULL if it is neither. */
static const char *read_run(const char *text, uint64_t *first, uint64_t *last)
{
	text = *text == 'c' ? number_read(text + 1, CATEGORIES - 1, first) : NULL;
	*last = text != NULL ? *first : 0;
	if (text == NULL || *text != '.')
		return text;
	return text[1] == 'c' ? number_read(text + 2, CATEGORIES - 1, last) : NULL;
}

/* The categories of a range's upper end: "s0-s0:c0.c1023", "s0:c1,c5".  Returns how many. */
static size_t list_categories(const char *level, uint32_t list[CATEGORIES])
{
	const char *high = level != NULL ? strchr(level, '-') : NULL;
	const char *text = level != NULL ? strchr(high != NULL ? high : level, ':') : NULL;
	uint64_t first, last;
	size_t n = 0;

	while (text != NULL && (*text == ':' || *text == ',')) {
		text = read_run(text + 1, &first, &last);
		if (text == NULL)
			break;
		for (uint64_t category = first; category <= last && n < CATEGORIES; category++)
			list[n++] = (uint32_t)category;
	}
	return text != NULL && *text == '\0' ? n : 0;
}

int label_with_categories(const char *label, const char *range, const uint32_t dice[2], char *made,
			  size_t size)
{
	uint32_t list[CATEGORIES];
	size_t n = list_categories(level_of(range), list), one, other;
	const char *level = level_of(label);
	int kept = level != NULL ? (int)(level - label - 1) : (int)strlen(label);

	if (n < 2)
		return -1;
	one = dice[0] % n;
	other = (one + 1 + dice[1] % (n - 1)) % n;	/* never the same */
	if (snprintf(made, size, "%.*s:s0:c%u,c%u", kept, label, list[one < other ? one : other],
		     list[one < other ? other : one]) >= (int)size)
		return -1;
	return 0;
}

/* ---- the plan ------------------------------------------------------------------------------ */

static int with_categories(const char **label, const struct label_facts *facts, struct failure *why)
{
	char made[LABEL_SIZE];

	if (label_with_categories(*label, facts->current, facts->dice, made, sizeof(made)) == 0) {
		*label = plan_text("%s", made);
		return 0;
	}
	return fail(why, 0,
		    "--selinux-mcs: there are no two categories for %s in the caller's label %s",
		    *label, facts->current);
}

int label_decide(const struct options *o, const struct label_facts *facts, struct plan *plan,
		 struct failure *why)
{
	bool selinux = o->exec_label != NULL || o->file_label != NULL || o->mcs;

	if (selinux && !facts->selinux) {
		(void)fail(why, 0,
			   "a label of SELinux is asked for, and SELinux is not in use here");
		return familiar(why, "labeling not supported on this system");
	}
	if (o->profile != NULL && !facts->apparmor)
		return fail(why, 0,
			    "the AppArmor profile %s is asked for, and AppArmor is not in use here",
			    o->profile);
	plan->exec_label = o->exec_label != NULL || !o->mcs ? o->exec_label : facts->current;
	plan->file_label = o->file_label;
	plan->profile = o->profile;
	if (o->mcs && with_categories(&plan->exec_label, facts, why) < 0)
		return -1;
	if (o->mcs && plan->file_label != NULL)
		return with_categories(&plan->file_label, facts, why);
	return 0;
}

/* ---- the kernel's files -------------------------------------------------------------------- */

static int open_attribute(int proc, const char *name)
{
	struct open_how how = {
		.flags = O_RDWR | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	struct statfs status;
	char path[64];
	auto_close fd = -1;

	(void)snprintf(path, sizeof(path), "thread-self/attr/%s", name);
	fd = (int)syscall(SYS_openat2, proc, path, &how, sizeof(how));
	if (fd < 0)
		return -1;
	if (fstatfs(fd, &status) < 0 || status.f_type != PROC_SUPER_MAGIC) {
		errno = EXDEV;
		return -1;
	}
	return take_fd(&fd);
}

/* Writes it, and reads what the kernel made of it, without the end of line or zero byte. */
static int exchange(int fd, const char *text, char *got, size_t size)
{
	ssize_t length;

	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	length = pread(fd, got, size - 1, 0);
	if (length < 0)
		return -1;
	got[length] = '\0';
	got[strcspn(got, "\n")] = '\0';
	return 0;
}

static int set_selinux(int proc, const char *name, const char *label, struct failure *why)
{
	auto_close fd = open_attribute(proc, name);
	char got[LABEL_SIZE];

	if (fd < 0)
		return fail(why, errno, "open /proc/thread-self/attr/%s", name);
	if (exchange(fd, label, got, sizeof(got)) < 0) {
		(void)fail(why, errno, "set the SELinux label %s (%s)", label, name);
		return errno == EINVAL ? hint(why, "the loaded policy has no such label") : -1;
	}
	if (strcmp(got, label) != 0)
		return fail(why, 0, "the SELinux label %s did not hold: the kernel says %s",
			    label, got);
	return 0;
}

/* The kernel says "NAME (MODE)"; one that only complains or confines nothing is no restriction. */
static bool is_enforced(const char *got, const char *profile)
{
	size_t length = strlen(profile);

	return strncmp(got, profile, length) == 0 &&
	       (strcmp(got + length, " (enforce)") == 0 || strcmp(got + length, " (kill)") == 0);
}

static int set_apparmor(int proc, const char *profile, struct failure *why)
{
	auto_close fd = open_attribute(proc, "apparmor/exec");
	char text[LABEL_SIZE], got[LABEL_SIZE];

	if (fd < 0 && errno == ENOENT)		/* before Linux 5.8 */
		put_fd(&fd, open_attribute(proc, "exec"));
	if (fd < 0)
		return fail(why, errno, "open /proc/thread-self/attr/apparmor/exec");
	if (snprintf(text, sizeof(text), "exec %s", profile) >= (int)sizeof(text))
		return fail(why, ENAMETOOLONG, "change to the AppArmor profile %s", profile);
	if (exchange(fd, text, got, sizeof(got)) < 0) {
		(void)fail(why, errno, "change to the AppArmor profile %s", profile);
		return errno == ENOENT ? hint(why, "it is not loaded: apparmor_parser(8)") : -1;
	}
	if (!is_enforced(got, profile))
		return fail(why, 0, "the AppArmor profile %s is not enforced: the kernel says '%s'",
			    profile, got);
	return 0;
}

int label_files(const struct plan *plan, int proc, struct failure *why)
{
	return plan->file_label != NULL ? set_selinux(proc, "fscreate", plan->file_label, why) : 0;
}

int label_exec(const struct plan *plan, int proc, struct failure *why)
{
	if (plan->exec_label != NULL && set_selinux(proc, "exec", plan->exec_label, why) < 0)
		return -1;
	return plan->profile != NULL ? set_apparmor(proc, plan->profile, why) : 0;
}
