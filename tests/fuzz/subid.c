/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of /etc/subuid and of /etc/passwd: whatever it holds, the list is what a
 * second reading by regular expressions finds, and every span is sound.
 *
 * Weakness H22: files that delegate, as text of every kind
 * Weakness I05: files that delegate, as text of every kind
 */
#include "tests/fuzz/target.h"

#include "idmap/subid.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { UID = 1001, LINE = 1024 };

static regex_t entry, owner_name, all_digits;

static void compile(void)
{
	static bool done;

	if (done)
		return;
	promise(regcomp(&entry, "^([^:]+):(0|[1-9][0-9]{0,9}):([1-9][0-9]{0,9})$",
			REG_EXTENDED) == 0);
	promise(regcomp(&owner_name, "^[^-+#[:cntrl:] ][^[:cntrl:] ]{0,254}$", REG_EXTENDED) == 0);
	promise(regcomp(&all_digits, "^[0-9]+$", REG_EXTENDED | REG_NOSUB) == 0);
	done = true;
}

static uint64_t field(const char *line, regmatch_t match)
{
	char text[LINE] = "";

	memcpy(text, line + match.rm_so, (size_t)(match.rm_eo - match.rm_so));
	return strtoull(text, NULL, 10);
}

enum kind { NOTHING, MALFORMED, OTHERS, OURS };

static enum kind classify(const char *line, struct subid_span *span)
{
	char owner[LINE] = "";
	regmatch_t match[4];
	uint64_t first, count;
	bool number;

	if (line[0] == '\0' || line[0] == '#')
		return NOTHING;
	if (regexec(&entry, line, 4, match, 0) != 0)
		return MALFORMED;
	memcpy(owner, line, (size_t)match[1].rm_eo);
	first = field(line, match[2]);
	count = field(line, match[3]);
	number = regexec(&all_digits, owner, 0, NULL, 0) == 0;
	if (first >= UINT32_MAX || count >= UINT32_MAX || first + count > UINT32_MAX)
		return MALFORMED;
	if (number && (strlen(owner) > 10 || strtoull(owner, NULL, 10) >= UINT32_MAX ||
		       (owner[0] == '0' && owner[1] != '\0')))
		return MALFORMED;
	if (!number && regexec(&owner_name, owner, 0, NULL, 0) != 0)
		return MALFORMED;
	*span = (struct subid_span){ (uint32_t)first, (uint32_t)count };
	return strcmp(owner, "alice") == 0 || strcmp(owner, "1001") == 0 ? OURS : OTHERS;
}

static void read_again(const char *text, size_t length, struct subid_list *list)
{
	uint32_t number = 0;

	memset(list, 0, sizeof(*list));
	for (size_t begin = 0, end; begin < length; begin = end + 1) {
		char line[LINE] = "";
		struct subid_span span;
		enum kind kind = MALFORMED;

		for (end = begin; end < length && text[end] != '\n'; end++)
			;
		number++;
		if (end - begin >= LINE && text[begin] == '#')
			continue;
		if (end - begin < LINE && memchr(text + begin, '\0', end - begin) == NULL) {
			memcpy(line, text + begin, end - begin);
			kind = classify(line, &span);
		} else if (end - begin < LINE && text[begin] == '#') {
			kind = NOTHING;
		}
		if (kind == MALFORMED && list->malformed++ == 0)
			list->first_malformed_line = number;
		if (kind == OURS && list->n < SUBID_MAX)
			list->span[list->n++] = span;
	}
}

static void check_name(const char *text, size_t length)
{
	char name[SUBID_NAME];

	if (!subid_owner(text, length, UID, name))
		return;
	promise(memchr(name, '\0', sizeof(name)) != NULL);
	promise(regexec(&owner_name, name, 0, NULL, 0) == 0);
	promise(regexec(&all_digits, name, 0, NULL, 0) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes;
	struct subid_list list, again;

	compile();
	subid_collect(text, length, UID, "alice", &list);
	read_again(text, length, &again);
	promise(list.n == again.n && list.malformed == again.malformed);
	promise(list.malformed == 0 || list.first_malformed_line == again.first_malformed_line);
	promise(memcmp(list.span, again.span, list.n * sizeof(list.span[0])) == 0);
	for (uint32_t i = 0; i < list.n; i++)
		promise(subid_covers(&list, list.span[i].first, list.span[i].count));
	check_name(text, length);
	return 0;
}
