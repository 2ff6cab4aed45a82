# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the scripts that run in a virtual machine share: a test is a function that
# speaks up when it fails.

PATH=${CROFT_BINDIR:-}:/usr/bin:/bin:/usr/sbin:/sbin
status=0
output=

# allowed COMMAND…, refused STATUS REASON COMMAND…: as in tests/system/setup.bash, but
# they end the test, which runs in a shell of its own where set -e means nothing.
allowed() {
	status=0
	output=$(timeout 60 "$@" 2>&1) || status=$?
	[[ $status -eq 0 ]] || { echo "status $status from: $*: $output"; exit 1; }
}

refused() {
	local wanted=$1 reason=$2
	shift 2
	status=0
	output=$(timeout 60 "$@" 2>&1) || status=$?
	[[ $status -eq $wanted && $output == *"$reason"* ]] ||
		{ echo "wanted $wanted and \"$reason\", got $status from: $*: $output"; exit 1; }
}

# is WANTED GOT
is() {
	[[ $2 == "$1" ]] || { echo "wanted \"$1\", got \"$2\""; exit 1; }
}

# run_tests NAME…: each in a shell of its own.
run_tests() {
	local n=0 failed=0 name words
	echo "1..$#"
	for name; do
		n=$((n + 1))
		if words=$("$name" 2>&1); then
			echo "ok $n - ${name//_/ }$words"
		else
			failed=1
			echo "not ok $n - ${name//_/ }"
			printf '# %s\n' "$words"
		fi
	done
	return "$failed"
}
