#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for the weakened programs
#
# croft-bwrap beside bwrap: what of cases.txt differs is in differences.txt, or fails.
# The controls put something weaker in croft-bwrap's place, and see that found.

load ../system/setup

differ=$CROFT_SOURCE/tests/bwrap/differ
export CROFT_USER CROFT_BUILD

setup_file() {
	[[ -z $CROFT_SANITIZED ]] || return 0
	export told=$BATS_FILE_TMPDIR/told
	"$CROFT_SOURCE/tests/bwrap/differ" "$CROFT_BINDIR/croft-bwrap" >"$told" 2>&1 || true
}

setup() {
	[[ -z $CROFT_SANITIZED ]] || skip "the probe is not linked statically with the sanitizers"
	make_room
	command -v bwrap >/dev/null || { echo "bubblewrap is not installed"; return 1; }
}

# told_of ACCOUNT: that account's lines all passed, and were enough.
told_of() {
	awk -v account="$1" '
		/^(not )?ok / { shown = $1 == "not" && $4 == account; failed += shown }
		/^ok / && $3 == account { passed++ }
		shown || /differ: / { print }
		END {
			print passed + 0 " passed, " failed + 0 " failed"
			exit failed > 0 || passed < 450
		}' "$told"
}

@test "what an ordinary user can tell of croft-bwrap and bwrap is the same, but for what is listed" {
	told_of user
}

@test "what root can tell of croft-bwrap and bwrap is the same, but for what is listed" {
	told_of root
}

@test "the table has each of bwrap's options, and the differences have reasons" {
	grep -oE '(^| )--[a-z0-9-]+' <(bwrap --help) | sort -u | while read -r option; do
		grep -qwe "$option" "$CROFT_SOURCE/tests/bwrap/cases.txt" || echo "$option"
	done >missing
	[[ ! -s missing ]] || { cat missing; return 1; }
	awk '/^$/ { reason = 0 } /^# / { reason = 1 } /^\t/ && !reason' \
		"$CROFT_SOURCE/tests/bwrap/differences.txt" >unreasoned
	[[ ! -s unreasoned ]] || { cat unreasoned; return 1; }
}

@test "the manual names each difference to bubblewrap 0.11.1" {
	sed -n '/^\.Sh DIFFERENCES/,/^\.Sh EXIT/p' "$CROFT_SOURCE/man/croft-bwrap.1.in" |
		sed 's/^\.[A-Z][A-Za-z]* *//' | paste -sd' ' >told
	awk '
		function lacks() { if (reason != "" && !named) print "no words of croft-bwrap(1): " reason }
		FNR == NR { told = $0; next }
		/^$/ { lacks(); reason = ""; named = 0 }
		/^# No difference to bubblewrap 0.11.1.$/ { named = 1 }
		/^# croft-bwrap\(1\): / {
			named = 1
			sub(/^# croft-bwrap\(1\): /, "")
			if (!index(told, $0)) print "not in croft-bwrap(1): " $0
		}
		/^\t/ && reason == "" { reason = $0 }
		END { lacks() }' told "$CROFT_SOURCE/tests/bwrap/differences.txt" >missing
	[[ ! -s missing ]] || { cat missing; return 1; }
}

# weaker SCRIPT: croft-bwrap as it is after this; $@ are its arguments.
weaker() {
	cat >"$ROOM/weaker" <<-END
		#!/bin/bash
		real=$CROFT_BINDIR/croft-bwrap
		without() { # OPTION
		        local word kept=()
		        for word in "\${words[@]}"; do [[ \$word == "\$1" ]] || kept+=("\$word"); done
		        words=("\${kept[@]}")
		}
		words=("\$@")
		$1
		exec "\$real" "\${words[@]}"
	END
	chmod 755 "$ROOM" "$ROOM/weaker"
}

# found LINE CASE: with the weaker program, the case fails as an ordinary user, with that
# line of the difference.
found() {
	run env ACCOUNTS="${accounts-user}" "$differ" "$ROOM/weaker" "$2"
	[[ $status -ne 0 ]] || { echo "passed: $2"; return 1; }
	says "not ok"
	says "$1"
}

@test "control: a program that only calls croft-bwrap differs in nothing" {
	weaker ''
	allowed env ACCOUNTS="user root" "$differ" "$ROOM/weaker" full-set die-with-parent umask exit-7 agent
	says "ok 5 root"
}

