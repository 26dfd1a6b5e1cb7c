/* SPDX-License-Identifier: MIT */
/* The rule that continues a zone's table: TZ of POSIX with the extensions of RFC 8536. */
#ifndef VG_BASE_ZONE_PRIV_H
#define VG_BASE_ZONE_PRIV_H

#include "base/zone.h"

enum zone_day_kind {
	ZONE_DAY_JULIAN, /* 1..365, never 29 February */
	ZONE_DAY_ZERO,   /* 0..365, with it */
	ZONE_DAY_MONTH,  /* month, week 1..5 (5: the last), weekday */
};

struct zone_change {
	enum zone_day_kind kind;
	int day, month, week, weekday;
	int64_t time; /* seconds after local midnight, -167h..167h */
};

struct zone_rule {
	struct vg_zone_type standard, summer;
	bool has_summer;
	struct zone_change start, end; /* of summer time */
};

/* "CST6", "<-03>3", "CET-1CEST,M3.5.0,M10.5.0/3". */
bool zone_rule_parse(struct vg_str text, struct zone_rule *ret);
const struct vg_zone_type *zone_rule_at(const struct zone_rule *rule, int64_t utc);
/* The first change of the rule strictly after `utc`, or VG_ZONE_NEVER. */
int64_t zone_rule_next(const struct zone_rule *rule, int64_t utc);

#endif
