/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log - one line in the system log for each request
 *
 * syslog(3) reads the time zone and the program's name and takes a format, all
 * of which has been used against set-user-ID programs (CVE-2023-6246).  One
 * datagram to the same socket does without.
 */
#include "helpers/log.h"

#include "idmap/text.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

enum { RANGES_SHOWN = 8, LINE_SIZE = 512 };	/* what a line may need is far below its size */

struct line {
	char text[LINE_SIZE];
	size_t length;
};

struct log_facts log_facts;

static void add_word(struct line *line, const char *word)
{
	while (*word != '\0' && line->length < LINE_SIZE)
		line->text[line->length++] = *word++;
}

static void add_number(struct line *line, const char *before, uint32_t number)
{
	char digits[TEXT_DIGITS + 1];

	digits[text_print(number, digits)] = '\0';
	add_word(line, before);
	add_word(line, digits);
}

static void add_map(struct line *line, const struct idmap *map)
{
	add_number(line, " ranges ", map->n);
	if (map->n > RANGES_SHOWN)
		return;
	for (uint32_t i = 0; i < map->n; i++) {
		add_number(line, " ", map->range[i].inside);
		add_number(line, ":", map->range[i].outside);
		add_number(line, ":", map->range[i].count);
	}
}

static void compose(struct line *line, uint32_t code)
{
	add_number(line, "<", LOG_AUTHPRIV | (code == 0 ? LOG_INFO : LOG_WARNING));
	add_word(line, ">");
	add_word(line, log_facts.ident);
	add_number(line, "[", (uint32_t)getpid());
	add_number(line, code == 0 ? "]: granted, verdict " : "]: refused, verdict ", code);
	add_number(line, ", uid ", log_facts.uid);
	add_number(line, ", target ", log_facts.target);
	if (log_facts.map != NULL)
		add_map(line, log_facts.map);
}

void log_verdict(uint32_t code)
{
	static const struct sockaddr_un socket_of_log = { AF_UNIX, "/dev/log" };
	struct line line = { .length = 0 };
	int fd;

	if (log_facts.ident == NULL)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	compose(&line, code);
	/* A full or missing log must not decide who gets a sandbox. */
	(void)sendto(fd, line.text, line.length, MSG_NOSIGNAL,
		     (const struct sockaddr *)&socket_of_log, sizeof(socket_of_log));
	(void)close(fd);
}
