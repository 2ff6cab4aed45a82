#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What make install puts where, with which mode and which capability, in each way of
# giving the helpers their privilege; staged below DESTDIR, as a package is built.

load setup

setup() {
	stage=$BATS_TEST_TMPDIR/stage
	in_build=(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u DESTDIR make -C "$CROFT_BUILD")
}

# making TARGET [VARIABLE=VALUE]…: in the build tree, whatever make runs us.
making() {
	run "${in_build[@]}" "$@"
	[[ $status -eq 0 ]] && return
	echo "$output"
	return 1
}

# not_making REASON TARGET [VARIABLE=VALUE]…
not_making() {
	run "${in_build[@]}" "${@:2}"
	[[ $status -ne 0 && $output == *"$1"* ]] && return
	echo "expected to fail and to say \"$1\", got status $status:"
	echo "$output"
	return 1
}

staged() { # setuid|filecaps|none [VARIABLE=VALUE]…
	making install DESTDIR="$stage" HELPER_PRIVILEGE="$1" "${@:2}"
}

# MODE OWNER PATH of what can be run, and of what has a capability that one, too.
programs() {
	(cd "$stage" && find . -type f -perm /111 ! -name seccomp-compile -printf '%#m %U:%G %f\n' | sort -k3)
	getcap -r "$stage" | sed 's|.*/||'
}

# seccomp-compile is built where its libraries are, and is no helper.
is() { # EXPECTED
	find "$stage" -name seccomp-compile ! -perm 0755 | none "not what a plain program is"
	diff <(programs) - <<<"$1"
}

own() {
	echo "$(id -u):$(id -g)"
}

@test "--with-helper-privilege=setuid: the helpers, and they alone, are set-user-ID root" {
	staged setuid
	is "0755 $(own) croft
0755 $(own) croft-bwrap
04755 $(own) gidmap
04755 $(own) uidmap"
	[[ $EUID -eq 0 || $output == *"left to do in the package, in $CROFT_LIBEXECDIR"*"chown root"* ]]
}

@test "--with-helper-privilege=filecaps: each helper has its one capability, permitted" {
	staged filecaps
	if [[ $EUID -eq 0 ]]; then
		is "0755 $(own) croft
0755 $(own) croft-bwrap
0755 $(own) gidmap
0755 $(own) uidmap
gidmap cap_setgid=p
uidmap cap_setuid=p"
	else
		is "0755 $(own) croft
0755 $(own) croft-bwrap
0755 $(own) gidmap
0755 $(own) uidmap"
		[[ $output == *"left to do in the package, in $CROFT_LIBEXECDIR"*"setcap cap_setuid=p uidmap"* ]]
	fi
}

@test "--with-helper-privilege=none: no program has a privilege" {
	staged none
	is "0755 $(own) croft
0755 $(own) croft-bwrap
0755 $(own) gidmap
0755 $(own) uidmap"
}

# Another way than the one before leaves nothing of that one.
@test "an installation over another has the privilege of its own mode alone" {
	staged setuid
	staged none
	is "0755 $(own) croft
0755 $(own) croft-bwrap
0755 $(own) gidmap
0755 $(own) uidmap"
	staged filecaps
	staged setuid
	[[ -z $(getcap -r "$stage") ]]
}

@test "--with-bwrap-link: bwrap is a link to croft-bwrap, which make uninstall takes away" {
	staged none
	[[ ! -e $stage$CROFT_BINDIR/bwrap ]]
	staged none BWRAP_LINK=yes
	[[ $(readlink "$stage$CROFT_BINDIR/bwrap") == croft-bwrap ]]
	making uninstall DESTDIR="$stage"
	[[ ! -L $stage$CROFT_BINDIR/bwrap ]]
	staged none
	ln -s somebody-elses "$stage$CROFT_BINDIR/bwrap"
	making uninstall DESTDIR="$stage"
	[[ -L $stage$CROFT_BINDIR/bwrap ]]
}

# Without DESTDIR it is no package, but a croft that would not work.
@test "an installation that cannot give the privilege fails, and says what would do" {
	here=(install prefix="$stage" exec_prefix="$stage")
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(type -P false)" "$BATS_TEST_TMPDIR/bin/chown"
	export PATH=$BATS_TEST_TMPDIR/bin:$PATH
	not_making 'only root can make the helpers set-user-ID root' "${here[@]}" HELPER_PRIVILEGE=setuid
	not_making 'setcap takes root' "${here[@]}" HELPER_PRIVILEGE=filecaps SETCAP=false
	making "${here[@]}" HELPER_PRIVILEGE=none
}

@test "the manual and the completions are there, for everybody to read" {
	(umask 077 && staged none)
	for page in croft.1 croft-bwrap.1 croft-run.1 croft-shell.1 croft-explain.1 croft-uidmap.8 croft-gidmap.8; do
		[[ -n $(find "$stage" -path "*/man/*/$page") ]] || echo "$page"
	done | none "missing"
	[[ $(find "$stage" -path '*completion*' -type f | wc -l) -eq 4 ]]
	[[ $(find "$stage" -path '*site-functions/_croft*' -type f | wc -l) -eq 2 ]]
	find "$stage" -type f ! -perm -444 | none "not for everybody"
}

# Control: policy/apparmor itself, which is found where it is put there.
@test "L07 no policy of a security module is installed unasked" {
	policies() {
		find "$stage" -type f \( -path '*apparmor*' -o -path '*selinux*' \) -o -type f -name croft \
			! -path "*$CROFT_BINDIR/croft" ! -path '*completion*'
	}
	staged setuid
	policies | none "policy"
	install -D "$CROFT_SOURCE/policy/apparmor" "$stage/etc/apparmor.d/croft"
	[[ $(policies) == "$stage/etc/apparmor.d/croft" ]]
}

@test "make uninstall leaves no file behind, and no directory of croft's own" {
	staged setuid
	[[ $(find "$stage" -type f | wc -l) -ge 12 ]]
	making uninstall DESTDIR="$stage"
	find "$stage" ! -type d -o -name croft | none "left"
}
