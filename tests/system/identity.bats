#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a shell inside
# shellcheck disable=SC2154 # setup.bash sets tester_uid and tester_gid
#
# Who one is inside: the maps, as the kernel tells them to those inside and to
# the host; who installs them; the user, the groups and the capabilities.

load setup

setup() {
	make_room
	read -r first_uid uids < <(subordinate uid)
	read -r first_gid gids < <(subordinate gid)
}

# one_line: what arrives on standard input, its lines joined by " / ".
one_line() {
	awk '{ $1 = $1; printf "%s%s", (NR > 1 ? " / " : ""), $0 } END { print "" }'
}

# reads WANTED FILE CROFT-ARGUMENTS…: what cat FILE says inside, on one line; ranges by
# the number inside, since the kernel keeps an order of its own.
reads() {
	local wanted=$1 file=$2 got
	shift 2
	got=$(as_tester croft "$@" -- cat "$file" | sort -n | one_line)
	[[ $got == "$wanted" ]] && return
	echo "croft $*: expected $file to be \"$wanted\", got \"$got\""
	return 1
}

# The line of /proc/self/status that begins so.
status_inside() {
	local line=$1
	shift
	as_tester croft "$@" -- grep "^$line:" /proc/self/status | awk '{ print $2 }'
}

# ---- the modes -----------------------------------------------------------------------

@test "run maps the caller alone, under the caller's own number" {
	reads "$tester_uid $tester_uid 1" /proc/self/uid_map run
	reads "$tester_gid $tester_gid 1" /proc/self/gid_map run
	reads deny /proc/self/setgroups run
	[[ $(as_tester croft run -- id -un) == "$CROFT_USER" ]]
}

@test "--map self is the same, for shell too" {
	reads "$tester_uid $tester_uid 1" /proc/self/uid_map run --map self
	reads "$tester_gid $tester_gid 1" /proc/self/gid_map run --map self
	reads "$tester_uid $tester_uid 1" /proc/self/uid_map shell --map self --cap-drop all
}

@test "--map root makes the caller UID 0 and GID 0, and nothing else" {
	reads "0 $tester_uid 1" /proc/self/uid_map run --map root
	reads "0 $tester_gid 1" /proc/self/gid_map run --map root
	reads deny /proc/self/setgroups run --map root
	[[ $(as_tester croft run --map root -- id -u) == 0 ]]
}

@test "--map auto: 0 is the caller, 1 upward are the subordinate IDs" {
	reads "0 $tester_uid 1 / 1 $first_uid $uids" /proc/self/uid_map run --map auto
	reads "0 $tester_gid 1 / 1 $first_gid $gids" /proc/self/gid_map run --map auto
	reads deny /proc/self/setgroups run --map auto
}

@test "--map sub: 0 upward are the subordinate IDs, and the caller is nobody" {
	reads "0 $first_uid $uids" /proc/self/uid_map run --map sub
	reads "0 $first_gid $gids" /proc/self/gid_map run --map sub
	mkdir -m 0777 "$ROOM/open"
	allowed as_tester croft run --map sub --bind "$ROOM/open" /mnt -- touch /mnt/file
	[[ $(stat -c %u:%g "$ROOM/open/file") == "$first_uid:$first_gid" ]]
}

@test "--map keep: the caller keeps the number, the others lie around it" {
	local after=$((tester_uid + 1)) gid_after=$((tester_gid + 1))

	reads "0 $first_uid $tester_uid / $tester_uid $tester_uid 1 / $after $((first_uid + tester_uid)) $((uids - tester_uid))" \
		/proc/self/uid_map run --map keep
	reads "0 $first_gid $tester_gid / $tester_gid $tester_gid 1 / $gid_after $((first_gid + tester_gid)) $((gids - tester_gid))" \
		/proc/self/gid_map run --map keep
	[[ $(as_tester croft run --map keep -- id -u) == "$tester_uid" ]]
}

# With capabilities the payload is one namespace further in, so the host is asked.
@test "shell maps as auto does, and lets groups be changed" {
	local payload

	begin croft shell -- sleep 60
	within 5 descendant "$begun" sleep
	payload=$(descendant "$begun" sleep)
	[[ $(one_line <"/proc/$payload/uid_map") == "0 $tester_uid 1 / 1 $first_uid $uids" ]]
	[[ $(one_line <"/proc/$payload/gid_map") == "0 $tester_gid 1 / 1 $first_gid $gids" ]]
	[[ $(cat "/proc/$payload/setgroups") == allow ]]
	kill "$begun" && wait "$begun" || true
	nobody_left
}

