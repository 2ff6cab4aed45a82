/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps - from what the user asked for to ranges of IDs
 *
 * Both maps are made by the same steps: the wanted ranges from the mode, cut
 * where a line of the surrounding map ends (the kernel wants each range inside
 * one line: map_id_range_down(), user_namespaces(7)), then checked.
 */
#include "sandbox/maps.h"

#include "sandbox/number.h"

/* One of the two maps, with the facts that belong to it. */
struct side {
	const char *ids;			/* "UID" or "GID" */
	const char *add;			/* usermod's option that delegates a range */
	uint32_t own;				/* the caller's ID */
	const struct idmap *here;		/* the surrounding map */
	const struct delegation *delegated;
	const struct idmap *explicit;
	struct idmap *map;
};

static int too_many(const struct side *side, struct failure *why)
{
	return fail(why, 0, "the %s map would have more than %d ranges", side->ids, IDMAP_MAX);
}

static int add(const struct side *side, uint32_t inside, uint32_t outside, uint32_t count,
	       struct failure *why)
{
	struct idmap *map = side->map;

	if (count == 0)
		return 0;
	if (map->n == IDMAP_MAX)
		return too_many(side, why);
	map->range[map->n++] = (struct idrange){ inside, outside, count };
	return 0;
}

/* ---- which IDs the caller may have --------------------------------------------------------- */

static bool here_is_everything(const struct idmap *here)
{
	return here->n == 1 && here->range[0].inside == 0 && here->range[0].count == UINT32_MAX;
}

/* Adds a span without the caller's own ID, which has a range of its own. */
static void add_span(struct subid_list *list, uint32_t own, uint32_t first, uint32_t count)
{
	uint32_t before = own >= first && own - first < count ? own - first : count;
	struct subid_span pieces[2] = { { first, before } };

	if (before < count)
		pieces[1] = (struct subid_span){ own + 1, count - before - 1 };
	for (size_t i = 0; i < 2; i++)
		if (pieces[i].count > 0 && list->n < sizeof(list->span) / sizeof(list->span[0]))
			list->span[list->n++] = pieces[i];
}

/* Overlapping or touching lines of one owner are one range; an ID is mapped once. */
static void join(struct subid_list *list)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i < list->n; i++)		/* few lines: insertion sort */
		for (uint32_t j = i; j > 0 && list->span[j].first < list->span[j - 1].first; j--) {
			struct subid_span swap = list->span[j];

			list->span[j] = list->span[j - 1];
			list->span[j - 1] = swap;
		}
	for (uint32_t i = 0; i < list->n; i++) {
		struct subid_span *last = n > 0 ? &list->span[n - 1] : NULL;
		struct subid_span span = list->span[i];

		if (last == NULL || span.first - last->first > last->count) {
			list->span[n++] = span;
			continue;
		}
		if (span.count > last->count - (span.first - last->first))
			last->count = span.first - last->first + span.count;
	}
	list->n = n;
}

/*
 * The IDs beyond the caller's own: what the delegation file grants; or, for a
 * caller who may set IDs in a user namespace of their own, all that it has.
 */
static void spans_of(const struct side *side, const struct facts *facts, struct subid_list *spans)
{
	struct subid_list joined = side->delegated->list;

	spans->n = 0;
	join(&joined);
	for (uint32_t i = 0; i < joined.n; i++)
		add_span(spans, side->own, joined.span[i].first, joined.span[i].count);
	if (spans->n > 0 || !facts->sets_ids || here_is_everything(side->here))
		return;
	for (uint32_t i = 0; i < side->here->n; i++)
		add_span(spans, side->own, side->here->range[i].inside, side->here->range[i].count);
}

static int nothing_delegated(const struct side *side, const struct facts *facts, struct failure *why)
{
	const struct delegation *delegated = side->delegated;
	const char *name = facts->name != NULL ? facts->name : "YOUR-NAME";

	if (delegated->err != 0)
		(void)fail(why, delegated->err, "no %ss can be mapped beyond your own: read %s",
			   side->ids, delegated->file);
	else if (delegated->list.malformed > 0)
		(void)fail(why, 0, "no %ss can be mapped beyond your own: line %u of %s is malformed",
			   side->ids, delegated->list.first_malformed_line, delegated->file);
	else
		(void)fail(why, 0, "no %ss can be mapped beyond your own: %s has no line for %s",
			   side->ids, delegated->file, name);
	return hint(why, "as root: usermod %s 100000-165535 %s (or write %s:100000:65536 into %s), "
		    "with a range that no one else has; or --map self or --map root for one ID",
		    side->add, name, name, delegated->file);
}

/* ---- the modes ----------------------------------------------------------------------------- */

static int map_own(const struct side *side, uint32_t inside, struct failure *why)
{
	return add(side, inside, side->own, 1, why);
}

