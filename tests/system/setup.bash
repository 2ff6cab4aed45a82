# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # bats sets status, output and lines
#
# What the bats files of make check-system share.  They run as root, who only
# installs and switches; what an ordinary user does goes through as_tester.
#
#     load setup                                # from tests/helpers: load ../system/setup
#
#     @test "a missing source is an error that names it" {
#             refused 125 'bind /nowhere' as_tester croft run --bind /nowhere /mnt -- true
#     }

bats_require_minimum_version 1.5.0

: "${CROFT_USER:=croft-tester}"
: "${CROFT_BINDIR:=/usr/local/bin}"
: "${CROFT_LIBEXECDIR:=/usr/local/libexec/croft}"
: "${CROFT_PRIVILEGE:=setuid}"
: "${CROFT_SOURCE:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${CROFT_BUILD:=$CROFT_SOURCE/build}"
PATH=$CROFT_BINDIR:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin

if [[ $EUID -ne 0 ]]; then
	echo "these tests are root's: run make check-system" >&2
	exit 1
fi
if ! id -u "$CROFT_USER" >/dev/null 2>&1; then
	echo "the account $CROFT_USER is missing: ./start test makes it" >&2
	exit 1
fi

# sudo forbids core dumps (rlimit_core); root takes that back where root can.
ulimit -Hc unlimited 2>/dev/null || true

tester_uid=$(id -u "$CROFT_USER")
tester_gid=$(id -g "$CROFT_USER")
# shellcheck disable=SC2034 # for the files that load this one
tester_home=$(getent passwd "$CROFT_USER" | cut -d: -f6)

# Every test has a room: an empty directory of the tester's, and the working
# directory.  A file with a setup or teardown of its own calls these two.
make_room() {
	ROOM=$(mktemp -d /tmp/croft-room.XXXXXX)
	chown "$tester_uid:$tester_gid" "$ROOM"
	cd "$ROOM" || return 1
	earlier=$(tester_processes | awk '{ printf " %s ", $2 }')
}

clear_room() {
	cd /
	rm -rf --one-file-system "$ROOM"
}

setup() {
	make_room
}

teardown() {
	clear_room
}

# as_tester COMMAND…: as the ordinary user, with that user's environment.
as_tester() {
	setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
		env PATH="$PATH" "$@"
}

# begin COMMAND…: as the tester, in the background; begun is its own PID.
# shellcheck disable=SC2034 # begun is for the files that load this one
begin() {
	: >"$ROOM/begun"		# nothing of an earlier one
	(exec setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
		env PATH="$PATH" "$@") >"$ROOM/begun" 2>&1 3>&- &
	begun=$!
}

# as_user NAME COMMAND…: the same as another account.
as_user() {
	local user=$1
	shift
	setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --reset-env \
		env PATH="$PATH" "$@"
}

# borrow FILE…: copies into the room, for the tester may not be able to read the tree.
borrow() {
	cp -- "$@" "$ROOM/"
	chmod -R a+rX "$ROOM"
}

# allowed COMMAND…: it must succeed; its output is in $output.
allowed() {
	run "$@"
	[[ $status -eq 0 ]] && return
	echo "expected success, got status $status from: $*"
	echo "$output"
	return 1
}

# refused STATUS REASON COMMAND…: it must end with this status and say this reason.
# Failing for another cause is a failed test.
refused() {
	local wanted=$1 reason=$2
	shift 2
	if [[ $wanted -eq 127 ]]; then
		run -127 "$@"		# else bats warns of it
	else
		run "$@"
	fi
	[[ $status -eq $wanted && $output == *"$reason"* ]] && return
	echo "expected status $wanted and \"$reason\", got status $status from: $*"
	echo "$output"
	return 1
}

# tried COMMAND…: runs it, for better or worse; like run, but any status is expected.
tried() {
	status=0
	output=$("$@" 2>&1) || status=$?
}

# says TEXT: the output of the last command holds it.   lacks TEXT: it does not.
says() {
	[[ $output == *"$1"* ]] && return
	echo "expected to read \"$1\" in:"
	echo "$output"
	return 1
}

lacks() {
	[[ $output != *"$1"* ]] && return
	echo "expected not to read \"$1\" in:"
	echo "$output"
	return 1
}

# The first subordinate UID (GID) of the tester, and how many there are.
subordinate() { # uid|gid
	awk -F: -v user="$CROFT_USER" -v uid="$tester_uid" \
		'$1 == user || $1 == uid { print $2, $3; exit }' "/etc/sub$1"
}

# replacing NEW OLD [NEW OLD]… -- COMMAND…: as the tester, in a mount namespace where
# NEW stands in OLD's place; the host goes on as it is.
replacing() {
	local pairs=()
	while [[ $1 != -- ]]; do
		pairs+=("$1" "$2")
		shift 2
	done
	shift
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare --mount bash -c 'while [[ $1 != -- ]]; do mount --bind "$1" "$2" || exit; shift 2; done
		shift; exec "$@"' replacing "${pairs[@]}" -- \
		setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
		env PATH="$PATH" "$@"
}

# within SECONDS COMMAND…: the command comes to succeed in that time.
within() {
	local tenths=$(($1 * 10))
	shift
	while ! "$@"; do
		((tenths-- > 0)) || { echo "not within the time: $*"; return 1; }
		sleep 0.1
	done
}

# descendant PID NAME: prints the PID of the process of that name below PID.
descendant() {
	local child
	for child in $(ps -o pid= --ppid "$1"); do
		if [[ $(cat "/proc/$child/comm" 2>/dev/null) == "$2" ]]; then
			echo "$child"
			return
		fi
		descendant "$child" "$2" && return
	done
	return 1
}

