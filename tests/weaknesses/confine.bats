#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # scripts for inside; setup.bash sets the variables
#
# What the payload finds closed: the second wall, sockets, signals, keys, /proc.

load ../system/setup

python() { # SCRIPT [ARGUMENT…]: as the tester, on the host
	as_tester python3 -c "$@"
}

# ---- the second wall -------------------------------------------------------------------------

# Control: --landlock off, where the mount's own rights decide.
@test "S16 the second wall: what is not beneath the root is not opened, by whatever descriptor" {
	echo canary >"$ROOM/secret"
	chmod 644 "$ROOM/secret"
	as_tester mkdir in
	# the file of standard input is the host's; opened once more, for what it is open for
	allowed as_tester bash -c 'croft run -- sh -c "cat /dev/stdin" <"$1"' bash "$ROOM/secret"
	says canary
	as_tester cp secret writable
	refused 2 'Permission denied' as_tester bash -c \
		'croft run -- sh -c "echo changed >/proc/self/fd/0" <"$1"' bash "$ROOM/writable"
	[[ $(cat writable) == canary ]]
	allowed as_tester bash -c 'croft run --landlock off -- sh -c "echo changed >/proc/self/fd/0" <"$1"' bash "$ROOM/writable"
	[[ $(cat writable) == changed ]]
}

# Control: --landlock off, where a tmpfs of one's own can be written to everywhere.
@test "S16 the second wall: writing begins where the plan made something writable" {
	inside='for f in /new /etc/passwd /etc/new /usr/new; do (: >>$f) 2>/dev/null && echo "wrote $f"; done
		for f in /tmp/a ~/a /run/a /var/tmp/a /dev/shm/a /work/a /proc/self/comm /dev/null; do (: >$f) || echo "not $f"; done
		mkdir /tmp/d && mv ~/a /tmp/d/b && ln /tmp/d/b /run/b && rm /run/b && truncate -s 9 /tmp/d/b && echo moved'
	as_tester mkdir work
	allowed as_tester croft run --bind "$ROOM/work" /work -- sh -c "$inside"
	[[ $output == moved ]]
	allowed as_tester croft run --landlock off --bind "$ROOM/work" /work -- sh -c "$inside"
	says 'wrote /new'
	says 'wrote /etc/passwd'
}

@test "the second wall: a writable tree is writable, and a shell's root works" {
	make_tree "$ROOM/tree"
	allowed as_tester croft shell --rootfs "$ROOM/tree" --ro-bind /usr /usr -- \
		sh -c 'touch /new && mkdir /d && mv /new /d/ && ln -s /d/new /l && rm -r /d /l && echo done'
	says 'done'
}

@test "C01 a ruleset that is only said to be in force is found out" {
	local fault
	for fault in landlock_restrict_self:retval=0 landlock_add_rule:error=ENOMEM; do
		tried as_tester strace -f -qq -o /dev/null -e "trace=${fault%%:*}" -e "inject=$fault" croft run -- echo RAN
		[[ $status -eq 125 ]]
		says 'landlock: '
		lacks RAN
	done
	tried as_tester strace -f -qq -o /dev/null -e trace=landlock_restrict_self \
		-e inject=landlock_restrict_self:retval=0 croft run --share-pid -- echo RAN
	says 'landlock: the ruleset that was enforced did not hold'
	tried as_tester strace -f -qq -o /dev/null -e trace=landlock_restrict_self \
		-e inject=landlock_restrict_self:retval=0 croft run --as-pid-1 -- echo RAN
	says 'landlock: the ruleset that was enforced did not hold'
	refused 125 'this kernel has no Landlock' as_tester strace -f -qq -o /dev/null -e trace=landlock_create_ruleset \
		-e inject=landlock_create_ruleset:error=ENOSYS croft run -- echo RAN
	says 'hint: --landlock try'
	allowed as_tester strace -f -qq -o /dev/null -e trace=landlock_create_ruleset \
		-e inject=landlock_create_ruleset:error=ENOSYS croft run --landlock try -- echo RAN
	says 'warning: this kernel has no Landlock'
}

