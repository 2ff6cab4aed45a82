# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # bats sets status, output and lines
#
# What the bats files of make check-system share.  They run as root, who only
# installs and switches; what an ordinary user does goes through as_tester.
#
#     load setup                                # from tests/helpers: load ../system/setup
#
#     @test "a missing source is an error that names it" {
#             refused 125 'bind /nowhere' as_tester croft run --bind /nowhere /mnt -- true
#     }

bats_require_minimum_version 1.5.0

: "${CROFT_USER:=croft-tester}"
: "${CROFT_BINDIR:=/usr/local/bin}"
: "${CROFT_LIBEXECDIR:=/usr/local/libexec/croft}"
: "${CROFT_SOURCE:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${CROFT_BUILD:=$CROFT_SOURCE/build}"
PATH=$CROFT_BINDIR:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin

if [[ $EUID -ne 0 ]]; then
	echo "these tests are root's: run make check-system" >&2
	exit 1
fi
if ! id -u "$CROFT_USER" >/dev/null 2>&1; then
	echo "the account $CROFT_USER is missing: ./start test makes it" >&2
	exit 1
fi

tester_uid=$(id -u "$CROFT_USER")
tester_gid=$(id -g "$CROFT_USER")
# shellcheck disable=SC2034 # for the files that load this one
tester_home=$(getent passwd "$CROFT_USER" | cut -d: -f6)

# Every test has a room: an empty directory of the tester's, and the working
# directory.  A file with a setup or teardown of its own calls these two.
make_room() {
	ROOM=$(mktemp -d /tmp/croft-room.XXXXXX)
	chown "$tester_uid:$tester_gid" "$ROOM"
	cd "$ROOM" || return 1
	earlier=$(tester_processes | awk '{ printf " %s ", $2 }')
}

clear_room() {
	cd /
	rm -rf --one-file-system "$ROOM"
}

setup() {
	make_room
}

teardown() {
	clear_room
}

# as_tester COMMAND…: as the ordinary user, with that user's environment.
as_tester() {
	setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
		env PATH="$PATH" "$@"
}

# as_user NAME COMMAND…: the same as another account.
as_user() {
	local user=$1
	shift
	setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --reset-env \
		env PATH="$PATH" "$@"
}

# borrow FILE…: copies into the room, for the tester may not be able to read the tree.
borrow() {
	cp -- "$@" "$ROOM/"
	chmod -R a+rX "$ROOM"
}

# allowed COMMAND…: it must succeed; its output is in $output.
allowed() {
	run "$@"
	[[ $status -eq 0 ]] && return
	echo "expected success, got status $status from: $*"
	echo "$output"
	return 1
}

# refused STATUS REASON COMMAND…: it must end with this status and say this reason.
# Failing for another cause is a failed test.
refused() {
	local wanted=$1 reason=$2
	shift 2
	run "$@"
	[[ $status -eq $wanted && $output == *"$reason"* ]] && return
	echo "expected status $wanted and \"$reason\", got status $status from: $*"
	echo "$output"
	return 1
}

# says TEXT: the output of the last command holds it.   lacks TEXT: it does not.
says() {
	[[ $output == *"$1"* ]] && return
	echo "expected to read \"$1\" in:"
	echo "$output"
	return 1
}

lacks() {
	[[ $output != *"$1"* ]] && return
	echo "expected not to read \"$1\" in:"
	echo "$output"
	return 1
}

# The first subordinate UID (GID) of the tester, and how many there are.
subordinate() { # uid|gid
	awk -F: -v user="$CROFT_USER" -v uid="$tester_uid" \
		'$1 == user || $1 == uid { print $2, $3; exit }' "/etc/sub$1"
}

# Processes of the tester, or of one of the tester's subordinate IDs.
tester_processes() {
	local first count
	read -r first count < <(subordinate uid)
	ps -eo uid=,pid=,stat=,args= | awk -v own="$tester_uid" -v first="$first" -v count="$count" \
		'$1 == own || ($1 >= first && $1 < first + count)'
}

# nobody_left: within three seconds, the tester has no process that was not there
# when the test began.
nobody_left() {
	local left
	for _ in {1..30}; do
		left=$(tester_processes | awk -v earlier="$earlier" '!index(earlier, " " $2 " ")')
		[[ -z $left ]] && return
		sleep 0.1
	done
	echo "still running:"
	echo "$left"
	return 1
}
