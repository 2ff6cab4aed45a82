#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a shell of their own; asking.bash sets the variables
#
# What the helpers grant, and for which reason they do not (weaknesses I01 to I06).

load asking

@test "the caller's own ID and what is delegated, as one map or in pieces" {
	grants "$own" "$own" -- "$uidmap"
	grants "0:$first:$count" "0:$first:$count" -- "$uidmap"
	grants "$own 1:$first:$count" "$own" "1:$first:$count" -- "$uidmap"
	grants "7:$((first + 5)):2 20:$first:5" "7:$((first + 5)):2" "20:$first:5" -- "$uidmap"
	grants "$own_group 1:$first_group:$groups" "$own_group" "1:$first_group:$groups" -- "$gidmap"
}

@test "nothing beyond that: one more, one before, another's" {
	denies 50 "0:$first:$((count + 1))" -- "$uidmap"
	denies 50 "0:$((first - 1)):2" -- "$uidmap"
	denies 50 "$own" "1:$((first + count)):1" -- "$uidmap"
	denies 50 "0:$((tester_uid + 1)):1" -- "$uidmap"
	denies 50 "0:$first_group:$((groups + 1))" -- "$gidmap"
	denies 50 "0:$((tester_uid)):2" -- "$uidmap"
}

@test "I01 counts and sums that wrap" {
	for range in 0:$first:0 0:4294967295:1 0:4294967294:2 4294967295:$first:1 4294967290:$first:10 \
		0:$first:4294967295 0:2147483648:2147483648; do
		run ask "$range" -- "$uidmap"
		says "answer no"
		unmapped
	done
	denies 23 "0:$first:0" -- "$uidmap"
	denies 23 "4294967295:$first:1" -- "$uidmap"
}

@test "I02 a number in the file has one form" {
	for form in +500000 ' 500000' '500000 ' 0500000 0x7a120 5e5 500_000 $'\u0665\u0660\u0660\u0660\u0660\u0660' '' \
		4295467296 -3794467296 "$(printf '%04096d' 500000)"; do
		with_file /etc/subuid <<<"$CROFT_USER:$form:9"
		denies 47 0:500000:9 -- "$uidmap"
		with_file /etc/subuid <<<"$CROFT_USER:500000:${form/500000/9}"
		[[ $form != *500000* ]] || denies 47 0:500000:9 -- "$uidmap"
	done
}

@test "I02 I03 the control: newuidmap takes other forms, and grants ID 0" {
	with_file /etc/subuid <<<"$CROFT_USER:0x7a120:9"
	run ask 0:500000:9 -- newuidmap @ 0 500000 9
	says "uid_map 0:500000:9"
	with_file /etc/subuid <<<"$CROFT_USER:0:4294967294"
	run ask 0:0:1 -- newuidmap @ 0 0 1
	says "uid_map 0:0:1"
}

@test "I09 340 ranges are one write; 341, and a page of text, are refused before it" {
	local ranges=()

	for ((i = 0; i < 340; i++)); do
		ranges+=("$i:$((1000 + 2 * i)):1")
	done
	with_file /etc/subuid <<<"$CROFT_USER:1000:9000"
	grants "${ranges[*]}" "${ranges[@]}" -- "$uidmap"
	denies 23 count 341 "${ranges[@]}" -- "$uidmap"
	with_file /etc/subuid <<<"$CROFT_USER:4000000000:9000"
	for ((i = 0; i < 340; i++)); do
		ranges[i]=$((3000000000 + i)):$((4000000000 + 2 * i)):1
	done
	grants "${ranges[*]:0:170}" "${ranges[@]:0:170}" -- "$uidmap"
	denies 23 "${ranges[@]:0:171}" -- "$uidmap"
}

@test "I03 outside ID 0 is refused whatever is delegated, and so is what lies below the floor" {
	with_file /etc/subuid <<<"$CROFT_USER:0:4294967294"
	denies 51 0:0:1 -- "$uidmap"
	denies 51 5:0:10 -- "$uidmap"
	denies 52 0:1:1 -- "$uidmap"
	denies 52 0:999:5 -- "$uidmap"
	grants 0:1000:5 0:1000:5 -- "$uidmap"
	with_file /etc/subgid <<<"$CROFT_USER:0:4294967294"
	denies 51 0:0:1 -- "$gidmap"
	denies 52 0:6:1 -- "$gidmap"
}

@test "I05 an owner is a whole name or a number" {
	for line in "${CROFT_USER}x:500000:9" "${CROFT_USER%?}:500000:9" "x$CROFT_USER:500000:9" \
		"${tester_uid}0:500000:9" "0$tester_uid:500000:9" ":500000:9" "*:500000:9" "+:500000:9"; do
		with_file /etc/subuid <<<"$line"
		run ask 0:500000:9 -- "$uidmap"
		says "answer no 4"
		unmapped
	done
	with_file /etc/subuid <<<"$tester_uid:500000:9"
	grants 0:500000:9 0:500000:9 -- "$uidmap"
}

