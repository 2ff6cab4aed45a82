#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # scripts for another shell; setup.bash sets the variables
#
# What croft reads, runs and leaves outside of a sandbox while it makes one: nothing that
# the tree or the directory it stands in could have put there.

load ../system/setup

# calls NAMES COMMAND…: the tester's calls of these names until the payload begins, with
# those of every process, in $ROOM/trace.
calls() {
	local names=$1
	shift
	strace -f -qq -s 300 -u "$CROFT_USER" -o "$ROOM/trace" -e trace="$names" env -i PATH="$PATH" "$@"
}

# Control: chroot(8), which runs the tree's programs as whoever calls it.
@test "F04 croft starts its helpers and the payload, and nothing of the tree's" {
	local name

	make_tree "$ROOM/tree"
	rm "$ROOM/tree/bin"
	as_tester mkdir "$ROOM/tree/bin"
	for name in sh ps id mount nsenter newuidmap newgidmap ld.so croft uidmap; do
		printf '#!/bin/payload\necho ran %s\n' "$name" >"$ROOM/tree/bin/$name"
	done
	cp "$(probe climb)" "$ROOM/tree/bin/payload"
	chmod -R a+rx "$ROOM/tree/bin"
	calls execve croft shell --map auto --map-source croft --rootfs "$ROOM/tree" --ro-bind /usr /usr \
		--setenv PATH /bin -- /bin/payload x || true
	[[ $(sed -n 's/.*execve("\([^"]*\)".* = 0$/\1/p' trace | sed 1,2d | sort | xargs) == \
		"/bin/payload $CROFT_LIBEXECDIR/gidmap $CROFT_LIBEXECDIR/uidmap" ]] ||
		{ cat trace; return 1; }
	cp trace ours
	unshare --mount strace -f -qq -o trace -e trace=execve chroot "$ROOM/tree" /bin/id || true
	grep -q '"/bin/id"' trace
}

# Control: git, which reads the settings that it finds where it stands.
@test "C02 no file in the current directory, beside the tree or in it is a setting" {
	local name place

	make_tree "$ROOM/tree"
	as_tester mkdir -p "$ROOM/here"
	for place in here tree .; do
		for name in croft .croft croft.conf .croftrc croft.profile profile settings.nspawn tree.nspawn \
			tree.croft Croftfile; do
			echo 'share-net' >"$ROOM/$place/$name"
		done
	done
	cd "$ROOM/here"
	for options in '' "--rootfs $ROOM/tree --ro-bind /usr /usr"; do
		# shellcheck disable=SC2086 # a list of options
		calls open,openat,openat2,stat,newfstatat,access,faccessat2,readlink croft run $options -- /bin/true
		run grep -E '"[^"]*(croft\.|\.croft|croftrc|Croftfile|nspawn|settings|profile|/croft")' "$ROOM/trace"
		grep -v 'execve\|/bin/croft\|/etc/croft' <<<"$output" | grep . && return 1
		[[ $(as_tester croft run $options -- /bin/sh -c 'ls /sys/class/net 2>/dev/null | wc -l') -le 1 ]]
	done
	command -v git >/dev/null || return 0
	as_tester git init -q "$ROOM/here/repository"
	strace -f -qq -o "$ROOM/trace" git -c safe.directory='*' -C "$ROOM/here/repository" status >/dev/null
	grep -q '"\.git/config"' "$ROOM/trace"
}

# Control: unshare, which hands its own to newuidmap.
@test "D07 what croft starts outside gets none of the caller's variables" {
	mkdir "$ROOM/bin" "$ROOM/stand-in" "$ROOM/real"
	printf '#!/bin/bash -p\ncat /proc/$$/environ >"%s/seen-$1"\n' "$ROOM" >"$ROOM/bin/newuidmap"
	sed 's/seen-$1/seen/' "$ROOM/bin/newuidmap" >"$ROOM/stand-in/uidmap"
	cp "$ROOM/stand-in/uidmap" "$ROOM/stand-in/gidmap"
	chmod 755 "$ROOM/bin/"* "$ROOM/stand-in/"* && chmod 4755 "$ROOM/stand-in/"* && chmod a+rwx "$ROOM"
	run as_tester env MARKER=word PATH="$ROOM/bin:$PATH" unshare --map-auto -r true
	grep -qa MARKER=word "$ROOM"/seen-*
	run replacing "$ROOM/stand-in" "$CROFT_LIBEXECDIR" -- \
		env MARKER=word LD_PRELOAD=x BASH_ENV=x "$(command -v croft)" run --map auto --map-source croft -- true
	[[ $status -eq 125 && -e $ROOM/seen ]]
	run grep -ac . "$ROOM/seen"
	[[ $output == 0 ]]
}

