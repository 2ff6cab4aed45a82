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

# found_out REASON WRITTEN LABEL OPTION…: whichever write(2) of so many bytes does nothing and
# says that it did, the command does not run under another label; and one of them is the label's.
found_out() {
	local reason=$1 length=${#2} label=$3 n found=
	shift 3
	for n in {1..9}; do
		status=0
		# shellcheck disable=SC2016 # for the shell inside, which writes nothing itself
		output=$(timeout 60 strace -f -qq -o /dev/null -e trace=write -e "inject=write:retval=$length:when=$n" \
			croft run "$@" --as-pid-1 -- sh -c 'read -r label </proc/self/attr/current; [ "$label" = "$1" ] || exit 9' \
			sh "$label" 2>&1) || status=$?
		[[ $status -ne 9 ]] || { echo "write $n: it runs under another label"; exit 1; }
		[[ $output != *"$reason"* || $status -ne 125 ]] || found=$n
	done
	[[ -n $found ]] || { echo "never \"$reason\": $output"; exit 1; }
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