@test "control: an option that is dropped is found" {
	weaker 'without --new-session'
	found '-session: own' new-session
	weaker 'without --die-with-parent'
	found '+still running: sleep' die-with-parent-kills
	weaker 'without --unshare-net'
	found '+namespace net: net of the caller' unshare-net
	weaker 'words=("${words[@]/#--ro-bind/--bind}")'
	found '+mount /x #0 options: nodev nosuid relatime rw' ro-bind
	weaker 'words=("${words[@]/#--bind/--dev-bind}")'
	found '-mount /x #0 options: nodev nosuid' bind-directory
	weaker 'words=("${words[@]/#--remount-ro/--dir}")'
	found '+mount /x #0 options: nodev nosuid relatime rw' remount-ro
	weaker 'without --as-pid-1'
	found '-pid: 1' as-pid-1
	weaker 'without --clearenv'
	found '+environment: USER' clearenv
	accounts=root
	weaker 'words=("${words[@]/#--cap-drop/--cap-add}")'
	found '+CapEff: ' cap-drop
}

@test "control: what is added is found" {
	weaker 'export EXTRA=1'
	found '+environment: EXTRA=1' unshare-nothing
	weaker 'exec 11</etc/hostname'
	found '+descriptor 11: /etc/hostname, to read' unshare-nothing
	weaker 'words=(--tmpfs /extra "${words[@]}")'
	found '+mount /extra #0 is: tmpfs' unshare-nothing
	weaker 'words=(--dir /extra "${words[@]}")'
	found '+file /extra: d 0755' unshare-nothing
	weaker 'echo note >&2'
	found '+message: some' unshare-nothing
	weaker 'touch left-over'
	found '+left: file ./left-over: - 0644' unshare-nothing
	weaker 'sleep 50 >/dev/null 2>&1 &'
	found '+still running: sleep' unshare-nothing
	weaker 'umask 077'
	found '+umask: 077' unshare-nothing
	weaker 'ulimit -n 100'
	found '+limit 7: 100 100' unshare-nothing
	weaker 'trap "" USR1'
	found '+SigIgn: ' unshare-nothing
	weaker 'cd /usr'
	found '+directory: /usr' directory-kept
	accounts=root
	weaker 'words=(--cap-add CAP_NET_ADMIN --cap-drop CAP_CHOWN "${words[@]}")'
	found '+CapEff: ' unshare-nothing
}

@test "control: a status, a text or a document that is another is found" {
	weaker '"$real" "${words[@]}"; exit $((! ! $?))'
	found '+status: 1' exit-7
	weaker '"$real" "${words[@]}" 2>&1 | sed s/find/see/ >&2; exit ${PIPESTATUS[0]}'
	found "-says: bwrap: Can't find source path" bind-source-missing-says
	weaker '"$real" "${words[@]}" 5> >(sed s/child-pid/pid/ >info); status=$?; wait $!; exit $status'
	found '"pid": ' info-fd
	weaker '"$real" "${words[@]}" 5> >(sed /exit-code/d >status); status=$?; wait $!; exit $status'
	found '-left: file ./status' json-status-fd-exit-7
	weaker '[[ $* != *--argv0* ]] || words=("${words[@]/#other/another}")'
	found '+another' argv0-is-told
}

@test "control: a listed difference that is none is found, and so is one for another case" {
	mkdir "$ROOM/tree"
	cp "$CROFT_SOURCE"/tests/bwrap/{differ,rehearse,*.awk,*.txt} "$ROOM/tree/"
	printf '\n# It may be so.\n\texit-7\tboth\t[-+]status: .*\n' >>"$ROOM/tree/differences.txt"
	sed -i '/^exit-7:/!{/^[[a-z0-9]/d;/^\t/d}' "$ROOM/tree/cases.txt"
	run env ACCOUNTS=user "$ROOM/tree/differ" "$CROFT_BINDIR/croft-bwrap"
	[[ $status -ne 0 ]]
	says "a listed difference is none:"
	says "exit-7"
	differ=$ROOM/tree/differ
	sed -i 's/exit-7\tboth/exit-8\tboth/' "$ROOM/tree/differences.txt"
	weaker '"$real" "${words[@]}"; exit $((! ! $?))'
	found '+status: 1' exit-7
}
