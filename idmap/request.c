/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request - the bytes between the front end and a helper */
#include "idmap/request.h"

enum idverdict_code idrequest_check(const struct idrequest *request, size_t length)
{
	const size_t head = offsetof(struct idrequest, map.range);
	const size_t each = sizeof(request->map.range[0]);

	if (length < head)
		return VERDICT_REQUEST_SHORT;
	if (request->magic != IDREQUEST_MAGIC || request->map.n > IDMAP_MAX)
		return VERDICT_REQUEST_UNSOUND;
	if (request->setgroups != SETGROUPS_DENY && request->setgroups != SETGROUPS_ALLOW)
		return VERDICT_REQUEST_UNSOUND;
	if (length != head + request->map.n * each)
		return length < head + request->map.n * each ? VERDICT_REQUEST_SHORT :
							       VERDICT_REQUEST_LONG;
	if (idmap_check(&request->map, NULL) != IDMAP_GOOD)
		return VERDICT_REQUEST_UNSOUND;
	return VERDICT_GRANTED;
}
