#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a program inside; setup.bash sets begun
#
# Which namespaces are new, which are the caller's, and what is in the new ones.

load setup

kinds="cgroup ipc mnt net pid time user uts"

# namespaces_of COMMAND…: "cgroup:[4026531835]" and so on, as seen by what it starts.
namespaces_of() {
	"$@" sh -c 'cd /proc/self/ns && for kind in '"$kinds"'; do readlink $kind; done'
}

# shares KINDS CROFT-ARGUMENTS…: these are the caller's inside, and all the others are not.
shares() {
	local wanted=$1 ours kept
	shift
	ours=$(namespaces_of as_tester)
	namespaces_of as_tester croft "$@" -- >"$ROOM/inside"
	[[ $(wc -l <"$ROOM/inside") -eq 8 ]]
	kept=$(grep -xF "$ours" "$ROOM/inside" | sed 's/:.*//' | xargs) || true
	[[ $kept == "$wanted" ]] && return
	echo "croft $*: expected to share \"$wanted\", shared \"$kept\""
	return 1
}

@test "all eight are new by default" {
	shares "" run
	shares "" run --map auto
	shares "" run --as-pid-1
	shares "" run --cap-add all
	shares "" shell
	shares "" shell --as-pid-1
}

@test "each --share option keeps that one alone" {
	shares net run --share-net
	shares pid run --share-pid
	shares ipc run --share-ipc
	shares uts run --share-uts
	shares cgroup run --share-cgroup
	shares time run --share-time
	shares net shell --share-net
	shares time run --share-time --as-pid-1
	shares cgroup shell --share-cgroup --cap-drop all
}

@test "they add up, but to user and mount" {
	local all=(--share-net --share-pid --share-ipc --share-uts --share-cgroup --share-time)

	shares "cgroup ipc net pid time uts" run "${all[@]}"
	shares "cgroup ipc net pid time uts" shell "${all[@]}"
	refused 125 'there is no option --share-user' as_tester croft run --share-user -- true
	refused 125 'there is no option --share-mount' as_tester croft run --share-mount -- true
}

@test "explain says the same" {
	allowed as_tester croft explain run --share-net --share-time -- true
	for kind in user mount pid ipc uts cgroup; do
		says "$kind: new"
	done
	says 'net: shared'
	says 'time: shared'
}

# ---- a second user and mount namespace -----------------------------------------------

# same KIND PID PID
same() {
	[[ $(readlink "/proc/$2/ns/$1") == "$(readlink "/proc/$3/ns/$1")" ]]
}

# payload_and_reaper CROFT-ARGUMENTS…: starts croft, and fills in payload and reaper.
payload_and_reaper() {
	begin croft "$@" -- sleep 60
	within 5 descendant "$begun" sleep
	payload=$(descendant "$begun" sleep)
	reaper=$(awk '{ print $4 }' "/proc/$payload/stat")
	[[ $(cat "/proc/$reaper/comm") == croft-reaper ]]
}

@test "whoever holds a capability is in a user and a mount namespace of their own" {
	for arguments in shell "run --cap-add net_admin" "shell --map root --cap-add all"; do
		# shellcheck disable=SC2086 # the words of the arguments
		payload_and_reaper $arguments
		! same user "$payload" "$reaper"
		! same mnt "$payload" "$reaper"
		for kind in cgroup ipc net pid time uts; do
			same "$kind" "$payload" "$reaper"
		done
		kill "$begun" && wait "$begun" || true
	done
}

@test "whoever holds none needs none" {
	payload_and_reaper run
	for kind in $kinds; do
		same "$kind" "$payload" "$reaper"
	done
	kill "$begun" && wait "$begun" || true
}

# ---- network -------------------------------------------------------------------------

listener='use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")
	or die "listen: $!"; $| = 1; print $s->sockport, "\n"; '
caller='use IO::Socket::INET; IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => shift)
	or die "connect: $!\n"; print "connected\n"'

