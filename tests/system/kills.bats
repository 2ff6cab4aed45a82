#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a program inside
# shellcheck disable=SC2154 # setup.bash sets begun
# shellcheck disable=SC2086 # the words of ${arguments}
#
# Which call a filter killed for: told to whoever watches, and no way out of the kill's refusal.

load setup

setup() {
	make_room
	case $(uname -m) in
	x86_64) abi=x86-64 mkdir=mkdir foreign=i386 ;;
	aarch64) abi=arm64 mkdir=mkdirat foreign=arm ;;
	*) skip "there is no policy for this machine" ;;
	esac
	# what the probe does is killed for as it is by int 0x80, and by a filter elsewhere
	if [[ $foreign == i386 ]] && foreign_program foreign; then
		evade=i386 evaded=(i386 20) unevaded=()
	else
		evade=native evaded=("$abi" "$(number getpriority)" getpriority) unevaded=(--add-seccomp-fd 9)
	fi
	answering 0x80000000 mkdir mkdirat ${unevaded:+getpriority} >no_mkdir
	answering 0x80000000 mount >no_mount
}

evading() { # [OPTIONS…] -- WAY: the probe, watched
	probe evade >/dev/null
	[[ $1 == --seccomp ]] || set -- "${unevaded[@]}" "$@"
	telling --ro-bind "$ROOM/evade" /evade "${@:1:$#-2}" -- /evade $evade "${@: -1}" 9<no_mkdir
}

# killed ABI NUMBER [CALL]: the command was, for this call alone, and it is told.
killed() {
	[[ $status -eq 159 && $(field end reason) == seccomp && $(field end signal) == 31 ]]
	[[ $(field end seccomp abi) == "$1" && $(field end seccomp number) == "$2" ]]
	[[ $(field end seccomp call) == "${3-}" && $(field end seccomp kills) == 1 ]]
	grep -qx '{ "exit-code": 159 }' "$ROOM/status"
}

# killed_untold: the kernel did it, and nobody knows for which call.
killed_untold() {
	[[ $status -eq 159 && $(field end reason) == seccomp && $(field end signal) == 31 ]]
	run ! grep '"seccomp":' "$ROOM/status"
}

# ---- what is told ------------------------------------------------------------------

# Control: a croft whose filters are not joined, which tells of none.
@test "the call that a filter killed for is named, as it is without a watcher" {
	for arguments in "" --share-pid "--map auto" "--map root" "--cap-add chown" --no-die-with-parent \
		"--time-limit 10" "--fd 3 --fd 4 --fd 5 --fd 8"; do
		run telling ${arguments} --seccomp 7 -- mkdir /tmp/x 7<no_mkdir 3</dev/null 4<&3 8<&3
		if [[ $arguments == --fd* ]]; then	# 5 is the other document's
			[[ $status -eq 125 && $output == *'--fd 5: another option takes this descriptor'* ]]
			run telling --fd 3 --fd 4 --fd 8 --seccomp 7 -- mkdir /tmp/x 7<no_mkdir 3</dev/null 4<&3 8<&3
		fi
		killed $abi "$(number $mkdir)" $mkdir
	done
	refused 159 '' as_tester croft run --seccomp 7 -- mkdir /tmp/x 7<no_mkdir
	nobody_left
}

@test "a call of another table has its number, and its table's name" {
	run evading -- plainly
	killed "${evaded[@]}"
	run evading -- thread
	killed "${evaded[@]}"
	if foreign_program foreign; then
		run telling --ro-bind foreign /foreign -- /foreign
		killed $foreign 20
	fi
	[[ $abi == x86-64 ]] || return 0
	bpf 0x20,0,0,0 0x15,0,1,0x4000003f 6,0,0,0x80000000 6,0,0,0x7fff0000 >no_x32
	run telling --seccomp 7 -- perl -e 'syscall(0x4000003f, 0); print "made\n"' 7<no_x32
	killed x32 63
}

@test "a kill is stricter than the error of another filter, as it is without a watcher" {
	mounting=(perl -e 'syscall(shift() + 0, 0, 0, 0, 0, 0); print "$!\n"' "$(number mount)")
	answering 0x5001e mount >read_only
	for arguments in "--seccomp 7" "--add-seccomp-fd 8 --add-seccomp-fd 7" "--add-seccomp-fd 7 --add-seccomp-fd 8"; do
		run telling ${arguments} -- "${mounting[@]}" 7<no_mount 8<read_only
		killed $abi "$(number mount)" mount
		refused 159 '' as_tester croft run ${arguments} -- "${mounting[@]}" 7<no_mount 8<read_only
	done
	# and without that kill both still answer
	allowed telling --seccomp 8 -- "${mounting[@]}" 8<read_only
	[[ $output == 'Read-only file system' ]]
	allowed telling --seccomp 8 -- perl -e 'syscall(shift() + 0, 0, 0, 0, 0); print "$!\n"' "$(number ptrace)" 8<read_only
	[[ $output == 'Operation not permitted' ]]
}

