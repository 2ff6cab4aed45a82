/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps - from what the user asked for to ranges of IDs
 *
 * Both maps are made by the same steps: the wanted ranges from the mode, cut
 * where a line of the surrounding map ends (the kernel wants each range inside
 * one line: map_id_range_down(), user_namespaces(7)), then checked.
 */
#include "sandbox/identity/maps.h"

#include <stddef.h>

/* One of the two maps, with the facts that belong to it. */
struct side {
	const char *ids;			/* "UID" or "GID" */
	const char *add;			/* usermod's option that delegates a range */
	const char *accounts_file;
	struct text accounts;
	uint32_t own;				/* the caller's ID */
	uint32_t own_inside;			/* what it is inside, where it is the only one */
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

static bool has_one_id(const struct idmap *here)
{
	return here->n == 1 && here->range[0].count == 1;
}

/* The line of a map that holds an ID as it is numbered inside, or NULL. */
static const struct idrange *line_of(const struct idmap *map, uint32_t inside)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (inside >= map->range[i].inside &&
		    inside - map->range[i].inside < map->range[i].count)
			return &map->range[i];
	return NULL;
}

/* Do all of these IDs exist in this user namespace? */
static bool are_here(const struct idmap *here, uint32_t first, uint32_t count)
{
	while (count > 0) {
		const struct idrange *line = line_of(here, first);
		uint32_t piece = line != NULL ? line->count - (first - line->inside) : 0;

		if (piece == 0 || piece >= count)
			return piece != 0;
		first += piece;
		count -= piece;
	}
	return true;
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

/* ---- what would grant them ----------------------------------------------------------------- */

static struct side uids_of(const struct facts *facts, const struct options *o, struct idmap *map)
{
	return (struct side){ "UID", "--add-subuids", "/etc/passwd", facts->users, facts->uid,
			      o != NULL && o->uid != UNSAID ? (uint32_t)o->uid : facts->uid,
			      &facts->uid_here, &facts->subuid,
			      o != NULL ? &o->uid_map : NULL, map };
}

static struct side gids_of(const struct facts *facts, const struct options *o, struct idmap *map)
{
	return (struct side){ "GID", "--add-subgids", "/etc/group", facts->groups, facts->gid,
			      o != NULL && o->gid != UNSAID ? (uint32_t)o->gid : facts->gid,
			      &facts->gid_here, &facts->subgid,
			      o != NULL ? &o->gid_map : NULL, map };
}

/* "usermod --add-subuids 100000-165535", for each side that has nothing, and the lines. */
static void advise(const struct side *side, const char **options, const char **lines,
		   const char *owner)
{
	uint32_t first = accounts_free_range(side->delegated->text, side->accounts);

	if (side->delegated->list.n > 0 || first == 0 || !are_here(side->here, first, FREE_COUNT))
		return;
	*options = plan_text("%s %s %u-%u", *options, side->add, first, first + FREE_COUNT - 1);
	*lines = plan_text("%s%s%s:%u:%d in %s", *lines, **lines != '\0' ? " and " : "", owner,
			   first, FREE_COUNT, side->delegated->file);
}

static int advise_delegation(const struct facts *facts, struct failure *why)
{
	const char *owner = facts->name != NULL ? facts->name : plan_text("%u", facts->uid);
	const struct side uids = uids_of(facts, NULL, NULL), gids = gids_of(facts, NULL, NULL);
	const char *options = "", *lines = "";

	if (facts->subid_service)
		return hint(
			why,
			"nsswitch.conf names a service for subid, which only newuidmap asks: say "
			"its ranges with --uid-map and --gid-map, and --map-source newuidmap");
	advise(&uids, &options, &lines, owner);
	advise(&gids, &options, &lines, owner);
	if (*lines == '\0' && !here_is_everything(uids.here))
		return hint(why,
			    "the user namespace around this one has no %d free IDs in a row "
			    "to give; --map self and --map root need none",
			    FREE_COUNT);
	if (*lines == '\0')
		return hint(why,
			    "no %d IDs in a row are free in the delegation files; --map self and "
			    "--map root need none",
			    FREE_COUNT);
	if (facts->name == NULL)
		return hint(why, "as root, add %s; --map self and --map root need none", lines);
	return hint(why, "as root: usermod%s %s (or add %s); --map self and --map root need none",
		    options, owner, lines);
}

/* In a sandbox, with nothing that could give IDs there: no file changes that. */
static int nobody_gives(const struct side *side, struct failure *why)
{
	if (has_one_id(side->here)) {
		(void)fail(why, 0,
			   "no %ss can be mapped beyond your own: the user namespace around this "
			   "one has no other",
			   side->ids);
		return hint(
			why,
			"--map self and --map root need no more; or start outside of that sandbox");
	}
	(void)fail(why, 0,
		   "no %ss can be mapped beyond your own: you do not hold CAP_SETUID "
		   "and CAP_SETGID in the user namespace around this one, "
		   "and no_new_privs keeps a helper from it", side->ids);
	return hint(why, "start outside of that sandbox, or as root in one made by croft shell; "
			 "--map self and --map root need no more");
}

static int nothing_delegated(const struct side *side, const struct facts *facts,
			     struct failure *why)
{
	const struct delegation *delegated = side->delegated;
	const char *name = facts->name != NULL ? facts->name : "your UID";

	if (!here_is_everything(side->here) &&
	    (has_one_id(side->here) || (facts->no_new_privs && !facts->sets_ids)))
		return nobody_gives(side, why);
	if (delegated->err != 0)
		(void)fail(why, delegated->err, "no %ss can be mapped beyond your own: read %s",
			   side->ids, delegated->file);
	else if (delegated->list.malformed > 0)
		(void)fail(why, 0,
			   "no %ss can be mapped beyond your own: %s has no good line for %s, and "
			   "line %u is malformed",
			   side->ids, delegated->file, name, delegated->list.first_malformed_line);
	else
		(void)fail(why, 0, "no %ss can be mapped beyond your own: %s has no line for %s",
			   side->ids, delegated->file, name);
	return advise_delegation(facts, why);
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

		if (left >= UINT32_MAX - first)		/* one more, if it skips the taken ID */
			return fail(why, 0, "the %s map would need more IDs than there are",
				    side->ids);
		if (before > 0 && before < left) {
			if (add(side, first, outside, before, why) < 0)
				return -1;
			first += before;
			outside += before;
			left -= before;
		}
		if (first == taken)
			first++;
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
		return map_own(side, side->own_inside, why);
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
	case IDMAP_EMPTY:
		return fail(why, 0, "the %s map has no range", side->ids);
	case IDMAP_TOO_MANY:
		return too_many(side, why);
	case IDMAP_TOO_LONG:
		break;
	}
	return fail(why, 0,
		    "the %s map is longer as text than the 4095 bytes that the kernel takes",
		    side->ids);
}

