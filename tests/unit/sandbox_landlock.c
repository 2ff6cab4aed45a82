/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second wall: which rules come of which steps, and what a kernel that lacks some means. */
#include "sandbox/confine/landlock_rules.h"

#include "sandbox/kernel.h"
#include "tests/unit/planning.h"
#include "tests/unit/table.h"

#include <stdio.h>
#include <string.h>

LIVES_UNTIL_EXEC;

static struct planning p;

/* "r/ w/tmp f/run/key": read, write, write a file alone */
static const char *print_rules(const struct landlock *l)
{
	static char text[4096];
	char *at = text;

	*at = '\0';
	for (size_t i = 0; i < l->n_rules; i++) {
		uint64_t rights = l->rules[i].rights;
		char kind = (rights & LANDLOCK_ACCESS_FS_WRITE_FILE) == 0 ? 'r' :
			    (rights & LANDLOCK_ACCESS_FS_MAKE_REG) != 0 ? 'w' : 'f';

		at += sprintf(at, "%s%c%s", i > 0 ? " " : "", kind, l->rules[i].path);
	}
	return text;
}

#define HOMES "w/home w/run w/tmp w/var/tmp w/home/alice"

static const struct {
	const char *name, *line, *rules;
} places[] = {
	{ "the default", "run ls", "r/ " HOMES " w/proc w/dev" },
	{ "a writable bind", "run --bind /a /b --ro-bind /c /d ls",
	  "r/ " HOMES " w/proc w/dev w/b" },
	{ "a bind of nothing, perhaps", "run --bind-try /a /b ls",
	  "r/ " HOMES " w/proc w/dev w/b" },
	{ "a writable tree", "run --rootfs /t ls", "r/ w/ w/proc w/dev" },
	{ "a read-only tree", "run --rootfs-ro /t ls", "r/ w/tmp w/var/tmp w/run w/proc w/dev" },
	{ "nothing", "run --empty-root --ro-bind /usr /usr ls", "r/" },
	{ "a tmpfs that carries the rest", "run --tmpfs / --ro-bind /usr /usr --tmpfs /x ls",
	  "r/ w/proc w/dev w/x" },
	{ "a directory of the user's", "run --empty-root --dir /x ls", "r/ w/x" },
	{ "on what is read-only", "run --empty-root --ro-bind /a /x --dir /x/y ls", "r/" },
	{ "on what is writable there",
	  "run --empty-root --ro-bind /a /x --tmpfs /x/y --dir /x/y/z ls", "r/ w/x/y w/x/y/z" },
	{ "covered by what is read-only", "run --empty-root --bind /a /x/y --ro-bind /b /x ls",
	  "r/" },
	{ "a name that begins alike is another",
	  "run --empty-root --bind /a /xy --ro-bind /b /x ls", "r/ w/xy" },
	{ "covering what is read-only", "run --empty-root --ro-bind /b /x --bind /a /x/y ls",
	  "r/ w/x/y" },
	{ "made read-only", "run --empty-root --tmpfs /x --dir /x/y --remount-ro /x ls", "r/" },
	{ "but not what is mounted below",
	  "run --empty-root --tmpfs /x --tmpfs /x/y --remount-ro /x ls", "r/ w/x/y" },
	{ "a slash too many", "run --empty-root --bind /a /x/y --ro-bind /b /x// ls", "r/" },
	{ "a file of the user's", "run --empty-root --file 5 /k ls", "r/ f/k" },
	{ "a file on what is read-only", "run --empty-root --ro-bind /a /x --file 5 /x/k ls",
	  "r/" },
	{ "overlays", "run --empty-root --overlay-src /a --tmp-overlay /x --overlay-src /a "
		      "--overlay-src /b --ro-overlay /y --overlay-src /a --overlay /u /w /z ls",
		      "r/ w/x w/z" },
	{ "/sys is not written to", "run --empty-root --sys /sys --mqueue /q ls", "r/ w/q" },
	{ "who mounts has no rules", "run --cap-add sys_admin ls", "" },
	{ "nor who nests", "run --allow-nesting ls", "" },
	{ "other capabilities mount nothing", "run --empty-root --cap-add net_raw ls", "r/" },
	{ "off", "run --landlock off ls", "" },
};

static void rules(void **state)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		planning_begin(&p);
		if (planning_make(&p, places[i].line) < 0)
			fail_msg("%s: %s", places[i].name, p.why.what);
		if (strcmp(print_rules(&p.plan.landlock), places[i].rules) != 0)
			fail_msg("%s: %s", places[i].name, print_rules(&p.plan.landlock));
	}
	(void)state;
}

enum { NET_BIND = 1, NET_CONNECT = 2, ABSTRACT = 1, SIGNALS = 2 };

