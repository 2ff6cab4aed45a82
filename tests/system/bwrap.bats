#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a program inside; setup.bash sets begun
#
# croft-bwrap: what bubblewrap's clients count on, and what is refused.  Whether both
# do the same is compared line by line elsewhere; here is what must hold by itself.

load setup

# host ARGUMENTS…: as the tester, with the host's root read-only.
host() {
	as_tester croft-bwrap --ro-bind / / "$@"
}

# denied REASON ARGUMENTS…: bubblewrap's exit status, and this reason.
denied() {
	local reason=$1
	shift
	refused 1 "$reason" as_tester croft-bwrap "$@"
}

# ---- what clients read ------------------------------------------------------------

@test "--version names bubblewrap first, and croft" {
	allowed as_tester croft-bwrap --version
	[[ $output == "bubblewrap 0.11.1 (croft "*")" ]]
}

@test "--help calls it what it was called" {
	allowed as_tester "$CROFT_BINDIR/croft-bwrap" --help
	[[ ${lines[0]} == "usage: $CROFT_BINDIR/croft-bwrap "* ]]
}

@test "Steam's probe: --level-prefix, and --dir / that makes nothing" {
	allowed as_tester croft-bwrap --level-prefix --perms 0700 --dir / --bind / / true
	denied '<3>bwrap: ' --level-prefix --nonsense
}

@test "glycin's three sentences for no namespaces, with the cause below" {
	allowed as_tester croft-bwrap --unshare-all --ro-bind / / true
	refused 1 'bwrap: Creating new namespace failed' as_tester unshare -Ur sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces; exec croft-bwrap --unshare-user --ro-bind / / true'
	says sysctl
}

@test "a missing source in bubblewrap's words; -try forgives just that" {
	denied "bwrap: Can't find source path /nowhere: No such file or directory" --ro-bind /nowhere / true
	allowed host --ro-bind-try /nowhere /tmp true
	denied 'Not a directory' --ro-bind / / --ro-bind-try /etc/passwd/x /tmp true
}

@test "it can be run as /proc/self/exe, and within itself" {
	allowed host --unshare-all --proc /proc --dev /dev -- \
		croft-bwrap --unshare-all --ro-bind / / --proc /proc --dev /dev sh -c 'echo $$'
	[[ $output == 2 ]]
	allowed as_tester bash -c "exec -a /proc/self/exe croft-bwrap --ro-bind / / echo here"
	[[ $output == here ]]
}

# ---- what stays the caller's ------------------------------------------------------

@test "environment, descriptors, session and limits are the caller's" {
	session() { awk '{ print $6 }' "/proc/$1/stat"; }
	allowed as_tester env MARK=seen bash -c 'exec 7</etc/passwd; ulimit -c unlimited
		exec croft-bwrap --ro-bind / / --proc /proc sh -c "$1"' - \
		'echo $MARK; read line <&7; echo $line; ulimit -c; cut -d" " -f6 /proc/self/stat'
	[[ ${lines[0]} == seen && ${lines[1]} == root:* && ${lines[2]} == unlimited ]]
	[[ ${lines[3]} == "$(session $$)" ]]
	allowed host --new-session --proc /proc cut -d' ' -f6 /proc/self/stat
	[[ $output != "$(session $$)" ]]
}

@test "--clearenv leaves PWD alone" {
	allowed host --clearenv --chdir /usr /usr/bin/env
	[[ $output == PWD=/usr ]]
}

@test "a descriptor that an option took does not reach the command" {
	allowed as_tester sh -c 'croft-bwrap --ro-bind / / --proc /proc --tmpfs /tmp --file 7 /tmp/file --block-fd 8 \
		--sync-fd 9 sh -c "ls /proc/self/fd; cat /tmp/file" 7</etc/hostname 8</dev/null 9>/dev/null'
	[[ $output != *[789]$'\n'* && $output == *"$(cat /etc/hostname)" ]]
}

@test "the launcher keeps no descriptor of the caller's: an end of file comes when the command closes it" {
	allowed as_tester timeout 5 bash -c 'coproc sleepy { croft-bwrap --ro-bind / / --unshare-pid --dev /dev \
		sh -c "exec 9>&-; exec >/dev/null; sleep 30" 9>&1 </dev/null; }
		read -r -t 4 line <&"${sleepy[0]}"; [[ $? -le 1 ]]; kill %1 2>/dev/null; true'
}

