/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read of the host's files, and what is looked at for which options. */
#include "sandbox/facts.h"

#include "tests/unit/planning.h"
#include "tests/unit/table.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

LIVES_UNTIL_EXEC;

static struct planning p;

static struct text text_of(const char *bytes)
{
	return (struct text){ bytes, strlen(bytes) };
}

/* ---- lines of accounts --------------------------------------------------------------------- */

static const struct account_row {
	const char *name, *text;
	const char *want;		/* "name id shell", with commas between */
} account_rows[] = {
	{ "accounts: users",
	  "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000:A,B:/home/alice:/bin/zsh\n",
	  "root 0 /bin/bash,alice 1000 /bin/zsh," },
	{ "accounts: groups have no shell", "staff:x:50:\nwheel:x:10:alice,bob\n",
	  "staff 50 ,wheel 10 ," },
	{ "accounts: no newline at the end", "a:x:1:1::/:/bin/sh", "a 1 /bin/sh," },
	{ "accounts: an empty shell", "a:x:1:1::/:\n", "a 1 ," },
	{ "accounts: the last number there is", "a:x:4294967294:1::/:/s\n", "a 4294967294 /s," },
	{ "accounts: an empty file", "", "" },

	{ "accounts: empty lines", "\n\na:x:1:1::/:/s\n\n", "a 1 /s," },
	{ "accounts: no name", ":x:1:1::/:/s\nb:x:2:2::/:/s\n", "b 2 /s," },
	{ "accounts: lines of NIS", "+\n+::::::\n-bad::::::\na:x:1:1::/:/s\n", "a 1 /s," },
	{ "accounts: too few fields", "a\na:x\na:x:1\nb:x:2:2::/:/s\n", "b 2 /s," },
	{ "accounts: what is no number",
	  "a:x:one:1::/:/s\nb:x:-1:1::/:/s\nc:x::1::/:/s\nd:x:0x1:1::/:/s\n", "" },
	{ "accounts: numbers that 32 bits would wrap",
	  "a:x:4294967296:1::/:/s\nb:x:18446744073709551617:1::/:/s\n",
	  "" },
	{ "accounts: the number that is none", "a:x:4294967295:1::/:/s\n", "" },
	{ "accounts: a needless zero", "a:x:01:1::/:/s\n", "" },
};

static void read_accounts(void **state)
{
	const struct account_row *row = *state;
	struct text rest = text_of(row->text);
	struct account account;
	char text[512] = "", *at = text;

	while (accounts_next(&rest, &account))
		at += sprintf(at, "%.*s %u %.*s,", (int)account.name.length, account.name.at,
			      account.id, (int)account.shell.length, account.shell.at);
	assert_string_equal(text, row->want);
}

/* ---- free ranges --------------------------------------------------------------------------- */

static const struct free_row {
	const char *name, *delegations, *accounts;
	uint32_t want;
} free_rows[] = {
	{ "free: all of it", "", "", 100000 },
	{ "free: behind one", "a:100000:65536\n", "", 165536 },
	{ "free: behind two in a row", "a:100000:65536\nb:165536:65536\n", "", 231072 },
	{ "free: in whatever order", "b:231072:65536\na:165536:65536\nc:100000:65536\n", "",
	  296608 },
	{ "free: before one, if there is just room", "a:165536:65536\n", "", 100000 },
	{ "free: behind it, if one ID is missing", "a:165535:65536\n", "", 231071 },
	{ "free: behind one that begins earlier", "a:1:100000\n", "", 100001 },
	{ "free: one that ends just before does not count", "a:1:99999\n", "", 100000 },
	{ "free: behind an account", "", "a:x:100000:1:::\n", 100001 },
	{ "free: behind the last account in it", "", "a:x:165535:1:::\nb:x:120000:1:::\n", 165536 },
	{ "free: an account just behind does not count", "", "a:x:165536:1:::\n", 100000 },
	{ "free: ranges of nothing do not count", "a:100000:0\n", "", 100000 },
	{ "free: lines that are none do not count", "a:100000\na:100000:x\n#:100000:1:1\nx\n", "",
	  100000 },
	{ "free: a comment that reads like a line counts, which does no harm", "#a:100000:65536\n",
	  "", 165536 },
	{ "free: the last place", "a:100000:4294801759\n", "", 4294901759 },
	{ "free: nowhere", "a:100000:4294801760\n", "", 0 },
	{ "free: nowhere at all", "a:0:4294967294\n", "", 0 },
};

static void find_free(void **state)
{
	const struct free_row *row = *state;

	assert_int_equal(accounts_free_range(text_of(row->delegations), text_of(row->accounts)),
			 row->want);
}

/* ---- nsswitch.conf ------------------------------------------------------------------------- */

