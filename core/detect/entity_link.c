/* SPDX-License-Identifier: MIT */
/* Identifiers in addresses: tel:, mailto:, chat links, profiles, and the page's own address. */
#include "config.h"

#include "detect/entity_priv.h"

#include <string.h>

#include "detect/phone.h"

struct target {
	struct vg_entity_scan *s;
	struct vg_str url; /* as written or resolved */
	struct vg_place at;
};

/* Percent-decodes into the arena; the text itself when it cannot. */
static struct vg_str decoded(const struct target *t, struct vg_str text)
{
	char *out = vg_arena_alloc(t->s->doc->arena, text.len);
	size_t len = 0;

	if (out == NULL)
		return text;
	for (size_t i = 0; i < text.len; i++) {
		int high = i + 2 < text.len && text.ptr[i] == '%'
			       ? vg_hex_digit(text.ptr[i + 1])
			       : -1;
		int low = high >= 0 ? vg_hex_digit(text.ptr[i + 2]) : -1;
		if (low >= 0)
			i += 2;
		out[len++] = low >= 0 ? (char)(high * 16 + low) : text.ptr[i];
	}
	return (struct vg_str){out, len};
}

static struct vg_str until(struct vg_str text, const char *stops)
{
	size_t n = 0;
	while (n < text.len && strchr(stops, text.ptr[n]) == NULL)
		n++;
	return vg_str_sub(text, 0, n);
}

/* The value of a query member, decoded; .ptr NULL when absent. */
static struct vg_str query(const struct target *t, const char *name)
{
	size_t at = vg_str_chr(t->url, '?', 0), len = strlen(name);

	for (; at != SIZE_MAX; at = vg_str_chr(t->url, '&', at + 1)) {
		struct vg_str member = vg_str_sub(t->url, at + 1, t->url.len);
		if (vg_str_istarts(member, vg_str(name)) && member.len > len &&
		    member.ptr[len] == '=')
			return decoded(
			    t, until(vg_str_sub(member, len + 1, member.len), "&#"));
	}
	return (struct vg_str){NULL, 0};
}

static void add_phone(
    const struct target *t, struct vg_str digits, const char *kind, bool abroad)
{
	struct vg_phone phone;
	char plus[40] = "+";
	struct vg_str number = vg_str_trim(decoded(t, digits));

	if (number.len == 0 || number.len > 30)
		return;
	if (abroad && number.ptr[0] != '+') {
		/* wa.me wants the country code; many forget it. */
		size_t zeros = 0;
		while (zeros < number.len && number.ptr[zeros] == '0')
			zeros++;
		memcpy(plus + 1, number.ptr + zeros, number.len - zeros);
		struct vg_str whole = {plus, 1 + number.len - zeros};
		if (vg_phone_parse(whole, t->s->region->country, &phone)) {
			vg_entity_add(t->s, kind, vg_str(phone.e164), t->url, t->at);
			return;
		}
	}
	if (vg_phone_parse(number, t->s->region->country, &phone))
		vg_entity_add(t->s, kind, vg_str(phone.e164), t->url, t->at);
}

static void add_mail(const struct target *t, struct vg_str list)
{
	struct vg_str text = decoded(t, until(list, "?")), one;

	while (vg_str_split(&text, ',', &one)) {
		size_t start, end, at = vg_str_chr(one, '@', 0);
		char lower[320];
		if (at == SIZE_MAX || !vg_email_around(one, at, &start, &end) ||
		    end - start > sizeof(lower))
			continue;
		for (size_t i = start; i < end; i++)
			lower[i - start] = vg_lower(one.ptr[i]);
		vg_entity_add(
		    t->s, "email", (struct vg_str){lower, end - start}, t->url, t->at);
	}
}

static void add_handle(const struct target *t, const char *kind, struct vg_str name)
{
	char lower[80];
	struct vg_str value = decoded(t, name);

	if (value.len > 0 && (value.ptr[0] == '@' || value.ptr[0] == '$'))
		value = vg_str_sub(value, 1, value.len);
	if (!vg_handle_valid(kind, &value) || value.len + 1 > sizeof(lower))
		return;
	bool cash = strcmp(kind, "cashapp") == 0;
	lower[0] = '$';
	for (size_t i = 0; i < value.len; i++)
		lower[i + 1] = vg_lower(value.ptr[i]);
	vg_entity_add(t->s, kind,
	    (struct vg_str){cash ? lower : lower + 1, value.len + cash}, t->url, t->at);
}

/* Hosts of profiles: the first step of the path is the name. */
static const struct profile_host {
	const char *host, *kind;
	const char
	    *not_names; /* steps that are pages of the platform, spaces around each */
} profile_hosts[] = {
    {"t.me", "telegram", " share joinchat addstickers iv proxy socks login msg c "},
    {"telegram.me", "telegram", " share joinchat addstickers "},
    {"telegram.dog", "telegram", " share joinchat addstickers "},
    {"t-me", "telegram", " share joinchat "},
    {"instagram.com", "instagram",
	" p reel reels explore accounts stories about developer tv "},
    {"facebook.com", "facebook",
	" sharer sharer.php tr plugins dialog share share.php pages groups events "
	"watch profile.php "
	"people permalink.php photo photo.php login login.php help policies legal "
	"hashtag v2.0 "},
    {"fb.com", "facebook", " sharer "},
    {"facebook", "facebook", " sharer tr plugins pages groups events "},
    {"instagram", "instagram", " p reel explore "},
    {"fb.me", "facebook", " "},
    {"m.me", "facebook", " "},
    {"twitter.com", "twitter", " share intent home search hashtag i "},
    {"x.com", "twitter", " share intent home search hashtag i "},
    {"tiktok.com", "tiktok_user", " tag music discover "},
    {"snapchat.com", "snapchat", " discover p "},
    {"cash.app", "cashapp", " help legal "},
    {"venmo.com", "venmo", " u code "},
};

