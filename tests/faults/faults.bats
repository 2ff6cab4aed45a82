#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2030,SC2031,SC2154 # bats' own variables; setup.bash sets the others
#
# Whatever call of croft's start fails, lies, is interrupted, or is its process's last;
# whatever allocation fails: either the payload is confined as ever, or it does not run,
# and croft says why.  tests/faults/sweep.c has the rule.
#
# The ordinary run tells every lie, and a sample of the other faults, another one each
# day: CROFT_FAULTS_SEED=N repeats one.  make check-faults (CROFT_FAULTS=all) tries all.

load ../system/setup

setup() {
	make_room
	[[ ${CROFT_SANITIZED-} != yes ]] || skip "the sanitizers' own calls would be disturbed as well"
	install -m 755 "$CROFT_BUILD"/tests/faults/{sweep,witness,starved} "$ROOM"
	install -m 644 "$CROFT_SOURCE/tests/faults/excuses" "$ROOM"
	share=${CROFT_FAULTS_SHARE:-20}
	[[ ${CROFT_FAULTS-} != all ]] || share=1
	seed=${CROFT_FAULTS_SEED:-$(date +%Y%m%d)}
	bind=(--ro-bind "$ROOM/witness" /witness)
	croft=(croft)
}

# All but what a witness that was killed could not take away.
files() {
	find "$ROOM" "$tester_home" /tmp -maxdepth 3 ! -name '.witness*' -user "$CROFT_USER" \
		-printf '%p %y %m %U:%G %s %l\n' | grep -v '/lower\|/upper\|/work' | sort
}

# sweep [SWEEP-OPTION…] -- [OPTION…]: nothing is found, and nothing stays behind.
sweep() {
	local options=() before digit
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	for digit in % 0 1; do				# what is made the first time
		as_tester "${croft[@]}" run "${@//%/$digit}" "${bind[@]}" -- /bin/true 100</dev/null 101>/dev/null
	done
	before=$(files)
	allowed as_tester "$ROOM/sweep" --share "$share" --seed "$seed" --excuse "$ROOM/excuses" "${options[@]}" \
		-- "${croft[@]}" run "$@" "${bind[@]}" -- /witness
	echo "# $BATS_TEST_DESCRIPTION, seed $seed: ${lines[-1]}" >&3
	says ' 0 findings'
	nobody_left
	[[ $(files) == "$before" ]] || { echo "files are left over"; return 1; }
}

# Much of what one can ask for, with a root of the caller's.
much() {
	make_tree tree
	as_tester mkdir lower upper{%,0,1} work{%,0,1} data tree/data tree/over tree/cover
	as_tester touch lower/file data/file tree/cover/secret tree/witness
	much=(--rootfs "$ROOM/tree" --ro-bind /usr /usr --bind "$ROOM/data" /data --tmpfs /cover
		--size 65536 --perms 0700 --tmpfs /small --overlay-src "$ROOM/lower" --overlay "$ROOM/upper%" "$ROOM/work%" /over
		--remount-ro /data --hostname faulty --rlimit nofile=100:200 --rlimit core=0 --chdir /data
		--share-net --setenv A B --fd 100 --json-status-fd 101 --time-limit 60)
}

# Control: weaken/unattached.patch, a croft that believes move_mount(2).
@test "each call of a plain start" {
	sweep --
}

@test "each call of a start with a root, mounts and limits of the caller's, and a terminal" {
	much
	sweep --terminal -- "${much[@]}"
}

@test "each call of a start as root inside, with capabilities, and no filter" {
	much
	sweep -- "${much[@]}" --map root --cap-add all --seccomp off
}

@test "each call of a start as process 1" {
	sweep -- --as-pid-1
}

@test "each call of a start that is watched, whose filters have a listener" {
	sweep -- --json-status-fd 2
}

@test "each allocation of a plain start, once and for good" {
	croft=("$ROOM/starved")
	sweep --allocations --
}

@test "each allocation of a start with much, once and for good" {
	much
	croft=("$ROOM/starved")
	sweep --allocations --terminal -- "${much[@]}" --map root --cap-add all
}
