#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What programs read of bwrap's words, and how they probe it.

load ../system/setup

bwrap=$CROFT_BINDIR/croft-bwrap

@test "Flatpak's build reads the version's second word, and 0.10.0 is enough for it" {
	allowed as_tester "$bwrap" --version
	[[ ${lines[0]} =~ ^bubblewrap\ ([0-9]+)\.([0-9]+)\.([0-9]+)(\ |$) ]]
	[[ ${BASH_REMATCH[1]} -gt 0 || ${BASH_REMATCH[2]} -ge 10 ]]
}

@test "--version needs nothing: neither /proc nor a namespace" {
	allowed unshare --mount sh -c "umount -l /proc && exec '$bwrap' --version"
	says "bubblewrap "
}

@test "Steam probes with a level's prefix and permissions for the root" {
	allowed as_tester "$bwrap" --level-prefix --perms 0700 --dir / --bind / / true
	[[ -z $output ]]
	allowed as_tester "$bwrap" --perms 0700 --dir / --bind / / true
	allowed "$bwrap" --level-prefix --perms 0700 --dir / --bind / / true
	refused 1 "<3>bwrap: " as_tester "$bwrap" --level-prefix --bind /nowhere / true
}

glycin_greps() {
	grep -qE 'Creating new namespace failed|No permissions to create a new namespace|bwrap: setting up uid map: Permission denied' \
		<<<"$output" && return
	echo "glycin would not know this:"
	echo "$output"
	return 1
}

# Where namespaces are used up, and where a changed root forbids them; so does the
# installed bwrap speak there.
@test "where no more user namespaces are allowed, glycin is told so in bwrap's words" {
	for program in bwrap "$bwrap"; do
		refused 1 "bwrap: Creating new namespace failed" \
			as_tester bwrap --unshare-user --disable-userns --ro-bind / / --proc /proc -- \
			"$program" --unshare-all --unshare-user --ro-bind / / true
		glycin_greps
	done
}

@test "where user namespaces are forbidden, glycin is told so in bwrap's words" {
	# Debian's bwrap leaves out an article
	forbidden() {
		# shellcheck disable=SC2016 # the inner shell expands it
		refused 1 "bwrap: No permissions to create " \
			unshare --mount sh -c 'mount --rbind / /mnt && exec chroot --userspec="$0" /mnt "$@"' \
			"$CROFT_USER:" "$1" --unshare-all --ro-bind / / true
	}
	forbidden bwrap
	forbidden "$bwrap"
	glycin_greps
}

@test "a program that is called as /proc/self/exe is croft-bwrap still" {
	allowed as_tester "$bwrap" --ro-bind / / --dev /dev --proc /proc -- \
		bash -c 'exec -a /proc/self/exe "$0" --ro-bind / / echo inner' "$bwrap"
	says inner
}

@test "croft-bwrap is not set-user-ID, and has no capability" {
	[[ ! -u $bwrap && ! -g $bwrap ]]
	[[ -z $(getcap "$bwrap") ]]
}

@test "what went wrong is bwrap's sentence first" {
	refused 1 "bwrap: Can't find source path /nowhere: No such file or directory" \
		as_tester "$bwrap" --bind /nowhere /x true
	refused 1 "bwrap: Unknown option --nonsense" as_tester "$bwrap" --nonsense
	refused 1 "bwrap: execvp /nowhere: No such file or directory" as_tester "$bwrap" --ro-bind / / /nowhere
	refused 1 "existing destination is a" as_tester "$bwrap" --symlink a /x --symlink b /x true
}
