/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask - a front end that can be made to lie: a target, a request, a helper
 *
 *     ask [OPTION…] [INSIDE:OUTSIDE:COUNT…] -- COMMAND…
 *
 * Makes a target in a user namespace of its own, starts COMMAND (a helper, or
 * something that becomes one; a word @ stands for the target's PID) as helpers
 * are to be started but for what the options change, and prints what became of
 * it and of the target's maps:
 *
 *     end exit 0
 *     answer yes 0
 *     uid_map 0:1001:1 1:100000:65536
 *     gid_map -
 *     setgroups allow
 *
 * Options, each with a value:
 *     as UID:GID        whom the target belongs to (root alone can choose)
 *     unshare N         how often the target makes a user namespace (1)
 *     target WORD       alive; dead; undumpable; named:TEXT, its name in /proc/PID/stat
 *     directory PATH    descriptor 3, @ standing for the target's PID (/proc/@); none
 *     swap MS           so long after the helper's start the target is killed, and
 *                       another made that has its PID (root alone can)
 *     turn MS           so long after that the target becomes ask's neighbour
 *                       "victim", a copy of unshare(1) that is set-user-ID root
 *     setgroups N       what the request says (0)
 *     magic N           likewise
 *     count N           likewise (as many ranges as there are)
 *     cut N             only the first N bytes are sent
 *     more N            N bytes follow the request
 *     pace MS           a byte every MS milliseconds
 *     hold MS           the pipe stays open for so long after the last byte
 *     raw PATH          the bytes of this file in place of a request
 *     fd0 fd1 fd2 PATH  what these are in place of the pipes; closed
 *     extra N           so many descriptors more are inherited
 *     argv0 TEXT        none: no arguments at all (COMMAND is one word)
 *     log PATH          a socket of the system log, and what came to it is printed;
 *                       with "full" before the path it takes nothing more
 */
#include "idmap/request.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 1 << 21 };

static const struct option_row {
	const char *name;
	const char *value;
} defaults[] = {
	{ "as", NULL }, { "unshare", "1" }, { "target", "alive" }, { "directory", "/proc/@" },
	{ "setgroups", "0" }, { "magic", NULL }, { "count", NULL }, { "cut", NULL },
	{ "more", "0" }, { "pace", NULL }, { "hold", NULL }, { "raw", NULL }, { "fd0", NULL },
	{ "fd1", NULL }, { "fd2", NULL }, { "extra", "0" }, { "argv0", NULL }, { "swap", NULL },
	{ "turn", NULL }, { "log", NULL },
};

enum { OPTIONS = sizeof(defaults) / sizeof(defaults[0]) };

static const char *values[OPTIONS];
static char **command;
static struct idmap map;

static const char **option(const char *name)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (strcmp(defaults[i].name, name) == 0)
			return &values[i];
	errx(2, "there is no option %s", name);
}

static const char *text(const char *name)
{
	return *option(name);
}

static unsigned long number(const char *name, unsigned long otherwise)
{
	return text(name) != NULL ? strtoul(text(name), NULL, 0) : otherwise;
}

static bool is(const char *name, const char *word)
{
	return text(name) != NULL && strcmp(text(name), word) == 0;
}

static void read_words(char **argv)
{
	for (size_t i = 0; i < OPTIONS; i++)
		values[i] = defaults[i].value;
	for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++) {
		struct idrange range;

		if (sscanf(*argv, "%u:%u:%u", &range.inside, &range.outside, &range.count) == 3) {
			if (map.n == IDMAP_MAX)
				errx(2, "more than %d ranges", IDMAP_MAX);
			map.range[map.n++] = range;
		} else if (argv[1] == NULL) {
			errx(2, "%s has no value", *argv);
		} else {
			*option(argv[0]) = argv[1];
			argv++;
		}
	}
	if (*argv == NULL || argv[1] == NULL)
		errx(2, "there is no command");
	command = argv + 1;
}

static int make_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		err(2, "pipe");
	return 0;
}

static void sleep_ms(unsigned long ms)
{
	(void)usleep((useconds_t)(ms * 1000));
}

/* ---- the target ---------------------------------------------------------------------------- */

static void become(const char *whom)
{
	unsigned int uid, gid;

	if (whom == NULL)
		return;
	if (sscanf(whom, "%u:%u", &uid, &gid) != 2)
		errx(2, "as UID:GID");
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		err(2, "become %s", whom);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void turn(int number)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 8);

	(void)number;
	if (length < 0)
		_exit(1);
	strcpy(path + length - 3, "victim");
	execl(path, path, "--user", "sleep", "5", NULL);
	_exit(1);
}

