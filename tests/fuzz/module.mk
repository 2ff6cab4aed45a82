# SPDX-License-Identifier: GPL-2.0-or-later
# What the helpers read from strangers, against bytes of every kind.  The corpus is
# replayed by make check; make check-fuzz looks for more, by libFuzzer where clang has it.

fuzz_targets = tests/fuzz/ranges tests/fuzz/request tests/fuzz/subid

unit_tests += $(fuzz_targets)
tests_fuzz_ranges_SOURCES = tests/fuzz/ranges.c tests/fuzz/replay.c tests/fuzz/target.h
tests_fuzz_ranges_LDADD = libsandbox.a
tests_fuzz_request_SOURCES = tests/fuzz/request.c tests/fuzz/replay.c tests/fuzz/target.h
tests_fuzz_request_LDADD = libsandbox.a
tests_fuzz_subid_SOURCES = tests/fuzz/subid.c tests/fuzz/replay.c tests/fuzz/target.h
tests_fuzz_subid_LDADD = libsandbox.a

EXTRA_DIST += \
	tests/fuzz/corpus/ranges/beyond \
	tests/fuzz/corpus/ranges/blank \
	tests/fuzz/corpus/ranges/comma \
	tests/fuzz/corpus/ranges/empty \
	tests/fuzz/corpus/ranges/hexadecimal \
	tests/fuzz/corpus/ranges/last \
	tests/fuzz/corpus/ranges/leading-zero \
	tests/fuzz/corpus/ranges/minus \
	tests/fuzz/corpus/ranges/most \
	tests/fuzz/corpus/ranges/newline \
	tests/fuzz/corpus/ranges/one \
	tests/fuzz/corpus/ranges/one-more \
	tests/fuzz/corpus/ranges/overlap \
	tests/fuzz/corpus/ranges/plus \
	tests/fuzz/corpus/ranges/short \
	tests/fuzz/corpus/ranges/two \
	tests/fuzz/corpus/ranges/wraps \
	tests/fuzz/corpus/ranges/zeros \
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
FUZZ_FLAGS = -std=gnu11 -include config.h -O1 -g -I. -I$(top_srcdir) -DCROFT_LIBEXECDIR='""' \
	-fno-sanitize-recover=all
FUZZ_SECONDS = 60
from_either = $(foreach file,$(filter %.c,$(1)),$(firstword $(wildcard $(file) $(srcdir)/$(file))))
fuzz_sources_ranges = $(call from_either,$(front_end_sources))
fuzz_sources_request = $(call from_either,$(idmap_sources))
fuzz_sources_subid = $(fuzz_sources_request)

# New inputs stay in the build tree; what found a fault goes into the corpus by hand.
# Short inputs first: there are twenty times as many of them in the same time.
long_checks += check-fuzz
check-fuzz: $(addprefix fuzz-,$(notdir $(fuzz_targets)))

fuzz-%: tests/fuzz/%
	@mkdir -p tests/fuzz/found/$*
	@if $(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined -o tests/fuzz/found/$*.fuzzer \
		$(top_srcdir)/tests/fuzz/$*.c $(fuzz_sources_$*) 2>tests/fuzz/found/$*.log; then \
		for length in 256 8192; do \
			tests/fuzz/found/$*.fuzzer -max_total_time=$(FUZZ_SECONDS) -max_len=$$length \
				-print_final_stats=1 -artifact_prefix=tests/fuzz/found/$*- \
				tests/fuzz/found/$* $(top_srcdir)/tests/fuzz/corpus/$* || exit 1; \
		done; \
	else \
		echo "check-fuzz: $(FUZZ_CC) has no libFuzzer, changing the corpus instead"; \
		CROFT_SOURCE=$(top_srcdir) tests/fuzz/$* $(FUZZ_SECONDS) || exit 1; \
	fi
.PHONY: check-fuzz

clean-local: clean-fuzz
clean-fuzz:
	rm -rf tests/fuzz/found
.PHONY: clean-fuzz
