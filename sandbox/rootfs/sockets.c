/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sockets - sources of binds that lead to whoever listens outside */
#include "sandbox/rootfs/sockets.h"

#include <stdbool.h>
#include <sys/stat.h>

/* ---- directories --------------------------------------------------------------------------- */

/* /run holds those of the system's services, and of the users' below it. */
static const char *const places[] = { "/run", "/tmp/.X11-unix", "/tmp/.ICE-unix" };

enum { PLACES = sizeof(places) / sizeof(places[0]), ALL_PLACES };

struct known {
	bool there;
	bool file_system;		/* of its own: all in it counts */
	struct stat status;
};

static struct known look(const char *place, const struct stat *root)
{
	struct known known = { 0 };

	known.there = stat(place, &known.status) == 0;
	known.file_system = known.there && known.status.st_dev != root->st_dev;
	return known;
}

static const struct known *look_once(const char *runtime_directory)
{
	static struct known known[ALL_PLACES];
	static bool looked;
	struct stat root;

	if (looked || stat("/", &root) < 0)
		return known;
	for (int i = 0; i < PLACES; i++)
		known[i] = look(places[i], &root);
	known[PLACES] = look(runtime_directory, &root);
	looked = true;
	return known;
}

/* The sticky /tmp may be a file system of its own, and its directories of sockets lie in it. */
static bool is_in(const struct known *known, bool by_file_system, const struct stat *source)
{
	if (!known->there || known->status.st_dev != source->st_dev)
		return false;
	return known->status.st_ino == source->st_ino || (by_file_system && known->file_system);
}

static bool is_of_sockets(const struct plan *plan, const struct stat *source)
{
	const struct known *known = look_once(plan->runtime_directory);

	return is_in(&known[0], true, source) || is_in(&known[1], false, source) ||
	       is_in(&known[2], false, source) || is_in(&known[PLACES], true, source);
}

/* ---- the step ------------------------------------------------------------------------------ */

static int refuse(const struct step *step, const char *because, const char *option,
		  struct failure *why)
{
	(void)fail(why, 0, "bind %s on %s: %s",
		   step->source != NULL ? step->source : "a descriptor", step->target, because);
	return hint(why, "%s", option);
}

int sockets_check(const struct plan *plan, const struct step *step, const struct stat *source,
		  struct failure *why)
{
	bool lone = S_ISSOCK(source->st_mode) || S_ISFIFO(source->st_mode);

	if (step->by_default || (plan->sockets && !step->socket))
		return 0;
	if (step->socket && !lone)
		return refuse(step, "it is neither a socket nor a FIFO",
			      "--bind shows files and directories", why);
	if (!step->socket && lone)
		return refuse(step, "it is a socket or a FIFO, and read-only or not, "
			      "who is at its other end can be talked to",
			      "--bind-socket shows it", why);
	if (S_ISDIR(source->st_mode) && is_of_sockets(plan, source))
		return refuse(step, "it is a directory of sockets, and read-only or not, "
			      "who listens there can be talked to",
			      "--bind-socket shows one socket; "
			      "--allow-sockets lets the directory pass", why);
	return 0;
}
