#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Large programs under the default, for make check-programs: too large to be installed
# for every run.  The small ones are in seccomp.bats.

load setup

need() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

@test "node runs scripts, threads and other programs" {
	need node
	cat >script.js <<-'END'
		const { Worker } = require("worker_threads"), { execSync } = require("child_process");
		if (!execSync("id -u").length) process.exit(1);
		require("fs").readFileSync("/etc/passwd");
		new Worker('require("worker_threads").parentPort.postMessage(42)', { eval: true })
			.on("message", answer => console.log("node", answer));
	END
	allowed as_tester croft run --bind "$ROOM" /work -- node /work/script.js
	says 'node 42'
}

@test "java compiles and runs, with threads and other programs" {
	need java
	cat >Small.java <<-'END'
		public class Small {
			public static void main(String[] words) throws Exception {
				int sum = java.util.stream.IntStream.range(0, 10).parallel().sum();
				System.out.println("java " + sum + " " + new ProcessBuilder("true").start().waitFor());
			}
		}
	END
	options=(--bind "$ROOM" /work)
	for directory in /etc/java-*; do
		options+=(--ro-bind "$directory" "$directory")
	done
	run as_tester croft run "${options[@]}" -- java /work/Small.java
	[[ $output != *jdk.compiler* ]] || skip "this java has no compiler"
	[[ $status -eq 0 ]]
	says 'java 45 0'
}

page='<p id=x></p><script>document.getElementById("x").textContent = "chromium " + 6 * 7</script>'

@test "chromium shows a page, with croft as its sandbox" {
	need chromium
	echo "$page" >page.html
	allowed as_tester croft run --bind "$ROOM" /work --ro-bind-try /etc/chromium.d /etc/chromium.d \
		--ro-bind-try /etc/fonts /etc/fonts -- \
		timeout 60 chromium --headless --no-sandbox --disable-gpu --dump-dom file:///work/page.html
	says 'chromium 42'
}

@test "chromium makes its own sandbox with --allow-nesting" {
	need chromium
	echo "$page" >page.html
	allowed as_tester croft run --allow-nesting --bind "$ROOM" /work --ro-bind-try /etc/chromium.d /etc/chromium.d \
		--ro-bind-try /etc/fonts /etc/fonts -- \
		timeout 60 chromium --headless --disable-gpu --dump-dom file:///work/page.html
	says 'chromium 42'
}
