# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the lint files share: which files there are, and how to complain.

: "${CROFT_SOURCE:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${CROFT_BUILD:=$CROFT_SOURCE}"
: "${CC:=cc}" "${NM:=nm}" "${READELF:=readelf}" "${SHELLCHECK:=shellcheck}" "${MANDOC:=mandoc}"

setup() {
	cd "$CROFT_SOURCE" || return 1
}

# The folders of the tree, and the files at its top, as they stand in the sources:
# a tarball has no git to ask, and a build in the tree has added its products.
source_files() {
	find .ci start README SECURITY HACKING NEWS COPYING configure.ac Makefile.am m4 \
		idmap helpers sandbox profiles policy man completions tests \
		-name .deps -prune -o -type f ! -name '*.o' ! -name '*.a' ! -name '*.log' \
		! -name '*.trs' ! -name .dirstamp -print 2>/dev/null | LC_ALL=C sort
}

c_files() {
	source_files | grep '\.[ch]$'
}

# Text that people wrote here, not the vendored macros and the licence.
own_files() {
	source_files | grep -v -e '^m4/ax_' -e '^COPYING$' |
		while read -r file; do
			if grep -qI . "$file"; then
				echo "$file"
			fi
		done
}

# none WHAT: nothing arrives on standard input; else that is the complaint.
none() {
	local found
	found=$(cat)
	[[ -z $found ]] && return
	printf '%s:\n%s\n' "$1" "$found"
	return 1
}