# ---- processes --------------------------------------------------------------------

@test "without --unshare-pid nobody stands between; the exit status is the command's" {
	allowed host --proc /proc sh -c 'cat /proc/$PPID/comm'
	[[ $output == croft-bwrap || $output == bwrap ]]
	run host sh -c 'exit 7'
	[[ $status -eq 7 ]]
	run host sh -c 'kill -TERM $$'
	[[ $status -eq 143 ]]
	run host /nowhere
	[[ $status -eq 1 && $output == *"bwrap: execvp /nowhere: No such file or directory"* ]]
}

@test "what the command leaves running goes on, and ends with --die-with-parent" {
	allowed host --unshare-pid --dev /dev --bind "$ROOM" "$ROOM" sh -c "(sleep 1; touch $ROOM/later) >/dev/null 2>&1 3>&- & true"
	[[ ! -e $ROOM/later ]]
	within 3 test -e "$ROOM/later"
	allowed host --unshare-pid --die-with-parent --dev /dev --bind "$ROOM" "$ROOM" \
		sh -c "(sleep 1; touch $ROOM/never) >/dev/null 2>&1 3>&- & true"
	sleep 1.5
	[[ ! -e $ROOM/never ]]
	nobody_left
}

@test "F03: the first process inside tells the command nothing" {
	allowed as_tester env SECRET=hidden croft-bwrap --unshare-pid --ro-bind / / --proc /proc \
		sh -c 'cat /proc/1/cmdline /proc/1/comm; cat /proc/1/environ || echo refused'
	says refused
	lacks hidden
	lacks unshare-pid
}

# Its number is what --info-fd tells, and programs enter its namespaces.
@test "from outside, its owner can look into the first process" {
	begin croft-bwrap --unshare-all --ro-bind / / --dev /dev --info-fd 9 sleep 30 9>"$ROOM/info"
	within 3 grep -q '^}' "$ROOM/info"
	child=$(sed -n 's/.*"child-pid": \([0-9]*\),*/\1/p' "$ROOM/info")
	allowed as_tester readlink "/proc/$child/ns/user" "/proc/$child/ns/net"
	says "net:[$(sed -n 's/.*"net-namespace": \([0-9]*\),*/\1/p' "$ROOM/info")]"
	kill -KILL "$child"
	wait "$begun" || [[ $? -eq 137 ]]
}

@test "--lock-file holds a lock that others meet, until nobody is inside" {
	as_tester touch "$ROOM/lock"
	begin croft-bwrap --ro-bind / / --bind "$ROOM" "$ROOM" --lock-file "$ROOM/lock" sleep 1
	locked() { ! as_tester python3 -c 'import fcntl,sys; fcntl.lockf(open(sys.argv[1], "r+"), fcntl.LOCK_EX | fcntl.LOCK_NB)' "$ROOM/lock" 2>/dev/null; }
	within 2 locked
	wait "$begun"
	within 2 eval '! locked'
	denied 'lock /nowhere' --ro-bind / / --lock-file /nowhere true
	denied 'exclude each other' --unshare-pid --as-pid-1 --lock-file /x --ro-bind / / true
}

# ---- the root ---------------------------------------------------------------------

@test "P01: no link of a root leads out of it" {
	as_tester mkdir "$ROOM/root" "$ROOM/outside"
	as_tester ln -s "$ROOM/outside" "$ROOM/root/link"
	as_tester ln -s ../../../../../../../../.."$ROOM/outside" "$ROOM/root/dots"
	allowed as_tester croft-bwrap --bind "$ROOM/root" / --dir /link/made --dir /dots/made --ro-bind /usr /usr \
		--symlink usr/lib /lib --symlink usr/lib64 /lib64 /usr/bin/true
	[[ -z $(ls "$ROOM/outside") ]]
}

@test "a link at the target is followed inside" {
	allowed host --tmpfs /tmp --dir /tmp/dir --symlink dir /tmp/link --bind /etc /tmp/link cat /tmp/dir/passwd
	says root:
	denied 'existing destination is one' --tmpfs / --symlink one /link --symlink two /link true
}

