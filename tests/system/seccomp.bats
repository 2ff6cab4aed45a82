#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154 # scripts for inside; bats sets status and output
#
# The policy for system calls, what changes it, filters from outside, and refusals.

load setup

# reached [OPTIONS…] -- NAME…: what a payload with these options gets of what reach tries, in one line.
reached() {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	probe reach >/dev/null
	allowed as_tester croft run --ro-bind "$ROOM" /probes "${options[@]}" -- /probes/reach "${@:2}"
	output=$(paste -sd' ' <<<"$output")
}

gets() {
	[[ $output == "$1" ]] && return
	echo "expected \"$1\", got \"$output\""
	return 1
}

allow=6,0,0,0x7fff0000
no_mkdir() {
	answering 0x5001e mkdir mkdirat		# EROFS
}

filters() { # [OPTIONS…]: how many there are inside
	run as_tester croft run "$@" -- sed -n 's/^Seccomp_filters:[[:blank:]]*//p' /proc/self/status
}

# ---- the table ---------------------------------------------------------------------

# outcomes "WAY [LAST]" [OPTIONS…]
outcomes() {
	probe calls >/dev/null
	# shellcheck disable=SC2086 # two words
	as_tester timeout 60 croft run --ro-bind "$ROOM" /probes "${@:2}" -- /probes/calls $1
}

