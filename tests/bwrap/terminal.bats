#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for expect
#
# On a terminal, croft-bwrap is bwrap: the terminal is the caller's own, keys reach
# whom they reached, and what dies of them is the same.  Each script at the keys is
# played with the installed bwrap first, so that it tells what bwrap does.

load ../system/setup

setup() {
	make_room
	command -v expect >/dev/null || { echo "expect is not installed"; return 1; }
	payload sleeper <<-'END'
		echo begins
		sleep 1.5
		echo outlived >outlived
	END
}

payload() { # NAME, and its lines on standard input
	cat >"$ROOM/$1"
	chmod 755 "$ROOM" "$ROOM/$1"
}

# The same keys for each of the two; run is the word for it: bind / and here we are.
# A script must come to its end: of an error in it expect's status says nothing.
typing() {
	local program
	for program in "${programs[@]-/usr/bin/bwrap}" "$CROFT_BINDIR/croft-bwrap"; do
		rm -f "$ROOM/outlived"
		type_with "$program" "$1" || return 1
	done
}

type_with() { # PROGRAM SCRIPT
	run as_tester timeout 60 expect -c '
		set timeout 8
		proc await {text} {
			expect {
				-ex $text {}
				timeout { puts "\nNOT SEEN: $text"; exit 1 }
				eof { puts "\nENDED BEFORE: $text"; exit 1 }
			}
		}
		proc keys {text} { send -- $text }
		proc enter {text} { await "@@ "; send -- "$text\r" }
		proc bwrap {text} { enter "'"$1"' --bind / / $text" }
		spawn bash --norc --noprofile --noediting -i
		send "PS1=@\"\"@\" \"; PS2=; stty -echo\r"
		enter "stty -g >before"
		'"$2"'
		enter "exit"
		expect eof
		puts "\nto the end"'
	[[ $status -eq 0 && ${lines[-1]} == 'to the end' ]] && return
	echo "with $1:"
	echo "$output"
	return 1
}

@test "the terminal is the caller's own, with --dev as the console too" {
	payload which <<-'END'
		tty
		test -e /dev/console && echo console
		stty size
		(: </dev/tty) && echo opens
	END
	typing '
		enter "stty rows 33 cols 77"
		bwrap "-- sh which >one; tty >two; head -n 1 one | cmp - two && echo same"
		await "same"
		bwrap "--dev /dev -- sh which"
		await "console"
		await "33 77"
		await "opens"'
}

@test "^C ends command and program, and the status tells" {
	typing '
		bwrap "-- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"
		enter "sleep 1.5; test -e outlived || echo ended"
		await "ended"'
}

@test "^C in a PID namespace ends them too" {
	typing '
		bwrap "--unshare-pid -- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"
		enter "sleep 1.5; test -e outlived || echo ended"
		await "ended"'
}

@test "^C does not reach a new session, which lives on without the program" {
	typing '
		bwrap "--new-session -- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"
		enter "sleep 2.5; cat outlived"
		await "outlived"'
}

@test "^C ends a new session by --die-with-parent" {
	typing '
		bwrap "--new-session --die-with-parent --unshare-pid -- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"
		enter "sleep 2.5; test -e outlived || echo ended"
		await "ended"'
}

@test "a new session has no terminal to open, but its descriptors" {
	payload opener <<-'END'
		(: </dev/tty) 2>/dev/null || echo nothing to open
		test -t 0 && echo a terminal
	END
	typing '
		bwrap "--new-session -- sh opener"
		await "nothing to open"
		await "a terminal"'
}

@test "as process 1 the command does not mind ^C, and --die-with-parent does" {
	typing '
		bwrap "--unshare-pid --as-pid-1 -- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"
		bwrap "--unshare-pid --as-pid-1 --die-with-parent -- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"'
}

# The launcher dies of it at once, so the prompt comes before or after what is caught; the
# empty line brings another.
@test "^\\ is SIGQUIT, which a command can take as it likes" {
	payload catcher <<-'END'
		trap 'echo caught; exit 9' QUIT
		echo begins
		while :; do sleep 0.1; done
	END
	typing '
		bwrap "--unshare-pid -- sh catcher"
		await "begins"
		keys "\034"
		await "caught"
		keys "\r"
		enter "echo status=\$?"
		await "status=131"'
}

@test "^Z stops the job, and fg goes on" {
	payload reader <<-'END'
		echo begins
		while read -r line; do echo "got $line"; done
	END
	typing '
		bwrap "-- sh reader"
		await "begins"
		keys "\032"
		await "Stopped"
		sleep 0.3
		enter "fg"
		await "reader"
		sleep 0.3
		keys "more\r"
		await "got more"
		keys "\004"
		enter "echo status=\$?"
		await "status=0"'
}

@test "a shell inside has job control" {
	typing '
		bwrap "--unshare-pid -- bash --norc --noprofile --noediting -i"
		keys "PS1=%\"\"%\" \"; stty -echo\r"
		await "%% "
		keys "sleep 60\r"
		sleep 0.3
		keys "\032"
		await "Stopped"
		await "%% "
		keys "kill -KILL %1; sleep 0.5; exit 4\r"
		enter "echo status=\$?"
		await "status=4"'
}

@test "in the background it is not stopped, and reading there stops it" {
	typing '
		bwrap "-- sh -c \"sleep 0.5; echo later\" &"
		enter "wait %1; echo status=\$?"
		await "later"
		await "status=0"
		bwrap "-- cat &"
		enter "sleep 0.5; jobs"
		await "Stopped"
		enter "kill -KILL %1; wait; echo killed"
		await "killed"'
}

@test "the terminal going away takes the command along, as it takes any" {
	payload stayer <<-'END'
		trap 'echo hung up >hung-up; exit' HUP
		echo begins
		while :; do sleep 0.1; done
	END
	for program in /usr/bin/bwrap "$CROFT_BINDIR/croft-bwrap"; do
		rm -f hung-up
		as_tester timeout 30 expect -c '
			set timeout 8
			spawn '"$program"' --bind / / sh stayer
			expect begins
			close'
		within 5 test -s hung-up
	done
	nobody_left
}

@test "control: the scripts tell a session and a terminal apart" {
	printf '#!/bin/sh\nexec setsid -w %s "$@"\n' "$CROFT_BINDIR/croft-bwrap" >"$ROOM/weaker"
	chmod 755 "$ROOM/weaker"
	run type_with "$ROOM/weaker" '
		bwrap "-- sh -c \": </dev/tty && echo opens\""
		await "opens"'
	[[ $status -ne 0 ]]
	printf '#!/bin/sh\nexec %s --die-with-parent "$@"\n' "$CROFT_BINDIR/croft-bwrap" >"$ROOM/weaker"
	run type_with "$ROOM/weaker" '
		bwrap "--new-session -- sh sleeper"
		await "begins"
		sleep 0.5
		keys "\003"
		enter "sleep 2.5; cat outlived && echo it\" \"did"
		await "it did"'
	[[ $status -ne 0 ]]
}