/* Is the ID in the range, on the outside? */
static bool has(const struct idrange *range, uint32_t outside)
{
	return outside >= range->outside && outside - range->outside < range->count;
}

bool maps_inside(const struct idmap *map, uint32_t inside)
{
	return line_of(map, inside) != NULL;
}

bool maps_only(const struct idmap *map, uint32_t outside)
{
	return map->n == 1 && map->range[0].count == 1 && map->range[0].outside == outside;
}

bool maps_to_inside(const struct idmap *map, uint32_t outside, uint32_t *inside)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (has(&map->range[i], outside)) {
			*inside = map->range[i].inside + (outside - map->range[i].outside);
			return true;
		}
	return false;
}

static int cut_range(const struct side *side, struct idrange range, struct failure *why)
{
	while (range.count > 0) {
		const struct idrange *line = line_of(side->here, range.outside);
		uint32_t piece;

		if (line == NULL) {
			(void)fail(why, 0,
				   "%s %u is not mapped in the user namespace around this one",
				   side->ids, range.outside);
			return hint(why,
				    "/proc/self/uid_map and gid_map list the IDs that exist here; "
				    "delegate or ask for a range among them");
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
	struct idmap whole = *side->map;

	side->map->n = 0;
	for (uint32_t i = 0; i < whole.n; i++)
		if (cut_range(side, whole.range[i], why) < 0)
			return -1;
	return 0;
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

/* ---- who else is in them ------------------------------------------------------------------- */

/* A range may hold the caller's own ID among others, which surprises more than it serves. */
static void warn_of_own(const struct side *side, struct plan *plan)
{
	for (uint32_t i = 0; i < side->map->n; i++) {
		const struct idrange *range = &side->map->range[i];

		if (range->count > 1 && has(range, side->own))
			plan_warn(
				plan,
				"the %s range %u:%u:%u takes in your own %s %u, which is %u inside",
				side->ids, range->inside, range->outside, range->count, side->ids,
				side->own, range->inside + (side->own - range->outside));
	}
	for (uint32_t i = 0; i < side->delegated->list.n && side->explicit->n == 0; i++) {
		const struct subid_span *span = &side->delegated->list.span[i];

		if (side->own >= span->first && side->own - span->first < span->count)
			plan_warn(plan,
				  "%s delegates %u:%u to you, which takes in your own %s %u; it is "
				  "mapped once",
				  side->delegated->file, span->first, span->count, side->ids,
				  side->own);
	}
}

/* One warning for each range: the first account that it meets, and how many more there are. */
static void warn_of_accounts(const struct side *side, const struct idrange *range,
			     struct plan *plan)
{
	struct text rest = side->accounts;
	struct account account, first = { .id = 0 };
	uint32_t met = 0;

	while (accounts_next(&rest, &account))
		if (account.id != side->own && has(range, account.id) && met++ == 0)
			first = account;
	if (met > 0)
		plan_warn(plan, "the %s range %u:%u:%u takes in %s %u, which is %.*s in %s%s",
			  side->ids, range->inside, range->outside, range->count, side->ids,
			  first.id, (int)first.name.length, first.name.at, side->accounts_file,
			  met == 1 ? "" : plan_text(", and %u more", met - 1));
}

/* Whoever sets IDs without a helper (root, or root of a sandbox) maps accounts on purpose. */
static void warn_of_overlaps(const struct side *side, const struct facts *facts, struct plan *plan)
{
	if (facts->sets_ids)
		return;
	warn_of_own(side, plan);
	for (uint32_t i = 0; i < side->map->n; i++)
		warn_of_accounts(side, &side->map->range[i], plan);
}

/* ---- what the files grant ------------------------------------------------------------------ */

static int not_granted(const struct side *side, const struct idrange *range,
		       const struct facts *facts, struct failure *why)
{
	const char *owner = facts->name != NULL ? facts->name : plan_text("%u", facts->uid);
	uint32_t last = range->outside + range->count - 1;

	if (range->outside == 0)
		return fail(why, 0,
			    "the %s range %u:%u:%u takes in %s 0 outside, which is never granted",
			    side->ids, range->inside, range->outside, range->count, side->ids);
	(void)fail(why, 0, "the %s range %u:%u:%u is not delegated to you in %s", side->ids,
		   range->inside, range->outside, range->count, side->delegated->file);
	return hint(why,
		    "if no one else has these IDs, as root: usermod %s %u-%u %s (or add %s:%u:%u "
		    "to %s)",
		    side->add, range->outside, last, owner, owner, range->outside, range->count,
		    side->delegated->file);
}

/* Delegated as a whole, but for the caller's own ID, which needs no line. */
static bool is_granted(const struct side *side, const struct idrange *range)
{
	const struct subid_list *list = &side->delegated->list;
	uint32_t before;

	if (!has(range, side->own))
		return subid_covers(list, range->outside, range->count);
	before = side->own - range->outside;
	return (before == 0 || subid_covers(list, range->outside, before)) &&
	       (before + 1 == range->count ||
		subid_covers(list, side->own + 1, range->count - before - 1));
}

static int check_delegation(const struct side *side, const struct facts *facts, struct failure *why)
{
	for (uint32_t i = 0; i < side->map->n; i++)
		if (!is_granted(side, &side->map->range[i]))
			return not_granted(side, &side->map->range[i], facts, why);
	return 0;
}

int maps_check_delegation(const struct facts *facts, const struct plan *plan, struct failure *why)
{
	struct idmap uid_map = plan->uid_map, gid_map = plan->gid_map;
	const struct side uids = uids_of(facts, NULL, &uid_map),
			  gids = gids_of(facts, NULL, &gid_map);

	return check_delegation(&uids, facts, why) < 0 ? -1 : check_delegation(&gids, facts, why);
}

/* ---- both ---------------------------------------------------------------------------------- */

/* verify_root_map(), Linux 5.12: or a file's capability in here could be one out there. */
static int check_root(const struct facts *facts, const struct plan *plan, struct failure *why)
{
	uint32_t inside;

	if (!facts->no_setfcap || facts->uid != 0 || !maps_to_inside(&plan->uid_map, 0, &inside))
		return 0;
	(void)fail(why, 0, "your own UID, 0 in the user namespace around this one, can be mapped "
			   "only by who holds CAP_SETFCAP there");
	return hint(why, "make the surrounding sandbox with --map self or --map keep, or with "
			 "--cap-add setfcap; root in croft shell holds it");
}

int maps_make(const struct options *o, const struct facts *facts, struct plan *plan,
	      struct failure *why)
{
	enum map_mode mode = o->map != MAP_DEFAULT ? o->map :
			     o->command == COMMAND_SHELL ? MAP_AUTO : MAP_SELF;
	const struct side uids = uids_of(facts, o, &plan->uid_map),
			  gids = gids_of(facts, o, &plan->gid_map);

	if (make_side(mode, &uids, facts, why) < 0 || make_side(mode, &gids, facts, why) < 0 ||
	    check_root(facts, plan, why) < 0)
		return -1;
	plan->single =
		maps_only(&plan->uid_map, facts->uid) && maps_only(&plan->gid_map, facts->gid);
	if (!plan->single) {
		warn_of_overlaps(&uids, facts, plan);
		warn_of_overlaps(&gids, facts, plan);
	}
	return 0;
}