# Control: --seccomp off, where three dozen of the calls that are refused are answered by
# the kernel.
@test "C08 S26 each number from 0 to 1023 gets what the checked-in table says" {
	table=$CROFT_SOURCE/tests/system/syscalls.$(uname -m)
	[[ -e $table ]] || skip "there is no table for $(uname -m)"
	outcomes native >with
	outcomes native --seccomp off >without
	awk '
		FILENAME ~ /syscalls/ { if (!/^#/) { name[$1] = $2; wanted[$1] = $3 }; next }
		{ number = $1; sub(/^[0-9]+ /, "") }
		FILENAME == "without" { kernels[number] = $0; next }
		{
			seen++
			want = number in wanted ? wanted[number] : "ENOSYS"
			if (want == "pass")
				want = kernels[number]
			else if (kernels[number] != $0)
				differ++
			if ($0 != want)
				print number, name[number] ": wanted " want ", got " $0
		}
		END { if (seen != 1024 || differ < 36) print seen " numbers, " differ " differ" }
	' "$table" without with >wrong
	cat wrong
	[[ ! -s wrong ]]
}

# Control: --seccomp off, where int 0x80 is answered.
@test "C08 the numbers of another machine end the process (int 0x80)" {
	[[ $(uname -m) == x86_64 ]] || skip "only x86-64 has them"
	foreign_program foreign || skip "this kernel has no table for them"
	outcomes int80 >with
	[[ $(cut -d' ' -f2- with | sort | uniq -c | xargs) == "1024 signal 31" ]]
	outcomes 'int80 20' --seccomp off >without
	grep -qx '20 ok' without			# getpid(2)
}

# Control: outside, and with --seccomp off, where it runs to its end.
@test "C08 the numbers of another machine end the process (a 32-bit program)" {
	foreign_program foreign || skip "this kernel runs no 32-bit programs"
	refused 159 '' as_tester croft run --ro-bind "$ROOM" /probes -- /probes/foreign
	run -7 as_tester croft run --ro-bind "$ROOM" /probes --seccomp off -- /probes/foreign
}

@test "C08 the numbers of x32 do not exist" {
	[[ $(uname -m) == x86_64 ]] || skip "only x86-64 has them"
	outcomes x32 >with
	[[ $(cut -d' ' -f2- with | sort | uniq -c | xargs) == "1024 ENOSYS" ]]
}

# ---- what opens, and what closes ---------------------------------------------------

@test "a plain run has one filter, without an option" {
	filters
	[[ $output == 1 ]]
	filters --seccomp off
	[[ $output == 0 ]]
	run as_tester croft shell -- sed -n 's/^Seccomp_filters:[[:blank:]]*//p' /proc/self/status
	[[ $output == 1 ]]
	run as_tester croft run --as-pid-1 -- sed -n 's/^Seccomp_filters:[[:blank:]]*//p' /proc/self/status
	[[ $output == 1 ]]
}

@test "--allow-syscalls opens groups and calls, and nothing else" {
	reached --allow-syscalls @io-uring,userfaultfd -- io-uring userfaultfd keyctl unshare-user
	gets "io-uring ok userfaultfd ok keyctl ENOSYS unshare-user EPERM"
}

@test "--deny-syscalls closes them, and the last word counts" {
	refused 1 'Operation not permitted' as_tester croft run --deny-syscalls mkdir,mkdirat -- mkdir /tmp/x
	reached --allow-syscalls @ptrace --deny-syscalls kcmp -- kcmp traceme
	gets "kcmp EPERM traceme ok"
	reached --deny-syscalls kcmp --allow-syscalls @ptrace -- kcmp traceme
	gets "kcmp ok traceme ok"
}

@test "a refused group takes no call away that others need" {
	reached --deny-syscalls @namespaces,@sockets,@terminal -- clone unshare-user
	gets "clone ok unshare-user EPERM"
}

@test "--allow-ptrace lets a debugger work" {
	reached --allow-ptrace -- traceme read-memory personality unshare-user
	gets "traceme ok read-memory ok personality ok unshare-user EPERM"
}

@test "groups follow the capabilities that need them" {
	# past the filter, the limit of --allow-nesting stands in the way of a user namespace
	reached --cap-add sys_admin -- mount fsopen unshare-net traceme io-uring
	gets "mount ok fsopen ok unshare-net ENOSPC traceme EPERM io-uring ENOSYS"
	reached --cap-add sys_chroot -- chroot mount
	gets "chroot ok mount EPERM"
	reached --cap-add sys_ptrace -- traceme
	gets "traceme ok"
	reached --cap-add all --deny-syscalls @mount -- mount chroot bpf userfaultfd
	gets "mount EPERM chroot ok bpf EPERM userfaultfd EPERM"
}

@test "--seccomp-log refuses nothing" {
	reached --seccomp-log --allow-nesting -- unshare-user io-uring userfaultfd keyctl
	gets "unshare-user ok io-uring ok userfaultfd ok keyctl ok"
	filters --seccomp-log
	[[ $output == 1 ]]
}

@test "croft explain tells what is open, by what, and that it is weaker" {
	allowed as_tester croft explain run --allow-ptrace --cap-add sys_admin --deny-syscalls @namespaces \
		--allow-syscalls bpf -- true
	says 'ptrace: by --allow-ptrace: '
	says 'mount: by cap_sys_admin: '
	says '--allow-syscalls: calls that are closed otherwise'
	says '--allow-ptrace: calls that reach into other processes'
	says 'allow bpf'
	lacks 'namespaces: by'
	allowed as_tester croft explain run --seccomp off -- true
	says '--seccomp off: every call of the kernel is within reach'
	allowed as_tester croft explain run --seccomp-log -- true
	says '--seccomp-log: no call is refused'
}

# ---- filters from outside ----------------------------------------------------------

@test "--seccomp FD adds a filter to croft's" {
	no_mkdir >filter
	refused 1 'Read-only file system' as_tester croft run --seccomp 7 -- mkdir /tmp/x 7<filter
	refused 1 'unshare failed' as_tester croft run --seccomp 7 -- unshare -U true 7<filter
	filters --seccomp 7 7<filter
	[[ $output == 2 ]]
	filters --seccomp off --seccomp 7 7<filter
	[[ $output == 1 ]]
}

@test "--add-seccomp-fd can be repeated, and reads a pipe" {
	no_mkdir >filter
	bpf $allow >nothing
	filters --add-seccomp-fd 7 --add-seccomp-fd 8 --seccomp 9 7<filter 8< <(cat nothing) 9<nothing
	[[ $output == 4 ]]
	refused 1 'Read-only file system' as_tester croft run --add-seccomp-fd 8 --add-seccomp-fd 7 -- mkdir /tmp/x \
		7<filter 8<nothing
}

# Control: --seccomp off, where the mount is the kernel's to refuse (EFAULT).
@test "a command takes no filter off, and what it adds can only refuse more" {
	local numbers code

	numbers=("$(number seccomp)" "$(number mount)" "$(number prctl)")
	code='my $f = pack("SCCL", 6, 0, 0, 0x7fff0000); my $p = pack("Sx6P", 1, $f);
		my ($seccomp, $mount, $prctl) = @ARGV;
		print "added\n" if syscall($seccomp, 1, 0, $p) == 0;
		print "mode $_: $!\n" for grep { syscall($prctl, 22, $_, 0) < 0 } 0, 1, 3;
		print "mount: $!\n" if syscall($mount, 1, 1, 1, 0, 0) < 0;
		print grep /^Seccomp/, do { open my $s, "<", "/proc/self/status"; <$s> };'
	allowed as_tester croft run -- perl -e "$code" "${numbers[@]}"
	[[ $output == $'added\nmode 0: Invalid argument\nmode 1: Invalid argument\nmode 3: Invalid argument\nmount: Operation not permitted\nSeccomp:\t2\nSeccomp_filters:\t2' ]]
	allowed as_tester croft run --seccomp off -- perl -e "$code" "${numbers[@]}"
	says 'mount: Bad address'
}

@test "a filter's descriptor is not there inside" {
	bpf $allow >nothing
	allowed as_tester croft run --seccomp 7 -- ls /proc/self/fd 7<nothing
	[[ $(paste -sd' ' <<<"$output") == "0 1 2 3" ]]		# 3 is what ls reads
}

@test "croft-bwrap has no filter but the caller's, and the last one counts" {
	probe reach >/dev/null
	no_mkdir >filter
	bpf $allow >nothing
	inside=(--unshare-all --dev-bind / / --ro-bind "$ROOM" /mnt)
	allowed as_tester croft-bwrap "${inside[@]}" -- /mnt/reach io-uring unshare-user
	[[ $(paste -sd' ' <<<"$output") == "io-uring ok unshare-user ok" ]]
	refused 1 'Read-only file system' as_tester croft-bwrap "${inside[@]}" --seccomp 7 -- mkdir /tmp/croft-x 7<filter
	allowed as_tester croft-bwrap "${inside[@]}" --tmpfs /tmp --seccomp 7 --seccomp 8 -- mkdir /tmp/croft-x 7<filter 8<nothing
	refused 1 'Read-only file system' as_tester croft-bwrap "${inside[@]}" --add-seccomp-fd 7 --add-seccomp-fd 8 -- \
		mkdir /tmp/croft-x 7<filter 8<nothing
	refused 1 '--seccomp cannot be combined with --add-seccomp-fd' as_tester croft-bwrap "${inside[@]}" \
		--seccomp 7 --add-seccomp-fd 8 -- true 7<filter 8<nothing
	refused 1 "'off'" as_tester croft-bwrap "${inside[@]}" --seccomp off -- true
	refused 1 '7 bytes are no program' as_tester croft-bwrap "${inside[@]}" --seccomp 7 -- true 7< <(head -c 7 filter)
}

# not_run REASON OPTION…: the payload's marker does not appear, for this reason.
not_run() {
	local reason=$1
	shift
	refused 125 "$reason" as_tester croft run --bind "$ROOM" /mnt "$@" -- touch /mnt/marker
	[[ ! -e marker ]]
}

@test "a filter that is none is refused, and nothing runs" {
	bpf $allow >good
	head -c 7 good >odd
	: >empty
	perl -0777 -ne 'print $_ x 4097' good >long
	head -c $((4096 * 8)) long >longest
	bpf 0x20,0,0,0 >endless				# no return at the end
	bpf 0x20,0,0,2 $allow >crooked			# loads from an odd place
	bpf 5,0,0,9 $allow >wild			# jumps over the end
	bpf 0x28,0,0,0 $allow >half			# a load that seccomp does not have
	not_run '7 bytes are no program' --seccomp 7 7<odd
	not_run '0 bytes are no program' --seccomp 7 7<empty
	not_run 'at most 4096 instructions' --seccomp 7 7<long
	not_run 'read the filter: Bad file descriptor' --seccomp 17
	not_run 'read the filter: Is a directory' --seccomp 7 7<.
	for filter in endless crooked wild half; do
		not_run 'filters: install the filter of --seccomp 7: Invalid argument' --seccomp 7 7<$filter
		not_run 'filters: install the filter of --add-seccomp-fd 7: Invalid argument' --seccomp 8 \
			--add-seccomp-fd 7 7<$filter 8<good
	done
	allowed as_tester croft run --seccomp 7 -- true 7<longest
}

@test "a filter under which croft cannot see that it is in force is refused" {
	answering 0x50001 read >no_read
	not_run 'read under the filters whether they are in force' --seccomp 7 7<no_read
}

@test "a filter that forbids the next one is an error" {
	answering 0x50001 seccomp >no_seccomp
	bpf $allow >good
	not_run 'install the filter of --add-seccomp-fd 8: Operation not permitted' --add-seccomp-fd 7 \
		--add-seccomp-fd 8 7<no_seccomp 8<good
}

# Control: without the reading back, the marker appears.
@test "C01 a seccomp(2) that only says that it succeeded is seen through, or failed, and nothing runs" {
	command -v strace >/dev/null || skip "strace is not installed"
	for injected in retval=0:'the filters that were installed are not in force' \
		error=EINVAL:'install the filter of croft' error=ENOSYS:'install the filter of croft'; do
		refused 125 "${injected#*:}" as_tester strace -f -qq -o /dev/null -e "inject=seccomp:${injected%%:*}" \
			croft run --bind "$ROOM" /mnt -- touch /mnt/marker
		[[ ! -e marker ]]
	done
}

@test "options that are not understood, or contradict each other" {
	not_run "there is no system call or group 'frobnicate'" --allow-syscalls frobnicate
	not_run "there is no system call or group '@frobnicate'" --deny-syscalls @mount,@frobnicate
	not_run "there is no system call or group ''" --deny-syscalls read,,write
	not_run "there is no system call or group ''" --allow-syscalls read,
	not_run "there is no system call or group 'Read'" --allow-syscalls Read
	not_run "--seccomp takes the number of a descriptor, not 'on'" --seccomp on
	not_run "--add-seccomp-fd takes the number of a descriptor, not 'off'" --add-seccomp-fd off
	not_run '--seccomp is given two filters' --seccomp 7 --seccomp 8
	for option in --allow-ptrace --seccomp-log '--allow-syscalls read' '--deny-syscalls read'; do
		# shellcheck disable=SC2086 # an option and its value
		not_run '--seccomp off and ' --seccomp off $option
	done
}

# ---- policies in JSON --------------------------------------------------------------

# policy NAME: JSON from standard input, in the room.
policy() {
	[[ -x $CROFT_LIBEXECDIR/seccomp-compile ]] || skip "croft was built without seccomp-compile"
	cat >"$1"
	chmod 644 "$1"
}

rule='{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30 }'

@test "--seccomp-policy reads what containers use" {
	policy docker <<-END
		{ "defaultAction": "SCMP_ACT_ALLOW",
		  "archMap": [ { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] },
			       { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] } ],
		  "syscalls": [ $rule ] }
	END
	policy oci <<-END
		{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
		  "syscalls": [ $rule ] }
	END
	for file in docker oci; do
		refused 1 'Read-only file system' as_tester croft run --seccomp-policy $file -- mkdir /tmp/x
		refused 1 'unshare failed' as_tester croft run --seccomp-policy $file -- unshare -U true
		filters --seccomp-policy $file
		[[ $output == 2 ]]
	done
}

