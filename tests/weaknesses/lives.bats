#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # scripts for another shell; setup.bash sets the variables
#
# What a payload can do to croft's processes, to other sandboxes and to the host while it
# runs, and what is left when it ends.

load ../system/setup

probe_pry() {
	[[ -x $ROOM/pry ]] || install -m 755 "$CROFT_BUILD/tests/helpers/pry" "$ROOM/"
}

# Control: root does all of it to a process of its own.
@test "S07 the reaper cannot be traced, read, or robbed" {
	probe_pry
	sleep 60 3>&- &
	run "$ROOM/pry" $!
	kill $!
	says "trace done"
	says "descriptor done"
	for arguments in run shell 'run --map root --cap-add all' 'shell --cap-add all' 'run --cap-add sys_ptrace'; do
		# shellcheck disable=SC2086 # the words of the arguments
		run as_tester croft $arguments --ro-bind "$ROOM/pry" /pry -- /pry 1
		lacks "done"
		[[ $(grep -cE ' (EPERM|EACCES|ENOSYS)$' <<<"$output") -eq 6 ]] || { echo "$output"; return 1; }
	done
}

# Control: a process of nobody else's that is outside, killed by the same words.
@test "S08 a signal to everybody reaches nobody outside, and not the reaper" {
	local stranger=(setpriv --reuid=65533 --regid=65533 --clear-groups) ended=0

	"${stranger[@]}" sleep 60 3>&- &
	within 5 pgrep -u 65533 -x sleep >/dev/null
	"${stranger[@]}" perl -e 'kill TERM => -1; sleep 1' || true
	wait $! || ended=$?
	[[ $ended -eq 143 ]]

	begin sleep 60
	for arguments in run shell 'run --map root --cap-add all' 'shell --cap-add all'; do
		# shellcheck disable=SC2086 # the words of the arguments
		allowed as_tester croft $arguments -- perl -e '$SIG{TERM} = $SIG{USR1} = "IGNORE";
			for my $signal (qw(TERM USR1 KILL STOP)) {
				kill $signal => -1 unless $signal =~ /KILL|STOP/;
				kill $signal => 1;
				kill $signal => $_ for 3 .. 3000;
			}
			sleep 1; print "still here\n"'
		says 'still here'
		kill -0 "$begun"
	done
	kill "$begun" && wait "$begun" || true
}

# Control: with --share-pid they see each other.
@test "S44 two sandboxes see nothing of each other" {
	local look='ls /proc | grep -c "^[0-9]"; ls -A /tmp /run /dev/shm /var/tmp ~ | grep marker
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" "\n" | grep -x 777[0-9]*; true'

	begin croft run -- sh -c 'for d in /tmp /run /dev/shm /var/tmp ~; do touch $d/marker; done; exec sleep 7771'
	within 5 descendant "$begun" sleep
	for arguments in run shell 'run --map root --cap-add all'; do
		# shellcheck disable=SC2086 # the words of the arguments
		allowed as_tester croft $arguments -- sh -c "$look"
		lacks marker
		lacks 7771
	done
	allowed as_tester croft run --share-pid -- sh -c "$look"
	says 7771
	kill "$begun" && wait "$begun" || true
	nobody_left
}

# A payload that makes new sessions all the while, also when its first process is gone.
multiply='use POSIX; for (1 .. 40) { my $p = fork; if (!$p) { setsid; for (1 .. 30) { my $c = fork;
	if (!defined $c) { next } if (!$c) { setsid; select undef, undef, undef, 0.2; } else { exit } } sleep 60; exit } }
	select undef, undef, undef, 0.3'

# Control: the same outside leaves somebody.
@test "S43 what multiplies while the sandbox ends does not survive it" {
	as_tester perl -e "$multiply"
	[[ -n $(tester_processes | awk '/perl/') ]]
	setpriv --reuid="$tester_uid" --regid="$tester_gid" --clear-groups perl -e '$SIG{KILL} = 1;
		for (1 .. 20) { for my $p (grep { -e "$_/comm" } glob "/proc/[0-9]*") {
			open my $f, "<", "$p/comm" or next; my ($pid) = $p =~ /(\d+)/;
			kill KILL => $pid if <$f> eq "perl\n" && $pid != $$ } }'
	nobody_left
	for arguments in run shell 'run --as-pid-1' 'shell --cap-add all'; do
		# shellcheck disable=SC2086 # the words of the arguments
		as_tester timeout 20 croft $arguments -- perl -e "$multiply"
		nobody_left
	done
}