@test "--bind-fd, --bind-data and their -ro forms" {
	allowed as_tester sh -c 'echo data | croft-bwrap --ro-bind / / --tmpfs /tmp --perms 0640 --ro-bind-data 0 /tmp/data \
		--ro-bind-fd 7 /tmp/etc sh -c "cat /tmp/data; stat -c %a /tmp/data; head -1 /tmp/etc/passwd
			test -w /tmp/data || echo read-only" 7</etc'
	[[ ${lines[0]} == data && ${lines[1]} == 640 && ${lines[2]} == root:* && ${lines[3]} == read-only ]]
	denied 'not open' --ro-bind / / --tmpfs /tmp --bind-data 99 /tmp/data true
	denied 'bind descriptor 99' --ro-bind / / --bind-fd 99 /tmp true
}

@test "--args stands for its words, and holds no command" {
	printf -- '--ro-bind\0/\0/\0--chdir\0/usr' >"$ROOM/words"
	allowed as_tester sh -c 'croft-bwrap --args 9 --chdir /etc pwd 9<words'
	[[ ${lines[*]} == *"Only the last --chdir option will take effect"* && ${lines[-1]} == /etc ]]
	printf -- '--args\0009' >"$ROOM/words"
	refused 1 'cannot be used in what --args reads' as_tester sh -c 'croft-bwrap --args 9 true 9<words'
	denied "bwrap: Invalid fd: 0a" --args 0a
}

# ---- privileges -------------------------------------------------------------------

@test "no capability, but those asked for; never a new privilege" {
	allowed host --proc /proc grep -E 'Cap|NoNew' /proc/self/status
	[[ $(grep -c '0000000000000000$' <<<"$output") -eq 5 && $output == *"NoNewPrivs:"*1 ]]
	allowed host --proc /proc --cap-add CAP_NET_ADMIN --cap-add CAP_KILL --cap-drop CAP_KILL grep -E 'Cap' /proc/self/status
	[[ $(grep -c '0000000000001000$' <<<"$output") -eq 5 ]]
}

@test "root keeps its own, and no user namespace is made for it" {
	allowed croft-bwrap --ro-bind / / --proc /proc sh -c 'readlink /proc/self/ns/user; grep CapEff /proc/self/status'
	says "$(readlink /proc/self/ns/user)"
	says "$(grep CapEff /proc/self/status)"
	allowed croft-bwrap --cap-drop ALL --ro-bind / / grep CapPrm /proc/self/status
	says 0000000000000000
}

@test "--uid and --gid, and --disable-userns" {
	allowed host --uid 7 --gid 8 --dev /dev sh -c 'echo $(id -u):$(id -g)'
	[[ $output == 7:8 ]]
	allowed host --unshare-user --disable-userns --unshare-pid --dev /dev --proc /proc \
		sh -c 'unshare -U true && echo made || echo none'
	says none
	denied 'could be made inside' --ro-bind / / --assert-userns-disabled true
	refused 1 '--uid needs --unshare-user' croft-bwrap --uid 7 --ro-bind / / true
}

@test "--userns joins another's namespace" {
	begin croft-bwrap --unshare-user --unshare-pid --ro-bind / / --dev /dev --info-fd 9 sleep 30 9>"$ROOM/info"
	within 3 grep -q '^}' "$ROOM/info"
	child=$(sed -n 's/.*"child-pid": \([0-9]*\),*/\1/p' "$ROOM/info")
	allowed as_tester bash -c "croft-bwrap --userns 7 --pidns 8 --ro-bind / / --proc /proc \
		readlink /proc/self/ns/user /proc/self/ns/pid 7</proc/$child/ns/user 8</proc/$child/ns/pid"
	[[ ${lines[0]} == "$(readlink "/proc/$child/ns/user")" && ${lines[1]} == "$(readlink "/proc/$child/ns/pid")" ]]
	# a further PID namespace below it, whose first process is the command itself
	allowed as_tester bash -c "croft-bwrap --userns 7 --pidns 8 --unshare-pid --as-pid-1 --ro-bind / / --proc /proc \
		sh -c 'echo \$\$; ls -d /proc/[0-9]*; readlink /proc/self/ns/pid' 7</proc/$child/ns/user 8</proc/$child/ns/pid"
	[[ ${lines[0]} == 1 && ${lines[1]} == /proc/1 && ${lines[-1]} != "$(readlink "/proc/$child/ns/pid")" ]]
	# its processes are in sight of those above, and end with them
	first=$begun
	begin bash -c "exec croft-bwrap --userns 7 --pidns 8 --unshare-pid --ro-bind / / --proc /proc --info-fd 9 \
		sleep 30 7</proc/$child/ns/user 8</proc/$child/ns/pid" 9>"$ROOM/below"
	within 3 grep -q '^}' "$ROOM/below"
	below=$(sed -n 's/.*"child-pid": \([0-9]*\),*/\1/p' "$ROOM/below")
	[[ $(awk '/^NSpid:/ { print NF - 1, $NF }' "/proc/$below/status") == '3 1' ]]
	[[ $(readlink "/proc/$below/ns/pid") != "$(readlink "/proc/$child/ns/pid")" ]]
	kill -KILL "$child"
	within 3 test ! -e "/proc/$below/exe"
	wait "$begun" "$first" || true
	refused 1 'Setting userns failed' as_tester sh -c 'croft-bwrap --userns 7 --ro-bind / / true 7</etc/passwd'
	denied '--userns and --unshare-user exclude each other' --userns 7 --unshare-user --ro-bind / / true
}

