#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What hardening is for, read from the built programs: configure may have asked
# for a flag, and the compiler or the linker may not have done it.

load setup

setup() {
	[[ -z $CROFT_SANITIZED ]] || skip "the sanitizers take the place of hardening"
	cd "$CROFT_BUILD" || return 1
}

# The front end and the helpers, those that are built.
programs() {
	for program in croft $CROFT_HELPERS; do
		[[ ! -e $program ]] || echo "$program"
	done
}

# lacking PATTERN READELF-OPTION…: programs of which readelf does not say PATTERN.
lacking() {
	local pattern=$1
	shift
	for program in $(programs); do
		"$READELF" -W "$@" "$program" 2>/dev/null | grep -qE -- "$pattern" || echo "$program"
	done
}

# having PATTERN READELF-OPTION…: programs of which it does.
having() {
	local pattern=$1
	shift
	for program in $(programs); do
		"$READELF" -W "$@" "$program" 2>/dev/null | grep -E -- "$pattern" |
			sed "s|^|$program: |" || true
	done
}

@test "the front end and both helpers are built" {
	[[ $(programs | wc -l) -ge 3 ]]
}

@test "programs are position-independent" {
	lacking 'Type: +DYN' --file-header | none "at a fixed address"
}

@test "what the loader wrote is read-only afterwards" {
	lacking 'GNU_RELRO' --program-headers | none "without relro"
}

@test "every symbol is bound at the start" {
	lacking 'BIND_NOW|FLAGS_1.*NOW' --dynamic | none "bound lazily"
}

@test "the stack holds no code" {
	lacking 'GNU_STACK.* RW +0x' --program-headers | none "executable stack"
}

@test "no memory is writable and executable" {
	having 'LOAD.* RWE ' --program-headers | none "writable code"
}

@test "no text is relocated, and no library path is built in" {
	having 'TEXTREL|RPATH|RUNPATH' --dynamic | none "found"
}

# On arm64, the guard word of stacks is in libc's loader.
@test "the front end links libc alone, or nothing at run time" {
	[[ -e croft ]]
	"$READELF" -dW croft | grep NEEDED | grep -vE '\[(libc\.so|ld-linux[^]]*\.so)\.' | none "more than libc"
}

@test "helpers link libc alone, or nothing at run time" {
	for helper in $CROFT_HELPERS; do
		"$READELF" -dW "$helper" | grep NEEDED | grep -vE '\[(libc\.so|ld-linux[^]]*\.so)\.' |
			sed "s|^|$helper: |" || true
	done | none "more than libc"
}

@test "stacks have a guard word" {
	lacking '__stack_chk_fail' --symbols | none "unguarded"
}

# Of the libraries that croft links, glibc alone has checked copies, and only beside
# optimisation.  With musl what stands in their place is the rest of this page, and the
# C library says so itself: whoever gives it such checks finds a failed test here.
@test "copies are checked (_FORTIFY_SOURCE) where the C library knows how to" {
	checked=$("$NM" --undefined-only ${CROFT_OBJECTS_croft-} | grep -E ' __[a-z]+_chk$') || true
	case ${CROFT_LIBC:?} in
	system)
		grep -q '^CFLAGS = .*-O[1-3s]' Makefile || skip "built without optimisation"
		[[ -n $checked ]]
		;;
	musl)
		library=$(sed -n 's/^STATIC_LIBS = \([^ ]*libc\.a\) .*/\1/p' Makefile)
		[[ -z $checked && -e $library ]]
		"$NM" --defined-only "$library" 2>/dev/null | grep -E ' __(mem|str)[a-z]+_chk$' |
			none "musl has checks, and croft does without them"
		;;
	*) false ;;
	esac
}

# Read from our objects: a program loses the mark when libc's start-up code has none.
@test "indirect jumps have landing pads, and returns a shadow or a signature" {
	case $("$READELF" -h croft | sed -n 's/^ *Machine: *//p') in
	*X86-64) marks='IBT, SHSTK' ;;
	AArch64) marks='BTI, PAC' ;;
	*) skip "this machine has neither" ;;
	esac
	for object in ${CROFT_OBJECTS_croft-} ${CROFT_OBJECTS_uidmap-} ${CROFT_OBJECTS_gidmap-}; do
		"$READELF" -W --notes "$object" | awk -v file="$object" -v marks="$marks" '
			/^File: / { file = $2 }
			/Properties:/ { seen++; if (index($0, marks) == 0) print file }
			END { if (!seen) print file }'
	done | none "without"
}

# The rest leaves no trace but in the compiler's own record, which comes with -g.
recorded() {
	local flag=$1
	"$READELF" --debug-dump=info croft 2>/dev/null | grep -q 'DW_AT_producer.*-O' ||
		skip "this compiler recorded no flags, or -g was not given"
	for program in $(programs); do
		"$READELF" --debug-dump=info "$program" 2>/dev/null |
			grep 'DW_AT_producer.*GNU C.*-Wp\|DW_AT_producer.*GNU C11' |
			grep -v -e "$flag" | sed "s|^|$program: |" || true
	done | none "compiled without $flag"
}

@test "the stack grows a page at a time" {
	recorded -fstack-clash-protection
}

@test "variables that nobody initialised are zero" {
	recorded -ftrivial-auto-var-init=zero
}
