#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for inside; bats' own variables
#
# A root file system that someone else prepared: whatever it holds, setting it up
# changes nothing outside of it, waits for nothing, and shows nothing of the host.

load setup

setup() {
	make_room
	make_tree "$ROOM/tree"
	as_tester mkdir -p victim/sub
	as_tester sh -c 'echo canary >victim/file; echo canary >victim/sub/file; chmod 640 victim/file'
	before=$(state victim)
}

# Names by which the old root, or a part of it, has been reached in one tool or another.
ways_out() {
	cat <<-'END'
		/oldroot
		/old_root
		/newroot
		/newroot/oldroot
		/.oldroot
		/.pivot_root
		/put_old
		/..
		/../..
		/../../../../../../..
		/proc/1/root
		/proc/1/cwd
		/proc/self/root
		/proc/self/cwd
		/proc/self/task/1/root
		/proc/thread-self/root
		/proc/self/fd/3
		/proc/self/fd/4
		/proc/self/fd/5
		/proc/self/fd/6
		/proc/self/fd/7
		/proc/self/fd/8
		/proc/self/fd/9
		/tmp/newroot
		/tmp/oldroot
		/run/newroot
		/mnt/root
		/sysroot
		/host
	END
	echo
}

# act N PLACE: the options of the Nth operation on PLACE and what lies below it.
act() {
	case $1 in
	0) options=(--dir "$2/new") ;;
	1) options=(--perms 0777 --dir "$2/a/b/new") ;;
	2) options=(--tmpfs "$2/new") ;;
	3) options=(--tmpfs "$2/sub") ;;
	4) options=(--file 9 "$2/new") ;;
	5) options=(--file 9 "$2/file") ;;
	6) options=(--symlink /etc "$2/new") ;;
	7) options=(--bind /etc "$2/new") ;;
	8) options=(--ro-bind /etc/hostname "$2/new") ;;
	9) options=(--chmod 0777 "$2/file") ;;
	10) options=(--chmod 0777 "$2") ;;
	11) options=(--proc "$2/new") ;;
	12) options=(--dev "$2/new") ;;
	13) options=(--sys "$2/new") ;;
	14) options=(--mqueue "$2/new") ;;
	15) options=(--overlay-src /etc --tmp-overlay "$2/new") ;;
	16) options=(--remount-ro "$2") ;;
	17) options=(--bind-try "$ROOM/nowhere" "$2/new") ;;
	18) options=(--chdir "$2") ;;
	*) return 1 ;;
	esac
}

# unharmed WHAT: the victim is as it was, and its text was not printed.
unharmed() {
	[[ $(state victim) == "$before" ]] || {
		echo "changed by $1:"
		diff <(echo "$before") <(state victim)
		return 1
	}
	lacks canary
}

in_tree() { # [OPTIONS…] -- COMMAND…
	as_tester timeout 10 croft run --rootfs "$ROOM/tree" --ro-bind /usr /usr "$@"
}

# ---- P01, P08: links in the tree ------------------------------------------------------------

# every_act TOOL…: all operations through all ways out, by that tool.
every_act() {
	local way n options
	while read -r way; do
		as_tester ln -sfn "$way$ROOM/victim" tree/data
		for n in {0..18}; do
			act "$n" /data
			tried "$@" "${options[@]}" -- /bin/sh -c 'cat file /data/file /data/sub/file' 9<<<hostile
			[[ $status -ne 124 ]]
			unharmed "${options[*]} by $way"
		done
	done < <(ways_out)
}

@test "P01: no operation below a link reaches the old root by any name" {
	every_act in_tree
}

@test "P01: the same where openat2 does not exist" {
	without_openat2() {
		"$(probe withhold)" ENOSYS openat2 setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups \
			--reset-env env PATH="$PATH" timeout 10 croft run --rootfs "$ROOM/tree" --ro-bind /usr /usr "$@"
	}
	every_act without_openat2
}

@test "P01: bwrap before 0.12 does reach it (control)" {
	weak_bwrap || skip "no bwrap before 0.12 is installed to show what the test can see"
	as_tester ln -s "/oldroot$ROOM/victim" tree/data
	run as_tester bwrap --bind "$ROOM/tree" / --ro-bind /usr /usr --dir /data/new /bin/true
	run as_tester bwrap --bind "$ROOM/tree" / --ro-bind /usr /usr --file 9 /data/file /bin/true 9<<<hostile
	[[ $(state victim) != "$before" && -d victim/new && $(cat victim/file) == hostile ]]
}

