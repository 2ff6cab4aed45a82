/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes over the handshake is bytes: a text without an end, half a message, silence. */
#include "sandbox/handshake.h"

#include "tests/unit/table.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct ends {
	int of[2];
};

static struct ends open_ends(void)
{
	struct failure why = { 0 };
	struct ends ends;

	assert_int_equal(handshake_open(ends.of, &why), 0);
	return ends;
}

static void close_ends(const struct ends *ends)
{
	assert_int_equal(close(ends->of[0]), 0);
	assert_int_equal(close(ends->of[1]), 0);
}

/* Each of its texts full to the last byte. */
static void texts_have_an_end(void **state)
{
	struct ends ends = open_ends();
	struct failure sent = { .err = 5, .status = EXIT_SANDBOX }, got = { 0 };
	struct message message;

	(void)state;
	memset(sent.phase, 'p', sizeof(sent.phase));
	memset(sent.what, 'w', sizeof(sent.what));
	memset(sent.hint, 'h', sizeof(sent.hint));
	memset(sent.familiar, 'f', sizeof(sent.familiar));
	handshake_send_failure(ends.of[0], &sent);
	assert_int_equal(handshake_receive(ends.of[1], &message, NULL, &got), -1);
	assert_true(got.told && got.err == 5);
	assert_int_equal(strnlen(got.phase, sizeof(got.phase)), sizeof(got.phase) - 1);
	assert_int_equal(strnlen(got.what, sizeof(got.what)), sizeof(got.what) - 1);
	assert_int_equal(strnlen(got.hint, sizeof(got.hint)), sizeof(got.hint) - 1);
	assert_int_equal(strnlen(got.familiar, sizeof(got.familiar)), sizeof(got.familiar) - 1);
	close_ends(&ends);
}

static void half_a_message_is_none(void **state)
{
	struct ends ends = open_ends();
	struct failure got = { 0 };
	struct message message = { .kind = MESSAGE_FAILED };

	(void)state;
	assert_int_equal(send(ends.of[0], &message, sizeof(message.kind), 0), sizeof(message.kind));
	assert_int_equal(handshake_receive(ends.of[1], &message, NULL, &got), -1);
	assert_string_equal(got.what, "the other process sent no message");
	assert_int_equal(handshake_send(ends.of[0], MESSAGE_FAILED, 0, -1), 0);
	assert_int_equal(handshake_receive(ends.of[1], &message, NULL, &got), -1);
	assert_string_equal(got.what, "a report of a failure was cut off");
	close_ends(&ends);
}

static void only_what_is_due_will_do(void **state)
{
	struct ends ends = open_ends();
	struct failure got = { 0 };
	int value = 0, fd = -1;

	(void)state;
	assert_int_equal(handshake_send(ends.of[0], MESSAGE_NUMBER, 4711, STDIN_FILENO), 0);
	assert_int_equal(handshake_expect(ends.of[1], MESSAGE_NUMBER, &value, &fd, &got), 0);
	assert_int_equal(value, 4711);
	assert_int_equal(close(fd), 0);
	assert_int_equal(handshake_send(ends.of[0], MESSAGE_BEGIN, 0, -1), 0);
	assert_int_equal(handshake_expect(ends.of[1], MESSAGE_MAPPED, NULL, NULL, &got), -1);
	assert_non_null(strstr(got.what, "the other process sent message"));
	assert_int_equal(shutdown(ends.of[0], SHUT_WR), 0);
	assert_int_equal(handshake_expect(ends.of[1], MESSAGE_MAPPED, NULL, NULL, &got), -1);
	assert_non_null(strstr(got.what, "the other process died before its message"));
	close_ends(&ends);
}

int main(void)
{
	struct CMUnitTest tests[3];
	size_t n = 0;

	ADD_TEST(tests, n, "the texts of a failure have an end, whatever was sent",
		 texts_have_an_end);
	ADD_TEST(tests, n, "half a message, and half a failure, are none", half_a_message_is_none);
	ADD_TEST(tests, n, "another message than is due, and silence, are failures",
		 only_what_is_due_will_do);
	return RUN_TESTS("handshake", tests, n);
}
