#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a program inside
# shellcheck disable=SC2154 # setup.bash sets begun, tester_uid and the like
# shellcheck disable=SC2086,SC2206 # the words of ${arguments}
#
# What the command finds, what it is told, what is told of it, and what is left of it.

load setup

# lines_of FILE TEXT: the file has such a line.
has_line() {
	grep -qxF -- "$2" "$1"
}

# ended STATUS: what was begun ends with it.
ended() {
	local got=0
	wait "$begun" || got=$?
	[[ $got -eq $1 ]] && return
	echo "expected it to end with $1, got $got"
	return 1
}

# ---- how it ends ---------------------------------------------------------------------

@test "its exit status is croft's" {
	for arguments in run "run --as-pid-1" "run --share-pid" shell; do
		for status in 0 1 2 7 125 126 127 128 255; do
			run -"$status" as_tester croft ${arguments} -- sh -c "exit $status"
			[[ -z $output ]]
		done
	done
}

@test "a signal that ends it is 128 more" {
	for arguments in run "run --share-pid" shell; do
		for signal in {1..15} 16 {24..27} {29..31} {34..64}; do
			run as_tester croft ${arguments} -- sh -c "kill -$signal \$\$; exit 0"
			[[ $status -eq $((128 + signal)) ]] ||
				{ echo "croft $arguments, signal $signal: got $status"; return 1; }
		done
	done
	run as_tester croft run --as-pid-1 -- perl -e 'use POSIX; $SIG{ALRM} = sub { POSIX::_exit(9) }; kill ALRM => $$'
	[[ $status -eq 9 ]]
}

@test "what cannot be run is 127 if it is not there, 126 if it is no program" {
	refused 127 'croft: command: run nosuch: No such file or directory' as_tester croft run -- nosuch
	says 'hint: only what croft explain lists exists inside'
	refused 127 'croft: command: run /nowhere/x: No such file or directory' as_tester croft run -- /nowhere/x
	refused 127 'croft: command: run : No such file or directory' as_tester croft run -- ''
	refused 126 'croft: command: run /etc/passwd: Permission denied' as_tester croft run -- /etc/passwd
	refused 126 'croft: command: run /usr: Permission denied' as_tester croft run -- /usr
	printf '#!/nowhere/interpreter\n' >"$ROOM/script"
	chmod -R a+rx "$ROOM"
	refused 127 'croft: command: run /mnt: No such file or directory' \
		as_tester croft run --ro-bind "$ROOM/script" /mnt -- /mnt
	says 'hint: the file is there; the interpreter that it names is not'
}

# script NAME BYTES: an executable file of the tester's, which printf(1) makes of BYTES.
script() {
	# shellcheck disable=SC2059 # a format is what it is
	printf "$2" >"$ROOM/$1"
	chmod -R a+rx "$ROOM"
}

@test "a script that names no interpreter is run by /bin/sh, as shells do" {
	script plain 'echo "$0 $# $2"\nexit 7\n'
	refused 7 '/mnt/plain 2 b c' as_tester croft run --ro-bind "$ROOM" /mnt -- /mnt/plain a 'b c'
	refused 7 './plain 0 ' as_tester croft run --ro-bind "$ROOM" /mnt --chdir /mnt -- ./plain
	refused 7 '/mnt/plain 1 ' as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH /nowhere:/mnt:/usr/bin -- plain a
	refused 7 'plain 1 ' as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH ':/usr/bin' --chdir /mnt -- plain a
	refused 7 '/mnt/plain 0 ' as_tester croft run --as-pid-1 --argv0 other --ro-bind "$ROOM" /mnt -- /mnt/plain
	script empty ''
	allowed as_tester croft run --ro-bind "$ROOM" /mnt -- /mnt/empty
	# the same as the shell says
	allowed as_tester croft run --ro-bind "$ROOM" /mnt -- sh -c '/mnt/plain a b; [ $? = 7 ]'
	[[ $output == '/mnt/plain 2 b' ]]
}

@test "what is neither a script nor a program for this machine is 126" {
	script noise '\x7fELF\x02\x01\x01\x00\x00\x00'
	script late 'text\n\x00'
	refused 126 'croft: command: run /mnt/noise: Exec format error' as_tester croft run --ro-bind "$ROOM" /mnt -- /mnt/noise
	says 'hint: it is neither a script nor a program for this machine'
	refused 126 'croft: command: run noise: Exec format error' \
		as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH /usr/bin:/mnt -- noise
	refused 127 'text' as_tester croft run --ro-bind "$ROOM" /mnt -- /mnt/late	# a text, for the shell to judge
	script plain 'exit 0\n'
	refused 126 'croft: command: run /plain by /bin/sh: No such file or directory' \
		as_tester croft run --empty-root --ro-bind "$ROOM/plain" /plain -- /plain
	says 'hint: its first line names no interpreter (#!)'
}

