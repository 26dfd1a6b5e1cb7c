/* SPDX-License-Identifier: MIT */
/* Written names: e-mail, plain or disguised, @handles, and names behind a platform's name. */
#include "config.h"

#include "detect/entity_priv.h"

#include <string.h>

/* How a platform is called in running text. */
#define PLATFORM(word, kind)                                                           \
	{                                                                              \
		(word), sizeof(word) - 1, (kind)                                       \
	}
static const struct platform {
	const char *word;
	size_t len;
	const char *kind;
} platforms[] = {
    PLATFORM("telegram", "telegram"),
    PLATFORM("telegrama", "telegram"),
    PLATFORM("tg", "telegram"),
    PLATFORM("tele", "telegram"),
    PLATFORM("\u0442\u0435\u043b\u0435\u0433\u0440\u0430\u043c", "telegram"),
    PLATFORM("\u0442\u0435\u043b\u0435\u0433\u0440\u0430\u043c\u043c", "telegram"),
    PLATFORM("\u0442\u0433", "telegram"),
    PLATFORM("\u7535\u62a5", "telegram"),
    PLATFORM("instagram", "instagram"),
    PLATFORM("insta", "instagram"),
    PLATFORM("ig", "instagram"),
    PLATFORM("facebook", "facebook"),
    PLATFORM("fb", "facebook"),
    PLATFORM("messenger", "facebook"),
    PLATFORM("twitter", "twitter"),
    PLATFORM("tiktok", "tiktok_user"),
    PLATFORM("snapchat", "snapchat"),
    PLATFORM("snap", "snapchat"),
    PLATFORM("wickr", "wickr"),
    PLATFORM("wickr me", "wickr"),
    PLATFORM("threema", "threema"),
    PLATFORM("session", "session"),
    PLATFORM("skype", "skype"),
    PLATFORM("wechat", "wechat"),
    PLATFORM("weixin", "wechat"),
    PLATFORM("\u5fae\u4fe1", "wechat"),
    PLATFORM("\u5fae\u4fe1\u53f7", "wechat"),
    PLATFORM("\u5ba2\u670d\u5fae\u4fe1", "wechat"),
    PLATFORM("vx", "wechat"),
    PLATFORM("cashapp", "cashapp"),
    PLATFORM("cash app", "cashapp"),
    PLATFORM("discord", "discord"),
    PLATFORM("kik", "kik"),
    PLATFORM("venmo", "venmo"),
};

static bool name_char(char c)
{
	return vg_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

#define FILLER(lit)                                                                    \
	{                                                                              \
		(lit), sizeof(lit) - 1                                                 \
	}

const char *vg_platform_before(struct vg_str text, size_t at)
{
	static const struct vg_str fillers[] = {FILLER("us on"), FILLER("id"),
	    FILLER("me"), FILLER("handle"), FILLER("user"), FILLER("usuario"),
	    FILLER("at"), FILLER("admin"), FILLER("desk"), FILLER("channel"),
	    FILLER("canal"), FILLER("grupo")};
	const struct platform *best = NULL;

	while (at > 0 && strchr(" :@\t\"'(>-=", text.ptr[at - 1]) != NULL)
		at--;
	if (at >= 3 && memcmp(text.ptr + at - 3, "\uff1a", 3) == 0)
		at -= 3;
	for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++) {
		size_t len = fillers[i].len;
		if (at > len && text.ptr[at - len - 1] == ' ' &&
		    vg_str_ieq(vg_str_sub(text, at - len, at), fillers[i])) {
			at -= len + 1;
			break;
		}
	}
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++) {
		size_t len = platforms[i].len;
		if (len > at ||
		    vg_lower(text.ptr[at - 1]) != platforms[i].word[len - 1] ||
		    !vg_str_ieq(vg_str_sub(text, at - len, at),
			(struct vg_str){platforms[i].word, len}))
			continue;
		if (at > len && vg_is_alnum(platforms[i].word[0]) &&
		    name_char(text.ptr[at - len - 1]))
			continue;
		if (best == NULL || best->len < len)
			best = &platforms[i];
	}
	return best == NULL ? NULL : best->kind;
}

