#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what stands in single quotes is for a shell inside
#
# Programs that call bwrap, unchanged, find croft-bwrap in its place: Flatpak, which is
# told so by a variable, and those that take what is in /usr/bin.  What they called is
# recorded on the way, so that none of these passes without croft-bwrap.

load ../system/setup

# A script that notes how it was called and becomes PROGRAM.
make_recorder() { # FILE PROGRAM
	cat >"$1" <<-END
		#!/bin/sh
		echo "\$*" >>'$calls'
		exec '$2' "\$@"
	END
	chmod 755 "$1"
}

called() {
	[[ -s $calls ]] && return
	echo "nobody called croft-bwrap"
	return 1
}

setup() {
	make_room
	house=$BATS_FILE_TMPDIR/house
	calls=$ROOM/calls
	install -m 666 /dev/null "$calls"
	make_recorder "$ROOM/bwrap" "$CROFT_BINDIR/croft-bwrap"
	as_tester mkdir -m 700 "$ROOM/run"
	cat >"$ROOM/bus.conf" <<-'END'
		<busconfig>
		<type>session</type>
		<listen>unix:tmpdir=/tmp</listen>
		<policy context="default">
		<allow send_destination="*" eavesdrop="true"/> <allow eavesdrop="true"/> <allow own="*"/>
		</policy>
		</busconfig>
	END
}

# A house of the tester's with a bus in it, which is both the user's and the system's,
# and starts no service that would stay.
at_home() { # COMMAND…
	as_tester env HOME="$house" XDG_DATA_HOME="$house/data" XDG_RUNTIME_DIR="$ROOM/run" \
		XDG_CACHE_HOME="$house/cache" FLATPAK_BWRAP="$ROOM/bwrap" \
		dbus-run-session --config-file="$ROOM/bus.conf" -- sh -c 'export DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS; exec "$@"' sh "$@"
}

# The programs with what they are linked with, as a runtime has them.
make_runtime() { # DIR PROGRAM…
	local dir=$1 program library
	shift
	mkdir -p "$dir/files" "$dir/usr/bin" "$dir/usr/lib" "$dir/usr/lib64"
	for program in "$@"; do
		cp -L "$(type -P "$program")" "$dir/usr/bin/$program"
		ldd "$dir/usr/bin/$program" | grep -oE '/[^ ]+'
	done | sort -u | while read -r library; do
		case $library in
		*/ld-*) cp -L "$library" "$dir/usr/lib64/" ;;
		*) cp -L "$library" "$dir/usr/lib/" ;;
		esac
	done
	cat >"$dir/metadata" <<-END
		[Runtime]
		name=org.example.Platform
		runtime=org.example.Platform/$(flatpak --default-arch)/1
		sdk=org.example.Platform/$(flatpak --default-arch)/1
	END
}

make_app() { # DIR
	mkdir -p "$1/files/bin" "$1/export"
	cat >"$1/metadata" <<-END
		[Application]
		name=org.example.App
		runtime=org.example.Platform/$(flatpak --default-arch)/1
		sdk=org.example.Platform/$(flatpak --default-arch)/1
		command=greet
	END
	printf '#!/bin/sh\necho "hello from $FLATPAK_ID"\nexit 7\n' >"$1/files/bin/greet"
	chmod 755 "$1/files/bin/greet"
}

# Once for the file: a repository with a runtime and an app of it.
need_flatpak() {
	command -v flatpak >/dev/null || { echo "flatpak is not installed"; return 1; }
	[[ ! -d $house/repo ]] || return 0
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	mkdir -p "$house"
	make_runtime "$house/runtime" sh cat sleep ls grep id touch
	make_app "$house/app"
	echo "a secret" >"$house/letter"
	chown -R "$CROFT_USER:" "$house"
	allowed at_home flatpak build-export --runtime "$house/repo" "$house/runtime" 1
	allowed at_home flatpak build-export "$house/repo" "$house/app" 1
	allowed at_home flatpak remote-add --user --no-gpg-verify here "$house/repo"
	allowed at_home flatpak install --user -y --noninteractive here org.example.App
}

