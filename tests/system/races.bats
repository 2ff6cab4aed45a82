#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for inside; bats' own variables
#
# P01 to P06: paths that change while a sandbox is made.  Someone exchanges a directory
# and a link all the while.  CROFT_RACE_ROUNDS operations are done in each race;
# make check-races does 20,000.

load setup

rounds=${CROFT_RACE_ROUNDS:-400}

setup() {
	make_room
	make_tree "$ROOM/tree"
	as_tester mkdir -p victim/sub
	as_tester sh -c 'echo canary >victim/file; echo canary >victim/sub/file; chmod 600 victim/file'
	before=$(state victim)
	racer=
}

teardown() {
	[[ -z $racer ]] || kill -9 "$racer" 2>/dev/null || true
	clear_room
}

# race A B: they exchange places from now on.
race() {
	probe exchange >/dev/null
	as_tester "$ROOM/exchange" "$ROOM/$1" "$ROOM/$2" 3>&- &
	racer=$!
	sleep 0.05
}

stop_race() {
	kill -9 "$racer"
	wait "$racer" 2>/dev/null || true
	racer=
}

# race_targets WAY COMMAND…: below /swap, a directory or a link to WAY, ten operations
# in each start.  Inside, WAY leads to a directory of the tree.
race_targets() {
	local way=$1 built=0 i by_link by_directory
	shift
	as_tester mkdir -p tree/swap/sub "tree$ROOM/victim/sub"
	as_tester touch tree/swap/file "tree$ROOM/victim/file"
	as_tester ln -s "$way" tree/link
	race tree/swap tree/link
	for ((i = 0; i < rounds; i += 10)); do
		tried "$@" --dir "/swap/d$i" --bind /etc "/swap/b$i" --file 9 "/swap/f$i" --tmpfs "/swap/t$i/u" \
			--symlink /etc "/swap/s$i" --file 8 /swap/file --chmod 0777 /swap/file --chmod 0700 /swap/sub \
			--ro-bind /etc/hostname "/swap/h$i" --dir "/swap/sub/x$i" \
			-- /bin/sh -c 'cat /swap/sub/file /swap/file; echo built' 9<<<hostile 8<<<hostile
		[[ $output != *built ]] || built=$((built + 1))
		[[ $output != *canary* ]] || break
	done
	stop_race
	by_link=$(find "tree$ROOM/victim" -name '[dbfshx][0-9]*' | wc -l)
	by_directory=$(find tree/swap/ tree/link/ -maxdepth 2 -name '[dbfshx][0-9]*' | wc -l)
	echo "# $rounds operations, $built sandboxes built of $((rounds / 10));" \
		"$by_link names made by way of the link, $by_directory in the directory" >&3
	lacks canary
	[[ $built -gt 0 && $by_link -gt 0 && $by_directory -gt 0 ]]	# it was a race
	[[ $(state victim) == "$before" ]] || {
		diff <(echo "$before") <(state victim)
		return 1
	}
}

in_tree() {
	as_tester croft run --rootfs "$ROOM/tree" --ro-bind /usr /usr "$@"
}

@test "P01 P02: a target that becomes a link out of the root meanwhile: nothing lands outside" {
	race_targets "$ROOM/victim" in_tree
}

@test "P02: by way of .. and of the root's other names" {
	race_targets "../../../../../../../../..$ROOM/victim" in_tree
}

@test "P02: the same without openat2" {
	without_openat2() {
		"$(probe withhold)" ENOSYS openat2 setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups \
			--reset-env env PATH="$PATH" croft run --rootfs "$ROOM/tree" --ro-bind /usr /usr "$@"
	}
	race_targets "$ROOM/victim" without_openat2
}