# Control: --setenv on the command line, and bwrap's, where everybody reads it.
@test "C10 a secret that comes on a descriptor stands in nobody's arguments, and in no memory but the command's" {
	local secret="croft-$$-secret" program where
	local who=(setpriv --reuid=65533 --regid=65533 --clear-groups)

	told() { # COMMAND…: which arguments somebody else reads it in, with such words on descriptor 9
		begin bash -c 'exec "$@" 9<"$0"' "$ROOM/words" "$@"
		within 5 descendant "$begun" sleep >/dev/null
		run "${who[@]}" grep -las "$secret" /proc/[0-9]*/cmdline
	}
	printf -- '--setenv\0TOKEN\0%s\0' "$secret" >words
	chown "$tester_uid" words
	chmod 600 words
	for program in 'croft run' 'croft run --map auto' 'croft run --as-pid-1' \
		"croft-bwrap --die-with-parent --unshare-all --ro-bind / /"; do
		# shellcheck disable=SC2086 # the words of the program
		told $program --args 9 -- sh -c 'test -n "$TOKEN" && exec sleep 60'
		[[ -z $output ]]
		# root looks at whoever is there: the command has it, and it alone
		for where in $(grep -las "$secret" /proc/[0-9]*/environ); do
			[[ $(cat "${where%/*}/comm") == sleep ]]
		done
		kill "$begun" && wait "$begun" || true
		nobody_left
	done
	told croft run --setenv TOKEN "$secret" -- sleep 60
	says "/proc/$begun/cmdline"
	kill "$begun" && wait "$begun" || true
	command -v bwrap >/dev/null || return 0
	told bwrap --die-with-parent --ro-bind / / --setenv TOKEN "$secret" sleep 60
	says "/proc/$begun/cmdline"
	kill "$begun" && wait "$begun" || true
}

# A profile is a privilege of the program it is for, and so of any library in it.
#
# Control: unshare, whom the same library speaks for.
@test "L07 what a machine allows to croft it allows to no library of the caller's, and to no command" {
	local program
	command -v "${CC:-cc}" >/dev/null || skip "no compiler is here to make the library"
	[[ -z $("${READELF:-readelf}" -d "$CROFT_BINDIR/croft" | grep NEEDED) ]] ||
		skip "this croft is linked dynamically: policy/apparmor says that it is not for such a one"
	"${CC:-cc}" -shared -fPIC -o preload.so -xc - <<-END
		#include <fcntl.h>
		__attribute__((constructor)) static void begin(void) { open("$ROOM/marker", O_CREAT | O_WRONLY, 0600); }
	END
	chmod 755 preload.so
	for program in "croft run" "croft shell" "croft explain run" "croft-bwrap --ro-bind / /"; do
		# shellcheck disable=SC2086 # the words of the program
		allowed as_tester env LD_PRELOAD="$ROOM/preload.so" LD_AUDIT="$ROOM/preload.so" \
			LD_LIBRARY_PATH="$ROOM" $program --unsetenv LD_PRELOAD --unsetenv LD_AUDIT -- true
		[[ ! -e marker ]]
	done
	tried as_tester env LD_PRELOAD="$ROOM/preload.so" unshare --user true
	[[ -e marker ]]
	# and the command makes no user namespace, in which it would hold CAP_NET_ADMIN
	for program in "croft run" "croft run --cap-add all" "croft shell"; do
		# shellcheck disable=SC2086 # the words of the program
		tried as_tester $program -- unshare --user --map-root-user --net ip link set lo up
		[[ $status -ne 0 ]]
		says 'unshare failed'
	done
}

