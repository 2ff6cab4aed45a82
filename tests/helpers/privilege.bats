#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a shell of their own; asking.bash sets the variables
#
# What a helper can do while it runs, and what its user can do to it: weaknesses H07,
# H08, H09, H11, H12, H19, H20.

load asking

# with_capability: copies of the helpers that have their file capability and no more.
with_capability() {
	install -m 755 "$uidmap" "$gidmap" "$ROOM/"
	setcap cap_setuid=p "$ROOM/uidmap"
	setcap cap_setgid=p "$ROOM/gidmap"
	chmod 755 "$ROOM"
}

# waiting HELPER OPTION…: starts it with a request that does not end, and stops it once it has
# confined itself, which its user may do; its PID is in $stopped.
waiting() {
	as_tester "$ROOM/ask" hold 20000 "${@:2}" "1:$first:9" -- "${by_way_of[@]}" "$1" >"$ROOM/out" 2>&1 3>&- &
	asker=$!
	within 5 found "$asker" "$(basename "$1")"
	as_tester kill -STOP "$stopped"
	within 5 grep -q '^State:.*stopped' "/proc/$stopped/status"
}

# A test that failed leaves nothing that bats would wait for.
teardown() {
	local left=()
	if [[ -n ${asker-} ]]; then
		mapfile -t left < <(ps -o pid= --ppid "$asker")
		kill -KILL "$asker" "${left[@]}" "${stopped:-$asker}" 2>/dev/null || true
	fi
	clear_room
}

found() {
	stopped=$(descendant "$1" "$2") && grep -q '^NoNewPrivs:[[:space:]]1' "/proc/$stopped/status"
}

# Its request is late by now, or the timer kills it: nothing is mapped either way.
let_go() {
	as_tester kill -CONT "$stopped"
	wait "$asker"
	output=$(cat "$ROOM/out")
	lacks "answer yes"
	unmapped
}

status_says() { # FIELD VALUE
	[[ $(awk -v field="$1:" '$1 == field { $1 = ""; print substr($0, 2) }' \
		"/proc/$stopped/status") == "$2" ]] && return
	grep "^$1:" "/proc/$stopped/status"
	return 1
}

is_confined() { # BIT
	status_says CapPrm "$1"
	status_says CapEff 0000000000000000
	status_says CapInh 0000000000000000
	status_says CapAmb 0000000000000000
	status_says NoNewPrivs 1
	status_says Uid "$tester_uid $tester_uid $tester_uid $tester_uid"
	status_says Gid "$tester_gid $tester_gid $tester_gid $tester_gid"
	status_says Umask 0077
	[[ $(readlink "/proc/$stopped/cwd") == / ]]
	[[ $(stat -c %u "/proc/$stopped/environ") == 0 ]]	# not dumpable
	[[ $(cd "/proc/$stopped/fd" && echo *) == "0 1 2 3" ]]
}

@test "H05 H08 while it waits, a helper holds one capability that is not in effect, and no other power" {
	waiting "$uidmap" extra 300
	is_confined 0000000000000080
	let_go
	waiting "$gidmap"
	is_confined 0000000000000040
	let_go
	with_capability
	waiting "$ROOM/uidmap"
	is_confined 0000000000000080
	let_go
	waiting "$ROOM/gidmap"
	is_confined 0000000000000040
	let_go
}

@test "H13 signals, timers, umask and directory of the caller are gone" {
	cat >"$ROOM/disorder" <<-'END'
		#!/usr/bin/perl
		use POSIX; use Time::HiRes;
		sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGALRM, SIGTERM, SIGUSR1));
		$SIG{ALRM} = $SIG{CHLD} = $SIG{PIPE} = "IGNORE";
		Time::HiRes::setitimer(Time::HiRes::ITIMER_REAL, 30);
		Time::HiRes::setitimer(Time::HiRes::ITIMER_VIRTUAL, 1000);
		umask 0777; chdir "/tmp"; exec @ARGV;
	END
	chmod 755 "$ROOM/disorder" "$ROOM"
	local by_way_of=("$ROOM/disorder")
	for helper in "$uidmap" "$gidmap"; do
		waiting "$helper"
		status_says SigBlk 0000000000000000
		[[ $((0x$(awk '/^SigIgn/ { print $2 }' "/proc/$stopped/status") & 1 << (14 - 1))) -eq 0 ]]	# SIGALRM
		status_says Umask 0077
		[[ $(readlink "/proc/$stopped/cwd") == / ]]
		let_go
	done
	SECONDS=0
	denies 22 hold 20000 "1:$first:9" -- "$ROOM/disorder" "$uidmap"
	denies 22 pace 700 "1:$first:9" -- "$ROOM/disorder" "$uidmap"
	grants "$own 1:$first:9" "$own" "1:$first:9" -- "$ROOM/disorder" "$uidmap"
	[[ $SECONDS -le 45 ]]
}