# Some kernels put a fallback device of each loaded tunnel module into every network, down.
@test "S37 a new network has the loopback device, up, and nothing else" {
	allowed as_tester croft run -- sh -c 'sed 1,2d /proc/net/dev |
		grep -vE "^ *(tunl|sit|gre|gretap|erspan|ip_vti|ip6_vti|ip6tnl|ip6gre)0:"; sed 1d /proc/net/route'
	[[ ${#lines[@]} -eq 1 && ${lines[0]} == *lo:* ]]
	allowed as_tester croft run -- perl -e "$listener"'my $c = IO::Socket::INET->new(
		PeerAddr => "127.0.0.1", PeerPort => $s->sockport) or die "connect: $!"; print "both ends\n"'
	says 'both ends'
	allowed as_tester croft shell -- perl -e 'use Socket qw(:DEFAULT inet_pton);
		socket(my $s, AF_INET6, SOCK_STREAM, 0) or exit;
		bind($s, pack_sockaddr_in6(0, inet_pton(AF_INET6, "::1"))) or die "::1: $!"'
}

# Control: --share-net.
@test "S37 what listens on the host's loopback is reached with --share-net alone" {
	begin perl -e "$listener"'sleep 60'
	within 5 test -s "$ROOM/begun"
	allowed as_tester croft run --share-net -- perl -e "$caller" "$(cat "$ROOM/begun")"
	says connected
	refused 111 'connect: Connection refused' as_tester croft run -- perl -e "$caller" "$(cat "$ROOM/begun")"
	kill "$begun" && wait "$begun" || true
}

# The network is made while the root is, and either may be first.
@test "ports below 1024 can be bound where the capability is given, whatever /proc the root has" {
	local bind='use IO::Socket::INET; print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:7")
		? "bound\n" : "$!\n"'

	for _ in {1..5}; do
		allowed bare --dev /dev --map root --cap-add net_bind_service -- /usr/bin/perl -e "$bind"
		[[ $output == bound ]]
	done
	allowed croft run --cap-add all -- perl -e "$bind"		# root's /proc/sys is read-only inside
	[[ $output == bound ]]
	allowed as_tester croft run -- perl -e "$bind"
	[[ $output == 'Permission denied' ]]
}

# ---- host name -----------------------------------------------------------------------

@test "the host name is croft, or what --hostname says" {
	[[ $(as_tester croft run -- hostname) == croft ]]
	[[ $(as_tester croft run --hostname plot-7.example -- sh -c 'hostname; getent hosts plot-7.example') == \
		$'plot-7.example\n127.0.1.1       plot-7.example' ]]
	[[ $(as_tester croft shell --hostname plot -- hostname) == plot ]]
	[[ $(as_tester croft run --share-uts -- hostname) == "$(hostname)" ]]
	local longest
	longest=$(printf 'a%.0s' {1..64})
	[[ $(as_tester croft run --hostname "$longest" -- hostname) == "$longest" ]]
}

@test "what is no host name is refused" {
	refused 125 "--hostname takes a name of 1 to 64 bytes, not ''" as_tester croft run --hostname '' -- true
	refused 125 '--hostname takes a name of 1 to 64 bytes' \
		as_tester croft run --hostname "$(printf 'a%.0s' {1..65})" -- true
	for name in 'a b' $'a\nb' 'ä' 'a#b' $'\e[31m'; do
		refused 125 '--hostname takes a name in plain ASCII without blanks' \
			as_tester croft run --hostname "$name" -- true
	done
}

# ---- processes, IPC, control groups --------------------------------------------------

# Control: --share-pid.
@test "S34 only what runs inside is seen of processes, unless they are shared" {
	[[ $(as_tester croft run -- sh -c 'echo $PPID $$; cd /proc; echo [0-9]*') == $'1 2\n1 2' ]]
	allowed as_tester croft run --share-pid -- sh -c "test -d /proc/$BASHPID"
	refused 1 '' as_tester croft run -- sh -c "test -d /proc/4194304 || test -d /proc/$$"
}

# Control: --share-ipc.
@test "S12 IPC objects of the caller are not seen, unless they are shared" {
	local queue
	queue=$(as_tester ipcmk -Q -p 0600 | awk '{ print $NF }')
	refused 1 '' as_tester croft run -- grep " $queue " /proc/sysvipc/msg
	allowed as_tester croft run --share-ipc -- grep " $queue " /proc/sysvipc/msg
	as_tester ipcrm -q "$queue"
}

@test "a new cgroup namespace begins where the caller is" {
	allowed as_tester croft run -- cat /proc/self/cgroup
	[[ $(awk -F: '$3 != "/"' <<<"$output") == "" ]]
}

# ---- clocks --------------------------------------------------------------------------

@test "the clocks are moved by as much as is said" {
	allowed as_tester croft run --boottime-offset 86400 --monotonic-offset=-7 -- cat /proc/self/timens_offsets
	[[ $(xargs <<<"$output") == "monotonic -7 0 boottime 86400 0" ]]
	local before inside
	read -r before _ </proc/uptime
	inside=$(as_tester croft run --boottime-offset 1000000 -- cut -d. -f1 /proc/uptime)
	((inside >= ${before%.*} + 1000000 && inside < ${before%.*} + 1000100))
	allowed as_tester croft run -- cat /proc/self/timens_offsets
	[[ $(xargs <<<"$output") == "monotonic 0 0 boottime 0 0" ]]
}

@test "a clock that would go below zero, or out of reach, is refused" {
	refused 125 'namespaces: move the clocks by 0 and -1000000000 seconds' \
		as_tester croft run --boottime-offset -1000000000 -- true
	says 'hint: a clock cannot go below zero'
	for value in x '' 1.5 +1 0x1 99999999999 --; do
		refused 125 "--monotonic-offset takes a number of seconds" \
			as_tester croft run --monotonic-offset "$value" -- true
	done
	for option in --monotonic-offset --boottime-offset; do
		refused 125 "$option needs SECONDS" as_tester croft run $option
	done
}

# ---- contradictions ------------------------------------------------------------------

@test "options that need a namespace exclude sharing it" {
	while read -r option value opposite; do
		refused 125 "$option and $opposite exclude each other" \
			as_tester croft run "$option$value" "$opposite" -- true
		refused 125 "$option and $opposite exclude each other" \
			as_tester croft run "$opposite" "$option$value" -- true
	done <<-END
		--hostname =name --share-uts
		--boottime-offset =1 --share-time
		--monotonic-offset =1 --share-time
	END
	refused 125 '--as-pid-1 and --share-pid exclude each other' \
		as_tester croft run --as-pid-1 --share-pid -- true
	refused 125 '--mqueue and --share-ipc exclude each other' \
		as_tester croft run --mqueue /mq --share-ipc -- true
}
