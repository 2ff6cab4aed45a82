/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pair - commands that take turns, timed from their start to their end
 *
 *     pair [-n ROUNDS] [-c COUNT] [-p AT-ONCE] COMMAND… [::: COMMAND…]…
 *
 * One line for each command, in the order given: median and quartiles of its
 * time in milliseconds, then median and quartiles of how much of that time the
 * first command took in the same round.  What a machine does beside us slows a
 * whole round, so the ratios are steady where the times are not.  The kernel
 * takes namespaces apart after their last process has been waited for, at the
 * cost of whoever comes next: every second round goes backwards, so that each
 * command follows each neighbour as often.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { COMMANDS = 8, WARM_UP = 5 };

struct command {
	char **words;
	double *times, *ratios;
};

struct pair {
	struct command command[COMMANDS];
	size_t n;
	size_t rounds, count, at_once;
};

static _Noreturn void give_up(int err, const char *act, const char *object)
{
	fprintf(stderr, "pair: %s %s%s%s\n", act, object, err != 0 ? ": " : "",
		err != 0 ? strerror(err) : "");
	exit(EXIT_FAILURE);
}

/* ---- running ------------------------------------------------------------------------------- */

/* glibc's posix_spawn borrows our memory (CLONE_VM): no page table is copied into the time. */
static void start(const struct command *command, const posix_spawn_file_actions_t *actions)
{
	pid_t pid;
	int err = posix_spawnp(&pid, command->words[0], actions, NULL, command->words, environ);

	if (err != 0)
		give_up(err, "start", command->words[0]);
}

static void wait_for_one(const struct command *command)
{
	int status = 0;
	char end[32];

	if (wait(&status) < 0)
		give_up(errno, "wait for", command->words[0]);
	(void)snprintf(end, sizeof(end), "%s %d:", WIFEXITED(status) ? "status" : "signal",
		       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	if (status != 0)
		give_up(0, end, command->words[0]);
}

static double milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);	/* cannot fail */
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double run(const struct pair *pair, const struct command *command,
		  const posix_spawn_file_actions_t *actions)
{
	double before = milliseconds();
	size_t running = 0;

	for (size_t started = 0; started < pair->count || running > 0; running--) {
		for (; started < pair->count && running < pair->at_once; started++, running++)
			start(command, actions);
		wait_for_one(command);
	}
	return milliseconds() - before;
}

/* Standard error stays: a command that fails shall say why. */
static void redirect(posix_spawn_file_actions_t *actions)
{
	if (posix_spawn_file_actions_init(actions) != 0 ||
	    posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
	    != 0 ||
	    posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0)
		give_up(ENOMEM, "open", "/dev/null");
}

static void run_round(struct pair *pair, size_t round, const posix_spawn_file_actions_t *actions)
{
	for (size_t i = 0; i < pair->n; i++) {
		struct command *command = &pair->command[round % 2 == 0 ? i : pair->n - 1 - i];

		command->times[round] = run(pair, command, actions);
	}
	for (size_t i = 0; i < pair->n; i++)
		pair->command[i].ratios[round] = pair->command[0].times[round] /
						 pair->command[i].times[round];
}

static void run_all(struct pair *pair)
{
	posix_spawn_file_actions_t actions;
	size_t warm_up = pair->rounds < WARM_UP ? 1 : WARM_UP;

	redirect(&actions);
	for (size_t i = 0; i < warm_up; i++)
		run_round(pair, i % pair->rounds, &actions);
	for (size_t i = 0; i < pair->rounds; i++)
		run_round(pair, i, &actions);
	(void)posix_spawn_file_actions_destroy(&actions);	/* cannot fail */
}

/* ---- reporting ----------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The value that a part of all lies below, between the two that are nearest. */
static double quantile(const double *sorted, size_t n, double part)
{
	double place = part * (double)(n - 1);
	size_t below = (size_t)place;
	size_t above = below + 1 < n ? below + 1 : below;

	return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

static void print_quartiles(double *values, size_t n)
{
	qsort(values, n, sizeof(values[0]), by_value);
	printf("%.4f %.4f %.4f", quantile(values, n, 0.5), quantile(values, n, 0.25),
	       quantile(values, n, 0.75));
}

static void print_all(const struct pair *pair)
{
	for (size_t i = 0; i < pair->n; i++) {
		print_quartiles(pair->command[i].times, pair->rounds);
		printf(" ");
		print_quartiles(pair->command[i].ratios, pair->rounds);
		printf("\n");
	}
}

/* ---- the command line ---------------------------------------------------------------------- */

static size_t whole_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end != '\0' || number == 0)
		give_up(0, "not a number of one or more:", text);
	return number;
}

static void add_command(struct pair *pair, char **words)
{
	struct command *command = &pair->command[pair->n++];

	command->words = words;
	command->times = calloc(pair->rounds, sizeof(command->times[0]));
	command->ratios = calloc(pair->rounds, sizeof(command->ratios[0]));
	if (words[0] == NULL || command->times == NULL || command->ratios == NULL)
		give_up(errno, "there is nothing to do for", "one of the commands");
}

static void read_commands(struct pair *pair, char **words)
{
	char **first = words;

	for (; *words != NULL; words++)
		if (strcmp(*words, ":::") == 0) {
			*words = NULL;
			add_command(pair, first);
			first = words + 1;
			if (pair->n == COMMANDS - 1)
				break;
		}
	add_command(pair, first);
}

int main(int argc, char **argv)
{
	struct pair pair = { .rounds = 100, .count = 1, .at_once = 1 };
	int option;

	while ((option = getopt(argc, argv, "+n:c:p:")) != -1)
		if (option == 'n')
			pair.rounds = whole_number(optarg);
		else if (option == 'c')
			pair.count = whole_number(optarg);
		else if (option == 'p')
			pair.at_once = whole_number(optarg);
		else
			return EXIT_FAILURE;
	read_commands(&pair, argv + optind);
	run_all(&pair);
	print_all(&pair);
	return ferror(stdout) != 0 || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
