#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # bats sets output
#
# What is refused by the filter for system calls, each beside something without one on
# which the same attempt succeeds.  The whole table is in tests/system/seccomp.bats.

load ../system/setup

# in_croft [OPTION…] -- NAME…: what reach gets, in one line.
in_croft() {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	probe reach >/dev/null
	allowed as_tester croft run --ro-bind "$ROOM" /probes "${options[@]}" -- /probes/reach "${@:2}"
	output=$(paste -sd' ' <<<"$output")
}

in_bwrap() { # NAME…
	command -v bwrap >/dev/null || skip "bwrap is not installed to show what the probe can do"
	probe reach >/dev/null
	allowed as_tester bwrap --unshare-all --dev-bind / / --ro-bind "$ROOM" /mnt -- /mnt/reach "$@"
	output=$(paste -sd' ' <<<"$output")
}

gets() {
	[[ $output == "$1" ]] && return
	echo "expected \"$1\", got \"$output\""
	return 1
}

# Control: bwrap 0.8, where each of them is made.
@test "S22 L09 no user namespace inside: unshare, clone, clone3, setns" {
	in_croft -- unshare-user unshare-net unshare-time clone-user clone-user-long clone3-user setns clone
	gets "unshare-user EPERM unshare-net EPERM unshare-time EPERM clone-user EPERM clone-user-long EPERM clone3-user ENOSYS setns EPERM clone ok"
	in_bwrap unshare-user unshare-net unshare-time clone-user clone-user-long clone3-user clone
	gets "unshare-user ok unshare-net ok unshare-time ok clone-user ok clone-user-long ok clone3-user ok clone ok"
}

# The limit of the kernel is raised by root of the same namespace; the filter stays.
#
# Control: croft run --seccomp off --allow-nesting, where it is made.
@test "S22 root inside can make none either, whatever the limit says" {
	probe reach >/dev/null
	run as_tester croft shell --ro-bind "$ROOM" /probes -- sh -c '
		echo 1000 >/proc/sys/user/max_user_namespaces; /probes/reach unshare-user clone-user'
	says 'unshare-user EPERM'
	says 'clone-user EPERM'
	in_croft --map root --cap-add setfcap --seccomp off --allow-nesting -- unshare-user
	gets "unshare-user ok"
}

# Control: bwrap 0.8.
@test "S23 no io_uring" {
	in_croft -- io-uring
	gets "io-uring ENOSYS"
	in_bwrap io-uring
	gets "io-uring ok"
}

# Control: bwrap 0.8.
@test "S24 no userfaultfd, not even for user mode alone" {
	in_croft -- userfaultfd
	gets "userfaultfd EPERM"
	in_bwrap userfaultfd
	gets "userfaultfd ok"
}

# Where the kernel lets users do both, it is the filter that refuses.
#
# Control: bwrap 0.8, where one of bpf(2)'s commands is not refused, or a counter opens;
# the sysctls are opened while this runs if they can be.
@test "S25 no bpf and no perf, whatever the sysctls say" {
	in_croft -- bpf perf
	gets "bpf EPERM perf EPERM"
	in_croft --cap-add all -- bpf perf
	gets "bpf EPERM perf EPERM"
	in_bwrap bpf perf
	says ok || skip "the kernel refuses both to users, so there is nothing to compare with"
}

# Control: bwrap 0.8.
@test "S07 M08 nothing of another process is reached by a call: ptrace, process_vm_*, kcmp, pidfd_getfd" {
	in_croft -- traceme read-memory write-memory kcmp copy-descriptor advise
	gets "traceme EPERM read-memory EPERM write-memory EPERM kcmp EPERM copy-descriptor EPERM advise EPERM"
	in_bwrap traceme read-memory write-memory kcmp copy-descriptor advise
	gets "traceme ok read-memory ok write-memory ok kcmp ok copy-descriptor ok advise ok"
}

# Control: bwrap 0.8.
@test "S26 S38 S40 calls that are rarely needed: personality, fanotify, handles, memfd_secret, move_pages, adjtimex" {
	in_croft -- personality fanotify handle memfd-secret move-pages adjtimex syslog
	gets "personality EPERM fanotify EPERM handle EPERM memfd-secret ENOSYS move-pages EPERM adjtimex EPERM syslog EPERM"
	in_bwrap personality fanotify handle move-pages adjtimex
	gets "personality ok fanotify ok handle ok move-pages ok adjtimex ok"
}