# The payload of the first start puts a link in the place of each directory that the
# second one binds, at its end, on the way there, and to what there is not yet.
#
# Control: bwrap, which shows what the link leads to.
@test "P06 a link that one command lays where it can write leads the next one nowhere" {
	local lay='cd "$1" && for d in end way/below dangling; do mv $d $d.moved && ln -s "$2" $d; done; rm dangling && ln -s "$2/new" dangling'
	local options source

	as_tester mkdir -p secret/below new
	as_tester sh -c 'echo canary >secret/file; echo canary >secret/below/file'
	writable() { # a directory of the tester's, as it was before anything wrote in it
		rm -rf work
		as_tester mkdir -p work/end work/way/below/below work/dangling
		as_tester sh -c 'echo own >work/end/file; echo own >work/way/below/below/file; echo own >work/dangling/file'
	}
	for source in end way/below/below dangling; do
		for options in "--bind $ROOM/work/$source /s" "--ro-bind $ROOM/work/$source /s" "--ro-bind-try $ROOM/secret/../work/$source /s" \
			"--bind work/$source /s" "--overlay-src $ROOM/work/$source --tmp-overlay /s"; do
			writable
			# shellcheck disable=SC2086 # the words of the options
			allowed as_tester croft run --bind work /work $options -- cat /s/file
			[[ $output == own ]]
			allowed as_tester croft run --bind work /work -- sh -c "$lay" sh /work "$ROOM/secret"
			[[ -L work/end && -L work/way/below && -L work/dangling ]]
			# shellcheck disable=SC2086 # the words of the options
			refused 125 "a link in work leads there, where the command can write" \
				as_tester croft run --bind work /work $options -- cat /s/file
			says "work/$source on /s"
			lacks canary
			# shellcheck disable=SC2086 # the words of the options
			refused 125 "a link in $ROOM/work leads there, where the command can write" \
				as_tester croft run $options --bind "$ROOM/work" /work -- cat /s/file
		done
	done
	# nor where it is the root itself
	for options in --rootfs --rootfs-ro; do
		refused 125 "a link in work leads there" as_tester croft run --bind work /work $options work/end -- cat /file
		refused 125 "a link in work leads there" as_tester croft shell $options work/way/below/below --bind work /work -- true
	done
	[[ ! -e secret/work && ! -e secret/below/work ]]
	# nor where its directory was closed behind it: the owner can open that again
	as_tester mkdir -p toil/way
	allowed as_tester croft run --bind toil /work -- sh -c 'cd /work/way && ln -s "$1" link && chmod 555 .' sh "$ROOM/secret"
	refused 125 "a link in toil leads there" as_tester croft run --bind toil /work --bind toil/way/link /s -- cat /s/file
	# nor where a directory above it can be exchanged
	install -d toil/strange
	ln -s "$ROOM/secret" toil/strange/link
	refused 125 "a link in toil leads there" as_tester croft run --bind toil /work --bind toil/strange/link /s -- cat /s/file
	# but another's link in another's directory is as good as a path
	install -d others
	ln -s "$ROOM/secret" others/link
	chmod 755 "$ROOM" && chown 0 "$ROOM"
	allowed as_tester croft run --bind others /o --ro-bind others/link /s -- cat /s/file
	[[ $output == canary ]]
	chown "$tester_uid" "$ROOM"
	# nor where it is the changes of an overlay, a root or a tree of many users that it can write
	as_tester mkdir upper scratch
	as_tester ln -s "$ROOM/secret" upper/link
	refused 125 'a link in upper leads there' as_tester croft run --overlay-src new --overlay upper scratch /o \
		--ro-bind upper/link /s -- cat /s/file
	make_tree "$ROOM/tree"
	as_tester ln -s "$ROOM/secret" tree/link
	for options in run 'run --map auto' shell; do
		# shellcheck disable=SC2086 # the words
		refused 125 "a link in $ROOM/tree leads there" as_tester croft $options --rootfs "$ROOM/tree" --ro-bind /usr /usr \
			--ro-bind "$ROOM/tree/link" /s -- cat /s/file
	done
	# what the command cannot have laid is followed: read-only, another's, the kernel's, and on the way to the place
	as_tester ln -s work here
	allowed as_tester croft run --ro-bind work /work --ro-bind work/end /s -- cat /s/file
	[[ $output == canary ]]
	allowed as_tester croft run --bind / /host --ro-bind /bin/sh /s --ro-bind /proc/self/cwd/secret /t -- cat /t/file
	[[ $output == canary ]]
	allowed as_tester croft run --bind here /work --ro-bind here/end.moved /s -- cat /s/file
	[[ $output == own ]]
	command -v bwrap >/dev/null || return 0
	allowed as_tester bwrap --ro-bind / / --bind work /mnt --ro-bind work/end /opt cat /opt/file
	[[ $output == canary ]]
	allowed as_tester croft-bwrap --ro-bind / / --bind work /mnt --ro-bind work/end /opt cat /opt/file
	[[ $output == canary ]]
}