@test "a policy compares arguments, of which the last ones are 64 bits" {
	policy socket <<-END
		{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		  { "names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 22,
		    "args": [ { "index": 0, "value": 2, "op": "SCMP_CMP_EQ" } ] },
		  { "names": ["lseek"], "action": "SCMP_ACT_ERRNO", "errnoRet": 12,
		    "args": [ { "index": 1, "value": 4294967297, "op": "SCMP_CMP_GE" } ] } ] }
	END
	reached --seccomp-policy socket -- sockets
	says 'families 1 10 16 '
	allowed as_tester croft run --seccomp-policy socket -- dd if=/dev/zero of=/tmp/x bs=1 seek=4294967296 count=0
	refused 1 'Cannot allocate memory' as_tester croft run --seccomp-policy socket -- \
		dd if=/dev/null of=/tmp/x bs=1 seek=4294967297 count=0 conv=notrunc
}

@test "rules that depend on capabilities follow the command's" {
	policy caps <<-END
		{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		  { "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30,
		    "excludes": { "caps": ["CAP_CHOWN"] } },
		  { "names": ["rmdir", "unlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30,
		    "includes": { "caps": ["CAP_KILL"], "minKernel": "4.8" } } ] }
	END
	refused 1 'Read-only file system' as_tester croft run --seccomp-policy caps -- mkdir /tmp/x
	allowed as_tester croft run --cap-add chown --seccomp-policy caps -- sh -c 'mkdir /tmp/x && rmdir /tmp/x'
	refused 1 'Read-only file system' as_tester croft run --cap-add chown --cap-add kill --seccomp-policy caps -- \
		sh -c 'mkdir /tmp/x && rmdir /tmp/x'
}