# ---- refusals ---------------------------------------------------------------------

@test "what is not understood, or contradicts itself, is refused with status 1" {
	denied 'Unknown option --nonsense' --nonsense
	denied 'Unknown option --chdir=/' --chdir=/ true
	denied '--bind takes two arguments' --bind /
	denied 'usage: ' --ro-bind / /
	denied '--hostname needs --unshare-uts' --ro-bind / / --hostname x true
	denied '--as-pid-1 needs --unshare-pid' --ro-bind / / --as-pid-1 true
	denied '--userns-block-fd needs --info-fd' --unshare-user --userns-block-fd 7 --ro-bind / / true
	denied 'must be followed by an option that creates a file' --perms 0700 --unshare-pid --ro-bind / / true
	denied "Can't chdir to /nowhere" --ro-bind / / --chdir /nowhere true
	denied 'Read-only file system' --ro-bind / / --dir /new/dir true
}

# ---- what croft adds --------------------------------------------------------------

@test "many IDs, clocks and limits by croft's options" {
	[[ -n $(subordinate uid) ]] || skip "the tester has no subordinate IDs"
	allowed host --map auto --rlimit nofile=99 --unshare-time --boottime-offset 1000000 --proc /proc \
		sh -c 'cat /proc/self/uid_map; ulimit -n; cut -d. -f1 /proc/uptime'
	[[ $(wc -l <<<"$output") -eq 4 && ${lines[2]} == 99 && ${lines[3]} -gt 1000000 ]]
}

@test "croft explain --bwrap tells what a line amounts to" {
	allowed as_tester croft explain --bwrap -- --unshare-net --ro-bind / / --chdir /usr ls
	says 'net: new'
	says 'pid: shared'
	says 'ro-bind / /'
	says 'open descriptors'
}

# light LAUNCHER: the first process inside has next to nothing of its read-only data mapped.
light() {
	local reaper
	reaper=$(ps -o pid= --ppid "$1")
	awk '/^[0-9a-f]+-/ { data = $2 == "r--p" && /croft-bwrap$/ } data && /^Rss:/ { sum += $2 }
		END { exit NR == 0 || sum >= 40 }' "/proc/${reaper// /}/smaps"
}

@test "what stays while the command runs has given back what the start needed" {
	begin "$CROFT_BINDIR/croft-bwrap" --unshare-all --bind / / --proc /proc --dev /dev sleep 60
	within 5 descendant "$begun" sleep >/dev/null
	within 5 light "$begun"
	kill -KILL "$(descendant "$begun" sleep)"
	wait "$begun" || true
	nobody_left
}

# The kernel's own: debugfs mounts tracefs as soon as one steps on its directory.
@test "what is mounted as soon as one looks at it is there inside" {
	local see='mount -t debugfs none "$1" || exit 77; shift; "$@"'
	unshare -m sh -c "$see" - /mnt test -e /mnt/tracing/README || skip "this kernel mounts nothing by itself"
	allowed unshare -m sh -c "$see" - /mnt croft-bwrap --ro-bind / / --ro-bind /mnt /srv head -n 1 /srv/tracing/README
	says tracing
	allowed unshare -m sh -c "$see" - /mnt croft-bwrap --ro-bind / / --ro-bind /mnt/tracing /srv head -n 1 /srv/README
	says tracing
	refused 1 'No such file' unshare -m sh -c "$see" - /mnt croft-bwrap --ro-bind / / --tmpfs /srv head -n 1 /srv/tracing/README
}
