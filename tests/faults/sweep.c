/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep - runs a sandbox again and again, and disturbs one thing each time
 *
 *     sweep [OPTIONS] -- COMMAND… WITNESS
 *       --calls           each system call of each process, by each fault (the default)
 *       --allocations     each allocation of a program with starve.c, once and for good
 *       --share N         of the faults but the lies, try one in N (1)
 *       --seed N          which ones (0)
 *       --terminal        descriptors 0 and 2 are a terminal
 *       --only TEXT       what has TEXT in its name: "payload prctl 12 lie"
 *       --excuse FILE     what is no weakness, and why: see excuses
 *       --messages        print what was said of each fault
 *
 * A % in COMMAND stands for a digit, another one for each that run at the same time.
 *
 * The first run, undisturbed, tells which calls there are, and what the witness
 * (witness.c) sees.  In every other run the witness must see exactly that, or
 * not run; then the command must end by itself, with a status of a failure, and
 * say why; and nothing may be left of it.  Whatever else happens is a finding.
 * A reaper that fails beside a witness that runs already kills it, while it tells,
 * perhaps: what it did tell must be that all the same.
 *
 * Processes are named by their place in the tree: the launcher, setup (its first
 * child, which becomes the reaper), the payload (setup's first child); the
 * others are "setup's 2nd child" and so on.  A call is known by its process, its
 * name and its occurrence there, so the order between processes is no matter.
 */
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/keyctl.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE = 6000, LINGER = 3000, PAUSE = 20, TICK = 10 };	/* milliseconds */
/* What the caller has open besides: to read and to write, for --fd and the like, or for nobody. */
enum { READABLE = 100, WRITABLE };

enum { SANDBOX_FAILED = 125 };	/* the status of croft(1) */
enum { CALLS = 600, PROCESSES = 64, ENTRIES = 8192, TEXT = 1 << 18, WORKERS = 2 };

/* ---- names --------------------------------------------------------------------------------- */

static const struct {
	long number;
	const char *name;
} calls[] = {
#include "tests/faults/calls.h"
};

static const char *name_of_call(long number)
{
	static char text[16];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].number == number)
			return calls[i].name;
	snprintf(text, sizeof(text), "call-%ld", number);
	return text;
}

enum act { ANSWER, KILL, STOP };

static const struct fault {
	const char *name;
	enum act act;
	int answer;
} faults[] = {
	{ "lie",    ANSWER, 0 },	/* it says that it was done */
	{ "EPERM",  ANSWER, EPERM },
	{ "EACCES", ANSWER, EACCES },
	{ "ENOMEM", ANSWER, ENOMEM },
	{ "ENOSPC", ANSWER, ENOSPC },
	{ "ENOSYS", ANSWER, ENOSYS },
	{ "EINTR",  ANSWER, EINTR },
	{ "EIO",    ANSWER, EIO },
	{ "KILL",   KILL,   0 },
	{ "STOP",   STOP,   0 },	/* and CONT */
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

/* ---- one run ------------------------------------------------------------------------------- */

struct entry {
	char role[32];
	long call;
	unsigned occurrence;
};

struct process {
	pid_t pid;
	char role[32];
	unsigned children;
	bool known;			/* it has its role */
	bool waits;			/* it has stopped, and goes on once it has */
	bool counts;
	bool answered;			/* the answer is to be changed where the call ends */
	bool stopped;
	unsigned seen[CALLS];
};

struct run {
	/* in */
	const struct entry *entry;	/* NULL: undisturbed */
	const struct fault *fault;
	unsigned long starve, starve_many;
	bool record;

	/* out */
	bool hit, hung, left_over, ended;
	int status;			/* as waitpid(2) has it */
	char *seen, *said;

	/* in between */
	struct process process[PROCESSES];
	size_t n;
	pid_t launcher;
	long begun, launcher_ended, paused;
	int out, err_, master, peer;
	unsigned *starved;
};

static char **command;
static char callers[1024];
static bool with_terminal, by_allocation;

static struct entry entries[ENTRIES];
static size_t n_entries;

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- registers ----------------------------------------------------------------------------- */

#if defined(__x86_64__)
#include <sys/reg.h>
static void skip_call(pid_t pid)
{
	ptrace(PTRACE_POKEUSER, pid, 8 * ORIG_RAX, -1L);
}

static void set_answer(pid_t pid, long answer)
{
	ptrace(PTRACE_POKEUSER, pid, 8 * RAX, answer);
}
#elif defined(__aarch64__)
#include <sys/user.h>
static void skip_call(pid_t pid)
{
	int none = -1;
	struct iovec part = { &none, sizeof(none) };

	ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &part);
}