# ---- sockets ---------------------------------------------------------------------------------

abstract_listener='
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind("\0" + sys.argv[1]); s.listen(); print("ready", flush=True); s.accept(); print("reached", flush=True)'

abstract_caller='
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
try:
    s.connect("\0" + sys.argv[1]); print("connected")
except OSError as e:
    print(e.strerror)'

# Control: bwrap --share-net, and --share-abstract-sockets.
@test "S09 D04 an abstract socket of the caller's is out of reach, with the network and without" {
	local name="croft-test-$$"

	begin python3 -c "$abstract_listener" "$name"
	within 5 grep -q ready "$ROOM/begun"
	allowed as_tester croft run -- python3 -c "$abstract_caller" "$name"
	says 'Connection refused'
	allowed as_tester croft run --share-net -- python3 -c "$abstract_caller" "$name"
	says 'Operation not permitted'
	run ! grep -q reached "$ROOM/begun"
	if command -v bwrap >/dev/null; then
		allowed as_tester bwrap --ro-bind / / --unshare-pid python3 -c "$abstract_caller" "$name"
	else
		allowed as_tester croft run --share-net --share-abstract-sockets -- python3 -c "$abstract_caller" "$name"
	fi
	says connected
	within 5 grep -q reached "$ROOM/begun"
}

@test "S09 an abstract socket of the caller's network can be shared (control)" {
	local name="croft-test-$$"

	begin python3 -c "$abstract_listener" "$name"
	within 5 grep -q ready "$ROOM/begun"
	allowed as_tester croft run --share-net --share-abstract-sockets -- python3 -c "$abstract_caller" "$name"
	says connected
}

# Control: the same two ports without the options.
@test "S37 TCP: only the ports that are named, to connect to and to listen at" {
	local try='
import socket, sys
def tried(act, port, protocol=0):
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
        getattr(s, act)(("127.0.0.1", port)); return "ok"
    except OSError as e:
        return e.strerror
print(tried("connect", 1), "/", tried("connect", 2), "/", tried("bind", 33333), "/", tried("bind", 33334))'

	allowed as_tester croft run --share-net -- python3 -c "$try"
	[[ $output == "Connection refused / Connection refused / ok / ok" ]]
	allowed as_tester croft run --share-net --allow-tcp-connect 1,443 --allow-tcp-bind 33334 -- python3 -c "$try"
	[[ $output == "Connection refused / Permission denied / Permission denied / ok" ]]
	allowed as_tester croft run --share-net --allow-tcp-connect none --allow-tcp-bind none -- python3 -c "$try"
	[[ $output == "Permission denied / Permission denied / Permission denied / Permission denied" ]]
	# nor by another name of TCP, which Landlock does not look at
	try=${try%print*}'print(tried("connect", 1, 262))'
	allowed as_tester croft run --share-net --allow-tcp-connect none -- python3 -c "$try"
	[[ $output == "Protocol not supported" ]]
	allowed as_tester croft run --share-net --seccomp off --allow-tcp-connect none -- python3 -c "$try"
	[[ $output == "Connection refused" || $output == "Protocol not "* ]]
}

# Control: --seccomp off, where it connects, whatever Landlock's rules are.
@test "S37 TCP: nothing connects by sending (TCP Fast Open)" {
	local call try='
import socket, sys
try:
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.argv[1] == "sendto":
        s.sendto(b"x", socket.MSG_FASTOPEN, ("127.0.0.1", 1))
    else:
        s.sendmsg([b"x"], [], socket.MSG_FASTOPEN, ("127.0.0.1", 1))
    print("ok")
except OSError as e:
    print(e.strerror)'

	for call in sendto sendmsg; do
		allowed as_tester croft run --share-net --allow-tcp-connect none -- python3 -c "$try" "$call"
		[[ $output == "Operation not supported" ]]
		allowed as_tester croft run --share-net --seccomp off --allow-tcp-connect none -- python3 -c "$try" "$call"
		[[ $output == "Connection refused" || $output == "Permission denied" ]]
	done
}

# ---- signals ---------------------------------------------------------------------------------

