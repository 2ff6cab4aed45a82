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
def tried(act, port):
    s = socket.socket()
    try:
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
}

# ---- signals ---------------------------------------------------------------------------------

# Control: --landlock off, where process 1 can be asked whether it is there.
@test "S08 no signal reaches croft's own processes" {
	refused 1 'Operation not permitted' as_tester croft run -- bash -c 'kill -0 1'
	allowed as_tester croft run --landlock off -- bash -c 'kill -0 1'
	# and among its own they do
	allowed as_tester croft run -- bash -c 'sleep 60 & kill %1; wait %1; [[ $? -eq 143 ]]'
}
