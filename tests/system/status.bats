#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a program inside
# shellcheck disable=SC2154 # setup.bash sets begun, tester_uid and the like
# shellcheck disable=SC2086 # the words of ${arguments}
#
# What programs that watch a sandbox are told.

load setup

# telling [OPTIONS…] -- COMMAND…: croft run as the tester, with both documents in the room.
telling() {
	as_tester croft run --info-fd 5 --json-status-fd 6 "$@" 5>"$ROOM/info" 6>"$ROOM/status"
}

# document FILE [NUMBER]: its values by name, read by a JSON parser, from the line of that number.
document() {
	sed -n "${2:-1,\$}p" "$1" | perl -MJSON::PP -0777 -ne 'my $d = decode_json($_);
		print "$_=$d->{$_}\n" for sort keys %$d'
}

# shape FILE: the document to the byte, but for its numbers.
shape() {
	sed -E 's/[0-9]+/N/g' "$1"
}

all=(cgroup ipc mnt net pid uts)

# ---- bubblewrap's documents -------------------------------------------------------------

@test "--info-fd and --json-status-fd have bubblewrap's shape" {
	allowed telling -- true
	[[ $(shape "$ROOM/info") == '{
    "child-pid": N,
    "cgroup-namespace": N,
    "ipc-namespace": N,
    "mnt-namespace": N,
    "net-namespace": N,
    "pid-namespace": N,
    "uts-namespace": N
}' ]]
	[[ $(shape "$ROOM/status" | head -n 1) == '{ "child-pid": N, "cgroup-namespace": N, "ipc-namespace": N, "mnt-namespace": N, "net-namespace": N, "pid-namespace": N, "uts-namespace": N }' ]]
	[[ $(shape "$ROOM/status" | grep exit-code) == '{ "exit-code": N }' ]]
}

@test "bubblewrap itself writes the same shapes" {
	command -v bwrap >/dev/null || skip "bubblewrap is not installed"
	allowed telling -- true
	as_tester bwrap --ro-bind / / --unshare-all --info-fd 5 --json-status-fd 6 true \
		5>"$ROOM/info.bwrap" 6>"$ROOM/status.bwrap"
	diff <(shape "$ROOM/info") <(shape "$ROOM/info.bwrap")
	diff <(shape "$ROOM/status" | grep -E 'child-pid|exit-code') <(shape "$ROOM/status.bwrap")
	cmp <(tail -c 2 "$ROOM/info") <(tail -c 2 "$ROOM/info.bwrap")
}

@test "the namespaces are those that the command is in" {
	for arguments in "" "--map auto" "--uid-map 0:$tester_uid:1 --gid-map 0:$tester_gid:1" --as-pid-1; do
		run telling ${arguments} -- sh -c 'for kind; do
			echo "$kind-namespace=$(readlink /proc/self/ns/$kind | tr -dc 0-9)"; done' - "${all[@]}"
		[[ $status -eq 0 ]]
		[[ $(document "$ROOM/info" | grep -v child-pid) == "$output" ]]
		[[ $(document "$ROOM/status" 1 | grep -v child-pid) == "$output" ]]
	done
}

@test "a namespace that is shared is not named, and mnt always is" {
	allowed telling --share-net --share-pid --share-ipc --share-uts --share-cgroup -- true
	[[ $(shape "$ROOM/info") == $'{\n    "child-pid": N,\n    "mnt-namespace": N\n}' ]]
	allowed telling --share-net -- true
	[[ $(document "$ROOM/info" | cut -d- -f1 | xargs) == "cgroup child ipc mnt pid uts" ]]
}

@test "child-pid is the first process inside, as it is known outside" {
	mkfifo "$ROOM/go"
	chown "$tester_uid" "$ROOM/go"
	for arguments in run "run --as-pid-1" "run --share-pid" "run --map auto"; do
		: >"$ROOM/info"
		chown "$tester_uid" "$ROOM/info"
		begin sh -c 'exec croft '"$arguments"' --info-fd 5 -- sleep 60 5>"$0"' "$ROOM/info"
		within 5 grep -q '^}' "$ROOM/info"
		child=$(sed -n 's/.*"child-pid": \([0-9]*\),\{0,1\}$/\1/p' "$ROOM/info")
		[[ $(ps -o ppid= -p "$child" | tr -d ' ') -eq $begun ]]
		if [[ $arguments == *as-pid-1 ]]; then
			within 5 grep -qx sleep "/proc/$child/comm"
		else
			within 5 grep -qx croft-reaper "/proc/$child/comm"
		fi
		kill "$begun"
		wait "$begun" || true
	done
}

@test "the exit status is told, and only of a command that ran" {
	for arguments in "" --as-pid-1 --share-pid "--map auto"; do
		for code in 0 1 125 126 127 255; do
			run -"$code" telling ${arguments} -- sh -c "exit $code"
			[[ $(grep -c exit-code "$ROOM/status") -eq 1 ]]
			grep -qx "{ \"exit-code\": $code }" "$ROOM/status"
		done
	done
	run telling -- sh -c 'kill -9 $$'
	grep -qx '{ "exit-code": 137 }' "$ROOM/status"
	for command in nosuch /etc/passwd; do
		tried telling -- "$command"
		[[ $status -gt 125 && -s $ROOM/status ]]
		run ! grep exit-code "$ROOM/status"
	done
	refused 125 'the path inside' telling --tmpfs relative -- true
	[[ ! -s $ROOM/status ]]
	refused 125 '--chdir /nowhere' telling --chdir /nowhere -- true
	run ! grep exit-code "$ROOM/status"
}

@test "the first documents come before the command, the end of info with them" {
	allowed as_tester bash -c 'mkfifo info status
		(cat info >>order; echo "info ends" >>order) & (cat status >>order; echo "status ends" >>order) &
		croft run --bind . /mnt --info-fd 5 --json-status-fd 6 -- sh -c "sleep 0.3; echo command >>/mnt/order" \
			5>info 6>status
		wait'
	[[ $(shape "$ROOM/order" | grep -E '^}|ends|command|exit-code' | xargs) == \
		"} info ends command { exit-code: N } status ends" ]]
}

@test "the command does not get them" {
	run telling -- sh -c 'ls /proc/self/fd | xargs'
	[[ $output == "0 1 2 3" ]]		# 3 is the directory itself
	# and one of the standard three is closed, as with bubblewrap
	run as_tester croft run --info-fd 1 -- sh -c 'test -e /proc/$$/fd/1 && echo open >&2; echo done >&2'
	[[ $output == *'child-pid'*done && $output != *open* ]]
}

# ---- refusals ---------------------------------------------------------------------------

@test "a descriptor that is closed or no number is an error, before anything is done" {
	for option in --info-fd --json-status-fd; do
		refused 125 "$option 9: Bad file descriptor" as_tester croft run "$option" 9 -- touch "$ROOM/ran" 9>&-
		for word in -1 1x '' 0x1 2147483648 ' 1'; do
			refused 125 "takes the number of a descriptor, not '$word'" \
				as_tester croft run "$option" "$word" -- true
		done
	done
	[[ ! -e $ROOM/ran ]]
}

@test "a document that cannot be written keeps the command from running" {
	for option in --info-fd --json-status-fd; do
		for arguments in "" "--map auto" --as-pid-1 --share-net; do
			refused 125 "report: write to $option 6: No space left on device" \
				as_tester croft run --bind "$ROOM" /mnt "$option" 6 ${arguments} -- touch /mnt/ran 6>/dev/full
			refused 125 "report: write to $option 6: Broken pipe" \
				as_tester bash -c 'exec 6> >(exec true); wait $!; exec croft run "$@"' - \
				--bind "$ROOM" /mnt "$option" 6 ${arguments} -- touch /mnt/ran
			refused 125 "report: write to $option 6: Bad file descriptor" \
				as_tester croft run --bind "$ROOM" /mnt "$option" 6 ${arguments} -- touch /mnt/ran 6</dev/null
		done
	done
	[[ ! -e $ROOM/ran ]]
	nobody_left
}

@test "an exit status that nobody reads any more changes nothing" {
	run -7 as_tester bash -c 'exec 6> >(head -n 1 >/dev/null); croft run --json-status-fd 6 -- sh -c "sleep 0.3; exit 7"'
}
