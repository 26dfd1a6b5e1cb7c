/* SPDX-License-Identifier: MIT */
/* The table of configuration keys. Internal to conf/. */
#ifndef VG_CONF_KEYS_H
#define VG_CONF_KEYS_H

#include "base/arena.h"
#include "conf/conf.h"

enum vg_key_type {
	VG_KEY_BOOL,     /* bool */
	VG_KEY_INT,      /* int64_t */
	VG_KEY_DURATION, /* int64_t, microseconds */
	VG_KEY_SIZE,     /* int64_t, bytes */
	VG_KEY_ENUM,     /* int64_t, index into `words` */
	VG_KEY_SCHEDULE, /* struct vg_conf_schedule: a duration, cron expression or "always" */
	VG_KEY_ZONE,      /* const char *: a time zone */
	VG_KEY_STRING,    /* const char * */
	VG_KEY_HEADER,    /* the same, printable ASCII: it goes into a request header */
	VG_KEY_CONTACT,   /* an e-mail address or http(s) URL */
	VG_KEY_WORDS,     /* lists: const char *const *; divided by blanks and commas */
	VG_KEY_HOURS,     /* of vg_hours_add(), divided by blanks and commas */
	VG_KEY_PATTERNS,  /* divided by blanks */
	VG_KEY_URLS,      /* http(s) URLs divided by blanks */
	VG_KEY_ADDRESSES, /* IP or IP:PORT */
	VG_KEY_CONNECTS,  /* HOST:PORT=IP:PORT */
	VG_KEY_PROXY,     /* http:// or socks5h:// and IP:PORT, or empty */
};

enum {
	VG_KEY_MANY = 1 << 0, /* a key given again adds to its list */
	VG_KEY_INHERIT =
	    1 << 1, /* a site takes the value of [crawl] unless it has its own */
};

struct vg_key {
	const char *section, *name;
	enum vg_key_type type;
	unsigned flags;
	size_t
	    offset; /* in struct vg_conf, or in struct vg_conf_site for [site NAME] */
	int64_t min, max;      /* numbers, in their unit */
	const char *otherwise; /* the default, as the file would say it */
	const char *words;     /* of VG_KEY_ENUM, divided by '|' */
	const char *help;      /* one sentence without a full stop */
};

/* Ends with a row without a name. Rows of one section stand together, "site" last. */
extern const struct vg_key vg_keys[];
size_t vg_key_count(void);
const struct vg_key *vg_key_find(struct vg_str section, struct vg_str name);
const char *vg_key_type_name(const struct vg_key *key);

/* Checks `text` and stores it at `object` + key->offset; strings and lists in `arena`. */
VG_WARN_UNUSED enum vg_status vg_key_store(const struct vg_key *key,
    struct vg_arena *arena, struct vg_str text, void *object, struct vg_error *err);
/* The stored value as the file would say it. */
void vg_key_print(const struct vg_key *key, const void *object, struct vg_buf *out);

#endif