@test "a list of what is allowed works, with names that are not known here" {
	policy list <<-END
		{ "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "syscalls": [
		  { "names": ["access", "arch_prctl", "brk", "close", "execve", "exit_group", "faccessat2", "fstat",
		    "futex", "getegid", "geteuid", "getgid", "getrandom", "getuid", "ioctl", "lseek", "mmap", "mprotect", "munmap",
		    "newfstatat", "openat", "pread64", "prlimit64", "read", "rseq", "rt_sigaction", "rt_sigprocmask",
		    "set_robust_list", "set_tid_address", "write", "readlink", "fadvise64", "vm86old", "no_such_call_yet"],
		    "action": "SCMP_ACT_ALLOW" } ] }
	END
	allowed as_tester croft run --seccomp-policy list -- cat /etc/passwd /dev/null
	refused 1 'Function not implemented' as_tester croft run --seccomp-policy list -- uname
}

@test "a policy that is not understood is refused, and nothing runs" {
	local json reason
	while IFS='|' read -r reason json; do
		printf '%s' "$json" | policy bad
		not_run "--seccomp-policy bad: $reason" --seccomp-policy bad
	done <<-'END'
		the JSON ends too early|
		the JSON ends too early|{ "defaultAction": "SCMP_ACT_ALLOW"
		it is no JSON object|[]
		it is no JSON object|{ 'defaultAction': 'SCMP_ACT_ALLOW' }
		it is no JSON object: unexpected character|{ "defaultAction": "SCMP_ACT_ALLOW" } {}
		"defaultAction" is missing|{}
		there is no action SCMP_ACT_ALLOWED|{ "defaultAction": "SCMP_ACT_ALLOWED" }
		there is no action SCMP_ACT_NOTIFY|{ "defaultAction": "SCMP_ACT_NOTIFY" }
		"defaultAction" is not of the type string|{ "defaultAction": 7 }
		the policy has a key "defaultActoin"|{ "defaultAction": "SCMP_ACT_ALLOW", "defaultActoin": "x" }
		there is no architecture SCMP_ARCH_PDP11|{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_PDP11"] }
		there is no system call mkdri|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdri"], "action": "SCMP_ACT_ERRNO" }] }
		a rule has a key "nmaes"|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "nmaes": ["mkdir"], "action": "SCMP_ACT_ERRNO" }] }
		a rule has either "names" or "name"|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "action": "SCMP_ACT_ERRNO" }] }
		there is no comparison SCMP_CMP_EQUAL|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 0, "op": "SCMP_CMP_EQUAL" }] }] }
		there is no argument 6|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 6, "op": "SCMP_CMP_EQ" }] }] }
		includes has a key "cpas"|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "includes": { "cpas": [] } }] }
		"minKernel" is no version|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "includes": { "minKernel": "new" } }] }
		"errnoRet" is no error number|{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 70000 }] }
		there is no flag SECCOMP_FILTER_FLAG_NEW_LISTENER|{ "defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_NEW_LISTENER"] }
	END
}

