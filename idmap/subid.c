/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * subid - lines of /etc/subuid and /etc/subgid (subuid(5)), and whose they are
 *
 * getpwuid(3) is not asked: it would load what /etc/nsswitch.conf names into
 * whoever asks.
 */
#include "idmap/subid.h"

#include "idmap/text.h"

#include <string.h>

/* Digits alone are a number, even where an account has them for its name. */
static bool is_name(struct text text)
{
	bool digits = true;

	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.at[i] <= ' ' || text.at[i] == '\177')
			return false;
		digits = digits && text.at[i] >= '0' && text.at[i] <= '9';
	}
	return !digits && text.length < SUBID_NAME && strchr("+-#", text.at[0]) == NULL;
}

bool subid_owner(const char *passwd, size_t length, uint32_t uid, char name[SUBID_NAME])
{
	struct text rest = { passwd, length }, line, owner, password, number;
	uint32_t id;

	while (rest.length > 0) {
		(void)text_cut(&rest, '\n', &line);
		if (!text_cut(&line, ':', &owner) || !text_cut(&line, ':', &password) ||
		    !text_cut(&line, ':', &number) || !text_number(number, &id) || id != uid)
			continue;
		if (!is_name(owner))
			return false;
		memcpy(name, owner.at, owner.length);
		name[owner.length] = '\0';
		return true;
	}
	return false;
}

static bool read_entry(struct text line, struct text *owner, struct subid_span *span)
{
	struct text first;
	uint32_t uid;

	return text_cut(&line, ':', owner) && (is_name(*owner) || text_number(*owner, &uid)) &&
	       text_cut(&line, ':', &first) && text_number(first, &span->first) &&
	       text_number(line, &span->count) &&
	       span->count > 0 && span->count <= UINT32_MAX - span->first;
}

static bool is_whose(struct text owner, uint32_t uid, struct text name)
{
	uint32_t number;

	return text_number(owner, &number) ? number == uid : text_equal(owner, name);
}

void subid_collect(const char *text, size_t length, uint32_t uid, const char *name,
		   struct subid_list *list)
{
	struct text own = { name != NULL ? name : "", name != NULL ? strlen(name) : 0 };
	struct text rest = { text, length }, line, owner;

	list->n = list->malformed = 0;
	for (uint32_t number = 1; rest.length > 0; number++) {
		struct subid_span span;

		(void)text_cut(&rest, '\n', &line);	/* the last may do without */
		if (line.length == 0 || line.at[0] == '#')
			continue;
		if (!read_entry(line, &owner, &span)) {
			if (list->malformed++ == 0)
				list->first_malformed_line = number;
		} else if (is_whose(owner, uid, own) && list->n < SUBID_MAX) {
			list->span[list->n++] = span;
		}
	}
}

/* Each step leaves a span behind for good, so it takes at most list->n of them. */
bool subid_covers(const struct subid_list *list, uint32_t first, uint32_t count)
{
	for (const struct subid_span *span = list->span; span < list->span + list->n; span++)
		if (first >= span->first && first - span->first < span->count) {
			uint32_t here = span->count - (first - span->first);

			return here >= count || subid_covers(list, first + here, count - here);
		}
	return false;
}