bool vg_handle_valid(const char *kind, struct vg_str *value)
{
	size_t min = 3, max = 40, digits = 0;
	bool dots = true;

	while (value->len > 0 && strchr(".-", value->ptr[value->len - 1]) != NULL)
		value->len--;
	if (strcmp(kind, "telegram") == 0) {
		min = 4;
		max = 32;
		dots = false;
	} else if (strcmp(kind, "wechat") == 0) {
		min = 6;
		max = 20;
	} else if (strcmp(kind, "threema") == 0) {
		min = max = 8;
	} else if (strcmp(kind, "session") == 0) {
		min = max = 66;
	}
	if (value->len < min || value->len > max)
		return false;
	for (size_t i = 0; i < value->len; i++) {
		char c = value->ptr[i];
		digits += vg_is_digit(c);
		if (!name_char(c) && !(c == ':' && strcmp(kind, "skype") == 0))
			return false;
		if (!dots && (c == '.' || c == '-'))
			return false;
	}
	return digits < value->len;
}

static void add_handle(struct vg_entity_scan *s, const struct vg_block *block,
    const char *kind, size_t start, size_t end)
{
	char lower[80];
	struct vg_str name = vg_str_sub(block->text, start, end);

	if (!vg_handle_valid(kind, &name) || name.len + 1 > sizeof(lower))
		return;
	lower[0] = '$';
	for (size_t i = 0; i < name.len; i++)
		lower[i + 1] = vg_lower(name.ptr[i]);
	bool cash = strcmp(kind, "cashapp") == 0;
	vg_entity_add_block(s, block, kind,
	    (struct vg_str){cash ? lower : lower + 1, name.len + cash}, start,
	    start + name.len);
}

static bool local_char(char c)
{
	return vg_is_alnum(c) || strchr("._%+-", c) != NULL;
}

/* Endings of files that look like domains behind an @ ("logo@2x.png"). */
static bool file_ending(struct vg_str top)
{
	static const char *const endings[] = {"png", "jpg", "jpeg", "gif", "svg",
	    "webp", "css", "js", "mjs", "json", "map", "ico", "mp4", "woff"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (vg_str_ieqz(top, endings[i]))
			return true;
	}
	return false;
}

/* The end of the domain that starts at `at`; 0 when there is none with a top level of letters. */
static size_t domain_end(struct vg_str text, size_t at)
{
	size_t p = at, label = at, good = 0, labels = 0;

	for (;;) {
		while (p < text.len && (vg_is_alnum(text.ptr[p]) || text.ptr[p] == '-'))
			p++;
		bool letters = p > label;
		for (size_t i = label; i < p; i++)
			letters &= vg_is_alpha(text.ptr[i]) ||
				   (i - label >= 4 && text.ptr[label] == 'x');
		if (p == label || p - label > 63)
			return good;
		labels++;
		if (labels > 1 && letters && p - label >= 2 && p - label <= 24 &&
		    !file_ending(vg_str_sub(text, label, p)))
			good = p;
		if (p >= text.len || text.ptr[p] != '.')
			return good;
		label = ++p;
	}
}

bool vg_email_around(struct vg_str text, size_t at, size_t *ret_start, size_t *ret_end)
{
	size_t start = at, end;

	while (start > 0 && local_char(text.ptr[start - 1]) && at - start < 64)
		start--;
	while (start < at && strchr(".-%+", text.ptr[start]) != NULL)
		start++;
	if (start == at || text.ptr[at - 1] == '.' ||
	    (end = domain_end(text, at + 1)) == 0)
		return false;
	*ret_start = start;
	*ret_end = end;
	return true;
}

static void add_email(struct vg_entity_scan *s, const struct vg_block *block,
    struct vg_str mail, size_t start, size_t end)
{
	static const char *const zelle[] = {"zelle", NULL};
	char lower[320];

	if (mail.len > sizeof(lower))
		return;
	for (size_t i = 0; i < mail.len; i++)
		lower[i] = vg_lower(mail.ptr[i]);
	bool pays = vg_any_word(block->text, start > 24 ? start - 24 : 0, start, zelle);
	vg_entity_add_block(s, block, pays ? "zelle" : "email",
	    (struct vg_str){lower, mail.len}, start, end);
}