@test "a policy's bytes do not reach the terminal as they are" {
	printf '{ "defaultAction": "\\u001b]0;evil" }' | policy bad
	not_run 'there is no action \x1b]0;evil' --seccomp-policy bad
	printf '{ "defaultAction": "x\0y" }' | policy bad
	not_run '--seccomp-policy bad: ' --seccomp-policy bad
	head -c 2000000 /dev/zero | policy bad
	not_run 'larger than' --seccomp-policy bad
}

@test "a policy that others can write, or that is no file, is refused" {
	policy open <<<'{ "defaultAction": "SCMP_ACT_ALLOW" }'
	allowed as_tester croft run --seccomp-policy open -- true
	chmod 666 open
	not_run 'others than you and root can write it' --seccomp-policy open
	chmod 664 open
	not_run 'closed to group and others (chmod go-w)' --seccomp-policy open
	chmod 644 open
	chown 65533 open
	not_run 'others than you and root can write it' --seccomp-policy open
	mkfifo fifo
	chmod 644 fifo
	not_run '--seccomp-policy fifo: not a file' --seccomp-policy fifo
	not_run '--seccomp-policy /: not a file' --seccomp-policy /
	not_run '--seccomp-policy none: open: No such file or directory' --seccomp-policy none
}

# ---- programs ----------------------------------------------------------------------