@test "a list of what is allowed need not allow what croft tells by" {
	# no seccomp, no sendmsg
	local call list=()
	for call in read write close mmap mprotect munmap brk pread64 access faccessat execve arch_prctl set_tid_address \
		exit_group openat newfstatat set_robust_list prlimit64 getrandom rseq; do
		[[ -z $(number $call) ]] || list+=("0x15,0,1,$(number $call)" "6,0,0,0x7fff0000")
	done
	bpf 0x20,0,0,0 "${list[@]}" 6,0,0,0x80000000 >strict
	allowed telling --seccomp 7 -- true 7<strict
	[[ $(field end reason) == exit && -z $(field end seccomp) ]]
	run telling --seccomp 7 -- uname 7<strict
	killed $abi "$(number uname)" uname
	# not even what croft itself needs: it ends as it does without a watcher
	answering 0x80000000 execve >no_exec
	run telling --seccomp 7 -- true 7<no_exec
	killed $abi "$(number execve)" execve
	answering 0x80000000 read >no_read
	run telling --seccomp 7 -- true 7<no_read
	killed $abi "$(number read)" read
	answering 0x50001 read >read_refused
	refused 125 'filters: read under the filters' telling --seccomp 7 -- true 7<read_refused
}

@test "kills of others inside are counted, and the first is told" {
	run -3 telling --seccomp 7 -- sh -c 'mkdir /tmp/x; echo $?; mkdir /tmp/y; exit 3' 7<no_mkdir
	says 137			# by SIGKILL, for whoever waits inside
	[[ $(field end reason) == exit && $(field end status) == 3 ]]
	[[ $(field end seccomp call) == "$mkdir" && $(field end seccomp kills) == 2 ]]
	# the command's own is the one that is told
	probe evade >/dev/null
	run telling --ro-bind "$ROOM/evade" /evade --seccomp 7 -- \
		sh -c "/evade $evade plainly; exec mkdir /tmp/x" 7<no_mkdir
	[[ $status -eq 159 && $(field end reason) == seccomp ]]
	[[ $(field end seccomp call) == "$mkdir" && $(field end seccomp kills) == 2 ]]
	# and no SIGKILL is taken for one
	run telling --seccomp 7 -- sh -c 'mkdir /tmp/x; kill -9 $$' 7<no_mkdir
	[[ $status -eq 137 && $(field end reason) == signal && $(field end signal) == 9 ]]
	[[ $(field end seccomp call) == "$mkdir" ]]
	run telling -- sh -c 'kill -9 $$'
	[[ $status -eq 137 && $(field end signal) == 9 && -z $(field end seccomp) ]]
}

@test "croft explain says who kills" {
	allowed as_tester croft explain run --json-status-fd 6 -- true 6>/dev/null
	says 'kills: by the reaper, which tells of them'
	allowed as_tester croft explain run -- true
	lacks 'kills:'
}

# ---- where it is not told, the kernel kills ------------------------------------------

@test "without a watcher nothing is different" {
	command -v strace >/dev/null || skip "strace is not installed"
	allowed as_tester strace -f -qq -o trace -e trace=seccomp,clone croft run --seccomp 7 -- true 7<no_mkdir
	[[ $(grep -c 'seccomp(' trace) -eq 2 ]]
	run ! grep -E 'NEW_LISTENER|CLONE_THREAD' trace
	allowed as_tester strace -f -qq -o trace -e trace=seccomp,clone croft run --json-status-fd 6 --seccomp 7 -- \
		true 7<no_mkdir 6>/dev/null
	grep -q NEW_LISTENER trace
	grep -q CLONE_THREAD trace
}

@test "a command that is PID 1, and filters beside croft's own, are the kernel's" {
	run evading --as-pid-1 -- plainly
	killed_untold
	run telling --seccomp off --seccomp 7 -- mkdir /tmp/x 7<no_mkdir
	killed_untold
	run telling --seccomp-log --seccomp 7 -- mkdir /tmp/x 7<no_mkdir
	killed_untold
	# instructions that croft does not join: return A
	bpf 0x20,0,0,0 "0x15,1,0,$(number $mkdir)" 6,0,0,0x7fff0000 0,0,0,0x80000000 0x16,0,0,0 >computed
	run telling --seccomp 7 -- mkdir /tmp/x 7<computed
	killed_untold
	allowed as_tester croft explain run --json-status-fd 6 --seccomp 7 -- true 6>/dev/null 7<computed
	says 'kills: by the kernel, since the filters cannot be joined'
	for option in --seccomp --add-seccomp-fd; do
		run as_tester croft-bwrap --unshare-all --ro-bind / / --json-status-fd 6 $option 7 -- \
			mkdir /tmp/x 6>"$ROOM/status" 7<no_mkdir
		[[ $status -eq 159 && $(grep -c . "$ROOM/status") -eq 2 ]]
		run ! grep seccomp "$ROOM/status"
	done
}

