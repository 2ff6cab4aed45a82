/* SPDX-License-Identifier: GPL-2.0-or-later */
/* croft-bwrap - the program: the engine with this personality */
#include "sandbox/program.h"

int main(int argc, char **argv)
{
	return program_run(&personality_of_bwrap, argc, argv);
}