/* The spans one after another from first on, around the ID that is taken already. */
static int map_spans(const struct side *side, const struct subid_list *spans, uint32_t first,
		     uint32_t taken, struct failure *why)
{
	for (uint32_t i = 0; i < spans->n; i++) {
		uint32_t outside = spans->span[i].first, left = spans->span[i].count;
		uint32_t before = taken > first ? taken - first : 0;

		if (before > 0 && before < left) {
			if (add(side, first, outside, before, why) < 0)
				return -1;
			first += before;
			outside += before;
			left -= before;
		}
		if (first == taken)
			first++;
		if (left > UINT32_MAX - first)
			return fail(why, 0, "the %s map would need more IDs than there are", side->ids);
		if (add(side, first, outside, left, why) < 0)
			return -1;
		first += left;
	}
	return 0;
}

static int map_by_mode(enum map_mode mode, const struct side *side, const struct facts *facts,
		       struct failure *why)
{
	struct subid_list spans;

	switch (mode) {
	case MAP_SELF:
		return map_own(side, side->own, why);
	case MAP_ROOT:
		return map_own(side, 0, why);
	case MAP_EXPLICIT:
		*side->map = *side->explicit;
		return 0;
	default:
		break;
	}
	spans_of(side, facts, &spans);
	if (spans.n == 0)
		return nothing_delegated(side, facts, why);
	if (mode == MAP_SUB)
		return map_spans(side, &spans, 0, UINT32_MAX, why);
	if (map_own(side, mode == MAP_KEEP ? side->own : 0, why) < 0)
		return -1;
	return map_spans(side, &spans, 0, mode == MAP_KEEP ? side->own : 0, why);
}

/* ---- borders and soundness ----------------------------------------------------------------- */

static int check(const struct side *side, struct failure *why)
{
	struct idmap_clash at = { 0, 0 };
	enum idmap_fault fault = idmap_check(side->map, &at);
	const struct idrange *a = &side->map->range[at.a], *b = &side->map->range[at.b];

	switch (fault) {
	case IDMAP_GOOD:
		return 0;
	case IDMAP_OVERLAPS_INSIDE:
	case IDMAP_OVERLAPS_OUTSIDE:
		return fail(why, 0, "the %s ranges %u:%u:%u and %u:%u:%u overlap %s", side->ids,
			    a->inside, a->outside, a->count, b->inside, b->outside, b->count,
			    fault == IDMAP_OVERLAPS_INSIDE ? "inside" : "outside");
	case IDMAP_WRAPS:
		return fail(why, 0, "the %s range %u:%u:%u holds no ID or goes beyond 4294967294",
			    side->ids, a->inside, a->outside, a->count);
	default:
		return fail(why, 0, "the %s map: %s", side->ids, idmap_complaint(fault));
	}
}

/* The line of the surrounding map that holds an ID, or NULL. */
static const struct idrange *line_of(const struct idmap *here, uint32_t id)
{
	for (uint32_t i = 0; i < here->n; i++)
		if (id >= here->range[i].inside && id - here->range[i].inside < here->range[i].count)
			return &here->range[i];
	return NULL;
}

static int cut_range(const struct side *side, struct idrange range, struct failure *why)
{
	while (range.count > 0) {
		const struct idrange *line = line_of(side->here, range.outside);
		uint32_t piece;

		if (line == NULL) {
			(void)fail(why, 0, "%s %u is not mapped in the user namespace around this one",
				   side->ids, range.outside);
			return hint(why, "/proc/self/uid_map and gid_map list the IDs that exist here; "
				    "delegate a range among them");
		}
		piece = line->count - (range.outside - line->inside);
		if (piece > range.count)
			piece = range.count;
		if (add(side, range.inside, range.outside, piece, why) < 0)
			return -1;
		range.inside += piece;
		range.outside += piece;
		range.count -= piece;
	}
	return 0;
}

static int cut_at_borders(const struct side *side, struct failure *why)
{
	static struct idmap whole;

	whole = *side->map;
	side->map->n = 0;
	for (uint32_t i = 0; i < whole.n; i++)
		if (cut_range(side, whole.range[i], why) < 0)
			return -1;
	return 0;
}

static bool maps_only(const struct idmap *map, uint32_t own)
{
	return map->n == 1 && map->range[0].count == 1 && map->range[0].outside == own;
}

static bool maps_inside(const struct idmap *map, uint32_t id)
{
	return line_of(map, id) != NULL;
}

static int make_side(enum map_mode mode, const struct side *side, const struct facts *facts,
		     struct failure *why)
{
	side->map->n = 0;
	if (mode == MAP_EXPLICIT && side->explicit->n == 0) {
		(void)fail(why, 0, "the %s map is not given", side->ids);
		return hint(why, "--uid-map and --gid-map go together");
	}
	if (map_by_mode(mode, side, facts, why) < 0 || check(side, why) < 0)
		return -1;
	if (maps_only(side->map, side->own))
		return 0;		/* the caller's own ID exists here, whatever else does */
	return cut_at_borders(side, why) < 0 ? -1 : check(side, why);
}

/* ---- who installs them --------------------------------------------------------------------- */

static int no_source(const struct facts *facts, struct failure *why)
{
	(void)fail(why, 0, "no one here can install a map of more than your own ID");
	if (facts->no_new_privs)
		return hint(why, "this process has no_new_privs, so set-user-ID helpers get no "
			    "privilege; it is set by another sandbox, setpriv or systemd's NoNewPrivileges=");
	return hint(why, "install croft's helpers set-user-ID root (%s), or the package uidmap, "
		    "which has %s", UIDMAP_HELPER, NEWUIDMAP);
}