@test "where there can be no listener, the kernel kills" {
	command -v strace >/dev/null || skip "strace is not installed"
	for error in EBUSY EINVAL ENOSYS; do
		run as_tester strace -f -qq -o /dev/null -e inject=seccomp:error=$error:when=1 \
			croft run --json-status-fd 6 --seccomp 7 -- mkdir /tmp/x 6>"$ROOM/status" 7<no_mkdir
		killed_untold
	done
	run as_tester strace -f -qq -o /dev/null -e inject=clone:error=EAGAIN \
		croft run --json-status-fd 6 --seccomp 7 -- mkdir /tmp/x 6>"$ROOM/status" 7<no_mkdir
	killed_untold
	# a watched sandbox around this one has it
	run as_tester croft run --json-status-fd 5 --allow-nesting --ro-bind "$CROFT_BINDIR/croft" /croft \
		--fd 6 --ro-bind "$ROOM" /room -- sh -c '/croft run --json-status-fd 6 --seccomp 7 -- mkdir /tmp/x 7</room/no_mkdir' \
		5>outer 6>"$ROOM/status"
	killed_untold
}

# Control: without the read back, the marker appears.
@test "a seccomp(2) that only says that there is a listener is seen through, and nothing runs" {
	command -v strace >/dev/null || skip "strace is not installed"
	for retval in 0 99; do
		refused 125 '' as_tester timeout 20 strace -f -qq -o /dev/null -e inject=seccomp:retval=$retval \
			croft run --json-status-fd 6 --bind "$ROOM" /mnt -- touch /mnt/marker 6>/dev/null
		[[ ! -e marker ]]
	done
}

# ---- ways out ----------------------------------------------------------------------

# Control: croft run --seccomp off, where it is made.
@test "C08 the call is never made: signals, threads, filters and listeners of the command's own" {
	for way in plainly thread storm answer listener; do
		run evading -- $way
		lacks made
		[[ $status -eq 159 || $way == storm || $way == answer ]]
		run evading --seccomp off -- $way
		[[ $way == answer || $output == *made* ]]
	done
	nobody_left
}

@test "a command has an error of its own filter's in the place of the kill, and the call is not made" {
	run evading -- answer
	[[ $status -eq 0 && $output == E2BIG && $(field end reason) == exit ]]
}

@test "inside a watched sandbox nobody else can listen" {
	run evading -- listener
	says 'listener EBUSY'
	killed "${evaded[@]}"
	probe evade >/dev/null
	refused 159 'listener ok' as_tester croft run "${unevaded[@]}" --ro-bind "$ROOM/evade" /evade -- \
		/evade $evade listener 9<no_mkdir
}

# Without a PID namespace the reaper can be killed.  Of others who listen it would be made (weaken/listening.patch).
@test "C08 when nobody listens any more, the call is not made either" {
	run evading --share-pid --no-die-with-parent --landlock off -- orphan
	[[ $status -eq 125 ]]
	says 'listener EBUSY'
	says ENOSYS
	lacks made
	nobody_left
}

@test "a reaper that is stopped lets nobody through" {
	probe evade >/dev/null
	mkfifo go
	begin bash -c 'exec croft run --json-status-fd 6 --fd 8 "${@:2}" --ro-bind "$0" /evade -- \
		sh -c "echo ready; read -r go <&8; /evade '$evade' plainly; echo then" 6>"$1"' \
		"$ROOM/evade" "$ROOM/status" "${unevaded[@]}" 8<>go 9<no_mkdir
	within 5 grep -q ready "$ROOM/begun"
	reaper=$(descendant "$begun" croft-reaper)
	kill -STOP "$reaper"
	echo >go
	sleep 1.5
	[[ $(cat "$ROOM/begun") == ready ]]		# it waits
	kill -CONT "$reaper"
	wait "$begun"
	[[ $(cat "$ROOM/begun") == *then && $(cat "$ROOM/begun") != *made* ]]
	nobody_left
}

# ---- nothing more comes in ------------------------------------------------------------

@test "the command gets neither the listener nor the way to it" {
	run telling --seccomp 7 -- sh -c 'ls /proc/self/fd | xargs; ls -l /proc/self/fd' 7<no_mkdir
	[[ $status -eq 0 && ${lines[0]} == "0 1 2 3" ]]
	lacks seccomp
	run telling -- sh -c 'ls /proc/1/fd'
	[[ $status -ne 0 ]]
	says 'Permission denied'
	run telling -- sh -c 'ls /proc/self/task | wc -l'
	[[ $output == 1 ]]
	ulimit -n "$(ulimit -Hn)"
	for arguments in "--fd 3 --fd 4 --fd 7 --fd 8" "--fd 4 --fd 7" "--fd 1500 --fd 3" "--fd 3 --fd 9"; do
		allowed telling ${arguments} -- sh -c 'cd /proc/self/fd && echo *' 3</dev/null 4<&3 7<&3 8<&3 9<&3 1500<&3
		[[ $(tr ' ' '\n' <<<"$output" | wc -l) -eq $((4 + $(wc -w <<<"$arguments") / 2)) ]]
	done
}