static const struct service_row {
	const char *name, *text;
	bool want;
} service_rows[] = {
	{ "service: none named", "passwd: files sss\n", false },
	{ "service: the files", "subid: files\n", false },
	{ "service: one", "passwd: files\nsubid: sss\n", true },
	{ "service: blanks around it", "  subid :\tsss\t\n", true },
	{ "service: one beside the files", "subid: files sss\n", true },
	{ "service: in a comment", "# subid: sss\n", false },
	{ "service: behind the files, in a comment", "subid: files # sss\n", false },
	{ "service: nothing named", "subid:\n", false },
	{ "service: a name that begins like it", "subids: sss\n", false },
	{ "service: another name of that length", "hosts: files dns\n", false },
	{ "service: an empty file", "", false },
};

static void find_service(void **state)
{
	const struct service_row *row = *state;

	assert_int_equal(accounts_subid_service(text_of(row->text)), row->want);
}

/* ---- what is gathered ---------------------------------------------------------------------- */

static void gather(const char *line)
{
	memset(&p, 0, sizeof(p));
	assert_int_equal(planning_parse(&p, line), 0);
	if (facts_gather(&p.options, &p.facts, &p.why) < 0)
		fail_msg("%s", p.why.what);
}

static const struct need_row {
	const char *name, *line;
	bool host, account, many;
} need_rows[] = {
	{ "gather: a command on the host's directories", "run ls", true, true, false },
	{ "gather: a command in a tree needs nothing", "run --rootfs /tree ls", false, false,
	  false },
	{ "gather: nor on a root of the user's", "run --ro-bind / / ls", false, false, false },
	{ "gather: nor on an empty one", "run --empty-root ls", false, false, false },
	{ "gather: many IDs", "run --rootfs /tree --map auto ls", false, true, true },
	{ "gather: explicit ones", "run --empty-root --uid-map 0:1:1 --gid-map 0:1:1 ls", false,
	  true, true },
	{ "gather: a shell in a tree", "shell /tree", false, true, true },
	{ "gather: a shell of one ID in a tree", "shell --map root /tree", false, false, false },
	{ "gather: a shell", "shell", true, true, true },
};

static void gather_needed(void **state)
{
	const struct need_row *row = *state;
	const struct passwd *account = getpwuid(geteuid());

	gather(row->line);
	assert_int_equal(p.facts.uid, geteuid());
	assert_int_equal(p.facts.gid, getegid());
	assert_int_equal(p.facts.host[0].path != NULL, row->host);
	assert_int_equal(p.facts.name != NULL, row->account && account != NULL);
	if (p.facts.name != NULL)
		assert_string_equal(p.facts.name, account->pw_name);
	assert_int_equal(p.facts.uid_here.n > 0, row->many);
	assert_int_equal(p.facts.gid_here.n > 0, row->many);
	assert_string_equal(p.facts.subuid.file, "/etc/subuid");
}

/* Links into /usr stay links, and nothing is listed that is not there. */
static void gather_host(void **state)
{
	(void)state;
	gather("run ls");
	for (const struct host_path *host = p.facts.host; host->path != NULL; host++) {
		assert_int_equal(faccessat(AT_FDCWD, host->path, F_OK, AT_SYMLINK_NOFOLLOW), 0);
		if (host->link != NULL) {
			char link[256] = "";

			assert_true(readlink(host->path, link, sizeof(link) - 1) > 0);
			assert_string_equal(host->link, link);
			assert_non_null(strstr(link, "usr/"));
		}
	}
	assert_string_equal(p.facts.host[0].path, "/usr");
}

static int terminal_with(int input, int output, int errors)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0)
			_exit(9);
		gather("run --rootfs /tree ls");
		_exit(p.facts.terminal);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One of the three is enough: through any of them keys could be pushed. */
static void gather_terminal(void **state)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), peer;

	(void)state;
	assert_true(nothing >= 0 && master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	peer = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(peer >= 0);
	assert_int_equal(terminal_with(nothing, nothing, nothing), 0);
	assert_int_equal(terminal_with(peer, peer, peer), 1);
	assert_int_equal(terminal_with(peer, nothing, nothing), 1);
	assert_int_equal(terminal_with(nothing, peer, nothing), 1);
	assert_int_equal(terminal_with(nothing, nothing, peer), 1);
	(void)close(peer);
	(void)close(master);
	(void)close(nothing);
}

static void gather_no_new_privs(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
			_exit(9);
		gather("shell /tree");
		_exit(p.facts.no_new_privs);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(account_rows) + COUNT(free_rows) + COUNT(service_rows) +
				COUNT(need_rows) + 3];
	size_t n = 0;

	ADD_ROWS(tests, n, account_rows, read_accounts);
	ADD_ROWS(tests, n, free_rows, find_free);
	ADD_ROWS(tests, n, service_rows, find_service);
	ADD_ROWS(tests, n, need_rows, gather_needed);
	ADD_TEST(tests, n, "gather: the host's paths", gather_host);
	ADD_TEST(tests, n, "gather: a terminal, on any of three descriptors", gather_terminal);
	ADD_TEST(tests, n, "gather: no new privileges", gather_no_new_privs);
	return RUN_TESTS("facts", tests, n);
}
