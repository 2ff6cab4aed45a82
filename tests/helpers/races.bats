#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # asking.bash sets the variables
#
# The world changes while a helper is between two of its calls: weaknesses H09, H10.
# Root's strace holds it there for as long as it takes.  newuidmap, which takes a number
# for a process and keeps root's power to the end, is the control: it maps strangers.

load asking

setup() {
	needs_helpers
	make_room
	borrow "$CROFT_BUILD/tests/helpers/ask"
	install -m 4755 "$(command -v unshare)" "$ROOM/victim"
	chmod 755 "$ROOM"
	uidmap=$CROFT_LIBEXECDIR/uidmap
	own=0:$tester_uid:1
}

# held CALL:OCCURRENCE MS ARGUMENTS…: $helper is asked for the tester's own ID, and is
# held before that call.
held() {
	local call=$1 milliseconds=$2
	shift 2
	"$ROOM/ask" as "$tester_uid:$tester_gid" "$@" "$own" -- strace -qq -o "$ROOM/trace" -u "$CROFT_USER" \
		-e inject="${call%:*}:delay_enter=${milliseconds}000:when=${call#*:}" "${helper[@]}"
}

# places NAME…: every occurrence of these calls in an undisturbed run, as CALL:OCCURRENCE.
places() {
	"$ROOM/ask" as "$tester_uid:$tester_gid" "$own" -- strace -qq -o "$ROOM/trace" -u "$CROFT_USER" \
		"${helper[@]}" >/dev/null
	sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' "$ROOM/trace" | awk -v names=" $* " \
		'index(names, " " $1 " ") { print $1 ":" ++seen[$1] }'
}

@test "H10 another process with the target's number is not mapped" {
	helper=("$uidmap")
	list=$(places openat fstatfs ioctl read write)
	[[ $(wc -l <<<"$list") -gt 15 ]]
	[[ -n ${CROFT_FAULTS-} ]] || list=$(grep -E '^(openat|write):' <<<"$list")
	while read -r place; do
		run held "$place" 400 swap 100
		says "uid_map -"
		# a map file that is open already is still that of the target, which died with it
		[[ $place != openat:* ]] || says "answer no 3"
	done <<<"$list"
}

@test "H10 the control: newuidmap maps the stranger" {
	helper=(newuidmap @ 0 "$tester_uid" 1)
	run held openat:1+ 20 swap 100
	says "end exit 0"
	says "uid_map $own"
}

# The target has no namespace yet, and becomes a program that makes one as root.
@test "H09 a namespace that root made is not mapped, whenever it appears" {
	helper=("$uidmap")
	for place in openat:1 openat:2; do
		run held "$place" 400 unshare 0 turn 150
		says "answer no 31"
		says "uid_map -"
	done
}

@test "H09 the control: newuidmap maps root's namespace" {
	helper=(newuidmap @ 0 "$tester_uid" 1)
	last=$(places openat | while read -r place; do
		sed -n "$(grep -n '^openat(' "$ROOM/trace" | sed -n "${place#*:}p" | cut -d: -f1)p" "$ROOM/trace" |
			grep -q uid_map && echo "$place"
	done | tail -1)
	run held "$last" 400 unshare 0 turn 150
	[[ $output == *"uid_map $own"* ]] ||
		skip "this newuidmap sheds root before it opens the map, as it should"
}

# The file that delegates is replaced between the start and the decision: either state,
# and no third.
@test "H09 a file that changes meanwhile is seen as it was or as it is" {
	first=500000
	with_file /etc/subuid < <(yes "someone:1:1" | head -n 60000; echo "$CROFT_USER:$first:9")
	grants "0:$first:9" "0:$first:9" -- "$uidmap"
	(
		while [[ -e $ROOM/file ]]; do
			echo "$CROFT_USER:600000:9" >"$ROOM/file"
			(yes "someone:1:1" | head -n 60000; echo "$CROFT_USER:$first:9") >"$ROOM/file"
		done
	) 3>&- 2>/dev/null &
	rewriter=$!
	for _ in {1..40}; do
		run ask "0:$first:9" -- "$uidmap"
		[[ $output == *"end exit 0"*"uid_map 0:$first:9"* || $output == *"answer no "[45]*"uid_map -"* ]]
		run ask "0:599999:11" -- "$uidmap"
		says "answer no"
		unmapped
	done
	mv "$ROOM/file" "$ROOM/done"
	kill "$rewriter" 2>/dev/null || true	# it may have ended already
	wait "$rewriter" || true
}
