#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a program inside
# shellcheck disable=SC2154 # setup.bash sets begun, tester_uid and the like
# shellcheck disable=SC2086 # the words of ${arguments}
#
# What programs that watch a sandbox are told.

load setup

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
	[[ $(shape "$ROOM/order" | grep -E '^}|ends$|^command$|exit-code' | xargs) == \
		"} info ends command { exit-code: N } status ends" ]]
}

@test "the command does not get them" {
	run telling -- sh -c 'ls /proc/self/fd | xargs'
	[[ $output == "0 1 2 3" ]]		# 3 is the directory itself
	# and one of the standard three is closed, as with bubblewrap
	run as_tester croft run --info-fd 1 -- sh -c 'test -e /proc/$$/fd/1 && echo open >&2; echo done >&2'
	[[ $output == *'child-pid'*done && $output != *open* ]]
}

# ---- croft's own lines --------------------------------------------------------------------

@test "each line is a document, and what is in force comes before the command" {
	allowed as_tester bash -c 'croft run --bind . /mnt --json-status-fd 6 -- \
		sh -c "sleep 0.3; cp /mnt/status /mnt/seen" 6>status'
	[[ $(perl -MJSON::PP -ne 'print join(" ", sort keys %{decode_json($_)}), "\n"' "$ROOM/status" |
		sed 's/child-pid .*/child-pid/' | cut -d' ' -f1 | xargs) == "cgroup-namespace in-force end exit-code" ||
		$(wc -l <"$ROOM/status") -eq 4 ]]
	[[ $(sed -n 2p "$ROOM/seen") == '{ "in-force": '* && $(wc -l <"$ROOM/seen") -eq 2 ]]
}

@test "what is in force is what the command finds" {
	local names='cap_chown cap_dac_override'
	for arguments in "" "--cap-add chown --cap-add dac_override" "--map root --cap-add chown" --as-pid-1; do
		run telling ${arguments} -- sh -c 'grep -E "^(Cap|NoNewPrivs)" /proc/self/status'
		[[ $(field in-force no-new-privs) == 1 && $output == *$'NoNewPrivs:\t1'* ]]
		if [[ $arguments == "--cap-add"* ]]; then
			[[ $(field in-force capabilities bounding) == "$names" ]]
			[[ $(field in-force capabilities ambient) == "$names" && $output == *$'CapAmb:\t0000000000000003'* ]]
			[[ $(field in-force second-user-and-mount) == 1 ]]
		elif [[ $arguments == *root* ]]; then
			[[ $(field in-force capabilities bounding) == cap_chown && $output == *$'CapBnd:\t0000000000000001'* ]]
		else
			[[ -z $(field in-force capabilities bounding) && $output == *$'CapBnd:\t0000000000000000'* ]]
		fi
	done
	allowed telling -- grep Seccomp_filters /proc/self/status
	[[ $output == *$'\t'"$(field in-force seccomp-filters)" ]]
	[[ $(field in-force landlock asked) == on && $(field in-force landlock abi) -gt 0 && $(field in-force landlock files) -gt 0 ]]
	allowed telling --landlock off -- true
	[[ $(field in-force landlock asked) == off && $(field in-force landlock files) == 0 ]]
	allowed telling --landlock try --allow-nesting -- true
	[[ $(field in-force landlock asked) == try && $(field in-force landlock files) == 0 &&
		$(field in-force landlock scopes) -gt 0 ]]
	allowed telling --share-net --share-pid -- true
	[[ $(field in-force namespaces) == "cgroup ipc mnt time user uts" ]]
}

@test "why it ended is told: a status, or the signal that another status looks like" {
	for arguments in "" --share-pid --as-pid-1 "--map auto"; do
		run telling ${arguments} -- sh -c 'exit 143'
		[[ $(field end reason) == exit && $(field end status) == 143 && -z $(field end signal) ]]
	done
	for arguments in "" --share-pid "--map auto"; do
		run telling ${arguments} -- sh -c 'kill -TERM $$'
		[[ $status -eq 143 && $(field end reason) == signal && $(field end signal) == 15 ]]
		run telling ${arguments} -- sh -c 'kill -SYS $$'
		[[ $status -eq 159 && $(field end reason) == seccomp && $(field end signal) == 31 ]]
	done
}

