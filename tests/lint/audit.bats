#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What runs with privilege stays small, and asks libc for nothing new unseen.

load setup

@test "helpers/ and idmap/ are at most 700 lines of C" {
	total=$(tests/lint/audit lines | awk '$2 == "total" { print $1 }')
	echo "$total lines"
	[[ $total -gt 100 && $total -le 700 ]]
}

# A compiler may spell a copy or a comparison as a call, or not; and what a stack's guard word
# is compared with lies in the thread on x86-64, in the C library on arm64.
by_compiler='(__stack_chk_guard|bcmp|memcmp|memcpy|memmove|memset|strchr|strlen)'

@test "helpers import what helpers/symbols.txt lists, and no more" {
	[[ -z $CROFT_SANITIZED ]] || skip "the sanitizers bring symbols of their own"
	diff <(grep -v '^#' helpers/symbols.txt | grep -vE " $by_compiler$") \
		<(tests/lint/audit symbols | grep -vE " $by_compiler$")
}

# Control: newuidmap imports many of them.
@test "P19 H26 no helper imports a heap, a shell, NSS, a locale or a loader" {
	symbols=$(tests/lint/audit symbols)
	[[ $symbols == *uidmap*gidmap* ]]
	if command -v newuidmap >/dev/null; then
		"$NM" -D "$(command -v newuidmap)" | grep -qE ' (malloc|getpw[a-z_]*|setlocale)(@.*)?$'
	fi
	grep -E ' (malloc|calloc|realloc|free|system|popen|exec.*|getpw.*|getgr.*|getenv|setlocale|dlopen|dlsym)$' <<<"$symbols" |
		none "found"
}
