#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for inside; bats' own variables
#
# --overlay-src, --overlay, --tmp-overlay and --ro-overlay.

load setup

# layers N: l1 … lN, each with a file of its own number, and one that all have.
layers() {
	as_tester sh -c 'for i in $(seq "$1"); do mkdir "l$i" && echo "$i" >"l$i/top" && echo "$i" >"l$i/f$i"; done
		mkdir upper work' - "$1"
	sources=()
	for i in $(seq "$1"); do
		sources+=(--overlay-src "$ROOM/l$i")
	done
}

@test "the first --overlay-src is at the bottom" {
	layers 2
	for last in --ro-overlay --tmp-overlay "--overlay $ROOM/upper $ROOM/work"; do
		# shellcheck disable=SC2086 # an option and its values
		inside 'cat /o/top; ls /o' "${sources[@]}" $last /o
		[[ $output == $'2\nf1\nf2\ntop' ]]
	done
}

@test "--overlay: changes go to RWSRC, and only there" {
	layers 2
	local before
	before=$(state l1 l2)
	inside 'echo new >/o/top; echo made >/o/made; rm /o/f1; echo 1 >>/o/f2' \
		"${sources[@]}" --overlay "$ROOM/upper" "$ROOM/work" /o
	[[ $(cat upper/top upper/made) == $'new\nmade' && $(state l1 l2) == "$before" ]]
	inside 'ls /o; cat /o/top' "${sources[@]}" --overlay "$ROOM/upper" "$ROOM/work" /o
	[[ $output == $'f2\nmade\ntop\nnew' ]]
}

@test "--tmp-overlay: changes are lost, and each has its own" {
	layers 1
	local before
	before=$(state .)
	inside 'echo new >/o/top; rm /o/f1; cat /o/top; ls /p' \
		"${sources[@]}" --tmp-overlay /o "${sources[@]}" --tmp-overlay /p
	[[ $output == $'new\nf1\ntop' && $(state .) == "$before" ]]
}

@test "--ro-overlay: nothing can be changed" {
	layers 2
	refused 1 'Read-only file system' bare "${sources[@]}" --ro-overlay /o -- /bin/touch /o/made
	refused 1 'Read-only file system' bare "${sources[@]}" --ro-overlay /o -- /bin/rm /o/top
}

@test "overlays are nosuid and nodev, and name no directory of the host" {
	layers 2
	for last in --ro-overlay --tmp-overlay "--overlay $ROOM/upper $ROOM/work"; do
		# shellcheck disable=SC2086 # an option and its values
		inside 'grep " overlay " /proc/self/mountinfo' "${sources[@]}" $last /o --proc /proc
		says nosuid,nodev
		lacks "$ROOM"
	done
}

