#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034,SC2154 # advice is read by its name; setup.bash sets tester_uid and tester_gid
#
# croft below a seccomp filter of somebody else's, as container engines, service managers
# and other sandboxes set one: what has a stand-in works, and what has none is refused,
# with the reason.  The filter is root's and leaves no_new_privs alone, so helpers keep
# their privilege.

load setup

# below ERROR CALL COMMAND…: as the tester, with that system call withheld.
below() {
	"$(probe withhold)" "$1" "$2" setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
		env PATH="$PATH" "${@:3}"
}

hidden='hint: a seccomp filter around this process hides a call that croft needs, of those that Linux 5.12 has'
perhaps='hint: the seccomp filter around this process may be what refuses it'
engine='hint: a container engine, a service manager or another sandbox has set it'
helper='hint: a seccomp filter around croft may refuse it close_range(2), capset(2) or prctl(2)'

@test "system calls that have a stand-in are not missed" {
	while read -r errors call; do
		for error in ${errors//,/ }; do
			for options in '' '--as-pid-1' '--share-pid' '--map root --cap-add all' '--map-source newuidmap --map auto'; do
				# shellcheck disable=SC2086 # a list of options
				allowed below "$error" "$call" croft run $options -- /bin/sh -c 'echo well >/dev/null && id -u >/dev/null'
			done
		done
	done <<-'END'
		ENOSYS clone3
		ENOSYS,EPERM close_range
		ENOSYS,EPERM faccessat2
		ENOSYS,EPERM openat2
		ENOSYS,EPERM pidfd_send_signal
	END
	# croft's own helpers, too, but for one that they do not begin without
	for call in clone3 faccessat2 openat2 pidfd_send_signal; do
		allowed below ENOSYS "$call" croft run --map-source croft --map auto -- true
	done
}

@test "system calls that have none are refused, with the reason" {
	while IFS='|' read -r error call sentence advice; do
		refused 125 "croft: $sentence" below "$error" "$call" croft run --map auto -- true
		says "croft: ${!advice}"
		[[ ${#lines[@]} -eq 2 ]]
	done <<-'END'
		EPERM|clone3|namespaces: cannot make namespaces (user, mount, PID, IPC, UTS, cgroup, time): a seccomp filter around this process refuses it: Operation not permitted|engine
		EPERM|unshare|network: cannot make namespaces (network): a seccomp filter around this process refuses it: Operation not permitted|engine
		ENOSYS|unshare|network: cannot make namespaces (network): a seccomp filter around this process refuses it: Function not implemented|engine
		ENOSYS|close_range|id map: the helper uidmap refused: it could not shed its privilege|helper
		EPERM|close_range|id map: the helper uidmap refused: it could not shed its privilege|helper
		ENOSYS|mount_setattr|sources: keep mounts from leaving the sandbox: Function not implemented|hidden
		EPERM|mount_setattr|sources: keep mounts from leaving the sandbox: Operation not permitted|perhaps
		ENOSYS|open_tree|sources: bind /usr on /usr: take hold of the source: Function not implemented|hidden
		EPERM|open_tree|sources: bind /usr on /usr: take hold of the source: Operation not permitted|perhaps
		ENOSYS|fsopen|root: make a tmpfs for /: Function not implemented|hidden
		EPERM|fsopen|root: make a tmpfs for /: Operation not permitted|perhaps
		ENOSYS|fsconfig|root: make a tmpfs for /: Function not implemented|hidden
		ENOSYS|fsmount|root: make a tmpfs for /: Function not implemented|hidden
		ENOSYS|move_mount|root: tmpfs on /: Function not implemented|hidden
		EPERM|move_mount|root: tmpfs on /: Operation not permitted|perhaps
		ENOSYS|setns|network: join the network namespace: Function not implemented|hidden
		EPERM|setns|network: join the network namespace: Operation not permitted|perhaps
		ENOSYS|pivot_root|new root: make the new root the root directory: Function not implemented|hidden
		EPERM|sethostname|namespaces: set the host name to croft: Operation not permitted|perhaps
	END
	nobody_left
}

@test "without pidfd_open a parent cannot be watched, which can be done without" {
	refused 125 'watch the parent process: Function not implemented' below ENOSYS pidfd_open croft run -- true
	says 'hint: a seccomp filter may refuse pidfd_open(2); --no-die-with-parent does without'
	allowed below ENOSYS pidfd_open croft run --no-die-with-parent -- true
	nobody_left
}

# ---- clone(2) for clone3(2) ------------------------------------------------------------

# namespaces_inside: prints each kind that differs from the one outside.
namespaces_inside() { # CROFT-OPTIONS…
	local outside inside kind
	outside=$(as_tester readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts})
	inside=$(below ENOSYS clone3 croft run "$@" -- sh -c 'readlink /proc/self/ns/cgroup /proc/self/ns/ipc \
		/proc/self/ns/mnt /proc/self/ns/net /proc/self/ns/pid /proc/self/ns/time /proc/self/ns/user /proc/self/ns/uts') || return
	for kind in cgroup ipc mnt net pid time user uts; do
		[[ $(grep "^$kind:" <<<"$inside") == "$(grep "^$kind:" <<<"$outside")" ]] || printf '%s ' "$kind"
	done
}

@test "made by clone(2), the namespaces are the same eight, or those that are not shared" {
	[[ $(namespaces_inside) == 'cgroup ipc mnt net pid time user uts ' ]]
	[[ $(namespaces_inside --as-pid-1) == 'cgroup ipc mnt net pid time user uts ' ]]
	[[ $(namespaces_inside --map root --cap-add all) == 'cgroup ipc mnt net pid time user uts ' ]]
	[[ $(namespaces_inside --share-time) == 'cgroup ipc mnt net pid user uts ' ]]
	[[ $(namespaces_inside --share-net --share-pid) == 'cgroup ipc mnt time user uts ' ]]
}

@test "made by clone(2), clocks can be moved, and the end is the same" {
	allowed below ENOSYS clone3 croft run --boottime-offset 86400 -- cat /proc/self/timens_offsets
	[[ $(xargs <<<"$output") == 'monotonic 0 0 boottime 86400 0' ]]
	refused 7 '' below ENOSYS clone3 croft run -- sh -c 'exit 7'
	refused 143 '' below ENOSYS clone3 croft run -- sh -c 'kill -TERM $$'
	nobody_left
}

@test "a filter that has clone(2) used, and refuses namespaces there, is told" {
	# as Docker's: ENOSYS for the one, EPERM for the other
	refused 125 'cannot make namespaces (user, mount, PID, IPC, UTS, cgroup, time): a seccomp filter around this process refuses it: Operation not permitted' \
		"$(probe withhold)" ENOSYS clone3 "$ROOM/withhold" EPERM clone \
		env PATH="$PATH" setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups croft run -- true
	says "$engine"
}

# ---- pidfd_send_signal -----------------------------------------------------------------

@test "without pidfd_send_signal, signals arrive and nobody is left" {
	for options in '' '--as-pid-1' '--share-pid'; do
		# shellcheck disable=SC2086 # a list of options
		refused 5 '' below EPERM pidfd_send_signal timeout -k 5 --preserve-status -s USR1 1 croft run $options -- \
			sh -c 'trap "exit 5" USR1; while :; do sleep 0.1; done'
	done
	refused 125 'No such file or directory' below EPERM pidfd_send_signal croft run --bind /nowhere /mnt -- true
	nobody_left
}
