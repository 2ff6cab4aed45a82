/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compile - writes filters.h: what plain starts install, made of the policy when croft is built */
#include "sandbox/confine/filter.h"
#include "sandbox/confine/policy.h"

#include <stdio.h>

static const struct { const char *name, *opened; } presets[] = {
	{ "run", NULL },
	{ "shell", "@chroot" },		/* what capabilities_of_shell opens (filters.c) */
};

static const char *const machines[MACHINES] = {
	[MACHINE_X86_64] = "x86_64", [MACHINE_ARM64] = "arm64",
};

static void print_filter(const char *name, const char *machine, const struct filter *filter)
{
	printf("\nstatic const struct sock_filter filter_of_%s_%s[] = {\n", name, machine);
	for (size_t i = 0; i < filter->n; i++)
		printf("\t{ 0x%02x, %u, %u, 0x%08x },\n", filter->code[i].code, filter->code[i].jt,
		       filter->code[i].jf, filter->code[i].k);
	printf("};\n");
}

int main(void)
{
	static struct filter_room room;

	printf("/* SPDX-License-Identifier: GPL-2.0-or-later */\n"
	       "/* filters - made of syscalls.def by compile.c; what is changed here is lost */\n"
	       "#ifndef POLICY_FILTERS_H\n#define POLICY_FILTERS_H\n\n#include <linux/filter.h>\n");
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		for (int machine = 0; machine < MACHINES; machine++) {
			struct policy policy = policy_default();
			struct filter filter;

			if (presets[i].opened != NULL &&
			    !policy_change(&policy, presets[i].opened, true))
				return 1;
			filter = filter_compile(&policy, (enum machine)machine, &room);
			print_filter(presets[i].name, machines[machine], &filter);
		}
	printf("\n#endif\n");
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 1;
}
