#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a shell inside; setup.bash sets tester_uid
#
# croft inside croft: ranges end where a line of the surrounding map ends.

load setup

croft_in() { # CROFT-ARGUMENTS…: croft that lets one more be made inside, with croft itself visible
	as_tester croft "$1" --allow-nesting --ro-bind "$CROFT_BINDIR/croft" /croft "${@:2}"
}

one_line() {
	awk '{ $1 = $1; printf "%s%s", (NR > 1 ? " / " : ""), $0 } END { print "" }'
}

@test "without --allow-nesting no sandbox is made inside, and it is told why" {
	refused 125 'cannot make namespaces' as_tester croft run --ro-bind "$CROFT_BINDIR/croft" /croft -- /croft run -- true
	says 'a seccomp filter around this process refuses it'
	says 'hint: the filter is that of the croft around this one; --allow-nesting, said to that one, lets sandboxes be made inside'
	# whoever leads there, and whatever they call themselves
	for arguments in "" --share-pid --no-die-with-parent "--allow-nesting --deny-syscalls @namespaces"; do
		# shellcheck disable=SC2086 # a list of options
		refused 125 'a seccomp filter around this process refuses it' as_tester croft run $arguments \
			--ro-bind "$CROFT_BINDIR/croft" /croft -- perl -e '$0 = ") (x) R 1"; system("/croft run -- true"); exit $? >> 8'
		says 'hint: the filter is that of the croft around this one; --allow-nesting'
	done
	refused 1 'No permissions to create new namespace' as_tester croft run -- bwrap --unshare-all --ro-bind / / true
	allowed as_tester croft run --allow-nesting -- bwrap --unshare-all --ro-bind / / true
}

@test "the limit of a croft around it, and a filter of it that closes mounts alone, are told, too" {
	for arguments in "" "--cap-add chown" "--cap-add sys_admin"; do
		# shellcheck disable=SC2086 # a list of options
		refused 125 'cannot make namespaces' as_tester croft run --seccomp off $arguments \
			--ro-bind "$CROFT_BINDIR/croft" /croft -- /croft run -- true
		[[ $output == *'user namespaces are switched off here'* || $output == *'limit of user namespaces is reached'* ]]
		says 'hint: the croft around this one keeps them from being made; --allow-nesting'
	done
	refused 125 'Operation not permitted' as_tester croft run --allow-nesting --deny-syscalls @mount \
		--ro-bind "$CROFT_BINDIR/croft" /croft -- /croft run -- true
	says 'hint: the filter is that of the croft around this one; --allow-nesting'
}

@test "another sandbox's filter is not taken for croft's" {
	probe withhold >/dev/null
	for name in croft croft-reape croft-reaperx; do		# whose name is like it
		cp /bin/bash "$ROOM/$name"
		refused 125 'a seccomp filter around this process refuses it' "$ROOM/withhold" EPERM clone3 \
			"$ROOM/$name" -c 'setpriv --reuid="$0" --regid="$0" --clear-groups '"$CROFT_BINDIR"'/croft run -- true; exit $?' \
			"$tester_uid"
		lacks '--allow-nesting'
	done
	# and by its name it is known
	cp /bin/bash "$ROOM/croft-reaper"
	refused 125 'the filter is that of the croft around this one' "$ROOM/withhold" EPERM clone3 \
		"$ROOM/croft-reaper" -c 'setpriv --reuid="$0" --regid="$0" --clear-groups '"$CROFT_BINDIR"'/croft run -- true; exit $?' \
		"$tester_uid"
}

@test "in a container whose /proc/sys is read-only it is told how to go without the limit" {
	contained() {
		unshare --mount bash -c 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"' - \
			setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env env PATH="$PATH" "$@"
	}
	for arguments in "run --share-pid" "run --share-pid --cap-add chown" "shell --share-pid --map root"; do
		# shellcheck disable=SC2086
		refused 125 'limit user namespaces (/proc/sys/user/max_user_namespaces): Read-only file system' \
			contained croft $arguments -- true
		says 'hint: /proc/sys is read-only here, as in most containers; --allow-nesting goes without that limit'
	done
	# a new /proc is refused, too, and who comes first varies
	refused 125 'hint: ' contained croft run -- true
	says '--share-pid shows the caller'
	# what the hint says does help, and the filter refuses
	refused 125 'make a proc for /proc: Operation not permitted' contained croft run --allow-nesting -- true
	says '--share-pid shows'
	allowed contained croft run --share-pid --allow-nesting -- unshare -U true
	refused 1 'unshare failed: Operation not permitted' contained croft run --share-pid --allow-nesting \
		--deny-syscalls @namespaces -- unshare -U true
}

@test "run in run" {
	run croft_in run -- /croft run -- sh -c 'cat /proc/self/uid_map; hostname; ls /proc | grep -c "^[0-9]"'
	[[ $status -eq 0 ]]
	says "$tester_uid"
	says croft
}

@test "shell in shell maps all that the outer one has, cut at its borders" {
	read -r _ count < <(subordinate uid)
	got=$(croft_in shell -- /croft shell -- cat /proc/self/uid_map | one_line)
	[[ $got == "0 0 1 / 1 1 $count" ]]
	run croft_in shell -- /croft shell -- sh -c 'touch /tmp/f && chown 5:6 /tmp/f && stat -c %u:%g /tmp/f'
	says 5:6
}

@test "three levels deep" {
	run croft_in shell -- /croft shell --allow-nesting --ro-bind /croft /croft -- \
		/croft shell --allow-nesting --ro-bind /croft /croft -- /croft run --map root -- id -u
	[[ $status -eq 0 && $output == 0 ]]
}

