/* SPDX-License-Identifier: GPL-2.0-or-later */
/* planning - a machine and a caller made up, and command lines planned on it */
#include "tests/unit/planning.h"

#include "sandbox/personality.h"
#include "tests/unit/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct text text_of(const char *bytes)
{
	return (struct text){ bytes, strlen(bytes) };
}

static void delegate(struct planning *p, struct delegation *delegated, const char *text)
{
	delegated->text = text_of(text);
	subid_collect(text, strlen(text), p->facts.uid, p->facts.name, &delegated->list);
}

void planning_delegate(struct planning *p, const char *subuid, const char *subgid)
{
	delegate(p, &p->facts.subuid, subuid);
	delegate(p, &p->facts.subgid, subgid);
}

void planning_accounts(struct planning *p, const char *users, const char *groups)
{
	p->facts.users = text_of(users);
	p->facts.groups = text_of(groups);
}

static void surround(struct idmap *map, const char *lines)
{
	struct idrange *range = map->range;
	int used = 0;

	for (map->n = 0; *lines != '\0'; lines += used, map->n++, range++)
		if (sscanf(lines, "%" SCNu32 " %" SCNu32 " %" SCNu32 "%n", &range->inside,
			   &range->outside, &range->count, &used) != 3)
			fail_msg("no map: '%s'", lines);
		else if (lines[used] == ',')
			used++;
}

void planning_surround(struct planning *p, const char *uids, const char *gids)
{
	surround(&p->facts.uid_here, uids);
	surround(&p->facts.gid_here, gids);
}

void planning_begin(struct planning *p)
{
	static const char everything[] = "0 0 4294967295";

	*p = (struct planning){
		.facts = {
			.landlock = 7, .uid = 1000, .gid = 1000, .name = "alice",
			.shell = "/bin/bash",
			.subuid = { .file = "/etc/subuid" }, .subgid = { .file = "/etc/subgid" },
			.croft_helpers = HELPERS_READY, .system_helpers = HELPERS_READY,
			.host = { { "/usr", NULL }, { "/bin", "usr/bin" }, { NULL, NULL } },
		},
	};
	planning_surround(p, everything, everything);
	planning_delegate(p, "alice:100000:65536\n", "alice:100000:65536\n");
	planning_accounts(
		p, "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n",
		"root:x:0:\nalice:x:1000:\n");
}

char **planning_words(const char *line)
{
	char *copy = strdup(line), *word, **words = calloc(strlen(line) + 3, sizeof(*words));
	size_t n = 0;

	words[n++] = strdup("croft");
	while (line[0] != '\0' && (word = strsep(&copy, " ")) != NULL)
		words[n++] = strcmp(word, "''") == 0 ? strdup("") : word;
	return words;
}

int planning_parse(struct planning *p, const char *line)
{
	return options_parse(&p->options, &personality_of_croft, planning_words(line), &p->why);
}

int planning_make(struct planning *p, const char *line)
{
	if (planning_parse(p, line) < 0)
		return -1;
	return plan_make(&p->options, &p->facts, &p->plan, &p->why);
}

int planning_make_bwrap(struct planning *p, const char *line)
{
	if (options_parse(&p->options, &personality_of_bwrap, planning_words(line), &p->why) < 0)
		return -1;
	return plan_make(&p->options, &p->facts, &p->plan, &p->why);
}

const char *planning_map(const struct idmap *map)
{
	static char text[2][IDMAP_MAX * 36];
	static int which;
	char *at = text[which = !which];

	*at = '\0';
	for (uint32_t i = 0; i < map->n; i++)
		at += sprintf(at, "%s%u:%u:%u", i > 0 ? " " : "", map->range[i].inside,
			      map->range[i].outside, map->range[i].count);
	return text[which];
}

void planning_claim_refusal(const struct planning *p, const char *reason, const char *hint_words)
{
	if (strstr(p->why.what, reason) == NULL)
		fail_msg("'%s' does not say '%s'", p->why.what, reason);
	if (hint_words != NULL && strstr(p->why.hint, hint_words) == NULL)
		fail_msg("the hint '%s' does not say '%s'", p->why.hint, hint_words);
	assert_int_equal(p->why.status, EXIT_SANDBOX);
}
