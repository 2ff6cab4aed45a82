/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_identity - who exists inside, and who the command runs as */
#include "sandbox/options/option_rows.h"

#include "sandbox/number.h"

#include <string.h>

SETTER(set_map)
{
	static const char *const words[] = {
		[MAP_AUTO] = "auto", [MAP_SUB] = "sub", [MAP_KEEP] = "keep",
		[MAP_SELF] = "self", [MAP_ROOT] = "root",
	};

	if (o->map == MAP_EXPLICIT)
		return fail(why, 0, "--map and --uid-map or --gid-map exclude each other");
	for (size_t i = MAP_AUTO; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value[0], words[i]) == 0) {
			o->map = (enum map_mode)i;
			return 0;
		}
	return option_bad_value(row, value[0], "auto, sub, keep, self or root", why);
}

static const char *read_range(const char *text, struct idrange *range)
{
	uint32_t *const fields[] = { &range->inside, &range->outside, &range->count };

	for (size_t i = 0; i < 3; i++) {
		uint64_t number = 0;

		if (i > 0 && *text++ != ':')
			return NULL;
		text = number_read(text, UINT32_MAX, &number);
		if (text == NULL)
			return NULL;
		*fields[i] = (uint32_t)number;
	}
	return text;
}

SETTER(set_id_map)
{
	struct idmap *map = row->word == 'u' ? &o->uid_map : &o->gid_map;
	const char *text = value[0];

	if (o->map != MAP_EXPLICIT && o->map != MAP_DEFAULT)
		return fail(why, 0, "--map and --%s exclude each other", row->name);
	o->map = MAP_EXPLICIT;
	for (;;) {
		if (map->n == IDMAP_MAX)
			return fail(why, 0, "--%s: more than %d ranges", row->name, IDMAP_MAX);
		text = read_range(text, &map->range[map->n]);
		if (text == NULL || (*text != '\0' && *text != ','))
			return option_bad_value(row, value[0],
						"INSIDE:OUTSIDE:COUNT in decimal numbers", why);
		map->n++;
		if (*text++ == '\0')
			return 0;
	}
}

SETTER(set_map_source)
{
	static const char *const words[] = {
		[SOURCE_AUTO] = "auto", [SOURCE_CROFT] = "croft",
		[SOURCE_NEWUIDMAP] = "newuidmap", [SOURCE_KERNEL] = "kernel",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value[0], words[i]) == 0) {
			o->source = (enum map_source)i;
			return 0;
		}
	return option_bad_value(row, value[0], "auto, croft, newuidmap or kernel", why);
}

SETTER(set_setgroups)
{
	if (strcmp(value[0], "allow") == 0)
		o->setgroups = SETGROUPS_ALLOW;
	else if (strcmp(value[0], "deny") == 0)
		o->setgroups = SETGROUPS_DENY;
	else
		return option_bad_value(row, value[0], "allow or deny", why);
	return 0;
}

SETTER(set_user)
{
	o->user = value[0];
	if (value[0][0] == '\0')
		return option_bad_value(row, value[0], "a name or UID[:GID]", why);
	return 0;
}

static const struct option_row identity[] = {
	{ "map", { "auto|sub|keep|self|root" }, set_map, 0, "which IDs exist inside" },
	{ "uid-map", { "IN:OUT:COUNT" }, set_id_map, 'u',
	  "map COUNT user IDs from IN inside to OUT outside" },
	{ "gid-map", { "IN:OUT:COUNT" }, set_id_map, 'g',
	  "the same for group IDs" },
	{ "map-source", { "auto|croft|newuidmap|kernel" }, set_map_source, 0,
	  "who installs the maps" },
	{ "setgroups", { "allow|deny" }, set_setgroups, 0, "whether groups can be changed inside" },
	{ "user", { "NAME|UID[:GID]" }, set_user, 0,
	  "who the command runs as, inside" },
};

const struct option_section identity_options = SECTION("Identity", identity);