@test "PATH: the first that can be run, and what is told of those that cannot" {
	mkdir "$ROOM/closed" "$ROOM/open"
	script closed/tool '#!/bin/sh\necho closed\n'
	script open/tool '#!/bin/sh\necho open\n'
	chmod a-x "$ROOM/closed/tool"
	allowed as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH /nowhere:/mnt/closed:/mnt/open:/usr/bin -- tool
	[[ $output == open ]]
	# directories that cannot be there are passed over: too long a name, a circle of links
	ln -s circle "$ROOM/circle"
	allowed as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH \
		"/$(printf 'x%.0s' {1..300}):/$(printf 'x/%.0s' {1..2500}):/mnt/circle:/mnt/open" -- tool
	[[ $output == open ]]
	refused 127 'command: run tool: No such file or directory' \
		as_tester croft run --setenv PATH "/usr/bin:/$(printf 'x/%.0s' {1..2500})" -- tool
	refused 126 'command: run tool: Permission denied' \
		as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH /mnt/closed:/nowhere -- tool
	refused 127 'command: run tool: No such file or directory' \
		as_tester croft run --ro-bind "$ROOM" /mnt --setenv PATH '' -- tool
	allowed as_tester croft run --unsetenv PATH -- true
	refused 126 'command: run /mnt/closed/tool: Permission denied' \
		as_tester croft run --ro-bind "$ROOM" /mnt -- /mnt/closed/tool
}

@test "no command, and a sandbox that cannot be made, are 125" {
	refused 125 'no command to run is given' as_tester croft run
	refused 125 'no command to run is given' as_tester croft run --
	refused 125 'bind /nowhere' as_tester croft run --bind /nowhere /mnt -- sh -c 'exit 3'
	refused 125 'directory: --chdir /nowhere' as_tester croft run --chdir /nowhere -- sh -c 'exit 3'
}

# ---- L03: the status is the first process's own ---------------------------------------

@test "L03: a caller that ignores SIGCHLD gets the status all the same" {
	for arguments in run shell "run --as-pid-1" "run --map auto --map-source newuidmap"; do
		run as_tester timeout -k 1 20 env --ignore-signal=CHLD croft ${arguments} -- sh -c 'exit 7'
		[[ $status -eq 7 ]]
		run as_tester timeout -k 1 20 env --ignore-signal=CHLD croft ${arguments} -- sh -c 'kill -KILL $$; exit 0'
		[[ $status -eq 137 || $arguments == *as-pid-1 ]]
	done
}

@test "L03: a process that it leaves behind neither lends its status nor delays it" {
	for arguments in run "run --share-pid" "run --as-pid-1"; do
		run as_tester timeout 5 croft ${arguments} -- sh -c '(sleep 60; exit 3) & exit 7'
		[[ $status -eq 7 ]]
		run as_tester timeout 5 croft ${arguments} -- sh -c '(sh -c "exit 9" &); (exit 4) & sleep 0.2; exit 7'
		[[ $status -eq 7 ]]
	done
	nobody_left
}

@test "L03: the reaper reaps what is left to it" {
	allowed as_tester croft run -- sh -c '(sh -c "exit 9" &); (sh -c "exit 8" &); sleep 0.3
		grep -l "^State:.Z" /proc/[0-9]*/status || echo none'
	[[ $output == none ]]
}

# ---- signals -------------------------------------------------------------------------

# Ends with the number of the signal.  Perl handles those that a shell in the background ignores.
handler='use POSIX; $| = 1; $SIG{$_} = sub { print "got $_[0]\n"; exit 40 } for qw(HUP INT QUIT TERM USR1 USR2);
	print "ready\n"; sleep 60; exit 1'

@test "signals to croft reach it" {
	for arguments in run shell "run --as-pid-1" "run --share-pid"; do
		for signal in HUP INT QUIT TERM USR1 USR2; do
			begin croft ${arguments} -- perl -e "$handler"
			within 5 has_line "$ROOM/begun" ready
			kill -"$signal" "$begun"
			ended 40
			has_line "$ROOM/begun" "got $signal"
		done
	done
}

# Control: a reaper that sends it to the group alone, which is not there yet.
@test "a signal is not lost that comes before the payload has a process group of its own" {
	for signal in INT:130 HUP:129; do
		begin strace -f -qq -o /dev/null -e trace=setpgid -e inject=setpgid:delay_enter=1s \
			croft run -- sleep 60
		within 5 pgrep -u "$CROFT_USER" -x croft-reaper
		sleep 0.3
		kill -"${signal%:*}" "$(pgrep -u "$CROFT_USER" -ox croft)"
		ended "${signal#*:}"
	done
	nobody_left
}

