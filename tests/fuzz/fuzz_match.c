/* SPDX-License-Identifier: MIT */
/* detect/match: the automaton finds what comparing every pattern at every place finds, once each and in order. */
#include "config.h"

#include <stdlib.h>

#include "detect/match.h"

enum { MAX_PATTERNS = 64, MAX_TEXT = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct vg_str patterns[MAX_PATTERNS], text;
	size_t last[MAX_PATTERNS]; /* where the pattern was found last */
	size_t end, found;
};

static bool is_parting(char c)
{
	return c == ' ' || c == '-' || c == '_';
}

static bool stands_before(struct vg_str pattern, struct vg_str text, size_t end)
{
	if (pattern.len > end)
		return false;
	for (size_t i = 0; i < pattern.len; i++) {
		char a = pattern.ptr[i], b = text.ptr[end - pattern.len + i];

		if (a != b && !(is_parting(a) && is_parting(b)))
			return false;
	}
	return true;
}

static bool found(void *ctx, uint32_t pattern, size_t end)
{
	struct run *r = ctx;

	if (end < r->end || end <= r->last[pattern] ||
	    !stands_before(r->patterns[pattern], r->text, end))
		abort();
	r->end = r->last[pattern] = end;
	r->found++;
	return true;
}

/* First line: patterns parted by commas; the rest: the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run r = {.text = {(const char *)data, size}};
	struct vg_str line = {NULL, 0}, piece;
	struct vg_matcher *m;
	size_t count = 0, want = 0;

	(void)vg_str_split(&r.text, '\n', &line);
	r.text = vg_str_sub(r.text, 0, MAX_TEXT);
	while (count < MAX_PATTERNS && vg_str_split(&line, ',', &piece))
		if (piece.len > 0 && piece.len < 256)
			r.patterns[count++] = piece;
	if (vg_matcher_new(r.patterns, count, &m, NULL) != VG_OK)
		return 0;
	vg_matcher_run(m, r.text, found, &r);
	for (size_t i = 0; i < count; i++)
		for (size_t end = 1; end <= r.text.len; end++)
			want += stands_before(r.patterns[i], r.text, end);
	if (r.found != want)
		abort();
	vg_matcher_free(m);
	return 0;
}