@test "shell sees the same IDs in the second user namespace" {
	reads "0 0 1 / 1 1 $uids" /proc/self/uid_map shell
	reads "0 0 1 / 1 1 $gids" /proc/self/gid_map shell
	reads allow /proc/self/setgroups shell
}

# ---- explicit maps -------------------------------------------------------------------

# delegate USER:FIRST:COUNT USER:FIRST:COUNT -- CROFT-ARGUMENTS…: with these two as the
# only lines of /etc/subuid and /etc/subgid.
delegate() {
	echo "$1" >"$ROOM/subuid"
	echo "$2" >"$ROOM/subgid"
	shift 3
	replacing "$ROOM/subuid" /etc/subuid "$ROOM/subgid" /etc/subgid -- croft "$@"
}

@test "--uid-map 0:100000:1000 --gid-map 0:200000:1000 is exactly that, from each helper" {
	needs_helpers
	for source in auto croft newuidmap; do
		allowed delegate "$CROFT_USER:100000:1000" "$CROFT_USER:200000:1000" -- \
			run --map-source "$source" --uid-map 0:100000:1000 --gid-map 0:200000:1000 -- \
			cat /proc/self/uid_map /proc/self/gid_map
		[[ $(one_line <<<"$output") == "0 100000 1000 / 0 200000 1000" ]]
	done
}

@test "ranges are joined by commas, and repeated" {
	local a=$first_uid b=$((first_uid + 100)) c=$((first_uid + 50)) g=$first_gid

	reads "0 $a 10 / 20 $b 5 / 1000 $c 1" /proc/self/uid_map \
		run --uid-map "0:$a:10,20:$b:5" --uid-map "1000:$c:1" --gid-map "0:$g:1"
	reads "0 $g 1 / 7 $((g + 7)) 3" /proc/self/gid_map \
		run --uid-map "0:$a:10" --gid-map "7:$((g + 7)):3" --gid-map "0:$g:1"
}

@test "an explicit map may name the caller's own ID, which needs no delegation" {
	reads "0 $first_uid 1 / 5 $tester_uid 1" /proc/self/uid_map \
		run --uid-map "0:$first_uid:1,5:$tester_uid:1" --gid-map "0:$tester_gid:1"
	[[ $(as_tester croft run --uid-map "0:$first_uid:1,5:$tester_uid:1" \
		--gid-map "0:$tester_gid:1" -- id -u) == 5 ]]
}

# ranges COUNT FIRST: that many ranges of one ID, none next to another.
ranges() {
	seq 0 $(($1 - 1)) | awk -v first="$2" '{ printf "%s%d:%d:1", (NR > 1 ? "," : ""), 2 * $1, first + 2 * $1 }'
}

