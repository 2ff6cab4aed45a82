#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for inside; bats' own variables
#
# What the payload sees of mounts and can do about them: nothing that was taken
# away comes back, nothing of the host's comes in later, nothing goes out.

load setup

# What undo(1) of the probes expects: a covered secret, and a read-only directory.
make_covered() {
	as_tester mkdir -p x/secret ro/u ro/w
	as_tester touch x/secret/marker
	covered=(--bind "$ROOM/x" /x --tmpfs /x/secret --ro-bind "$ROOM/ro" /ro --dir /m
		--ro-bind "$(probe undo)" /undo)
}

# ---- M01, M02: undoing ------------------------------------------------------------------

@test "M01 M02: a payload with every capability cannot undo its mounts" {
	make_covered
	for command in run shell; do
		run as_tester croft "$command" --cap-add all --map root "${covered[@]}" -- /undo
		says 'may mount: yes'
		lacks DONE
		[[ $status -eq 0 && ! -e ro/made ]]
	done
}

@test "M01 M02: nor can root of many IDs, nor process 1" {
	make_covered
	run as_tester croft shell --cap-add all --map auto "${covered[@]}" -- /undo
	says 'may mount: yes'
	lacks DONE
	[[ $status -eq 0 ]]
	run as_tester croft run --as-pid-1 --cap-add all --map root "${covered[@]}" -- /undo
	says 'may mount: yes'
	lacks DONE
	[[ $status -eq 0 && ! -e ro/made ]]
}

@test "M01 M02: without a capability the payload can mount nothing, not even in namespaces of its own" {
	make_covered
	run as_tester croft run "${covered[@]}" -- /undo
	says 'may mount: no'
	lacks DONE
	refused 1 'unshare failed' as_tester croft run "${covered[@]}" -- unshare -Urm /undo
	run as_tester croft run --allow-nesting "${covered[@]}" -- unshare -Urm /undo
	says 'may mount: yes'
	lacks DONE
}

@test "M01 M02: a payload in the namespace that owns the mounts undoes them (control: bwrap)" {
	command -v bwrap >/dev/null || skip "bwrap is not installed to show what the probe can do"
	make_covered
	run as_tester bwrap --unshare-all --uid 0 --cap-add ALL --ro-bind /usr /usr --symlink usr/lib /lib \
		--symlink usr/lib64 /lib64 "${covered[@]}" -- /undo
	says 'unmount the cover lazily: DONE'
	says 'remount writable: DONE'
	says 'clear read-only: DONE'
	[[ $status -gt 5 && -e ro/made ]]
}

# ---- M03: propagation ---------------------------------------------------------------------

# In a mount namespace whose mounts are all shared, as systemd has them: the sandbox
# shows $ROOM/bound at /bound and waits while a tmpfs is mounted below that outside.
later_mount() { # COMMAND… that makes the sandbox, which runs $ROOM/waits
	cat >waits <<-'END'
		#!/bin/sh
		mount -t tmpfs tmpfs /m 2>/dev/null
		echo >/bound/ready
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			test -e /bound/go && break
			sleep 0.1
		done
		ls /bound/below
	END
	chmod 755 waits
	as_tester mkdir -p bound/below m
	run unshare --mount --propagation shared bash -euc '
		mount --bind "$ROOM/bound" "$ROOM/bound"
		mount --make-shared "$ROOM/bound"
		"$@" &
		until test -e "$ROOM/bound/ready"; do sleep 0.05; done
		mount -t tmpfs tmpfs "$ROOM/bound/below"
		touch "$ROOM/bound/below/later-marker"
		grep -c " /m \| $ROOM/m " /proc/self/mountinfo && echo went-out
		touch "$ROOM/bound/go"
		wait' - "$@"
}

@test "M03: what the host mounts later is not seen inside, and nothing goes out" {
	export ROOM
	export -f as_tester
	export tester_uid tester_gid PATH
	later_mount as_tester croft run --map root --cap-add all --bind "$ROOM/bound" /bound \
		--bind "$ROOM/m" /m --ro-bind "$ROOM/waits" /waits -- /bin/sh /waits
	lacks later-marker
	lacks went-out
	[[ -e bound/ready && -e bound/go ]]
}

@test "M03: a sandbox of slave mounts sees it (control: bwrap)" {
	command -v bwrap >/dev/null || skip "bwrap is not installed to show what the test can see"
	export ROOM
	export -f as_tester
	export tester_uid tester_gid PATH
	later_mount as_tester bwrap --unshare-all --ro-bind / / --bind "$ROOM/bound" "$ROOM/bound" \
		-- /bin/sh -c "echo >'$ROOM/bound/ready'
			until test -e '$ROOM/bound/go'; do sleep 0.05; done; ls '$ROOM/bound/below'"
	says later-marker
}

