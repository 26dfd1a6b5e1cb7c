/* SPDX-License-Identifier: MIT */
/* The vigia command. */
#include "config.h"

#include <stdio.h>

#include "analyse/worker.h"

int main(int argc, char **argv)
{
	if (vg_worker_wanted(argc, argv))
		return vg_worker_main(argc, argv);
	return puts("vigia " PACKAGE_VERSION) < 0 ? 3 : 0;
}
