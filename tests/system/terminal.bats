#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for expect
#
# Between the caller's terminal and the payload lies a private one: signals and job
# control pass, settings come back, and nothing can be typed for the caller.

load setup

# Payloads are files in the room, which is /mnt inside, to be spared four layers of quotes.
payload() { # NAME, and its lines on standard input
	cat >"$ROOM/$1"
	chmod 755 "$ROOM" "$ROOM/$1"
}

# typing SCRIPT: an interactive shell of the tester's on a new terminal, and expect's
# SCRIPT at the keys.  enter COMMAND waits for the shell's prompt first; keys TEXT does
# not; await TEXT waits for the text.  Whatever the script did, the settings of the
# terminal must be afterwards what they were before.  It must come to its end: of an
# error in it expect's status says nothing.
typing() {
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
		proc croft {text} { enter "croft run --ro-bind . /mnt $text" }
		spawn bash --norc --noprofile --noediting -i
		send "PS1=@\"\"@\" \"; PS2=; stty -echo\r"
		enter "stty -g >before"
		'"$1"'
		enter "stty -g | cmp before - && echo settings same"
		await "settings same"
		enter "exit"
		expect eof
		puts "\nto the end"'
	[[ $status -eq 0 && ${lines[-1]} == 'to the end' ]] && return
	echo "$output"
	return 1
}

setup() {
	make_room
	command -v expect >/dev/null || { echo "expect is not installed"; return 1; }
	payload sleeper <<-'END'
		echo begins
		sleep 60
	END
}

@test "S05 the payload's terminal is its own, of the caller's size, which it follows" {
	payload size <<-'END'
		tty
		stty size
		read -r line
		stty size
	END
	typing '
		enter "stty rows 33 cols 77"
		croft "-- sh /mnt/size"
		await "/dev/pts/0"
		await "33 77"
		stty rows 40 columns 90 < $spawn_out(slave,name)
		keys "\r"
		await "40 90"'
}

@test "S06 none of its descriptors is the caller's terminal" {
	payload descriptors <<-'END'
		readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2
	END
	typing '
		croft "-- sh /mnt/descriptors"
		await "/dev/pts/0\r\n/dev/pts/0\r\n/dev/pts/0"
		enter "tty | grep -v ^/dev/pts/0$ || croft run -- ls /dev/pts"'
}

@test "S05 S06 control: --share-tty hands the caller's terminal over" {
	typing '
		enter "mine=\$(stat -Lc %t:%T /dev/stdin); echo mine \$mine"
		enter "theirs=\$(croft run --share-tty -- stat -Lc %t:%T /proc/self/fd/0)"
		enter "test \$mine = \$theirs && echo handed over"
		await "handed over"'
}

@test "^C ends the payload, and croft says so by its status" {
	typing '
		croft "-- sh /mnt/sleeper"
		await "begins"
		# a shell that is just forking takes the signal and waits for its child all the same
		sleep 0.5
		keys "\003"
		enter "echo status=\$?"
		await "status=130"'
}

@test "^\\ is SIGQUIT, which a payload can take as it likes" {
	payload catcher <<-'END'
		trap 'echo caught; exit 9' QUIT
		echo begins
		while :; do sleep 0.1; done
	END
	typing '
		croft "-- sh /mnt/catcher"
		await "begins"
		keys "\034"
		await "caught"
		enter "echo status=\$?"
		await "status=9"'
}

@test "^Z stops payload and croft with the settings restored, and fg goes on" {
	payload reader <<-'END'
		echo begins
		while read -r line; do echo "got $line"; done
	END
	typing '
		croft "-- sh /mnt/reader"
		await "begins"
		keys "\032"
		await "Stopped"
		enter "stty -g | cmp before - && echo as before"
		await "as before"
		enter "fg"
		await "reader"
		sleep 0.3
		keys "more\r"
		await "got more"
		keys "\004"
		enter "echo status=\$?"
		await "status=0"'
}