# The kernel takes less than a page, so the numbers must be short.
@test "340 ranges are mapped, 341 are refused" {
	needs_helpers
	for source in croft newuidmap; do
		allowed delegate "$CROFT_USER:2000:1000" "$CROFT_USER:2000:1000" -- run --map-source "$source" \
			--uid-map "$(ranges 340 2000)" --gid-map "$(ranges 340 2000)" -- cat /proc/self/uid_map
		[[ ${#lines[@]} -eq 340 ]]
		[[ $(awk '$1 * 1 + 2000 == $2 && $3 == 1' <<<"$output" | wc -l) -eq 340 ]]
	done
	refused 125 '--uid-map: more than 340 ranges' \
		as_tester croft run --uid-map "$(ranges 341 2000)" --gid-map 0:2000:1 -- true
}

@test "I09 ranges that are longer than a page as text are refused" {
	refused 125 'the UID map is longer as text than the 4095 bytes that the kernel takes' \
		as_tester croft run --uid-map "$(ranges 340 "$first_uid")" --gid-map "0:$first_gid:1" -- true
}

@test "overlaps are named with their numbers" {
	local a=$first_uid g=$first_gid

	refused 125 "the UID ranges 0:$a:10 and 5:$((a + 20)):5 overlap inside" \
		as_tester croft run --uid-map "0:$a:10,5:$((a + 20)):5" --gid-map "0:$g:1" -- true
	refused 125 "the GID ranges 0:$g:10 and 50:$((g + 5)):10 overlap outside" \
		as_tester croft run --uid-map "0:$a:1" --gid-map "0:$g:10,50:$((g + 5)):10" -- true
}

@test "I02 what is no range is refused" {
	while read -r value; do
		refused 125 "--uid-map takes INSIDE:OUTSIDE:COUNT in decimal numbers, not '$value'" \
			as_tester croft run --uid-map "$value" --gid-map 0:1:1 -- true
	done <<-END
		0
		0:1
		0:1:
		0:1:1:1
		0:1:1,
		-1:1:1
		+1:1:1
		0x1:1:1
		01:1:1
		0:4294967296:1
		0:1:1e3
		a:b:c
	END
	refused 125 'the UID range 0:100000:0 holds no ID or goes beyond 4294967294' \
		as_tester croft run --uid-map 0:100000:0 --gid-map 0:100000:1 -- true
	refused 125 'the UID range 0:4294967294:2 holds no ID or goes beyond 4294967294' \
		as_tester croft run --uid-map 0:4294967294:2 --gid-map 0:100000:1 -- true
}

@test "half a map and two kinds of map are refused" {
	refused 125 'the GID map is not given' \
		as_tester croft run --uid-map "0:$first_uid:1" -- true
	refused 125 'the UID map is not given' \
		as_tester croft run --gid-map "0:$first_gid:1" -- true
	refused 125 '--map and --uid-map exclude each other' \
		as_tester croft run --map auto --uid-map 0:1:1 -- true
	refused 125 '--map and --uid-map or --gid-map exclude each other' \
		as_tester croft run --gid-map 0:1:1 --map auto -- true
	refused 125 "--map takes auto, sub, keep, self or root, not 'all'" \
		as_tester croft run --map all -- true
}

# ---- what is not granted -------------------------------------------------------------

@test "IDs that are not delegated are refused, with the command that would" {
	local beyond=$((first_uid + uids))

	refused 125 "the UID range 0:$beyond:10 is not delegated to you in /etc/subuid" \
		as_tester croft run --uid-map "0:$beyond:10" --gid-map "0:$first_gid:1" -- true
	says "usermod --add-subuids $beyond-$((beyond + 9)) $CROFT_USER"
	says "add $CROFT_USER:$beyond:10 to /etc/subuid"
	refused 125 "the GID range 0:$first_gid:$((gids + 1)) is not delegated to you in /etc/subgid" \
		as_tester croft run --uid-map "0:$first_uid:1" --gid-map "0:$first_gid:$((gids + 1))" -- true
	refused 125 "the UID range 0:$((tester_uid - 1)):2 is not delegated to you" \
		as_tester croft run --uid-map "0:$((tester_uid - 1)):2" --gid-map "0:$first_gid:1" -- true
}

@test "outside ID 0 is never granted, whatever the files say" {
	needs_helpers
	refused 125 'the helper uidmap refused: the outside ID 0 is never granted' \
		delegate "$CROFT_USER:0:10" "$CROFT_USER:100000:10" -- \
		run --uid-map 0:0:1 --gid-map 0:100000:1 -- true
	refused 125 'the helper gidmap refused: the outside ID 0 is never granted' \
		delegate "$CROFT_USER:100000:10" "$CROFT_USER:0:10" -- \
		run --uid-map 0:100000:1 --gid-map 5:0:1 -- true
}

@test "no line in /etc/subuid: the message says so, and how to get one" {
	for command in "run --map auto" "run --map sub" "run --map keep" shell; do
		# shellcheck disable=SC2086 # the words of the command
		refused 125 "no UIDs can be mapped beyond your own: /etc/subuid has no line for $CROFT_USER" \
			delegate other:100000:65536 other:100000:65536 -- $command -- true
		says "usermod --add-subuids 165536-231071 --add-subgids 165536-231071 $CROFT_USER"
		says "$CROFT_USER:165536:65536 in /etc/subuid and $CROFT_USER:165536:65536 in /etc/subgid"
		says '--map self and --map root need none'
	done
}

@test "no line in /etc/subgid alone: only that one is asked for" {
	refused 125 "no GIDs can be mapped beyond your own: /etc/subgid has no line for $CROFT_USER" \
		delegate "$CROFT_USER:100000:65536" other:100000:65536 -- shell -- true
	says "usermod --add-subgids 165536-231071 $CROFT_USER"
	lacks --add-subuids
}

@test "I05 a malformed line grants nothing, is named by its number, and stops no good one" {
	printf '%s\n' "# who has what" "$CROFT_USER:1e5:65536" "$CROFT_USER:100000:65536x" >"$ROOM/bad"
	printf '%s\n' "$CROFT_USER:1e5:65536" "" "$CROFT_USER:300000:77" >"$ROOM/mixed"
	refused 125 "/etc/subuid has no good line for $CROFT_USER, and line 2 is malformed" \
		replacing "$ROOM/bad" /etc/subuid -- croft shell -- true
	allowed replacing "$ROOM/mixed" /etc/subuid -- croft run --map auto -- cat /proc/self/uid_map
	[[ $(one_line <<<"$output") == "0 $tester_uid 1 / 1 300000 77" ]]
}

@test "a missing /etc/subuid is told as such" {
	cp -a /etc "$ROOM/etc"
	rm "$ROOM/etc/subuid"
	refused 125 'no UIDs can be mapped beyond your own: read /etc/subuid: No such file or directory' \
		replacing "$ROOM/etc" /etc -- croft shell -- true
	says "usermod --add-subuids"
	allowed replacing "$ROOM/etc" /etc -- croft run --map root -- true
}

# Control: a croft that has /etc/subuid in mind whatever the helper read.
@test "a /etc/passwd that is not root's alone is told as one of the two files" {
	needs_helpers
	cp /etc/passwd "$ROOM/passwd"
	chmod 664 "$ROOM/passwd"
	refused 125 "refused: the file is not root's, or others can write it (/etc/passwd or /etc/sub" \
		replacing "$ROOM/passwd" /etc/passwd -- croft run --map auto --map-source croft -- true
}

@test "several lines, and a line that names the UID, are put together" {
	printf '%s\n' "$CROFT_USER:300000:10" "other:400000:10" "$tester_uid:500000:20" >"$ROOM/subuid"
	allowed replacing "$ROOM/subuid" /etc/subuid -- croft run --map auto -- cat /proc/self/uid_map
	[[ $(one_line <<<"$output") == "0 $tester_uid 1 / 1 300000 10 / 11 500000 20" ]]
}

@test "a range that takes in the caller's own ID maps it once, with a warning" {
	run --separate-stderr delegate "$CROFT_USER:$tester_uid:100" "$CROFT_USER:100000:100" -- \
		run --map auto -- cat /proc/self/uid_map
	[[ $status -eq 0 ]]
	[[ $(one_line <<<"$output") == "0 $tester_uid 1 / 1 $((tester_uid + 1)) 99" ]]
	[[ $stderr == *"warning: /etc/subuid delegates $tester_uid:100 to you, which takes in your own UID $tester_uid; it is mapped once"* ]]
}

# Control: unshare --map-auto says nothing of it.
@test "I04 a range that takes in an account of the host is warned of, with both numbers" {
	{ cat /etc/passwd; echo "lodger:x:$((first_uid + 7)):100::/:/bin/sh"; } >"$ROOM/passwd"
	{ cat /etc/group; echo "lodgers:x:$((first_gid + 9)):"; } >"$ROOM/group"
	run --separate-stderr replacing "$ROOM/passwd" /etc/passwd "$ROOM/group" /etc/group -- \
		croft shell -- echo began
	[[ $status -eq 0 && $output == began ]]
	[[ $stderr == *"warning: the UID range 1:$first_uid:$uids takes in UID $((first_uid + 7)), which is lodger in /etc/passwd"* ]]
	[[ $stderr == *"warning: the GID range 1:$first_gid:$gids takes in GID $((first_gid + 9)), which is lodgers in /etc/group"* ]]
	run --separate-stderr as_tester croft shell -- true
	[[ -z $stderr ]]
	run --separate-stderr replacing "$ROOM/passwd" /etc/passwd -- unshare --map-auto -r true
	[[ $status -eq 0 && -z $stderr ]]
}

# ---- who installs the maps -----------------------------------------------------------

@test "the source is croft's helpers, and newuidmap or the kernel where they are named" {
	needs_helpers
	allowed as_tester croft explain shell
	says 'map-source: croft'
	allowed as_tester croft explain run -- true
	says 'map-source: kernel'
	for source in croft newuidmap; do
		allowed as_tester croft explain run --map auto --map-source "$source" -- true
		says "map-source: $source"
		reads "0 $tester_uid 1 / 1 $first_uid $uids" /proc/self/uid_map \
			run --map auto --map-source "$source"
		reads deny /proc/self/setgroups run --map auto --map-source "$source"
		reads allow /proc/self/setgroups run --map auto --map-source "$source" --setgroups allow
		reads "$tester_uid $tester_uid 1" /proc/self/uid_map run --map-source "$source"
	done
	reads "0 $tester_uid 1" /proc/self/uid_map run --map root --map-source kernel
}

@test "a source that cannot do it is refused, not replaced" {
	refused 125 "--map-source kernel maps your own ID alone, with setgroups denied; asked for are $((uids + 1)) UIDs and $((gids + 1)) GIDs" \
		as_tester croft run --map auto --map-source kernel -- true
	says 'a helper is needed: --map-source auto, croft or newuidmap'
	refused 125 "--map-source takes auto, croft, newuidmap or kernel, not 'sudo'" \
		as_tester croft run --map-source sudo -- true
	refused 125 '--map-source croft: its helpers can gain no privilege here' \
		as_tester setpriv --no-new-privs croft run --map auto --map-source croft -- true
	refused 125 "no one here can install a map of more than your own ID" \
		as_tester setpriv --no-new-privs croft shell -- true
	says 'this process has no_new_privs, so set-user-ID helpers get no privilege'
	allowed as_tester setpriv --no-new-privs croft run -- true
}

@test "without croft's helpers newuidmap is taken, without both a multi-range map is refused" {
	mkdir "$ROOM/empty"
	allowed replacing "$ROOM/empty" "$CROFT_LIBEXECDIR" -- croft explain shell
	says 'map-source: newuidmap'
	allowed replacing "$ROOM/empty" "$CROFT_LIBEXECDIR" -- croft run --map auto -- cat /proc/self/uid_map
	[[ $(one_line <<<"$output") == "0 $tester_uid 1 / 1 $first_uid $uids" ]]
	refused 125 '--map-source croft: its helpers are not installed' \
		replacing "$ROOM/empty" "$CROFT_LIBEXECDIR" -- croft run --map auto --map-source croft -- true
	says "they belong at $CROFT_LIBEXECDIR/uidmap"

	install -m 0755 /usr/bin/newuidmap "$ROOM/powerless"
	refused 125 'no one here can install a map of more than your own ID' \
		replacing "$ROOM/empty" "$CROFT_LIBEXECDIR" "$ROOM/powerless" /usr/bin/newuidmap -- \
		croft run --map auto -- true
	says "install croft's helpers set-user-ID root ($CROFT_LIBEXECDIR/uidmap), or the package uidmap"
}

@test "helpers without their privilege are told as such" {
	mkdir "$ROOM/powerless"
	install -m 0755 "$CROFT_LIBEXECDIR"/{uidmap,gidmap} "$ROOM/powerless"
	allowed replacing "$ROOM/powerless" "$CROFT_LIBEXECDIR" -- croft explain shell
	says 'map-source: newuidmap'
	refused 125 'id map: the helper uidmap refused: it has no privilege' \
		replacing "$ROOM/powerless" "$CROFT_LIBEXECDIR" -- croft run --map auto --map-source croft -- true
	says 'it must be set-user-ID root or have its file capability'
	refused 125 "$CROFT_LIBEXECDIR/uidmap and $CROFT_LIBEXECDIR/gidmap are there but are not set-user-ID root" \
		replacing "$ROOM/powerless" "$CROFT_LIBEXECDIR" "$ROOM/powerless/uidmap" /usr/bin/newuidmap -- \
		croft run --map auto -- true
}

# Root needs no helper, and may map what is not delegated to anyone.
@test "root installs any map itself" {
	allowed croft run --uid-map 0:100000:1000 --gid-map 0:200000:1000 -- \
		cat /proc/self/uid_map /proc/self/gid_map
	[[ $(one_line <<<"$output") == "0 100000 1000 / 0 200000 1000" ]]
}

# ---- helpers that lie (H17, H18) -----------------------------------------------------

# impostor NAME SCRIPT: what stands in the place of a helper.  real is croft's own;
# yes and no CODE give the answers of idmap/request.h.
impostor() {
	cat >"$ROOM/impostors/$1" <<-END
		#!/bin/bash
		real() { exec "$ROOM/real/\$1"; }
		yes() { perl -e 'print pack "LL", 0x5aa5c33c, 0'; }
		no() { perl -e 'print pack "LL", 0x255a3cc3, shift' "\$1"; }
		$2
	END
	chmod 4755 "$ROOM/impostors/$1"
}

# with_impostors CROFT-ARGUMENTS…
with_impostors() {
	replacing "$CROFT_LIBEXECDIR" "$ROOM/real" "$ROOM/impostors" "$CROFT_LIBEXECDIR" -- \
		croft run --map auto --map-source croft --bind "$ROOM/marks" /mnt "$@" -- touch /mnt/began
}

# lied_to REASON UIDMAP-SCRIPT GIDMAP-SCRIPT
lied_to() {
	local reason=$1
	impostor uidmap "$2"
	impostor gidmap "$3"
	refused 125 "$reason" with_impostors
	[[ ! -e $ROOM/marks/began ]]
}

make_impostors() {
	mkdir "$ROOM/real" "$ROOM/impostors"
	install -d -o "$tester_uid" -g "$tester_gid" "$ROOM/marks"
	chmod 0755 "$ROOM"
	impostor uidmap 'real uidmap'
	impostor gidmap 'real gidmap'
}

@test "H17: with honest helpers behind the scripts, the payload begins" {
	needs_helpers
	make_impostors
	allowed with_impostors
	[[ -e $ROOM/marks/began ]]
}

@test "H17: helpers that do nothing are not believed" {
	needs_helpers
	local no_verdict='ended with status 0 and no verdict that fits it'

	make_impostors
	lied_to "the helper uidmap $no_verdict" 'exit 0' 'real gidmap'
	lied_to "the helper gidmap $no_verdict" 'real uidmap' 'exit 0'
	lied_to "the helper uidmap $no_verdict" 'exit 0' 'exit 0'
	lied_to 'the helper uidmap ended with status 1 and no verdict' 'exit 1' 'real gidmap'
	lied_to 'the UID map that the kernel has is not the one that was asked for' 'yes' 'yes'
	lied_to 'the UID map that the kernel has is not the one that was asked for' 'yes' 'real gidmap'
	lied_to 'the GID map that the kernel has is not the one that was asked for' 'real uidmap' 'yes'
}

@test "H17: a map that is not the one asked for is not accepted" {
	needs_helpers
	local less='{ head -c -2; printf "\0\0"; } 2>/dev/null'
	local none_asked='the UID map that the kernel has is not the one that was asked for'

	make_impostors
	# the last count is 65536, of which the upper half goes: nothing is left, and the helper says so
	lied_to 'uidmap' "$less | real uidmap" 'real gidmap'
	# one ID less: the count 65536 becomes 65535
	lied_to "$none_asked" '{ head -c -4; perl -e "print pack q(L), '$((uids - 1))'"; } | real uidmap' \
		'real gidmap'
	# setgroups, the second word, is turned round
	lied_to 'setgroups is not denied inside, as was asked for' 'real uidmap' \
		'{ head -c 4; head -c 4 >/dev/null; perl -e "print pack q(L), 1"; cat; } | real gidmap'
}

@test "H17: nonsense, half an answer and two answers are not consent" {
	make_impostors
	lied_to 'no verdict that fits it' 'echo granted' 'real gidmap'
	lied_to 'no verdict that fits it' 'yes | head -c 4' 'real gidmap'
	lied_to 'no verdict that fits it' 'real uidmap | { cat; printf x; }' 'real gidmap'
	lied_to 'no verdict that fits it' 'real uidmap | cat; yes' 'real gidmap'
	lied_to 'ended with status 3 and no verdict' 'real uidmap | cat; exit 3' 'real gidmap'
	lied_to 'ended with status 0 and no verdict' 'no 46; exit 0' 'real gidmap'
}

@test "H17: helpers that are killed or hang up are not consent" {
	needs_helpers
	make_impostors
	lied_to 'the helper uidmap was killed by signal 9' 'kill -KILL $$' 'real gidmap'
	lied_to 'the helper gidmap was killed by signal 15' 'real uidmap' 'kill -TERM $$'
	lied_to 'the helper uidmap was killed by signal 9' 'real uidmap | cat; kill -KILL $$' 'real gidmap'
	lied_to 'the helper uidmap ended with status 0 and no verdict' 'exec <&- >&-' 'real gidmap'
}

@test "H17: a refusal is told in words" {
	make_impostors
	lied_to 'uidmap' 'no 46; exit 46' 'real gidmap'
	says 'usermod'
}

@test "H18: the control: unshare finds newuidmap by PATH" {
	mkdir "$ROOM/bin"
	printf '#!/bin/sh\ntouch "%s/fooled"\n' "$ROOM" >"$ROOM/bin/newuidmap"
	chmod -R a+rx "$ROOM" && chmod a+w "$ROOM"
	run as_tester env PATH="$ROOM/bin:$PATH" unshare --map-auto -r true
	[[ -e $ROOM/fooled ]]
}

@test "H18: no helper is found by PATH or by a variable" {
	needs_helpers
	mkdir "$ROOM/bin"
	for name in uidmap gidmap newuidmap newgidmap; do
		printf '#!/bin/sh\ntouch "%s/fooled"\n' "$ROOM" >"$ROOM/bin/$name"
	done
	chmod -R a+rx "$ROOM" && chmod a+w "$ROOM"
	for source in croft newuidmap; do
		allowed as_tester env PATH="$ROOM/bin:$PATH" LIBEXECDIR="$ROOM/bin" \
			CROFT_LIBEXECDIR="$ROOM/bin" croft run --map auto --map-source "$source" -- true
	done
	[[ ! -e $ROOM/fooled ]]
	as_tester "$ROOM/bin/newuidmap"
	[[ -e $ROOM/fooled ]]		# it would have left its mark
}

# ---- setgroups and groups ------------------------------------------------------------

@test "--setgroups says whether groups can be changed" {
	reads allow /proc/self/setgroups run --map auto --setgroups allow
	reads deny /proc/self/setgroups shell --setgroups deny
	refused 125 '--setgroups allow needs delegated groups in the map, and it has only your own' \
		as_tester croft run --setgroups allow -- true
	says '--map auto maps the groups that /etc/subgid delegates'
	refused 125 '--setgroups allow needs delegated groups' \
		as_tester croft shell --map root --setgroups allow -- true
	refused 125 "--setgroups takes allow or deny, not 'yes'" \
		as_tester croft run --setgroups yes -- true
}

# in_group GID COMMAND…: the tester, in one more group.
in_group() {
	local group=$1
	shift
	setpriv --reuid="$tester_uid" --regid="$tester_gid" --groups "$tester_gid,$group" --reset-env \
		env PATH="$PATH" "$@"
}

# A file that denies its group what it gives to everybody (I06).
# Control: where setgroups is allowed the file can be read.
@test "I06 run keeps the caller's groups, and what a file denies them" {
	local gid=2147483

	echo text >"$ROOM/denied"
	chown "root:$gid" "$ROOM/denied"
	chmod 0604 "$ROOM/denied"
	refused 1 'Permission denied' in_group "$gid" cat "$ROOM/denied"
	allowed as_tester cat "$ROOM/denied"
	for map in self root auto; do
		refused 1 'Permission denied' in_group "$gid" \
			croft run --map "$map" --ro-bind "$ROOM/denied" /mnt -- cat /mnt
	done
	[[ " $(in_group "$gid" croft run -- id -G) " == *" 65534 "* ]]
	# what is given away where groups can be changed: the denial is shed with the group
	allowed in_group "$gid" croft run --map auto --setgroups allow --ro-bind "$ROOM/denied" /mnt -- cat /mnt
}

# Control: unshare -r keeps them, and reads what they may read.
@test "I07 shell leaves the caller's groups behind" {
	echo text >"$ROOM/for-group"
	chown root:2147483 "$ROOM/for-group"
	chmod 640 "$ROOM/for-group"
	allowed in_group 2147483 unshare -r cat "$ROOM/for-group"
	refused 1 'Permission denied' in_group 2147483 croft shell --ro-bind "$ROOM/for-group" /mnt -- cat /mnt
	[[ $(in_group 2147483 croft shell -- id -G) == 0 ]]
	[[ " $(in_group 2147483 croft shell --setgroups deny -- id -G) " == *" 65534 "* ]]
}

# ---- the user ------------------------------------------------------------------------

@test "--user takes a UID, and a GID behind it" {
	[[ $(as_tester croft run --map auto --user 5 -- sh -c 'id -u; id -g') == $'5\n5' ]]
	[[ $(as_tester croft run --map auto --user 5:6 -- sh -c 'id -u; id -g') == $'5\n6' ]]
	[[ $(as_tester croft shell --user 0 -- id -u) == 0 ]]
	[[ $(as_tester croft shell --user 5 -- sh -c 'id -u; touch ~/x && stat -c %u:%g ~/x') == $'5\n5:5' ]]
}

@test "--user takes a name that the root's passwd has, with its groups" {
	printf '%s\n' root:x:0:0::/root:/bin/sh smith:x:7:8::/tmp:/bin/sh >"$ROOM/passwd"
	printf '%s\n' root:x:0: forge:x:8: anvil:x:30:jones,smith tongs:x:31:smithy bellows:x:32:smith \
		>"$ROOM/group"
	chmod a+rx "$ROOM"
	local etc=(--ro-bind "$ROOM/passwd" /etc/passwd --ro-bind "$ROOM/group" /etc/group)

	allowed as_tester croft shell "${etc[@]}" --user smith -- sh -c 'id -un; id -g; id -G; echo $HOME $USER'
	[[ $output == $'smith\n8\n8 30 32\n/tmp smith' ]]
	allowed as_tester croft shell --user root -- id -u
	[[ $output == 0 ]]
	refused 125 'user: --user: /etc/passwd inside has no user smit' \
		as_tester croft shell "${etc[@]}" --user smit -- true
	says 'a UID or UID:GID needs no entry there'
}

@test "--user refuses who is not mapped, and what is no user" {
	refused 125 '--user: UID 0 is not mapped inside' as_tester croft run --user 0 -- true
	refused 125 "--user: GID 0 is not mapped inside" as_tester croft run --user "$tester_uid:0" -- true
	refused 125 '--user: UID 4000000 is not mapped inside' \
		as_tester croft run --map auto --user 4000000:1 -- true
	refused 125 'the user nobody has the UID 65534, which is not mapped' \
		as_tester croft run --user nobody -- true
	while read -r value; do
		refused 125 "--user takes a name or UID[:GID] in decimal numbers, not '$value'" \
			as_tester croft run --map auto --user "$value" -- true
	done <<-END
		5:
		5:x
		5x
		05
		root:root
		:5
		4294967295
	END
}

# A FIFO, a device or a huge file in passwd's place neither stops nor feeds it (P10).
@test "P10 --user reads passwd only from a plain file" {
	mkfifo -m 0644 "$ROOM/fifo"
	truncate -s 2G "$ROOM/huge"
	chmod a+rx "$ROOM"
	for file in "$ROOM/fifo" "$ROOM/huge" /dev/zero; do
		refused 125 '/etc/passwd inside has no user smith' timeout -k 2 5 setpriv --reuid="$tester_uid" \
			--regid="$tester_gid" --init-groups "$(command -v croft)" \
			run --map auto --allow-sockets --dev-bind "$file" /etc/passwd --user smith -- true
	done
}

# ---- capabilities --------------------------------------------------------------------

# capabilities INH PRM EFF BND AMB CROFT-ARGUMENTS…: the five sets of the payload.
capabilities() {
	local wanted="$1 $2 $3 $4 $5" got
	shift 5
	got=$(as_tester croft "$@" -- awk '/^Cap/ { sub(/^0+/, "", $2); printf "%s%s", (n++ ? " " : ""), ($2 == "" ? 0 : $2) }' \
		/proc/self/status)
	[[ $got == "$wanted" ]] && return
	echo "croft $*: expected the sets $wanted, got $got"
	return 1
}

# Control: the same inheritable set without croft.
@test "I11 an inheritable set of the caller's does not come in" {
	local with=(setpriv --reuid="$tester_uid" --regid="$tester_gid" --clear-groups --inh-caps=+net_raw)
	local sets=(awk '/^Cap/ { sub(/^0+/, "", $2); printf "%s ", ($2 == "" ? 0 : $2) }' /proc/self/status)

	[[ $("${with[@]}" "${sets[@]}") == 2000\ * ]]
	[[ $("${with[@]}" "$(command -v croft)" run -- "${sets[@]}") == '0 0 0 0 0 ' ]]
	[[ $("${with[@]}" "$(command -v croft)" run --map auto -- "${sets[@]}") == '0 0 0 0 0 ' ]]
	[[ $("${with[@]}" "$(command -v croft)" shell -- "${sets[@]}") == '0 a00404fb a00404fb a00404fb 0 ' ]]
}

@test "I11 run holds no capability, whoever it is inside" {
	for map in self root auto sub keep; do
		capabilities 0 0 0 0 0 run --map "$map"
	done
	capabilities 0 0 0 0 0 run --map auto --user 5
}

@test "shell's root holds what a package manager needs, and no more" {
	# CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID NET_BIND_SERVICE SYS_CHROOT AUDIT_WRITE SETFCAP
	capabilities 0 a00404fb a00404fb a00404fb 0 shell
	capabilities 0 0 0 0 0 shell --user 5
	capabilities 0 0 0 0 0 shell --map self
}

@test "--cap-add and --cap-drop change the sets; the last word counts" {
	capabilities 0 a00414fb a00414fb a00414fb 0 shell --cap-add net_admin
	capabilities 0 a00404fa a00404fa a00404fa 0 shell --cap-drop cap_chown
	capabilities 0 1 1 1 0 shell --cap-drop all --cap-add CHOWN
	capabilities 0 0 0 0 0 shell --cap-add chown --cap-drop all
	capabilities 0 400 400 400 0 run --map root --cap-add net_bind_service
}

@test "--cap-add all is every capability that this kernel has" {
	local last all
	last=$(cat /proc/sys/kernel/cap_last_cap)
	all=$(printf %x $(((1 << (last + 1)) - 1)))
	capabilities 0 "$all" "$all" "$all" 0 shell --cap-add all
}

@test "a user who is not root holds what was added in the ambient set, too" {
	capabilities 400 400 400 400 400 shell --user 33 --cap-drop all --cap-add net_bind_service
	capabilities 1000 1000 1000 1000 1000 run --cap-add net_admin
}

@test "H23 C06 a capability that there is not is refused" {
	refused 125 'there is no capability fly' as_tester croft shell --cap-add fly -- true
	refused 125 'there is no capability' as_tester croft shell --cap-drop '' -- true
}

@test "S20 no_new_privs is set, so a set-user-ID program gains nothing" {
	for arguments in run "run --map auto" shell "shell --cap-add all" "run --as-pid-1"; do
		# shellcheck disable=SC2086 # the words of the arguments
		[[ $(status_inside NoNewPrivs $arguments) == 1 ]]
	done
	cp /usr/bin/id "$ROOM/id"
	chown "$((first_uid + 4)):$((first_gid + 4))" "$ROOM/id"
	chmod 6755 "$ROOM/id"
	chmod a+rx "$ROOM"
	[[ $(as_tester croft run --map auto --ro-bind "$ROOM/id" /mnt -- /mnt -u) == 0 ]]
}
