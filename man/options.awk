# SPDX-License-Identifier: GPL-2.0-or-later
#
# options.awk - from croft --help to option lists in the manual and the completions
#
#     croft --help | awk -f man/options.awk -v form=FORM - TEMPLATE >PAGE
#
# FORM is mdoc, bash, zsh or fish.  The list takes the place of the template's line
# @OPTIONS@.  In a page of the manual, what follows that line up to @end is more to
# say on single options, each part below a line "@option NAME"; it is an error if
# there is no such option.

# What --help prints: a title at the margin, then "  --name VALUE…", and its help
# behind two blanks, or on the line below where the name is long.
FNR == NR && /^  --/ {
	n++
	titles[n] = title
	head = substr($0, 5)
	if (match(head, /  +/)) {
		help[n] = substr(head, RSTART + RLENGTH)
		head = substr(head, 1, RSTART - 1)
	}
	values[n] = ""
	if (match(head, / /)) {
		values[n] = substr(head, RSTART + 1)
		head = substr(head, 1, RSTART - 1)
	}
	name[n] = head
	number[head] = n
	next
}
FNR == NR && /^   / { sub(/^ +/, ""); help[n] = $0; next }
FNR == NR { title = $0; next }

/^@OPTIONS@$/ && form == "mdoc" { collecting = 1; next }
/^@OPTIONS@$/ { print_list(); next }
collecting && /^@option / {
	current = number[$2]
	if (!current)
		die("there is no option --" $2)
	next
}
collecting && /^@end$/ { collecting = 0; print_mdoc(); next }
collecting { more[current] = more[current] $0 "\n"; next }
{ print }

END {
	if (!failed && (!printed || collecting))
		die("no list was printed")
	exit failed
}

function die(what) {
	printf "options.awk: %s\n", what >"/dev/stderr"
	failed = 1
	exit 1
}

function capitalised(text) {
	return toupper(substr(text, 1, 1)) substr(text, 2)
}

# ---- the manual ------------------------------------------------------------------

# Literal words are a choice; capitals stand for something.
function arguments(text,    list, count, i, made) {
	count = split(text, list, " ")
	for (i = 1; i <= count; i++) {
		made = made (list[i] ~ /^[a-z|]+$/ ? " Cm " : " Ar ") list[i]
		gsub(/\|/, " | ", made)
	}
	return made
}

# Names of options in running text: "like --bind" has the macro, too.
function with_macros(text,    made) {
	while (match(text, /--[a-z0-9-]+/)) {
		made = made substr(text, 1, RSTART - 1) "\\-\\-" substr(text, RSTART + 2, RLENGTH - 2)
		text = substr(text, RSTART + RLENGTH)
	}
	return made text
}

function print_mdoc(    i) {
	for (i = 1; i <= n; i++) {
		if (titles[i] != titles[i - 1]) {
			if (i > 1)
				print ".El"
			print ".Ss " titles[i]
			print ".Bl -tag -width Ds"
		}
		print ".It Fl -" name[i] arguments(values[i])
		print with_macros(capitalised(help[i])) "."
		printf "%s", more[i]
	}
	print ".El"
	printed = 1
}

# ---- completions -----------------------------------------------------------------

function print_list(    i) {
	for (i = 1; i <= n; i++)
		if (form == "bash")
			print "--" name[i] (values[i] != "" ? " " values[i] : "")
		else if (form == "fish")
			printf "--%s\t%s\t%s\n", name[i], values[i], quoted(help[i])
		else if (form == "zsh")
			print zsh_spec(i)
		else
			die("there is no form " form)
	printed = 1
}

# All lists stand in single quotes.
function quoted(text) {
	gsub(/'/, "'\\''", text)
	return text
}

function zsh_spec(i,    list, count, j, made, label) {
	count = split(values[i], list, " ")
	made = "--" name[i] (count == 1 ? "=" : "") "[" quoted(help[i]) "]"
	for (j = 1; j <= count; j++) {
		label = list[j]
		gsub(/:/, "\\:", label)
		made = made ":" label ":" zsh_action(list[j])
	}
	return "\t'*" made "'"
}

function zsh_action(value) {
	if (value ~ /^[a-z|]+$/) {
		gsub(/\|/, " ", value)
		return "(" value ")"
	}
	return value ~ /^(DIR|WORKDIR|RWSRC)$/ ? "_files -/" : \
	       value ~ /^(SRC|DEST|PATH|TARGET)$/ ? "_files" : \
	       value == "VAR" ? "_parameters -g \"*export*\"" : " "
}