@test "what failed is told: phase, act and object, errno, hint" {
	refused 125 'bind /nowhere' telling --bind /nowhere /mnt -- true
	[[ $(field failure phase) == sources && $(field failure what) == 'bind /nowhere on /mnt'* ]]
	[[ $(field failure errno) == 2 && $(field failure error) == 'No such file or directory' ]]
	[[ $(field failure hint) == 'the -try forms'* && $(field failure status) == 125 ]]
	[[ -z $(field end reason) ]]
	refused 127 nosuch telling -- nosuch
	[[ $(field failure phase) == command && $(field failure status) == 127 ]]
	name=$'x"}\n{\xff\e[2J'
	refused 127 'No such file' telling -- "$name"
	[[ $(field failure what) == 'run x"}'* && $(grep -c . "$ROOM/status") -eq 3 ]]
}

# ---- labels; where they are in use, make check-vm tries them ------------------------------

@test "a label of a security module that is not in use is an error, and nothing runs" {
	[[ ! -d /sys/fs/selinux/class && $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) != Y ]] ||
		skip "a security module is in use here: make check-vm tries that"
	for option in "--selinux-label a:b:c:s0" "--selinux-file-label a:b:c:s0" "--selinux-mcs auto"; do
		refused 125 'a label of SELinux is asked for, and SELinux is not in use here' \
			as_tester croft run --bind "$ROOM" /mnt ${option} -- touch /mnt/ran
	done
	refused 125 'the AppArmor profile p is asked for, and AppArmor is not in use here' \
		as_tester croft run --bind "$ROOM" /mnt --apparmor-profile p -- touch /mnt/ran
	refused 125 "--selinux-mcs takes auto, not 's0:c1,c2'" as_tester croft run --selinux-mcs s0:c1,c2 -- true
	for option in --selinux-label --selinux-file-label --apparmor-profile; do
		refused 125 "$option takes a name, not ''" as_tester croft run "$option" '' -- true
	done
	[[ ! -e $ROOM/ran ]]
}

# ---- the time limit ------------------------------------------------------------------------

# took LEAST MOST COMMAND…: refused 124, in between so many tenths of a second.
#
# A shell with a trap of its own says "armed" when it has it.  Where the limit came
# first, on a machine with other work, that was no trial: there is another.
took() {
	local least=$1 most=$2 began took
	shift 2
	for _ in {1..20}; do
		began=${EPOCHREALTIME/./}
		refused 124 '' "$@"
		took=$(((${EPOCHREALTIME/./} - began) / 100000))
		[[ $* != *armed* || $output == *armed* ]] && break
	done
	((took >= least && took <= most)) || { echo "it took $took tenths: $*"; return 1; }
}

@test "at the time limit the command gets SIGTERM, and croft ends with 124" {
	for arguments in "" --share-pid "--map auto" --no-die-with-parent; do
		took 9 40 as_tester timeout 20 croft run ${arguments} --time-limit 1 -- sleep 60
	done
	took 9 40 telling --time-limit 1 -- sh -c 'trap "exit 7" TERM; echo armed; sleep 60 & wait'
	[[ $(field end reason) == time-limit && $(field end status) == 7 ]]
	nobody_left
}

@test "after the grace time everything is killed, whatever it does" {
	for arguments in "" --share-pid "--map auto" --as-pid-1 --no-die-with-parent \
		"--share-pid --no-die-with-parent"; do
		took 19 55 telling ${arguments} --time-limit 1:1 -- \
			sh -c 'trap "" TERM HUP; echo armed; (setsid sleep 60 &); sleep 60; sleep 60'
		[[ $(field end reason) == time-limit && $(field end signal) == 9 ]]
		grep -qx '{ "exit-code": 124 }' "$ROOM/status"
		nobody_left
	done
	took 9 40 as_tester timeout 20 croft run --time-limit 1:0 -- sh -c 'trap "" TERM; sleep 60; sleep 60'
}

@test "a command that stops itself, and croft with it, does not escape the limit" {
	took 9 40 as_tester timeout 20 croft run --time-limit 1:1 -- sh -c 'kill -STOP $$; sleep 60'
	took 19 55 as_tester timeout 20 croft run --time-limit 1:1 -- \
		sh -c 'trap "" TERM; echo armed; while :; do kill -STOP $$; done'
	# nor one whose child continues it at once, so that the news of stops are old
	for _ in 1 2 3; do
		took 19 55 as_tester timeout -s KILL 20 croft run --time-limit 1:1 -- \
			sh -c 'trap "" TERM; echo armed; (while :; do kill -CONT $$; done) &
				while :; do kill -STOP $$; done'
	done
	nobody_left
}

