#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a shell of the tester; setup.bash sets tester_uid
#
# Many starts leave nothing behind: no process, mount, namespace or file.

load setup

# What there is of them on the machine, as numbers.
census() {
	local first count

	read -r first count < <(subordinate uid)
	echo "mounts $(wc -l </proc/self/mountinfo)"
	echo "namespaces $(find /proc/[0-9]*/ns/ -type l -printf '%l\n' 2>/dev/null | grep -F '[' |
		sort -u | wc -l)"	# a process that is just ending has empty links
	echo "files $(find /tmp /var/tmp /run /dev/shm -mindepth 1 -maxdepth 2 \( -name 'croft-room.*' -o \
		-name 'bats-run-*' \) -prune -o -printf '%U\n' 2>/dev/null | awk -v own="$tester_uid" \
		-v first="$first" -v count="$count" '$1 == own || ($1 >= first && $1 < first + count)' | wc -l)"
}

# The census comes back to what it was; namespaces are taken apart in the background.
same_census() {
	paste -d ' ' <(census) <(echo "$before") | awk '$2 > $4 { more = 1 } END { exit more }'
}

# Control: one namespace that stays is seen.
@test "S46 500 starts in a row leave nothing" {
	before=$(census)
	unshare --uts sleep 5 3>&- &
	sleep 0.3
	run ! same_census
	kill $!
	within 5 same_census
	run as_tester bash -ec 'for i in {1..250}; do croft run -- true; croft shell -- true; done'
	[[ $status -eq 0 ]] || { echo "$output"; return 1; }
	nobody_left
	within 5 same_census || { census; echo "$before"; return 1; }
}

@test "S46 50 at once, with many IDs, leave nothing" {
	before=$(census)
	run as_tester bash -c '
		for i in {1..50}; do croft shell -- sh -c "sleep 0.2; exit 7" & pids+=($!); done
		for pid in "${pids[@]}"; do wait $pid; [[ $? -eq 7 ]] || exit 1; done'
	[[ $status -eq 0 ]] || { echo "$output"; return 1; }
	nobody_left
	within 5 same_census || { census; echo "$before"; return 1; }
}

@test "S46 nor do starts that fail half-way" {
	before=$(census)
	for _ in {1..20}; do
		run as_tester croft shell --ro-bind /nowhere /x -- true
		[[ $status -eq 125 ]]
		run as_tester croft run --chmod 0755 /nowhere -- true
		[[ $status -eq 125 ]]
		refused 127 'run /nowhere' as_tester croft run -- /nowhere
	done
	nobody_left
	within 5 same_census || { census; echo "$before"; return 1; }
}

@test "a background payload and its children end with their first process" {
	allowed as_tester croft run -- sh -c 'sleep 300 & sleep 300 & exit 0'
	nobody_left
}
