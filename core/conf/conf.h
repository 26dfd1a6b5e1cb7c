/* SPDX-License-Identifier: MIT */
/*
 * The configuration of a case. One table of typed keys (keys.c) parses, checks, explains and prints it.
 * Precedence, weakest first: built-in default, the user's file, the case's vigia.ini, the environment
 * (VIGIA_SECTION_KEY), the command line. A [site NAME] inherits the limits of [crawl] and may set its own;
 * the command line overrides both. Every value knows where it comes from.
 */
#ifndef VG_CONF_CONF_H
#define VG_CONF_CONF_H

#include "base/buf.h"

/* When: text as it was written, and the duration if it is one. */
struct vg_conf_schedule {
	const char *text; /* "always", "12h", or a cron expression of base/cron.h */
	int64_t every;    /* microseconds; 0: not a duration */
};

enum vg_conf_missed { VG_CONF_MISSED_ONCE, VG_CONF_MISSED_SKIP };

/* Budgets, politeness and time: [crawl], or of one site. Times in microseconds. */
struct vg_conf_limits {
	int64_t delay;        /* least gap between two requests to one host */
	int64_t timeout;      /* all of one request */
	int64_t idle_timeout; /* without a byte */
	int64_t max_pages;    /* fetched for one site in one crawl */
	int64_t max_bytes;    /* of a response body on the wire */
	int64_t max_depth;    /* links away from a seed */
	int64_t daily_requests, daily_bytes; /* of one site on a UTC day; 0: no limit */
	struct vg_conf_schedule schedule;
	int64_t schedule_jitter;
	int64_t missed_runs;              /* enum vg_conf_missed */
	const char *time_zone;            /* of vg_zone_open() */
	const char *const *allowed_hours; /* of vg_hours_add(); empty: any */
};

struct vg_conf_site {
	const char *name;
	struct vg_conf_limits limits;
	const char *const *seeds; /* NULL-terminated, as all lists; never NULL itself */
	const char *const *tags;
	const char *const
	    *exclude;       /* patterns of paths left out, for vg_scope_exclude() */
	const char *plugin; /* "auto" or a name */
	int64_t scope;      /* enum vg_conf_scope */
	const char *proxy;  /* "socks5h://127.0.0.1:9050"; "": none */
	bool enabled;
};

enum vg_conf_log { VG_CONF_LOG_JSON, VG_CONF_LOG_TEXT };
enum vg_conf_scope { VG_CONF_SCOPE_HOST, VG_CONF_SCOPE_DOMAIN, VG_CONF_SCOPE_PREFIX };

struct vg_conf {
	const char
	    *contact; /* e-mail address or URL; "" until the operator states one */
	const char *operator_name;
	struct vg_conf_limits limits;
	int64_t max_urls; /* kept for one host; 0: no limit */
	int64_t backoff;  /* first wait after a failure of a permitted address */
	int64_t workers;  /* analysis workers; -1: one a core */
	int64_t deadline; /* microseconds a page may be analysed */
	const char *
	    log_file; /* relative ones lie in the case; "-": standard error; "": none */
	int64_t log_format;           /* enum vg_conf_log */
	const char *metrics_listen;   /* "127.0.0.1:9464"; "": no metrics */
	const char *user_agent_extra; /* "" for none */
	const char *accept_encoding;
	const char *const *connect_to;    /* "shop.example:80=127.0.1.7:8080" */
	const char *const *allow_address; /* "10.0.0.7:8080" or "10.0.0.7" */
	const char *ca_file;              /* PEM; "": the system's */
	int64_t commit_pages;             /* pages in one commit, at most */
	int64_t commit_interval;    /* microseconds until what is done is committed */
	struct vg_conf_site *sites; /* in the order of the file; disabled ones too */
	size_t site_count;
};

/*
 * Defaults, then the user's file, then `case_dir`/vigia.ini (NULL: no case), then `environment` (as
 * environ; NULL: none). Errors start with "file:line: " and name the nearest key.
 */
VG_WARN_UNUSED enum vg_status vg_conf_load(const char *case_dir,
    const char *const *environment, struct vg_conf **ret, struct vg_error *err);
/* The same from text, for tests: one file called `name`. */
VG_WARN_UNUSED enum vg_status vg_conf_parse(
    const char *name, struct vg_str text, struct vg_conf **ret, struct vg_error *err);
void vg_conf_free(struct vg_conf *conf); /* NULL allowed */
/*
 * Overrides `key` ("crawl.delay") with `text`, for all sites too; `origin` ("--delay") is what
 * explanations say. Lists are replaced.
 */
VG_WARN_UNUSED enum vg_status vg_conf_set(struct vg_conf *conf, const char *key,
    const char *text, const char *origin, struct vg_error *err);
/* A site of the command line: `vigia crawl URL`. Inherits the limits of [crawl]. */
VG_WARN_UNUSED enum vg_status vg_conf_add_site(struct vg_conf *conf, const char *name,
    const char *seed, const char *origin, struct vg_error *err);
/* NULL when there is none. */
const struct vg_conf_site *vg_conf_find_site(
    const struct vg_conf *conf, struct vg_str name);
/*
 * "vigia/1.0 (+contact) extra" appended to `ret`. VG_E_INVALID when no contact is set: no request may
 * leave the machine without one.
 */
VG_WARN_UNUSED enum vg_status vg_conf_user_agent(
    const struct vg_conf *conf, struct vg_buf *ret, struct vg_error *err);

/* One value and its history, for `vigia config explain`. */
struct vg_conf_fact {
	const char *section; /* "crawl", "site farmacia-sol" */
	const char *key;
	const char *value; /* as the file would say it */
	const char
	    *origin; /* "default", "vigia.ini:12", "VIGIA_CRAWL_DELAY", "--delay", … */
	const char *help;
};
typedef void vg_conf_visit(void *ctx, const struct vg_conf_fact *fact);
/* Every value, the general ones first, then by site. All borrowed until `visit` returns. */
void vg_conf_explain(const struct vg_conf *conf, vg_conf_visit *visit, void *ctx);
/* The name in "section.key" spelling nearest to `word`, or NULL. */
const char *vg_conf_nearest_key(const char *word);

/*
 * A full commented file with the defaults. `contact` NULL leaves it unset; with `keys_off` every key but
 * the contact is commented out, as `vigia init` writes it.
 */
void vg_conf_write_template(struct vg_buf *out, const char *contact, bool keys_off);

#endif
