/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf - a filter run outside the kernel: the instructions that seccomp knows, and croft writes */
#ifndef TESTS_UNIT_BPF_H
#define TESTS_UNIT_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What the filter answers to the call; *steps counts instructions, *looked tells of arguments. */
static uint32_t bpf_run(const struct sock_filter *code, size_t n, const struct seccomp_data *data,
			size_t *steps, int *looked)
{
	uint32_t a = 0, x = 0;

	*steps = 0;
	*looked = 0;
	for (size_t i = 0; i < n; i++) {
		const struct sock_filter *at = &code[i];
		int holds = 0;

		++*steps;
		switch (at->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(at->k % 4 == 0 && at->k < sizeof(*data));
			memcpy(&a, (const char *)data + at->k, 4);
			*looked |= at->k >= offsetof(struct seccomp_data, args);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= at->k;
			continue;
		case BPF_ALU | BPF_XOR | BPF_K:
			a ^= at->k;
			continue;
		case BPF_LDX | BPF_W | BPF_IMM:
			x = at->k;
			continue;
		case BPF_MISC | BPF_TXA:
			a = x;
			continue;
		case BPF_RET | BPF_K:
			return at->k;
		case BPF_RET | BPF_A:
			return a;
		case BPF_JMP | BPF_JA:
			i += at->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			holds = a == at->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			holds = a >= at->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			holds = a > at->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			holds = (a & at->k) != 0;
			break;
		default:
			fail_msg("instruction %zu has the code 0x%x", i, at->code);
		}
		i += holds ? at->jt : at->jf;
	}
	fail_msg("the filter ran over its end");
	return 0;
}

#endif