static int choose_source(const struct options *o, const struct facts *facts, struct plan *plan,
			 struct failure *why)
{
	bool kernel_suffices = facts->sets_ids ||
		(plan->single && plan->setgroups == SETGROUPS_DENY);

	plan->source = o->source;
	if (o->source == SOURCE_KERNEL && !kernel_suffices) {
		(void)fail(why, 0, "--map-source kernel maps your own ID alone, with setgroups denied");
		return hint(why, "the kernel's rule: user_namespaces(7); --map-source auto asks the helpers");
	}
	if (o->source != SOURCE_AUTO)
		return 0;
	if (kernel_suffices)
		plan->source = SOURCE_KERNEL;
	else if (facts->croft_helpers && !facts->no_new_privs)
		plan->source = SOURCE_CROFT;
	else if (facts->system_helpers && !facts->no_new_privs)
		plan->source = SOURCE_NEWUIDMAP;
	else
		return no_source(facts, why);
	return 0;
}

/* A shell changes groups (apt, su); a command does not unless told. */
static enum idrequest_setgroups choose_setgroups(const struct options *o, const struct facts *facts,
						 const struct plan *plan)
{
	if (o->setgroups != UNSAID)
		return (enum idrequest_setgroups)o->setgroups;
	if (o->command != COMMAND_SHELL || maps_only(&plan->gid_map, facts->gid))
		return SETGROUPS_DENY;
	return SETGROUPS_ALLOW;
}

/* ---- who the payload is -------------------------------------------------------------------- */

/* The number inside of an ID outside; the first mapped one where it has none. */
static uint32_t inside_of(const struct idmap *map, uint32_t outside)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (outside >= map->range[i].outside &&
		    outside - map->range[i].outside < map->range[i].count)
			return map->range[i].inside + (outside - map->range[i].outside);
	return map->range[0].inside;
}

static uint32_t root_or(const struct idmap *map, uint32_t otherwise)
{
	return maps_inside(map, 0) ? 0 : otherwise;
}

static int check_payload(const struct plan *plan, struct failure *why)
{
	if (plan->user == NULL && !maps_inside(&plan->uid_map, plan->uid))
		return fail(why, 0, "--user: UID %u is not mapped inside", plan->uid);
	if (plan->user == NULL && !maps_inside(&plan->gid_map, plan->gid))
		return fail(why, 0, "--user: GID %u is not mapped inside", plan->gid);
	return 0;
}

/* "UID", "UID:GID" or a name; a word that begins with a digit is never a name. */
static int choose_payload(const struct options *o, const struct facts *facts, struct plan *plan,
			  struct failure *why)
{
	uint32_t uid = inside_of(&plan->uid_map, facts->uid), gid = inside_of(&plan->gid_map, facts->gid);
	uint64_t number;
	const char *rest;

	plan->root_uid = root_or(&plan->uid_map, uid);
	plan->root_gid = root_or(&plan->gid_map, gid);
	plan->uid = o->command == COMMAND_SHELL ? plan->root_uid : uid;
	plan->gid = o->command == COMMAND_SHELL ? plan->root_gid : gid;
	if (o->user == NULL)
		return 0;
	if (o->user[0] < '0' || o->user[0] > '9') {
		plan->user = o->user;
		return 0;
	}
	rest = number_read(o->user, UINT32_MAX - 1, &number);
	if (rest != NULL)
		plan->uid = plan->gid = (uint32_t)number;
	if (rest != NULL && *rest == ':' && number_whole(rest + 1, UINT32_MAX - 1, &number)) {
		plan->gid = (uint32_t)number;
		return check_payload(plan, why);
	}
	if (rest == NULL || *rest != '\0')
		return fail(why, 0, "--user takes a name or UID[:GID] in decimal numbers, not '%s'", o->user);
	if (!maps_inside(&plan->gid_map, plan->gid))
		plan->gid = gid;
	return check_payload(plan, why);
}

int maps_make(const struct options *o, const struct facts *facts, struct plan *plan,
	      struct failure *why)
{
	enum map_mode mode = o->map != MAP_DEFAULT ? o->map :
			     o->command == COMMAND_SHELL ? MAP_AUTO : MAP_SELF;
	const struct side uids = { "UID", "--add-subuids", facts->uid, &facts->uid_here,
				   &facts->subuid, &o->uid_map, &plan->uid_map };
	const struct side gids = { "GID", "--add-subgids", facts->gid, &facts->gid_here,
				   &facts->subgid, &o->gid_map, &plan->gid_map };

	if (make_side(mode, &uids, facts, why) < 0 || make_side(mode, &gids, facts, why) < 0)
		return -1;
	plan->single = maps_only(&plan->uid_map, facts->uid) && maps_only(&plan->gid_map, facts->gid);
	plan->setgroups = choose_setgroups(o, facts, plan);
	if (choose_source(o, facts, plan, why) < 0)
		return -1;
	return choose_payload(o, facts, plan, why);
}