@test "P08: links of every shape, before and at the end of a path" {
	local n options link
	as_tester mkdir -p "tree$ROOM"
	as_tester sh -c 'cd tree && ln -s "$0/victim" absolute && ln -s ../../../../../.."$0/victim" relative &&
		ln -s nowhere/at/all dangling && ln -s loop loop && ln -s a b && ln -s b a && ln -s .. up &&
		ln -s . here && ln -s /proc/self/root"$0/victim" magic && ln -s "$0/victim/file" file &&
		ln -s "$0/victim" l0 && i=1 && while [ $i -le 45 ]; do ln -s l$((i - 1)) l$i; i=$((i + 1)); done' "$ROOM"
	for link in absolute relative dangling loop a up here magic file l1 l38 l45 absolute/../../victim \
		"up/up/up$ROOM/victim" here/here/absolute "absolute/sub/../sub" "../../..$ROOM/victim" \
		"..$ROOM/victim/sub/.." ./../absolute/./sub; do
		for n in {0..18}; do
			act "$n" "/$link"
			tried in_tree "${options[@]}" -- /bin/cat "/$link/file" "/$link" 9<<<hostile
			[[ $status -ne 124 ]]
			unharmed "${options[*]}"
		done
		for options in "--dir /$link" "--tmpfs /$link" "--file 9 /$link" "--bind /etc /$link" \
			"--ro-bind /etc/hostname /$link" "--symlink /etc /$link" "--chmod 777 /$link" "--dev /$link"; do
			# shellcheck disable=SC2086 # an option and its values
			tried in_tree $options -- /bin/cat "/$link" 9<<<hostile
			unharmed "$options"
		done
	done
}

@test "P08: --chdir is done inside, as the payload's user" {
	as_tester mkdir -p "tree$ROOM/victim"
	as_tester ln -s "$ROOM/victim" tree/data
	allowed in_tree --chdir /data -- /bin/sh -c 'pwd -P; ls -A'
	[[ $output == "$ROOM/victim" ]]
	refused 125 '--chdir /data: No such file or directory' as_tester croft run --chdir /data -- true
	as_tester ln -sfn /proc/1/root tree/data
	tried in_tree --chdir /data -- /bin/ls
	[[ $status -eq 125 ]]
}

@test "P09: the caller's directory counts only where it is the same one inside" {
	as_tester mkdir -p "tree$ROOM/victim"
	as_tester touch "tree$ROOM/victim/hostile"
	cd victim
	allowed in_tree -- /bin/sh -c 'pwd -P'
	[[ $output != *victim* ]]
	allowed in_tree --bind "$ROOM/victim" "$ROOM/victim" -- /bin/sh -c 'pwd -P'
	[[ $output == "$ROOM/victim" ]]
}

# ---- P03, P04: places that croft furnishes ------------------------------------------------------

@test "P03: what the tree has for devices is neither used nor changed" {
	local kind
	for kind in link fifo file directory dangling; do
		rm -rf tree/dev
		as_tester mkdir -p tree/dev/pts
		for name in null zero full random urandom tty console ptmx pts/ptmx pts/0 shm fd stdin core; do
			case $kind in
			link) as_tester ln -s "$ROOM/victim/file" "tree/dev/$name" ;;
			fifo) as_tester mkfifo "tree/dev/$name" ;;
			file) as_tester cp victim/file "tree/dev/$name" ;;
			directory) as_tester mkdir -p "tree/dev/$name" ;;
			dangling) as_tester ln -s nowhere "tree/dev/$name" ;;
			esac
		done
		local tree
		tree=$(state tree/dev)
		allowed in_tree -- /bin/sh -c 'for n in null zero full random urandom tty; do test -c /dev/$n || echo $n; done
			test -d /dev/shm || echo shm; stat -c %t:%T /dev/null; echo >/dev/null'
		[[ $output == 1:3 ]]
		unharmed "a $kind as device"
		[[ $(state tree/dev) == "$tree" ]]
	done
}