static bool listed(const char *list, struct vg_str word)
{
	struct vg_str all = vg_str(list);

	for (size_t at = 0; (at = vg_str_ifind(all, word, at)) != SIZE_MAX; at++) {
		if (at > 0 && all.ptr[at - 1] == ' ' && at + word.len < all.len &&
		    all.ptr[at + word.len] == ' ')
			return true;
	}
	return false;
}

static void profile(const struct target *t, struct vg_str host, struct vg_str path)
{
	/* An unregistrable mirror ("t-me.example") stands for its platform. */
	struct vg_str bare = host;
	if (vg_str_ends(host, VG_STR(".example")))
		bare = vg_str_sub(host, 0, host.len - 8);
	for (size_t i = 0; i < sizeof(profile_hosts) / sizeof(profile_hosts[0]); i++) {
		const struct profile_host *p = &profile_hosts[i];
		struct vg_str rest = path, step;
		if (!vg_str_ieqz(host, p->host) && !vg_str_ieqz(bare, p->host))
			continue;
		while (vg_str_split(&rest, '/', &step)) {
			if (step.len == 0 || vg_str_eqz(step, "s") ||
			    vg_str_eqz(step, "add"))
				continue;
			if (!listed(p->not_names, step) && step.ptr[0] != '+')
				add_handle(t, p->kind, step);
			return;
		}
		return;
	}
}

/* http and https: by host. */
static void web_address(const struct target *t, struct vg_str rest)
{
	struct vg_str host = until(rest, "/?#:"), path;
	struct vg_str phone;

	path = until(vg_str_sub(rest, host.len, rest.len), "?#");
	if (vg_str_istarts(host, VG_STR("www.")))
		host = vg_str_sub(host, 4, host.len);
	else if (vg_str_istarts(host, VG_STR("m.")) && host.len > 5)
		host = vg_str_sub(host, 2, host.len);
	if (vg_str_ieqz(host, "wa.me")) {
		add_phone(
		    t, until(vg_str_sub(path, 1, path.len), "/"), "whatsapp", true);
	} else if (vg_str_ieqz(host, "api.whatsapp.com") ||
		   vg_str_ieqz(host, "web.whatsapp.com") ||
		   vg_str_ieqz(host, "whatsapp.com") ||
		   vg_str_ieqz(host, "walink.co")) {
		if ((phone = query(t, "phone")).ptr != NULL)
			add_phone(t, phone, "whatsapp", true);
	} else if (vg_str_ieqz(host, "signal.me")) {
		size_t at = vg_str_find(t->url, VG_STR("#p/"), 0);
		if (at != SIZE_MAX)
			add_phone(
			    t, vg_str_sub(t->url, at + 3, t->url.len), "signal", true);
	} else {
		profile(t, host, path);
	}
}

static void address(const struct target *t)
{
	struct vg_str url = t->url, rest, value;
	size_t colon = vg_str_chr(url, ':', 0);

	if (colon == SIZE_MAX)
		return;
	struct vg_str scheme = vg_str_sub(url, 0, colon);
	rest = vg_str_sub(url, colon + 1, url.len);
	while (rest.len > 0 && rest.ptr[0] == '/')
		rest = vg_str_sub(rest, 1, rest.len);
	if (vg_str_ieqz(scheme, "http") || vg_str_ieqz(scheme, "https")) {
		web_address(t, rest);
	} else if (vg_str_ieqz(scheme, "tel") || vg_str_ieqz(scheme, "sms") ||
		   vg_str_ieqz(scheme, "callto") || vg_str_ieqz(scheme, "smsto")) {
		add_phone(t, until(rest, "?;&,"), "phone", false);
	} else if (vg_str_ieqz(scheme, "mailto")) {
		add_mail(t, rest);
	} else if (vg_str_ieqz(scheme, "whatsapp")) {
		if ((value = query(t, "phone")).ptr != NULL)
			add_phone(t, value, "whatsapp", true);
	} else if (vg_str_ieqz(scheme, "tg")) {
		if ((value = query(t, "domain")).ptr != NULL)
			add_handle(t, "telegram", value);
	} else if (vg_str_ieqz(scheme, "skype")) {
		add_handle(t, "skype", until(rest, "?"));
	} else if (vg_str_ieqz(scheme, "weixin")) {
		add_handle(t, "wechat", until(rest, "?/"));
	}
}

void vg_entity_scan_links(struct vg_entity_scan *s)
{
	for (size_t i = 0; i < s->doc->link_count; i++) {
		const struct vg_link *link = &s->doc->links[i];
		struct target t = {.s = s, .url = link->raw};
		t.at = (struct vg_place){link->start, link->end, VG_WHERE_ATTRIBUTE};
		if (vg_str_starts(t.url, VG_STR("//")) && link->url.len > 0)
			t.url = link->url;
		address(&t);
	}
	if (s->doc->url.len > 0 && s->doc->document.len > 0) {
		struct target t = {.s = s, .url = s->doc->url};
		t.at = (struct vg_place){0, 1, VG_WHERE_URL};
		address(&t);
	}
}