# Control: --landlock off, where process 1 can be asked whether it is there.
@test "S08 no signal reaches croft's own processes" {
	refused 1 'Operation not permitted' as_tester croft run -- bash -c 'kill -0 1'
	allowed as_tester croft run --landlock off -- bash -c 'kill -0 1'
	# and among its own they do
	allowed as_tester croft run -- bash -c 'sleep 60 & kill %1; wait %1; [[ $? -eq 143 ]]'
}

# ---- keys ------------------------------------------------------------------------------------

# Control: --share-keyring and bwrap, which let the key be read.
@test "S11 a key of the caller's session is neither found, read nor listed" {
	local ask='keyctl print "$(keyctl search @s user croft-secret)" || keyctl print "$1"
		grep -c croft-secret /proc/keys; keyctl rdescribe @s'
	command -v keyctl >/dev/null || skip "keyctl(1) is not installed (Debian: keyutils)"
	in_session() { # COMMAND…: in a session that has the key, whose number is its last argument
		as_tester keyctl session - bash -c \
			'key=$(keyctl add user croft-secret canary @s); exec "$@" "$key"' bash "$@" 2>&1
	}
	tried in_session croft run -- bash -c "$ask" bash
	lacks canary
	lacks croft-secret
	tried in_session croft run --share-keyring -- bash -c "$ask" bash
	says canary
	if command -v bwrap >/dev/null; then
		tried in_session bwrap --unshare-all --ro-bind / / --proc /proc bash -c "$ask" bash
		says canary
	fi
}

# Control: --share-keyring, and keyctl let through by its name.
@test "S11 where sandboxes can be made inside, the caller's keyring cannot be linked to one's own by its number" {
	local how
	command -v keyctl >/dev/null || skip "keyctl(1) is not installed (Debian: keyutils)"
	linked() { # options: what is found of a key in the caller's keyring, which /proc/keys gives the number of
		tried as_tester keyctl session - bash -c '
			keyctl link @u @s && key=$(keyctl add user croft-own canary @u) || exit
			ring=$(awk "/ _uid[.]$UID: / { print \$1 }" /proc/keys)
			croft run "$@" -- bash -c "keyctl link 0x\$0 @s; keyctl print \$1; keyctl setperm \$1 0x3f3f0000
				keyctl add user croft-left x 0x\$0" "$ring" "$key"
			keyctl search @u user croft-left && echo LEFT
			keyctl clear @u' bash "$@"
	}
	for how in --allow-nesting '--allow-nesting --map root --cap-add all' '--map root --cap-add all' '--allow-nesting --json-status-fd 9'; do
		# shellcheck disable=SC2086 # the words of the options
		linked $how 9>/dev/null
		says 'Function not implemented'
		lacks canary
		lacks LEFT
	done
	for how in --share-keyring '--allow-nesting --share-keyring' '--allow-nesting --allow-syscalls keyctl'; do
		# shellcheck disable=SC2086 # likewise
		linked $how
		says canary
	done
	# and what a sandbox inside needs is there
	allowed as_tester croft run --allow-nesting -- keyctl session - true
	allowed as_tester croft run --allow-nesting --ro-bind "$CROFT_BINDIR/croft" /tmp/croft -- /tmp/croft run -- echo within
	says within
}

@test "S11 a kernel that gives no new keyring gives no sandbox" {
	refused 125 'keyring: join a new session keyring' \
		as_tester strace -f -qq -o /dev/null -e trace=keyctl -e inject=keyctl:error=EACCES croft run -- true
	says 'hint: --share-keyring'
	refused 125 'keyring: the new session keyring that was joined did not hold' \
		as_tester strace -f -qq -o /dev/null -e trace=keyctl -e inject=keyctl:retval=0:when=1 croft run -- true
}

# ---- namespaces inside -----------------------------------------------------------------------