# libc does it for what is privileged, and for nothing else.
@test "H04 a closed descriptor is filled before anything is opened" {
	borrow "$uidmap"
	waiting "$ROOM/uidmap" fd2 closed
	[[ $(readlink "/proc/$stopped/fd/2") == /dev/null ]]
	let_go
}

# Control: root traces, reads and robs a process of its own with the same program.
@test "H11 its user cannot trace it, read it, or take what it holds" {
	borrow "$CROFT_BUILD/tests/helpers/pry"
	sleep 60 3>&- &
	run "$ROOM/pry" $!				# the control: root can do it to a process of its own
	says "trace done"
	says "descriptor done"
	kill $!
	for helper in "$uidmap" "$gidmap"; do
		waiting "$helper"
		run as_tester "$ROOM/pry" "$stopped"
		lacks "done"
		[[ $(grep -cE ' (EPERM|EACCES)$' <<<"$output") -eq 6 ]]
		let_go
	done
}

# While a process exits the kernel may forget that it is not dumpable (CVE-2026-46333);
# the refusal leaves descriptors open until then.  A program without a privilege loses
# its own at once.
#
# Control: a shell's descriptors are stolen while it exits.
@test "H12 nothing can be taken from a helper that exits" {
	borrow "$CROFT_BUILD/tests/helpers/pry"
	chmod 755 "$ROOM"
	run as_tester "$ROOM/pry" steal 20 /bin/sh -c 'exec 4</etc/passwd 5</etc/group; sleep 0.01'
	[[ $status -eq 1 ]]
	lacks " 0 stolen"
	for helper in "$uidmap" "$gidmap"; do
		allowed as_tester "$ROOM/pry" steal "${CROFT_STEAL_RUNS:-500}" "$helper"
		says " 0 stolen"
	done
	with_capability
	allowed as_tester "$ROOM/pry" steal "${CROFT_STEAL_RUNS:-500}" "$ROOM/uidmap"
	says " 0 stolen"
}

# ---- under root's strace, which keeps the set-user-ID bit in force --------------------

traced() { # STRACE-OPTION… : $helper asked for its own ID and more
	"$ROOM/ask" as "$tester_uid:$tester_gid" "$own" "1:$first:9" -- \
		strace -qq -o "$ROOM/trace" -u "$CROFT_USER" "$@" "$helper"
}

map_opens() {
	grep -c '"uid_map", O_WRONLY' "$ROOM/trace" || true
}

# A file capability comes alone and at rest: these have nothing to do beside it.
losing_root() {
	[[ $CROFT_PRIVILEGE != setuid ]] ||
		printf '12 %s retval=0\n' 'capset 1' 'prctl 3' 'setresuid 1'
}

# What sheds privilege, made to fail, or to do nothing and say that it did: the map is
# not even opened.  The numbers count the calls of one name.  newuidmap, as the control,
# sheds nothing at all before it opens the map.
@test "H08 a privilege that cannot be shed, or is not, ends a helper before it opens the map" {
	helper=$uidmap
	while read -r code call occurrence fault; do
		echo "$call, call $occurrence, $fault"
		run traced -e inject="$call:$fault:when=$occurrence"
		says "end exit $code"
		says "answer no $code"
		unmapped
		[[ $(map_opens) -eq 0 ]]
	done < <(losing_root; cat <<-END
		12 prctl 1 error=EINVAL
		12 close_range 1 error=ENOSYS
		12 chdir 1 error=EACCES
		12 capget 1 error=EPERM
		12 capset 1 error=EAGAIN
		12 capset 1 error=EPERM
		12 capget 2 retval=0
		12 prctl 3 error=EPERM
		13 setresgid 1 error=EAGAIN
		13 setresuid 1 error=EAGAIN
		13 setresuid 1 error=EPERM
		12 setresuid 2 retval=0
		12 getresuid 1 retval=0
		12 getresgid 1 retval=0
		12 capset 2 error=EPERM
		12 capget 3 retval=0
		12 prctl 5 error=EINVAL
		12 prctl 5 retval=0
		12 prctl 6 retval=0
		12 prctl 8 retval=1
	END
	)
	run traced
	says "answer yes 0"
	[[ $(map_opens) -eq 1 ]]
}

