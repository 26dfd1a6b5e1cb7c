/* SPDX-License-Identifier: MIT */
/* Where in a .site file an expression stands. */
#include "config.h"

#include <string.h>

#include "plugin/plugin_priv.h"

/* The value's part of a line: behind '=', or all of a line that goes on. SIZE_MAX: it has none. */
static size_t value_at(struct vg_str line)
{
	if (line.len == 0 || strchr("[#;", line.ptr[0]) != NULL)
		return SIZE_MAX;
	if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
		return 0;
	return vg_str_chr(line, '=', 0);
}

static bool is_among(struct vg_str line, size_t at, const char *set)
{
	return at >= line.len || (line.ptr[at] != '\0' && strchr(set, line.ptr[at]));
}

/* As a whole: `a` is not looked for in `table`. SIZE_MAX: not there. */
static size_t find_whole(struct vg_str line, struct vg_str expression)
{
	size_t at = value_at(line);

	for (; at != SIZE_MAX && at + expression.len <= line.len; at++)
		if (vg_str_eq(vg_str_sub(line, at, at + expression.len), expression) &&
		    (at == 0 || is_among(line, at - 1, " \t=:{!")) &&
		    is_among(line, at + expression.len, " \t\r}"))
			return at;
	return SIZE_MAX;
}

void vg_call_tell(struct vigia_call *call, const char *expression, const char *what)
{
	struct vg_str rest = call->plugin->source, line;
	struct vg_str wanted = vg_str(expression != NULL ? expression : "");

	if (call->problem.ptr != NULL)
		return;
	for (unsigned n = 1; wanted.len > 0 && vg_str_split(&rest, '\n', &line); n++) {
		size_t at = find_whole(line, wanted);

		if (at == SIZE_MAX)
			continue;
		call->problem = vg_arena_printf(call->doc->arena, "%s:%u:%zu: %s",
		    call->plugin->file, n, at + 1, what);
		return;
	}
	call->problem = vg_arena_str(call->doc->arena, vg_str(what));
}