# Control: timeout(1), which signals by number.
@test "L01 croft signals and waits by descriptor, or what it alone can reap" {
	strace -f -qq -u "$CROFT_USER" -o trace -e trace=kill,tgkill,tkill,pidfd_send_signal,waitid,wait4 \
		env -i PATH="$PATH" timeout -s TERM 1 croft run -- sh -c 'echo payload; exec sleep 60' || true
	local launcher
	grep -qE ' kill\([0-9]+, SIGTERM' trace			# that is timeout
	launcher=$(awk '/pidfd_send_signal/ { print $1; exit }' trace)
	[[ -n $launcher ]]
	run ! grep -E "^$launcher +(kill|tkill|tgkill)\(" trace
	# the reaper's only target is its own child, which it has not reaped; to ask is no signal
	run awk -v launcher="$launcher" '$1 != launcher && / kill\(/ && !/SIG(TERM|CONT)|kill\(1, 0\)/' trace
	[[ -z $output ]] || { echo "$output"; return 1; }
}

# Control: without the limit there are more of them.
@test "L05 a payload that takes all it can get stops neither croft nor its end" {
	local bomb='use POSIX; my $n = 0; for (1 .. 400) { my $p = fork; last unless defined $p; if (!$p) { sleep 60; exit } $n++ }
		$| = 1; print "made $n\n"; my @p; while (pipe my $r, my $w) { push @p, $r, $w } print "pipes\n"; sleep 60'

	for limit in 'nproc=100' 'nproc=1000'; do
		begin croft run --rlimit "$limit" --rlimit nofile=200 -- perl -e "$bomb"
		within 15 grep -q pipes "$ROOM/begun"
		made=$(awk '/^made/ { print $2 }' "$ROOM/begun")
		case $limit in
		*=100) [[ $made -lt 100 ]] ;;
		*) [[ $made -gt 150 ]] ;;
		esac
		SECONDS=0
		kill -TERM "$begun"
		wait "$begun" || true
		[[ $SECONDS -le 3 ]]
		nobody_left
	done
}

# Control: flock(1) outside waits for the same lock.
@test "S41 a lock on a bound file holds up nobody who makes a sandbox" {
	echo text >"$ROOM/file"
	chown "$tester_uid" "$ROOM/file"
	begin croft run --bind "$ROOM/file" /mnt -- flock /mnt sh -c 'echo held; exec sleep 60'
	within 5 grep -q held "$ROOM/begun"
	run as_tester flock -n "$ROOM/file" true
	[[ $status -ne 0 ]]
	allowed as_tester timeout 5 croft run --bind "$ROOM/file" /mnt --ro-bind "$ROOM/file" /etc/passwd -- cat /mnt
	[[ $output == text ]]
	kill "$begun" && wait "$begun" || true
}

# ---- what it sees of the host, and can set -----------------------------------------------

# Control: root outside mounts it, or reads it there.
@test "M05 S15: no tree of control groups is there, and none comes in writable" {
	grep -q cgroup /proc/self/mounts
	for arguments in run shell; do
		allowed as_tester croft $arguments -- cat /proc/self/mounts
		lacks cgroup
	done
	run as_tester croft shell --map root --cap-add all --dir /x -- bash -c '
		for kind in cgroup2 cgroup; do
			mount -t $kind none /x 2>/dev/null || continue
			for file in $(find /x -name release_agent -o -name cgroup.procs -o -name cgroup.kill); do
				(echo $$ >"$file") 2>/dev/null && echo "wrote $file"
			done
		done; true'
	[[ $status -eq 0 ]]
	run grep -v '^wrote /x/cgroup.procs$' <<<"$output"	# its own group, where it is already
	lacks wrote
}

