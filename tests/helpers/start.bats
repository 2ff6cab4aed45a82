#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a shell of their own; asking.bash sets the variables
#
# How a helper is started, and what it is sent (weaknesses H01 to H09, H13 to H15, H19).

load asking

@test "H01 any argument, and none at all, is a reason to refuse" {
	denies 10 "$own" -- "$uidmap" word
	denies 10 "$own" -- "$uidmap" ''
	denies 10 argv0 none "$own" -- "$uidmap"
	denies 10 argv0 '' "$own" -- "$uidmap"
	grants "$own" argv0 $'31000\n:%n%s' "$own" -- "$uidmap"
}

@test "H02 H03 nothing is written but to a pipe: not to a file, not to standard error" {
	: >"$ROOM/err"
	chmod 666 "$ROOM/err"
	run ask fd2 "$ROOM/err" "$own" "1:4000000:1" -- "$uidmap"
	says "answer no 50"
	[[ ! -s $ROOM/err ]]
	touch "$ROOM/out"
	chmod 666 "$ROOM/out"
	run ask fd1 "$ROOM/out" "$own" -- "$uidmap"
	says "end exit 10"
	[[ ! -s $ROOM/out ]]
	unmapped
	run ask fd1 /dev/full "$own" -- "$uidmap"
	says "end exit 10"
	run ask fd1 /proc/self/mem "$own" -- "$uidmap"
	lacks "end exit 0"
	unmapped
}

# The trick of CVE-2012-0056's kind: a number, as the program's name, on a standard error
# that takes numbers from root alone.  In a PID namespace of its own it harms nobody.
last_pid() { # COMMAND: what its words do to ns_last_pid when its name is a number
	unshare --pid --fork --mount-proc setpriv --reuid="$tester_uid" --regid="$tester_gid" --clear-groups \
		bash -c '(exec -a $'"'31000\n:'"' "$@" 2>/proc/sys/kernel/ns_last_pid </dev/null >/dev/null)
			cat /proc/sys/kernel/ns_last_pid' bash "$@"
}

@test "H02 the control: newuidmap writes its words to what the caller opened" {
	: >"$ROOM/err"
	chmod 666 "$ROOM/err"
	run ask fd2 "$ROOM/err" "$own" -- newuidmap @ 0 4000000000 1
	[[ -s $ROOM/err ]]
	[[ $(last_pid "$(command -v newuidmap)" 1 0 4000000000 1) -ge 31000 ]]
}

@test "H02 no number of the caller's choice gets where root alone may write" {
	[[ $(last_pid "$uidmap") -lt 31000 ]]
	[[ $(last_pid "$gidmap" 31000) -lt 31000 ]]
}

@test "H04 every combination of closed descriptors: an exact map, or none" {
	local closed fd target grant wanted map

	grant=$(sha256sum /etc/subuid /etc/subgid)
	for closed in '' 0 1 2 '0 1' '0 2' '1 2' '0 1 2'; do
		for target in alive dead; do
			words=(target "$target")
			for fd in $closed; do
				words+=("fd$fd" closed)
			done
			run ask "${words[@]}" "$own" "1:$first:9" -- "$uidmap"
			case $target:$closed in
			*:*0* | *:*1*) wanted="end exit 10" map=- ;;
			alive:*) wanted="end exit 0" map="$own 1:$first:9" ;;
			dead:*) wanted="answer no 3" map=- ;;
			esac
			says "$wanted"
			says "uid_map $map"
		done
	done
	[[ $(sha256sum /etc/subuid /etc/subgid) == "$grant" ]]
}

@test "H04 closed descriptors are not reused" {
	run ask fd0 closed "$own" -- "$uidmap"
	says "end exit 10"
	unmapped
	run ask fd1 closed "$own" -- "$uidmap"
	says "end exit 10"
	unmapped
	grants "$own" fd2 closed "$own" -- "$uidmap"
}

@test "H05 descriptors that come along make no difference" {
	grants "$own 1:$first:9" extra 500 "$own" "1:$first:9" -- "$uidmap"
}

@test "H06 the control: newuidmap opens libraries and settings before it begins" {
	run "$ROOM/ask" as "$tester_uid:$tester_gid" "$own" -- \
		strace -qq -e trace=open,openat -u "$CROFT_USER" newuidmap @ 0 "$tester_uid" 1
	says '/etc/login.defs'
	says '.so'
}

