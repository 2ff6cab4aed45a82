/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * terminal - a private pty between the caller's terminal and the payload
 *
 *     caller's terminal <--- launcher (relay) ---> master | peer <--- payload
 *
 * The payload never holds a descriptor of the caller's terminal, so it cannot
 * push characters into it (TIOCSTI), read what is typed elsewhere, or leave it
 * in a state of its own.  Those of descriptors 0-2 that are terminals become
 * the peer; the others reach the payload as they are.
 *
 * Full mode (0 and 1 are one terminal): ours is raw while we are in the
 * foreground, the private one has its settings and size; keys reach the
 * private one as bytes, and its line discipline makes the signals.
 * Part mode (one of them is a file or a pipe): ours stays as it is, and its
 * keys make signals for the launcher, which passes them on.
 */
#ifndef SANDBOX_TERMINAL_H
#define SANDBOX_TERMINAL_H

#include "sandbox/failure.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* Whether fd is a terminal: 1, 0, or -1 with errno where that cannot be told. */
int terminal_look(int fd);

/* ---- setup's side --------------------------------------------------------- */

/* Opens and unlocks a master by the ptmx at path in directory.  Returns it, or -1 with errno. */
int terminal_open_master(int directory, const char *path);

/*
 * Opens the other end of a master, without making it anyone's controlling
 * terminal, and gives it the settings and the size of the caller's terminal.
 */
int terminal_open_peer(int master);

/* ---- launcher's side ------------------------------------------------------ */

enum { TERMINAL_POLLS = 4, TERMINAL_BUFFER = 16384 };

struct terminal_flow {
	char bytes[TERMINAL_BUFFER];
	size_t begin, end;
	bool closed;			/* nothing more comes */
};

struct terminal {
	int master;			/* owned; -1: no private terminal */
	int peer;			/* owned: keeps the master from reporting a hang-up */
	int ours;			/* which of 1, 2, 0 is a terminal: where its output goes */
	int reader, writer;		/* owned: 0 and ours, as open files of our own */
	bool reads;			/* descriptor 0 is a terminal, too */
	bool full;
	bool raw;			/* ours is in raw mode, because of us */
	struct termios saved;		/* what ours was */
	struct terminal_flow in, out;
};

/* Takes the master; then as terminal_resume(). */
int terminal_begin(struct terminal *terminal, int master, struct failure *why);

/* After a stop, SIGCONT or SIGWINCH: the size is copied; raw mode, if we are in the foreground. */
void terminal_resume(struct terminal *terminal);

/*
 * Writes out what the payload wrote until now, and gives the caller's terminal
 * back as it was; called in every exit and before every stop.
 */
void terminal_suspend(struct terminal *terminal);

/* Fills in what to wait for (fd -1: nothing), and then moves what can be moved without waiting. */
void terminal_want(const struct terminal *terminal, struct pollfd polls[TERMINAL_POLLS]);
void terminal_move(struct terminal *terminal, const struct pollfd polls[TERMINAL_POLLS]);

/* The payload is gone: as terminal_suspend(), and the private terminal is let go of. */
void terminal_end(struct terminal *terminal);

#endif