/* An @name that is no address: the platform named before it, or telegram in running text. */
static void at_name(struct vg_entity_scan *s, const struct vg_block *block, size_t at)
{
	struct vg_str text = block->text;
	size_t end = at + 1;
	const char *kind;

	while (end < text.len && (vg_is_alnum(text.ptr[end]) || text.ptr[end] == '_' ||
				     (text.ptr[end] == '.' && end + 1 < text.len &&
					 vg_is_alnum(text.ptr[end + 1]))))
		end++;
	if (end == at + 1 ||
	    (at > 0 && (name_char(text.ptr[at - 1]) || text.ptr[at - 1] == '/')))
		return;
	kind = vg_platform_before(text, at);
	if (kind == NULL) {
		/* Profile titles "(@name)" and lone names tell of the page's own platform, not ours. */
		bool running = at >= 4 && text.ptr[at - 1] == ' ';
		if (!running || block->where == VG_WHERE_SCRIPT ||
		    block->where == VG_WHERE_COMMENT)
			return;
		kind = memchr(text.ptr + at, '.', end - at) == NULL ? "telegram"
								    : "instagram";
		if (strcmp(kind, "telegram") == 0 && end - at - 1 < 5)
			return;
	}
	add_handle(s, block, kind, at + 1, end);
}

/* "name [at] host [dot] tld" in its usual disguises. */
static size_t disguised(struct vg_str text, size_t at, const char *const *forms)
{
	for (; *forms != NULL; forms++) {
		struct vg_str form = vg_str(*forms);
		if (vg_str_ieq(vg_str_sub(text, at, at + form.len), form))
			return form.len;
	}
	return 0;
}

static const char *const dots[] = {" [dot] ", "[dot]", " (dot) ", "(dot)", " dot ",
    " {dot} ", "{dot}", " [punto] ", "[punto]", " (punto) ", "(punto)", " punto ",
    " ponto ", "(ponto)", "[.]", "(.)", " . ", NULL};

/* Bytes of the disguised dot that ends at `at`. */
static size_t dot_before(struct vg_str text, size_t at)
{
	for (const char *const *form = dots; *form != NULL; form++) {
		size_t len = strlen(*form);

		if (len < at && vg_str_ieqz(vg_str_sub(text, at - len, at), *form))
			return len;
	}
	return 0;
}

#define MAX_LOCAL 64 /* octets before the @, RFC 5321, section 4.5.3.1.1 */

/* Start of the local part that ends at `end`; *ret_len 0 when there is none. */
static size_t local_part(
    struct vg_str text, size_t end, char ret[MAX_LOCAL], size_t *ret_len)
{
	size_t start = end, room = MAX_LOCAL, dot;

	for (;;) {
		size_t before = start;

		while (start > 0 && room > 0 && local_char(text.ptr[start - 1]))
			ret[--room] = text.ptr[--start];
		dot = dot_before(text, start);
		if (start == before || dot == 0 || room < 2 ||
		    !local_char(text.ptr[start - dot - 1]))
			break;
		ret[--room] = '.';
		start -= dot;
	}
	*ret_len = MAX_LOCAL - room;
	memmove(ret, ret + room, *ret_len);
	return start;
}

static void disguised_email(
    struct vg_entity_scan *s, const struct vg_block *block, size_t at, size_t len)
{
	struct vg_str text = block->text;
	char mail[320];
	size_t n = 0, p = at + len, good = 0, step, word = 0;
	size_t start = local_part(text, at, mail, &n);
	bool dotted = false;

	if (n == 0)
		return;
	mail[n++] = '@';
	size_t host = n;
	while (p < text.len && n + 2 < sizeof(mail)) {
		if (vg_is_alnum(text.ptr[p]) || text.ptr[p] == '-') {
			mail[n++] = text.ptr[p++];
			word++;
			good = p;
			continue;
		}
		step = disguised(text, p, dots);
		if (step == 0 && text.ptr[p] == '.' && p + 1 < text.len &&
		    vg_is_alnum(text.ptr[p + 1]))
			step = 1;
		if (step == 0 || word == 0 || p + step >= text.len ||
		    !vg_is_alnum(text.ptr[p + step]))
			break;
		mail[n++] = '.';
		p += step;
		word = 0;
		dotted = true;
	}
	/* "write to us at desk@host": what follows is the address itself */
	if (p < text.len && text.ptr[p] == '@')
		return;
	if (dotted && domain_end((struct vg_str){mail, n}, host) == n)
		add_email(s, block, (struct vg_str){mail, n}, start, good);
}

/* "$name" behind Cash App's name, or with a digit in it: no variable of a script. */
static void cashtag(struct vg_entity_scan *s, const struct vg_block *block, size_t at)
{
	struct vg_str text = block->text;
	size_t end = at + 1;
	bool digit = false;
	const char *kind = vg_platform_before(text, at);

	if (at + 1 >= text.len || !vg_is_alpha(text.ptr[at + 1]) ||
	    (at > 0 && text.ptr[at - 1] != ' ' && text.ptr[at - 1] != ':'))
		return;
	while (end < text.len && (vg_is_alnum(text.ptr[end]) || text.ptr[end] == '_'))
		digit |= vg_is_digit(text.ptr[end++]);
	bool named = kind != NULL && strcmp(kind, "cashapp") == 0;
	bool shown = block->where == VG_WHERE_TEXT || block->where == VG_WHERE_META;
	if (end - at > 3 && end - at <= 21 &&
	    (named || (shown && digit && end - at >= 8)))
		add_handle(s, block, "cashapp", at + 1, end);
}

