# SPDX-License-Identifier: GPL-2.0-or-later
#
# facts.awk -v raw=DIR -v facts=DIR NAMESPACES - makes the lines that are compared of what
# a rehearsal recorded: numbers that no two runs share become words.

function read_lines(file, prefix,    line) {
	while ((getline line < file) > 0)
		out[++lines] = prefix line
	close(file)
}

# "mnt:[4026531841]" is the caller's, or one that the program inside was in, or another.
function name_namespaces(line,    before, number) {
	before = ""
	while (match(line, /[a-z]+:\[[0-9]+\]/)) {
		number = substr(line, RSTART, RLENGTH)
		before = before substr(line, 1, RSTART - 1) identity(number)
		line = substr(line, RSTART + RLENGTH)
	}
	return before line
}

function identity(link,    kind, number) {
	kind = link
	sub(/:.*/, "", kind)
	number = link
	gsub(/[^0-9]/, "", number)
	if (kind == "pipe" || kind == "socket")
		return kind
	if (link in callers)
		return kind " of the caller"
	if (!(number in inside))
		inside[number] = "new " kind (++count[kind] > 1 ? " " count[kind] : "")
	return inside[number]
}

# The documents of --info-fd and --json-status-fd.
function name_numbers(line,    before, number, key) {
	before = ""
	while (match(line, /"(child-pid|[a-z]+-namespace)": [0-9]+/)) {
		key = substr(line, RSTART, RLENGTH)
		number = key
		sub(/.* /, "", number)
		sub(/ [0-9]+$/, "", key)
		if (key ~ /child-pid/)
			number = "PID"
		else
			number = (number in inside) ? inside[number] : "another"
		before = before substr(line, 1, RSTART - 1) key " " number
		line = substr(line, RSTART + RLENGTH)
	}
	return before line
}

function normal(line) {
	line = name_namespaces(line)
	line = name_numbers(line)
	gsub(/bindfile[A-Za-z0-9]+/, "bindfile", line)
	gsub(/\/proc\/[0-9]+/, "/proc/PID", line)
	gsub(/\[[0-9]+\]/, "[]", line)
	return line
}

function tell_message(name,    line, any) {
	any = 0
	while ((getline line < (raw "/" name ".err")) > 0) {
		any = 1
		if (name in texts)
			out[++lines] = "says: " line
	}
	close(raw "/" name ".err")
	out[++lines] = "message: " (any ? "some" : "none")
}

function write_facts(name,    i, file) {
	split("", inside)
	split("", count)
	lines = 0
	read_lines(raw "/" name ".status", "")
	tell_message(name)
	read_lines(raw "/" name ".out", "")
	read_lines(raw "/" name ".running", "")
	if (!(name in expected))
		read_lines(raw "/" name ".left", "left: ")
	file = facts "/" name
	for (i = 1; i <= lines; i++)
		if (out[i] !~ /^environment: _=|^file [^ ]*\/pts\/[0-9]+: /)	# of the shell's before; others' terminals
			print normal(out[i]) > file
	close(file)
}

# Of a case whose result stands in the table, that is the reference.
function write_expected(name,    file, count, i, line, status, message, rest) {
	status = "status: 0"
	message = "message: none"
	count = split(expected[name], line, "\n") - 1
	rest = ""
	for (i = 1; i <= count; i++)
		if (line[i] ~ /^status: /)
			status = line[i]
		else if (line[i] ~ /^message: /)
			message = line[i]
		else
			rest = rest line[i] "\n"
	file = facts "/" name
	printf "%s\n%s\n%s", status, message, rest > file
	close(file)
}

FILENAME ~ /namespaces$/ {
	callers[$0]
	next
}

/^(#|$)/ {
	next
}

/^\t= / {
	gsub(/@UID@/, uid)
	gsub(/@GID@/, gid)
	expected[name] = expected[name] substr($0, 4) "\n"
	next
}

/^\t/ {
	next
}

{
	flags = ""
	if (match($0, /^\[[a-z ]*\] /)) {
		flags = substr($0, 1, RLENGTH)
		$0 = substr($0, RLENGTH + 1)
	}
	name = $0
	sub(/:.*/, "", name)
	if (flags ~ /text/)
		texts[name]
	if ((getline line < (raw "/" name ".status")) > 0) {
		close(raw "/" name ".status")
		order[++names] = name
	} else if (side == "reference") {
		close(raw "/" name ".status")
		order[++names] = name
	}
}

END {
	for (i = 1; i <= names; i++)
		if (side == "reference" && order[i] in expected)
			write_expected(order[i])
		else if ((getline line < (raw "/" order[i] ".status")) > 0) {
			close(raw "/" order[i] ".status")
			write_facts(order[i])
		}
}