# Control: mount(8), which reads the name as a list of options.
@test "P17: a name is a name, whatever stands in it" {
	local name
	layers 1
	as_tester mkdir -p names/b:secret names/b names/secret work
	as_tester touch names/secret/canary
	allowed as_tester unshare -rm sh -c 'cd names && mount -t overlay overlay -o lowerdir=b:secret work 2>/dev/null ||
		mount -t overlay overlay -o lowerdir=b:secret ../work && ls ../work'
	says canary
	rm names/secret/canary
	as_tester mkdir -p secret
	as_tester touch secret/canary
	for name in 'a,upperdir=secret' 'b:secret' 'c\,d' 'e\:f' $'g\nh' 'i"j' ' k ' ',' ':' $'\\' \
		"x:$ROOM/secret" 'lowerdir+=y' '\054' '%s%n'; do
		name=${name//\//_}	# but for the slash
		as_tester mkdir -p -- "names/$name" "up/$name" "work/$name"
		echo "$name" >"names/$name/name"
		inside 'cat /o/name; test ! -e /o/canary && echo made >/o/made' --overlay-src "$ROOM/names/$name" \
			--overlay "$ROOM/up/$name" "$ROOM/work/$name" "/o"
		[[ $output == "$name" && -e up/$name/made && ! -e secret/made ]]
		inside 'cat "/bound$NAME/name"; ls /o' --overlay-src "$ROOM/l1" --overlay-src "$ROOM/names/$name" \
			--ro-overlay /o --bind "$ROOM/names/$name" "/bound$name" --setenv NAME "$name"
		[[ $output == "$name"$'\n'$'f1\nname\ntop' ]]
	done
}

@test "more layers than fit into one option: 120" {
	layers 120
	inside 'cat /o/top; ls /o | wc -l' "${sources[@]}" --ro-overlay /o
	[[ $output == $'120\n121' ]]
	inside 'cat /o/top; ls /o | wc -l; touch /o/made' "${sources[@]}" --tmp-overlay /o
	[[ $output == $'120\n121' ]]
}

@test "more layers than the kernel takes" {
	layers 1
	local many=()
	for _ in {1..501}; do
		many+=(--overlay-src "$ROOM/l1")
	done
	not_built 'the overlay for /o has 501 lower directories: the kernel takes 500' "${many[@]}" --tmp-overlay /o
}

@test "directories that lie in one another are refused, and the hint says so" {
	layers 1
	as_tester mkdir upper/within work/within
	not_built 'make the overlay for /o: Too many levels of symbolic links' \
		"${sources[@]}" --overlay "$ROOM/l1" "$ROOM/work" /o
	says 'hint: its directories may not lie in one another'
	not_built 'make the overlay for /o: Too many levels of symbolic links' "${sources[@]}" "${sources[@]}" --ro-overlay /o
	not_built 'make the overlay for /o: Invalid argument' \
		"${sources[@]}" --overlay "$ROOM/upper" "$ROOM/upper/within" /o
	says 'hint: a lower directory may hold no mounts of its own, and upper and work directory must be apart'
}

@test "a lower directory with mounts in it is refused: they cover what is the host's" {
	layers 1
	as_tester mkdir l1/below
	mount -t tmpfs tmpfs l1/below
	run bare "${sources[@]}" --tmp-overlay /o -- /bin/true
	umount l1/below
	[[ $status -eq 125 ]]
	says 'make the overlay for /o: Invalid argument'
	says 'hint: a lower directory may hold no mounts of its own'
}

@test "upper and work directories on two file systems are refused" {
	layers 1
	as_tester mkdir -m 777 other
	mount -t tmpfs -o mode=777 tmpfs other
	run bare "${sources[@]}" --overlay "$ROOM/upper" "$ROOM/other" /o -- /bin/true
	umount other
	[[ $status -eq 125 ]]
	says 'make the overlay for /o: Invalid argument'
}

@test "sources that are missing or no directories are refused by their names" {
	layers 1
	not_built 'overlay /nowhere on /o: take hold of the source: No such file or directory' \
		--overlay-src /nowhere --tmp-overlay /o
	not_built 'overlay /etc/passwd on /o: take hold of the source: Not a directory' \
		--overlay-src /etc/passwd --tmp-overlay /o
	not_built 'overlay /nowhere on /o: take hold of the source: No such file or directory' \
		"${sources[@]}" --overlay /nowhere "$ROOM/work" /o
	not_built 'overlay /nowhere on /o: take hold of the source: No such file or directory' \
		"${sources[@]}" --overlay "$ROOM/upper" /nowhere /o
	not_built '--overlay: a directory is an empty path' "${sources[@]}" --overlay '' "$ROOM/work" /o
}

@test "a relative source is the caller's" {
	layers 1
	inside 'ls /o' --overlay-src l1 --overlay upper work /o
	[[ $output == $'f1\ntop' ]]
}

@test "--overlay-src is followed by an overlay, and has to be there" {
	layers 1
	not_built '--overlay-src is not followed by an operation' "${sources[@]}"
	not_built '--overlay-src does not apply to --dir' "${sources[@]}" --dir /o
	not_built '--tmp-overlay needs an --overlay-src before it' --tmp-overlay /o
	not_built '--overlay needs an --overlay-src before it' --overlay "$ROOM/upper" "$ROOM/work" /o
	not_built '--ro-overlay needs two or more --overlay-src before it' "${sources[@]}" --ro-overlay /o
	not_built '--perms does not apply to --tmp-overlay' "${sources[@]}" --perms 755 --tmp-overlay /o
}

@test "an overlay on a file is refused" {
	layers 1
	not_built 'overlay on /usr/bin/ls: a directory is needed there' "${sources[@]}" --tmp-overlay /usr/bin/ls
}

@test "an overlay is the root: what is written is kept, or lost, and the host is out of reach" {
	make_tree "$ROOM/tree"
	as_tester mkdir upper work
	local before
	before=$(state tree)
	local root=(--overlay-src "$ROOM/tree")
	allowed as_tester croft run "${root[@]}" --tmp-overlay / --ro-bind /usr /usr -- /bin/sh -c 'echo >/made; ls -A / /..'
	lacks boot
	lacks home
	says made
	allowed as_tester croft run "${root[@]}" --overlay "$ROOM/upper" "$ROOM/work" / --ro-bind /usr /usr -- \
		/bin/sh -c 'echo kept >/made; ls -A /..'
	lacks boot
	[[ $(cat upper/made) == kept && $(state tree) == "$before" ]]
}

@test "an overlay gives no right over files whose owner is not inside" {
	refused 1 'Permission denied' as_tester croft shell --map root --overlay-src /usr --tmp-overlay /usr -- \
		rm /usr/bin/yes
	refused 1 'Permission denied' as_tester croft shell --map root --overlay-src /etc --tmp-overlay /x -- cat /x/shadow
}