# Control: bwrap, and --allow-nesting.
@test "S22 L09 no user namespace can be made inside, and the limit cannot be raised" {
	local how
	for how in "run" "shell" "run --map root" "run --as-pid-1" "shell --map self --cap-add all"; do
		# shellcheck disable=SC2086 # words of a command line
		tried as_tester croft $how -- bash -c '
			echo 1000 >/proc/sys/user/max_user_namespaces
			unshare --user echo MADE; unshare --user --map-root-user echo MADE'
		lacks MADE
	done
	# the limit alone, where no filter looks
	for how in "run" "shell" "run --as-pid-1" "shell --cap-add all"; do
		# shellcheck disable=SC2086 # words of a command line
		refused 1 'No space left on device' as_tester croft $how --seccomp off -- unshare --user echo MADE
	done
	allowed as_tester croft run --allow-nesting -- unshare --user echo MADE
	says MADE
	command -v bwrap >/dev/null || return 0
	allowed as_tester bwrap --unshare-all --ro-bind / / unshare --user echo MADE
	says MADE
}

# ---- crashes ---------------------------------------------------------------------------------

# Control: --rlimit core=0, at which the handler is called.
@test "L04 S14 a crash inside does not call the machine's handler" {
	local pattern crash='cp /usr/bin/sleep /tmp/$1; /tmp/$1 60 & sleep 0.1; kill -SEGV $!; wait $! 2>/dev/null; true'

	as_tester bash -c 'ulimit -c unlimited' 2>/dev/null ||
		skip "no core dump is allowed here to begin with; sudo does that (rlimit_core in sudoers(5))"
	pattern=$(cat /proc/sys/kernel/core_pattern)
	printf '#!/bin/sh\ncat >/dev/null\necho "$1" >>%s\n' "$ROOM/calls" >"$ROOM/handler"
	chmod 755 "$ROOM" "$ROOM/handler"
	: >"$ROOM/calls"
	echo "|$ROOM/handler %e" >/proc/sys/kernel/core_pattern || skip "core_pattern cannot be set here"
	tried as_tester bash -c 'ulimit -c unlimited; exec croft run -- bash -c "$@"' bash "$crash" bash quiet
	tried as_tester bash -c 'ulimit -c unlimited; exec croft run --rlimit core=0 -- bash -c "$@"' bash "$crash" bash loud
	within 5 grep -q loud "$ROOM/calls" || { echo "$pattern" >/proc/sys/kernel/core_pattern; return 1; }
	echo "$pattern" >/proc/sys/kernel/core_pattern
	run ! grep -q quiet "$ROOM/calls"
}

core_listener='
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o777); s.listen(); print("ready", flush=True)
while True:
    s.accept()[0].recv(1); print("called", flush=True)'

calls() {
	[[ $(grep -c called "$ROOM/heard") -ge $1 ]]
}

# What SECURITY gives up.  If it fails, the kernel has come to look at the limit, and that line can go.
@test "a crash handler that listens on a socket is called whatever the limit" {
	local pattern listener called=no crash='sleep 60 & kill -SEGV $!; wait $! 2>/dev/null; true'

	pattern=$(cat /proc/sys/kernel/core_pattern)
	chmod 755 "$ROOM"
	python3 -c "$core_listener" "$ROOM/handler" >"$ROOM/heard" 3>&- &
	listener=$!
	within 5 grep -q ready "$ROOM/heard"
	if echo "@$ROOM/handler" >/proc/sys/kernel/core_pattern; then
		as_tester bash -c 'ulimit -c unlimited; eval "$1"' bash "$crash" 2>/dev/null || true
		if within 2 calls 1; then
			as_tester croft run --rlimit core=0 -- bash -c "$crash" || true
			as_tester croft run -- bash -c "$crash" || true
			within 2 calls 3 && called=yes
		else
			called='not known here'
		fi
		echo "$pattern" >/proc/sys/kernel/core_pattern
	fi
	kill "$listener"
	[[ $called != 'not known here' ]] || skip "such handlers are of Linux 6.16 and newer"
	[[ $called == yes ]]
}

# ---- sockets in what is bound ----------------------------------------------------------------

path_listener='
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind(sys.argv[1]); s.listen(); print("ready", flush=True)
while True:
    s.accept(); print("reached", flush=True)'

