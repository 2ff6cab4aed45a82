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

@test "H06 the environment is not looked at" {
	cat >"$ROOM/evil.c" <<-END
		#include <fcntl.h>
		__attribute__((constructor)) static void begin(void) { open("$ROOM/marker", O_CREAT | O_WRONLY, 0600); }
	END
	cc -shared -fPIC -o "$ROOM/evil.so" "$ROOM/evil.c"
	chmod 755 "$ROOM/evil.so"
	run as_tester env LD_PRELOAD="$ROOM/evil.so" true
	[[ -e $ROOM/marker ]]				# the control: it does act on what is not privileged
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

@test "H15 paths in the place of arguments tell nothing" {
	first_answer=$(ask "$own" -- "$uidmap" /root/secret)
	second_answer=$(ask "$own" -- "$uidmap" /nowhere)
	[[ $first_answer == "$second_answer" ]]
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
