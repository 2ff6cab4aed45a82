/* SPDX-License-Identifier: GPL-2.0-or-later */
/* environment - the payload's variables, from an allow list and the plan */
#include "sandbox/confine/environment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What may come in from outside.  The categories of locale(7) by name, not
 * LC_*: sshd lets that pattern pass, so people send other things under it.
 */
static const char *const allowed[] = {
	"TERM", "COLORTERM", "NO_COLOR", "TZ", "LANG", "LANGUAGE",
	"LC_ALL", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT",
	"LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE",
	"LC_TIME",
};

static const char user_path[] = "/usr/local/bin:/usr/bin:/bin";
static const char root_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* ---- a list of variables ------------------------------------------------------------------- */

struct variables {
	char **entry;		/* "NAME=value"; ended by NULL */
	size_t n, room;
};

/* What follows "NAME=" in an entry of that name, or NULL. */
static const char *value_in(const char *entry, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(entry, name, length) != 0 || entry[length] != '=')
		return NULL;
	return entry + length + 1;
}

/* The value that getenv(3) would find. */
static const char *find(char **entries, const char *name)
{
	const char *value = NULL;

	for (; *entries != NULL && value == NULL; entries++)
		value = value_in(*entries, name);
	return value;
}

static void unset(struct variables *list, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++)
		if (value_in(list->entry[i], name) != NULL)
			free(list->entry[i]);
		else
			list->entry[kept++] = list->entry[i];
	list->n = kept;
	list->entry[kept] = NULL;
}

static void clear(struct variables *list)
{
	while (list->n > 0)
		free(list->entry[--list->n]);
	list->entry[0] = NULL;
}

static int make_room(struct variables *list)
{
	size_t room = list->room > 0 ? 2 * list->room : 32;
	char **grown;

	if (list->n + 1 < list->room)
		return 0;
	grown = reallocarray(list->entry, room, sizeof(*grown));
	if (grown == NULL)
		return -1;
	list->entry = grown;
	list->room = room;
	list->entry[list->n] = NULL;
	return 0;
}

/* Without a value there is nothing to set. */
static int set(struct variables *list, const char *name, const char *value)
{
	char *entry;

	if (value == NULL)
		return 0;
	if (make_room(list) < 0 || asprintf(&entry, "%s=%s", name, value) < 0) {
		errno = ENOMEM;
		return -1;
	}
	unset(list, name);
	list->entry[list->n++] = entry;
	list->entry[list->n] = NULL;
	return 0;
}

/* ---- the payload's ------------------------------------------------------------------------- */

/* A TZ that names a file says where the caller keeps things, and leads nowhere inside. */
static bool may_pass(const char *name, const char *value)
{
	return strcmp(name, "TZ") != 0 || (value[0] != ':' && value[0] != '/');
}

static int set_allowed(struct variables *list, char **callers)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		const char *value = find(callers, allowed[i]);

		if (value != NULL && may_pass(allowed[i], value) &&
		    set(list, allowed[i], value) < 0)
			return -1;
	}
	return 0;
}

/* As they are, whatever they are. */
static int set_all(struct variables *list, char **callers)
{
	for (; *callers != NULL; callers++) {
		char *entry = make_room(list) < 0 ? NULL : strdup(*callers);

		if (entry == NULL)
			return -1;
		list->entry[list->n++] = entry;
		list->entry[list->n] = NULL;
	}
	return 0;
}

static int set_identity(struct variables *list, uint32_t uid, const struct identity *identity)
{
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "HOME", identity->home },
		{ "USER", identity->name },
		{ "LOGNAME", identity->name },
		{ "SHELL", identity->shell },
		{ "PATH", uid == 0 ? root_path : user_path },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (set(list, rows[i].name, rows[i].value) < 0)
			return -1;
	return 0;
}

static int apply(struct variables *list, const struct environment_change *change)
{
	switch (change->act) {
	case ENVIRONMENT_CLEAR:
		clear(list);
		return 0;
	case ENVIRONMENT_UNSET:
		unset(list, change->name);
		return 0;
	case ENVIRONMENT_SET:
		return set(list, change->name, change->value);
	}
	return 0;
}

char **environment_make(const struct plan *plan, uint32_t uid, const struct identity *identity,
			char **callers)
{
	struct variables list = { 0 };

	if (make_room(&list) < 0 ||
	    (plan->customs.environment ? set_all(&list, callers) :
	     set_allowed(&list, callers) < 0 ? -1 : set_identity(&list, uid, identity)) < 0)
		return NULL;
	for (size_t i = 0; i < plan->n_environment; i++)
		if (apply(&list, &plan->environment[i]) < 0)
			return NULL;
	return list.entry;
}
