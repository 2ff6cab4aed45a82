#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # scripts for inside; asking.bash sets the variables
#
# What has gone wrong with ID maps and is not tested in tests/helpers/grants.bats and
# tests/system/identity.bats.

load ../helpers/asking

# A nested namespace over a map of six ranges: on a kernel with the fault, its IDs are
# those of the host (CVE-2018-18955).
#
# Control: root, whose file is read.
@test "I08 six ranges, and a namespace within: root's files stay root's" {
	local ranges=() i

	echo canary >"$ROOM/secret"
	chmod 600 "$ROOM/secret"
	for i in {0..5}; do
		ranges+=(--uid-map "$i:$((first + i * 10)):1" --gid-map "$i:$((first_group + i * 10)):1")
	done
	[[ $(cat "$ROOM/secret") == canary ]]
	run as_tester croft shell "${ranges[@]}" --cap-add all --allow-nesting --ro-bind "$ROOM/secret" /secret -- bash -c '
		wc -l </proc/self/uid_map
		cat /secret
		unshare --user bash -c "
			{ read; for i in 0 1 2 3 4 5; do :; done; } </dev/null
			echo inner; cat /secret; stat -c %u /secret" 2>&1
		unshare --map-root-user bash -c "cat /secret; stat -c %u /secret; : >>/secret" 2>&1'
	says inner
	lacks canary
	[[ $(grep -c 'Permission denied' <<<"$output") -ge 4 ]]
	[[ $(grep -cx 65534 <<<"$output") -eq 2 ]]
}

# What a subordinate ID leaves is a file of the host's: SECURITY says to keep it below a
# directory that only its owner can enter.
#
# Control: the same file where everybody may go, which lends the ID.
@test "I12 a set-user-ID file that a subordinate ID leaves is out of others' reach" {
	local stranger=(setpriv --reuid=65533 --regid=65533 --clear-groups)

	chmod 755 "$ROOM"
	as_tester mkdir -m 700 private
	as_tester mkdir -m 755 public
	for place in private public; do
		allowed as_tester croft shell --map auto --bind "$ROOM/$place" /share -- sh -c '
			cp /usr/bin/id /share/id && chown 5:5 /share/id && chmod 6755 /share/id'
		[[ $(stat -c %u:%a "$place/id") == "$((first + 4)):6755" ]]
	done
	refused 126 'Permission denied' "${stranger[@]}" sh -c '"$0" -u' "$ROOM/private/id"
	[[ $("${stranger[@]}" "$ROOM/public/id" -u) == "$((first + 4))" ]]
}

@test "I12 inside, such a file lends nothing: not through a bind, not in the root" {
	make_tree "$ROOM/tree"
	as_tester mkdir share
	for place in share tree; do
		allowed as_tester croft shell --map auto --bind "$ROOM/$place" /share -- sh -c '
			cp /usr/bin/id /share/id && chown 5:5 /share/id && chmod 6755 /share/id'
	done
	for options in "--bind $ROOM/share /x" "--rootfs $ROOM/tree --ro-bind /usr /usr --bind $ROOM/tree /x"; do
		for command in 'run --map auto' shell 'shell --cap-add all'; do
			# shellcheck disable=SC2086 # words
			allowed as_tester croft $command $options -- /x/id -u
			[[ $output == 0 ]]
		done
	done
}