@test "a signal that it does not handle ends it, and croft says so" {
	for signal in HUP:129 TERM:143 USR1:138 ALRM:142; do
		begin croft run -- sh -c 'echo ready; exec sleep 60'
		within 5 has_line "$ROOM/begun" ready
		kill -"${signal%:*}" "$begun"
		ended "${signal#*:}"
	done
	nobody_left
}

# ---- what is waited for --------------------------------------------------------------

# Kills what was begun by a signal, after it had the time to come so far.
kill_later() {
	sleep 0.5
	kill -"$1" "$begun"
}

@test "--block-fd: it begins with a byte or the end of file, and does not get the descriptor" {
	as_tester mkfifo "$ROOM/gate"
	exec 8<>"$ROOM/gate"
	begin croft run --block-fd 8 -- sh -c 'echo began; ls /proc/self/fd'
	sleep 0.5
	[[ ! -s $ROOM/begun ]]
	echo >&8
	ended 0
	exec 8>&-
	[[ $(tr '\n' ' ' <"$ROOM/begun") == "began 0 1 2 3 " ]]
	for fds in "3" "4 --fd 3" "3 --fd 4 --fd 5 --cap-add all" "3 --seccomp off" "3 --json-status-fd 6"; do
		allowed as_tester croft run --block-fd ${fds} -- ls /proc/self/fd \
			3</dev/null 4</dev/null 5</dev/null 6>/dev/null 9</dev/null
		[[ $output != *9* ]]
	done
}

@test "--block-fd, --sync-fd: a number that nothing is open at is an error, never one of croft's own" {
	for option in --block-fd --sync-fd; do
		for n in {3..20} 77; do
			[[ ! -e /proc/$BASHPID/fd/$n ]] || continue
			refused 125 "descriptors: $option $n: Bad file descriptor" \
				as_tester timeout 5 croft run "$option" "$n" -- true
		done
	done
}

@test "signals end it while it waits for --block-fd, or for what --file reads" {
	as_tester mkfifo "$ROOM/gate"
	exec 8<>"$ROOM/gate"
	for arguments in "--block-fd 8" "--file 8 /f" "--share-pid --file 8 /f" "--share-pid --block-fd 8"; do
		for signal in HUP:129 INT:130 QUIT:131 TERM:143; do
			begin croft run ${arguments} -- echo ran
			kill_later "${signal%:*}"
			ended "${signal#*:}"
		done
	done
	exec 8>&-
	[[ ! -s $ROOM/begun ]]
	nobody_left
}

@test "signals that the caller had blocked or ignored are so inside, and no others" {
	local show=(awk '/^Sig(Blk|Ign)/ { print $2 }' /proc/self/status) want

	want=$(as_tester env --ignore-signal=USR1 --block-signal=USR2 "${show[@]}")
	allowed as_tester env --ignore-signal=USR1 --block-signal=USR2 croft run -- "${show[@]}"
	[[ $output == "$want" && $want == *8??$'\n'*2?? ]]
}

# ---- environment ---------------------------------------------------------------------

@test "S29: of 300 variables none comes in, nor shows in any process inside" {
	local variables=(DBUS_SESSION_BUS_ADDRESS=marker SSH_AUTH_SOCK=marker GPG_AGENT_INFO=marker
		XAUTHORITY=marker DISPLAY=marker WAYLAND_DISPLAY=marker XDG_RUNTIME_DIR=marker
		LD_PRELOAD=marker LD_LIBRARY_PATH=marker GIT_DIR=marker AWS_SECRET_ACCESS_KEY=marker
		API_TOKEN=marker LC_SECRET=marker TERMCAP=marker TZDIR=marker HOME=/marker USER=marker
		LOGNAME=marker SHELL=/marker PATH=/marker PWD=/marker OLDPWD=/marker BASH_ENV=/marker
		ENV=/marker IFS=marker PS1=marker PERL5LIB=/marker TZ=/marker LANG_=marker term=marker)
	for i in {1..270}; do
		variables+=("VARIABLE_$i=marker")
	done
	for arguments in run shell "run --map auto"; do
		allowed as_tester env -i "${variables[@]}" "$(command -v croft)" ${arguments} -- \
			sh -c 'env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" "\n"'
		says PATH=
		lacks marker=
		[[ $(grep -c 'marker$' <<<"$output") -eq 0 ]]
	done
}