static _Noreturn void be_target(int ready)
{
	signal(SIGUSR1, turn);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	become(text("as"));
	for (unsigned long i = number("unshare", 1); i > 0; i--)
		if (unshare(CLONE_NEWUSER) < 0)
			err(2, "unshare");
	if (is("target", "undumpable"))
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (strncmp(text("target"), "named:", 6) == 0)
		prctl(PR_SET_NAME, text("target") + 6, 0, 0, 0);
	if (write(ready, "", 1) != 1)
		err(2, "target");
	for (;;)
		pause();
}

/* The next process is to have this PID, if nobody comes in between. */
static void prepare_pid(pid_t pid)
{
	FILE *file = fopen("/proc/sys/kernel/ns_last_pid", "we");

	if (file == NULL || fprintf(file, "%d", (int)pid - 1) < 0 || fclose(file) != 0)
		err(2, "ns_last_pid");
}

static pid_t start_target(pid_t wanted)
{
	int ready[2];
	pid_t pid;
	char byte;

	make_pipe(ready);
	if (wanted != 0)
		prepare_pid(wanted);
	pid = fork();
	if (pid == 0)
		be_target(ready[1]);
	close(ready[1]);
	if (pid < 0 || read(ready[0], &byte, 1) != 1)
		errx(2, "the target did not start");
	close(ready[0]);
	return pid;
}

static int open_directory(pid_t target)
{
	char path[4096], *at;
	const char *rest = text("directory");
	size_t length = 0;
	int fd;

	if (is("directory", "none"))
		return -1;
	at = strchr(rest, '@');
	if (at != NULL)
		length = (size_t)snprintf(path, sizeof(path), "%.*s%d", (int)(at - rest), rest,
					  (int)target);
	snprintf(path + length, sizeof(path) - length, "%s", at != NULL ? at + 1 : rest);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static void end_target(pid_t target)
{
	kill(target, SIGKILL);
	waitpid(target, NULL, 0);
}

static void swap_target(pid_t target)
{
	end_target(target);
	for (int tries = 0; tries < 1000; tries++) {
		pid_t other = start_target(target);

		if (other == target)
			return;
		end_target(other);
	}
	errx(2, "PID %d does not come back", (int)target);
}

/* ---- the request --------------------------------------------------------------------------- */

static size_t make_bytes(char *bytes)
{
	struct idrequest request = {
		.magic = (uint32_t)number("magic", IDREQUEST_MAGIC),
		.setgroups = (uint32_t)number("setgroups", SETGROUPS_DENY), .map = map,
	};
	size_t length = offsetof(struct idrequest, map.range) + map.n * sizeof(map.range[0]);

	if (text("raw") != NULL) {
		FILE *file = fopen(text("raw"), "re");

		if (file == NULL)
			err(2, "%s", text("raw"));
		length = fread(bytes, 1, ROOM, file);
		fclose(file);
		return length;
	}
	request.map.n = (uint32_t)number("count", map.n);
	memcpy(bytes, &request, length);
	memset(bytes + length, 0, number("more", 0));
	length += number("more", 0);
	return number("cut", length);
}

static bool is_slow(void)
{
	return text("pace") != NULL || text("hold") != NULL || text("raw") != NULL ||
	       number("more", 0) > 16384;
}

static void send_bytes(int fd, const char *bytes, size_t length)
{
	size_t step = text("pace") != NULL ? 1 : length;

	signal(SIGPIPE, SIG_IGN);
	for (size_t sent = 0; sent < length;) {
		ssize_t more = write(fd, bytes + sent, length - sent < step ? length - sent : step);

		if (more <= 0)
			return;
		sent += (size_t)more;
		sleep_ms(number("pace", 0));
	}
	sleep_ms(number("hold", 0));
}

/* A request that is whole at once lies in the pipe before the helper starts. */
static int make_request(void)
{
	static char bytes[ROOM + (1 << 20)];
	size_t length = make_bytes(bytes);
	int ends[2];

	make_pipe(ends);
	if (!is_slow()) {
		send_bytes(ends[1], bytes, length);
	} else if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		close(ends[0]);
		send_bytes(ends[1], bytes, length);
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

/* ---- the helper ---------------------------------------------------------------------------- */

static void put(int fd, int as, const char *name)
{
	const char *path = text(name);

	if (path != NULL && strcmp(path, "closed") == 0) {
		close(as);
		return;
	}
	if (path != NULL)
		fd = open(path, as == 0 ? O_RDONLY : O_RDWR);
	if (fd < 0)
		err(2, "%s", path);
	dup2(fd, as);
	if (fd == as)
		fcntl(fd, F_SETFD, 0);
}

static _Noreturn void be_helper(int request, int answer, int directory)
{
	char *none[] = { NULL };

	for (unsigned long i = number("extra", 0); i > 0; i--)
		if (open("/proc/self/mounts", O_RDONLY) < 0)
			err(2, "extra");
	/* Away from 0-3, which are about to be filled. */
	request = fcntl(request, F_DUPFD_CLOEXEC, 10);
	answer = fcntl(answer, F_DUPFD_CLOEXEC, 10);
	directory = directory < 0 ? -1 : fcntl(directory, F_DUPFD_CLOEXEC, 10);
	put(2, 2, "fd2");
	put(request, 0, "fd0");
	put(answer, 1, "fd1");
	if (directory < 0)
		close(3);
	else
		dup2(directory, 3);
	if (is("argv0", "none"))
		execv(command[0], none);
	if (text("argv0") != NULL) {
		char *path = command[0];

		command[0] = (char *)text("argv0");
		execv(path, command);
	} else {
		execvp(command[0], command);
	}
	_exit(127);
}

static void print_answer(int fd)
{
	struct idverdict verdict[2];
	ssize_t length = read(fd, verdict, sizeof(verdict));

	if (length <= 0)
		printf("answer none\n");
	else if (length == sizeof(verdict[0]) && verdict->answer == IDVERDICT_YES)
		printf("answer yes %u\n", verdict->code);
	else if (length == sizeof(verdict[0]) && verdict->answer == IDVERDICT_NO)
		printf("answer no %u\n", verdict->code);
	else
		printf("answer garbled, %zd bytes\n", length);
}

static void put_target(pid_t target)
{
	static char digits[16];

	snprintf(digits, sizeof(digits), "%d", (int)target);
	for (char **word = command; *word != NULL; word++)
		if (strcmp(*word, "@") == 0)
			*word = digits;
}

static void change_the_world(pid_t target)
{
	if (text("swap") != NULL) {
		sleep_ms(number("swap", 0));
		swap_target(target);
	}
	if (text("turn") != NULL) {
		sleep_ms(number("turn", 0));
		kill(target, SIGUSR1);
	}
}

static void run_helper(int directory, pid_t target)
{
	int request = make_request(), answer[2], status;
	pid_t pid;

	make_pipe(answer);
	put_target(target);
	pid = fork();
	if (pid == 0)
		be_helper(request, answer[1], directory);
	close(request);
	close(answer[1]);
	change_the_world(target);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err(2, "helper");
	if (WIFEXITED(status))
		printf("end exit %d\n", WEXITSTATUS(status));
	else
		printf("end signal %d\n", WTERMSIG(status));
	print_answer(answer[0]);
}

/* ---- what became of the target ------------------------------------------------------------- */

static void print_map(pid_t target, const char *name)
{
	char path[64];
	unsigned int inside, outside, count;
	FILE *file;
	bool empty = true;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)target, name);
	file = fopen(path, "re");
	printf("%s", name);
	while (file != NULL && fscanf(file, "%u %u %u", &inside, &outside, &count) == 3) {
		printf(" %u:%u:%u", inside, outside, count);
		empty = false;
	}
	printf("%s\n", empty ? " -" : "");
	if (file != NULL)
		fclose(file);
}

