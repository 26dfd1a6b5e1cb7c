/* SPDX-License-Identifier: MIT */
/* The vigia command. */
#include "config.h"

#include <stdio.h>

int main(void)
{
	return puts("vigia " PACKAGE_VERSION) < 0 ? 3 : 0;
}