@test "S29: what names a language, a terminal or a time zone comes in" {
	allowed as_tester env -i TERM=vt52 COLORTERM=truecolor NO_COLOR=1 TZ=Asia/Tokyo LANG=C LC_ALL=C.UTF-8 \
		LC_TIME=C "$(command -v croft)" run -- sh -c 'env | LC_ALL=C sort'
	says $'COLORTERM=truecolor'
	for line in LANG=C LC_ALL=C.UTF-8 LC_TIME=C NO_COLOR=1 TERM=vt52 TZ=Asia/Tokyo "USER=$CROFT_USER"; do
		grep -qxF "$line" <<<"$output"
	done
}

@test "--setenv, --unsetenv and --clearenv are obeyed in their order" {
	allowed as_tester env -i TERM=vt52 "$(command -v croft)" run --setenv A 1 --setenv A 2 --setenv B x=y \
		--setenv C '' --setenv D 3 --unsetenv D --unsetenv TERM -- sh -c 'env | LC_ALL=C sort'
	grep -qxF A=2 <<<"$output"
	grep -qxF B=x=y <<<"$output"
	grep -qxF C= <<<"$output"
	lacks D=3
	lacks TERM=
	allowed as_tester croft run --setenv A 1 --clearenv --setenv Z 9 -- /usr/bin/env
	[[ $output == Z=9 ]]
	allowed as_tester croft run --clearenv -- /usr/bin/env
	[[ -z $output ]]
	refused 125 "--setenv takes a name without an equals sign, not 'A=B'" \
		as_tester croft run --setenv A=B c -- true
	refused 125 "--unsetenv takes a name without an equals sign, not ''" \
		as_tester croft run --unsetenv '' -- true
	refused 125 '--setenv needs' as_tester croft run --setenv A
}

@test "PATH leads to sbin for root, and HOME to a home of its own" {
	[[ $(as_tester croft run -- sh -c 'echo $PATH') == /usr/local/bin:/usr/bin:/bin ]]
	[[ $(as_tester croft shell -- sh -c 'echo $PATH') == /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin ]]
	[[ $(as_tester croft run -- sh -c 'echo $HOME; touch ~/x && ls ~') == "/home/$CROFT_USER"$'\nx' ]]
	[[ $(as_tester croft shell -- sh -c 'echo $HOME; touch ~/x && ls ~') == $'/root\nx' ]]
	# by name as by number
	[[ $(as_tester croft shell / --user games -- sh -c 'echo $PATH') == /usr/local/bin:/usr/bin:/bin ]]
	[[ $(as_tester croft run --map keep --user root -- sh -c 'echo $PATH') == /usr/local/sbin:* ]]
}

# ---- words ---------------------------------------------------------------------------

# Control: a shell in between changes them.
@test "C07 D07: its words reach it byte by byte" {
	local words=('' ' ' $'a\nb' $'\xff\xfe' $'\e[31m' '--' '-c' '*' "'" '"' '$HOME' "$(printf 'x%.0s' {1..100000})")

	as_tester croft run -- perl -e 'print join("\0", @ARGV)' -- "${words[@]}" >"$ROOM/got"
	perl -e 'print join("\0", @ARGV)' -- "${words[@]}" >"$ROOM/sent"
	cmp "$ROOM/sent" "$ROOM/got"
	sh -c "perl -e 'print join(\"\\0\", @ARGV)' -- ${words[*]}" >"$ROOM/got" 2>&1 || true
	! cmp -s "$ROOM/sent" "$ROOM/got"
}

@test "--argv0 is what it sees as its own name" {
	[[ $(as_tester croft run --argv0 another -- sh -c 'echo $0') == another ]]
	[[ $(as_tester croft run --argv0 '' -- sh -c 'tr "\0" : </proc/$$/cmdline') == :-c:* ]]
	refused 125 '--argv0 is given twice' as_tester croft run --argv0 a --argv0 b -- sh
	refused 125 '--argv0 a names a command, and none is given' as_tester croft shell --argv0 a
}

@test "C07 D07: options end where the command begins" {
	[[ $(as_tester croft run -- echo --share-net -- x) == '--share-net -- x' ]]
	[[ $(as_tester croft run echo --share-net) == --share-net ]]
	refused 125 'there is no option --nonsense' as_tester croft run --nonsense -- true
}

# ---- where it stands -----------------------------------------------------------------

