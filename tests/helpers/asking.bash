# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # for the files that load this one
#
# What the tests of the helpers share: ask (ask.c), and what it is to print.

load ../system/setup

setup() {
	needs_helpers
	make_room
	borrow "$CROFT_BUILD/tests/helpers/ask"
	uidmap=$CROFT_LIBEXECDIR/uidmap
	gidmap=$CROFT_LIBEXECDIR/gidmap
	read -r first count < <(subordinate uid)
	read -r first_group groups < <(subordinate gid)
	own=0:$tester_uid:1
	own_group=0:$tester_gid:1
}

# ask OPTION… RANGE… -- HELPER: as the tester.
ask() {
	if [[ -n ${replaced-} ]]; then
		replacing "$ROOM/file" "$replaced" -- "$ROOM/ask" "$@"
	else
		as_tester "$ROOM/ask" "$@"
	fi
}

# with_file FILE: from here on standard input stands in the place of FILE, root's and
# 0644, whenever something is asked.
with_file() {
	cat >"$ROOM/file"
	chown root:root "$ROOM/file"
	chmod 644 "$ROOM/file"
	replaced=$1
}

# grants MAP ARGUMENTS…: the verdict is yes, and the one map holds exactly MAP.
grants() {
	local wanted=$1
	shift
	allowed ask "$@"
	says "end exit 0"
	says "answer yes 0"
	says "_map $wanted"
}

# denies CODE ARGUMENTS…: the verdict is no, by this code, which is the exit status, too,
# and neither map has anything in it.
denies() {
	local code=$1
	shift
	run ask "$@"
	says "end exit $code"
	says "answer no $code"
	unmapped
}

unmapped() {
	says "uid_map -"
	says "gid_map -"
}
