/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verdict - the only two ways to end, and one line in the system log
 *
 * The answer is eight bytes that the caller had no hand in, and they go to a
 * pipe or nowhere: a descriptor of the caller's choice may be a file whose
 * writer the kernel judges by (CVE-2012-0056).  Nothing is written to standard
 * error, ever.
 *
 * syslog(3) reads the time zone and the program's name and takes a format, all
 * of which was used against set-user-ID programs (CVE-2023-6246).  One datagram
 * of numbers and fixed words does without.
 */
#include "helpers/steps.h"

#include "idmap/text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

enum { RANGES_SHOWN = 8, LINE_SIZE = 512 };	/* such a line is shorter by a hundred bytes */

struct log_facts log_facts;

static char *add(char *end, const char *words, uint32_t number)
{
	end = stpcpy(end, words);
	return end + text_print(number, ' ', end);
}

static size_t compose(char line[LINE_SIZE], uint32_t code)
{
	const struct idmap *map = log_facts.map;
	char *end = stpcpy(line, "<");

	end += text_print(LOG_AUTHPRIV | (code == 0 ? LOG_INFO : LOG_WARNING), '>', end);
	end = stpcpy(end, log_facts.ident);
	end = add(end, code == 0 ? ": granted, verdict " : ": refused, verdict ", code);
	end = add(end, "uid ", log_facts.uid);
	end = add(end, "target ", log_facts.target);
	end = add(end, "ranges ", map->n);
	for (uint32_t i = 0; i < map->n && map->n <= RANGES_SHOWN; i++) {
		end += text_print(map->range[i].inside, ':', end);
		end += text_print(map->range[i].outside, ':', end);
		end += text_print(map->range[i].count, ' ', end);
	}
	return (size_t)(end - line);
}

/* A full or missing log must not decide who gets a sandbox, and nobody waits for it. */
static void log_verdict(uint32_t code)
{
	static const struct sockaddr_un address = { AF_UNIX, "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	char line[LINE_SIZE];

	(void)sendto(fd, line, compose(line, code), MSG_NOSIGNAL,
		     (const struct sockaddr *)&address, sizeof(address));
	(void)close(fd);
}

static _Noreturn void answer(uint32_t yes_or_no, enum idverdict_code code)
{
	const struct idverdict verdict = { yes_or_no, code };

	if (log_facts.ident != NULL)
		log_verdict(code);
	/* Pipes alone answer this, and no file system is asked: a FUSE server can hang fstat(2). */
	if (fcntl(STDOUT_FILENO, F_GETPIPE_SZ) > 0)
		(void)!write(STDOUT_FILENO, &verdict, sizeof(verdict));	/* so does the status */
	_exit((int)code);
}

void refuse(enum idverdict_code code)
{
	answer(IDVERDICT_NO, code);
}

void confirm(void)
{
	answer(IDVERDICT_YES, VERDICT_GRANTED);
}
