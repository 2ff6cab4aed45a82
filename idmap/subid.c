/* SPDX-License-Identifier: GPL-2.0-or-later */
/* subid - lines of /etc/subuid and /etc/subgid (subuid(5)) */
#include "idmap/subid.h"

#include "idmap/text.h"

#include <string.h>

struct entry {
	struct text owner;
	struct subid_span span;
};

struct owner {
	uint32_t uid;
	struct text name;	/* empty: none */
};

/* A name, or a UID as text_number() has it; "01001" is neither. */
static bool is_owner(struct text owner)
{
	uint32_t uid;

	for (size_t i = 0; i < owner.length; i++)
		if ((unsigned char)owner.at[i] <= ' ' || owner.at[i] == '\177')
			return false;
	return owner.length > 0 && (!text_is_digits(owner) || text_number(owner, &uid));
}

static bool read_entry(struct text line, struct entry *entry)
{
	struct subid_span *span = &entry->span;
	struct text first;

	return text_cut(&line, ':', &entry->owner) && is_owner(entry->owner) &&
	       text_cut(&line, ':', &first) && text_number(first, &span->first) &&
	       text_number(line, &span->count) &&
	       span->count > 0 && span->count <= UINT32_MAX - span->first;
}

/* Digits are a UID even where an account has them for its name. */
static bool belongs_to(const struct entry *entry, const struct owner *owner)
{
	uint32_t uid;

	if (text_is_digits(entry->owner))
		return text_number(entry->owner, &uid) && uid == owner->uid;
	return text_equal(entry->owner, owner->name);
}

static void collect_line(struct text line, const struct owner *owner, struct subid_list *list,
			 uint32_t number)
{
	struct entry entry;

	if (line.length == 0 || line.at[0] == '#')
		return;
	if (!read_entry(line, &entry)) {
		if (list->malformed++ == 0)
			list->first_malformed_line = number;
		return;
	}
	if (belongs_to(&entry, owner) && list->n < SUBID_MAX)
		list->span[list->n++] = entry.span;
}

void subid_collect(const char *text, size_t length, uint32_t uid, const char *name,
		   struct subid_list *list)
{
	struct owner owner = { uid, { name, name != NULL ? strlen(name) : 0 } };
	struct text rest = { text, length }, line;

	list->n = list->malformed = list->first_malformed_line = 0;
	for (uint32_t number = 1; rest.length > 0; number++) {
		(void)text_cut(&rest, '\n', &line);	/* the last line may do without */
		collect_line(line, &owner, list, number);
	}
}

static const struct subid_span *span_with(const struct subid_list *list, uint32_t id)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (id >= list->span[i].first && id - list->span[i].first < list->span[i].count)
			return &list->span[i];
	return NULL;
}

/* Every round leaves a span behind for good, so there are at most list->n. */
bool subid_covers(const struct subid_list *list, uint32_t first, uint32_t count)
{
	while (count > 0) {
		const struct subid_span *span = span_with(list, first);
		uint32_t covered;

		if (span == NULL)
			return false;
		covered = span->count - (first - span->first);
		if (covered >= count)
			return true;
		first += covered;
		count -= covered;
	}
	return true;
}