static void set_answer(pid_t pid, long answer)
{
	struct user_regs_struct registers;
	struct iovec part = { &registers, sizeof(registers) };

	ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &part);
	registers.regs[0] = (unsigned long)answer;
	ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &part);
}
#else
#error "this machine's registers are not known here"
#endif

/* ---- processes ----------------------------------------------------------------------------- */

static struct process *find(struct run *r, pid_t pid)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->process[i].pid == pid)
			return &r->process[i];
	if (r->n == PROCESSES)
		errx(2, "too many processes");
	memset(&r->process[r->n], 0, sizeof(r->process[0]));
	r->process[r->n].pid = pid;
	return &r->process[r->n++];
}

static void name_child(struct process *parent, struct process *child)
{
	unsigned number = ++parent->children;

	if (number == 1 && strcmp(parent->role, "launcher") == 0)
		strcpy(child->role, "setup");
	else if (number == 1 && strcmp(parent->role, "setup") == 0)
		strcpy(child->role, "payload");
	else
		snprintf(child->role, sizeof(child->role), "%.24s/%u", parent->role, number);
	child->known = true;
	child->counts = true;
}

/* Calls are stopped at only where they are counted: the rest of the run costs nothing. */
static bool is_of_interest(const struct run *r, const struct process *p)
{
	if (!p->counts)
		return false;
	if (r->record)
		return true;
	return r->entry != NULL && (!r->hit || p->answered) && strcmp(r->entry->role, p->role) == 0;
}

static void go_on(const struct run *r, struct process *p, int signal_number)
{
	ptrace(is_of_interest(r, p) ? PTRACE_SYSCALL : PTRACE_CONT, p->pid, 0, (long)signal_number);
}

static void disturb(struct run *r, struct process *p)
{
	r->hit = true;
	switch (r->fault->act) {
	case ANSWER:
		skip_call(p->pid);
		p->answered = true;
		break;
	case KILL:
		kill(p->pid, SIGKILL);
		break;
	case STOP:
		kill(p->pid, SIGSTOP);
		r->paused = now();
		break;
	}
}

static void record(const struct process *p, long call, unsigned occurrence)
{
	if (n_entries == ENTRIES)
		errx(2, "too many calls");
	strcpy(entries[n_entries].role, p->role);
	entries[n_entries].call = call;
	entries[n_entries++].occurrence = occurrence;
}

static void take_call(struct run *r, struct process *p)
{
	struct __ptrace_syscall_info info = { 0 };
	long call;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof(info), &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT && p->answered) {
		set_answer(p->pid, -(long)r->fault->answer);
		p->answered = false;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !p->counts)
		return;
	call = (long)info.entry.nr;
	if (call < 0 || call >= CALLS || call == SYS_nanosleep)	/* there are as many as it takes */
		return;
	p->seen[call]++;
	if (r->record)
		record(p, call, p->seen[call]);
	else if (r->entry != NULL && !r->hit && r->entry->call == call &&
		 r->entry->occurrence == p->seen[call] && strcmp(r->entry->role, p->role) == 0)
		disturb(r, p);
}

static void take_event(struct run *r, struct process *p, int event, int signal_number)
{
	unsigned long message = 0;
	struct process *child;

	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		ptrace(PTRACE_GETEVENTMSG, p->pid, 0, &message);
		child = find(r, (pid_t)message);
		name_child(p, child);
		if (child->waits)
			go_on(r, child, 0);
		child->waits = false;
		break;
	case PTRACE_EVENT_EXEC:
		/* The launcher's is its beginning; any other ends what is croft's. */
		p->counts = p->pid == r->launcher && !p->counts;
		memset(p->seen, 0, sizeof(p->seen));
		break;
	case PTRACE_EVENT_STOP:
		if (signal_number == SIGTRAP)
			break;
		p->stopped = true;
		if (r->paused == 0)
			r->paused = now();
		ptrace(PTRACE_LISTEN, p->pid, 0, 0);
		return;
	default:
		break;
	}
	p = find(r, p->pid);
	go_on(r, p, 0);
}

