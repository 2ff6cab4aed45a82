/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_status - what programs that watch a sandbox are told */
#include "sandbox/option_rows.h"

#include "sandbox/number.h"

#include <limits.h>

SETTER(set_descriptor)
{
	uint64_t fd;

	if (!number_whole(value[0], INT_MAX, &fd))
		return option_bad_value(row, value[0], "the number of a descriptor", why);
	*(int *)((char *)o + row->word) = (int)fd;
	return 0;
}

static const struct option_row status[] = {
	{ "info-fd", { "FD" }, set_descriptor, FLAG(info_fd),
	  "write process and namespaces to FD, as JSON" },
	{ "json-status-fd", { "FD" }, set_descriptor, FLAG(status_fd),
	  "likewise, a line each; later the exit status" },
};

const struct option_section status_options = SECTION("Status", status);
