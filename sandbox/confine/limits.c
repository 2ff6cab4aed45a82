/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limits - resource limits by name (setrlimit(2)) */
#include "sandbox/confine/limits.h"

#include "sandbox/number.h"

#include <stdio.h>
#include <string.h>

static const char *const names[RLIM_NLIMITS] = {
	[RLIMIT_AS] = "as",
	[RLIMIT_CORE] = "core",
	[RLIMIT_CPU] = "cpu",
	[RLIMIT_DATA] = "data",
	[RLIMIT_FSIZE] = "fsize",
	[RLIMIT_LOCKS] = "locks",
	[RLIMIT_MEMLOCK] = "memlock",
	[RLIMIT_MSGQUEUE] = "msgqueue",
	[RLIMIT_NICE] = "nice",
	[RLIMIT_NOFILE] = "nofile",
	[RLIMIT_NPROC] = "nproc",
	[RLIMIT_RSS] = "rss",
	[RLIMIT_RTPRIO] = "rtprio",
	[RLIMIT_RTTIME] = "rttime",
	[RLIMIT_SIGPENDING] = "sigpending",
	[RLIMIT_STACK] = "stack",
};

const char *limits_name(int resource)
{
	return resource >= 0 && resource < RLIM_NLIMITS ? names[resource] : NULL;
}

static size_t print_value(rlim_t value, char *text, size_t size)
{
	return (size_t)(value == RLIM_INFINITY ? snprintf(text, size, "unlimited") :
			snprintf(text, size, "%llu", (unsigned long long)value));
}

const char *limits_print(const struct rlimit *value, char text[LIMIT_TEXT])
{
	size_t used = print_value(value->rlim_cur, text, LIMIT_TEXT);

	text[used++] = ':';
	(void)print_value(value->rlim_max, text + used, LIMIT_TEXT - used);
	return text;
}

static int find(const char *name, size_t length)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (names[i] != NULL && strncmp(names[i], name, length) == 0 &&
		    names[i][length] == '\0')
			return i;
	return -1;
}

static const char *read_value(const char *text, rlim_t *value)
{
	static const char unlimited[] = "unlimited";
	uint64_t number;

	if (strncmp(text, unlimited, sizeof(unlimited) - 1) == 0) {
		*value = RLIM_INFINITY;
		return text + sizeof(unlimited) - 1;
	}
	text = number_read(text, RLIM_INFINITY - 1, &number);
	if (text != NULL)
		*value = number;
	return text;
}

static int no_such_limit(const char *text, struct failure *why)
{
	char list[RLIM_NLIMITS * 12] = "";

	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (names[i] != NULL)
			(void)snprintf(list + strlen(list), sizeof(list) - strlen(list), " %s",
				       names[i]);
	(void)fail(why, 0, "--rlimit takes NAME=SOFT[:HARD], with the name of a limit, not '%s'",
		   text);
	return hint(why, "the names are%s", list);
}

int limits_read(const char *text, struct limit limits[RLIM_NLIMITS], struct failure *why)
{
	const char *equals = strchr(text, '=');
	int resource = equals != NULL ? find(text, (size_t)(equals - text)) : -1;
	struct limit limit = { .set = true };
	const char *rest;

	if (resource < 0)
		return no_such_limit(text, why);
	rest = read_value(equals + 1, &limit.value.rlim_cur);
	limit.value.rlim_max = limit.value.rlim_cur;
	if (rest != NULL && *rest == ':')
		rest = read_value(rest + 1, &limit.value.rlim_max);
	if (rest == NULL || *rest != '\0')
		return fail(why, 0, "--rlimit %s: a value is a decimal number or unlimited", text);
	if (limit.value.rlim_cur > limit.value.rlim_max)
		return fail(why, 0, "--rlimit %s: the soft limit is above the hard one", text);
	limits[resource] = limit;
	return 0;
}