# running SCRIPT [OPTION…]: in the app's sandbox.
running() {
	local script=$1
	shift
	at_home flatpak run --command=sh "$@" org.example.App -c "$script"
}

@test "flatpak runs an app, and passes its words and its status on" {
	need_flatpak
	refused 7 "hello from org.example.App" at_home flatpak run org.example.App
	called
}

@test "flatpak's app sees nothing of the user's files but what it is given" {
	need_flatpak
	allowed running "cat $house/letter 2>&1 || ls / /home 2>&1; id -u"
	lacks "a secret"
	says "$(id -u "$CROFT_USER")"
	allowed running "cat $house/letter" --filesystem="$house/letter:ro"
	says "a secret"
	refused 1 "Read-only" running "touch $house/letter" --filesystem="$house/letter:ro"
	called
}

@test "flatpak's app has no privilege, a filter, and no process but its own" {
	need_flatpak
	allowed running 'cat /proc/self/status; ls -d /proc/[0-9]*'
	says "NoNewPrivs:	1"
	says "CapBnd:	0000000000000000"
	says "Seccomp:	2"
	[[ $(grep -c '^/proc/' <<<"$output") -lt 8 ]]
	called
}

@test "flatpak's app has a filtered bus, and a network where it is shared alone" {
	need_flatpak
	allowed running 'ls /run/flatpak/bus; cat /proc/net/dev' --unshare=network
	says "/run/flatpak/bus"
	[[ $(grep -cE '^ *[a-z0-9]+: ' <<<"$output") -eq 1 ]]		# lo
	[[ $(grep -c -- --sync-fd "$calls") -ge 1 || $(wc -l <"$calls") -ge 2 ]]	# the proxy's own
}

@test "flatpak lists what runs, and kills it" {
	need_flatpak
	allowed at_home sh -c '
		flatpak run --command=sleep org.example.App 60 & running=$!
		for _ in $(seq 100); do
			[ -z "$(flatpak ps --columns=application)" ] || break
			sleep 0.1
		done
		flatpak ps --columns=application
		flatpak kill org.example.App
		wait $running; echo "status=$?"
		for _ in $(seq 100); do
			[ -n "$(flatpak ps --columns=application)" ] || break
			sleep 0.1
		done
		echo "left=<$(flatpak ps --columns=application)>"'
	says "org.example.App"
	says "status=137"
	says "left=<>"
	called
	nobody_left
}

@test "flatpak builds in a sandbox" {
	need_flatpak
	allowed at_home flatpak build-init "$house/new" org.example.New org.example.Platform org.example.Platform 1
	allowed at_home flatpak build "$house/new" sh -c 'echo made >/app/thing; cat /app/thing'
	says made
	[[ $(cat "$house/new/files/thing") == made ]]
	rm -rf "$house/new"
	called
}

@test "control: flatpak runs nothing where bwrap does nothing" {
	need_flatpak
	make_recorder "$ROOM/bwrap" /bin/false
	tried at_home flatpak run org.example.App
	[[ $status -ne 7 ]]
	lacks hello
	called
}

# A picture, as Python can write one.
make_picture() { # FILE
	python3 - "$1" <<-'END'
		import struct, sys, zlib
		def chunk(kind, data):
		    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
		rows = b''.join(b'\0' + bytes((x * y) % 256 for x in range(900)) for y in range(300))
		with open(sys.argv[1], 'wb') as file:
		    file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 300, 300, 8, 2, 0, 0, 0)) +
		               chunk(b'tEXt', b'Author\0somebody') + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
	END
	chown "$CROFT_USER:" "$1"
}

