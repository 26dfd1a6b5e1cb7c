/* SPDX-License-Identifier: MIT */
/* Telephone numbers as they stand in running text. */
#include "kit.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool may_join(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
}

struct vigia_str kit_phone(struct vigia_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t at = i, digits = 0, last = i, run = 0;
		bool plus = text.ptr[i] == '+';

		if (!plus && !is_digit(text.ptr[i]) && text.ptr[i] != '(')
			continue;
		at += plus;
		for (; at < text.len; at++) {
			if (is_digit(text.ptr[at])) {
				digits++;
				last = at + 1;
				run = 0;
			} else if (may_join(text.ptr[at]) && ++run <= 2) {
				continue;
			} else {
				break;
			}
		}
		/* 7 digits without an area code, 15 by E.164; a lone year or price is shorter. */
		if (digits >= 7 && digits <= 15)
			return kit_sub(text, i, last);
		if (last > i)
			i = last - 1;
	}
	return (struct vigia_str){"", 0};
}
