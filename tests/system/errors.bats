#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a shell below
# shellcheck disable=SC2030,SC2031,SC2154 # bats and setup.bash set what is read
#
# What croft says when it cannot: one sentence with phase, act, object and reason, what
# the user can do about it, and nothing that steers a terminal.

load setup

# one_sentence: the last output is one line from croft, and at most one hint below it.
one_sentence() {
	[[ ${lines[0]} == 'croft: '* && ${#lines[@]} -le 2 ]] || { echo "$output"; return 1; }
	[[ ${#lines[@]} -eq 1 || ${lines[1]} == 'croft: hint: '* ]]
}

# ---- the sentence --------------------------------------------------------------------

@test "phase, act, object and reason are told, once, on standard error" {
	while IFS='|' read -r status sentence arguments; do
		run -"$status" --separate-stderr as_tester bash -c "exec croft $arguments"
		[[ -z $output ]]
		[[ ${stderr_lines[0]} == "croft: $sentence" ]] ||
			{ echo "croft $arguments"; echo "expected: croft: $sentence"; echo "got: $stderr"; return 1; }
		[[ ${#stderr_lines[@]} -le 2 ]]
		[[ ${#stderr_lines[@]} -eq 1 || ${stderr_lines[1]} == 'croft: hint: '* ]]
	done <<-'END'
		125|sources: bind /nowhere on /mnt: take hold of the source: No such file or directory|run --bind /nowhere /mnt -- true
		125|sources: bind /nowhere on /: take hold of the source: No such file or directory|shell /nowhere -- true
		125|root: chmod 755 /nowhere: No such file or directory|run --chmod 0755 /nowhere -- true
		125|user: --user: /etc/passwd inside has no user nosuch|run --user nosuch -- true
		125|directory: --chdir /nowhere: No such file or directory|run --chdir /nowhere -- true
		127|command: run nosuch: No such file or directory|run -- nosuch
		126|command: run /etc/passwd: Permission denied|run -- /etc/passwd
		125|no command to run is given|run
		125|there is no command rn|rn
		125|there is no option --nosuch|run --nosuch -- true
		125|--bind needs DEST|run --bind /usr
		125|--hostname needs NAME|run --hostname
		125|--share-net takes nothing after an equals sign|run --share-net=1 -- true
		125|croft needs to be told, before its options, what to do: run, shell or explain|
		125|croft explain needs to be told what to do: run, shell or explain|explain
	END
}

@test "hints say what to do" {
	while IFS='|' read -r status hint arguments; do
		refused "$status" "croft: hint: $hint" as_tester bash -c "exec croft $arguments"
		one_sentence
	done <<-'END'
		125|the -try forms of the bind options pass over a missing source|run --bind /nowhere /mnt -- true
		125|a UID or UID:GID needs no entry there|run --user nosuch -- true
		127|only what croft explain lists exists inside; --ro-bind shows more of the host|run -- nosuch
		125|for example: croft run -- ls /; croft shell gives a shell|run
		125|the commands are run, shell and explain, as in: croft run -- rn; croft --help tells more|rn
		125|put it directly before the operation, as in --overlay-src . --tmp-overlay /work|run --overlay-src . -- true
		125|--map root makes you 0; --map auto and --map sub map what is delegated to you|run --user 0 -- true
		125|a command for the shell comes after --|shell / true
	END
}

@test "what cannot be written is an error" {
	for arguments in --help --version "explain run -- true" "explain --json shell"; do
		# shellcheck disable=SC2086 # the words of the arguments
		refused 125 'No space left on device' as_tester bash -c "croft $arguments >/dev/full"
	done
	run as_tester bash -c 'croft run --bind /nowhere /mnt -- true 2>&-'
	[[ $status -eq 125 && -z $output ]]
}

@test "a name that is too long for a message is cut, and the cut is marked" {
	refused 126 'File name too long' as_tester croft run -- "$(printf 'x%.0s' {1..5000})"
	one_sentence
	says 'xxx...: '
	[[ ${#lines[0]} -lt 500 ]]
}

# ---- T04: names that would steer a terminal ------------------------------------------

# no_control: nothing in the last output but printable text and line ends, and no line
# that a name has begun.
no_control() {
	printf '%s\n' "$output" | LC_ALL=C perl -ne 'if (/[\x00-\x09\x0b-\x1f\x7f]/ || /\xc2[\x80-\x9f]/ ||
		/\xe2\x80[\xa8-\xae]/ || /(?<![\xc2-\xf4\x80-\xbf])[\x80-\xbf]/) { print "steers: ", unpack("H*", $_), "\n"; exit 1 }'
	lacks $'\ncroft: forged'
}

steering=$'\e]0;title\a\x9b31m\x7f\r\b\ncroft: forged\u202e\u009b2J'

@test "T04: no byte of a name reaches the terminal raw" {
	while read -r arguments; do
		run as_tester bash -c "name=\$1; croft $arguments; echo status \$?" bash "$steering"
		[[ $output =~ status\ 12[567]$ ]] || { echo "croft $arguments: $output"; return 1; }
		says '\x1b]0;title'
		no_control
	done <<-'END'
		"$name"
		explain "$name"
		run "--$name" -- true
		run "--$name=1" -- true
		run -- "$name"
		run -- "/$name"
		run --chdir "$name" -- true
		run --bind "/nowhere$name" /mnt -- true
		run --bind /usr "mnt$name" -- true
		run --symlink x "relative$name" -- true
		run --chmod 0755 "/x$name" -- true
		run --user "$name" -- true
		run --user "5$name" -- true
		run --hostname "$name" -- true
		run --map "$name" -- true
		run --uid-map "$name" -- true
		run --map-source "$name" -- true
		run --setenv "A=$name" 1 -- true
		run --cap-add "$name" -- true
		run --rlimit "$name" -- true
		run --rlimit "core=$name" -- true
		run --perms "$name" --dir /x -- true
		run --file "$name" /x -- true
		run --rootfs "/nowhere$name" -- true
		shell "/nowhere$name"
		shell / "$name"
		shell --argv0 "$name"
	END
}

# Control: a launcher that takes the last failure that it hears of for the cause.
@test "the first failure inside is the one that is told, to a watcher, too" {
	for _ in {1..60}; do
		refused 125 'sources: bind /nowhere on /x: take hold of the source' as_tester sh -c \
			'croft run --share-pid --json-status-fd 9 --bind /nowhere /x -- true 9>/dev/null'
	done
}

@test "T04: nor in what explain prints" {
	for json in "" --json; do
		# shellcheck disable=SC2086 # an option or none
		allowed as_tester croft explain $json run --setenv A "$steering" --dir "/$steering" --argv0 "$steering" \
			--chdir "/$steering" --bind-try "/$steering" "/x$steering" -- "$steering" "$steering"
		says 'title'
		no_control
	done
	allowed as_tester bash -c 'croft explain --json run --setenv A "$1" -- x "$1" | perl -MJSON::PP -0777 -ne \
		"decode_json(\$_); print qq(sound\n)"' bash $'\e"\\\n\t\x01'
	[[ $output == sound ]]
}

@test "T04: nor from the host's files, in a warning" {
	local first

	read -r first _ < <(subordinate uid)
	{ cat /etc/passwd; printf '\e]0;title\a:x:%d:100::/:/bin/sh\n' "$((first + 7))"; } >"$ROOM/passwd"
	allowed replacing "$ROOM/passwd" /etc/passwd -- croft run --map auto -- true
	says "takes in UID $((first + 7)), which is \\x1b]0;title\\x07 in /etc/passwd"
	no_control
}

# ---- why namespaces cannot be made ---------------------------------------------------

# limited KIND NUMBER COMMAND…: in a user namespace of the tester's own in which so many
# namespaces of the kind may be made.
limited() {
	as_tester unshare --user --map-root-user sh -c \
		'echo "$2" >"/proc/sys/user/max_$1_namespaces" && shift 2 && exec "$@"' sh "$@"
}

@test "a namespace that is switched off is named, with the sysctl" {
	while read -r kind name; do
		refused 125 "$name namespaces are switched off here" limited "$kind" 0 croft run -- true
		says "croft: $([[ $kind == net ]] && echo network || echo namespaces): cannot make namespaces ("
		says "hint: as root: sysctl user.max_${kind}_namespaces=15000 (it is 0)"
		[[ $kind == @(user|mnt) ]] || says "; --share-$kind does without"
		one_sentence
	done <<-END
		net network
		user user
		mnt mount
		pid PID
		ipc IPC
		uts UTS
		cgroup cgroup
		time time
	END
	for kind in pid ipc uts cgroup time net; do
		allowed limited "$kind" 0 croft run "--share-$kind" -- true
	done
}

# within KIND NUMBER COMMAND…: the same, one user namespace further in, where the limit cannot be read.
within() {
	limited "$1" "$2" unshare --user --map-root-user "${@:3}"
}

@test "a limit that is reached is named, wherever it is" {
	while read -r kind name; do
		refused 125 "the limit of $name namespaces is reached" within "$kind" 0 croft run -- true
		says "hint: user.max_${kind}_namespaces is "
		says ', and may be lower in a container or sandbox around croft'
		one_sentence
		[[ $kind == mnt ]] || allowed within "$kind" 0 croft run "--share-$kind" -- true
	done <<-END
		mnt mount
		pid PID
		net network
		ipc IPC
		uts UTS
		cgroup cgroup
		time time
	END
	# one is there for the sandbox, and none for the payload's second one
	refused 125 'second user namespace: cannot make namespaces (user, mount): the limit of user namespaces is reached' \
		limited user 1 croft run --cap-add chown -- true
	says 'hint: user.max_user_namespaces is 1, and'
	# a mount that is not attached yet is in a namespace of its own
	refused 125 'sources: bind /usr on /usr: take hold of the source: No space left on device' \
		limited mnt 1 croft run -- true
	says 'hint: the limits are in /proc/sys/user/max_mnt_namespaces and /proc/sys/fs/mount-max'
}

@test "a limit that is reached, and nesting that is too deep, are told" {
	refused 125 'the limit of user namespaces is reached, or they are nested too deep' \
		limited user 1 unshare --user --map-root-user croft run --cap-add chown -- true
	says '; user namespaces nest 32 deep'
	cat >"$ROOM/nest" <<-'END'
		#!/bin/sh
		unshare --user --map-root-user true 2>/dev/null || exec croft run --map root -- true
		exec unshare --user --map-root-user "$0"
	END
	chmod -R a+rx "$ROOM"
	refused 125 'the limit of user namespaces is reached, or they are nested too deep' as_tester "$ROOM/nest"
}

@test "a caller without IDs is told" {
	refused 125 'the caller has no ID in the user namespace around it: Operation not permitted' \
		as_tester unshare --user croft run -- true
	says 'hint: a user namespace without a UID and a GID map can have no child'
}

# make_chroot: croft, what it links, and nothing else.
make_chroot() {
	mkdir -p "$ROOM/tree/proc"
	cp "$(command -v croft)" "$ROOM/tree/croft"
	ldd "$ROOM/tree/croft" 2>/dev/null | grep -ao '/[^ ]*' | while read -r library; do
		cp --parents -L "$library" "$ROOM/tree"
	done
	chmod -R a+rX "$ROOM"
}

@test "a chroot is told" {
	make_chroot
	refused 125 'this process is in a chroot, where the kernel allows no user namespace: Operation not permitted' \
		chroot --userspec="$tester_uid:$tester_gid" "$ROOM/tree" /croft run --empty-root -- /x
	says 'hint: start it outside, or enter the tree with pivot_root(2): croft shell DIR does'
	one_sentence
	# onto a mount it cannot be told from other causes, so that is said
	refused 125 'cannot make namespaces' unshare --mount sh -c 'mount --bind "$1" "$1"
		exec chroot --userspec="$2" "$1" /croft run --empty-root -- /x' sh "$ROOM/tree" "$tester_uid:$tester_gid"
	says 'Operation not permitted'
	says 'hint: a security module, or a chroot into a mount, may be the cause'
}

# The two sysctls exist on other distributions' kernels: files of their names stand in,
# while a filter refuses as those kernels would.
with_sysctl() { # SYSCTL VALUE CALL: that sysctl, and EPERM from that system call
	probe withhold >/dev/null
	mkdir -p "$ROOM/$1"
	cp /proc/sys/kernel/cap_last_cap "$ROOM/$1/"
	echo "$2" >"$ROOM/$1/$1"
	chmod -R a+rX "$ROOM"
	"$ROOM/withhold" EPERM "$3" unshare --mount sh -c 'mount --bind "$1" /proc/sys/kernel && shift && exec "$@"' \
		sh "$ROOM/$1" setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups croft run -- true
}

@test "the sysctls of Debian and of AppArmor are told" {
	refused 125 'unprivileged user namespaces are switched off here: Operation not permitted' \
		with_sysctl unprivileged_userns_clone 0 clone3
	says 'hint: as root: sysctl kernel.unprivileged_userns_clone=1'
	refused 125 'AppArmor restricts user namespaces here: Operation not permitted' \
		with_sysctl apparmor_restrict_unprivileged_userns 1 clone3
	says 'hint: croft needs an AppArmor profile with "userns,"'
	# namespaces can be made there, and then nothing can be done in them
	refused 125 'namespaces: set the host name to croft: Operation not permitted' \
		with_sysctl apparmor_restrict_unprivileged_userns 1 sethostname
	says 'hint: AppArmor lets user namespaces be made here but not used'
	# where they say that all is well, they are not blamed
	refused 125 'a seccomp filter around this process refuses it' with_sysctl unprivileged_userns_clone 1 clone3
	refused 125 'a seccomp filter around this process refuses it' \
		with_sysctl apparmor_restrict_unprivileged_userns 0 clone3
}

@test "without /proc it says so" {
	mkdir "$ROOM/none"
	refused 125 '/proc' replacing "$ROOM/none" /proc -- croft run -- true
	one_sentence
}

@test "explain prints a path of 4,000 bytes whole" {
	local long
	printf -v long '/%0199d' {1..20}
	for json in '' --json; do
		# shellcheck disable=SC2086 # an option, or none
		allowed as_tester croft explain $json run --tmpfs "$long" --bind / "$long/x" -- true
		[[ $(grep -cF "write $long/x" <<<"$output") -eq 1 ]]
	done
}