@test "H05 H06 H08 the capability is in effect from before the map is opened to after it is written" {
	helper=$uidmap
	run traced
	says "answer yes 0"
	lines() {
		grep -nE "$1" "$ROOM/trace" | cut -d: -f1
	}
	raised=$(lines '^capset\(.*effective=1<<CAP_SETUID, permitted=1<<CAP_SETUID, inheritable=0')
	opened=$(lines '"uid_map", O_WRONLY.*O_NOFOLLOW')
	written=$(lines '^write\(.*"0 ')
	lowered=$(lines '^capset\(.*effective=0, ' | tail -1)
	[[ $raised -lt $opened && $opened -lt $written && $written -lt $lowered ]]
	[[ $((lowered - raised)) -le 6 ]]
	first_open=$(grep -nE '^(open|openat)\(' "$ROOM/trace" | head -1 | cut -d: -f1)
	[[ $(lines '^close_range\(4, ' | head -1) -lt $first_open ]]
	[[ $(lines '^capset' | head -1) -lt $first_open ]]
	[[ $(grep -cE '^(execve|mount|move_mount|ptrace|kill)' "$ROOM/trace") -eq 1 ]]	# strace's own exec
	# what it opens, in full (H06); newuidmap's list is that of its libraries
	diff <(sed -nE 's/^(open|openat)\(([^,]*, )?"([^"]*)".*/\3/p' "$ROOM/trace") - <<-END
		task
		ns/user
		uid_map
		stat
		/etc/passwd
		/etc/subuid
		uid_map
	END
}

@test "I09 a write that is short, or broken off, is a refusal and is not repeated" {
	helper=$uidmap
	for fault in retval=0 retval=5 error=EINTR error=EAGAIN error=EIO; do
		run traced -e inject="write:$fault:when=1"
		says "end exit 60"
		says "answer no 60"
		unmapped
		[[ $(grep -c '^write(.*"0 ' "$ROOM/trace") -eq 1 ]]
	done
}

@test "H09 its user stops it and lets it go on: the map is what was asked for" {
	# a stop is a delay; here one of a quarter of a second before each of some calls
	helper=$uidmap
	for call in openat:1 openat:5 read:3 capset:3 write:1 write:2; do
		run traced -e inject="${call%:*}:delay_enter=250000:when=${call#*:}"
		says "answer yes 0"
		says "uid_map $own 1:$first:9"
	done
}

# How root's ask starts a helper as the tester.
becoming=(setpriv "--reuid=$tester_uid" "--regid=$tester_gid" --clear-groups)

# ---- where it stands ------------------------------------------------------------------

@test "H19 in a user namespace of the caller's a helper has no power over the one around it" {
	with_capability
	for helper in "$uidmap" "$ROOM/uidmap"; do
		run as_tester unshare --user --map-root-user "$ROOM/ask" "1:$first:9" -- "$helper"
		lacks "answer yes"
		unmapped
		# with no map at all no number names the caller: 65534 stands for everybody
		run as_tester unshare --user "$helper" 3</proc/self < <(:) > >(cat >"$ROOM/out")
		[[ $status -eq 13 ]]
	done
}

@test "H19 without its capability in the bounding set a helper starts, and says so" {
	with_capability
	for helper in "$uidmap" "$ROOM/uidmap"; do
		run "$ROOM/ask" as "$tester_uid:$tester_gid" "$own" "1:$first:9" -- \
			"${becoming[@]}" --bounding-set=-setuid "$helper"
		says "answer no 11"
		unmapped
	done
}

