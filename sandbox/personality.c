/* SPDX-License-Identifier: GPL-2.0-or-later */
/* personality - how the programs made from this one engine differ, as data */
#include "sandbox/personality.h"

#include <sched.h>
#include <stddef.h>

#define NOTHING_SAID \
	.setgroups = UNSAID, .uid = UNSAID, .gid = UNSAID, \
	.userns = -1, .userns2 = -1, .pidns = -1, .userns_block = -1, .block = -1, .sync = -1, \
	.info_fd = UNSAID, .status_fd = UNSAID

/* ---- croft --------------------------------------------------------------------------------- */

static const struct options croft_preset = { NOTHING_SAID };

static const struct usage croft_usage[] = {
	{ COMMAND_RUN, "run [OPTIONS] [--] COMMAND...",
	  "run      run a command in a sandbox that holds only what is asked for" },
	{ COMMAND_SHELL, "shell [OPTIONS] [ROOTFS] [-- COMMAND...]",
	  "shell    be root in a tree of your own" },
	{ COMMAND_NONE, "explain [--json] run|shell|--bwrap ...",
	  "explain  print what would be done, and do nothing" },
	{ COMMAND_NONE, NULL, NULL },
};

static const char *const none[] = { NULL };

const struct personality personality_of_croft = {
	.voice = { .name = "croft" },
	.program = "croft",
	.failed = EXIT_SANDBOX, .cannot_run = EXIT_CANNOT_RUN, .not_found = EXIT_NOT_FOUND,
	.audience = FOR_CROFT,
	.preset = &croft_preset,
	.command_words = true,
	.joined_values = true,
	.last_counts = none,
	.usage = croft_usage,
	.version = "croft " PACKAGE_VERSION,
	.manual = "croft(1), croft-run(1), croft-shell(1)",
	.example = "for example: croft run -- ls /; croft shell gives a shell",
};

/* ---- bubblewrap ---------------------------------------------------------------------------- */

/*
 * bubblewrap shares all that it is not told to unshare, begins with an empty
 * root, and leaves the command what the caller has: environment, descriptors,
 * session and terminal, limits.
 */
static const struct options bwrap_preset = {
	NOTHING_SAID,
	.command = COMMAND_RUN,
	.shared = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
		  CLONE_NEWCGROUP | CLONE_NEWTIME,
	.empty_root = true,
	.shared_terminal = true,
	.outlive = true,
	.landlock = LANDLOCK_OFF,
	.allow_nesting = true,
	.share_keyring = true,
	.syscalls_off = true,
	.allow_sockets = true,
	.customs = {
		.user_namespace = true,
		.identity = true,
		.capabilities = true,
		.environment = true,
		.descriptors = true,
		.directory = true,
		.furniture = true,
		.limits = true,
		.links = true,
		.signals = true,
		.leftovers = true,
		.propagation = true,
		.documents = true,
		.in_view = true,
		.reaper = "bwrap",
	},
};

static const struct usage bwrap_usage[] = {
	{ COMMAND_RUN, "[OPTIONS...] [--] COMMAND [ARGS...]",
	  "bubblewrap's command line, and what croft adds to it" },
	{ COMMAND_NONE, NULL, NULL },
};

static const char *const bwrap_last_counts[] = {
	"chdir", "exec-label", "file-label", "sync-fd", "block-fd", "userns-block-fd", "info-fd",
	"json-status-fd", "seccomp", "userns", "userns2", "pidns", "uid", "gid", "hostname", NULL,
};

const struct personality personality_of_bwrap = {
	.voice = { .name = "bwrap", .familiar = true },
	.program = "croft-bwrap",
	.modifiers_bind = true,
	.relative_targets = true,
	.as_in_c = true,
	.failed = 1, .cannot_run = 1, .not_found = 1,
	.audience = FOR_BWRAP,
	.preset = &bwrap_preset,
	.max_words = 9000,
	.last_counts = bwrap_last_counts,
	.usage = bwrap_usage,
	.version = "bubblewrap 0.11.1 (croft " PACKAGE_VERSION ")",
	.manual = "croft-bwrap(1)",
	.example = "for example: croft-bwrap --ro-bind / / ls",
};

int personality_status(const struct personality *personality, const struct failure *why)
{
	switch (why->status) {
	case EXIT_CANNOT_RUN: return personality->cannot_run;
	case EXIT_NOT_FOUND: return personality->not_found;
	default: return personality->failed;
	}
}