@test "--chdir is a path inside, a link or not; what is no directory is refused" {
	[[ $(as_tester croft run --chdir /usr/bin -- pwd -P) == /usr/bin ]]
	[[ $(as_tester croft run --chdir /bin -- pwd -P) == /usr/bin ]]
	[[ $(as_tester croft run --tmpfs /new --chdir /new -- pwd -P) == /new ]]
	refused 125 'directory: --chdir /nowhere: No such file or directory' \
		as_tester croft run --chdir /nowhere -- true
	refused 125 'directory: --chdir /etc/passwd: Not a directory' \
		as_tester croft run --chdir /etc/passwd -- true
	refused 125 'directory: --chdir /sealed: Permission denied' \
		as_tester croft shell --user 5 --perms 0700 --dir /sealed --chdir /sealed -- true
	refused 125 "--chdir takes a directory, not ''" as_tester croft run --chdir '' -- true
}

@test "without it, it stands where the caller does, if that is there; else at home" {
	[[ $(cd /usr/share && as_tester croft run -- pwd -P) == /usr/share ]]
	[[ $(as_tester croft run --bind "$ROOM" "$ROOM" -- pwd -P) == "$ROOM" ]]
	[[ $(as_tester croft run -- pwd -P) == "/home/$CROFT_USER" ]]
	# a directory of the same path that is another
	[[ $(as_tester croft run --dir "$ROOM" -- pwd -P) == "/home/$CROFT_USER" ]]
	mkdir "$ROOM/gone"
	[[ $(cd "$ROOM/gone" && rmdir "$ROOM/gone" && as_tester croft run -- pwd -P) == "/home/$CROFT_USER" ]]
}

# ---- limits and umask ----------------------------------------------------------------

@test "--rlimit sets each limit that there is" {
	while read -r name value title; do
		allowed as_tester croft run --rlimit "$name=$value" -- grep "^Max $title " /proc/self/limits
		[[ $(awk '{ print $1 ":" $2 }' <<<"${output#Max "$title"}") == "$value" ]] ||
			{ echo "--rlimit $name=$value: $output"; return 1; }
	done <<-END
		as 900000000:1000000000 address space
		core 0:0 core file size
		cpu 70:80 cpu time
		data 900000000:1000000000 data size
		fsize 1000:2000 file size
		locks 10:20 file locks
		memlock 4096:8192 locked memory
		msgqueue 1000:2000 msgqueue size
		nice 0:0 nice priority
		nofile 100:200 open files
		nproc 1000:2000 processes
		rss 1000000:2000000 resident set
		rtprio 0:0 realtime priority
		rttime 1000:2000 realtime timeout
		sigpending 100:200 pending signals
		stack 1000000:2000000 stack size
	END
}

