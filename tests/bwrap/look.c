/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look [DIR…] - tells all that a program can find out about the sandbox it runs in,
 * one fact a line, "subject: value"; and what the directories hold.  Two sandboxes
 * are the same where these lines are.
 *
 * /proc is taken from descriptor 9 where that is one, so that a sandbox without
 * /proc can be looked at, too: of a procfs of the host's, self is still ourselves.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#define PROC_FD 9

static int proc = -1;
static char text[1 << 20];

static void __attribute__((format(printf, 2, 3))) fact(const char *subject, const char *format, ...)
{
	va_list values;

	printf("%s: ", subject);
	va_start(values, format);
	vprintf(format, values);
	va_end(values);
	putchar('\n');
}

/* What would be cut out of a line, or be no line, is escaped. */
static void print_escaped(const char *bytes, size_t length)
{
	for (; length > 0; bytes++, length--)
		if ((unsigned char)*bytes < ' ' || *bytes == '\\' || *bytes == 127)
			printf("\\%03o", (unsigned char)*bytes);
		else
			putchar(*bytes);
}

/* The file's bytes, and a zero after them; -1, and errno, if there are none to be had. */
static ssize_t slurp(int dir, const char *name, char *buffer, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got, length = 0;

	if (fd == -1)
		return -1;
	while ((got = read(fd, buffer + length, size - 1 - (size_t)length)) > 0)
		length += got;
	close(fd);
	if (got == -1)
		return -1;
	buffer[length] = '\0';
	return length;
}

static void find_proc(void)
{
	char link[PATH_MAX];

	if (readlinkat(PROC_FD, "self", link, sizeof(link)) > 0)
		proc = dup(PROC_FD);
	else
		proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fcntl(proc, F_SETFD, FD_CLOEXEC);
}

/* ------------------------------------------------------------------ the process */

static void tell_arguments(char **argv)
{
	int i;

	for (i = 0; argv[i] != NULL; i++) {
		printf("argument %d: ", i);
		print_escaped(argv[i], strlen(argv[i]));
		putchar('\n');
	}
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void tell_environment(void)
{
	size_t i, count = 0;

	while (environ[count] != NULL)
		count++;
	qsort(environ, count, sizeof(*environ), by_text);
	for (i = 0; i < count; i++) {
		printf("environment: ");
		print_escaped(environ[i], strlen(environ[i]));
		putchar('\n');
	}
}

/* Small numbers are told: in a PID namespace they mean something. */
static const char *number_in_words(pid_t pid)
{
	static char words[4][16];
	static unsigned int next;
	char *word = words[next++ % 4];

	if (pid < 6)
		snprintf(word, sizeof(words[0]), "%d", (int)pid);
	else
		snprintf(word, sizeof(words[0]), "some");
	return word;
}

static void tell_relations(void)
{
	pid_t self = getpid(), group = getpgrp(), session = getsid(0);
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);

	fact("pid", "%s", number_in_words(self));
	fact("parent", "%s", number_in_words(getppid()));
	fact("process group", "%s", group == self ? "own" : number_in_words(group));
	fact("session", "%s", session == self ? "own" : number_in_words(session));
	fact("terminal", "%s", terminal == -1 ? strerror(errno) : "is there");
	if (terminal != -1)
		close(terminal);
}

static void tell_controls(void)
{
	int signal_number = -1;
	mode_t mask = umask(0);

	umask(mask);
	prctl(PR_GET_PDEATHSIG, &signal_number);
	fact("umask", "%03o", mask);
	fact("signal at parent's death", "%d", signal_number);
	fact("dumpable", "%d", prctl(PR_GET_DUMPABLE));
	fact("keepcaps", "%d", prctl(PR_GET_KEEPCAPS));
	fact("securebits", "%d", prctl(PR_GET_SECUREBITS));
	fact("subreaper", "%d", prctl(PR_GET_CHILD_SUBREAPER, &signal_number) ? -1 : signal_number);
	fact("timer slack", "%d", prctl(PR_GET_TIMERSLACK));
	fact("nice", "%d", getpriority(PRIO_PROCESS, 0));
	fact("personality", "%x", personality(0xffffffff));
	fact("secure", "%lu", getauxval(AT_SECURE));
}