@test "M03: no mount inside is shared with or a slave of any other" {
	for options in '' '--rootfs /' '--map root --cap-add all'; do
		# shellcheck disable=SC2086 # a list of options
		allowed as_tester croft run $options -- grep -E 'shared:|master:|propagate_from:|unbindable' /proc/self/mountinfo \
			|| [[ $status -eq 1 && -z ${lines[0]} ]]
	done
}

# ---- M04: the way up --------------------------------------------------------------------------

@test "M04: no way up leads out, with sys_chroot or without" {
	touch canary
	local up=${ROOM#/}/canary
	for options in '' '--map root --cap-add sys_chroot' '--cap-add all --map root' "--rootfs $ROOM/tree"; do
		[[ -d tree ]] || make_tree "$ROOM/tree"
		# shellcheck disable=SC2086 # a list of options
		run as_tester croft run $options --ro-bind /usr /usr --ro-bind "$(probe climb)" /climb -- /climb "$up" canary boot
		[[ $status -eq 0 ]]
		lacks found
		[[ $options != *cap-add* || $output == *'chroot: done'* ]]
	done
}

@test "M04: a bound directory that the host moves away takes nobody with it" {
	as_tester mkdir -p outer/bound/sub
	touch outer/canary canary
	as_tester croft run --bind "$ROOM/outer/bound" /x --ro-bind "$(probe climb)" /climb -- sh -c '
		cd /x/sub && echo >/x/ready
		until test -e ../go -o -e go; do sleep 0.05; done
		exec /climb "$@"' - canary "${ROOM#/}/canary" boot >climbed 2>&1 &
	local croft=$!
	for _ in {1..100}; do [[ -e outer/bound/ready ]] && break; sleep 0.05; done
	mv outer/bound/sub outer/sub		# out of what is bound
	mv outer/bound elsewhere
	touch outer/sub/go
	wait "$croft"
	run cat climbed
	says 'chroot: refused'
	lacks found
}

@test "M04: the probe does find the way where there is one (control: chroot)" {
	touch canary
	make_tree "$ROOM/tree"
	cp "$(probe climb)" tree/climb
	run unshare --mount sh -c 'mount --bind /usr tree/usr && exec chroot tree /climb "$@"' - "${ROOM#/}/canary"
	[[ $status -ne 0 ]]
	says 'out of a chroot: found'
}

# ---- M06: flags -----------------------------------------------------------------------------------

@test "M06: every mount has its flags" {
	as_tester mkdir -p source/below lower top
	mount -t tmpfs -o mode=777,exec,suid,dev tmpfs source/below
	run as_tester croft run --bind "$ROOM/source" /bind --ro-bind "$ROOM/source" /ro-bind \
		--dev-bind "$ROOM/source" /dev-bind --tmpfs /tmpfs --mqueue /mqueue --sys /sys --proc /proc2 --dev /dev2 \
		--overlay-src "$ROOM/lower" --tmp-overlay /tmp-overlay \
		--overlay-src "$ROOM/lower" --overlay-src "$ROOM/top" --ro-overlay /ro-overlay \
		-- cat /proc/self/mountinfo
	umount source/below
	[[ $status -eq 0 ]]
	local place flags wanted
	while read -r _ _ _ _ place flags _; do
		case $place in
		/ | /tmpfs | /bind | /bind/below | /tmp-overlay) wanted='rw,nosuid,nodev' ;;
		/usr | /etc/* | /ro-bind | /ro-bind/below | /ro-overlay | /lib* | /bin | /sbin) wanted='ro,nosuid,nodev' ;;
		/dev-bind | /dev-bind/below) wanted='rw,nosuid' ;;
		/proc | /proc2 | /mqueue | /dev | /dev2) wanted='rw,nosuid,nodev,noexec' ;;
		/sys | /sys/*) wanted='ro,nosuid,nodev,noexec' ;;
		/proc/keys | /proc2/keys) wanted='ro,nosuid,noexec' ;;
		/dev/shm | /dev2/shm) wanted='rw,nosuid,nodev' ;;
		/dev/pts | /dev2/pts) wanted='rw,nosuid,noexec' ;;
		/dev/* | /dev2/*) wanted='ro,nosuid,noexec' ;;
		*) wanted='not to be there' ;;
		esac
		[[ $flags == "$wanted" || $flags == "$wanted",relatime || $flags == "$wanted",noatime ]] || {
			echo "$place: $flags, not $wanted"
			return 1
		}
	done < <(tac <<<"$output" | awk '!seen[$5]++')	# what can be reached: the topmost at each place
}

# Control: without the bind in the middle the directory is renamed, and another has its name.
@test "M01 M02 a read-only bind below a writable one keeps its name where all between are mount points" {
	local rename='cd /work; mv .git/hooks .git/other; mv .git other; mkdir -p .git/hooks; echo theirs >.git/hooks/post'
	as_tester mkdir -p work/.git/hooks
	as_tester sh -c 'echo mine >work/.git/hooks/post'
	run as_tester croft run --bind work /work --bind work/.git /work/.git \
		--ro-bind work/.git/hooks /work/.git/hooks -- sh -c "$rename"
	says "'.git/hooks' to '.git/other': Device or resource busy"
	says "'.git' to 'other': Device or resource busy"
	[[ $(cat work/.git/hooks/post) == mine ]]
	run as_tester croft run --bind work /work --ro-bind work/.git/hooks /work/.git/hooks -- sh -c "$rename"
	[[ $(cat work/.git/hooks/post) == theirs ]]
}

@test "M06: what is restricted outside stays so inside" {
	as_tester mkdir -p source
	mount -t tmpfs -o mode=777,noexec,ro,nosymfollow tmpfs source || skip "this kernel has no nosymfollow"
	run as_tester croft run --dev-bind "$ROOM/source" /x -- grep ' /x ' /proc/self/mounts
	umount source
	[[ $status -eq 0 ]]
	for flag in ro nosuid noexec nosymfollow; do
		says "$flag"
	done
}

# watch_starts N COMMAND…: N starts of 30 binds each, with someone looking at the mounts of
# every new process.
watch_starts() {
	local starts=$1 options=() i watcher
	shift
	as_tester mkdir -p source
	"$(probe watch)" -mark ro nosuid nodev >watched 3>&- &
	watcher=$!
	until grep -q watching watched; do sleep 0.05; done
	for i in {1..30}; do
		options+=(--ro-bind "$ROOM/source" "/$i-mark")
	done
	for ((i = 0; i < starts; i++)); do
		"$@" "${options[@]}" -- /bin/true
	done
	kill "$watcher"
	wait "$watcher"
	run tail -n 1 watched
}

# Between two calls there is a microsecond, which nobody sees; so the call that restricts is
# made to take long.
@test "P13: at no moment is a bind there without its flags" {
	command -v strace >/dev/null || skip "strace is not installed"
	watch_starts 3 strace -f -qq -o /dev/null -u "$CROFT_USER" -e trace=mount_setattr \
		-e inject=mount_setattr:delay_enter=5000 env -i PATH="$PATH" croft run
	echo "$output"
	[[ $output == *' 0 lacking a flag' && ${output%% *} -gt 100 ]]
}

@test "P13: the watcher sees it where there is such a moment (control: bwrap)" {
	weak_bwrap || skip "no bwrap before 0.12 is installed to show what the watcher can see"
	watch_starts 60 as_tester bwrap --unshare-all --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib \
		--symlink usr/lib64 /lib64
	lacks ' 0 lacking a flag'
}

# ---- S19, I03 ---------------------------------------------------------------------------------------

@test "S19: the mount table holds what was asked for, and nothing of the old root" {
	inside 'while read -r _ _ _ _ place _; do echo "$place"; done </proc/self/mountinfo' --proc /proc
	[[ $(sort <<<"$output") == $'/\n/proc\n/proc/keys\n/usr' ]]
	allowed as_tester croft run -- cat /proc/self/mountinfo
	while read -r _ _ _ _ place _; do
		[[ $place =~ ^(/|/proc(/keys)?|/dev(/(shm|null|zero|full|random|urandom|tty|pts))?|/(usr|bin|sbin|lib|lib32|lib64|libx32)|/etc/.*)$ ]] || {
			echo "unexpected: $place"
			return 1
		}
	done <<<"$output"
	make_tree "$ROOM/tree"
	allowed as_tester croft run --rootfs "$ROOM/tree" --ro-bind /usr /usr -- /bin/cat /proc/self/mountinfo
	[[ $(awk '$5 !~ "^/dev/" { print $5 }' <<<"$output" | sort | tr '\n' ' ') == '/ /dev /proc /proc/keys /sys /usr ' ]]
}

# Control: root outside opens core_pattern for writing.
@test "I03 S13 S14: root outside can write nothing of the kernel's from inside" {
	local writable='
		for file in /proc/sysrq-trigger /proc/irq/default_smp_affinity $(find /proc/sys /proc/irq /proc/bus /proc/fs -type f); do
			case $file in
			*/sys/user/* | */sys/net/*) continue ;;	# the namespaces of the sandbox itself
			*/ns_last_pid) continue ;;			# anybody may open it; a write is checked
			esac
			(: >>"$file") 2>/dev/null && echo "writable: $file"
		done
		for place in acpi scsi dynamic_debug; do
			[[ ! -e /proc/$place ]] || mountpoint -q "/proc/$place" || echo "open: $place"
		done
		mountpoint -q /proc/sys && echo covered'
	(: >>/proc/sys/kernel/core_pattern)
	allowed croft run -- bash -c "$writable"
	[[ $output == covered ]]
	allowed croft run --uid-map 5:0:1 --gid-map 5:0:1 -- bash -c "$writable"
	[[ $output == covered ]]
	run as_tester croft run -- bash -c "$writable"
	lacks writable
	lacks covered
}
