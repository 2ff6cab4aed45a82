# SPDX-License-Identifier: GPL-2.0-or-later
#
# judge.awk -v account=user|root DIFFERENCES DIFF - a line of TAP for each case, of
# "diff -r -U0" between the facts of the reference and those of the candidate
#
# DIFFERENCES holds reasons, each with the lines it explains: a pattern of cases, the
# account or "both", and a pattern of a line of the difference.

function explained(line,    i) {
	for (i = 1; i <= rows; i++)
		if (name ~ cases[i] && line ~ pattern[i]) {
			used[i]++
			return 1
		}
	return 0
}

FNR == NR && /^\t/ {
	if ($2 == "both" || $2 == account) {
		cases[++rows] = "^(" $1 ")$"
		text[rows] = $0
		pattern[rows] = $0
		sub(/^\t[^ \t]+[ \t]+[^ \t]+[ \t]+/, "", pattern[rows])
		pattern[rows] = "^(" pattern[rows] ")$"
	}
	next
}

FNR == NR {
	next
}

/^diff / {
	name = $NF
	sub(/.*\//, "", name)
	next
}

/^Only in / {
	name = $NF
	bad[name] = bad[name] "\n# not run with both: " $0
	next
}

/^(--- |\+\+\+ |@@ )/ {
	next
}

/^\\/ {
	next
}

!explained($0) {
	if (++differing[name] <= 40)
		bad[name] = bad[name] "\n# " $0
}

END {
	while ((getline name < list) > 0) {
		failed += name in bad		# bad[name] would make it so
		print (name in bad ? "not ok " : "ok ") ++told " " account " " name bad[name]
		if (differing[name] > 40)
			print "# … " differing[name] " lines in all"
	}
	for (i = 1; whole && i <= rows; i++)
		if (!used[i]) {
			print "not ok " ++told " " account " a listed difference is none:" text[i]
			failed++
		}
	print "1.." told + 0
	exit failed > 0 || told == 0
}
