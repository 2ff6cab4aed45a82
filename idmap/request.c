/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request - the bytes between the front end and a helper */
#include "idmap/request.h"

enum idverdict_code idrequest_check(const struct idrequest *request, size_t length)
{
	const size_t head = offsetof(struct idrequest, map.range);
	size_t whole;

	if (length < head)
		return VERDICT_REQUEST_SHORT;
	if (request->magic != IDREQUEST_MAGIC || request->setgroups > SETGROUPS_ALLOW ||
	    request->map.n > IDMAP_MAX)
		return VERDICT_REQUEST_UNSOUND;
	whole = head + request->map.n * sizeof(request->map.range[0]);
	if (length != whole)
		return length < whole ? VERDICT_REQUEST_SHORT : VERDICT_REQUEST_LONG;
	return idmap_check(&request->map, NULL) == IDMAP_GOOD ?
	       VERDICT_GRANTED : VERDICT_REQUEST_UNSOUND;
}