static void take_stop(struct run *r, pid_t pid, int status)
{
	struct process *p = find(r, pid);
	int signal_number = WSTOPSIG(status), event = status >> 16;

	if (!p->known) {
		p->waits = true;
		return;
	}
	if (event != 0) {
		take_event(r, p, event, signal_number);
		return;
	}
	if (signal_number == (SIGTRAP | 0x80)) {
		take_call(r, p);
		go_on(r, p, 0);
		return;
	}
	go_on(r, p, signal_number);
}

/* ---- the whole of it ----------------------------------------------------------------------- */

static void signal_all(const struct run *r, int number)
{
	for (size_t i = 0; i < r->n; i++)
		kill(r->process[i].pid, number);
}

static void forget(struct run *r, pid_t pid)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->process[i].pid == pid) {
			r->process[i] = r->process[--r->n];
			return;
		}
}

static void take_end(struct run *r, pid_t pid, int status)
{
	forget(r, pid);
	if (pid != r->launcher)
		return;
	r->ended = true;
	r->status = status;
	r->launcher_ended = now();
}

/* Whoever has stopped is continued, as often as it takes: the launcher stops with the payload. */
static void look_at_time(struct run *r)
{
	long time = now();

	if (r->paused != 0 && time - r->paused > PAUSE) {
		r->paused = 0;
		signal_all(r, SIGCONT);
		for (size_t i = 0; i < r->n; i++)
			r->process[i].stopped = false;
	}
	if (!r->ended && time - r->begun > DEADLINE)
		r->hung = true;
	if (r->ended && time - r->launcher_ended > LINGER)
		r->left_over = true;
	if (r->hung || r->left_over)
		signal_all(r, SIGKILL);
}

static void drain(struct run *r)
{
	char bytes[4096];
	ssize_t got;

	while (r->master >= 0 && (got = read(r->master, bytes, sizeof(bytes))) > 0)
		(void)!write(r->err_, bytes, (size_t)got);
}

static void watch(struct run *r)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0 && errno == ECHILD)
			break;
		if (pid < 0) {		/* a tick */
			look_at_time(r);
			drain(r);
		} else if (WIFSTOPPED(status)) {
			take_stop(r, pid, status);
		} else {
			take_end(r, pid, status);
		}
	}
	drain(r);
}

static void become(const struct run *r, int gate, int starved)
{
	char byte, wish[64];
	sigset_t none;

	setsid();
	if (with_terminal)
		ioctl(r->peer, TIOCSCTTY, 0);
	dup2(with_terminal ? r->peer : open("/dev/null", O_RDONLY), 0);
	dup2(r->out, 1);
	dup2(with_terminal ? r->peer : r->err_, 2);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	snprintf(wish, sizeof(wish), "%lu,%lu,%d", r->starve, r->starve_many, starved);
	if (by_allocation)
		setenv("CROFT_STARVE", wish, 1);
	(void)!read(gate, &byte, 1);
	close(gate);
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (starved >= 0)
		fcntl(starved, F_SETFD, 0);
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), READABLE);
	dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), WRITABLE);
	execvp(command[0], command);
	_exit(127);
}