# Control: bwrap 0.8, where a mount can be copied, and a namespace asked who owns it.
@test "M07 M08 the mount calls are refused, and questions to namespaces" {
	in_croft -- mount umount fsopen open-tree ask-namespace handle
	gets "mount EPERM umount EPERM fsopen EPERM open-tree EPERM ask-namespace EPERM handle EPERM"
	in_bwrap open-tree ask-namespace handle
	gets "open-tree ok ask-namespace ok handle ok"
}

# Control: bwrap 0.8, where a key is added, and the session's keyring found.
@test "S11 no call reaches a keyring" {
	in_croft -- add-key keyctl request-key
	gets "add-key ENOSYS keyctl ENOSYS request-key ENOSYS"
	in_bwrap add-key keyctl request-key
	gets "add-key ok keyctl ok request-key ok"
}

# Where dev.tty.legacy_tiocsti is 0, the kernel refuses the first two with EIO.
#
# Control: bwrap 0.8, where the kernel answers: ok or EIO, and ENOTTY.
@test "S04 T01 T02 T03 TIOCSTI and TIOCLINUX are refused, also with bits above the 32 that count" {
	in_croft -- tiocsti tiocsti-long tioclinux tioclinux-long tiocsetd
	gets "tiocsti EPERM tiocsti-long EPERM tioclinux EPERM tioclinux-long EPERM tiocsetd EPERM"
	in_bwrap tiocsti tiocsti-long tioclinux tioclinux-long tiocsetd
	[[ $output =~ ^'tiocsti '(ok|EIO)' tiocsti-long '(ok|EIO)' tioclinux ENOTTY tioclinux-long ENOTTY tiocsetd ok'$ ]]
}

# Control: bwrap 0.8, where it is the kernel that answers: there is no such key, no bridge or no module.
@test "S26 L09 no ioctl takes the keys of encrypted directories, or has a module loaded" {
	in_croft --share-net -- take-key take-key-long take-key-of-all bridges vlans
	gets "take-key EPERM take-key-long EPERM take-key-of-all EPERM bridges EPERM vlans EPERM"
	in_bwrap take-key take-key-long bridges vlans
	lacks EPERM
}

# Control: bwrap 0.8, where the kernel answers, by hand on btrfs: the snapshot held what a tmpfs covered.
@test "M01 M02 S26 no snapshot of btrfs is made, which would hold what is covered, and no subvolume closed to all" {
	in_croft -- snapshot snapshot-by-flags close-subvolume sync-subvolume
	gets "snapshot EPERM snapshot-by-flags EPERM close-subvolume EPERM sync-subvolume ENOTTY"
	in_croft --allow-syscalls @terminal -- snapshot
	lacks EPERM
	in_bwrap snapshot snapshot-by-flags close-subvolume
	lacks EPERM
}

# Control: bwrap 0.8, where the kernel looks for a protocol of that name.
@test "S27 L09 S37 no protocol on top of TCP, by which Landlock's rules for ports would be gone around" {
	in_croft --share-net --allow-tcp-connect 443 -- tcp-layer tcp-option
	gets "tcp-layer ENOPROTOOPT tcp-option ok"
	in_croft --share-net --allow-syscalls @sockets -- tcp-layer
	gets "tcp-layer ENOENT"
	in_bwrap tcp-layer
	gets "tcp-layer ENOENT"
}

# lock DIRECTORY: takes away its key; setup DIRECTORY: encrypts it.
keys_of_directory='
import fcntl, os, struct, sys
fd = os.open(sys.argv[2], os.O_RDONLY)
if sys.argv[1] == "encrypt":
    key = bytearray(struct.pack("II32xII32x", 2, 0, 64, 0) + b"k" * 64)
    fcntl.ioctl(fd, 0xc0506617, key)
    fcntl.ioctl(fd, 0x800c6613, struct.pack("BBBB4x", 2, 1, 4, 3) + bytes(key[8:24]))
else:
    policy = bytearray(struct.pack("Q", 24) + bytes(24))
    fcntl.ioctl(fd, 0xc0096616, policy)
    fcntl.ioctl(fd, 0xc0406618, bytearray(struct.pack("II", 2, 0) + policy[16:32] + bytes(40)))'

