#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # asking.bash sets the variables
#
# The same files and requests to croft's helpers and to newuidmap and newgidmap (I02,
# I05).  Where they differ, oracle.txt has the case and the reason; a case there in
# which they agree is a mistake, too.

load asking

differences=$CROFT_SOURCE/tests/helpers/oracle.txt

# outcome ASK-ARGUMENTS…: "granted MAP" or "refused".
outcome() {
	ask "$@" >"$ROOM/outcome" || return 1
	if grep -qx 'end exit 0' "$ROOM/outcome"; then
		sed -n "s/^${kind}_map /granted /p" "$ROOM/outcome"
	else
		echo refused
	fi
}

ask_both() { # RANGE…
	local words=() range wish=()
	for range in "$@"; do
		IFS=: read -ra numbers <<<"$range"
		words+=("${numbers[@]}")
	done
	[[ $kind != gid || $* =~ ^[0-9]+:$tester_gid:1$ ]] || wish=(setgroups 1)
	ours=$(outcome "${wish[@]}" "$@" -- "$CROFT_LIBEXECDIR/${kind}map")
	theirs=$(outcome "$@" -- "new${kind}map" @ "${words[@]}")
}

expected() { # CASE
	grep -q "^$1: " "$differences"
}

compare() { # CASE
	if [[ $ours == "$theirs" ]]; then
		! expected "$1" && return
		echo "$1: both $ours, though oracle.txt has a difference"
	else
		expected "$1" && return
		echo "$1: croft's $ours, the other $theirs"
	fi
	return 1
}

# Control: newuidmap and newgidmap, wherever oracle.txt has a difference.
@test "I02 I05 tables of files and requests" {
	while IFS='|' read -r name file ranges; do
		[[ -n $name && $name != '#'* ]] || continue
		for kind in uid gid; do
			file=${file//USER/$CROFT_USER}
			printf '%b' "${file//UID/$tester_uid}" >"$ROOM/text"
			with_file "/etc/sub$kind" <"$ROOM/text"
			own=$tester_uid
			[[ $kind == uid ]] || own=$tester_gid
			# shellcheck disable=SC2086 # ranges are words
			ask_both ${ranges//OWN/$own}
			compare "$name"
		done
	done <<-'END'
		own ID|USER:500000:9\n|0:OWN:1
		own ID as another|USER:500000:9\n|77:OWN:1
		no line, own ID|someone:500000:9\n|0:OWN:1
		own ID and its neighbour|USER:500000:9\n|0:OWN:2
		all of a range|USER:500000:9\n|0:500000:9
		part of a range|USER:500000:9\n|5:500003:2
		own ID and a range|USER:500000:9\n|0:OWN:1 1:500000:9
		two lines that touch|USER:500000:5\nUSER:500005:5\n|0:500000:10
		two lines with a gap|USER:500000:5\nUSER:500006:5\n|0:500000:10
		two lines that overlap|USER:500000:5\nUSER:500003:7\n|0:500000:10
		one too many|USER:500000:9\n|0:500000:10
		one too early|USER:500000:9\n|0:499999:2
		a line by UID|UID:500000:9\n|0:500000:9
		another user|someone:500000:9\n|0:500000:1
		a name that goes on|USERx:500000:9\n|0:500000:1
		no newline|USER:500000:9|0:500000:9
		a blank line|\nUSER:500000:9\n|0:500000:9
		a comment|# USER\nUSER:500000:9\n|0:500000:9
		carriage return|USER:500000:9\r\n|0:500000:1
		two fields|USER:500000\n|0:500000:1
		four fields|USER:500000:9:9\n|0:500000:1
		count 0|USER:500000:0\n|0:500000:1
		a number in hexadecimal|USER:0x7a120:9\n|0:500000:1
		a number with a leading zero|USER:0500000:9\n|0:163840:1
		a number with a plus|USER:+500000:9\n|0:500000:1
		a number beyond 32 bits|USER:4295467296:9\n|0:500000:1
		an end that wraps|USER:4294967290:4294967290\n|0:4294967290:1
		the last ID|USER:4294967294:1\n|0:4294967294:1
		(uid_t)-1|USER:4294967290:9\n|0:4294967295:1
		ID 0|USER:0:9\n|0:0:1
		a range from ID 0|USER:0:4294967294\n|0:0:5
		an ID of the system|USER:1:999\n|0:33:1
		an account's ID|USER:1000:9\n|0:1002:1
		a range of none|USER:500000:9\n|0:500000:0
		an overlap inside|USER:500000:9\n|0:500000:2 1:500005:2
		an overlap outside|USER:500000:9\n|0:500000:2 5:500001:2
	END
}

# random_file: lines as administrators write them, and as nobody should; points are the
# ends of what they delegate.  Each file has a seed, so the same ones come every time.
random_file() { # SEED
	local i first count owner

	RANDOM=$1
	points=("$own")
	for ((i = 1 + RANDOM % 6; i > 0; i--)); do
		case $((RANDOM % 8)) in
		0) first=$((RANDOM % 3 * 500)) ;;
		1) first=$((4294967296 - RANDOM % 40)) ;;
		2) first=$((own - RANDOM % 4)) ;;
		*) first=$((500000 + RANDOM % 60)) ;;
		esac
		count=$((1 + RANDOM % 12))
		((first + count <= 4294967295)) || count=$((4294967295 - first))
		((count > 0)) || continue
		case $((RANDOM % 5)) in
		0) owner=$tester_uid ;;
		1) owner=someone ;;
		*) owner=$CROFT_USER ;;
		esac
		points+=("$first" "$first" "$((first + count / 2))" "$((first + count))")
		case $((RANDOM % 12)) in
		0) echo "$owner:$first" ;;
		1) printf '# %s:%s:%s\n\n' "$owner" "$first" "$count" ;;
		2) echo "${owner}x:$first:$count" ;;
		*) echo "$owner:$first:$count" ;;
		esac
	done >"$ROOM/random"
	with_file "/etc/sub$kind" <"$ROOM/random"
}

# Requests about the ends of those lines.  Where the two differ the helper refuses ID 0,
# or one below the floor; anything else fails the test.
#
# Control: newuidmap and newgidmap, where they grant what is below the floor.
@test "I01 I03 random files and requests get the same answer" {
	local cases=${CROFT_ORACLE_CASES:-600} each=60 seed total

	borrow "$CROFT_BUILD/tests/helpers/oracle"
	: >"$ROOM/tally"
	for ((seed = ${CROFT_ORACLE_SEED:-1}; cases > 0; seed++, cases -= each)); do
		if ((seed % 2)); then kind=uid own=$tester_uid; else kind=gid own=$tester_gid; fi
		random_file "$seed"
		allowed replacing "$ROOM/file" "$replaced" -- "$ROOM/oracle" "$kind" \
			"$CROFT_LIBEXECDIR/${kind}map" "$(command -v "new${kind}map")" "$seed" "$each" "${points[@]}" ||
			{ echo "seed $seed:"; cat "$ROOM/random"; return 1; }
		[[ ${#lines[@]} -eq 1 ]]
		echo "$output" >>"$ROOM/tally"
	done
	total=$(awk '{ for (i = 2; i <= NF; i += 2) n[$(i - 1)] += $i }
		END { print "both", n["both"], "neither", n["neither"], "zero", n["zero"], "floor", n["floor"] }' "$ROOM/tally")
	echo "# $total" >&3
	[[ $total =~ ^both\ [1-9][0-9]+\ neither\ [1-9] ]]
}
