#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Shell is checked as C is: by a program that knows its traps.

load setup

scripts() {
	own_files | while read -r file; do
		case $file in
		*.bats | *.bash | *.sh) echo "$file" ;;
		*) if head -n 1 "$file" | grep -qE '^#!.*\<(ba|da)?sh\>'; then echo "$file"; fi ;;
		esac
	done
}

@test "the scripts pass shellcheck" {
	[[ $(scripts | wc -l) -gt 0 ]]
	scripts | grep -v '^completions/' | xargs "$SHELLCHECK" --external-sources --severity=warning
}

@test "scripts that are run can be run" {
	for file in $(scripts); do
		[[ $(head -c 2 "$file") != '#!' || $file == *.bats || -x $file ]] || echo "$file"
	done | none "not executable"
}