# Control: with --allow-nesting, whose payload makes namespaces of its own, the caller is killed.
@test "M05 S15: a control group that is the caller's is out of the payload's reach" {
	local tree group how
	local inside='mount -t cgroup2 none /x && cd /x && echo MOUNTED && mkdir left; echo 1 >cgroup.kill'

	tree=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
	[[ -n $tree ]] || skip "no cgroup2 is mounted here"
	group=$tree/croft-test-$$
	mkdir "$group" 2>/dev/null || skip "no control group can be made here"
	chown -R "$tester_uid" "$group"
	within_group() { # the words after croft; what is killed with it is a shell of the caller's
		run bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' bash "$group" \
			setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env env PATH="$PATH" \
			sh -c '"$@"; echo still here' sh croft "$@"
		rmdir "$group"/*/ 2>/dev/null || true
	}
	for how in 'shell --cap-add all' 'run --map root --cap-add sys_admin' 'shell --cap-add all --seccomp off' \
		'shell --cap-add all --share-cgroup'; do
		# shellcheck disable=SC2086 # the words of how
		within_group $how --dir /x -- unshare --cgroup sh -c "$inside"
		says 'No space left on device'
		says 'still here'
		lacks MOUNTED
	done
	within_group run --allow-nesting --dir /x -- unshare --user --map-root-user --mount --cgroup sh -c "$inside"
	within 5 rmdir "$group"
	if grep -q ' cgroup2 .*nsdelegate' /proc/self/mounts; then	# there the root of a namespace is closed
		return
	fi
	says MOUNTED
	lacks 'still here'
}

# Control: with the capability outside, a new one can be mounted.
@test "M09 where a part of /proc is covered no fresh one can be mounted" {
	allowed unshare --user --map-root-user --pid --fork --mount-proc true
	run croft run -- sh -c 'mountpoint -q /proc/sys && echo covered
		unshare --user --map-root-user --pid --fork --mount-proc true && echo fresh; true'
	says covered
	lacks fresh
	run croft run --cap-add all -- sh -c 'mountpoint -q /proc/sys && echo covered
		mount -t proc proc /proc && echo fresh; unshare --mount-proc --pid --fork true && echo fresh; true'
	says covered
	lacks fresh
}

# Control: outside, they are there in so many words.
@test "S35 neither the host's name nor the caller's directories stand in what is told inside" {
	chmod 755 "$ROOM"
	as_tester mkdir "$ROOM/telling"
	cd "$ROOM/telling"
	for file in mounts cgroup maps environ cmdline stat status; do
		for arguments in run shell; do
			allowed as_tester croft $arguments --bind "$ROOM/telling" /mnt -- cat "/proc/self/$file"
			lacks telling
			lacks "$(hostname)-x"
		done
	done
	allowed as_tester croft run --bind "$ROOM/telling" /mnt -- sh -c 'uname -n; cat /proc/sys/kernel/hostname'
	[[ $(hostname) == croft ]] || lacks "$(hostname)"
	[[ $(as_tester sh -c 'cat /proc/self/environ | tr "\0" "\n"; pwd') == *telling* ]]
}

# Control: root outside can.
@test "S36 the kernel's memory, log, addresses and symbols are out of reach" {
	local read_all='for file in /proc/kcore /dev/mem /dev/kmsg /proc/kmsg /dev/port /proc/timer_list \
		/sys/kernel/debug/sched/debug /proc/keys-x /sys/kernel/security/lsm-x /proc/slabinfo /proc/vmallocinfo; do
		head -c 1 "$file" >/dev/null 2>&1 && echo "read $file"; done
		dmesg >/dev/null 2>&1 && echo read dmesg
		awk "\$1 !~ /^0+\$/ { print \"read an address\"; exit }" /proc/kallsyms 2>/dev/null; true'

	[[ $(sh -c "$read_all") == *'read '* ]]
	for arguments in run shell 'run --map root --cap-add all' 'shell --cap-add all'; do
		# shellcheck disable=SC2086 # the words of the arguments
		allowed as_tester croft $arguments -- sh -c "$read_all"
		lacks 'read '
	done
}

# Control: root outside sets the clock to what it is.
@test "S38 no clock of the host can be set" {
	local set='my ($clock_settime, $settimeofday, $adjtimex) = map { $_ + 0 } @ARGV; my $t = pack "qq", time, 0;
		print "set\n" if syscall($clock_settime, 0, $t) == 0; print "settimeofday\n" if syscall($settimeofday, $t, 0) == 0;
		my $x = pack "Ix4qqqi", 1, 0, 0, 0, 0; $x .= "\0" x 200; print "adjusted\n" if syscall($adjtimex, $x) >= 0;'
	set=(perl -e "$set" "$(number clock_settime)" "$(number settimeofday)" "$(number adjtimex)")

	[[ $("${set[@]}") == *set* ]]
	for arguments in run shell 'run --map root --cap-add all' 'shell --cap-add all'; do
		# shellcheck disable=SC2086 # the words of the arguments
		allowed as_tester croft $arguments -- "${set[@]}"
		[[ -z $output ]]
	done
}

# Control: root outside can, from whatever priority the tests themselves run at.
@test "S39 no priority is raised: not to realtime, not below zero, not for the disk" {
	local raise='chrt -f 1 true 2>/dev/null && echo realtime
		nice -n -5 sh -c "test \$(nice) -lt $(nice)" 2>/dev/null && echo nice
		ionice -c 1 true 2>/dev/null && echo disk; true'

	[[ $(sh -c "$raise") == *realtime*nice* ]]
	for arguments in run shell 'run --map root --cap-add all' 'shell --cap-add all'; do
		# shellcheck disable=SC2086 # the words of the arguments
		allowed as_tester croft $arguments -- sh -c "$raise"
		[[ -z $output ]] || { echo "$arguments: $output"; return 1; }
	done
}
