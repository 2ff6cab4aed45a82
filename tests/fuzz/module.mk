# SPDX-License-Identifier: GPL-2.0-or-later
# What the helpers read from strangers, against bytes of every kind.  The corpus is
# replayed by make check; make check-fuzz looks for more, by libFuzzer where clang has it.

fuzz_targets = tests/fuzz/request tests/fuzz/subid

unit_tests += $(fuzz_targets)
tests_fuzz_request_SOURCES = tests/fuzz/request.c tests/fuzz/replay.c tests/fuzz/target.h
tests_fuzz_request_LDADD = libsandbox.a
tests_fuzz_subid_SOURCES = tests/fuzz/subid.c tests/fuzz/replay.c tests/fuzz/target.h
tests_fuzz_subid_LDADD = libsandbox.a

EXTRA_DIST += \
	tests/fuzz/corpus/request/all \
	tests/fuzz/corpus/request/allow \
	tests/fuzz/corpus/request/count-341 \
	tests/fuzz/corpus/request/count-wraps \
	tests/fuzz/corpus/request/empty \
	tests/fuzz/corpus/request/long \
	tests/fuzz/corpus/request/magic \
	tests/fuzz/corpus/request/minus-one \
	tests/fuzz/corpus/request/most \
	tests/fuzz/corpus/request/none \
	tests/fuzz/corpus/request/overlap-inside \
	tests/fuzz/corpus/request/overlap-outside \
	tests/fuzz/corpus/request/own \
	tests/fuzz/corpus/request/page \
	tests/fuzz/corpus/request/page-and-a-line \
	tests/fuzz/corpus/request/short-head \
	tests/fuzz/corpus/request/short-ranges \
	tests/fuzz/corpus/request/two \
	tests/fuzz/corpus/request/wraps-inside \
	tests/fuzz/corpus/request/wraps-outside \
	tests/fuzz/corpus/request/zero-count \
	tests/fuzz/corpus/subid/bytes \
	tests/fuzz/corpus/subid/comments \
	tests/fuzz/corpus/subid/crlf \
	tests/fuzz/corpus/subid/empty \
	tests/fuzz/corpus/subid/good \
	tests/fuzz/corpus/subid/long-line \
	tests/fuzz/corpus/subid/long-owner \
	tests/fuzz/corpus/subid/malformed \
	tests/fuzz/corpus/subid/many \
	tests/fuzz/corpus/subid/no-newline \
	tests/fuzz/corpus/subid/nul \
	tests/fuzz/corpus/subid/numbers \
	tests/fuzz/corpus/subid/owners \
	tests/fuzz/corpus/subid/passwd \
	tests/fuzz/corpus/subid/passwd-digits \
	tests/fuzz/corpus/subid/passwd-nis \
	tests/fuzz/corpus/subid/touching

FUZZ_CC = clang
FUZZ_FLAGS = -std=gnu11 -D_GNU_SOURCE -O1 -g -I$(top_srcdir) -fno-sanitize-recover=all
FUZZ_SECONDS = 60
fuzz_idmap = $(addprefix $(top_srcdir)/,$(filter %.c,$(idmap_sources)))

# New inputs stay in the build tree; what found a fault goes into the corpus by hand.
long_checks += check-fuzz
check-fuzz: $(fuzz_targets)
	@for name in $(notdir $(fuzz_targets)); do \
		mkdir -p tests/fuzz/found/$$name; \
		if $(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined \
			-o tests/fuzz/found/$$name.fuzzer $(top_srcdir)/tests/fuzz/$$name.c $(fuzz_idmap) 2>/dev/null; then \
			tests/fuzz/found/$$name.fuzzer -max_total_time=$(FUZZ_SECONDS) -max_len=8192 \
				-print_final_stats=1 -artifact_prefix=tests/fuzz/found/$$name- \
				tests/fuzz/found/$$name $(top_srcdir)/tests/fuzz/corpus/$$name || exit 1; \
		else \
			echo "check-fuzz: $(FUZZ_CC) has no libFuzzer, changing the corpus instead"; \
			CROFT_SOURCE=$(top_srcdir) tests/fuzz/$$name $(FUZZ_SECONDS) || exit 1; \
		fi; \
	done
.PHONY: check-fuzz

clean-local: clean-fuzz
clean-fuzz:
	rm -rf tests/fuzz/found
.PHONY: clean-fuzz
