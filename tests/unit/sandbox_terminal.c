/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The relay between two terminals.  A scene plays the launcher, and its user
 * too: "near" is the caller's terminal as the launcher has it, "far" is the
 * side where its keys are pressed and its screen is seen.  The payload is a
 * child on the private terminal.
 */
#include "sandbox/terminal.h"

#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct winsize our_size = { .ws_row = 33, .ws_col = 77 };

static int far = -1, near = -1, peer = -1;
static struct terminal relay;
static struct failure why;
static pid_t scene, payload;
static char seen[1 << 20];	/* what the screen has shown */
static size_t n_seen;

/* ---- the scenery --------------------------------------------------------------------------- */

/* Settings that no program would choose, so that a restored default would show. */
static void make_ours_odd(void)
{
	struct termios settings;

	must(tcgetattr(near, &settings));
	settings.c_cc[VINTR] = 7;
	settings.c_cc[VSUSP] = 8;
	settings.c_cc[VEOF] = 5;
	settings.c_iflag |= IUTF8;
	settings.c_lflag |= ECHOPRT;
	settings.c_oflag |= TAB3;
	must(tcsetattr(near, TCSANOW, &settings));
	must(ioctl(near, TIOCSWINSZ, &our_size));
}

static void open_ours(void)
{
	scene = getpid();
	far = must(terminal_open_master(AT_FDCWD, "/dev/ptmx"));
	must(fcntl(far, F_SETFL, O_RDWR | O_NONBLOCK));
	near = must(ioctl(far, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	must(setsid());
	must(ioctl(near, TIOCSCTTY, 0));
	make_ours_odd();
}

/* Standard error stays where the test's words go. */
static void take_descriptors(int in, int out)
{
	must(dup2(in, STDIN_FILENO));
	must(dup2(out, STDOUT_FILENO));
}

static int open_null(void)
{
	return must(open("/dev/null", O_RDWR | O_CLOEXEC));
}

static int open_private(void)
{
	int master = must(terminal_open_master(AT_FDCWD, "/dev/ptmx"));

	peer = must(terminal_open_peer(master));
	return master;
}

/* Nothing outlives its scene, however and however soon that ends. */
static void end_with_scene(void)
{
	must(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
	if (getppid() != scene)
		_exit(0);
}

static void start_payload(void (*act)(void), int master)
{
	fflush(NULL);
	payload = must(fork());
	if (payload == 0) {
		end_with_scene();
		close(master);
		close(far);
		close(near);
		must(setsid());
		must(ioctl(peer, TIOCSCTTY, 0));
		must(dup2(peer, STDIN_FILENO));
		must(dup2(peer, STDOUT_FILENO));
		close(peer);
		act();
		_exit(0);
	}
	close(peer);
}

static void begin(void (*act)(void))
{
	int master = open_private();

	start_payload(act, master);
	must(terminal_begin(&relay, master, &why));
}

static void begin_full(void (*act)(void))
{
	open_ours();
	take_descriptors(near, near);
	begin(act);
}

/* ---- the launcher's loop, and the user before the screen ----------------------------------- */

static void look_at_the_screen(void)
{
	ssize_t n = read(far, seen + n_seen, sizeof(seen) - 1 - n_seen);

	if (n > 0)
		n_seen += (size_t)n;
	seen[n_seen] = '\0';
}

/* Returns whether anything happened. */
static bool turn(int timeout)
{
	struct pollfd polls[TERMINAL_POLLS];
	int ready;

	terminal_want(&relay, polls);
	ready = must(poll(polls, TERMINAL_POLLS, timeout));
	terminal_move(&relay, polls);
	return ready > 0;
}

static void relay_until(const char *text)
{
	const time_t deadline = time(NULL) + 10;

	while (strstr(seen, text) == NULL) {
		(void)turn(20);
		look_at_the_screen();
		if (time(NULL) > deadline) {
			dprintf(STDERR_FILENO, "# never seen: %s\n", text);
			_exit(1);
		}
	}
}

static void relay_for(int turns)
{
	while (turns-- > 0) {
		(void)turn(5);
		look_at_the_screen();
	}
}

static void press(const char *keys)
{
	claim(write(far, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

static int reap(void)
{
	int status;

	must(waitpid(payload, &status, 0));
	return status;
}

static struct termios settings_of(int tty)
{
	struct termios settings;

	memset(&settings, 0, sizeof(settings));
	must(tcgetattr(tty, &settings));
	return settings;
}

static bool same_settings(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

static bool is_raw(int tty)
{
	struct termios settings = settings_of(tty);

	return (settings.c_lflag & (ICANON | ECHO | ISIG)) == 0 && (settings.c_oflag & OPOST) == 0;
}

/* ---- payloads ------------------------------------------------------------------------------ */

static void say(const char *text)
{
	claim(write(STDOUT_FILENO, text, strlen(text)) == (ssize_t)strlen(text));
}

static void wait_forever(void)
{
	for (;;)
		pause();
}

static void say_ready_and_wait(void)
{
	say("ready");
	wait_forever();
}

static void repeat_lines(void)
{
	char text[256];
	ssize_t n;

	say("ready");
	while ((n = read(STDIN_FILENO, text, sizeof(text) - 1)) > 0) {
		text[n] = '\0';
		dprintf(STDOUT_FILENO, "<%s>", text);
	}
	say("end of file");
	wait_forever();
}

static void flood(void)
{
	static const char text[65536];

	for (;;)
		(void)!write(STDOUT_FILENO, text, sizeof(text));
}

/* ---- settings and size --------------------------------------------------------------------- */

static void private_starts_as_ours(void)
{
	struct termios ours, theirs;
	struct winsize size = { 0 };

	open_ours();
	take_descriptors(near, near);
	(void)open_private();
	ours = settings_of(near);
	theirs = settings_of(peer);
	claim(same_settings(&ours, &theirs));
	must(ioctl(peer, TIOCGWINSZ, &size));
	claim(size.ws_row == our_size.ws_row && size.ws_col == our_size.ws_col);
}

static void settings_come_back(void)
{
	struct termios before, after;

	open_ours();
	take_descriptors(near, near);
	before = settings_of(near);
	begin(say_ready_and_wait);
	claim(is_raw(near));
	relay_until("ready");
	terminal_suspend(&relay);
	after = settings_of(near);
	claim(same_settings(&before, &after));
	terminal_resume(&relay);
	claim(is_raw(near));
	terminal_resume(&relay);	/* as at each change of size: raw is not what comes back */
	must(kill(payload, SIGKILL));
	claim(WTERMSIG(reap()) == SIGKILL);
	terminal_end(&relay);
	after = settings_of(near);
	claim(same_settings(&before, &after));
	claim(relay.master == -1 && relay.peer == -1 && relay.reader == -1 && relay.writer == -1);
}

/* Between a stop and the next start the user may set the terminal; that is what comes back then. */
static void settings_of_a_pause_are_kept(void)
{
	struct termios changed, after;

	begin_full(say_ready_and_wait);
	relay_until("ready");
	terminal_suspend(&relay);
	changed = settings_of(near);
	changed.c_cc[VERASE] = 1;
	must(tcsetattr(near, TCSANOW, &changed));
	terminal_resume(&relay);
	terminal_end(&relay);
	after = settings_of(near);
	claim(after.c_cc[VERASE] == 1);
}

static void disturb_settings(void)
{
	struct termios settings = settings_of(STDIN_FILENO);
	struct winsize size = { .ws_row = 1, .ws_col = 1 };

	cfmakeraw(&settings);
	must(tcsetattr(STDIN_FILENO, TCSANOW, &settings));
	must(ioctl(STDIN_FILENO, TIOCSWINSZ, &size));
	say("disturbed");
	wait_forever();
}

static void payload_settings_stay_its_own(void)
{
	struct termios before, after;
	struct winsize size;

	open_ours();
	take_descriptors(near, near);
	before = settings_of(near);
	begin(disturb_settings);
	relay_until("disturbed");
	must(ioctl(near, TIOCGWINSZ, &size));
	claim(size.ws_row == our_size.ws_row && size.ws_col == our_size.ws_col);
	terminal_end(&relay);
	after = settings_of(near);
	claim(same_settings(&before, &after));
}

static void tell_size(int number)
{
	struct winsize size;

	(void)number;
	must(ioctl(STDIN_FILENO, TIOCGWINSZ, &size));
	dprintf(STDOUT_FILENO, "[%u,%u]", size.ws_row, size.ws_col);
}

static void tell_sizes(void)
{
	must(signal(SIGWINCH, tell_size) == SIG_ERR ? -1 : 0);
	tell_size(0);
	wait_forever();
}

static void size_follows_ours(void)
{
	const struct winsize larger = { .ws_row = 50, .ws_col = 132 };

	begin_full(tell_sizes);
	relay_until("[33,77]");
	must(ioctl(far, TIOCSWINSZ, &larger));
	terminal_resume(&relay);
	relay_until("[50,132]");
}

/* ---- keys and output ----------------------------------------------------------------------- */

static void keys_reach_it_as_bytes(void)
{
	begin_full(repeat_lines);
	relay_until("ready");
	press("hello\r");
	relay_until("hello\r\n<hello\r\n>");	/* echoed once, and read */
}

/* Odd VINTR of ours is the private one's, too: the key makes a signal there, and none here. */
static void interrupt_key_strikes_the_payload(void)
{
	begin_full(say_ready_and_wait);
	relay_until("ready");
	press("\a");
	relay_for(10);
	claim(WTERMSIG(reap()) == SIGINT);
}

static void say_much(void)
{
	static char text[120001];

	for (size_t i = 0; i < 20000; i++)
		snprintf(text + 6 * i, sizeof(text) - 6 * i, "%05zu,", i);
	say(text);
	say("done");
	wait_forever();
}

static void much_output_comes_whole(void)
{
	const char *at = seen;

	begin_full(say_much);
	relay_until("done");
	for (unsigned i = 0; i < 20000; i++, at += 6)
		claim((unsigned)atoi(at) == i && at[5] == ',');
}

/* What the launcher shares with the caller's shell is not touched. */
static void flags_of_ours_are_left_alone(void)
{
	begin_full(say_ready_and_wait);
	relay_until("ready");
	claim((fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK) == 0);
	claim((fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK) == 0);
	terminal_end(&relay);
	claim(fcntl(STDIN_FILENO, F_GETFD) >= 0 && fcntl(STDOUT_FILENO, F_GETFD) >= 0);
}

static void close_and_open_again(void)
{
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	usleep(200 * 1000);
	must(open("/dev/tty", O_RDWR));
	must(dup2(STDIN_FILENO, STDOUT_FILENO));
	say("back again");
	wait_forever();
}

static void terminal_survives_a_while_unopened(void)
{
	struct pollfd polls[TERMINAL_POLLS];
	int idle = 0;

	begin_full(close_and_open_again);
	for (int i = 0; i < 10; i++) {		/* while it is closed, nothing wakes us */
		terminal_want(&relay, polls);
		idle += must(poll(polls, TERMINAL_POLLS, 10)) == 0;
	}
	claim(idle >= 8);
	relay_until("back again");
}

static void say_last_words(void)
{
	static char text[60000];

	memset(text, 'x', sizeof(text));
	must(fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK));
	for (size_t left = sizeof(text); left > 0;) {
		ssize_t n = write(STDOUT_FILENO, text, left > 4000 ? 4000 : left);

		if (n <= 0)
			break;		/* the kernel holds no more */
		left -= (size_t)n;
	}
}

/* Reads the screen from another process, until the words at the end. */
static void watch_the_screen(void)
{
	size_t n = 0;
	char text[4096];

	end_with_scene();
	must(fcntl(far, F_SETFL, O_RDWR));
	for (ssize_t got; n == 0 || text[n - 1] != '\n'; n = (size_t)got) {
		got = must(read(far, text, sizeof(text)));
		for (ssize_t i = 0; i < got; i++)
			n_seen += text[i] == 'x';
	}
	claim(n_seen >= 8192);		/* more than one read's worth lay in the kernel */
}

static void last_words_are_shown(void)
{
	pid_t watcher;

	begin_full(say_last_words);
	claim(WEXITSTATUS(reap()) == 0);
	watcher = start_child(watch_the_screen);
	terminal_end(&relay);
	must(write(near, "\n", 1));
	join_child(watcher);
}

/* ---- a hostile payload --------------------------------------------------------------------- */

static long peak_memory(void)
{
	struct rusage usage;

	must(getrusage(RUSAGE_SELF, &usage));
	return usage.ru_maxrss;
}

static void flood_is_bounded(void)
{
	long before;

	begin_full(flood);
	relay_for(10);
	before = peak_memory();
	for (int i = 0; i < 20000; i++) {
		(void)turn(5);
		n_seen = 0;
		look_at_the_screen();
	}
	claim(peak_memory() - before < 1024);
	must(kill(payload, SIGKILL));
	reap();
}

/* Nobody looks at the screen: the launcher waits for it in poll, and nowhere else. */
static void stalled_screen_does_not_hold_us(void)
{
	begin_full(flood);
	alarm(5);
	for (int i = 0; i < 100; i++)
		(void)turn(5);
	claim(!turn(50));
	claim(relay.out.end - relay.out.begin == TERMINAL_BUFFER - 1);
}

/* So slowly that the relay finds something more to read whenever it has shown the last. */
static void watch_slowly(void)
{
	end_with_scene();
	must(fcntl(far, F_SETFL, O_RDWR));
	while (read(far, seen, 4096) > 0)
		usleep(5000);
}

/* What is left when it ends is more than the screen takes, and the flood has not stopped. */
static void flood_does_not_outlast_the_end(void)
{
	begin_full(flood);
	while (turn(200))		/* until nothing goes on, all buffers are full */
		;
	(void)start_child(watch_slowly);
	alarm(3);			/* ten times what the bound takes */
	terminal_end(&relay);
}

/* Not canonical: there, what exceeds a line is thrown away instead. */
static void be_raw_and_deaf(void)
{
	struct termios settings = settings_of(STDIN_FILENO);

	cfmakeraw(&settings);
	must(tcsetattr(STDIN_FILENO, TCSANOW, &settings));
	say("ready");
	wait_forever();
}

static void keys_unread_do_not_pile_up(void)
{
	static char keys[4096];
	size_t taken = 0;

	begin_full(be_raw_and_deaf);
	relay_until("ready");
	memset(keys, 'k', sizeof(keys));
	alarm(9);
	for (int i = 0; i < 1000; i++) {
		ssize_t n = write(far, keys, sizeof(keys));

		taken += n > 0 ? (size_t)n : 0;
		(void)turn(1);
		n_seen = 0;
		look_at_the_screen();
		claim(relay.in.end <= TERMINAL_BUFFER);
	}
	claim(taken > TERMINAL_BUFFER && taken < 512 * 1024);
}

/* ---- part mode ----------------------------------------------------------------------------- */

static void begin_part(void (*act)(void))
{
	open_ours();
	take_descriptors(near, open_null());
	begin(act);
}

static void part_mode_leaves_ours_alone(void)
{
	struct termios before, after, theirs;

	open_ours();
	take_descriptors(near, open_null());
	before = settings_of(near);
	begin(repeat_lines);
	after = settings_of(near);
	claim(same_settings(&before, &after));
	theirs = settings_of(relay.peer);
	claim((theirs.c_lflag & ECHO) == 0 && (theirs.c_oflag & OPOST) == 0);
	relay_until("ready");
	press("one\r");
	relay_until("<one\r\n>");
	claim(strstr(seen, "one\r\none\r\n") == NULL);	/* echoed by ours alone */
	terminal_end(&relay);
	after = settings_of(near);
	claim(same_settings(&before, &after));
}

static void end_of_file_is_passed_on(void)
{
	begin_part(repeat_lines);
	relay_until("ready");
	press("one\r");
	relay_until("<one\r\n>");
	press("\005");
	relay_until("end of file");
}

static void unfinished_line_is_passed_on(void)
{
	begin_part(repeat_lines);
	relay_until("ready");
	press("half\005");
	relay_until("<half>");
	press("\005");
	relay_until("end of file");
}

/* Input is a file: the keys belong to whoever reads the terminal next. */
static void keys_stay_where_nobody_reads(void)
{
	char text[16];

	open_ours();
	take_descriptors(open_null(), near);
	begin(say_ready_and_wait);
	press("mine\r");
	relay_until("ready");
	relay_for(5);
	terminal_end(&relay);
	claim(must(read(near, text, sizeof(text))) == 5 && memcmp(text, "mine\n", 5) == 0);
}

/* Two terminals, one for each direction: neither is made raw. */
static void two_terminals_are_part_mode(void)
{
	int other, others_far;

	open_ours();
	others_far = must(terminal_open_master(AT_FDCWD, "/dev/ptmx"));
	other = must(ioctl(others_far, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	take_descriptors(near, other);
	begin(say_ready_and_wait);
	claim(!relay.full && relay.reads && relay.ours == STDOUT_FILENO);
	claim(!is_raw(near) && !is_raw(other));
}

/* The same one by another name. */
static void another_name_is_full_mode(void)
{
	open_ours();
	take_descriptors(must(open("/dev/tty", O_RDWR | O_CLOEXEC)), near);
	begin(repeat_lines);
	claim(relay.full && is_raw(near));
	relay_until("ready");
	press("x\r");
	relay_until("<x\r\n>");
}

/* ---- background ---------------------------------------------------------------------------- */

static void stand_by(void)
{
	end_with_scene();
	wait_forever();
}

/* Another group has the terminal, as while a shell runs us with "&". */
static pid_t lose_the_terminal(void)
{
	pid_t other = start_child(stand_by);

	must(setpgid(other, other));
	must(tcsetpgrp(near, other));
	return other;
}

/* To be stopped would end the scene in silence. */
static void keep_running(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTTOU);
	sigaddset(&signals, SIGTTIN);
	must(sigprocmask(SIG_BLOCK, &signals, NULL));
}

static void background_touches_nothing(void)
{
	struct termios before, after;
	char text[16];

	open_ours();
	take_descriptors(near, near);
	keep_running();
	before = settings_of(near);
	lose_the_terminal();
	begin(say_ready_and_wait);
	after = settings_of(near);
	claim(same_settings(&before, &after) && !relay.raw);
	press("theirs\r");
	relay_until("ready");
	relay_for(5);
	terminal_resume(&relay);
	after = settings_of(near);
	claim(same_settings(&before, &after));
	terminal_end(&relay);
	must(tcsetpgrp(near, getpgrp()));
	claim(must(read(near, text, sizeof(text))) == 7 && memcmp(text, "theirs\n", 7) == 0);
}

static void foreground_takes_up_again(void)
{
	open_ours();
	take_descriptors(near, near);
	keep_running();
	lose_the_terminal();
	begin(repeat_lines);
	relay_until("ready");
	claim(!is_raw(near));
	must(tcsetpgrp(near, getpgrp()));
	terminal_resume(&relay);
	claim(is_raw(near));
	press("now\r");
	relay_until("<now\r\n>");
}

/* Stopped from outside while raw, put in the background, ended there. */
static void end_in_the_background_touches_nothing(void)
{
	struct termios shells, after;

	begin_full(say_ready_and_wait);
	keep_running();
	relay_until("ready");
	lose_the_terminal();
	shells = settings_of(near);
	shells.c_lflag |= ICANON | ECHO;
	shells.c_cc[VERASE] = 2;
	must(tcsetattr(near, TCSANOW, &shells));
	terminal_end(&relay);
	after = settings_of(near);
	claim(same_settings(&shells, &after));
}

/* A read that finds out only then is no end of the keys. */
static void background_is_no_end(void)
{
	struct pollfd polls[TERMINAL_POLLS];

	begin_full(repeat_lines);
	keep_running();
	relay_until("ready");
	press("a\r");
	terminal_want(&relay, polls);
	claim(must(poll(polls, TERMINAL_POLLS, 1000)) > 0);
	lose_the_terminal();
	terminal_move(&relay, polls);
	claim(!relay.in.closed);
	must(tcsetpgrp(near, getpgrp()));
	terminal_resume(&relay);
	relay_until("<a\r\n>");
}

/* ---- what goes wrong ----------------------------------------------------------------------- */

static void hang_up_is_survived(void)
{
	begin_full(say_ready_and_wait);
	relay_until("ready");
	must(signal(SIGHUP, SIG_IGN) == SIG_ERR ? -1 : 0);
	close(far);
	far = open_null();
	for (int i = 0; i < 100 && turn(10); i++)
		;
	claim(!turn(20));		/* and it does not keep us busy */
	terminal_end(&relay);
}

static void what_hung_up_is_no_terminal(void)
{
	int pipe_ends[2];

	open_ours();
	must(pipe(pipe_ends));
	claim(terminal_look(near) == 1);
	claim(terminal_look(pipe_ends[0]) == 0);
	claim(terminal_look(open_null()) == 0);
	must(signal(SIGHUP, SIG_IGN) == SIG_ERR ? -1 : 0);
	close(far);
	far = open_null();
	claim(terminal_look(near) == 0);
}

static void output_after_a_hang_up_is_dropped(void)
{
	begin_full(flood);
	must(signal(SIGHUP, SIG_IGN) == SIG_ERR ? -1 : 0);
	close(far);
	far = open_null();
	alarm(5);
	for (int i = 0; i < 100; i++)
		claim(turn(1000));	/* so the payload is not held by it */
	must(kill(payload, SIGKILL));
	reap();
	terminal_end(&relay);
}

static void no_terminal_no_relay(void)
{
	open_ours();
	take_descriptors(open_null(), open_null());
	must(dup2(STDERR_FILENO, 9));
	must(dup2(open_null(), STDERR_FILENO));
	if (terminal_begin(&relay, open_private(), &why) == 0)
		dprintf(9, "# a relay without a terminal\n"), _exit(1);
	must(dup2(9, STDERR_FILENO));
	claim(why.err == ENOTTY && strstr(why.what, "descriptors 0 to 2") != NULL);
	claim(relay.master >= 0);	/* owned, so that it is closed in one place */
	terminal_end(&relay);
	claim(relay.master == -1);
}

static void only_a_ptmx_makes_a_master(void)
{
	refused(ENOTTY, terminal_open_master(AT_FDCWD, "/dev/null"));
	refused(ENOENT, terminal_open_master(AT_FDCWD, "/dev/nowhere/ptmx"));
	refused(ENOTTY, terminal_open_peer(open_null()));
	refused(EBADF, terminal_open_peer(-1));
}

static void without_one_nothing_happens(void)
{
	struct pollfd polls[TERMINAL_POLLS];

	open_ours();
	take_descriptors(near, near);
	relay.master = relay.ours = -1;
	terminal_want(&relay, polls);
	for (int i = 0; i < TERMINAL_POLLS; i++)
		claim(polls[i].fd == -1);
	terminal_move(&relay, polls);
	terminal_resume(&relay);
	terminal_suspend(&relay);
	terminal_end(&relay);
	claim(!is_raw(near));
}

static const struct scene scenes[] = {
	{ "the private terminal starts as ours is", private_starts_as_ours },
	{ "our settings come back, after a kill too", settings_come_back },
	{ "settings made during a stop are what comes back", settings_of_a_pause_are_kept },
	{ "the payload's settings stay its own", payload_settings_stay_its_own },
	{ "the size follows ours", size_follows_ours },
	{ "keys reach the payload as bytes", keys_reach_it_as_bytes },
	{ "the interrupt key strikes the payload alone", interrupt_key_strikes_the_payload },
	{ "much output comes whole and in order", much_output_comes_whole },
	{ "flags of the caller's open files are left alone", flags_of_ours_are_left_alone },
	{ "a terminal that nobody has open for a while", terminal_survives_a_while_unopened },
	{ "last words are shown", last_words_are_shown },
	{ "a flood takes no memory", flood_is_bounded },
	{ "a stalled screen does not hold the launcher", stalled_screen_does_not_hold_us },
	{ "a flood does not outlast the end", flood_does_not_outlast_the_end },
	{ "keys that nobody reads do not pile up", keys_unread_do_not_pile_up },
	{ "part mode leaves our settings alone", part_mode_leaves_ours_alone },
	{ "part mode: the end of file is passed on", end_of_file_is_passed_on },
	{ "part mode: an unfinished line is passed on", unfinished_line_is_passed_on },
	{ "part mode: keys stay where nobody reads", keys_stay_where_nobody_reads },
	{ "two different terminals are part mode", two_terminals_are_part_mode },
	{ "one terminal by two names is full mode", another_name_is_full_mode },
	{ "the background touches nothing and reads nothing", background_touches_nothing },
	{ "the foreground takes up again", foreground_takes_up_again },
	{ "an end in the background touches nothing", end_in_the_background_touches_nothing },
	{ "to be put in the background is no end of keys", background_is_no_end },
	{ "a hang-up is survived, and idle", hang_up_is_survived },
	{ "what hung up is no terminal", what_hung_up_is_no_terminal },
	{ "output after a hang-up is dropped", output_after_a_hang_up_is_dropped },
	{ "without a terminal: ENOTTY", no_terminal_no_relay },
	{ "what is no ptmx: ENOTTY, ENOENT, EBADF", only_a_ptmx_makes_a_master },
	{ "without a private terminal nothing happens", without_one_nothing_happens },
};

int main(void)
{
	return play_scenes("terminal relay", SCENES(scenes));
}
