#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The AppArmor profile for distributions, as far as the parser here knows its language.

load setup

# parsed SED-SCRIPT: the profile as it is changed so is taken.  AppArmor 3 knows neither
# abi/4.0 nor the rule userns: for it the rest is looked at.
parsed() {
	local script=$1
	command -v apparmor_parser >/dev/null || skip "apparmor_parser is not installed (Debian: apparmor)"
	if [[ ! -e /etc/apparmor.d/abi/4.0 ]]; then
		script+='; s|<abi/4.0>|<abi/3.0>|; /^  userns,$/d'
	fi
	sed "$script" policy/apparmor >"$BATS_TEST_TMPDIR/croft"
	run apparmor_parser --skip-kernel-load --skip-cache "$BATS_TEST_TMPDIR/croft"
	[[ $status -eq 0 ]]
}

@test "the AppArmor profile is one that apparmor_parser takes" {
	parsed '' || { echo "$output"; return 1; }
}

@test "and the parser does look: a flag, a rule or a path that is amiss is refused (control)" {
	local script
	for script in 's/(unconfined)/(unconfine)/' 's/^  include.*/  usernames,/' 's|profile croft /usr|profile croft usr|' \
		's/^}//'; do
		! parsed "$script" || { echo "taken: $script"; return 1; }
	done
}

@test "it grants one thing, to croft's own programs" {
	[[ $(sed 's/^ *//; /^#/d; /^$/d' policy/apparmor) == 'abi <abi/4.0>,
include <tunables/global>
profile croft /usr/{,local/}bin/croft{,-bwrap} flags=(unconfined) {
userns,
include if exists <local/croft>
}' ]]
}
