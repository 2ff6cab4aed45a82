#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # setup.bash sets tester_uid and tester_gid
#
# The examples of the manual work as they are printed there, and its sentences on
# what is refused are true.

load setup

# What the examples of a page need beside croft: marked in it as  .\" needs WHAT
# within a display.  A display is one story: its lines run in one directory.
pages=(croft.1 croft-run.1.in croft-shell.1 croft-explain.1)

# displays PAGE: numbers of the displays in its EXAMPLES.
displays() {
	awk '/^\.Sh/ { on = /EXAMPLES/ } on && /^\.Bd/ { print ++n }' "$CROFT_SOURCE/man/$1"
}

# display PAGE NUMBER: its commands, without the prompt, and its needs.
display() {
	awk -v wanted="$2" '
		/^\.Sh/ { on = /EXAMPLES/ }
		on && /^\.Bd/ { n++ }
		on && n == wanted && /^\.\\" needs / { print "#", $3 }
		on && n == wanted && sub(/^\$ /, "") { gsub(/\\e/, "\\"); gsub(/\\-/, "-"); print }
	' "$CROFT_SOURCE/man/$1"
}

# is_delegated ID: may the tester map it?
is_delegated() {
	local first count
	read -r first count < <(subordinate uid)
	[[ $1 -ge $first && $1 -lt $((first + count)) ]]
}

