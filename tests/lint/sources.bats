#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The sources keep to their layers, and say what they are.

load setup

# includes FOLDER ALLOWED: quoted includes of the folder that ALLOWED does not match.
foreign_includes() {
	c_files | grep "^$1/" | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' |
		grep -vE "include[[:space:]]*\"($2)/" || true
}

@test "there are sources to look at" {
	[[ $(c_files | wc -l) -gt 20 ]]
}

@test "idmap includes idmap alone" {
	foreign_includes idmap idmap | none "other layers"
}

@test "helpers include helpers and idmap alone" {
	foreign_includes helpers 'helpers|idmap' | none "other layers"
}

@test "sandbox includes sandbox, idmap and the policy alone" {
	foreign_includes sandbox 'sandbox|idmap|policy' | none "other layers"
}

@test "idmap is pure: freestanding headers, <string.h> and <stdio.h>" {
	c_files | grep '^idmap/' | xargs grep -n '^#include <' |
		grep -vE '<(limits|stdbool|stddef|stdint|stdio|string)\.h>' | none "not pure"
}

@test "no include climbs or is spelled from beside" {
	c_files | xargs grep -nE '^#[[:space:]]*include "([^/"]*|.*\.\./.*)"' | none "not from the top"
}

@test "each header compiles alone" {
	for header in $(c_files | grep '\.h$'); do
		printf '#include "%s"\n' "$header" |
			$CC -std=gnu11 -D_GNU_SOURCE -DCROFT_LIBEXECDIR='""' -I. -Wall -Wextra -Werror \
				-fsyntax-only -x c - 2>&1 || echo "$header does not"
	done | none "not alone"
}

@test "each C file includes its own header first" {
	for file in $(c_files | grep '\.c$'); do
		own=${file%.c}.h
		[[ ! -e $own ]] || [[ $(grep -m1 '^#include' "$file") == "#include \"$own\"" ]] ||
			echo "$file"
	done | none "another comes first"
}

@test "each file names its licence" {
	for file in $(own_files | grep -vE '^[A-Z]+$|corpus'); do
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file"
	done | none "no SPDX line at the top"
}

@test "each C file says what it is" {
	for file in $(c_files); do
		sed -n '2,3p' "$file" | grep -q '^/\*' || echo "$file"
	done | none "no comment at the top"
}

@test "nothing is left for later, and nothing speaks of where it was written" {
	own_files | grep -v '^tests/lint/sources\.bats$' |
		xargs grep -nE '\<(TODO|FIXME|XXX)\>|[Ii]ssue #?[0-9]|/work/(main|shared|\.library)|\<for now\>' |
		none "words that have no place here"
}

@test "no line ends in a blank" {
	own_files | grep -vE '^completions/|corpus|\.patch$' | xargs grep -nE '[[:blank:]]+$' |
		none "blank at the end"
}

# In characters, with tabs of eight.
@test "no line of C is wider than 100 columns" {
	c_files | xargs perl -CSD -ne '
		1 while s/\t/" " x (8 - length($`) % 8)/e;
		chomp;
		print "$ARGV:$.: ", length, "\n" if length > 100;
		close ARGV if eof' | none "too wide"
}

@test "what git knows is in the tarball" {
	[[ -e .git ]] || skip "this is no git checkout"
	command -v git >/dev/null || skip "git is not installed"
	[[ -n $CROFT_DISTRIBUTED ]] || skip "only make check knows what is distributed"
	git -c safe.directory='*' ls-files -- . ':!:.gitignore' ':!:.github' |
		grep -vxF -f <(tr ' ' '\n' <<<"$CROFT_DISTRIBUTED") | none "left out"
}

# sudo lets no variable through but those that make names.
@test "what bats files read from make is what make tells them" {
	[[ -n ${CROFT_KNOBS-} ]] || skip "only make knows what it tells"
	names=$(source_files | grep -E '^tests/.*\.(bats|bash)$' | xargs grep -ohE '\<CROFT_[A-Z]+(_[A-Z]+)*\>' | sort -u)
	[[ $names == *CROFT_BUILD* ]]
	for name in $names; do
		[[ -v $name || " $CROFT_KNOBS " == *" $name "* || $name == CROFT_OBJECTS ]] || echo "$name"
	done | none "untold"
}