@test "I05 malformed lines grant nothing and stop nothing" {
	local bad=("$CROFT_USER:500000" "$CROFT_USER:500000:9:9" "$CROFT_USER:500000:" "$CROFT_USER::9"
		"$CROFT_USER:+500000:9" "$CROFT_USER: 500000:9" "$CROFT_USER:0500000:9" "$CROFT_USER:0x7a120:9"
		"$CROFT_USER:500000:9 " "$CROFT_USER:-1:9" "$CROFT_USER:4294967296:9" "$CROFT_USER:4294967290:90"
		"$CROFT_USER:500000:0" "$CROFT_USER 500000 9" $'\xff:500000:9' "$CROFT_USER:500000:9"$'\r')
	for line in "${bad[@]}"; do
		with_file /etc/subuid <<<"$line"
		run ask 0:500000:9 -- "$uidmap"
		says "answer no 4"
		unmapped
	done
	with_file /etc/subuid < <(
		printf '%s\n' "${bad[@]}" '# a comment' ''
		head -c 5000 /dev/zero | tr '\0' x
		printf '\n%s:600000:9' "$CROFT_USER"	# and no newline at the end
	)
	grants 0:600000:9 0:600000:9 -- "$uidmap"
}

@test "I05 lines of one owner are one range where they touch" {
	with_file /etc/subuid < <(printf '%s\n' "$CROFT_USER:500000:5" other:500002:90 "$CROFT_USER:500005:5")
	grants 0:500000:10 0:500000:10 -- "$uidmap"
	denies 50 0:500000:11 -- "$uidmap"
}

@test "I05 what is no trustworthy file is a distinct refusal, at once" {
	local try="0:$first:1"
	with_etc() {
		unshare --mount bash -ec '
			mkdir "$ROOM/upper" "$ROOM/work" 2>/dev/null || :
			mount -t tmpfs none "$ROOM/work" && mkdir "$ROOM/work/u" "$ROOM/work/w"
			mount -t overlay none -o "lowerdir=/etc,upperdir=$ROOM/work/u,workdir=$ROOM/work/w" /etc
			rm -f /etc/subuid; eval "$1"; shift
			exec setpriv --reuid="$CROFT_USER" --regid="$CROFT_USER" --init-groups --reset-env \
				timeout 5 "$@"' with_etc "$@"
	}
	export ROOM CROFT_USER
	while IFS='|' read -r code make; do
		run with_etc "$make" "$ROOM/ask" "$try" -- "$uidmap"
		says "end exit $code"
		says "answer no $code"
		unmapped
	done <<-END
		40|:
		41|ln -s /etc/passwd /etc/subuid
		41|ln -s /nowhere /etc/subuid
		42|mkfifo /etc/subuid
		42|mkdir /etc/subuid
		43|echo "$CROFT_USER:$first:9" >/etc/subuid; chmod 666 /etc/subuid
		43|echo "$CROFT_USER:$first:9" >/etc/subuid; chmod 664 /etc/subuid
		43|echo "$CROFT_USER:$first:9" >/etc/subuid; chown "$CROFT_USER" /etc/subuid
		44|echo "$CROFT_USER:$first:9" >/etc/subuid; chmod 600 /etc/subuid
		45|truncate -s 8M /etc/subuid
		46|echo "someone:$first:9" >/etc/subuid; chmod 644 /etc/subuid
		47|echo "$CROFT_USER:$first" >/etc/subuid; chmod 644 /etc/subuid
	END
}

@test "I06 setgroups is denied for the own group alone, and unless it is asked for" {
	grants "$own_group" "$own_group" -- "$gidmap"
	says "setgroups deny"
	grants "$own_group 1:$first_group:9" "$own_group" "1:$first_group:9" -- "$gidmap"
	says "setgroups deny"
	grants "$own_group 1:$first_group:9" setgroups 1 "$own_group" "1:$first_group:9" -- "$gidmap"
	says "setgroups allow"
	denies 53 setgroups 1 "$own_group" -- "$gidmap"
	denies 23 setgroups 2 "1:$first_group:9" -- "$gidmap"
	denies 23 setgroups 1 "1:$first:9" -- "$uidmap"
}

@test "I06 the control: newgidmap leaves setgroups allowed" {
	run ask "$own_group" "1:$first_group:9" -- newgidmap @ 0 "$tester_gid" 1 1 "$first_group" 9
	says "setgroups allow"
}

@test "I06 an administrator forbids it altogether" {
	mkdir -p "$ROOM/forbidden"
	touch "$ROOM/forbidden/no-setgroups"
	run unshare --mount bash -ec '
		mkdir -p /etc/croft 2>/dev/null; mount --bind "$1" /etc/croft; shift
		exec setpriv --reuid="$0" --regid="$0" --init-groups "$@"' "$CROFT_USER" "$ROOM/forbidden" \
		"$ROOM/ask" setgroups 1 "1:$first_group:9" -- "$gidmap"
	says "answer no 53"
	unmapped
	rmdir --ignore-fail-on-non-empty /etc/croft
}
