/* SPDX-License-Identifier: MIT */
/* Sites of a crawl: seeds, scope, budgets, and what their plugins ask for. */
#include "config.h"

#include <stdlib.h>

#include "crawl/crawl_priv.h"

#define DAY (24 * 3600 * VG_SECOND)

/* Addresses that act: a look-out never buys, logs in or changes anything. */
static const char *const acts[] = {"*add-to-cart*", "*add_to_cart*", "*addtocart*",
    "*cart.add*", "*/cart/*", "*/checkout*", "*/wp-login*", "*/wp-admin*", "*/login*",
    "*/signin*", "*/logout*", "*/my-account*", "*/mi-cuenta*", "*add_to_wishlist*",
    "*/unsubscribe*", NULL};

void sites_free(struct crawl *c)
{
	for (size_t i = 0; c->sites && i < c->config->site_count; i++)
		vg_scope_free(c->sites[i].scope);
	free(c->sites);
}

enum vg_status vg_crawl_scope(
    const struct vg_crawl_site *config, struct vg_scope **ret, struct vg_error *err)
{
	struct vg_scope *scope;
	struct vg_scope_limits limits = {.max_depth = config->max_depth};
	struct vg_url seed = VG_URL_INIT;
	enum vg_status status = VG_OK;

	scope = vg_scope_new(&limits);
	if (!scope)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (const char *const *s = config->seeds; !status && s && *s; s++) {
		status = vg_url_parse(vg_str(*s), NULL, &seed, err);
		if (!status)
			status = vg_scope_add(scope, config->scope, &seed, err);
		if (status)
			vg_error_prefix(err, "site %s: seed %s", config->name, *s);
	}
	for (const char *const *x = acts; !status && *x; x++)
		status = vg_scope_exclude(scope, vg_str(*x), err);
	for (const char *const *x = config->exclude; !status && x && *x; x++) {
		status = vg_scope_exclude(scope, vg_str(*x), err);
		if (status)
			vg_error_prefix(err, "site %s: exclude %s", config->name, *x);
	}
	vg_url_release(&seed);
	if (status)
		vg_scope_free(scope);
	else
		*ret = scope;
	return status;
}

enum vg_status sites_new(struct crawl *c, struct vg_error *err)
{
	enum vg_status status = VG_OK;

	c->sites = calloc(
	    c->config->site_count ? c->config->site_count : 1, sizeof(*c->sites));
	if (!c->sites)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; !status && i < c->config->site_count; i++) {
		c->sites[i].config = &c->config->sites[i];
		c->sites[i].interval =
		    c->sites[i].config->schedule
			? vg_schedule_interval(c->sites[i].config->schedule)
			: 0;
		status = vg_crawl_scope(c->sites[i].config, &c->sites[i].scope, err);
	}
	return status;
}

struct site *site_named(struct crawl *c, struct vg_str name)
{
	for (size_t i = 0; i < c->config->site_count; i++)
		if (vg_str_eqz(name, c->sites[i].config->name))
			return &c->sites[i];
	return NULL;
}

int64_t site_due_at(const struct site *site, int64_t now, int64_t pause)
{
	if (pause < site->interval)
		pause = site->interval;
	return site->config->schedule
		   ? vg_schedule_due(site->config->schedule, now, pause)
		   : now + pause;
}

bool site_exhausted(const struct crawl *c, const struct site *site)
{
	const struct vg_crawl_site *config = site->config;

	if (config->schedule && !vg_schedule_is_open(config->schedule, vg_clock_now()))
		return true;
	/* What was spent yesterday is forgotten. */
	if (site->day == vg_clock_now() / DAY &&
	    ((config->daily_requests && site->day_requests >= config->daily_requests) ||
		(config->daily_bytes && site->day_bytes >= config->daily_bytes)))
		return true;
	return (config->max_pages && site->pages >= config->max_pages) ||
	       (c->config->max_pages && c->stats.pages >= c->config->max_pages);
}

enum vg_status site_spend(struct crawl *c, struct site *site, int64_t requests,
    int64_t bytes, struct vg_error *err)
{
	if (!site->config->daily_requests && !site->config->daily_bytes)
		return VG_OK;
	site->day = vg_clock_now() / DAY;
	return vg_store_spend(c->store, vg_str(site->config->name), site->day,
	    requests, bytes, &site->day_requests, &site->day_bytes, err);
}

/* A rule's host is exact, or "*.example" for a domain and what is below it. */
static bool rule_names_host(struct vg_str rule, struct vg_str host)
{
	if (vg_str_starts(rule, VG_STR("*."))) {
		struct vg_str domain = vg_str_sub(rule, 2, rule.len);

		return vg_str_ieq(domain, host) ||
		       (host.len > domain.len &&
			   vg_str_ends(host, vg_str_sub(rule, 1, rule.len)));
	}
	return rule.len && vg_str_ieq(rule, host);
}

static bool plugin_names_host(const struct vg_json *plugin, struct vg_str host)
{
	const struct vg_json *rules = vg_json_get(plugin, "matches");

	for (const struct vg_json *r = rules ? rules->first : NULL; r; r = r->next)
		if (rule_names_host(vg_json_get_str(r, "host"), host))
			return true;
	return false;
}

int64_t site_plugin_delay(
    const struct crawl *c, const struct site *site, struct vg_str host)
{
	int64_t delay = 0;

	for (const struct vg_json *p = c->plugins ? c->plugins->first : NULL; p;
	     p = p->next) {
		struct vg_str name = vg_json_get_str(p, "name");
		int64_t asked;

		if (!vg_str_eqz(name, site->config->plugin) &&
		    !plugin_names_host(p, host))
			continue;
		if (vg_json_to_i64(
			vg_json_get(vg_json_get(p, "limits"), "min_delay_ms"),
			&asked) &&
		    asked * 1000 > delay)
			delay = asked * 1000;
	}
	return delay;
}

static enum vg_status site_add_seed(struct crawl *c, const struct site *site,
    const char *seed, struct vg_url *url, struct vg_error *err)
{
	struct vg_str href;
	struct vg_new_url entry = {.due_at = c->horizon};
	enum vg_status status = vg_url_parse(vg_str(seed), NULL, url, err);

	if (status)
		return status;
	href = vg_url_href(url);
	entry.url = vg_str_sub(href, 0, url->fragment);
	entry.host = vg_url_host(url);
	return vg_store_add_seed(c->store, vg_str(site->config->name), &entry,
	    c->config->again ? VG_SEED_AGAIN : VG_SEED_KEEP, err);
}

enum vg_status sites_add_seeds(struct crawl *c, struct vg_error *err)
{
	struct vg_url url = VG_URL_INIT;
	enum vg_status status = VG_OK;

	for (size_t i = 0; !status && i < c->config->site_count; i++)
		status = site_spend(c, &c->sites[i], 0, 0, err);
	for (size_t i = 0; !status && c->run && i < c->config->site_count; i++)
		status = vg_store_run_site(
		    c->store, vg_str(c->config->sites[i].name), err);
	for (size_t i = 0; !status && i < c->config->site_count; i++)
		for (const char *const *s = c->sites[i].config->seeds;
		     !status && s && *s; s++)
			status = site_add_seed(c, &c->sites[i], *s, &url, err);
	vg_url_release(&url);
	return status;
}