static char *contents(int fd)
{
	char *text = malloc(TEXT);
	ssize_t got = pread(fd, text, TEXT - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void prepare(struct run *r)
{
	r->out = memfd_create("out", MFD_CLOEXEC);
	r->err_ = memfd_create("err", MFD_CLOEXEC);
	r->master = r->peer = -1;
	r->n = 0;
	if (with_terminal && openpty(&r->master, &r->peer, NULL, NULL, NULL) < 0)
		err(2, "make a terminal");
	if (with_terminal)
		fcntl(r->master, F_SETFL, O_NONBLOCK);
}

static void finish(struct run *r)
{
	r->seen = contents(r->out);
	r->said = contents(r->err_);
	close(r->out);
	close(r->err_);
	if (with_terminal) {
		close(r->master);
		close(r->peer);
	}
}

static void trace(struct run *r)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	struct process *p = find(r, r->launcher);

	if (ptrace(PTRACE_SEIZE, r->launcher, 0, options) < 0)
		err(2, "trace");
	strcpy(p->role, "launcher");
	p->known = true;
}

static void perform(struct run *r)
{
	int gate[2], starved = -1;

	prepare(r);
	if (by_allocation) {
		starved = memfd_create("starved", 0);
		if (ftruncate(starved, sizeof(*r->starved)) < 0)
			err(2, "ftruncate");
		r->starved = mmap(NULL, sizeof(*r->starved), PROT_READ | PROT_WRITE, MAP_SHARED,
				  starved, 0);
	}
	if (pipe(gate) < 0)
		err(2, "pipe");
	r->begun = now();
	r->launcher = fork();
	if (r->launcher == 0) {
		close(gate[1]);
		become(r, gate[0], starved);
	}
	close(gate[0]);
	if (!by_allocation)
		trace(r);
	else
		find(r, r->launcher);
	close(gate[1]);
	watch(r);
	finish(r);
	if (by_allocation) {
		r->hit = *r->starved > 0;
		munmap(r->starved, sizeof(*r->starved));
		close(starved);
	}
}

/* ---- judgement ----------------------------------------------------------------------------- */

static const char *undisturbed;
static const char *only, *excuses;
static unsigned long share = 1, seed;
static bool messages;

struct totals {
	unsigned long tried, hit, ran, excused, findings;
};

static bool line_is_in(const char *text, const char *line, size_t size)
{
	for (const char *at = text;;) {
		const char *end = strchr(at, '\n');
		size_t length = end != NULL ? (size_t)(end - at) : strlen(at);

		if (length == size && memcmp(at, line, size) == 0)
			return true;
		if (end == NULL)
			return false;
		at = end + 1;
	}
	return false;
}

/* ---- excuses ------------------------------------------------------------------------------- */

/* Takes the next line of the file apart, "WHICH | WHAT | WHY"; both are patterns of fnmatch(3). */
static bool next_excuse(const char **rest, char which[128], char what[256])
{
	while (**rest != '\0') {
		const char *line = *rest;

		*rest = line + strcspn(line, "\n");
		*rest += **rest == '\n';
		if (line[0] != '#' && sscanf(line, "%127[^|]|%255[^|]|", which, what) == 2) {
			which[strlen(which) - 1] = '\0';
			what[strlen(what) - 1] = '\0';
			return true;
		}
	}
	return false;
}

static bool excused(const char *name, const char *flaw)
{
	const char *rest = excuses != NULL ? excuses : "";
	char which[128], what[256];

	while (next_excuse(&rest, which, what))
		if (fnmatch(which, name, 0) == 0 && fnmatch(what + 1, flaw, 0) == 0)
			return true;
	return false;
}

enum { TOLD = 12 };

/* The lines of text that other lacks and nothing excuses: printed, if told, and counted. */
static int missing(const char *name, char mark, const char *text, const char *other, bool told)
{
	char found[600];
	int n = 0;

	for (const char *line = text, *next; *line != '\0'; line = next) {
		size_t size = strcspn(line, "\n");

		next = line + size + (line[size] == '\n');
		if (line_is_in(other, line, size))
			continue;
		snprintf(found, sizeof(found), "%c %.*s", mark, (int)size, line);
		if (!excused(name, found) && n++ < TOLD && told)
			printf("#   %s\n", found);
	}
	return n;
}

static int differences(const char *name, const char *seen, bool told)
{
	return missing(name, '-', undisturbed, seen, told) +
	       missing(name, '+', seen, undisturbed, told);
}

static const char *flaw(const struct run *r)
{
	bool ran = r->seen[0] != '\0', exited = WIFEXITED(r->status);
	int status = exited ? WEXITSTATUS(r->status) : -1;

	if (r->hung)
		return "it hangs";
	if (r->left_over)
		return "processes are left over";
	if (ran)
		return NULL;
	if (status == 0)
		return "nothing ran, and nobody was told";
	if (r->fault != NULL && r->fault->act == KILL && r->entry != NULL &&
	    strcmp(r->entry->role, "launcher") == 0)
		return NULL;
	if (r->fault != NULL && r->fault->act == KILL && status == 128 + SIGKILL)
		return NULL;		/* as the payload's end would be told */
	if (!exited)
		return "croft was killed by a signal";
	if (status != SANDBOX_FAILED && status != 126 && status != 127)
		return "the status is none of croft's";
	if (strstr(r->said, "croft: ") == NULL || strchr(r->said, '\n') == NULL)
		return "it failed, and did not say why";
	return NULL;
}

static bool told_the_same(const struct run *r)
{
	bool killed = r->status == SANDBOX_FAILED << 8;

	return killed ? strncmp(r->seen, undisturbed, strlen(r->seen)) == 0 :
	       r->seen[0] == '\0' || strcmp(r->seen, undisturbed) == 0;
}

static void judge(const struct run *r, const char *name, struct totals *totals)
{
	const char *what = flaw(r);
	int first = (int)strcspn(r->said, "\r\n");

	totals->tried++;
	totals->hit += r->hit;
	if (messages && !r->hit)
		printf("%-40s not reached\n", name);
	totals->ran += r->seen[0] != '\0';
	if (messages && r->seen[0] == '\0')
		printf("%-40s %.*s\n", name, first, r->said);
	if (what != NULL ? excused(name, what) : told_the_same(r)) {
		totals->excused += what != NULL;
		return;
	}
	if (what == NULL && differences(name, r->seen, false) == 0) {
		totals->excused++;
		return;
	}
	totals->findings++;
	printf("# %s: %s (status %x%s)\n", name, what != NULL ? what : "it ran, and saw that",
	       (unsigned)r->status, r->hit ? "" : ", not reached");
	if (first > 0)
		printf("#   said: %.*s\n", first, r->said);
	if (what == NULL)
		differences(name, r->seen, true);
	fflush(stdout);
}

/* ---- the sweep ----------------------------------------------------------------------------- */

/* Lies are always told: a restriction that is believed is what this is about. */
static bool is_chosen(size_t number, const struct fault *fault)
{
	uint64_t x = number * 0x9e3779b97f4a7c15U + seed * 0xbf58476d1ce4e5b9U;

	x ^= x >> 31;
	x *= 0x94d049bb133111ebU;
	x ^= x >> 29;
	return (fault->act == ANSWER && fault->answer == 0) || x % share == 0;
}

/* What cannot fail, and what returns into another life. */
static bool is_no_call(long call)
{
	return call == SYS_exit_group || call == SYS_exit || call == SYS_rt_sigreturn;
}

static void try_call(const struct entry *entry, const struct fault *fault, struct totals *totals)
{
	static struct run r;
	char name[128];

	snprintf(name, sizeof(name), "%.32s %s %u %s", entry->role, name_of_call(entry->call),
		 entry->occurrence, fault->name);
	if (only != NULL && strstr(name, only) == NULL)
		return;
	memset(&r, 0, sizeof(r));
	r.entry = entry;
	r.fault = fault;
	perform(&r);
	judge(&r, name, totals);
	free(r.seen);
	free(r.said);
}

static void sweep_calls(unsigned worker, struct totals *totals)
{
	for (size_t i = 0; i < n_entries; i++)
		for (size_t f = 0; f < FAULTS; f++) {
			size_t number = i * FAULTS + f;

			if (number % WORKERS != worker || !is_chosen(number, &faults[f]))
				continue;
			if (is_no_call(entries[i].call) && faults[f].act == ANSWER)
				continue;
			try_call(&entries[i], &faults[f], totals);
		}
}

static bool try_allocation(unsigned long number, unsigned long many, struct totals *totals)
{
	static struct run r;
	char name[64];

	snprintf(name, sizeof(name), "allocation %lu %s", number, many == 1 ? "once" : "on");
	memset(&r, 0, sizeof(r));
	r.starve = number;
	r.starve_many = many;
	perform(&r);
	if (r.hit && (only == NULL || strstr(name, only) != NULL))
		judge(&r, name, totals);
	free(r.seen);
	free(r.said);
	return r.hit;
}

static void sweep_allocations(unsigned worker, struct totals *totals)
{
	unsigned long many = worker == 0 ? 1 : ~0UL;

	/* By a few they can differ: openat2(2) answers EAGAIN while others mount, and is helped. */
	for (unsigned missed = 0, number = 1; missed < 5; number++)
		missed = try_allocation(number, many, totals) ? 0 : missed + 1;
}

/* ---- beginning ----------------------------------------------------------------------------- */

static void tick(int number)
{
	(void)number;
}

static void begin_ticking(void)
{
	struct sigaction action = { .sa_handler = tick };
	struct itimerval every = { { 0, TICK * 1000 }, { 0, TICK * 1000 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

static void note_caller(void)
{
	static const char *const kinds[] = {
		"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"
	};
	size_t length = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char path[32], name[64] = "";

		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		if (readlink(path, name, sizeof(name) - 1) < 0)
			err(2, "%s", path);
		length += (size_t)snprintf(callers + length, sizeof(callers) - length, "%s ", name);
	}
	snprintf(callers + length, sizeof(callers) - length, "key:[%ld]",
		 syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
}

static char *read_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(2, "%s", path);
	return contents(fd);
}

static void take_options(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--allocations") == 0)
			by_allocation = true;
		else if (strcmp(argv[i], "--terminal") == 0)
			with_terminal = true;
		else if (strcmp(argv[i], "--messages") == 0)
			messages = true;
		else if (strcmp(argv[i], "--share") == 0 && ++i)
			share = strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0 && ++i)
			seed = strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--only") == 0 && ++i)
			only = value;
		else if (strcmp(argv[i], "--excuse") == 0 && ++i)
			excuses = read_whole(value);
		else if (strcmp(argv[i], "--calls") != 0)
			errx(2, "unknown option %s", argv[i]);
	}
	if (i + 1 >= argc || share == 0)
		errx(2, "sweep [OPTIONS] -- COMMAND… WITNESS");
	command = calloc((size_t)argc, sizeof(*command));
	memcpy(command, argv + i + 1, (size_t)(argc - i - 1) * sizeof(*command));
	command[argc - i - 1] = callers;
}

/* The shortest is as the others, but for what openat2(2) puts off (EAGAIN) while others mount. */
static void keep_shortest(void)
{
	static struct entry shortest[ENTRIES];
	static size_t n;

	if (n == 0 || n_entries < n) {
		memcpy(shortest, entries, n_entries * sizeof(*entries));
		n = n_entries;
	}
	memcpy(entries, shortest, n * sizeof(*entries));
	n_entries = n;
}

static void run_undisturbed(void)
{
	static struct run r;

	memset(&r, 0, sizeof(r));
	r.record = true;
	n_entries = 0;
	r.starve = ~0UL;
	perform(&r);
	if (r.hung || r.left_over || r.status != 0 || r.seen[0] == '\0') {
		fprintf(stderr, "the undisturbed run failed (status %x):\n%s%s", (unsigned)r.status,
			r.said, r.seen);
		exit(2);
	}
	if (undisturbed != NULL && strcmp(undisturbed, r.seen) != 0) {
		printf("# two undisturbed runs differ:\n");
		differences("", r.seen, true);
		exit(2);
	}
	undisturbed = r.seen;
	keep_shortest();
}

static void number_command(unsigned worker)
{
	for (char **word = command; *word != NULL; word++)
		for (char *at = *word; (at = strchr(at, '%')) != NULL;)
			*at = (char)('0' + worker);
}

static void work(unsigned worker, struct totals *totals)
{
	number_command(worker);
	begin_ticking();
	if (by_allocation)
		sweep_allocations(worker, totals);
	else
		sweep_calls(worker, totals);
}

int main(int argc, char **argv)
{
	struct totals *totals = mmap(NULL, WORKERS * sizeof(*totals), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct totals sum = { 0 };
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	take_options(argc, argv);
	note_caller();
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	begin_ticking();
	for (int i = 0; i < 3; i++)
		run_undisturbed();	/* with % itself */
	if (messages)
		printf("%s", undisturbed);
	for (unsigned i = 0; i < WORKERS; i++)
		if (fork() == 0) {
			prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
			prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
			work(i, &totals[i]);
			exit(0);
		}
	while (wait(&status) >= 0 || errno == EINTR)
		if (status != 0)
			errx(2, "a part of the sweep failed (%x)", (unsigned)status);
	for (unsigned i = 0; i < WORKERS; i++) {
		sum.tried += totals[i].tried;
		sum.hit += totals[i].hit;
		sum.ran += totals[i].ran;
		sum.excused += totals[i].excused;
		sum.findings += totals[i].findings;
	}
	printf("%zu calls, %lu tried, %lu reached, %lu ran, %lu excused, %lu findings\n", n_entries,
	       sum.tried, sum.hit, sum.ran, sum.excused, sum.findings);
	return sum.findings > 0 || sum.hit == 0;
}
