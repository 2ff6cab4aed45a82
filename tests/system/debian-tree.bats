#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # single quotes are for a shell inside; setup.bash sets tester_uid
#
# The whole of it, by an ordinary user with croft alone: a Debian tree is made, used as
# root, and removed.  Packages come from wherever this machine's own apt gets them.

load setup

setup_file() {
	load setup
	export TREE_ROOM=$BATS_FILE_TMPDIR
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	chown "$CROFT_USER" "$TREE_ROOM"
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	as_tester croft shell --share-net --cap-add all / -- \
		mmdebstrap --quiet --variant=minbase "$suite" "$TREE_ROOM/tree"
}

# in_tree SCRIPT: as root in the tree, with the network.
in_tree() {
	run as_tester croft shell --share-net "$TREE_ROOM/tree" -- sh -ec "$1"
	[[ $status -eq 0 ]] && return
	echo "$output"
	return 1
}

@test "mmdebstrap made a tree, as the tester's own" {
	[[ -x $TREE_ROOM/tree/usr/bin/dpkg ]]
	[[ $(stat -c %u "$TREE_ROOM/tree/usr") == "$tester_uid" ]]
	in_tree 'test "$(id -u)" = 0; grep -q debian /etc/os-release; cat /etc/hostname >/dev/null || :'
}

@test "apt-get update and install work: apt drops to _apt, dpkg changes owners" {
	in_tree 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y hello && hello'
	says "Hello, world!"
}

@test "accounts can be made and become" {
	in_tree 'useradd --create-home mary && su - mary -c "id -un; pwd"'
	says mary
	says /home/mary
}

@test "files of foreign owners are unpacked and changed" {
	in_tree '
		mkdir -p /root/a && touch /root/a/file && chown 1234:4321 /root/a/file
		tar -C /root -cf /root/a.tar a && mkdir /root/b && tar -C /root/b -xf /root/a.tar
		stat -c %u:%g /root/b/a/file'
	says 1234:4321
	read -r first _ < <(subordinate uid)
	read -r first_group _ < <(subordinate gid)
	[[ $(stat -c %u:%g "$TREE_ROOM/tree/root/b/a/file") == "$((first + 1233)):$((first_group + 4320))" ]]
}

@test "an ID that is not mapped cannot be given" {
	in_tree '! chown 70000 /root/a/file'
	says "Invalid argument"
}

@test "the user cannot remove it without croft, and can with it" {
	run as_tester rm -rf "$TREE_ROOM/tree/home/mary"
	[[ $status -ne 0 && -d $TREE_ROOM/tree/home/mary ]]
	allowed as_tester croft shell / -- rm -rf "$TREE_ROOM/tree"
	[[ ! -e $TREE_ROOM/tree ]]
}
