#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # asking.bash sets the variables
#
# Whose process, and which namespace (weaknesses H10, H11, H16, H21).

load asking

@test "H16 a process that made no namespace is no target" {
	run ask unshare 0 "$own" -- "$uidmap"
	says "answer no 32"
}

@test "H16 nor is one whose namespace is a grandchild" {
	as_tester croft shell -- sleep 30 3>&- &
	launcher=$!
	within 5 descendant "$launcher" sleep
	payload=$(descendant "$launcher" sleep)
	run ask directory "/proc/$payload" "$own" -- "$uidmap"
	kill "$launcher"
	says "answer no 32"
}

@test "H16 processes of others, of root and the helper's own are no targets" {
	run ask directory /proc/1 "$own" -- "$uidmap"
	says "answer no 31"
	unmapped
	run ask directory /proc/self "$own" -- "$uidmap"
	says "answer no 3"
	unmapped
	run "$ROOM/ask" as "$((tester_uid + 1)):$tester_gid" "0:$((tester_uid + 1)):1" -- \
		setpriv --reuid="$tester_uid" --regid="$tester_gid" --clear-groups "$uidmap"
	says "answer no 31"
	unmapped
}

# A group is not lent to a process that has another one.
@test "H16 nor is a process of the caller's own in another group" {
	local becoming=(setpriv --reuid="$tester_uid" --regid="$tester_gid" --clear-groups)
	for helper in "$uidmap" "$gidmap"; do
		run "$ROOM/ask" as "$tester_uid:$tester_gid" "1:$first:9" -- "${becoming[@]}" "$helper"
		says "answer yes 0"
		run "$ROOM/ask" as "$tester_uid:$((tester_gid + 1))" "1:$first:9" -- "${becoming[@]}" "$helper"
		says "answer no 31"
		unmapped
	done
}

# Control: newuidmap, which maps a stranger that has the number (races.bats).
@test "H10 a process that is gone is no target, whoever has its number" {
	run ask target dead "$own" -- "$uidmap"
	says "answer no 3"
	unmapped
}

@test "what is no process's directory is refused" {
	for directory in /proc / /etc /proc/@/fd /proc/@/task /proc/@/ns /proc/@/status /dev/null /sys; do
		run ask directory "$directory" "$own" -- "$uidmap"
		says "answer no 3"
		unmapped
	done
	run ask directory none "$own" -- "$uidmap"
	lacks "answer yes"
	unmapped
}

@test "H11 a target that is not dumpable is refused: there is no privilege to force it" {
	run ask target undumpable "1:$first:9" -- "$uidmap"
	says "answer no 31"
	unmapped
}

# Control: awk, which takes the fourth word for the parent.
@test "H21 a process's name is not parsed" {
	cp "$(command -v sleep)" "$ROOM/) S 1 1 1 0 ("
	local awkward="$ROOM/) S 1 1 1 0 ("
	"$awkward" 30 3>&- &
	[[ $(awk '{ print $4 }' /proc/$!/stat) != "$$" ]]
	kill $!
	grants "$own" target 'named:) S 1 1 1 0 (' "$own" -- "$uidmap"
	grants "$own" target $'named:a\nb' "$own" -- "$uidmap"
}

@test "H11 a second request finds a map, is refused, and changes nothing" {
	run ask "$own" "1:$first:9" -- /bin/sh -c "$uidmap; $uidmap"
	says "end exit 33"
	says "uid_map $own 1:$first:9"
}