path_caller='
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
try:
    s.connect(sys.argv[1]); print("connected")
except OSError as e:
    print(e.strerror)'

# by_descriptor PATH COMMAND…: as the tester, with 9 leading to PATH, which is not opened.
by_descriptor() {
	as_tester python3 -c 'import os, sys
os.dup2(os.open(sys.argv[1], os.O_PATH), 9)
os.execvp(sys.argv[2], sys.argv[2:])' "$@"
}

# Control: bwrap --ro-bind of the same socket, which is connected to; and --bind-socket.
@test "D02 D06 a socket or a FIFO is bound by --bind-socket, and by nothing else" {
	begin python3 -c "$path_listener" "$ROOM/socket"
	within 5 grep -q ready "$ROOM/begun"
	as_tester mkfifo fifo
	for option in --bind --ro-bind --dev-bind --bind-try --ro-bind-try; do
		refused 125 'it is a socket or a FIFO' as_tester croft run "$option" "$ROOM/socket" /s -- true
		says 'hint: --bind-socket shows it'
		refused 125 'it is a socket or a FIFO' as_tester croft run "$option" "$ROOM/fifo" /s -- true
	done
	for option in --bind-fd --ro-bind-fd; do
		refused 125 'it is a socket or a FIFO' by_descriptor "$ROOM/socket" croft run "$option" 9 /s -- true
		refused 125 'it is a socket or a FIFO' by_descriptor "$ROOM/fifo" croft run "$option" 9 /s -- true
	done
	refused 125 'it is neither a socket nor a FIFO' as_tester croft run --bind-socket /etc/hostname /s -- true
	refused 125 'it is neither a socket nor a FIFO' as_tester croft run --allow-sockets --bind-socket /etc /s -- true
	run ! grep -q reached "$ROOM/begun"
	allowed as_tester croft run --bind-socket "$ROOM/socket" /s -- python3 -c "$path_caller" /s
	says connected
	allowed as_tester croft run --allow-sockets --ro-bind "$ROOM/socket" /s -- python3 -c "$path_caller" /s
	says connected
	command -v bwrap >/dev/null || { kill "$begun"; return 0; }
	allowed as_tester bwrap --unshare-all --ro-bind / / --ro-bind "$ROOM/socket" /tmp python3 -c "$path_caller" "$ROOM/socket" ||
		allowed as_tester bwrap --unshare-all --ro-bind / / python3 -c "$path_caller" "$ROOM/socket"
	says connected
	kill "$begun"
}

# in_runtime COMMAND…: as the tester, where /run and the runtime directory are file systems
# of their own.
in_runtime() {
	# shellcheck disable=SC2016
	unshare --mount bash -c '
		user=$1; shift
		mount -t tmpfs tmpfs /run && mkdir -p "/run/user/$user" /run/dbus /run/lock.d &&
			mount -t tmpfs -o "uid=$user,mode=700" tmpfs "/run/user/$user" || exit
		mkdir -p "/run/user/$user/gnupg" /tmp/.X11-unix
		chown "$user" "/run/user/$user/gnupg"
		echo plain >/run/plain; chmod 755 /run
		setpriv --reuid="$user" --regid="$user" --init-groups --reset-env env PATH="$PATH" "$@"
		status=$?; rmdir /tmp/.X11-unix 2>/dev/null; exit "$status"' in_runtime "$tester_uid" "$@"
}

# Control: --allow-sockets, and bwrap, which bind them.
@test "D02 S31 S32 D01 the directories of sockets are not bound by accident, and are empty inside" {
	local place
	for place in /run /run/ /run/dbus "/run/user/$tester_uid" "/run/user/$tester_uid/gnupg" /tmp/.X11-unix; do
		refused 125 'it is a directory of sockets' in_runtime croft run --ro-bind "$place" /x -- true
		says 'hint: --bind-socket shows one socket; --allow-sockets lets the directory pass'
		refused 125 'it is a directory of sockets' in_runtime sh -c \
			'exec croft run --ro-bind-fd 9 /x -- true 9<"$1"' sh "$place"
		allowed in_runtime croft run --allow-sockets --ro-bind "$place" /x -- true
		allowed in_runtime bwrap --ro-bind / / --ro-bind "$place" /mnt true
	done
	allowed in_runtime croft run --ro-bind /run/plain /x -- cat /x
	[[ $output == plain ]]
	allowed in_runtime croft run --ro-bind /tmp /x -- true
	allowed in_runtime croft run -- sh -c 'ls -A /run /run/user; echo ":$XDG_RUNTIME_DIR$DBUS_SESSION_BUS_ADDRESS"; true'
	says "cannot access '/run/user'"
	[[ ${lines[-1]} == : ]]
}