static const struct {
	const char *name;
	int abi;
	const char *line;
	uint64_t files, network, scopes;	/* in force */
	const char *refusal, *hint;		/* or refused */
} kernels[] = {
	{ "Linux 5.13", 1, "run ls", 0x1fff, 0, 0, NULL, NULL },
	{ "Linux 5.19", 2, "run ls", 0x3fff, 0, 0, NULL, NULL },
	{ "Linux 6.2", 3, "run ls", 0x7fff, 0, 0, NULL, NULL },
	{ "Linux 6.10", 5, "run ls", 0xffff, 0, 0, NULL, NULL },
	{ "Linux 6.12", 6, "run ls", 0xffff, 0, ABSTRACT | SIGNALS, NULL, NULL },
	{ "Linux 7.1", 9, "run ls", 0x1ffff, 0, ABSTRACT | SIGNALS, NULL, NULL },
	{ "one that is not known yet", 99, "run ls", 0x1ffff, 0, ABSTRACT | SIGNALS, NULL, NULL },
	{ "none", 0, "run ls", 0, 0, 0, "this kernel has no Landlock", "--landlock try" },
	{ "none, and it was only a try", 0, "run --landlock try ls", 0, 0, 0, NULL, NULL },
	{ "none, and none is wanted", 0, "run --landlock off ls", 0, 0, 0, NULL, NULL },
	{ "off", 7, "run --landlock off ls", 0, 0, 0, NULL, NULL },
	{ "signals of shared processes", 7, "run --share-pid ls", 0xffff, 0, ABSTRACT, NULL, NULL },
	{ "sockets of a shared network", 7, "run --share-net --share-abstract-sockets ls", 0xffff,
	  0, SIGNALS, NULL, NULL },
	{ "a network and no scopes", 5, "run --share-net ls", 0, 0, 0,
	  "this kernel cannot keep the caller's abstract sockets apart",
	  "--share-abstract-sockets" },
	{ "that is accepted", 5, "run --share-net --share-abstract-sockets ls", 0xffff, 0, 0, NULL,
	  NULL },
	{ "or tried", 5, "run --share-net --landlock try ls", 0xffff, 0, 0, NULL, NULL },
	{ "nesting keeps the scopes", 7, "run --allow-nesting ls", 0, 0, ABSTRACT | SIGNALS, NULL,
	  NULL },
	{ "ports to connect to", 7, "run --share-net --allow-tcp-connect 80,443 ls", 0xffff,
	  NET_CONNECT, ABSTRACT | SIGNALS, NULL, NULL },
	{ "ports to listen at", 7, "run --share-net --allow-tcp-bind none ls", 0xffff, NET_BIND,
	  ABSTRACT | SIGNALS, NULL, NULL },
	{ "ports and a kernel that has none", 3, "run --share-net --allow-tcp-connect 80 ls", 0, 0,
	  0, "this kernel cannot restrict TCP ports", "--landlock try" },
	{ "ports of no network", 7, "run --allow-tcp-connect 80 ls", 0, 0, 0,
	  "--allow-tcp-connect is about the caller's network, which only --share-net gives", NULL },
	{ "ports without the wall", 7, "run --share-net --allow-tcp-bind 80 --landlock off ls", 0,
	  0, 0, "--allow-tcp-bind and --landlock off exclude each other", NULL },
	{ "no port", 7, "run --share-net --allow-tcp-bind 80, ls", 0, 0, 0,
	  "--allow-tcp-bind takes port numbers with commas between, or none, not '80,'", NULL },
	{ "a port that is too large", 7, "run --share-net --allow-tcp-bind 65536 ls", 0, 0, 0,
	  "--allow-tcp-bind takes port numbers", NULL },
	{ "a mode that is none", 7, "run --landlock maybe ls", 0, 0, 0,
	  "--landlock takes on, try or off, not 'maybe'", NULL },
};

static void in_force(void **state)
{
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		const struct landlock *l = &p.plan.landlock;
		int made;

		planning_begin(&p);
		p.facts.landlock = kernels[i].abi;
		made = planning_make(&p, kernels[i].line);
		if ((made < 0) != (kernels[i].refusal != NULL))
			fail_msg("%s: %s", kernels[i].name, made < 0 ? p.why.what : "not refused");
		if (made < 0)
			planning_claim_refusal(&p, kernels[i].refusal, kernels[i].hint);
		else if (l->files != kernels[i].files || l->network != kernels[i].network ||
			 l->scopes != kernels[i].scopes)
			fail_msg("%s: files %llx, network %llx, scopes %llx", kernels[i].name,
				 (unsigned long long)l->files, (unsigned long long)l->network,
				 (unsigned long long)l->scopes);
	}
	(void)state;
}

static void lists_of_ports_add_up(void **state)
{
	planning_begin(&p);
	assert_int_equal(planning_make(&p,
				       "run --share-net --allow-tcp-connect 80,443 "
				       "--allow-tcp-connect 0 ls"), 0);
	assert_int_equal(p.plan.landlock.connect.n, 3);
	assert_int_equal(p.plan.landlock.connect.port[1], 443);
	assert_int_equal(p.plan.landlock.connect.port[2], 0);
	assert_false(p.plan.landlock.bind.set);
	(void)state;
}

/* Linux 7.1 asks for a right to connect: a lone socket has it, all only if sockets are allowed. */
static void connecting_is_a_right(void **state)
{
	const uint64_t connect = LANDLOCK_ACCESS_FS_RESOLVE_UNIX;
	const struct landlock *l = &p.plan.landlock;

	planning_begin(&p);
	p.facts.landlock = 9;
	assert_int_equal(planning_make(&p, "run --empty-root --bind /a /b --bind-socket /s /t ls"),
			 0);
	assert_int_equal(l->n_rules, 3);
	assert_int_equal(l->rules[0].rights & connect, 0);
	assert_int_equal(l->rules[1].rights & connect, 0);
	assert_int_equal(l->rules[2].rights & connect, connect);
	planning_begin(&p);
	p.facts.landlock = 9;
	assert_int_equal(planning_make(&p, "run --empty-root --allow-sockets ls"), 0);
	assert_int_equal(l->rules[0].rights & connect, connect);
	(void)state;
}

static void no_right_is_beyond_the_kernels(void **state)
{
	planning_begin(&p);
	p.facts.landlock = 1;
	assert_int_equal(planning_make(&p, "run --bind /a /b ls"), 0);
	for (size_t i = 0; i < p.plan.landlock.n_rules; i++)
		assert_int_equal(p.plan.landlock.rules[i].rights & ~p.plan.landlock.files, 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(in_force),
		cmocka_unit_test(lists_of_ports_add_up),
		cmocka_unit_test(connecting_is_a_right),
		cmocka_unit_test(no_right_is_beyond_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