# Control: with --rlimit core=unlimited there may be one.
# Control: --allow-ptrace, and a sandbox without a filter.
@test "L04 S34 with --share-pid the caller's processes have the limits that the caller gave them" {
	local how
	raised() { # options: what the payload says, and the soft limit then
		begin bash -c 'ulimit -Sc 0; exec sleep 60'
		within 5 grep -q sleep "/proc/$begun/comm"
		tried as_tester croft run --share-pid "$@" -- sh -c "prlimit --pid $begun --core=unlimited; prlimit --pid $begun -o RESOURCE,SOFT --nofile"
		soft=$(awk '/^Max core file size/ { print $5 }' "/proc/$begun/limits")
		kill "$begun"
	}
	for how in "" "--map root" "--map auto" "--map root --cap-add all --cap-drop sys_ptrace" "--json-status-fd 9"; do
		# shellcheck disable=SC2086 # the words of the options
		raised $how 9>/dev/null
		says 'Operation not permitted'
		says NOFILE
		[[ $soft -eq 0 ]]
	done
	for how in --allow-ptrace '--seccomp off' '--allow-syscalls prlimit64'; do
		# shellcheck disable=SC2086 # likewise
		raised $how
		lacks 'Operation not permitted'
		[[ $soft == unlimited ]]
	done
	# its own it sets as ever, and those of others who are as much in the sandbox as it is
	allowed as_tester croft run --share-pid -- sh -c 'ulimit -n 20; prlimit --nofile=10 sh -c "ulimit -n"'
	[[ $output == 10 ]]
	allowed as_tester croft run -- sh -c 'sleep 9 & prlimit --pid $! --nofile=10; prlimit --pid $! --nofile --noheadings -o SOFT'
	[[ ${output// /} == 10 ]]
}

@test "L04 S14 core dumps are off unless asked for" {
	as_tester bash -c 'ulimit -c unlimited' 2>/dev/null ||
		skip "no core dump is allowed here to begin with; sudo does that (rlimit_core in sudoers(5))"
	[[ $(as_tester bash -c 'ulimit -c unlimited; croft run -- sh -c "ulimit -Sc; ulimit -Hc"') == $'0\n0' ]]
	# in bytes 1, which is no dump: with 0 a handler would be called all the same
	[[ $(as_tester bash -c 'ulimit -c unlimited; croft run -- grep "core file" /proc/self/limits') == *' 1 '*' 1 '* ]]
	[[ $(as_tester bash -c 'ulimit -c unlimited; croft run --rlimit core=unlimited -- sh -c "ulimit -Sc"') == unlimited ]]
}

@test "one value of --rlimit is both limits, and the caller's own are kept" {
	[[ $(as_tester croft run --rlimit nofile=64 -- sh -c 'ulimit -Sn; ulimit -Hn') == $'64\n64' ]]
	[[ $(as_tester bash -c 'ulimit -n 123; croft run -- sh -c "ulimit -Sn; ulimit -Hn"') == $'123\n123' ]]
}

@test "limits cannot be raised, and what is no limit is refused" {
	refused 125 'limits: set the limit nofile: Operation not permitted' \
		as_tester bash -c 'ulimit -n 1000; croft run --rlimit nofile=100:1001 -- true'
	says 'hint: a hard limit can only be lowered'
	refused 125 'limits: set the limit nofile' \
		as_tester bash -c 'ulimit -n 1000; croft shell --cap-add all --rlimit nofile=1001 -- true'
	refused 125 '--rlimit nofile=100:99: the soft limit is above the hard one' \
		as_tester croft run --rlimit nofile=100:99 -- true
	refused 125 '--rlimit nofile=unlimited:99: the soft limit is above the hard one' \
		as_tester croft run --rlimit nofile=unlimited:99 -- true
	for value in nofile nofiles=1 =1 NOFILE=1; do
		refused 125 "--rlimit takes NAME=SOFT[:HARD], with the name of a limit, not '$value'" \
			as_tester croft run --rlimit "$value" -- true
		says 'hint: the names are'
	done
	for value in nofile= nofile=x nofile=1:x nofile=1: nofile=-1 nofile=1k nofile=0x10 nofile=18446744073709551616; do
		refused 125 "--rlimit $value: a value is a decimal number or unlimited" \
			as_tester croft run --rlimit "$value" -- true
	done
}

@test "the caller's umask is kept" {
	for mask in 0000 0022 0077; do
		[[ $(as_tester bash -c "umask $mask; croft run -- sh -c umask") == "$mask" ]]
	done
}

# ---- as process 1 --------------------------------------------------------------------

@test "--as-pid-1 leaves no reaper beside it" {
	[[ $(as_tester croft run --as-pid-1 -- sh -c 'echo $$; cd /proc; echo [0-9]*') == $'1\n1' ]]
	[[ $(as_tester croft shell --as-pid-1 -- sh -c 'echo $$; cd /proc; echo [0-9]*; id -u') == $'1\n1\n0' ]]
	allowed as_tester croft run --as-pid-1 -- sh -c 'sleep 60 & sleep 60 & exit 0'
	nobody_left
}

# ---- with whom it ends ---------------------------------------------------------------

# A parent that starts croft, and says croft's PID.
parent='croft "$@" -- sh -c "sleep 61 & setsid sleep 62 & echo ready; exec sleep 60" & echo "croft $!"; wait'

@test "it ends with croft's parent, by default" {
	for arguments in run shell "run --share-pid" "run --as-pid-1" "run --die-with-parent"; do
		begin sh -c "$parent" sh ${arguments}
		within 5 has_line "$ROOM/begun" ready
		kill -KILL "$begun"
		ended 137
		nobody_left
	done
}

# A document that nobody reads keeps croft from going on, until somebody does.
@test "it does not begin, or ends, where croft's parent ended while the sandbox was made" {
	local waiting='croft run "$@" -- sleep 60 & echo "croft $!"; wait'

	mkfifo -m 0666 fifo
	for arguments in --share-pid "--map root" --as-pid-1; do
		exec 7<>fifo
		tried dd if=/dev/zero of=fifo oflag=nonblock bs=4096 count=100
		begin sh -c "$waiting" sh ${arguments} --info-fd 7
		within 5 grep -q '^croft' "$ROOM/begun"
		sleep 0.5
		kill -KILL "$begun"
		ended 137
		timeout 1 cat fifo >/dev/null || true
		exec 7>&-
		nobody_left
	done
}

# Control: a launcher that is not continued when its parent ends.
@test "it ends with croft's parent, even while the command has stopped it" {
	local croft killed stops='(sleep 1; kill -CONT $$; sleep 62) & kill -STOP $$; exec sleep 60'
	local parent='croft run -- sh -c "$1" & echo "croft $!"; echo "parent $$"; wait'

	# the group's first process has a parent outside of it all the time, so the group is no orphan
	begin setsid bash -c 'set -m; { sh -c "$1" sh "$2"; } | cat & wait' bash "$parent" "$stops"
	within 5 grep -q '^parent' "$ROOM/begun"
	croft=$(awk '/^croft / { print $2 }' "$ROOM/begun")
	killed=$(awk '/^parent / { print $2 }' "$ROOM/begun")
	within 5 grep -q '^State:.T' "/proc/$croft/status"
	within 5 pgrep -u "$CROFT_USER" -xf 'sleep 60'
	kill -KILL "$killed"
	nobody_left
}

@test "with --no-die-with-parent it goes on without parent and croft" {
	for arguments in run shell "run --share-pid" "run --as-pid-1"; do
		begin sh -c "$parent" sh ${arguments} --no-die-with-parent
		within 5 has_line "$ROOM/begun" ready
		croft=$(awk '/^croft / { print $2 }' "$ROOM/begun")
		payload=$(pgrep -u "$CROFT_USER" -nxf 'sleep 60')
		kill -KILL "$begun"
		ended 137
		sleep 0.3
		kill -0 "$croft"
		kill -KILL "$croft"
		sleep 0.3
		kill -0 "$payload"
		kill -KILL "$payload"
		nobody_left
	done
}

# Control: a croft that does not look before, and waits for what it cannot kill.
@test "L02: where the kernel does not list children, --share-pid is refused" {
	refused 125 'start: find what the payload leaves behind (/proc/thread-self/children): No such file' \
		as_tester timeout 20 strace -f -qq -o /dev/null -P thread-self/children -e inject=file:error=ENOENT \
		croft run --share-pid -- sh -c 'sleep 15 & true'
	says 'hint: the kernel lists no children (CONFIG_PROC_CHILDREN)'
	allowed as_tester timeout 20 strace -f -qq -o /dev/null -P thread-self/children -e inject=file:error=ENOENT \
		croft run -- true
	nobody_left
}

@test "L02: croft is killed at any moment, and nothing is left a second later" {
	for i in {1..100}; do
		case $((i % 5)) in
		0) begin croft run -- sleep 60 ;;
		1) begin croft shell -- sleep 60 ;;
		2) begin croft run --share-pid -- sh -c 'sleep 60 & setsid sleep 60' ;;
		3) begin croft run --as-pid-1 -- sleep 60 ;;
		4) begin croft run --as-pid-1 --map sub -- sleep 60 ;;
		esac
		sleep "0.0$((RANDOM % 3))$((RANDOM % 10))"
		kill -KILL "$begun"
		wait "$begun" || true
	done 2>/dev/null
	sleep 1
	nobody_left
}