@test "every way to map works again in a shell, by the kernel's own write" {
	read -r _ count < <(subordinate uid)
	while IFS='|' read -r mode map; do
		got=$(croft_in shell -- /croft run --map "$mode" -- cat /proc/self/uid_map | one_line)
		[[ $got == "$map" ]] || { echo "--map $mode: $got"; return 1; }
	done <<-END
		auto|0 0 1 / 1 1 $count
		keep|0 0 1 / 1 1 $count
		sub|0 1 $count
		self|0 0 1
		root|0 0 1
	END
	run croft_in shell -- /croft explain run --map auto -- true
	says 'map-source: kernel'
}

@test "IDs three levels deep are the same on the host" {
	read -r first _ < <(subordinate uid)
	read -r first_group _ < <(subordinate gid)
	allowed croft_in shell --bind "$ROOM" /mnt -- /croft shell --allow-nesting --ro-bind /croft /croft --bind /mnt /mnt -- \
		/croft shell --bind /mnt /mnt -- sh -c 'touch /mnt/mine /mnt/given && chown 5:6 /mnt/given'
	[[ $(stat -c %u:%g "$ROOM/mine") == "$tester_uid:$tester_gid" ]]
	[[ $(stat -c %u:%g "$ROOM/given") == "$((first + 4)):$((first_group + 5))" ]]
}

@test "exit statuses and signals pass through both" {
	for arguments in "run run" "run shell --map root" "shell run" "shell shell" "run run --as-pid-1"; do
		read -r outer inner <<<"$arguments"
		# shellcheck disable=SC2086 # the words of inner
		refused 7 '' croft_in "$outer" -- /croft $inner -- sh -c 'exit 7'
	done
	refused 143 '' croft_in run -- /croft run -- sh -c 'kill -TERM $$'
}

@test "whoever holds no capability inside gets no more there than alone" {
	for mode in auto keep sub; do
		refused 125 'no UIDs can be mapped beyond your own: you do not hold CAP_SETUID and CAP_SETGID in the user namespace around this one' \
			croft_in shell --user 5 -- /croft run --map "$mode" -- true
		says 'hint: start outside of that sandbox, or as root in one made by croft shell'
		lacks usermod		# the IDs that are free outside do not exist here
	done
	allowed croft_in shell --user 5 -- /croft run -- id -u
	[[ $output == 5 ]]
}

# verify_root_map(), Linux 5.12
@test "root without CAP_SETFCAP can make no sandbox within, and is told so" {
	for outer in '--map root' '--map auto' '--map root --cap-add setuid --cap-add setgid'; do
		for inner in 'run' 'run --map root' 'run --map root --cap-add all' 'run --share-pid' 'shell --map root'; do
			# shellcheck disable=SC2086 # lists of options
			refused 125 'your own UID, 0 in the user namespace around this one, can be mapped only by who holds CAP_SETFCAP there' \
				croft_in run $outer -- /croft $inner -- true
			says 'hint: make the surrounding sandbox with --map self or --map keep, or with --cap-add setfcap'
		done
		# what the hint says does help
		for inner in 'run' 'run --map root' 'shell --map root'; do
			# shellcheck disable=SC2086
			allowed croft_in run $outer --cap-add setfcap -- /croft $inner -- true
		done
	done
	for outer in self keep; do
		allowed croft_in run --map "$outer" -- /croft run --map root -- true
	done
}

@test "a range across a border is split, one beyond the map is refused by its number" {
	got=$(croft_in shell -- /croft run --uid-map 0:0:10 --gid-map 0:0:10 -- cat /proc/self/uid_map | one_line)
	[[ $got == "0 0 1 / 1 1 9" ]]
	refused 125 'UID 4000000 is not mapped in the user namespace around this one' \
		croft_in shell -- /croft run --uid-map 0:4000000:1 --gid-map 0:0:1 -- true
}

@test "many IDs inside a sandbox of one are refused, and said why" {
	run croft_in run -- /croft shell -- true
	[[ $status -eq 125 ]]
	says "no UIDs can be mapped beyond your own"
}

@test "a tree in a sandbox without /sys has none, and whoever asks for one is told" {
	make_tree "$ROOM/tree"
	for arguments in "run --rootfs /tree" "run --share-net --rootfs /tree" "run --rootfs-ro /tree" \
		"shell --map root --rootfs /tree"; do
		# shellcheck disable=SC2086 # a list of options
		allowed croft_in run --bind "$ROOM/tree" /tree -- /croft $arguments --ro-bind /usr /usr -- \
			/bin/sh -c 'ls -A /sys'
		[[ -z $output ]]
	done
	refused 125 'root: make a sysfs for /sys: Operation not permitted' croft_in run -- /croft run --sys /sys -- true
	says 'hint: a new /sys is refused where none, or a part of one, is in sight around croft'
	refused 125 "root: bind the caller's /sys on /sys: No such file or directory" \
		croft_in run -- /croft run --share-net --sys /sys -- true
	says 'hint: there is no /sys around croft'
	# where there is one, there is one inside
	allowed croft_in run --sys /sys --bind "$ROOM/tree" /tree -- /croft run --rootfs /tree --ro-bind /usr /usr -- \
		/bin/sh -c 'ls -A /sys'
	says kernel
}

@test "allowing setgroups where it is denied around us is refused by the plan" {
	refused 125 'setgroups cannot be allowed: it is denied in the user namespace around this one' \
		croft_in run --map auto --cap-add all -- /croft shell -- true
}