# Control: the same library leaves its mark in a program that has no privilege.
@test "H06 the environment is not looked at" {
	cat >"$ROOM/evil.c" <<-END
		#include <fcntl.h>
		__attribute__((constructor)) static void begin(void) { open("$ROOM/marker", O_CREAT | O_WRONLY, 0600); }
	END
	cc -shared -fPIC -o "$ROOM/evil.so" "$ROOM/evil.c"
	chmod 755 "$ROOM/evil.so"
	run as_tester env LD_PRELOAD="$ROOM/evil.so" true
	[[ -e $ROOM/marker ]]
	rm "$ROOM/marker"
	for variable in LD_PRELOAD LD_AUDIT; do
		grants "$own 1:$first:9" "$own" "1:$first:9" -- /usr/bin/env \
			"$variable=$ROOM/evil.so" GCONV_PATH="$ROOM" LOCPATH="$ROOM" TZ=/etc/passwd \
			GLIBC_TUNABLES=glibc.malloc.check=3 MALLOC_CHECK_=3 "$uidmap" || true
		[[ ! -e $ROOM/marker || $(stat -c %u "$ROOM/marker") == "$tester_uid" ]]
		rm -f "$ROOM/marker"
	done
}

@test "H13 limits, timers, umask and ignored signals: an exact map or none" {
	local limits=('ulimit -f 0' 'ulimit -n 4' 'ulimit -n 3' 'ulimit -s 64' 'ulimit -t 1' 'umask 0777'
		"trap '' PIPE CHLD ALRM TERM" 'ulimit -c unlimited' 'ulimit -d 0' 'ulimit -v 10000')
	for limit in "${limits[@]}"; do
		run ask "$own" "1:$first:9" -- /bin/sh -c "$limit; exec $uidmap"
		if [[ $output == *"end exit 0"* ]]; then
			says "uid_map $own 1:$first:9"
		else
			says "uid_map -"
		fi
	done
}

@test "H14 a request that is short, long, late or unsound" {
	denies 20 cut 5 "$own" -- "$uidmap"
	denies 20 cut 0 "$own" -- "$uidmap"
	denies 20 count 2 "$own" -- "$uidmap"
	denies 21 more 1 "$own" -- "$uidmap"
	denies 21 more 100000 "$own" -- "$uidmap"
	denies 23 magic 1 "$own" -- "$uidmap"
	denies 23 count 0 -- "$uidmap"
	run ask count 341 "$own" -- "$uidmap"
	says "answer no 2"
	unmapped
	denies 23 "$own" "$own" -- "$uidmap"
	denies 23 "0:$first:9" "5:$((first + 20)):9" -- "$uidmap"
}

@test "H14 a request that trickles or never ends is cut off in time" {
	SECONDS=0
	denies 22 hold 5000 "$own" -- "$uidmap"
	denies 22 pace 700 "$own" -- "$uidmap"
	[[ $SECONDS -le 25 ]]
}

# Control: a set-user-ID ls, which answers differently.
@test "H15 paths in the place of arguments tell nothing" {
	install -m 4755 /bin/ls "$ROOM/ls"
	chmod 755 "$ROOM"
	mkdir -p "$ROOM/closed" && touch "$ROOM/closed/secret" && chmod 700 "$ROOM/closed"
	chown -R root: "$ROOM/closed"
	run as_tester "$ROOM/ls" "$ROOM/closed/secret"
	[[ $status -eq 0 ]]
	run as_tester "$ROOM/ls" "$ROOM/closed/nothing"
	[[ $status -ne 0 ]]
	for words in '' '@' '@ 0'; do
		# shellcheck disable=SC2086 # words
		[[ $(ask "$own" -- "$uidmap" $words "$ROOM/closed/secret") == \
			"$(ask "$own" -- "$uidmap" $words "$ROOM/closed/nothing")" ]]
	done
}

@test "H19 without its privilege a helper says so, and maps nothing more than the kernel would" {
	local wish=("$own" "1:$first:9")

	denies 11 "${wish[@]}" -- setpriv --no-new-privs "$uidmap"
	borrow "$uidmap" "$gidmap"
	denies 11 "${wish[@]}" -- "$ROOM/uidmap"
	denies 11 "1:$first_group:9" -- "$ROOM/gidmap"
	# on a nosuid mount the bit means nothing
	mkdir "$ROOM/nosuid"
	run unshare --mount bash -ec '
		mount -t tmpfs -o nosuid,mode=755 none "$1/nosuid" && install -m 4755 "$2" "$1/nosuid/uidmap"
		exec setpriv --reuid="$0" --regid="$0" --init-groups "$1/ask" "1:$3:9" -- "$1/nosuid/uidmap"' \
		"$CROFT_USER" "$ROOM" "$uidmap" "$first"
	says "answer no 11"
	unmapped
}

@test "the file capability does as well as set-user-ID root" {
	install -m 755 "$uidmap" "$gidmap" "$ROOM/"
	setcap cap_setuid=p "$ROOM/uidmap"
	setcap cap_setgid=p "$ROOM/gidmap"
	chmod 755 "$ROOM"
	grants "$own 1:$first:$count" "$own" "1:$first:$count" -- "$ROOM/uidmap"
	grants "$own_group 1:$first_group:9" setgroups 1 "$own_group" "1:$first_group:9" -- "$ROOM/gidmap"
	says "setgroups allow"
	denies 50 "0:$first:$((count + 1))" -- "$ROOM/uidmap"
	denies 11 "1:$first:9" -- setpriv --no-new-privs "$ROOM/uidmap"
}