static void tell_limits(void)
{
	struct rlimit limit;
	int i;

	for (i = 0; i < 16; i++)
		if (getrlimit(i, &limit) == 0)
			printf("limit %d: %llu %llu\n", i, (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
}

static const char *const status_lines[] = {
	"Uid", "Gid", "Groups", "NSpid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb",
	"NoNewPrivs", "Seccomp", "Seccomp_filters", "SigBlk", "SigIgn", "SigCgt",
	"Threads", "TracerPid", "SigPnd", "ShdPnd", NULL
};

/* Of NSpid, how many numbers there are: one for each namespace, seen from the procfs. */
static void tell_status_line(const char *name, const char *value)
{
	int numbers = 0;

	if (strcmp(name, "NSpid") != 0) {
		fact(name, "%s", value + strspn(value, "\t "));
		return;
	}
	for (; *value != '\0'; value++)
		numbers += *value == '\t';
	fact("PID namespaces", "%d", numbers);
}

static void tell_status(void)
{
	char *line, *rest = text, *value;
	const char *const *wanted;

	if (slurp(proc, "self/status", text, sizeof(text)) == -1)
		fact("status", "%s", strerror(errno));
	while ((line = strsep(&rest, "\n")) != NULL) {
		value = strchr(line, ':');
		if (value == NULL)
			continue;
		*value++ = '\0';
		for (wanted = status_lines; *wanted != NULL; wanted++)
			if (strcmp(*wanted, line) == 0)
				tell_status_line(line, value);
	}
}

/* Each line of a file of /proc, its runs of blanks as one. */
static void tell_file(const char *subject, const char *name)
{
	char *line, *word, *rest = text;

	if (slurp(proc, name, text, sizeof(text)) == -1) {
		fact(subject, "%s", strerror(errno));
		return;
	}
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0')
			continue;
		printf("%s:", subject);
		while ((word = strsep(&line, " \t")) != NULL)
			if (*word != '\0')
				printf(" %s", word);
		putchar('\n');
	}
}

static const char *const namespaces[] = {
	"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time",
	"time_for_children", "user", "uts", NULL
};

static void tell_namespaces(void)
{
	char name[64], link[128];
	const char *const *kind;
	ssize_t length;

	for (kind = namespaces; *kind != NULL; kind++) {
		snprintf(name, sizeof(name), "self/ns/%s", *kind);
		length = readlinkat(proc, name, link, sizeof(link) - 1);
		link[length > 0 ? length : 0] = '\0';
		printf("namespace %s: %s\n", *kind, length > 0 ? link : strerror(errno));
	}
}

/* --------------------------------------------------------------- its descriptors */

static int open_at_start[1024];
static size_t open_count;

/* Before anything else is opened. */
static void note_descriptors(void)
{
	int fd;

	for (fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			open_at_start[open_count++] = fd;
}

static void tell_descriptor(int fd)
{
	char name[64], link[PATH_MAX];
	ssize_t length;
	int flags = fcntl(fd, F_GETFL);

	snprintf(name, sizeof(name), "self/fd/%d", fd);
	length = readlinkat(proc, name, link, sizeof(link) - 1);
	link[length > 0 ? length : 0] = '\0';
	printf("descriptor %d: %s%s%s\n", fd, length > 0 ? link : strerror(errno),
	       (flags & O_ACCMODE) == O_RDONLY ? ", to read" : ", to write",
	       (flags & O_NONBLOCK) ? ", without waiting" : "");
}

static void tell_descriptors(void)
{
	size_t i;

	for (i = 0; i < open_count; i++)
		tell_descriptor(open_at_start[i]);
}

/* ------------------------------------------------------------------- the network */

static void tell_network(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };
	struct sockaddr_in *address = (struct sockaddr_in *)(void *)&request.ifr_addr;

	if (ioctl(fd, SIOCGIFFLAGS, &request) == -1)
		fact("lo", "%s", strerror(errno));
	else
		fact("lo", "%s", (request.ifr_flags & IFF_UP) ? "up" : "down");
	if (ioctl(fd, SIOCGIFADDR, &request) == -1)
		fact("lo's address", "%s", strerror(errno));
	else
		fact("lo's address", "%s", inet_ntoa(address->sin_addr));
	close(fd);
}

/* ----------------------------------------------------------------------- mounts */

struct mount {
	int id, parent;
	char *device, *root, *place, *options, *tags, *type, *source, *super;
	unsigned int turn;
};

static struct mount mounts[8192];
static size_t mount_count;

/* "rw,nosuid" and "nosuid,rw" are one. */
static void print_sorted(const char *subject, const char *place, unsigned int turn, char *options)
{
	char *words[128], *word;
	size_t i, count = 0;

	while (count < 128 && (word = strsep(&options, ",")) != NULL)
		words[count++] = word;
	qsort(words, count, sizeof(*words), by_text);
	printf("mount %s #%u %s:", place, turn, subject);
	for (i = 0; i < count; i++)
		printf(" %s", words[i]);
	putchar('\n');
}

/* number, parent, device, root, place, options, tags …, "-", type, source, options */
static void parse_mount(char *line, struct mount *mount)
{
	char *rest = strstr(line, " - ");

	if (rest == NULL)
		return;
	*rest = '\0';
	rest += 3;
	mount->id = atoi(strsep(&line, " "));
	mount->parent = atoi(strsep(&line, " "));
	mount->device = strsep(&line, " ");
	mount->root = strsep(&line, " ");
	mount->place = strsep(&line, " ");
	mount->options = strsep(&line, " ");
	mount->tags = line != NULL ? line : (char *)"";
	mount->type = strsep(&rest, " ");
	mount->source = strsep(&rest, " ");
	mount->super = rest;
	mount_count++;
}

static const struct mount *mount_of(int id)
{
	size_t i;

	for (i = 0; i < mount_count; i++)
		if (mounts[i].id == id)
			return &mounts[i];
	return NULL;
}

/* Of "shared:3 master:1", the words. */
static void print_tags(char *tags)
{
	char *tag;

	while ((tag = strsep(&tags, " ")) != NULL)
		printf(" %.*s", (int)strcspn(tag, ":"), tag);
}

static void tell_mount(const struct mount *mount)
{
	const struct mount *parent = mount_of(mount->parent);

	printf("mount %s #%u:", mount->place, mount->turn);
	print_tags(mount->tags);
	printf(" on %s\n", parent != NULL ? parent->place : "nothing");
	printf("mount %s #%u root: %s\n", mount->place, mount->turn, mount->root);
	printf("mount %s #%u is: %s\n", mount->place, mount->turn, mount->type);
	printf("mount %s #%u source: %s\n", mount->place, mount->turn, mount->source);
}

static int by_place(const void *left, const void *right)
{
	const struct mount *a = left, *b = right;
	int order = strcmp(a->place, b->place);

	return order != 0 ? order : (int)a->turn - (int)b->turn;
}

/* How many mounts at the same place it lies upon. */
static unsigned int turn_of(const struct mount *mount)
{
	const struct mount *below = mount_of(mount->parent);
	unsigned int turn = 0;

	for (; below != NULL && strcmp(below->place, mount->place) == 0;
	     below = mount_of(below->parent))
		turn++;
	return turn;
}

/* In the order of places; of those at one place, the lowest first. */
static void tell_mounts(void)
{
	static char table[1 << 20];
	char *line, *rest = table;
	size_t i;

	if (slurp(proc, "self/mountinfo", table, sizeof(table)) == -1)
		fact("mounts", "%s", strerror(errno));
	while ((line = strsep(&rest, "\n")) != NULL && mount_count < 8192)
		parse_mount(line, &mounts[mount_count]);
	for (i = 0; i < mount_count; i++)
		mounts[i].turn = turn_of(&mounts[i]);
	qsort(mounts, mount_count, sizeof(*mounts), by_place);
	for (i = 0; i < mount_count; i++) {
		tell_mount(&mounts[i]);
		print_sorted("options", mounts[i].place, mounts[i].turn, mounts[i].options);
		print_sorted("file system", mounts[i].place, mounts[i].turn, mounts[i].super);
	}
}

/* -------------------------------------------------------------------------- files */

static void tell_content(const char *path)
{
	static char content[4097];
	ssize_t length = slurp(AT_FDCWD, path, content, sizeof(content));

	printf("file %s holds: ", path);
	if (length == -1)
		printf("(%s)", strerror(errno));
	else
		print_escaped(content, (size_t)length);
	putchar('\n');
}

static void tell_link(const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	target[length > 0 ? length : 0] = '\0';
	printf("file %s leads to: %s\n", path, target);
}

static void tell_entry(const char *path, const struct stat *found)
{
	static const char kinds[] = "?pc?d?b?-?l?s???";

	printf("file %s: %c %04o %u:%u", path, kinds[(found->st_mode & S_IFMT) >> 12],
	       found->st_mode & 07777, found->st_uid, found->st_gid);
	if (S_ISCHR(found->st_mode) || S_ISBLK(found->st_mode))
		printf(" %u:%u", major(found->st_rdev), minor(found->st_rdev));
	putchar('\n');
	if (S_ISREG(found->st_mode) && found->st_size < 4096)
		tell_content(path);
	if (S_ISLNK(found->st_mode))
		tell_link(path);
}

/* What the host has, and what the kernel makes, is not walked. */
static const char *const not_walked[] = {
	"/t", "/proc", "/sys", "/usr", "/etc/alternatives", "/dev/pts", "/dev/shm", NULL
};

static bool is_walked(const char *path)
{
	const char *const *place;

	for (place = not_walked; *place != NULL; place++)
		if (strcmp(*place, path) == 0)
			return false;
	return true;
}

/* A tree with more in it is the host's, which is no fact about a sandbox. */
static int entries_left = 200;

static void tell_tree(const char *path)
{
	struct dirent **entries = NULL;
	struct stat found;
	char below[PATH_MAX];
	int i, count;

	if (entries_left-- <= 0) {
		if (entries_left == -1)
			puts("files: more than are told");
		return;
	}
	if (lstat(path, &found) == -1) {
		printf("file %s: %s\n", path, strerror(errno));
		return;
	}
	tell_entry(path, &found);
	if (!S_ISDIR(found.st_mode) || !is_walked(path))
		return;
	count = scandir(path, &entries, NULL, alphasort);
	if (count == -1)
		printf("file %s: closed: %s\n", path, strerror(errno));
	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		snprintf(below, sizeof(below), "%s/%s", strcmp(path, "/") == 0 ? "" : path, name);
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			tell_tree(below);
		free(entries[i]);
	}
	free(entries);
}

/* -------------------------------------------------------------------------------- */

static void tell_host(void)
{
	struct utsname host;
	char where[PATH_MAX];

	uname(&host);
	fact("host name", "%s", host.nodename);
	fact("domain name", "%s", host.domainname);
	fact("directory", "%s", getcwd(where, sizeof(where)) != NULL ? where : strerror(errno));
}

int main(int argc, char **argv)
{
	bool only_trees = argc > 1 && strcmp(argv[1], "-f") == 0;
	int i;

	if (!only_trees) {
		note_descriptors();
		find_proc();
		tell_arguments(argv);
		tell_environment();
		tell_relations();
		tell_controls();
		tell_limits();
		tell_status();
		tell_file("user map", "self/uid_map");
		tell_file("group map", "self/gid_map");
		tell_file("setgroups", "self/setgroups");
		tell_file("cgroup", "self/cgroup");
		tell_file("likely victim", "self/oom_score_adj");
		tell_namespaces();
		tell_descriptors();
		tell_network();
		tell_host();
		tell_mounts();
	}
	for (i = 1 + only_trees; i < argc; i++)
		tell_tree(argv[i]);
	return fflush(stdout) == 0 ? 0 : 1;
}
