/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch NAME FLAG… - looks at the mounts of every new process until it is told
 * to end, and tells how many whose place ends in NAME it saw, and how many of
 * those lacked one of the flags
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t ended;
static unsigned long seen, lacking;
static char text[1 << 20];

static void end(int signal_number)
{
	(void)signal_number;
	ended = 1;
}

/* "ro,nosuid,nodev" has "nosuid". */
static bool has(const char *flags, const char *flag)
{
	size_t length = strlen(flag);

	for (; flags != NULL; flags = strchr(flags, ',')) {
		flags += *flags == ',';
		if (strncmp(flags, flag, length) == 0 &&
		    (flags[length] == ',' || flags[length] == '\0'))
			return true;
	}
	return false;
}

static void judge(const char *flags, char **wanted)
{
	seen++;
	for (; *wanted != NULL; wanted++)
		if (!has(flags, *wanted)) {
			lacking++;
			return;
		}
}

/* mountinfo: number, parent, device, root, place, flags, … (proc(5)) */
static void look_at_line(char *line, const char *name, char **wanted)
{
	char place[4096], flags[256];
	size_t length;

	if (sscanf(line, "%*s %*s %*s %*s %4095s %255s", place, flags) != 2)
		return;
	length = strlen(place);
	if (length >= strlen(name) && strcmp(place + length - strlen(name), name) == 0)
		judge(flags, wanted);
}

static void look_at(int proc, const char *pid, const char *name, char **wanted)
{
	char path[300];
	ssize_t got, length = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/mountinfo", pid);
	fd = openat(proc, path, O_RDONLY);
	if (fd < 0)
		return;
	while ((got = read(fd, text + length, sizeof(text) - 1 - (size_t)length)) > 0)
		length += got;
	(void)close(fd);
	text[length] = '\0';
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		look_at_line(line, name, wanted);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = end };
	DIR *proc = opendir("/proc");

	if (argc < 3 || proc == NULL || sigaction(SIGTERM, &action, NULL) < 0)
		return 2;
	(void)printf("watching\n");
	(void)fflush(stdout);
	while (!ended) {
		struct dirent *entry;

		rewinddir(proc);
		while ((entry = readdir(proc)) != NULL)
			if (isdigit((unsigned char)entry->d_name[0]) &&
			    atoi(entry->d_name) > getpid())
				look_at(dirfd(proc), entry->d_name, argv[1], argv + 2);
	}
	(void)printf("%lu seen, %lu lacking a flag\n", seen, lacking);
	return 0;
}