# ---- standard descriptors ------------------------------------------------------------

@test "pipes carry every byte, and their end" {
	head -c 3000000 /dev/urandom >"$ROOM/data"
	chmod a+r "$ROOM/data"
	as_tester croft run -- cat <"$ROOM/data" >"$ROOM/out"
	cmp "$ROOM/data" "$ROOM/out"
	as_tester croft run -- sh -c 'cat >&2' <"$ROOM/data" 2>"$ROOM/err"
	cmp "$ROOM/data" "$ROOM/err"
	head -c 3000000 "$ROOM/data" | as_tester croft shell -- cat | cmp - "$ROOM/data"
	[[ $(as_tester croft run -- cat </dev/null) == "" ]]
	# whoever reads hangs up: it gets SIGPIPE, as without croft
	run bash -c 'set -o pipefail; "$@" | head -c 1' bash setpriv --reuid="$tester_uid" --regid="$tester_gid" \
		--clear-groups "$(command -v croft)" run -- cat /dev/zero
	[[ $status -eq 141 ]]
}

@test "closed standard descriptors are /dev/null inside, and no one else's file" {
	for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
		as_tester bash -c "croft run --bind '$ROOM' /mnt -- sh -c 'cd /proc/self/fd; for fd in 0 1 2; do
			readlink /proc/\$\$/fd/\$fd; done >/mnt/fds; ls /proc/\$\$/fd >>/mnt/fds' $closed"
		chmod a+r "$ROOM/fds"
		[[ $(grep -c '^[3-9]' "$ROOM/fds") -eq 0 ]]
		[[ $(grep -c '^/dev/null$' "$ROOM/fds") -ge 1 ]]
	done
}

# ---- F01: no other descriptor --------------------------------------------------------

# Runs "$@" with descriptors open on what lies outside: directories, a pipe, a namespace,
# a socket; the last has as high a number as there can be, up to 65000.
holding='exec 9</ 64< <(:) 200</proc 1500</proc/self/ns/mnt
	top=$(ulimit -n); ((--top < 65000)) || top=65000
	eval "exec $top<>/dev/udp/127.0.0.1/9"
	exec "$@"'

