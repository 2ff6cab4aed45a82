/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capabilities - sets of capabilities by name
 *
 * The names are libcap's.  It is loaded only when a name is read or printed:
 * a start that names no capability does not pay for it.
 */
#include "sandbox/capabilities.h"

#include <dlfcn.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>

#define BIT(capability) (UINT64_C(1) << (capability))

const uint64_t capabilities_of_shell =
	BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_SETUID) | BIT(CAP_SETGID) |
	BIT(CAP_SETFCAP) | BIT(CAP_SYS_CHROOT) | BIT(CAP_FSETID) | BIT(CAP_KILL) |
	BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_AUDIT_WRITE);

/* Three functions of libcap.so.2, whose interface is frozen (cap_from_name(3)). */
struct libcap {
	int (*from_name)(const char *name, int *value);
	char *(*to_name)(int value);
	int (*release)(void *text);
};

static const struct libcap *libcap(void)
{
	static struct libcap functions;
	static bool complete;
	void *library;

	if (complete)
		return &functions;
	library = dlopen("libcap.so.2", RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return NULL;
	/* ISO C has no cast from object to function pointer; POSIX's dlsym wants it copied. */
	*(void **)&functions.to_name = dlsym(library, "cap_to_name");
	*(void **)&functions.release = dlsym(library, "cap_free");
	*(void **)&functions.from_name = dlsym(library, "cap_from_name");
	complete = functions.from_name != NULL && functions.to_name != NULL && functions.release != NULL;
	return complete ? &functions : NULL;
}

int capabilities_last(void)
{
	int last = 0;

	while (last < 63 && prctl(PR_CAPBSET_READ, last + 1, 0, 0, 0) >= 0)
		last++;
	return last;
}

int capabilities_read(const char *name, uint64_t *set, struct failure *why)
{
	bool prefixed = strncasecmp(name, "cap_", 4) == 0;
	const struct libcap *names;
	char full[64];
	int value;

	if (strcasecmp(name, "all") == 0) {
		*set = UINT64_MAX >> (63 - capabilities_last());
		return 0;
	}
	names = libcap();
	if (names == NULL) {
		(void)fail(why, 0, "the names of capabilities are in libcap.so.2, which cannot be loaded");
		return hint(why, "install libcap2 (Fedora: libcap)");
	}
	/* cap_from_name(3) takes bare numbers as well, which no one needs. */
	if ((size_t)snprintf(full, sizeof(full), "%s%s", prefixed ? "" : "cap_", name) >= sizeof(full) ||
	    names->from_name(full, &value) < 0 || value < 0 || value > 63) {
		(void)fail(why, 0, "there is no capability %s", name);
		return hint(why, "capabilities(7) lists them, for example cap_net_raw; or say all");
	}
	if (value > capabilities_last())
		return fail(why, 0, "the running kernel has no capability %s", name);
	*set = BIT(value);
	return 0;
}

static void append_name(const struct libcap *names, int capability, char *text, size_t size)
{
	char *name = names != NULL ? names->to_name(capability) : NULL;
	size_t used = strlen(text);

	if (name != NULL)
		(void)snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", name);
	else
		(void)snprintf(text + used, size - used, "%s%d", used > 0 ? " " : "", capability);
	if (name != NULL)
		(void)names->release(name);
}

const char *capabilities_print(uint64_t set, char *text, size_t size)
{
	const struct libcap *names = libcap();

	text[0] = '\0';
	for (int i = 0; i < 64; i++)
		if ((set & BIT(i)) != 0)
			append_name(names, i, text, size);
	return text;
}