@test "P04: /dev, /proc, /sys and others as links stay inside" {
	local place
	for place in dev proc sys run tmp etc var home; do
		rm -rf "tree/$place"
		as_tester ln -s "$ROOM/victim" "tree/$place"
		tried in_tree -- /bin/sh -c 'cat /dev/file /proc/file /run/file /etc/file'
		unharmed "/$place as a link"
		as_tester ln -sfn "$ROOM/victim/new" "tree/$place"
		tried in_tree -- /bin/true
		unharmed "/$place as a link to nothing"
		rm -rf "tree${ROOM%/*}/${ROOM##*/}"
		as_tester ln -sfn /own "tree/$place"
		as_tester sh -c 'mkdir -p "$0" && echo own >"$0/file" && echo own >"$0/ptmx"' tree/own
		tried in_tree -- /bin/true
		unharmed "/$place as a link to the tree's own"
		[[ $(cat tree/own/ptmx tree/own/file) == $'own\nown' ]]
		tried as_tester croft run --rootfs-ro "$ROOM/tree" --ro-bind /usr /usr -- /bin/true
		unharmed "/$place as a link, read-only"
		rm -rf "tree/$place" tree/own
		as_tester mkdir "tree/$place"
	done
}

@test "P04: what is no directory cannot be /dev, /proc or /sys" {
	for place in dev proc sys; do
		rm -rf "tree/$place"
		as_tester cp victim/file "tree/$place"
		refused 125 "on /$place: a directory is needed there" in_tree -- /bin/true
		rm "tree/$place"
		as_tester mkfifo "tree/$place"
		refused 125 "on /$place: a directory is needed there" in_tree -- /bin/true
		rm "tree/$place"
		as_tester ln -s / "tree/$place"
		tried in_tree -- /bin/true
		unharmed "/$place as a link to the root"
		rm "tree/$place"
		as_tester mkdir "tree/$place"
	done
}

# ---- P05: a /proc that is not one ------------------------------------------------------------------

# Control: whoever enters the tree without a /proc of its own reads the tree's.
@test "P05: a tree's own files in /proc are covered before anything looks at them" {
	as_tester mkdir -p tree/proc/self/attr tree/proc/sys/kernel
	as_tester ln -s "$ROOM/victim/file" tree/proc/self/attr/exec
	as_tester ln -s "$ROOM/victim/file" tree/proc/self/uid_map
	allowed as_tester unshare -rm sh -c 'mount --bind /usr tree/usr && chroot tree readlink /proc/self/attr/exec'
	says "$ROOM/victim/file"
	allowed in_tree -- /bin/sh -c 'stat -fc %T /proc; readlink /proc/self/exe'
	[[ ${lines[0]} == proc ]]
	unharmed 'a /proc of its own'
}

# ---- P12: where others' mends broke ------------------------------------------------------------------

@test "P12a: without openat2 all works, and links lead to the same places" {
	local error
	as_tester mkdir -p tree/real/sub tree/var
	as_tester ln -s ../run tree/var/run
	as_tester ln -s /real/../real tree/link
	for error in ENOSYS EPERM; do
		allowed "$(probe withhold)" "$error" openat2 setpriv --reuid="$tester_uid" --regid="$tester_gid" \
			--init-groups --reset-env env PATH="$PATH" croft run --rootfs "$ROOM/tree" --ro-bind /usr /usr \
			--ro-bind /etc /link/sub --tmpfs /var/run/a --file 9 /link/new -- \
			/bin/sh -c 'ls /real/sub/passwd; ls -d /run/a; cat /real/new' 9<<<text
		[[ $output == $'/real/sub/passwd\n/run/a\ntext' ]]
		rm tree/real/new
	done
	run "$(probe withhold)" ENOSYS openat2 \
		perl -e '$path = "/"; exit(syscall(437, -100, $path, 0, 0) < 0 && $! == 38 ? 0 : 1)'
	[[ $status -eq 0 ]]	# the probe does withhold it
}