# thumbnail: what GNOME's desktop library makes of the picture, in the program that a
# thumbnailer's description names, with bwrap about it.
thumbnail() {
	make_picture "$ROOM/picture.png"
	cat >"$ROOM/thumbnail" <<-'END'
		import sys, gi
		gi.require_version('GnomeDesktop', '4.0')
		from gi.repository import GnomeDesktop
		factory = GnomeDesktop.DesktopThumbnailFactory.new(GnomeDesktop.DesktopThumbnailSize.NORMAL)
		picture = factory.generate_thumbnail('file://' + sys.argv[1], 'image/png')
		print('%d by %d' % (picture.get_width(), picture.get_height()))
	END
	tried replacing "$ROOM/bwrap" /usr/bin/bwrap -- env HOME="$ROOM" \
		/usr/bin/python3 "$ROOM/thumbnail" "$ROOM/picture.png"
}

@test "a thumbnail of GNOME's is made in croft-bwrap" {
	thumbnail
	[[ $status -eq 0 ]] || echo "$output"
	says "128 by 128"
	called
	grep -q -- '--unshare-all' "$calls"
}

@test "control: no thumbnail where bwrap does nothing" {
	make_recorder "$ROOM/bwrap" /bin/false
	thumbnail
	lacks "128 by 128"
	called
}

# opam_builds: a package whose build looks about, in an opam of the tester's own.
opam_builds() {
	command -v opam >/dev/null || { echo "opam is not installed"; return 1; }
	mkdir -p "$ROOM/archive/packages/looks/looks.1"
	echo 'opam-version: "2.0"' >"$ROOM/archive/repo"
	cat >"$ROOM/archive/packages/looks/looks.1/opam" <<-'END'
		opam-version: "2.0"
		synopsis: "looks about"
		maintainer: "nobody@example.org"
		build: [["sh" "-c" "
			touch ../../escaped 2>/dev/null || echo closed >out
			grep -c : /proc/net/dev >>out
			touch $TMPDIR/here && echo $TMPDIR >>out"]]
		install: [["sh" "-c" "cp out %{prefix}%/looked"]]
	END
	as_tester mkdir -p "$ROOM/run/home"
	tried replacing "$ROOM/bwrap" /usr/bin/bwrap -- env HOME="$ROOM/run/home" OPAMROOT="$ROOM/run/opam" \
		sh -c "cd && opam init --bare -n -y '$ROOM/archive' && opam switch create here --empty && opam install -y looks"
}

@test "opam builds and installs a package in croft-bwrap" {
	opam_builds
	[[ $status -eq 0 ]] || { echo "$output"; return 1; }
	[[ $(cat "$ROOM/run/opam/here/looked") == $'closed\n1\n/opam-tmp' ]] || { cat "$ROOM/run/opam/here/looked"; return 1; }
	called
	grep -q -- '--unshare-net --new-session --die-with-parent' "$calls"
}

@test "control: opam builds nothing where bwrap does nothing" {
	make_recorder "$ROOM/bwrap" /bin/false
	opam_builds
	[[ $status -ne 0 && ! -e $ROOM/run/opam/here/looked ]]
	called
}

# cleaned: what mat2's library finds in the picture, and the picture without it.
cleaned() {
	make_picture "$ROOM/picture.png"
	cat >"$ROOM/clean" <<-'END'
		import sys
		from libmat2 import parser_factory
		picture, _ = parser_factory.get_parser(sys.argv[1])
		print(picture.get_meta())
		picture.lightweight_cleaning = True
		print('cleaned: %s' % picture.remove_all())
	END
	tried replacing "$ROOM/bwrap" /usr/bin/bwrap -- env HOME="$ROOM" /usr/bin/python3 "$ROOM/clean" picture.png
}

@test "mat2 reads a picture's metadata and takes them out in croft-bwrap" {
	cleaned
	[[ $status -eq 0 ]] || { echo "$output"; return 1; }
	says "'Author': 'somebody'"
	says "cleaned: True"
	[[ -s picture.cleaned.png ]]
	! grep -q somebody picture.cleaned.png || return 1
	[[ $(grep -c -- '--cap-drop all' "$calls") -ge 2 ]]
}

@test "control: mat2 finds and takes out nothing where bwrap does nothing" {
	make_recorder "$ROOM/bwrap" /bin/false
	cleaned
	[[ $status -ne 0 ]]
	lacks somebody
	[[ ! -e picture.cleaned.png ]]
	called
}