@test "P02: a mounter that looks and then mounts does escape (control)" {
	as_tester mkdir -p tree/swap/sub source
	as_tester touch source/mark
	as_tester ln -s "$ROOM/victim" tree/link
	race tree/swap tree/link
	# on a machine that is busy the two may take turns so rarely that nothing comes of it
	for _ in {1..10}; do
		run as_tester timeout 60 "$(probe naive)" 50000 "$ROOM/source" "$ROOM/tree/swap/sub" "$ROOM/victim/sub/mark"
		echo "# $output" >&3
		[[ $status -eq 0 && $output =~ \ ([0-9]+)\ escapes ]] || break
		((BASH_REMATCH[1] == 0)) || break
	done
	stop_race
	[[ $status -eq 0 && $output =~ \ ([0-9]+)\ escapes && ${BASH_REMATCH[1]} -gt 0 ]]
}

# What is bound is one of the two, whole and restricted; whichever it is, it is the one
# that was taken hold of, and never what the other name leads to halfway.
@test "P02: a source that changes meanwhile is one of the two, with all restrictions" {
	local i
	as_tester mkdir -p one two
	as_tester sh -c 'echo one >one/name; echo two >two/name'
	as_tester ln -s two link
	before=$(state one two)
	race one link
	local both=$'one\ntwo'
	for ((i = 0; i < rounds; i += 20)); do
		options=()
		for n in {1..20}; do
			options+=(--ro-bind "$ROOM/one" "/x$n")
		done
		tried bare "${options[@]}" --proc /proc -- /bin/sh -c '
			for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
				read name </x$n/name; echo $name
				(echo >/x$n/name) 2>&- && echo written
				(echo >/x$n/made) 2>&- && echo made
			done | sort -u
			grep " /x" /proc/self/mounts | grep -v "ro,nosuid,nodev"'
		if [[ $status -ne 1 || ($output != one && $output != two && $output != "$both") ]]; then
			stop_race
			echo "status $status: $output"
			return 1
		fi
	done
	stop_race
	[[ -e one/name ]] || mv link one.link
	[[ ! -e one/made && ! -e two/made && $(cat two/name) == two ]]
}

@test "P02: a source that is a file and a directory by turns is never bound amiss" {
	local i built=0
	as_tester mkdir thing
	as_tester touch thing/in other
	race thing other
	for ((i = 0; i < rounds; i += 10)); do
		tried bare --ro-bind "$ROOM/thing" /a/x --ro-bind "$ROOM/thing" /b/y --ro-bind "$ROOM/thing" /c/z -- \
			/bin/sh -c 'for f in /a/x /b/y /c/z; do test -f $f || test -e $f/in || echo amiss; done; echo built'
		[[ $output == built && $status -eq 0 ]] || {
			stop_race
			echo "status $status: $output"
			return 1
		}
	done
	stop_race
}

@test "P02: directories that are moved out of the root while one walks through them" {
	as_tester mkdir -p tree/swap/a/b/c other/b/c
	local i built=0
	race tree/swap/a other
	for ((i = 0; i < rounds; i += 4)); do
		tried in_tree --dir "/swap/a/b/c/../../../../d$i" --bind /etc "/swap/a/b/../../../x$i" \
			--file 9 "/swap/a/b/c/../../f$i" --dir "/swap/a/../a/../a/b/n$i" -- /bin/echo built 9<<<hostile
		[[ $output != built ]] || built=$((built + 1))
	done
	stop_race
	echo "# $rounds operations, $built sandboxes built of $((rounds / 4))" >&3
	[[ $built -gt 0 && $(state victim) == "$before" ]]
	run find "$ROOM" -maxdepth 1 -name '[dfnx][0-9]*'
	[[ -z $output ]]
}