# ---- directories as descriptors --------------------------------------------------------------

# Control: --fd-dir, and bwrap: a file outside is read.
@test "F01 S02 a directory comes in by --fd-dir alone, and what it leads to cannot be opened" {
	as_tester mkdir -p d
	echo outside >canary
	chmod 644 canary
	as_tester cp canary d/below
	refused 125 'descriptor 0 is a directory' as_tester bash -c 'exec croft run -- cat /proc/self/fd/0/../canary <d'
	says '--fd-dir 0'
	tried as_tester bash -c 'exec croft run --fd-dir 0 --landlock off -- cat /proc/self/fd/0/../canary <d'
	says outside
	# the second wall stands where it is let in
	tried as_tester bash -c 'exec croft run --fd-dir 0 -- cat /proc/self/fd/0/../canary <d'
	lacks outside
	says 'Permission denied'
	tried as_tester bash -c 'exec croft run --fd-dir 0 -- sh -c "cat /proc/self/fd/0/below; : >/proc/self/fd/0/made" <d'
	lacks outside
	[[ ! -e d/made ]]
	# a file that is passed is opened once more for what it is open for, and for no more
	allowed as_tester bash -c 'exec 9<canary; croft run --fd 9 -- cat /proc/self/fd/9'
	[[ $output == outside ]]
	refused 2 'Permission denied' as_tester bash -c 'exec 9<d/below; croft run --fd 9 -- sh -c ": >/proc/self/fd/9"'
	command -v bwrap >/dev/null || return 0
	tried as_tester bash -c 'exec bwrap --unshare-all --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
		--symlink usr/bin /bin --proc /proc cat /proc/self/fd/0/../canary <d'
	says outside
}

# ---- read back -------------------------------------------------------------------------------

# A system call that says it had succeeded and did nothing, for each restriction.
#
# Control: the same without the fault, which runs.
@test "C01 what is only said to be in force is found out before the command runs" {
	local fault reason
	while read -r fault reason; do
		tried as_tester strace -f -qq -o /dev/null -e "trace=${fault%%:*}" -e "inject=$fault" \
			croft run --tmpfs /x --ro-bind /etc /y -- echo RAN
		[[ $status -eq 125 ]] || { echo "$fault: status $status"; return 1; }
		says "$reason"
		lacks RAN
	done <<-'END'
		capset:retval=0 the capabilities that were set did not hold
		mount_setattr:retval=0:when=2+ restrict it
		unshare:retval=0 the new net namespace is the one from before
		keyctl:retval=7:when=1 the new session keyring that was joined did not hold
		landlock_restrict_self:retval=0 the ruleset that was enforced did not hold
	END
	for fault in clone3 setresuid setresgid prlimit64 setrlimit prctl; do
		tried as_tester strace -f -qq -o /dev/null -e "trace=$fault" -e "inject=$fault:error=EPERM" \
			croft run --map root --rlimit nofile=50 -- echo RAN
		[[ $output != *RAN* || $fault == clone3 || $fault == setres* || $fault == setrlimit ]] ||
			{ echo "$fault: $output"; return 1; }
	done
	tried as_tester strace -f -qq -o /dev/null -e trace=prlimit64 -e inject=prlimit64:retval=0 \
		croft run --rlimit nofile=50 -- echo RAN
	says 'did not hold'
	lacks RAN
	allowed as_tester strace -f -qq -o /dev/null croft run --tmpfs /x --ro-bind /etc /y -- echo RAN
	says RAN
}