static void print_setgroups(pid_t target)
{
	char path[64], word[16] = "-";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/setgroups", (int)target);
	file = fopen(path, "re");
	if (file != NULL && fscanf(file, "%15s", word) != 1)
		strcpy(word, "-");
	printf("setgroups %s\n", word);
}

/* ---- the log ------------------------------------------------------------------------------- */

static bool log_is_full(void)
{
	return strncmp(text("log"), "full", 4) == 0;
}

static int open_log(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int writer = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		 text("log") + (log_is_full() ? 4 : 0));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(address.sun_path, 0666) < 0)
		err(2, "%s", address.sun_path);
	while (log_is_full() &&
	       sendto(writer, "", 1, 0, (struct sockaddr *)&address, sizeof(address)) == 1)
		;
	close(writer);
	return fd;
}

static void print_log(int fd)
{
	char line[4096];
	ssize_t length = recv(fd, line, sizeof(line) - 1, MSG_DONTWAIT);

	line[length > 0 ? length : 0] = '\0';
	printf("log %s\n", line);
}

int main(int argc, char **argv)
{
	pid_t target;
	int directory, log = -1;

	if (argc < 2)
		errx(2, "see the top of ask.c");
	read_words(argv + 1);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (text("log") != NULL)
		log = open_log();
	target = start_target(0);
	directory = open_directory(target);
	if (is("target", "dead"))
		end_target(target);
	run_helper(directory, target);
	print_map(target, "uid_map");
	print_map(target, "gid_map");
	print_setgroups(target);
	if (log >= 0)
		print_log(log);
	end_target(target);
	return 0;
}