# The tree's own /dev, /proc and devices, and links out of it to the victim's, by turns.
race_furniture() { # NAME OPTION…
	local place=$1 i built=0
	shift
	as_tester mkdir -p victim/self/attr victim/pts victim/net
	as_tester sh -c 'for f in null console ptmx self/attr/exec uid_map; do echo canary >victim/$f; done'
	before=$(state victim)
	as_tester mkdir -p tree/dev tree/proc/self/attr
	as_tester ln -s "$ROOM/victim" tree/link
	race "tree/$place" tree/link
	for ((i = 0; i < rounds; i += 10)); do
		tried in_tree "$@" -- /bin/sh -c 'for n in 1 2 3 4 5 6 7 8 9 10; do
			cat /dev/null /proc/self/attr/exec /proc/uid_map; echo written >/dev/null; done 2>/dev/null
			test -c /dev/null && test -d /proc/self/fd && echo built'
		[[ $output != *built ]] || built=$((built + 1))
		[[ $output != *canary* ]] || break
	done
	stop_race
	echo "# $rounds operations, $built sandboxes built of $((rounds / 10))" >&3
	lacks canary
	[[ $built -gt 0 && $(state victim) == "$before" ]]
}

@test "P03 P04: a /dev that becomes a link out of the root meanwhile" {
	race_furniture dev
}

@test "P04 P05: a /proc that becomes a link out of the root meanwhile" {
	race_furniture proc
}

@test "P03: the tree's own devices, which become links to files, are not what is used" {
	local i built=0
	as_tester sh -c 'cd tree/dev && for f in null zero full random urandom tty console ptmx; do echo "of the tree" >$f; done
		ln -s "$0/victim/file" link' "$ROOM"
	race tree/dev/null tree/dev/link
	for ((i = 0; i < rounds; i += 10)); do
		tried in_tree -- /bin/sh -c 'for n in 1 2 3 4 5 6 7 8 9 10; do echo written >/dev/null; cat /dev/null; done; echo built'
		[[ $output == built ]] || break
		built=$((built + 1))
	done
	stop_race
	echo "# $rounds operations, $built sandboxes built of $((rounds / 10))" >&3
	[[ $output == built && $(state victim) == "$before" ]]
}

# Two starts at one time: the other one's command exchanges what this one binds.
#
# Control: bwrap, which shows the victim within these rounds.
@test "P06: a source in what another command can write, a link to elsewhere by turns" {
	local i built=0 refused=0 shown=0
	as_tester mkdir -p work/source/sub
	as_tester sh -c 'echo own >work/source/file; echo own >work/source/sub/file'
	as_tester ln -s "$ROOM/victim" work/link
	probe exchange >/dev/null
	begin croft run --bind "$ROOM/work" /work --ro-bind "$ROOM" /probes -- /probes/exchange /work/source /work/link
	racer=$begun
	within 5 descendant "$begun" exchange >/dev/null
	for ((i = 0; i < rounds; i += 4)); do
		tried as_tester croft run --bind "$ROOM/work" /work --ro-bind "$ROOM/work/source" /a --bind "$ROOM/work/source/sub" /b \
			--ro-bind "$ROOM/work/source/file" /c --overlay-src "$ROOM/work/source" --tmp-overlay /d -- \
			cat /a/file /b/file /c /d/file
		case $status-$output in
		0-*) [[ $output == $'own\nown\nown\nown' ]] || break; built=$((built + 1)) ;;
		125-*'where the command can write'*) refused=$((refused + 1)) ;;
		125-*'its directories may not lie in one another'*) ;;
		*) break ;;
		esac
		output=
	done
	for ((n = 0; n < 400 && shown == 0; n++)); do
		command -v bwrap >/dev/null || break
		[[ $(as_tester bwrap --ro-bind / / --bind "$ROOM/work" /mnt --ro-bind "$ROOM/work/source" /opt \
			cat /opt/file 2>/dev/null) != canary ]] || shown=$n
	done
	kill -9 "$racer"
	wait "$racer" 2>/dev/null || true
	racer=
	echo "# $rounds operations, $built sandboxes built and $refused refused of $((rounds / 4)); bwrap showed the victim in round $shown" >&3
	[[ -z $output ]] || { echo "status $status: $output"; return 1; }
	[[ $built -gt 0 && $refused -gt 0 ]]
	[[ $shown -gt 0 ]] || ! command -v bwrap >/dev/null
	[[ $(state victim) == "$before" ]]
}
