/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_namespaces - which namespaces are made, and what is set in them */
#include "sandbox/options/option_rows.h"

#include "sandbox/number.h"
#include "sandbox/personality.h"

#include <sched.h>
#include <string.h>

SETTER(set_share)
{
	o->shared |= row->word;
	return 0;
}

SETTER(set_hostname)
{
	size_t length = strlen(value[0]);

	/* sethostname(2): at most __NEW_UTS_LEN = 64 bytes.  It becomes a word of /etc/hosts. */
	if ((length == 0 && !o->personality->as_in_c) || length > 64)
		return option_bad_value(row, value[0], "a name of 1 to 64 bytes", why);
	for (size_t i = 0; i < length; i++)
		if (strchr("\x7f#", value[0][i]) != NULL || value[0][i] <= ' ' ||
		    (value[0][i] & 0x80) != 0)
			return option_bad_value(row, value[0],
						"a name in plain ASCII without blanks", why);
	o->hostname = value[0];
	return 0;
}

SETTER(set_clock_offset)
{
	int64_t *offset = row->word == 'b' ? &o->boottime_offset : &o->monotonic_offset;
	bool negative = value[0][0] == '-';
	uint64_t seconds;

	/* The kernel refuses offsets that reach past KTIME_SEC_MAX / 2 (time_namespaces(7)). */
	if (!number_whole(value[0] + negative, INT64_MAX / 2000000000, &seconds))
		return option_bad_value(row, value[0], "a number of seconds", why);
	*offset = negative ? -(int64_t)seconds : (int64_t)seconds;
	return 0;
}

static const struct option_row namespaces[] = {
	{ "share-net", { NULL }, set_share, CLONE_NEWNET, "keep the caller's network" },
	{ "share-pid", { NULL }, set_share, CLONE_NEWPID, "keep the caller's processes in sight" },
	{ "share-ipc", { NULL }, set_share, CLONE_NEWIPC,
	  "keep the caller's System V and POSIX IPC" },
	{ "share-uts", { NULL }, set_share, CLONE_NEWUTS, "keep the caller's host name" },
	{ "share-cgroup", { NULL }, set_share, CLONE_NEWCGROUP,
	  "keep the caller's view of control groups" },
	{ "share-time", { NULL }, set_share, CLONE_NEWTIME, "keep the caller's clocks" },
	{ "hostname", { "NAME" }, set_hostname, 0, "the host name inside" },
	{ "disable-userns", { NULL }, option_set_flag, FLAG(disable_userns),
	  "no user namespace can be made inside" },
	{ "assert-userns-disabled", { NULL }, option_set_flag, FLAG(assert_userns_disabled),
	  "go on only if none can be made inside" },
	{ "boottime-offset", { "SECONDS" }, set_clock_offset, 'b',
	  "move the clock that counts from boot" },
	{ "monotonic-offset", { "SECONDS" }, set_clock_offset, 'm', "move the monotonic clock" },
};

const struct option_section namespaces_options = SECTION("Namespaces", namespaces);