@test "programs of every day work: bash, make, gcc, git, python" {
	for program in make gcc git python3; do
		command -v $program >/dev/null || skip "$program is not installed"
	done
	allowed as_tester croft run -- bash -ec '
		cd /tmp && mkdir work && cd work
		printf "int main(void) { return 7; }\n" >seven.c
		printf "seven: seven.c\n\tgcc -O2 -pthread -o seven seven.c\n" >makefile
		make -j2 >/dev/null && { ./seven || test $? = 7; }
		git init -q . && git add . && git -c user.name=a -c user.email=a@example.org commit -qm first
		git clone -q . ../copy && git -C ../copy log --oneline | wc -l
		python3 -c "
import asyncio, concurrent.futures, multiprocessing, socket, subprocess, threading
t = threading.Thread(target=lambda: None); t.start(); t.join()
a, b = socket.socketpair(); a.send(b\"x\"); b.recv(1)
assert subprocess.run([\"true\"]).returncode == 0
assert multiprocessing.Pool(2).map(abs, [-1, 2]) == [1, 2]
asyncio.run(asyncio.sleep(0)); print(\"python\")
"'
	says python
}

@test "vim edits, and curl fetches from this machine with --share-net" {
	for program in vim.tiny curl python3; do
		command -v $program >/dev/null || skip "$program is not installed"
	done
	echo here >page
	port=$((20000 + RANDOM % 20000))
	begin python3 -m http.server --bind 127.0.0.1 "$port"
	within 5 curl -sf "http://127.0.0.1:$port/page" >/dev/null
	run as_tester croft run --share-net -- curl -sf "http://127.0.0.1:$port/page"
	kill "$begun"
	[[ $status -eq 0 && $output == here ]]
	allowed as_tester croft run -- sh -c 'cd /tmp && vim.tiny -es -c "normal ihello" -c wq file </dev/null; cat file'
	says hello
}

@test "gdb works with --allow-ptrace, and not without" {
	command -v gdb >/dev/null || skip "gdb is not installed"
	debug=(gdb -batch -nx -iex 'set debuginfod enabled off' -ex 'break exit' -ex run -ex backtrace /usr/bin/true)
	allowed as_tester croft run --allow-ptrace -- "${debug[@]}"
	says 'Breakpoint 1, '
	tried as_tester croft run -- "${debug[@]}"
	lacks 'Breakpoint 1, '
}
