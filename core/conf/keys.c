/* SPDX-License-Identifier: MIT */
/* Every configuration key: what it is called, what it may be, what it is otherwise. */
#include "config.h"

#include "conf/keys.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/limits.h"

#define HOUR (3600 * VG_SECOND)
#define IN_CONF(field) offsetof(struct vg_conf, field)
#define IN_SITE(field) offsetof(struct vg_conf_site, field)

const struct vg_key vg_keys[] = {
    {"operator", "contact", VG_KEY_CONTACT, 0, IN_CONF(contact), 0, 0, "", NULL,
	"your e-mail address or web page; it is part of the User-Agent, and nothing is "
	"requested without it"},
    {"operator", "name", VG_KEY_STRING, 0, IN_CONF(operator_name), 0, 0, "", NULL,
	"who is responsible for this case"},

    {"crawl", "delay", VG_KEY_DURATION, 0, IN_CONF(limits.delay), 0, HOUR, "1s", NULL,
	"least time between two requests to one host; never below 1s, except for "
	"permitted addresses"},
    {"crawl", "timeout", VG_KEY_DURATION, 0, IN_CONF(limits.timeout), VG_SECOND / 10,
	HOUR, "60s", NULL, "time for one request, all in all"},
    {"crawl", "idle_timeout", VG_KEY_DURATION, 0, IN_CONF(limits.idle_timeout),
	VG_SECOND / 10, HOUR, "15s", NULL, "time without a byte before giving up"},
    {"crawl", "max_pages", VG_KEY_INT, 0, IN_CONF(limits.max_pages), 1, 10000000,
	"10000", NULL, "pages fetched for one site in one crawl"},
    {"crawl", "max_bytes", VG_KEY_SIZE, 0, IN_CONF(limits.max_bytes), 1024,
	VG_MAX_DOCUMENT, "8M", NULL, "bytes of one response body"},
    {"crawl", "max_depth", VG_KEY_INT, 0, IN_CONF(limits.max_depth), 0, 100, "20", NULL,
	"links away from a seed"},
    {"crawl", "daily_requests", VG_KEY_INT, 0, IN_CONF(limits.daily_requests), 0,
	10000000, "0", NULL, "requests to one site on one day (UTC); 0: no limit"},
    {"crawl", "daily_bytes", VG_KEY_SIZE, 0, IN_CONF(limits.daily_bytes), 0, INT64_MAX,
	"0", NULL, "bytes from one site on one day (UTC); 0: no limit"},
    {"crawl", "max_urls", VG_KEY_INT, 0, IN_CONF(max_urls), 0, 100000000, "100000",
	NULL, "addresses kept for one host; 0: no limit"},
    {"crawl", "workers", VG_KEY_INT, 0, IN_CONF(workers), -1, 256, "-1", NULL,
	"sandboxed analysis processes; -1: one a core"},
    {"crawl", "deadline", VG_KEY_DURATION, 0, IN_CONF(deadline), VG_SECOND / 10,
	600 * VG_SECOND, "10s", NULL, "time one page may be analysed"},
    {"crawl", "log_file", VG_KEY_STRING, 0, IN_CONF(log_file), 0, 0, "", NULL,
	"where each request is written down, a line each; - is standard error"},
    {"crawl", "log_format", VG_KEY_ENUM, 0, IN_CONF(log_format), 0, 0, "json",
	"json|text", "how a line of log_file is written"},
    {"crawl", "metrics_listen", VG_KEY_STRING, 0, IN_CONF(metrics_listen), 0, 0, "",
	NULL,
	"loopback address and port where a crawl answers /metrics for Prometheus, such "
	"as "
	"127.0.0.1:9464"},
    {"crawl", "user_agent_extra", VG_KEY_HEADER, 0, IN_CONF(user_agent_extra), 0, 0, "",
	NULL, "text added to the User-Agent"},
    {"crawl", "accept_encoding", VG_KEY_HEADER, 0, IN_CONF(accept_encoding), 0, 0,
	"identity", NULL,
	"content codings to ask for; identity bodies are stored smallest"},

    {"crawl", "schedule", VG_KEY_SCHEDULE, 0, IN_CONF(limits.schedule), 0,
	366 * 24 * HOUR, "always", NULL,
	"when to visit the seeds: 12h (so long after the last visit), @daily, or a "
	"cron "
	"expression (minute hour day month weekday; H is a value of the site's own); "
	"always: each crawl by hand, and vigia watch leaves the site alone; other "
	"pages are "
	"visited up to 8 times more rarely while they do not change"},
    {"crawl", "time_zone", VG_KEY_ZONE, 0, IN_CONF(limits.time_zone), 0, 0, "local",
	NULL,
	"zone of schedule and allowed_hours, as America/Cancun; local: this machine's"},
    {"crawl", "schedule_jitter", VG_KEY_DURATION, 0, IN_CONF(limits.schedule_jitter), 0,
	24 * HOUR, "0", NULL, "vigia watch starts each run up to so much later"},
    {"crawl", "allowed_hours", VG_KEY_HOURS, VG_KEY_MANY, IN_CONF(limits.allowed_hours),
	0, 0, "", NULL,
	"hours in which the site may be asked, as 08:00-20:00 or 22:00-06:00; empty: "
	"any"},
    {"crawl", "missed_runs", VG_KEY_ENUM, 0, IN_CONF(limits.missed_runs), 0, 0, "once",
	"once|skip",
	"what becomes of runs that vigia watch could not start: one run makes up for "
	"all, "
	"or none"},

    {"network", "connect_to", VG_KEY_CONNECTS, VG_KEY_MANY, IN_CONF(connect_to), 0, 0,
	"", NULL,
	"HOST:PORT=IP:PORT sends requests for a host to that address, and permits it"},
    {"network", "allow_address", VG_KEY_ADDRESSES, VG_KEY_MANY, IN_CONF(allow_address),
	0, 0, "", NULL, "private addresses, IP or IP:PORT, that may be connected to"},
    {"network", "backoff", VG_KEY_DURATION, 0, IN_CONF(backoff), VG_SECOND / 1000, HOUR,
	"15s", NULL,
	"first wait after a failure of a permitted address; 15s for the public web"},
    {"network", "ca_file", VG_KEY_STRING, 0, IN_CONF(ca_file), 0, 0, "", NULL,
	"certificates to trust, a PEM file, instead of the system's"},

    {"store", "commit_pages", VG_KEY_INT, 0, IN_CONF(commit_pages), 1, 100000, "100",
	NULL, "pages written in one commit, at most"},
    {"store", "commit_interval", VG_KEY_DURATION, 0, IN_CONF(commit_interval), 0,
	60 * VG_SECOND, "1s", NULL, "time until what is done is committed"},

    {"site", "seeds", VG_KEY_URLS, VG_KEY_MANY, IN_SITE(seeds), 0, 0, "", NULL,
	"addresses where a crawl of the site starts"},
    {"site", "plugin", VG_KEY_STRING, 0, IN_SITE(plugin), 0, 0, "auto", NULL,
	"the plugin that reads the site; auto chooses by host, path and content"},
    {"site", "tags", VG_KEY_WORDS, VG_KEY_MANY, IN_SITE(tags), 0, 0, "", NULL,
	"your own words for selecting sites"},
    {"site", "schedule", VG_KEY_SCHEDULE, VG_KEY_INHERIT, IN_SITE(limits.schedule), 0,
	366 * 24 * HOUR, "", NULL, "as in [crawl]"},
    {"site", "time_zone", VG_KEY_ZONE, VG_KEY_INHERIT, IN_SITE(limits.time_zone), 0, 0,
	"", NULL, "as in [crawl]"},
    {"site", "schedule_jitter", VG_KEY_DURATION, VG_KEY_INHERIT,
	IN_SITE(limits.schedule_jitter), 0, 24 * HOUR, "", NULL, "as in [crawl]"},
    {"site", "allowed_hours", VG_KEY_HOURS, VG_KEY_INHERIT | VG_KEY_MANY,
	IN_SITE(limits.allowed_hours), 0, 0, "", NULL, "as in [crawl]"},
    {"site", "missed_runs", VG_KEY_ENUM, VG_KEY_INHERIT, IN_SITE(limits.missed_runs), 0,
	0, "", "once|skip", "as in [crawl]"},
    {"site", "scope", VG_KEY_ENUM, 0, IN_SITE(scope), 0, 0, "host",
	"host|domain|prefix",
	"how far to follow links: the host of the seeds, its registrable domain, or "
	"below their path"},
    {"site", "exclude", VG_KEY_PATTERNS, VG_KEY_MANY, IN_SITE(exclude), 0, 0, "", NULL,
	"paths to leave out; * is any text, a final $ the end"},
    {"site", "proxy", VG_KEY_PROXY, 0, IN_SITE(proxy), 0, 0, "", NULL,
	"http://IP:PORT or socks5h://IP:PORT (Tor) that every request of the site goes "
	"through; it "
	"resolves the names, so it must not reach networks that the crawl may not"},
    {"site", "enabled", VG_KEY_BOOL, 0, IN_SITE(enabled), 0, 0, "yes", NULL,
	"whether to crawl it"},
    {"site", "delay", VG_KEY_DURATION, VG_KEY_INHERIT, IN_SITE(limits.delay), 0, HOUR,
	"", NULL, "as in [crawl]"},
    {"site", "max_pages", VG_KEY_INT, VG_KEY_INHERIT, IN_SITE(limits.max_pages), 1,
	10000000, "", NULL, "as in [crawl]"},
    {"site", "max_bytes", VG_KEY_SIZE, VG_KEY_INHERIT, IN_SITE(limits.max_bytes), 1024,
	VG_MAX_DOCUMENT, "", NULL, "as in [crawl]"},
    {"site", "max_depth", VG_KEY_INT, VG_KEY_INHERIT, IN_SITE(limits.max_depth), 0, 100,
	"", NULL, "as in [crawl]"},
    {"site", "daily_requests", VG_KEY_INT, VG_KEY_INHERIT,
	IN_SITE(limits.daily_requests), 0, 10000000, "", NULL, "as in [crawl]"},
    {"site", "daily_bytes", VG_KEY_SIZE, VG_KEY_INHERIT, IN_SITE(limits.daily_bytes), 0,
	INT64_MAX, "", NULL, "as in [crawl]"},
    {.name = NULL},
};

