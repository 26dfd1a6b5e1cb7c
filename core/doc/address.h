/* SPDX-License-Identifier: MIT */
/* Addresses that stand in running text, comments and scripts. Internal to doc/. */
#ifndef VG_DOC_ADDRESS_H
#define VG_DOC_ADDRESS_H

#include "base/str.h"

struct vg_address {
	size_t start, end; /* in the text searched */
	bool bare;         /* a host without scheme: "www.example.com", "t.me/name" */
};

struct vg_address_search {
	struct vg_str s;
	bool loose;      /* also without scheme, and paths ("../a", "/list.pdf") */
	size_t pos, www; /* internal, zero at first */
};

/* The next address; false when there is none. Escaped slashes (`\/`) count as slashes. Linear. */
bool vg_address_next(struct vg_address_search *search, struct vg_address *ret);

#endif