/* "Skype: name", "wickr name", "Wechat name_1": a name without @ behind a platform's name. */
static void plain_name(
    struct vg_entity_scan *s, const struct vg_block *block, size_t at)
{
	static const char *const kinds[] = {"skype", "wickr", "threema", "session",
	    "snapchat", "wechat", "kik", "telegram"};
	struct vg_str text = block->text;
	const char *kind;
	size_t end = at;
	bool marked = false, wanted = false, colon = false;

	for (size_t p = at; p > 0 && !vg_is_alnum(text.ptr[p - 1]) && at - p < 4; p--)
		colon |= text.ptr[p - 1] == ':';
	/* Most words are only words: they need no look at what stands before them. */
	while (end < text.len && vg_is_alpha(text.ptr[end]))
		end++;
	if (!colon &&
	    (end == text.len || (!name_char(text.ptr[end]) && text.ptr[end] != ':')))
		return;
	kind = vg_platform_before(text, at);
	if (kind == NULL)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		wanted |= strcmp(kinds[i], kind) == 0;
	while (end < text.len &&
	       (name_char(text.ptr[end]) ||
		   (text.ptr[end] == ':' && strcmp(kind, "skype") == 0))) {
		marked |= vg_is_digit(text.ptr[end]) || text.ptr[end] == '_' ||
			  text.ptr[end] == ':' ||
			  (text.ptr[end] == '.' && end + 1 < text.len &&
			      vg_is_alnum(text.ptr[end + 1]));
		end++;
	}
	bool strict = strcmp(kind, "telegram") == 0 || strcmp(kind, "session") == 0;
	if (wanted && end < text.len + 1 && (end >= text.len || text.ptr[end] != '@') &&
	    (marked || (colon && !strict)))
		add_handle(s, block, kind, at, end);
}

/* First letters, lower case, of the words that plain_name() looks behind. */
static bool may_end_platform(char c)
{
	return strchr("aemtrnkxpg", vg_lower(c)) != NULL || (unsigned char)c >= 0x80;
}

/* Whether one of the forms of "at" can start here: they begin "(a", "[a", "{a", " a", " (", " [", " {". */
static bool may_be_at(struct vg_str text, size_t at)
{
	char next = at + 1 < text.len ? vg_lower(text.ptr[at + 1]) : '\0';

	return next == 'a' ||
	       (text.ptr[at] == ' ' && (next == '(' || next == '[' || next == '{'));
}

void vg_entity_scan_names(struct vg_entity_scan *s, const struct vg_block *block)
{
	static const char *const ats[] = {" [at] ", "[at]", " (at) ", "(at)", " {at} ",
	    "{at}", " at ", " arroba ", "(arroba)", "[arroba]", " (arroba) ",
	    " [arroba] ", "(a)", NULL};
	struct vg_str text = block->text;
	size_t start, end, step;

	for (size_t at = 0; at < text.len; at++) {
		char c = text.ptr[at];
		if (c == '@') {
			if (vg_email_around(text, at, &start, &end)) {
				add_email(
				    s, block, vg_str_sub(text, start, end), start, end);
				at = end - 1;
			} else {
				at_name(s, block, at);
			}
		} else if (c == '$') {
			cashtag(s, block, at);
		} else if ((c == ' ' || c == '(' || c == '[' || c == '{') && at > 0) {
			if (may_be_at(text, at) &&
			    (step = disguised(text, at, ats)) > 0)
				disguised_email(s, block, at, step);
		}
		/* The start of a word behind a space, a colon or a Chinese character. */
		if (at > 0 && vg_is_alnum(c) && !name_char(text.ptr[at - 1]) &&
		    text.ptr[at - 1] != '@') {
			size_t p = at;
			while (p > 0 && at - p < 4 &&
			       strchr(" :-=\"'(", text.ptr[p - 1]) != NULL)
				p--;
			if (p > 0 && may_end_platform(text.ptr[p - 1]))
				plain_name(s, block, at);
		}
	}
}