size_t vg_key_count(void)
{
	return sizeof(vg_keys) / sizeof(vg_keys[0]) - 1;
}

const struct vg_key *vg_key_find(struct vg_str section, struct vg_str name)
{
	for (const struct vg_key *key = vg_keys; key->name; key++)
		if (vg_str_eqz(section, key->section) && vg_str_eqz(name, key->name))
			return key;
	return NULL;
}

const char *vg_key_type_name(const struct vg_key *key)
{
	switch (key->type) {
	case VG_KEY_BOOL:
		return "yes or no";
	case VG_KEY_INT:
		return "a whole number";
	case VG_KEY_DURATION:
		return "a duration such as 90s or 1h30m";
	case VG_KEY_SIZE:
		return "a size such as 512K or 8M";
	case VG_KEY_ENUM:
		return "one of the words";
	case VG_KEY_SCHEDULE:
		return "a duration, a cron expression, @hourly, @daily, @weekly, "
		       "@monthly, @yearly or always";
	case VG_KEY_ZONE:
		return "a time zone such as America/Cancun";
	case VG_KEY_HOURS:
		return "hours such as 08:00-20:00";
	case VG_KEY_STRING:
		return "a text";
	case VG_KEY_HEADER:
		return "printable ASCII";
	case VG_KEY_CONTACT:
		return "an e-mail address or a http(s) address";
	case VG_KEY_WORDS:
		return "words divided by commas or blanks";
	case VG_KEY_PATTERNS:
		return "patterns that start with / or *, divided by blanks";
	case VG_KEY_URLS:
		return "http(s) addresses divided by blanks";
	case VG_KEY_ADDRESSES:
		return "IP or IP:PORT, divided by blanks";
	case VG_KEY_CONNECTS:
		return "HOST:PORT=IP:PORT, divided by blanks";
	case VG_KEY_PROXY:
		return "http://IP:PORT or socks5h://IP:PORT";
	}
	return "";
}