@test "a command that is done in time does not notice" {
	run -3 as_tester timeout 20 croft run --time-limit 30 -- sh -c 'exit 3'
	run -3 as_tester timeout 20 croft run --time-limit 2147483647:2147483647 -- sh -c 'exit 3'
	for word in 0 -1 1s 1: 1:x :1 1:1:1 '' 2147483648 1:2147483648 0x1 1.5; do
		refused 125 "--time-limit takes SECONDS[:GRACE], 1 second at least, not '$word'" \
			as_tester croft run --time-limit "$word" -- true
	done
}

# ---- descriptors that are passed on -----------------------------------------------------------

open_ones='cd /proc/self/fd && echo *'

@test "S01: --fd passes the descriptors that it names, and no other comes in" {
	ulimit -n "$(ulimit -Hn)"
	probe withhold >/dev/null
	for filter in "" "$ROOM/withhold ENOSYS close_range" "$ROOM/withhold EPERM close_range"; do
		for arguments in "" --as-pid-1 --share-pid "--cap-add chown"; do
			allowed $filter setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups bash -c 'exec 3</dev/null 4<&3 5<&3 6<&3 9< <(echo content) 200</ 1500<&3
				croft run "$@"' - ${arguments} --fd 9 --fd 1500 --fd 3 --fd 9 --fd 4 -- \
				sh -c "$open_ones; cat <&9"
			[[ $output == $'0 1 1500 2 3 4 5 9\ncontent' ]]	# 5 is the directory that is being read
		done
	done
}

@test "its end of file is the command's doing" {
	allowed as_tester bash -c 'croft run --fd 9 -- sh -c "echo word >&9; exec 9>&-; sleep 2; exit 5" \
		9> >(cat >got; cp got ended); sleep 0.5; cat ended 2>/dev/null; wait'
	allowed cat "$ROOM/ended"
	[[ $output == word ]]
}

@test "F01: a directory is refused unless it is asked for, among 0 to 2 as well" {
	for fd in 0 1; do
		refused 125 "descriptor $fd is a directory, by which the command could leave the sandbox" \
			as_tester bash -c "exec $fd</; croft run -- true"
	done
	refused 125 '--fd 9 is a directory, by which the command could leave the sandbox' \
		as_tester bash -c 'exec 9</; croft run --fd 9 -- true'
	says 'hint: --bind shows a directory inside; --fd-dir 9 passes the descriptor all the same'
	# and it would indeed be a way out, if there were no second wall
	allowed as_tester bash -c 'exec 9</; croft run --landlock off --fd-dir 9 -- cat /proc/self/fd/9/proc/1/comm'
	[[ $output == $(cat /proc/1/comm) ]]
	allowed as_tester bash -c 'croft run --fd-dir 0 -- test -e /proc/self/fd/0/proc </'
}

@test "a ring of io_uring is refused, whatever is asked for" {
	local ring='require "syscall.ph" if 0; my $p = "\0" x 120; my $fd = syscall(425, 4, $p); exit 77 if $fd < 0;
		use Fcntl; open my $h, "+<&=", $fd; fcntl($h, F_SETFD, 0); exec @ARGV[0 .. 2], $fd, "--", "true"'
	for option in --fd --fd-dir; do
		run as_tester perl -e "$ring" croft run "$option"
		[[ $status -ne 77 ]] || skip "this kernel gives no io_uring"
		[[ $status -eq 125 && $output == *"is an io_uring"* ]]
	done
	# nor as standard input
	run as_tester perl -MPOSIX -e "${ring%%use Fcntl*}"'POSIX::dup2($fd, 0); exec @ARGV' croft run -- true
	[[ $status -eq 125 && $output == *"descriptor 0 is an io_uring"* ]]
}

@test "a descriptor that is closed, no number, or used otherwise cannot be passed" {
	for option in --fd --fd-dir; do
		refused 125 "descriptors: --fd 9: Bad file descriptor" as_tester croft run "$option" 9 -- true 9>&-
		for word in -1 1x '' 0x1 2147483648; do
			refused 125 "takes the number of a descriptor, not '$word'" \
				as_tester croft run "$option" "$word" -- true
		done
		for taken in "--info-fd 9" "--json-status-fd 9" "--file 9 /x" "--block-fd 9"; do
			refused 125 "--fd 9: another option takes this descriptor, too" \
				as_tester croft run ${taken} "$option" 9 -- true 9<>/dev/null
		done
	done
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
