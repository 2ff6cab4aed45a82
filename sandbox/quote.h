/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quote - the one escaper for every text that leaves croft
 *
 * What the user, a file or the payload wrote may hold bytes that steer a
 * terminal, forge a log line or turn a sentence around.
 */
#ifndef SANDBOX_QUOTE_H
#define SANDBOX_QUOTE_H

#include <stddef.h>

/* The longest form of one byte is JSON's \uNNNN. */
#define QUOTED_SIZE(length) (6 * (length) + 1)

/*
 * Writes text into quoted with every control byte (C0, DEL, C1 also inside
 * UTF-8), bidirectional control, line separator, invisible character and byte
 * that is no valid UTF-8 as \xNN.  Cuts to size, which is 1 at least, but never
 * within a character.  Returns quoted.
 */
const char *quote(const char *text, char *quoted, size_t size);

/*
 * The same as a JSON string body (no quotation marks around it), RFC 8259.  A
 * byte that is no valid UTF-8 cannot be said in JSON and becomes U+FFFD.
 */
const char *quote_json(const char *text, char *quoted, size_t size);

#endif