# Processes of the tester, or of one of the tester's subordinate IDs.
tester_processes() {
	local first count
	read -r first count < <(subordinate uid)
	ps -eo uid=,pid=,stat=,args= | awk -v own="$tester_uid" -v first="$first" -v count="$count" \
		'$1 == own || ($1 >= first && $1 < first + count)'
}

# nobody_left: within three seconds, the tester has no process that was not there
# when the test began, but for the dead that process 1 has yet to collect.
nobody_left() {
	local left
	for _ in {1..30}; do
		left=$(tester_processes | awk -v earlier="$earlier" '$3 !~ /^Z/ && !index(earlier, " " $2 " ")')
		[[ -z $left ]] && return
		sleep 0.1
	done
	echo "still running:"
	echo "$left"
	return 1
}

# bare [OPTIONS…] -- COMMAND…: croft run as the tester, with nothing inside but the
# host's /usr and the links to it; not even /proc.
bare() {
	as_tester croft run --empty-root --ro-bind /usr /usr --symlink usr/bin /bin \
		--symlink usr/lib /lib --symlink usr/lib64 /lib64 "$@"
}

# inside SCRIPT [OPTIONS…]: the script runs in a bare sandbox with these options.
inside() {
	local script=$1
	shift
	allowed bare "$@" -- /bin/sh -c "$script"
}

# not_built REASON [OPTIONS…]: no bare sandbox comes of these options, for this reason.
not_built() {
	local reason=$1
	shift
	refused 125 "$reason" bare "$@" -- /bin/true
}

# make_tree DIR: a root file system of the tester's that --ro-bind /usr /usr fills.
make_tree() {
	as_tester mkdir -p "$1/usr" "$1/proc" "$1/dev" "$1/sys" "$1/tmp" "$1/etc"
	as_tester ln -s usr/bin usr/lib usr/lib64 "$1/"
}

# state DIR…: all that can be told about the trees, to be compared later.
state() {
	find "$@" -printf '%p %y %#m %U:%G %s %T@ %l\n' | sort
	find "$@" -type f -exec sha256sum {} + | sort
}

# probe NAME: a program of tests/system/probes, where the tester can run it.
probe() {
	[[ -x $ROOM/$1 ]] || install -m 755 "$CROFT_BUILD/tests/system/probes/$1" "$ROOM/"
	echo "$ROOM/$1"
}

# needs_helpers: croft's own must do it, and newuidmap will not do.
needs_helpers() {
	[[ $CROFT_PRIVILEGE != none ]] || skip "croft was built --with-helper-privilege=none"
}

# weak_bwrap: is a bubblewrap here that the weaknesses found until 2026 are still in?
weak_bwrap() {
	[[ $(bwrap --version 2>/dev/null) =~ ^bubblewrap\ 0\.([0-9]+)\. ]] &&
		((BASH_REMATCH[1] < 12))
}

# telling [OPTIONS…] -- COMMAND…: croft run as the tester, with both documents in the room.
telling() {
	as_tester timeout 20 croft run --info-fd 5 --json-status-fd 6 "$@" 5>"$ROOM/info" 6>"$ROOM/status"
}

# field NAME PATH…: what a JSON parser finds there, in the line of the status that has this name.
field() {
	perl -MJSON::PP -ne 'BEGIN { @path = splice @ARGV, 0, @ARGV - 1 }
		my $d = decode_json($_); next unless exists $d->{$path[0]};
		$d = $d->{$_} for @path; print ref $d eq "ARRAY" ? join(" ", @$d) : $d, "\n"' "$@" "$ROOM/status"
}

# number CALL: of a system call, on this machine; nothing if it has no such call.
number() {
	awk -v call="$1" '$2 == call { print $1 }' "$CROFT_SOURCE/tests/system/syscalls.$(uname -m)"
}

# answering ACTION CALL…: a filter that answers so to those of them that this machine has.
answering() {
	local call answers=()
	for call in "${@:2}"; do
		[[ -z $(number "$call") ]] || answers+=("0x15,0,1,$(number "$call")" "6,0,0,$1")
	done
	bpf 0x20,0,0,0 "${answers[@]}" 6,0,0,0x7fff0000
}

# foreign_program NAME: puts a 32-bit program here, which asks for its PID and exits with 7,
# if this kernel runs such a thing.
foreign_program() {
	local machine flags code
	case $(uname -m) in
	x86_64) machine=0300 flags=00000000 code=b814000000cd80b801000000bb07000000cd80 ;;
	aarch64) machine=2800 flags=00000005 code=1470a0e3000000ef0700a0e30170a0e3000000ef ;;
	*) return 1 ;;
	esac
	# an ELF header, that of the one segment (the file, at 64 KiB), and the code
	printf '%b' "$(sed 's/../\\x&/g' <<-END | tr -d '\n'
		7f454c46010101000000000000000000
		0200${machine}0100000054000100
		3400000000000000${flags}34002000010000000000000001000000
		000000000000010000000100
		80000000800000000500000000000100
		$code
	END
	)" >"$1"
	truncate -s 128 "$1"
	chmod 755 "$1"
	tried as_tester bash -c 'exec "$0"' "./$1"		# no other shell tries to read it
	[[ $status -eq 7 ]]
}

# bpf INSTRUCTION…: a filter; each is CODE,JT,JF,K.
bpf() {
	local instruction code jt jf k
	for instruction; do
		IFS=, read -r code jt jf k <<<"$instruction"
		printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x' $((code & 255)) $((code >> 8)) \
			"$jt" "$jf" $((k & 255)) $((k >> 8 & 255)) $((k >> 16 & 255)) $((k >> 24 & 255)))"
	done
}
