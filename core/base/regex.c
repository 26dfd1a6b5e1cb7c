/* SPDX-License-Identifier: MIT */
/* PCRE2 behind limits. */
#include "config.h"

#include "base/regex.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"

#define JIT_STACK_MIN ((size_t)32 << 10) /* bytes */
#define JIT_STACK_MAX ((size_t)1 << 20)

struct vg_regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* NULL until a match needs more than the machine's */
	bool utf;
};

void vg_regex_free(struct vg_regex *re)
{
	if (!re)
		return;
	pcre2_match_data_free(re->match);
	pcre2_match_context_free(re->context);
	pcre2_jit_stack_free(re->stack);
	pcre2_code_free(re->code);
	free(re);
}

static uint32_t regex_options(unsigned flags)
{
	/* No \C: it could split a character. Anything else a pattern may switch on itself. */
	uint32_t options = PCRE2_NEVER_BACKSLASH_C;

	if (flags & VG_REGEX_ICASE)
		options |= PCRE2_CASELESS;
	if (flags & VG_REGEX_UTF)
		options |= PCRE2_UTF | PCRE2_UCP;
	else
		options |= PCRE2_NEVER_UTF;
	if (flags & (VG_REGEX_ANCHORED | VG_REGEX_FULL))
		options |= PCRE2_ANCHORED;
	if (flags & VG_REGEX_FULL)
		options |= PCRE2_ENDANCHORED;
	return options;
}

enum vg_status vg_regex_new(
    struct vg_str pattern, unsigned flags, struct vg_regex **ret, struct vg_error *err)
{
	struct vg_regex *re = calloc(1, sizeof(*re));
	enum vg_status status = VG_OK;
	PCRE2_SIZE offset = 0;
	int code = 0;

	if (!re)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	re->utf = flags & VG_REGEX_UTF;
	re->code = pcre2_compile((PCRE2_SPTR)(pattern.ptr ? pattern.ptr : ""),
	    pattern.len, regex_options(flags), &code, &offset, NULL);
	if (!re->code) {
		PCRE2_UCHAR reason[128];

		(void)pcre2_get_error_message(code, reason, sizeof(reason));
		status = vg_fail(err, VG_E_INVALID, "regex: %s at offset %zu",
		    (const char *)reason, (size_t)offset);
		goto out;
	}
	re->match = pcre2_match_data_create(VG_REGEX_GROUPS, NULL);
	re->context = pcre2_match_context_create(NULL);
	if (!re->match || !re->context) {
		status = vg_fail(err, VG_E_NOMEM, "out of memory");
		goto out;
	}
	pcre2_set_match_limit(re->context, VG_REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(re->context, VG_REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(re->context, VG_REGEX_HEAP_KIB);
	/* Without JIT the interpreter runs: slower, same answers. */
	(void)pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
	*ret = re;
	re = NULL;
out:
	vg_regex_free(re);
	return status;
}

/* False: it has one already, or out of memory. */
static bool add_stack(struct vg_regex *re)
{
	if (re->stack)
		return false;
	re->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (re->stack)
		pcre2_jit_stack_assign(re->context, NULL, re->stack);
	return re->stack;
}

enum vg_status vg_regex_find(
    struct vg_regex *re, struct vg_str subject, size_t from, struct vg_regex_match *ret)
{
	PCRE2_SPTR bytes = (PCRE2_SPTR)(subject.ptr ? subject.ptr : "");
	const PCRE2_SIZE *pair;
	uint32_t options = from > 0 ? PCRE2_NO_UTF_CHECK : 0;
	int count;

	if (from > subject.len)
		return VG_E_NOT_FOUND;
	while (re->utf && from < subject.len && (bytes[from] & 0xC0) == 0x80)
		from++; /* unchecked, a match must not start inside a character */
	do
		count = pcre2_match(re->code, bytes, subject.len, from, options,
		    re->match, re->context);
	while (count == PCRE2_ERROR_JIT_STACKLIMIT && add_stack(re));
	if (count == PCRE2_ERROR_NOMATCH)
		return VG_E_NOT_FOUND;
	if (count == PCRE2_ERROR_NOMEMORY)
		return VG_E_NOMEM;
	if (count <= PCRE2_ERROR_UTF8_ERR1 && count >= PCRE2_ERROR_UTF8_ERR21)
		return VG_E_INVALID;
	if (count < 0)
		return VG_E_LIMIT;
	/* 0: more groups than are reported; those that fit are set. */
	ret->count = count ? (size_t)count : VG_REGEX_GROUPS;
	pair = pcre2_get_ovector_pointer(re->match);
	for (size_t i = 0; i < VG_REGEX_GROUPS; i++) {
		bool set = i < ret->count && pair[2 * i] != PCRE2_UNSET;

		ret->group[i].start = set ? pair[2 * i] : SIZE_MAX;
		ret->group[i].end = set ? pair[2 * i + 1] : SIZE_MAX;
	}
	/* \K can set the start behind the end; such a match is of no use as a span. */
	return ret->group[0].start <= ret->group[0].end ? VG_OK : VG_E_NOT_FOUND;
}

struct vg_str vg_regex_group(
    const struct vg_regex_match *m, struct vg_str subject, size_t i)
{
	if (i >= VG_REGEX_GROUPS || m->group[i].start == SIZE_MAX)
		return (struct vg_str){NULL, 0};
	return vg_str_sub(subject, m->group[i].start, m->group[i].end);
}
