#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # scripts for another shell; asking.bash sets the variables
#
# What has gone wrong with set-user-ID helpers and is not tested where the helpers are
# (tests/helpers, tests/system/identity.bats).

load ../helpers/asking

# ---- H20: what is left of an older helper ------------------------------------------------

staged() { # TARGET…: of the build tree, below $ROOM/stage
	make -s -C "$CROFT_BUILD" "$@" DESTDIR="$ROOM/stage" >"$ROOM/log" 2>&1 || { cat "$ROOM/log"; return 1; }
}

# Control: install(1), which takes the name away and leaves the old file its bit.
@test "H20 a hard link to a helper has lost its privilege after the next installation" {
	local helper=$ROOM/stage$CROFT_LIBEXECDIR/uidmap

	staged install-exec
	chmod 4755 "$helper"
	ln "$helper" "$ROOM/kept"
	ln "$helper" "$ROOM/kept-by-install"
	staged install-exec
	[[ $(stat -c %a "$ROOM/kept") == 755 && ! $ROOM/kept -ef $helper ]]
	chmod 4755 "$helper"
	ln "$helper" "$ROOM/kept-again"
	staged uninstall
	[[ ! -e $helper && $(stat -c %a "$ROOM/kept-again") == 755 ]]

	install -m 4755 "$uidmap" "$ROOM/another"
	ln "$ROOM/another" "$ROOM/kept-by-install" -f
	install -m 4755 "$uidmap" "$ROOM/another"
	[[ $(stat -c %a "$ROOM/kept-by-install") == 4755 ]]
}

# ---- H24: mount points that are hard to read ---------------------------------------------

awkward=($'new\nline' 'back\040slash' ' blanks ' 'gone (deleted)' '//deleted' "$(printf 'x%.0s' {1..255})")

# Control: a reader of lines and words, which misses some of them.
@test "H24 mounts of any name below a bind get its restrictions" {
	local place naive=0

	export ROOM
	as_tester mkdir -p tree
	for place in "${awkward[@]}"; do
		as_tester mkdir -p "tree/$place"
	done
	run unshare --mount bash -ec '
		for place in "$ROOM"/tree/*/; do mount -t tmpfs -o mode=777 tmpfs "$place"; done
		user=$1; shift
		exec setpriv --reuid="$user" --regid="$user" --init-groups --reset-env "$@"' bash "$CROFT_USER" \
		"$(command -v croft)" run --ro-bind "$ROOM/tree" /tree -- bash -c '
			cd /tree; for place in */; do
				mountpoint -q "$place" && echo mounted; (: >"$place/made") 2>/dev/null && echo "writable: $place"
			done
			while read -r _ _ _ _ place flags _; do
				case $place in /tree*) test -d "$place" || echo naive; esac
			done </proc/self/mountinfo
			grep -c "^[^ ]* [^ ]* [^ ]* [^ ]* /tree[^ ]* ro,nosuid,nodev" /proc/self/mountinfo'
	[[ $status -eq 0 ]]
	lacks writable
	naive=$(grep -c '^naive$' <<<"$output")
	[[ $naive -gt 0 ]]
	[[ $(grep -c '^mounted$' <<<"$output") -ge ${#awkward[@]} ]]
	[[ ${lines[-1]} -eq $((${#awkward[@]} + 1)) ]]
}

# ---- H26: name services of the tree's ------------------------------------------------------

# Control: id(1), started in the tree as root's, which asks the tree's library for the name.
@test "H26 no module of the tree's name services is loaded to find a user" {
	local loader

	make_tree "$ROOM/tree"
	cat >evil.c <<-'END'
		#include <fcntl.h>
		__attribute__((constructor)) static void begin(void) { open("/marker", O_CREAT | O_WRONLY, 0600); }
	END
	"${CC:-cc}" -shared -fPIC -o evil.so evil.c
	for loader in passwd group initgroups; do
		echo "$loader: evil"
	done >tree/etc/nsswitch.conf
	echo 'smith:x:7:8::/:/bin/sh' >tree/etc/passwd
	chmod 777 tree
	run unshare --mount bash -ec '
		mount --bind /usr tree/usr
		mount -t tmpfs tmpfs tree/tmp
		cp evil.so tree/tmp/libnss_evil.so.2
		LD_LIBRARY_PATH=/tmp chroot tree /usr/bin/id smith || :
		ls tree/marker'
	says tree/marker
	rm -f tree/marker
	# the same library, wherever a loader would look
	mkdir tree/etc/ld.so.conf.d
	install -m 755 evil.so tree/libnss_evil.so.2
	for directory in tmp .; do
		install -m 755 evil.so "tree/$directory/libnss_evil.so.2"
	done
	allowed as_tester env LD_LIBRARY_PATH="/:/tmp:$ROOM/tree" "$(command -v croft)" shell --rootfs "$ROOM/tree" \
		--ro-bind /usr /usr --user smith -- /bin/sh -c 'echo $USER'
	says smith
	[[ ! -e tree/marker && ! -e /marker ]]
}
