/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * footprint - what a wait does not need is given back
 *
 * The launcher and the reaper stay for as long as the payload runs, and do next to
 * nothing.  What got them there is still mapped: the program's pages, which come
 * again from the page cache, and what lies beyond the stack's end, which is nobody's.
 */
#include "sandbox/footprint.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The errors are no matter: it is only memory. */
static void give_back(uintptr_t start, uintptr_t end)
{
	(void)madvise((void *)start, end - start, MADV_DONTNEED);
}

static uintptr_t page_of(uintptr_t address)
{
	return address & ~((uintptr_t)getpagesize() - 1);
}

enum { PARTS = 8 };

struct parts {
	uintptr_t start[PARTS], end[PARTS];
	size_t n;
};

/* Only what cannot have been written to, or it would be lost. */
static int find_parts(struct dl_phdr_info *program, size_t size, void *found)
{
	struct parts *parts = found;

	(void)size;
	for (size_t i = 0; i < program->dlpi_phnum && parts->n < PARTS; i++) {
		const ElfW(Phdr) *part = &program->dlpi_phdr[i];
		uintptr_t start = program->dlpi_addr + part->p_vaddr;

		if (part->p_type != PT_LOAD || (part->p_flags & PF_W) != 0)
			continue;
		parts->start[parts->n] = page_of(start);
		parts->end[parts->n++] = start + part->p_memsz;
	}
	return 1;		/* libraries come behind it, and are others', too */
}

static void give_back_program(void)
{
	struct parts parts = { .n = 0 };

	(void)dl_iterate_phdr(find_parts, &parts);
	for (size_t i = 0; i < parts.n; i++)
		give_back(parts.start[i], parts.end[i]);
}

/* Mounting took paths of thousands of bytes there.  A page is left to the calls below. */
static void give_back_stack(void)
{
	enum { DEPTH = 128 * 1024 };
	uintptr_t end = page_of((uintptr_t)__builtin_frame_address(0)) - (uintptr_t)getpagesize();

	give_back(end - DEPTH, end);
}

void footprint_shrink(void)
{
	give_back_stack();
	give_back_program();
}