open_ones='cd /proc/self/fd && echo *'

@test "F01: no descriptor but 0, 1 and 2 comes in" {
	ulimit -n "$(ulimit -Hn)"
	[[ $(as_tester bash -c "$holding" bash sh -c "$open_ones") == *" 1500 "* ]]	# so it could see them
	for arguments in run shell "run --as-pid-1" "run --map auto --map-source newuidmap"; do
		allowed as_tester bash -c "$holding" bash croft ${arguments} -- sh -c "$open_ones"
		[[ $output == '0 1 2 3' ]]		# 3 is the directory that is being read
	done
}

@test "F01: nor where close_range is refused" {
	ulimit -n "$(ulimit -Hn)"
	probe withhold >/dev/null
	for error in EPERM ENOSYS; do
		for arguments in run "shell --map root" "run --as-pid-1" "run --map auto --map-source newuidmap"; do
			allowed "$ROOM/withhold" "$error" close_range setpriv --reuid="$tester_uid" \
				--regid="$tester_gid" --init-groups bash -c "$holding" bash \
				croft ${arguments} -- sh -c "$open_ones"
			[[ $output == '0 1 2 3' ]]
		done
		# croft's own helpers would rather not run
		refused 125 'the helper uidmap refused: it could not shed its privilege' \
			"$ROOM/withhold" "$error" close_range setpriv --reuid="$tester_uid" \
			--regid="$tester_gid" --init-groups croft run --map auto --map-source croft -- true
	done
}

# Control: a croft that believes close_range(2) about the ranges between what is passed.
@test "F01: nor where close_range only says that it closed them, and others are passed on" {
	local lie arguments numbers
	for lie in retval=0 retval=0:when=1 retval=0:when=2 error=ENOSYS; do
		for numbers in "" 9 64 "7 64" "8 9 64"; do
			arguments=${numbers:+--fd ${numbers// / --fd }}
			allowed as_tester bash -c 'exec 7</dev/null 8<&7 9<&7 64<&7 200<&7; exec "$@"' bash \
				strace -f -qq -o /dev/null -e trace=close_range -e "inject=close_range:$lie" \
				croft run ${arguments} -- bash -c 'cd /proc/self/fd && printf "%s\n" *'
			[[ $(sort -n <<<"$output" | xargs) == "0 1 2 3${numbers:+ $numbers}" ]] ||
				{ echo "$lie ${arguments}: ${output//$'\n'/ }"; return 1; }
		done
	done
}

@test "F01: a descriptor for --file is read, and is not there inside" {
	[[ $(as_tester bash -c 'exec 9< <(echo content) 10</; croft run --file 9 /file -- \
		sh -c "cat /file; '"$open_ones"'"') == $'content\n0 1 2 3' ]]
}

@test "F01: the reaper keeps none either" {
	ulimit -n "$(ulimit -Hn)"
	begin bash -c "$holding" bash croft run -- sleep 60
	within 5 descendant "$begun" sleep
	local reaper
	reaper=$(awk '{ print $4 }' "/proc/$(descendant "$begun" sleep)/stat")
	[[ $(cat "/proc/$reaper/comm") == croft-reaper ]]
	for fd in "/proc/$reaper/fd/"*; do
		[[ $(readlink "$fd") =~ ^(socket:.*|anon_inode:\[signalfd\]|/proc|anon_inode:\[pidfd\])$ ]] ||
			{ ls -l "/proc/$reaper/fd"; return 1; }
	done
	kill "$begun" && wait "$begun" || true
}

# ---- F03: the first process is opaque ------------------------------------------------

@test "F03: /proc/1 tells nothing of croft, its caller or the host" {
	for arguments in run shell "run --map root" "shell --cap-add all" "run --map auto --cap-add all" \
		"shell --map root --cap-add sys_ptrace --cap-add sys_admin"; do
		allowed as_tester env SECRET=hidden-word "$(command -v croft)" ${arguments} --unsetenv hidden-word -- \
			sh -c 'cd /proc/1 && tr "\0" "\n" <cmdline; cat comm
			for file in environ mem maps auxv syscall stack io smaps pagemap; do
				test -z "$(head -c 16 $file 2>/dev/null | tr -d "\0")" || echo "read $file"
			done
			for link in exe cwd root; do readlink $link; done
			ls fd fdinfo map_files 2>/dev/null
			grep -l "hidden-wor[d]" /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null || :'
		lacks hidden-word
		lacks 'read '
		run grep -v -e '^croft: reaper *$' -e '^croft-reaper$' -e '^ *$' <<<"$output"
		[[ -z $output ]] || { echo "croft $arguments: $output"; return 1; }
	done
}
