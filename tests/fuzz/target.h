/* SPDX-License-Identifier: GPL-2.0-or-later */
/* target - what a fuzzer calls; it aborts where a promise is broken */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* assert() that no NDEBUG switches off. */
#define promise(condition) ((condition) ? (void)0 : abort())

#endif