# Control: --seccomp off, by which the file outside cannot be opened any more.
@test "S26 a directory that is bound read-only keeps the key that it is encrypted by" {
	command -v mkfs.ext4 >/dev/null || skip "there is no mkfs.ext4 to make a file system with encryption"
	truncate -s 32M "$ROOM/image"
	mkfs.ext4 -q -O encrypt "$ROOM/image"
	mkdir "$ROOM/disk"
	mount -o loop "$ROOM/image" "$ROOM/disk" || skip "the kernel mounts no encrypted ext4"
	chmod 755 "$ROOM"
	install -d -o "$tester_uid" -g "$tester_gid" "$ROOM/disk/private"
	tried as_tester python3 -c "$keys_of_directory" encrypt "$ROOM/disk/private"
	[[ $status -eq 0 ]] || { umount "$ROOM/disk"; skip "the kernel encrypts no directories"; }
	as_tester sh -c 'echo mine >"$1"' sh "$ROOM/disk/private/file"
	tried as_tester croft run --ro-bind "$ROOM/disk/private" /d -- python3 -c "$keys_of_directory" lock /d
	kept=$output$(as_tester cat "$ROOM/disk/private/file" 2>&1) || true
	tried as_tester croft run --seccomp off --ro-bind "$ROOM/disk/private" /d -- python3 -c "$keys_of_directory" lock /d
	taken=$output$(as_tester cat "$ROOM/disk/private/file" 2>&1) || true
	umount "$ROOM/disk"
	[[ $kept == *'Operation not permitted'*mine ]]
	[[ $taken == *'Required key not available' ]]
}

# The last console is nobody's.  What is asked of it changes nothing.
#
# Control: croft run --seccomp off, and bwrap, where the console answers.
@test "T03 S04 a text console that is handed over is asked for nothing, nor pasted on" {
	on_console() { # COMMAND…
		# whoever opens it first in a new session has it for a terminal
		allowed setsid -w bash -c 'exec </dev/tty63; exec "$@"' bash \
			setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
			env PATH="$PATH" "$@" console console-long
		output=$(paste -sd' ' <<<"$output")
	}
	: <>/dev/tty63 || skip "there are no text consoles here"
	probe reach >/dev/null
	inside=(--share-tty --ro-bind "$ROOM" /probes)
	on_console croft run "${inside[@]}" -- /probes/reach
	gets "console EPERM console-long EPERM"
	on_console croft shell "${inside[@]}" --cap-add all -- /probes/reach
	gets "console EPERM console-long EPERM"
	# and by default it is not there at all
	on_console croft run --ro-bind "$ROOM" /probes -- /probes/reach
	gets "console EPERM console-long EPERM"
	on_console croft run --allow-syscalls @terminal --ro-bind "$ROOM" /probes -- /probes/reach
	gets "console ENOTTY console-long ENOTTY"
	on_console croft run "${inside[@]}" --seccomp off -- /probes/reach
	gets "console ok console-long ok"
	command -v bwrap >/dev/null || return 0
	on_console bwrap --ro-bind / / --ro-bind "$ROOM" /mnt -- /mnt/reach
	gets "console ok console-long ok"
}

# Control: bwrap 0.8, where netlink's other protocols can be had, and AF_VSOCK or AF_ALG.
@test "S27 L08 sockets of four families, and netlink of routes alone" {
	in_croft -- sockets
	gets "families 1 2 10 16 netlink 0 pairs 1 long family EAFNOSUPPORT"
	in_croft --share-net --cap-add all -- sockets
	gets "families 1 2 10 16 netlink 0 pairs 1 long family EAFNOSUPPORT"
	in_bwrap sockets
	lacks "netlink 0 pairs"
}

# Control: --seccomp off, by which the ways are open for the same capabilities.
@test "L09 M08 capabilities open no other way into the kernel than those they are for" {
	in_croft --map root --cap-add net_admin --cap-add net_raw --cap-add bpf --cap-add perfmon --cap-add setfcap -- \
		mount unshare-net io-uring userfaultfd add-key
	gets "mount EPERM unshare-net EPERM io-uring ENOSYS userfaultfd EPERM add-key ENOSYS"
	in_croft --map root --cap-add net_admin --cap-add setfcap --seccomp off --allow-nesting -- \
		unshare-net io-uring userfaultfd add-key
	gets "unshare-net ok io-uring ok userfaultfd ok add-key ok"
}
