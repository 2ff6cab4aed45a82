/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_status - what programs that watch a sandbox are told */
#include "sandbox/options/option_rows.h"

static const struct option_row status[] = {
	{ "info-fd", { "FD" }, option_set_fd, FLAG(info_fd),
	  "write process and namespaces to FD, as JSON" },
	{ "json-status-fd", { "FD" }, option_set_fd, FLAG(status_fd),
	  "likewise, a line each; later the exit status" },
};

const struct option_section status_options = SECTION("Status", status);
