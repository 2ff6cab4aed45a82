#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of weaknesses is that of the tests there are.

load setup

@test "doc/WEAKNESSES is what the tests say (make weaknesses-table)" {
	tests/weaknesses/table | diff doc/WEAKNESSES -
}

@test "the table has every row once, in order" {
	sed -n 's/^\([A-Z][0-9][0-9]\)  .*/\1/p' tests/weaknesses/rows | uniq -d | none "twice"
	[[ $(grep -c '^[A-Z][0-9][0-9]  ' doc/WEAKNESSES) -eq 154 ]]
}

@test "a row that is tested as others names rows that there are" {
	sed -n 's/^     tested as: //p' tests/weaknesses/rows | tr ' ' '\n' | while read -r row; do
		grep -q "^$row  " tests/weaknesses/rows || echo "$row"
	done | none "no such row"
}

@test "each weakening names tests that there are" {
	for patch in tests/weaknesses/weaken/*.patch; do
		grep -q '^Weakens: ' "$patch" || echo "$patch does not say what it weakens"
		grep -q '^Fails: ' "$patch" || echo "$patch does not say what fails"
		while read -r file name; do
			case $file in
			*.c) grep -qF "Weakness ${name%% *}: ${name#* }" "$file" ;;
			*) grep -qxF "@test \"$name\" {" "$file" ;;
			esac || echo "$patch: $file has no test $name"
		done < <(sed -n '/^--- /q; s/^Fails: //p' "$patch")
	done | none "at fault"
}

# make check-weakened says so, too, much later.
@test "each weakening applies to the sources as they are" {
	command -v patch >/dev/null || skip "patch is not installed"
	for patch in tests/weaknesses/weaken/*.patch; do
		patch --silent --dry-run --read-only=ignore -p1 <"$patch" >/dev/null 2>&1 || echo "$patch"
	done | none "does not apply"
}