@test "a shell inside stops a job of its own, without croft stopping" {
	typing '
		croft "-- bash --norc --noprofile --noediting -i"
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

@test "the end of what is typed arrives" {
	typing '
		croft "-- wc -l"
		sleep 0.3
		keys "one\rtwo\r\004"
		await "2\r"'
}

@test "the end of what was typed before croft began arrives, too" {
	# script(1) types the end-of-file key at once when its own input is none.
	for typed in '' 'two\nlines\n'; do
		run as_tester sh -c 'printf "$1" | timeout 20 script -qec "sleep 0.5; croft run -- sh -c \"cat; echo ended\"" \
			/dev/null' - "$typed"
		[[ $status -eq 0 && $output == *ended* && $output != *^@* ]]
		[[ $typed != two* || $output == *lines* ]]
	done
}

@test "the settings come back when the payload is killed, fails to start, or croft is told to end" {
	payload spoiler <<-'END'
		stty raw -echo
		kill -KILL $$
	END
	typing '
		croft "-- sh /mnt/spoiler"
		enter "echo status=\$?"
		await "status=137"
		enter "stty -g | cmp before - && echo first"
		await "first"
		croft "-- /nonesuch"
		await "No such file"
		enter "(sleep 1; pkill -TERM -P \$\$ -x croft) &"
		croft "-- sh /mnt/sleeper"
		await "begins"
		enter "echo status=\$?"
		await "status=143"'
}

@test "in the background croft touches nothing and is not stopped" {
	payload later <<-'END'
		sleep 1
		echo later
	END
	typing '
		croft "-- sh /mnt/later &"
		enter "wait %1; echo status=\$?"
		await "later"
		await "status=0"'
}

@test "a pipe stays a pipe, and what is a terminal becomes the private one" {
	payload which <<-'END'
		for fd in 0 1 2; do
			if test -t $fd; then echo "$fd is a terminal"; else echo "$fd is none"; fi
		done
	END
	typing '
		enter "echo word | croft run --ro-bind . /mnt -- sh /mnt/which"
		await "0 is none"
		await "1 is a terminal"
		await "2 is a terminal"
		enter "croft run --ro-bind . /mnt -- sh /mnt/which | cat"
		await "0 is a terminal"
		await "1 is none"
		await "2 is a terminal"'
}

@test "S05 --new-session leaves no terminal to open" {
	payload opener <<-'END'
		(: </dev/tty) 2>/dev/null || echo nothing to open
	END
	typing '
		croft "--new-session -- sh /mnt/opener"
		await "nothing to open"'
}

# pushing COMMAND: what the caller's shell finds to read when the command is over, in
# which a payload pushed characters into every terminal that it could reach.
pushing() {
	probe push >/dev/null
	typing '
		enter "'"$1"'; read -r -t 1 -n 1 left; echo \"LEFT <\$left>\""
		await "pushed"
		await "LEFT"
		expect ">"'
}

@test "T01 characters that the payload pushes never reach the caller's terminal" {
	pushing 'croft run --ro-bind . /mnt -- /mnt/push'
	says "LEFT <>"
	pushing 'croft shell --ro-bind . /mnt -- /mnt/push'
	says "LEFT <>"
	pushing 'croft run --new-session --ro-bind . /mnt -- /mnt/push'
	says "LEFT <>"
}

@test "T01 control: a terminal that is handed over takes them" {
	[[ ! -e /proc/sys/dev/tty/legacy_tiocsti || $(cat /proc/sys/dev/tty/legacy_tiocsti) == 1 ]] ||
		skip "dev.tty.legacy_tiocsti is 0: no terminal takes them here"
	pushing 'croft run --share-tty --allow-syscalls @terminal --ro-bind . /mnt -- /mnt/push'
	says "LEFT <!>"
	pushing 'croft run --share-tty --ro-bind . /mnt -- /mnt/push'
	says "LEFT <>"
}

@test "/dev/console is the terminal that the command has, and is not there without one" {
	payload console <<-'END'
		tty
		stat -c '%n %t:%T' /dev/console
	END
	typing '
		croft "--share-tty -- sh /mnt/console"
		await "/dev/console"
		await "/dev/console 88:"
		croft "--new-session -- sh -c \"tty; tty <&1; test -c /dev/console && echo there\""
		await "/dev/console"
		await "there"
		croft "-- sh -c \"echo a >/dev/console; tty; test -c /dev/console && echo private\""
		await "/dev/pts/0"
		await "private"
		croft "--share-tty -- sh -c \"test -e /dev/console || echo absent >/dev/tty\" | cat"
		await "absent"'
	allowed as_tester croft run -- sh -c 'test ! -e /dev/console'
	allowed as_tester croft run --share-tty -- sh -c 'test ! -e /dev/console'
}

@test "the private terminal is its user's, by number or by name, who can open it" {
	payload owner <<-'END'
		tty
		stat -c 'of %u' /dev/pts/0
		echo opened >/dev/pts/0
	END
	for user in 5 games; do
		typing "
			enter {croft shell / --user $user -- sh \$PWD/owner}
			await /dev/pts/0
			await \"of 5\"
			await opened"
	done
}

# Control: a shell that keeps what it reads takes more than is allowed here.
@test "T05 a flood is passed on in little memory" {
	[[ $(bash -c 'flood=$(yes | head -c 20000000); awk "/VmHWM/ { print \$2 }" /proc/$$/status; : "$flood"') -gt 16384 ]]
	payload flood <<-'END'
		yes | head -c 20000000
		echo done
	END
	typing '
		log_user 0
		croft "-- sh /mnt/flood &"
		enter "sleep 0.3; grep VmHWM /proc/\$!/status >memory; wait %1; echo; echo status=\$?"
		set timeout 30
		await "status=0"'
	[[ $(awk '{ print $2 }' memory) -gt 0 ]]
	[[ $(awk '{ print $2 }' memory) -lt 16384 ]]
}
