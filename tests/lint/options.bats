#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --help, the manual and the completions know the same options: those of the table.

load setup

setup() {
	cd "$CROFT_BUILD" || return 1
	croft=$CROFT_BUILD/croft
	"$croft" --help >"$BATS_TEST_TMPDIR/help"
	sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' "$BATS_TEST_TMPDIR/help" | sort >"$BATS_TEST_TMPDIR/options"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/options") -gt 40 ]]
}

# made FILE: one that the build makes, which comes ready with a tarball.
made() {
	if [[ -e $CROFT_BUILD/$1 ]]; then
		echo "$CROFT_BUILD/$1"
	else
		echo "$CROFT_SOURCE/$1"
	fi
}

# same WHAT: standard input, sorted, is the list of options.
same() {
	sort | diff "$BATS_TEST_TMPDIR/options" - || {
		echo "< --help, > $1"
		return 1
	}
}

pages() {
	made man/croft-run.1
	printf '%s\n' "$CROFT_SOURCE"/man/croft.1 "$CROFT_SOURCE"/man/croft-{shell,explain}.1
}

@test "the table has the options that --help prints, once each" {
	uniq -d "$BATS_TEST_TMPDIR/options" | none "twice"
	sed -n 's/^\t{ "\([a-z0-9-]*\)",.*/\1/p' "$CROFT_SOURCE"/sandbox/options/option*.c | sort >"$BATS_TEST_TMPDIR/table"
	uniq -d "$BATS_TEST_TMPDIR/table" | none "twice"
	"$CROFT_BUILD/croft-bwrap" --help >"$BATS_TEST_TMPDIR/bwrap-help"
	sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/bwrap-help" | sort -u |
		diff - "$BATS_TEST_TMPDIR/table"
}

@test "--help fits into 80 columns" {
	awk 'length > 80' "$BATS_TEST_TMPDIR/help" | none "too long"
	./croft-bwrap --help | awk 'length > 80' | none "too long"	# its usage is by the name it was called
}

@test "croft-run(1) describes each option, and no other" {
	sed -n '/^\.Sh OPTIONS/,/^\.Ss The root/s/^\.It Fl -\([a-z0-9-]*\).*/\1/p' "$(made man/croft-run.1)" |
		same "croft-run(1)"
}

@test "croft-run(1) is what options.sh makes of the table now" {
	sh "$CROFT_SOURCE/man/options.sh" "$croft" mdoc "$CROFT_SOURCE/man/croft-run.1.in" |
		diff "$(made man/croft-run.1)" -
}

@test "croft-bwrap(1) describes each option of croft-bwrap, and no other, and is made of the table now" {
	"$CROFT_BUILD/croft-bwrap" --help | sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' | sort >"$BATS_TEST_TMPDIR/options"
	sed -n '/^\.Sh OPTIONS/,/^\.Sh DIFF/s/^\.It Fl -\([a-z0-9-]*\).*/\1/p' "$(made man/croft-bwrap.1)" |
		same "croft-bwrap(1)"
	sh "$CROFT_SOURCE/man/options.sh" "$CROFT_BUILD/croft-bwrap" mdoc "$CROFT_SOURCE/man/croft-bwrap.1.in" |
		diff "$(made man/croft-bwrap.1)" -
	"$MANDOC" -Tlint -W warning "$(made man/croft-bwrap.1)"
}

@test "the pages with options in them pass mandoc's lint" {
	pages | xargs "$MANDOC" -Tlint -W warning
}

@test "the manual speaks of no option that does not exist" {
	pages | xargs grep -hoE '(^\.|[( ])(Fl -|-)-?[a-z][a-z0-9-]+' | grep -oE '(Fl -|--)[a-z0-9-]+' |
		sed -E 's/^(Fl -|--)//' | sort -u | grep -vxF -f "$BATS_TEST_TMPDIR/options" |
		grep -vxE "$others" | none "no such option"
}
# explain's own, and those of other programs in the examples
others='json|bwrap|add-subuids|add-subgids|variant|create-home|one-file-system|filter|talk'

@test "options.awk refuses details on an option that does not exist" {
	printf '@OPTIONS@\n@option frobnicate\nMore.\n@end\n' >"$BATS_TEST_TMPDIR/page"
	run sh "$CROFT_SOURCE/man/options.sh" "$croft" mdoc "$BATS_TEST_TMPDIR/page"
	[[ $status -ne 0 && $output == *"there is no option --frobnicate"* ]]
}

@test "options.sh fails where croft does" {
	printf '@OPTIONS@\n' >"$BATS_TEST_TMPDIR/page"
	run sh "$CROFT_SOURCE/man/options.sh" false bash "$BATS_TEST_TMPDIR/page"
	[[ $status -ne 0 ]]
}

# ---- completions ----------------------------------------------------------------

# in_bash WORD…: what bash offers for the last word, a line each.
in_bash() {
	# shellcheck disable=SC2016 # for the inner bash
	bash --norc -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _croft
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' - \
		"$(made completions/croft)" "$@"
}

in_fish() {
	command -v fish >/dev/null || skip "fish is not installed"
	# shellcheck disable=SC2016 # for fish; a line in its program would be evaluated by that
	HOME=$BATS_TEST_TMPDIR line=$1 from=$(made completions/croft.fish) \
		fish --no-config -c 'source $from; complete -C $line' | cut -f1
}

