/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handshake - how the processes keep step
 *
 *     launcher                 setup, then reaper              payload's process
 *       |------- MAPPED ---------->|                                  |
 *       |                          |<------- NETWORK (fd) ------------|  made its namespace
 *       |<------ NETWORK (fd) -----+----------------------------------|  for report.h
 *       |<------ TERMINAL (fd) ----|                                  |
 *       |------- REPORTED -------->|                                  |  the documents (report.h)
 *       |                          |-------- BEGIN (fd) ------------->|  the root is ready
 *       |                          |<------- NUMBER n ----------------|  wants IDs for a second
 *       |                          |-------- MAPPED ----------------->|    user namespace, if any
 *       |<------ COMMAND ----------+----------------------------------|  exec is next, for report.h
 *       |                          |<------- LISTENER (fd) -----------|  kills, for report.h
 *       |                          |-------- LISTENER --------------->|    (confine/listener.h)
 *       |------- SIGNAL n -------->|
 *       |<------ STOPPED ----------|
 *       |<------ ENDED n ----------|  where others inside may go on, and for report.h
 *       |<------ FAILED (why) -----+----------------------------------|  at any time
 *
 * Two SOCK_SEQPACKET pairs, a message a packet; and a third, for SETUP (fd) alone, where
 * another process must make setup for the launcher (namespaces.c).  How the payload ended is the
 * reaper's own exit status; only a reaper that stays for others, or one that is
 * to be more exact, tells of it.  An end of file where a
 * message is due is a failure: silence is never taken for consent.
 */
#ifndef SANDBOX_HANDSHAKE_H
#define SANDBOX_HANDSHAKE_H

#include "sandbox/confine/listener.h"
#include "sandbox/confine/privileges.h"
#include "sandbox/failure.h"

enum message_kind {
	MESSAGE_MAPPED = 1, MESSAGE_NETWORK, MESSAGE_TERMINAL, MESSAGE_REPORTED, MESSAGE_BEGIN,
	MESSAGE_NUMBER, MESSAGE_SETUP, MESSAGE_COMMAND, MESSAGE_LISTENER, MESSAGE_SIGNAL,
	MESSAGE_STOPPED, MESSAGE_ENDED, MESSAGE_FAILED,
};

struct message {
	enum message_kind kind;
	int value;			/* a signal, a PID, or an exit status or minus a signal */
	struct privileges held;		/* COMMAND: what the command begins with */
	struct kills kills;		/* ENDED: what filters ended, as far as it can be told */
};

/* Makes the pair, both ends close-on-exec.  Returns 0, or -1 with why filled in. */
int handshake_open(int ends[2], struct failure *why);

/* Sends a message, with a descriptor unless fd is -1.  Returns 0, or -1 with errno. */
int handshake_send(int end, enum message_kind kind, int value, int fd);

/* Sends COMMAND.  Returns 0, or -1 with errno. */
int handshake_send_command(int end, const struct privileges *held);

/* Sends ENDED.  Returns 0, or -1 with errno. */
int handshake_send_end(int end, int how, const struct kills *kills);

/* Sends FAILED.  No result: if it cannot be sent, the end of file says enough. */
void handshake_send_failure(int end, const struct failure *why);

/*
 * Waits for the next message.  Returns 1; 0 at end of file; -1 with why filled
 * in for FAILED and for whatever is no message.  *fd, if not NULL, is the
 * descriptor that came with it, or -1.
 */
int handshake_receive(int end, struct message *message, int *fd, struct failure *why);

/*
 * Waits for this very message; anything else, and the end of file, is a failure.
 * Returns 0, or -1 with why filled in.  *value and *fd, if not NULL, are what came with it.
 */
int handshake_expect(int end, enum message_kind kind, int *value, int *fd, struct failure *why);

#endif
