#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # asking.bash sets the variables
#
# I10 Whatever call of a helper fails, lies, or is its last: exit 0 if and only if the
# map is exactly what was asked for.  Every (call, occurrence) of an undisturbed run is
# disturbed; root's strace does it, so that the set-user-ID bit stays in force.  A
# sample and every write in the ordinary run, all of them by make check-faults
# (CROFT_FAULTS=all).

load asking

# disturbed STRACE-OPTIONS…: a helper run as the tester's by root's strace.
disturbed() {
	timeout 30 "$ROOM/ask" as "$tester_uid:$tester_gid" "${wish[@]}" -- \
		strace -qq -u "$CROFT_USER" "$@" "$helper"
}

# The calls of one undisturbed run, as NAME OCCURRENCE, without the exec before them.
calls() {
	disturbed -o "$ROOM/trace" >"$ROOM/undisturbed"
	grep -q "answer yes" "$ROOM/undisturbed" || return 1
	sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' "$ROOM/trace" | awk '$1 !~ /^exec|^exit/ { print $1, ++seen[$1] }'
}

# The rule: success means the whole map; anything else means none, or, where the fault
# came after the write, the whole map with a failure told.
judge() { # WHAT
	local whole="$map ${wish[*]}"

	[[ $output != *"end exit 0"* || $output == *"$whole"* ]] &&
		[[ $output == *"$whole"* || $output == *"$map -"* ]] && return
	echo "$1:"
	echo "$output"
	return 1
}

sweep() {
	local name occurrence fault tried=0 every=11 done=0

	[[ ${CROFT_FAULTS-} != all ]] || every=1
	list=$(calls)
	[[ $(wc -l <<<"$list") -gt 60 ]]
	while read -r name occurrence; do
		for fault in error=EPERM error=EIO error=ENOMEM error=EINTR error=EAGAIN error=ENOSYS \
			retval=0 retval=5 signal=KILL; do
			((tried++ % every == 0)) || [[ $name == write ]] || continue
			run disturbed -o /dev/null -e trace="$name" -e inject="$name:$fault:when=$occurrence"
			judge "$helper, $name $occurrence, $fault"
			done=$((done + 1))
		done
	done <<<"$list"
	echo "# $done faults in $helper" >&3
}

@test "I10 uidmap: exit 0 if and only if the map is what was asked for" {
	helper=$uidmap map=uid_map wish=("$own" "1:$first:9")
	sweep
}

@test "I10 gidmap: likewise" {
	helper=$gidmap map=gid_map wish=("$own_group" "1:$first_group:9")
	sweep
}