@test "P12a: helpers work without openat2, too" {
	allowed "$(probe withhold)" ENOSYS openat2 setpriv --reuid="$tester_uid" --regid="$tester_gid" \
		--init-groups --reset-env env PATH="$PATH" croft shell -- cat /proc/self/uid_map
	[[ ${#lines[@]} -eq 2 ]]
}

@test "P12b: below /var/run, a link, a mount lands in /run" {
	allowed as_tester croft run --ro-bind /etc /var/run/etc --tmpfs /var/run/user/1 -- ls -d /run/etc/passwd /run/user/1
	as_tester mkdir -p tree/run tree/var
	as_tester ln -s /run tree/var/run
	allowed in_tree --ro-bind /etc /var/run/etc -- /bin/ls /run/etc/passwd
}

@test "P12c: directories that can be searched but not read" {
	mkdir -p closed/tree tree/closed/open
	chmod 711 closed
	cp -a tree/. closed/tree
	chown "$tester_uid" closed/tree
	chmod 711 closed/tree/closed tree/closed
	run as_tester ls tree/closed
	[[ $status -ne 0 ]]	# it cannot be read
	for command in '' "$(probe withhold) ENOSYS openat2"; do
		# shellcheck disable=SC2086 # a command and its arguments
		allowed $command setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env \
			env PATH="$PATH" croft run --rootfs "$ROOM/closed/tree" --ro-bind /usr /usr \
			--ro-bind /etc /closed/open --bind "$ROOM/tree/closed/open" /x -- /bin/ls /closed/open/passwd
		[[ $output == /closed/open/passwd ]]
	done
}

# ---- P16: nothing is left in shared places --------------------------------------------------------------

# makers COMMAND…: the calls before the payload begins that make a file by a path of the host's.
makers() {
	strace -f -qq -u "$CROFT_USER" -o trace \
		-e trace='/^(mkdir|mknod|symlink|link|rename|creat|unlink|rmdir|chmod|chown|open)' \
		env -i PATH="$PATH" "$@" || return 1
	grep -E '(mkdir|mknod|symlink|link|rename|unlink|rmdir|chmod|chown|creat)\("|at[0-9]?\(AT_FDCWD, ' trace |
		grep -vE ' open(at2?)?\(.*O_(RDONLY|PATH)' | grep -vE '/dev/(null|tty)|/proc/self/|readlink'
}

@test "P07 P16: croft makes and removes nothing by a path of the host's, so nothing can be waiting there" {
	command -v strace >/dev/null || skip "strace is not installed"
	run makers croft run --map auto --tmpfs /x --file 0 /f --symlink a /b --dir /d --overlay-src /etc --tmp-overlay /o -- /bin/true </dev/null
	[[ -z $output ]]
	grep -q mkdirat trace		# it was seen making something
}

@test "P07 P16: bwrap does (control)" {
	command -v strace >/dev/null || skip "strace is not installed"
	weak_bwrap || skip "no bwrap before 0.12 is installed to show what the test can see"
	run makers bwrap --unshare-all --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
		--symlink usr/bin /bin -- /bin/true
	says newroot
}

@test "P16: no run-time or temporary directory is needed, and a hostile one is not looked at" {
	as_tester mkdir -m 777 runtime
	as_tester ln -s "$ROOM/victim" runtime/croft
	for variable in XDG_RUNTIME_DIR=/nowhere XDG_RUNTIME_DIR= "XDG_RUNTIME_DIR=$ROOM/runtime" TMPDIR=/nowhere \
		"TMPDIR=$ROOM/runtime" HOME=/nowhere "HOME=$ROOM/runtime"; do
		allowed as_tester env "$variable" croft run -- echo built
		unharmed "$variable"
	done
	[[ $(ls -A runtime) == croft ]]
}

# ---- where the payload stands ---------------------------------------------------------------------------

@test "P08: no home, shell or --chdir of the tree leads to a descriptor of the host's" {
	local outside='/proc/self/fd/9/..'

	as_tester ln -s "$outside" tree/elsewhere
	printf 'root:x:0:0:r:%s:/bin/sh\nuser:x:%s:%s:u:%s:/bin/sh\n' "$outside" "$tester_uid" "$tester_gid" \
		"$outside" >tree/etc/passwd
	for arguments in 'run --rootfs' 'run --as-pid-1 --rootfs' 'shell --rootfs' 'run --map root --rootfs'; do
		# shellcheck disable=SC2086 # a list of options
		allowed as_tester bash -c 'exec 9<"$0/victim"; exec croft "$@"' "$ROOM" $arguments "$ROOM/tree" \
			--ro-bind /usr /usr -- /bin/sh -c 'pwd; ls -d victim 2>&1; ls /proc/self/fd'
		[[ ${lines[0]} == / ]]
		says "No such file"
		lacks 9
	done
	refused 125 '--chdir /elsewhere' as_tester bash -c 'exec 9<"$0/victim"; exec croft "$@"' "$ROOM" \
		run --rootfs "$ROOM/tree" --ro-bind /usr /usr --chdir /elsewhere -- /bin/true
}

# ---- F02: croft's own program ---------------------------------------------------------------------------

# A croft that the tester may write, and a tree that gets hold of it: the kernel hands
# a script to what its first line names, which is the program that started the payload;
# and that program loads what the tree gives it.
own_croft() { # [PROGRAM]
	as_tester mkdir own
	install -o "$tester_uid" -m 755 "${1:-$(command -v croft)}" own/croft
	hash=$(sha256sum <own/croft)
	"${CC:-cc}" -shared -fPIC -D_GNU_SOURCE -o tree/hijack.so "$BATS_TEST_DIRNAME/probes/hijack.c"
	printf '#!/proc/self/exe --help\n' >tree/script
	chmod 755 tree/script
}

# A croft that is linked statically loads nothing, whatever the tree gives it.
is_static() {
	! "${READELF:-readelf}" -d own/croft | grep -q NEEDED
}

@test "F02: a payload cannot write to the croft that started it" {
	command -v "${CC:-cc}" >/dev/null || skip "no compiler is here to make the library"
	own_croft
	for options in '' '--landlock off' '--landlock off --as-pid-1' '--map root --cap-add all' \
		'--landlock off --share-pid' '--landlock off --share-pid --no-die-with-parent'; do
		rm -f tree/log
		# shellcheck disable=SC2086 # a list of options
		tried as_tester timeout 20 "$ROOM/own/croft" run $options --rootfs "$ROOM/tree" --ro-bind /usr /usr \
			--setenv LD_PRELOAD /hijack.so --setenv HIJACK_LOG /log -- /script
		sleep 1
		# Landlock lets nothing be executed that lies outside the tree, as /proc/self/exe does
		if is_static || [[ -z $options ]]; then [[ ! -e tree/log ]]; else [[ $(cat tree/log) == held ]]; fi
		[[ $(sha256sum <own/croft) == "$hash" ]]
	done
}

# Any program that is linked dynamically stands in for a croft that is not.
@test "F02: no process of croft lets the payload have its program" {
	# a program of the payload's own can be had in that way (control)
	allowed as_tester croft run -- sh -c '(exec 3</proc/$$/exe) && echo had'
	says had
	for options in '' '--as-pid-1' '--map root' '--map root --cap-add all' '--share-pid' '--share-pid --map root --cap-add all'; do
		# shellcheck disable=SC2016,SC2086 # for the shell inside; a list of options
		tried as_tester croft run $options -- sh -c 'for i in 1 2 3; do for p in /proc/[0-9]*; do
			case $(cat $p/comm 2>/dev/null) in croft*) readlink $p/exe; (exec 3<$p/exe) && echo "had $p" ;; esac
			done; done 2>&1; echo looked'
		says looked
		lacks had
		lacks "$(command -v croft)"
	done
}

@test "F02: the library does write to a program that nothing guards (control)" {
	command -v "${CC:-cc}" >/dev/null || skip "no compiler is here to make the library"
	own_croft "$(type -P env)"
	tried as_tester env LD_PRELOAD="$ROOM/tree/hijack.so" HIJACK_LOG="$ROOM/own/log" "$ROOM/own/croft" --help
	sleep 1
	[[ $(cat own/log) == $'held\nopened' && $(sha256sum <own/croft) != "$hash" ]]
}

# Control: a walk without that rule, which empties the tester's file.
@test "P16: where everybody may lay a link, another's is not followed, with and without openat2" {
	local command commands=("$(probe withhold) ENOSYS openat2")
	[[ $(cat /proc/sys/fs/protected_symlinks) -ne 1 ]] || commands+=("")
	install -d -m 1777 shared
	as_tester mkdir mine
	ln -s /m/file shared/known
	for command in "${commands[@]}"; do
		as_tester sh -c 'echo mine >mine/file'
		chown -h 1:1 shared/known
		# shellcheck disable=SC2086 # words of a command line
		refused 125 'make the file /s/known: Permission denied' $command \
			setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env env PATH="$PATH" \
			croft run --bind shared /s --bind mine /m --file 9 /s/known -- true 9<<<theirs
		[[ $(cat mine/file) == mine ]]
		chown -h "$tester_uid" shared/known
		# shellcheck disable=SC2086
		allowed $command \
			setpriv --reuid="$tester_uid" --regid="$tester_gid" --init-groups --reset-env env PATH="$PATH" \
			croft run --bind shared /s --bind mine /m --file 9 /s/known -- true 9<<<theirs
		[[ $(cat mine/file) == theirs ]]
	done
}