# story PAGE NUMBER: runs a display, each line of which must succeed.
story() {
	local line directory=$ROOM/$1-$2
	mkdir "$directory"
	printf 'Dear reader\n' >"$directory/letter.txt"
	chown -R "$tester_uid:$tester_gid" "$directory"
	while read -r line; do
		if [[ $line == '# '* ]]; then
			[[ ${line#\# } != display ]] || return 0
			[[ ${line#\# } == network ]] || is_delegated "${line#\# }" || return 0
			continue
		fi
		echo "\$ $line"
		(cd "$directory" && as_tester bash -c "$line") </dev/null || {
			echo "status $?: $line"
			return 1
		}
		ran=$((ran + 1))
	done < <(display "$1" "$2")
}

# stories PAGE: all displays that need no network; what they print is in $output.
stories() {
	local number failed=0 ran=0
	for number in $(displays "$1"); do
		if [[ $(display "$1" "$number") != *"# network"* ]]; then
			story "$1" "$number" || failed=1
		fi
	done >"$ROOM/log" 2>&1
	output=$(<"$ROOM/log")
	[[ $failed -eq 0 && $ran -gt 0 ]] || { echo "$output"; return 1; }
}

@test "every page has examples" {
	for page in "${pages[@]}"; do
		[[ -n $(displays "$page") ]]
	done
}

@test "the examples of croft(1) work" {
	stories croft.1
	says 'uid=0(root)'
}

@test "the examples of croft-run(1) work" {
	stories croft-run.1.in
	[[ $output == *$'\n33' ]]
	says '/tmp/letter.txt'
	says 'Dear reader'
}

@test "the examples of croft-explain(1) work" {
	stories croft-explain.1
	says 'ro-bind letter.txt /letter.txt'
	says '"identity": {'
}

@test "the examples with a display: whoever listens is reached where the command looks" {
	local number line name greet='use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => shift) or die "$!\n"; print <$s>'
	for name in wl proxy; do
		begin perl -e "use IO::Socket::UNIX; \$l = IO::Socket::UNIX->new(Local => \"$ROOM/$name\", Listen => 1);
			\$l->accept->print(\"this is $name\")"
		within 5 test -S "$ROOM/$name"
	done
	for number in $(displays croft-run.1.in); do
		while read -r line; do
			[[ $line == *'--bind-socket "$XDG'* ]] || continue
			as_tester env XDG_RUNTIME_DIR="$ROOM" WAYLAND_DISPLAY=wl DBUS_SESSION_BUS_ADDRESS= \
				bash -c "${line% -- *} -- sh -c 'exec perl -e \"\$0\" \"\${DBUS_SESSION_BUS_ADDRESS#*=}\${WAYLAND_DISPLAY:+/run/wayland}\"' '$greet'"
		done < <(display croft-run.1.in "$number")
	done >"$ROOM/log" 2>&1
	[[ $(<"$ROOM/log") == "this is wlthis is proxy" ]] || { cat "$ROOM/log"; return 1; }
}

@test "the examples of croft-shell(1) that need no network work" {
	stories croft-shell.1
	says 'uid=0(root)'
	says ' 33 33 '
}

@test "the Debian tree of croft-shell(1) is made, used and removed" {
	local ran=0 number
	number=$(for n in $(displays croft-shell.1); do
		[[ $(display croft-shell.1 "$n") != *"# network"* ]] || echo "$n"
	done)
	[[ -n $number ]]
	story croft-shell.1 "$number" >"$ROOM/log" || { cat "$ROOM/log"; return 1; }
	output=$(<"$ROOM/log")
	says 'Hello, world!'
	says 'uid=1000(joe) gid=1000(joe)'
	[[ $output =~ $'\n12.'[0-9]+$'\n' ]]
	[[ $ran -ge 9 ]]
	[[ -z $(ls -A "$ROOM/croft-shell.1-$number/trees") ]]
}

@test "the examples leave nothing running" {
	stories croft.1
	nobody_left
}

# ---- what an example does, not only that it ends well ----------------------------

@test "the overlay of the example leaves the directory as it was" {
	echo text >letter.txt
	allowed as_tester croft run --overlay-src . --tmp-overlay /work --chdir /work -- \
		sh -c 'rm letter.txt && test ! -e letter.txt && echo gone'
	says gone
	[[ -e letter.txt ]]
}

@test "the bound directory of the example takes what was written" {
	allowed as_tester croft run --bind . /work --chdir /work -- touch new
	[[ -e new && $(stat -c %u new) -eq $tester_uid ]]
}

@test "the ranges of the example are exactly these" {
	read -r first _ < <(subordinate uid)
	read -r group _ < <(subordinate gid)
	allowed as_tester croft run --uid-map "0:$first:1000" --gid-map "0:$group:1000" -- \
		cat /proc/self/uid_map
	[[ $output =~ ^\ *0\ +$first\ +1000$ ]]
}

# ---- on sources and paths ---------------------------------------------------------

@test "a missing source is an error that names it, and the -try forms pass over it" {
	refused 125 'bind /nowhere on /mnt: take hold of the source: No such file or directory' \
		as_tester croft run --ro-bind /nowhere /mnt -- true
	allowed as_tester croft run --ro-bind-try /nowhere /mnt -- test ! -e /mnt
}

@test "a relative source is the caller's; a relative path inside is refused" {
	echo text >f
	allowed as_tester croft run --ro-bind f /mnt/f -- cat /mnt/f
	[[ $output == text ]]
	refused 125 "must begin with /, unlike 'mnt/f'" as_tester croft run --ro-bind f mnt/f -- true
}

@test "a file on a directory, and a directory on a file, are refused" {
	touch f
	refused 125 'the target is a directory, the source is not' \
		as_tester croft run --ro-bind f /usr -- true
	refused 125 'the source is a directory, the target is not' \
		as_tester croft run --ro-bind . /etc/passwd -- true
}

@test "a link inside leads to a place inside" {
	as_tester mkdir tree victim
	as_tester ln -s "$ROOM/victim" tree/absolute
	as_tester ln -s ../../../../../../../../../../tmp tree/relative
	run -127 as_tester croft run --rootfs tree --dir /absolute/x --dir /relative/x -- true
	[[ -d tree/tmp/x && -d "tree$ROOM/victim/x" ]]
	[[ -z $(ls -A victim) && ! -e /tmp/x ]]
}

@test "links that go in circles are refused, outside and inside" {
	as_tester ln -s b a
	as_tester ln -s a b
	refused 125 'Too many levels of symbolic links' as_tester croft run --ro-bind a /mnt -- true
	refused 125 'Too many levels of symbolic links' \
		as_tester croft run --bind . /w --dir /w/a/x -- true
}

# path LENGTH: such a path inside.
path() {
	local path=''
	while ((${#path} + 202 < $1)); do
		path+=/$(printf 'd%.0s' {1..200})
	done
	path+=/
	while ((${#path} < $1)); do
		path+=x
	done
	echo "$path"
}

@test "a path of 4095 bytes works, and one of 4096 is refused" {
	[[ $(path 4095 | wc -c) -eq 4096 ]]
	touch f
	allowed as_tester croft run --ro-bind f "$(path 4095)" --dir "$(path 4094)y" -- true
	refused 125 'the path inside has 4096 bytes: File name too long' \
		as_tester croft run --ro-bind f "$(path 4096)" -- true
}

@test "a socket and a FIFO are shown when they are asked for as such, and nothing waits for them" {
	as_tester mkfifo fifo
	as_tester python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	allowed timeout 10 setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups \
		croft run --bind-socket fifo /f --bind-socket socket /s -- \
		sh -c 'test -p /f && test -S /s && echo both'
	says both
	refused 125 '--bind-socket shows it' as_tester timeout 10 croft run --ro-bind fifo /f -- true
	refused 125 '--bind-socket shows it' as_tester timeout 10 croft run --ro-bind socket /s -- true
}

# ---- on exit statuses and diagnostics ---------------------------------------------

@test "exit statuses are those of the manual" {
	refused 7 '' as_tester croft run -- sh -c 'exit 7'
	refused 137 '' as_tester croft run -- sh -c 'kill -KILL $$'
	run -127 as_tester croft run -- nothing-here
	says 'command: run nothing-here: No such file or directory'
	refused 126 'command: run /etc/passwd: Permission denied' as_tester croft run -- /etc/passwd
	refused 125 'there is no option --frobnicate' as_tester croft run --frobnicate -- true
}

@test "explain starts nothing, and does not miss a source" {
	allowed as_tester croft explain run --ro-bind /nowhere /mnt -- sh -c 'touch started'
	says '    ro-bind /nowhere /mnt   as you said'
	[[ ! -e started ]]
	refused 125 '--map and --uid-map exclude each other' \
		as_tester croft explain run --map sub --uid-map 0:1:1 -- true
}

# Options that open nothing: who is who, what is there, and what restricts or tells.
open_nothing="map uid-map gid-map map-source user hostname disable-userns assert-userns-disabled boottime-offset
	monotonic-offset rootfs rootfs-ro empty-root bind bind-try ro-bind ro-bind-try bind-fd ro-bind-fd tmpfs dir
	file bind-data ro-bind-data symlink proc dev sys mqueue overlay-src overlay tmp-overlay ro-overlay remount-ro
	chmod perms size chdir setenv unsetenv clearenv argv0 cap-drop die-with-parent time-limit add-seccomp-fd
	deny-syscalls seccomp-policy allow-tcp-connect allow-tcp-bind selinux-label selinux-file-label selinux-mcs
	apparmor-profile args block-fd sync-fd lock-file info-fd json-status-fd help version"

# Control: a row taken out of weaker.c, or an option out of either list.
@test "each part that explain prints stands in its manual" {
	allowed as_tester croft explain run --json-status-fd 1 --share-net --allow-tcp-bind 1 -- true
	while read -r part; do
		grep -qE "^\.It (.* )?$part( |\$)" "$CROFT_SOURCE/man/croft-explain.1" || { echo "$part"; return 1; }
	done < <(grep -oE '^[a-z-]+' <<<"$output")
}

@test "explain lists what options made weaker than the default, and nothing unasked" {
	local options sentence opening='' option
	allowed as_tester croft explain run -- true
	[[ ${lines[-1]} == weaker-than-default ]]
	while IFS='|' read -r sentence options; do
		# shellcheck disable=SC2086 # words of a command line
		allowed as_tester croft explain run $options -- true 9</
		says $'\nweaker-than-default\n'
		[[ ${output##*weaker-than-default} == *$'\n'"    $sentence"* ]] || { echo "$options: $output"; return 1; }
		opening+=" $options"
	done <<-'END'
		--share-net: |--share-net
		abstract sockets of the caller's|--share-net --share-abstract-sockets
		--share-uts: |--share-uts
		--share-cgroup: |--share-cgroup
		--share-time: |--share-time
		setgroups: |--map auto --setgroups allow
		the source /: |--bind / /host
		the source /: |--rootfs-ro /
		--fd: |--fd 9
		--allow-nesting: |--allow-nesting
		--seccomp off: |--seccomp off
		--share-pid: |--share-pid
		--share-ipc: |--share-ipc
		capabilities: |--cap-add net_raw
		--allow-sockets: |--allow-sockets
		--bind-socket: |--bind-socket /nowhere /s
		--dev-bind: |--dev-bind /nowhere /d
		--dev-bind: |--dev-bind-try /nowhere /d
		--fd-dir: |--fd-dir 9
		--rlimit core: |--rlimit core=0
		--rlimit core: |--rlimit core=1:unlimited
		--share-keyring: |--share-keyring
		--seccomp-log: |--seccomp-log
		--allow-ptrace: |--allow-ptrace
		--allow-syscalls: |--allow-syscalls bpf
		--landlock off: |--landlock off
		no second wall |--landlock on --allow-nesting
		--share-tty: |--share-tty
		--new-session: |--new-session
		--no-die-with-parent: |--no-die-with-parent
		--as-pid-1: |--as-pid-1
		read-only /w/a/b can lose its name: what lies between it and /w |--bind /tmp /w --ro-bind /tmp /w/a/b
		read-only /w/a/b/c can lose its name: what lies between it and /w/a |--bind /tmp /w --bind /tmp /w/a --ro-bind /tmp /w/a/b/c
		read-only /a/b can lose its name: what lies between it and / |--rootfs /tmp --ro-bind /tmp /a/b
	END
	# --landlock try is no weaker where the kernel can do it
	refused 125 'this kernel has no Landlock' as_tester strace -f -qq -o /dev/null -e trace=landlock_create_ruleset \
		-e inject=landlock_create_ruleset:error=ENOSYS croft explain run -- true
	allowed as_tester strace -f -qq -o /dev/null -e trace=landlock_create_ruleset \
		-e inject=landlock_create_ruleset:error=ENOSYS croft explain run --landlock try -- true
	[[ ${output##*weaker-than-default} == *'--landlock try: this kernel has no second wall'* ]]
	# and no option is in neither list
	for option in $(croft run --help | sed -n 's/^ *--\([a-z0-9-]*\).*/\1/p'); do
		[[ " ${open_nothing//[[:space:]]/ } " == *" $option "* || "$opening " == *" --$option "* ]] || echo "$option"
	done >missing
	cat missing
	[[ ! -s missing ]]
	for options in "--bind /tmp /w --ro-bind /tmp /w/a" "--bind /tmp /w --bind /tmp /w/a --ro-bind /tmp /w/a/b" \
		"--ro-bind /tmp /w --ro-bind /tmp /w/a/b" "--tmpfs /w --ro-bind /tmp /w/a/b" \
		"--bind /tmp /w --ro-bind /tmp /wall/a/b"; do
		# shellcheck disable=SC2086
		allowed as_tester croft explain run $options -- true
		[[ ${lines[-1]} == weaker-than-default ]]
	done
}

@test "control characters in names are printed as text" {
	name=$'\e]0;title\a'
	refused 125 'bind \x1b]0;title\x07 on /mnt' as_tester croft run --ro-bind "$name" /mnt -- true
	lacks "$name"
	allowed as_tester croft explain --json run --ro-bind "$name" /mnt -- true
	says '\u001b]0;title\u0007'
}