# Control: mount(8), which makes a loop device of it for root.
@test "P21 an image of a file system is no root, and no source of a mount" {
	truncate -s 1M "$ROOM/image"
	mke2fs -q "$ROOM/image" 2>/dev/null || printf 'hsqs' | dd of="$ROOM/image" conv=notrunc status=none
	chmod a+r "$ROOM/image"
	refused 125 'cannot be the root: it is not a directory' as_tester croft run --rootfs "$ROOM/image" -- true
	not_built 'the target is a directory, the source is not' --dir /x --bind "$ROOM/image" /x
	not_built 'Not a directory' --overlay-src "$ROOM/image" --tmp-overlay /x
	strace -f -qq -o "$ROOM/trace" mount "$ROOM/image" /mnt 2>/dev/null && umount /mnt
	grep -q '/dev/loop' "$ROOM/trace"
}

# Control: a listener of the test's own is seen there.
@test "D05 croft binds no name: neither an abstract one nor a file" {
	local process inode
	begin croft shell -- sleep 30
	within 5 descendant "$begun" sleep
	for process in "$begun" $(pgrep -g "$begun") $(descendant "$begun" croft-reaper); do
		for inode in $(readlink "/proc/$process/fd/"* | sed -n 's/^socket:\[\(.*\)\]$/\1/p'); do
			[[ -z $(awk -v inode="$inode" '$7 == inode { print $8 }' /proc/net/unix) ]]
		done
	done
	calls bind,listen croft run --map auto -- /bin/true
	# the proof of Landlock's scope binds a name of the kernel's choice, and never listens
	run sh -c 'grep -E "bind\(.*AF_UNIX|listen\(" trace | grep -v "{sa_family=AF_UNIX}, 2)"'
	[[ -z $output ]]
	kill "$begun" && wait "$begun" || true
	perl -e 'use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); bind($s, pack_sockaddr_un("\0croft-test")) or die;
		sleep 3' 3>&- &
	within 5 grep -q '@croft-test' /proc/net/unix
	kill $!
}

# Control: outside, root opens the same files for writing.
@test "F07 root's run cannot write the host's programs, nor croft through /proc" {
	local reach='for file in /usr/bin/env /bin/sh /proc/1/exe /proc/self/exe; do
		(: >>"$file") 2>/dev/null && echo "open: $file"; done; true'

	(: >>/usr/bin/env)
	for options in '' '--map root' '--cap-add all' '--rootfs-ro /'; do
		# shellcheck disable=SC2086 # a list of options
		allowed croft run $options -- sh -c "$reach"
		lacks open:
	done
}

# What acts on its owner's behalf the next time that somebody logs in, commits or waits.
# Control: with the home bound writable all of it is there afterwards.
@test "S42 what is not bound writable keeps nothing that lies in wait" {
	local home=$ROOM/home names=(.bashrc .profile .ssh/authorized_keys .gitconfig .local/bin/ls bin/ls
		.config/autostart/x.desktop .config/systemd/user/x.service .config/croft/x)
	local shared=(/tmp /var/tmp /dev/shm "/run/user/$tester_uid" /run /var/spool/cron /etc/cron.d /etc/profile.d)
	# shellcheck disable=SC2016 # the inner shell's
	local lay='cd "$1" && shift || exit
		for name; do mkdir -p "$(dirname "$name")"; echo waits >"$name"; ln -s /bin/sh "$name.link"; done 2>&1
		true'

	as_tester mkdir "$home"
	for options in "" "--ro-bind $home $home" "--map root --cap-add all --ro-bind $home $home"; do
		# shellcheck disable=SC2086 # a list of options
		allowed as_tester croft run $options -- sh -c "mkdir -p $home; $lay" lay "$home" "${names[@]}"
		[[ -z $(ls -A "$home") ]]
		# shellcheck disable=SC2086
		allowed as_tester croft run $options -- sh -c "$lay" lay / "${shared[@]/%//waits-here}"
		run ls -d "${shared[@]/%//waits-here}"
		[[ $output != *$'\n/'* && $output != /* ]]
	done
	allowed as_tester croft run --bind "$home" "$home" -- sh -c "$lay" lay "$home" "${names[@]}"
	[[ $(find "$home" -type f | wc -l) -eq ${#names[@]} ]]
}