# What zsh's _arguments is told, without the terminal that it needs.
in_zsh() {
	command -v zsh >/dev/null || skip "zsh is not installed"
	# shellcheck disable=SC2016 # for zsh
	zsh -fc '_arguments() { print -rl -- "$@" }; words=(croft run ""); CURRENT=3; source "$1"' - \
		"$(made completions/_croft)"
}

@test "bash offers all options, and no other" {
	in_bash croft run -- | sed 's/^--//' | same "bash"
	in_bash croft explain --json shell tree -- | sed 's/^--//' | same "bash, behind a tree"
}

@test "bash, fish and zsh offer all options of croft-bwrap, and no other" {
	"$CROFT_BUILD/croft-bwrap" --help | sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' | sort >"$BATS_TEST_TMPDIR/options"
	# shellcheck disable=SC2016 # for the inner shells
	bash --norc -c 'source "$1"; COMP_WORDS=(croft-bwrap --bind a b --); COMP_CWORD=4; _croft_bwrap
		printf "%s\n" "${COMPREPLY[@]}"' - "$(made completions/croft-bwrap)" | sed 's/^--//' | same "bash"
	"$SHELLCHECK" --shell=bash "$(made completions/croft-bwrap)"
	command -v zsh >/dev/null && command -v fish >/dev/null || skip "zsh or fish is not installed"
	# shellcheck disable=SC2016
	HOME=$BATS_TEST_TMPDIR from=$(made completions/croft-bwrap.fish) \
		fish --no-config -c 'source $from; complete -C "croft-bwrap --bind a b --"' | cut -f1 | sed 's/^--//' | same "fish"
	# shellcheck disable=SC2016
	zsh -fc '_arguments() { print -rl -- "$@" }; source "$1"' - "$(made completions/_croft-bwrap)" |
		sed -n 's/^\*--\([a-z0-9-]*\).*/\1/p' | same "zsh"
	zsh -fn "$(made completions/_croft-bwrap)"
	fish --no-execute "$(made completions/croft-bwrap.fish)"
}

@test "fish offers all options, and no other" {
	in_fish 'croft run --' | sed 's/^--//' | same "fish"
}

@test "zsh offers all options, and no other" {
	in_zsh | sed -n 's/^\*--\([a-z0-9-]*\).*/\1/p' | same "zsh"
}

@test "bash knows where an option's values end, and where the command begins" {
	[[ $(in_bash croft run --map '') == $'auto\nsub\nkeep\nself\nroot' ]]
	[[ $(in_bash croft run --map = se) == self ]]
	[[ -z $(in_bash croft run --bind a --rl) ]]
	[[ $(in_bash croft run --bind a b --rl) == --rlimit ]]
	[[ -z $(in_bash croft run -- --rl) ]]
	[[ $(in_bash croft '') == $'run\nshell\nexplain\n--help\n--version' ]]
}

@test "fish knows where an option's values end" {
	[[ $(in_fish 'croft run --map s') == $'self\nsub' ]]
	[[ -z $(in_fish 'croft run --bind a --rl') ]]
	[[ $(in_fish 'croft run --bind a b --rl') == --rlimit ]]
	[[ -z $(in_fish 'croft run -- --rl') ]]
}

# A name is a name, even one that a shell would run (CVE-2018-7738).
#
# Control: a completion that evaluates its word makes the marker.
# shellcheck disable=SC2016
@test "H24 no completion evaluates a name" {
	mkdir "$BATS_TEST_TMPDIR/names"
	cd "$BATS_TEST_TMPDIR/names" || return 1
	# shellcheck disable=SC2016 # that is the point
	touch '$(touch marker)' '`touch marker`' '; touch marker' 'a[$(touch marker)]'
	# shellcheck disable=SC2016
	for word in '$(tou' '`tou' ';' 'a[' 'a[$(touch marker)]' '$(touch marker)' ''; do
		for option in --bind --rootfs --setenv --map --file --user; do
			in_bash croft run "$option" "$word" || true
			in_bash croft run "$option" "$word" "$word" || true
		done
		in_bash croft shell "$word" || true
		in_bash croft run "$word" "$word" || true
		in_bash croft "$word" || true
	done >/dev/null 2>&1
	[[ ! -e marker ]]
	naive() { eval "compgen -W \"$1\""; }
	naive '$(touch marker)' >/dev/null || true
	[[ -e marker ]]
	rm marker
	for line in "--bind '\$(tou" "--bind '\$(touch marker)' " "--map '\$(tou" "'\$(touch marker)' " "'\$(touch marker)'" '; tou'; do
		in_fish "croft run $line"
		in_fish "croft shell $line"
	done >/dev/null 2>&1
	[[ ! -e marker ]]
}

@test "the bash completion passes shellcheck" {
	"$SHELLCHECK" --shell=bash "$(made completions/croft)"
}

@test "zsh and fish find no fault with theirs" {
	command -v zsh >/dev/null && command -v fish >/dev/null || skip "zsh or fish is not installed"
	zsh -fn "$(made completions/_croft)"
	fish --no-execute "$(made completions/croft.fish)"
}