# Control: another name of the file is seen by a program that looks at /proc/self/exe.
@test "H20 under another name a helper does the same" {
	helper=$(dirname "$uidmap")/another-name
	ln -f "$uidmap" "$helper"
	run ask "$own" "1:$first:9" -- "$helper"
	rm -f "$helper"
	ln -f /bin/readlink "$ROOM/another-name" 2>/dev/null || cp /bin/readlink "$ROOM/another-name"
	[[ $("$ROOM/another-name" /proc/self/exe) == */another-name ]]
	says "answer yes 0"
	says "uid_map $own 1:$first:9"
}

@test "a group that a set-group-ID program lent is not the caller's" {
	install -m 755 "$gidmap" "$ROOM/"
	chgrp 12 "$ROOM/gidmap" && chmod 2755 "$ROOM/gidmap"
	denies 13 0:12:1 -- "$ROOM/gidmap"
}

@test "root is granted no more than others" {
	run "$ROOM/ask" 0:0:1 -- "$uidmap"
	says "answer no 51"
	unmapped
	run "$ROOM/ask" 0:0:1 -- "$gidmap"
	says "answer no 51"
	run "$ROOM/ask" "0:$first:1" -- "$uidmap"
	grep -q '^root:\|^0:' /etc/subuid || says "answer no 4"
}

# ---- the system log -------------------------------------------------------------------

# logged PATH ARGUMENTS…: ask, with a /dev of its own that has a log.
logged() {
	export ROOM CROFT_USER tester_uid tester_gid
	run unshare --mount bash -ec '
		mkdir -p "$ROOM/dev" && mount --rbind /dev "$ROOM/dev" && mount -t tmpfs -o mode=755 none /dev
		touch /dev/null && mount --bind "$ROOM/dev/null" /dev/null
		exec "$ROOM/ask" as "$tester_uid:$tester_gid" log "$@"' logged "$@"
}

@test "each request leaves a line of numbers and fixed words" {
	logged /dev/log "$own" "1:$first:9" -- "${becoming[@]}" "$uidmap"
	says "answer yes 0"
	[[ $output =~ "log <86>croft-uidmap: granted, verdict 0 uid $tester_uid target "[0-9]+" ranges 2 $own 1:$first:9 "$ ]]
	logged /dev/log setgroups 1 "0:$((first_group - 1)):3" -- "${becoming[@]}" "$gidmap"
	says "answer no 50"
	[[ $output =~ "log <84>croft-gidmap: refused, verdict 50 uid $tester_uid target "[0-9]+" ranges 1 0:$((first_group - 1)):3 "$ ]]
	for i in {0..8}; do
		nine+=("$i:$((first + i)):1")
	done
	logged /dev/log "${nine[@]}" -- "${becoming[@]}" "$uidmap"
	[[ $output =~ "log <86>croft-uidmap: granted, verdict 0 uid $tester_uid target "[0-9]+" ranges 9 "$ ]]
}

@test "H07 the control: what logger writes of the caller's words is seen there" {
	logged /dev/log "$own" -- "${becoming[@]}" logger --socket /dev/log -t forged %n%n
	says "forged: %n%n"
}

@test "H07 nothing that the caller wrote reaches the log" {
	long=$(printf '%02048d' 0)
	cat >"$ROOM/named" <<-END
		#!/bin/bash
		exec setpriv --reuid=$tester_uid --regid=$tester_gid --clear-groups bash -c 'exec -a "\$0" "\$1"' "\$1" $uidmap
	END
	chmod 755 "$ROOM/named"
	for name in $'\e[31mforged\n<0>kernel: x' '%n%n%s%s' "$long"; do
		logged /dev/log target "named:$name" "$own" -- "$ROOM/named" "$name"
		says "answer yes 0"
		[[ $output =~ "log <86>croft-uidmap: granted, verdict 0 uid $tester_uid target "[0-9]+" ranges 1 $own "$ ]]
	done
}

@test "a log that takes nothing more stops nobody" {
	logged full/dev/log "$own" "1:$first:9" -- "${becoming[@]}" "$uidmap"
	says "answer yes 0"
	says "uid_map $own 1:$first:9"
}
