/* SPDX-License-Identifier: MIT */
/* policy/: any bytes are a robots.txt, and a verdict names the rule that it rests on. */
#include "config.h"

#include <stdlib.h>

#include "policy/rate.h"
#include "policy/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First line: the address; the rest: the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str text = {(const char *)data, size}, url = {0};
	struct vg_robots_verdict verdict;
	struct vg_robots_tag tag = {0};
	struct vg_robots *r;
	int64_t at;

	(void)vg_str_split(&text, '\n', &url);
	if (vg_robots_parse(text, &r, NULL))
		abort();
	verdict = vg_robots_test(r, VG_STR("vigia"), url);
	if ((verdict.line == 0) != (verdict.rule.ptr == NULL) ||
	    (!verdict.allowed && verdict.line == 0))
		abort();
	if (vg_robots_delay(r, VG_STR("vigia")) < -1)
		abort();
	for (size_t g = 0; g < vg_robots_group_count(r); g++) {
		struct vg_robots_group group = vg_robots_group(r, g);

		for (size_t i = 0; i < group.rule_count; i++)
			(void)vg_robots_group_rule(r, g, i);
		for (size_t i = 0; i < group.agent_count; i++)
			(void)vg_robots_group_agent(r, g, i);
	}
	vg_robots_free(r);
	vg_robots_tag_add(&tag, url, VG_STR("vigia"));
	if (vg_retry_after_parse(url, VG_SECOND, &at) &&
	    (at < VG_SECOND || at > VG_SECOND + VG_RATE_RETRY_AFTER_MAX))
		abort();
	return 0;
}
