/* SPDX-License-Identifier: MIT */
/* A crawl's numbers for Prometheus. */
#include "config.h"

#include "cli/metrics.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "fetch/listen.h"
#include "store/operate.h"

#define MAX_SITES 10000
#define COUNT_EVERY (60 * VG_SECOND) /* least time between two counts of the frontier */
#define COUNT_SHARE 100              /* and at most this part of the time */

static const char *const verdicts[] = {"flagged", "review", "clear"};
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

struct site_metrics {
	char *name;
	int64_t requests, last_success; /* UTC microseconds */
};

struct vg_metrics {
	struct vg_listen *listen;
	struct vg_store *store;
	struct vg_crawl_stats stats;
	int64_t run, began;                               /* UTC */
	int64_t requests[VG_CRAWL_OUTCOMES], statuses[6]; /* 1xx to 5xx at 1..5 */
	int64_t bytes, retries, gaps, gap_sum;
	int64_t judged[VERDICTS];
	struct vg_vec sites; /* struct site_metrics, heap */
	struct vg_frontier_count frontier;
	bool counted;
	int64_t count_at; /* monotonic: not before */
};

void vg_metrics_free(struct vg_metrics *m)
{
	if (!m)
		return;
	vg_listen_free(m->listen);
	for (size_t i = 0; i < m->sites.len; i++)
		free(((struct site_metrics *)vg_vec_at(&m->sites, i))->name);
	vg_vec_release(&m->sites);
	free(m);
}

int vg_metrics_port(const struct vg_metrics *m)
{
	return m ? vg_listen_port(m->listen) : 0;
}

static struct site_metrics *site_of(struct vg_metrics *m, const char *name)
{
	struct site_metrics *site;

	for (size_t i = 0; i < m->sites.len; i++) {
		site = vg_vec_at(&m->sites, i);
		if (!strcmp(site->name, name))
			return site;
	}
	site = name[0] ? vg_vec_push(&m->sites) : NULL;
	if (!site)
		return NULL;
	*site = (struct site_metrics){.name = strdup(name)};
	if (site->name)
		return site;
	vg_vec_pop(&m->sites);
	return NULL;
}

static void note_fetch(struct vg_metrics *m, const struct vg_crawl_event *e)
{
	const struct vg_capture *c = e->capture;
	struct site_metrics *site = site_of(m, e->site);

	m->requests[c->outcome]++;
	if (c->status >= 100 && c->status < 600)
		m->statuses[c->status / 100]++;
	m->bytes += (int64_t)(c->head.len + c->payload.len);
	m->retries += e->attempt > 1;
	if (e->gap >= 0) {
		m->gaps++;
		m->gap_sum += e->gap;
	}
	if (!site)
		return;
	site->requests++;
	if (c->outcome == VG_FETCH_OK && c->status >= 200 && c->status < 400)
		site->last_success = c->started;
}

void vg_metrics_event(struct vg_metrics *m, const struct vg_crawl_event *e)
{
	if (!m)
		return;
	m->run = e->run;
	if (e->kind == VG_CRAWL_FETCHED)
		note_fetch(m, e);
	for (size_t i = 0; e->kind == VG_CRAWL_ANALYSED && i < VERDICTS; i++)
		m->judged[i] += vg_str_eqz(e->verdict, verdicts[i]);
}

void vg_metrics_stats(struct vg_metrics *m, const struct vg_crawl_stats *stats)
{
	if (m)
		m->stats = *stats;
}

static void family(
    struct vg_buf *out, const char *name, const char *type, const char *help)
{
	vg_buf_addf(
	    out, "# HELP vigia_%s %s\n# TYPE vigia_%s %s\n", name, help, name, type);
}

/* Inside the quotes of a label. */
static void add_label(struct vg_buf *out, struct vg_str value)
{
	for (size_t pos = 0; pos < value.len;) {
		uint32_t c = vg_utf8_next(value, &pos);

		if (c == '\n')
			vg_buf_addz(out, "\\n");
		else if (c == '"' || c == '\\')
			vg_buf_addf(out, "\\%c", (char)c);
		else
			vg_buf_add_utf8(out, c);
	}
}

static void sample(struct vg_buf *out, const char *name, const char *label,
    const char *value, int64_t number)
{
	vg_buf_addf(out, "vigia_%s{%s=\"", name, label);
	add_label(out, vg_str(value));
	vg_buf_addf(out, "\"} %" PRId64 "\n", number);
}

static void single(struct vg_buf *out, const char *name, const char *type,
    const char *help, int64_t number)
{
	family(out, name, type, help);
	vg_buf_addf(out, "vigia_%s %" PRId64 "\n", name, number);
}

static void add_seconds(struct vg_buf *out, int64_t us)
{
	vg_buf_addf(
	    out, " %" PRId64 ".%06" PRId64 "\n", us / VG_SECOND, us % VG_SECOND);
}

static void write_requests(const struct vg_metrics *m, struct vg_buf *out)
{
	static const char *const classes[] = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};

	family(out, "requests_total", "counter",
	    "Requests that ended, robots.txt too, by outcome.");
	for (int i = 0; i < VG_CRAWL_OUTCOMES; i++)
		sample(out, "requests_total", "outcome",
		    vg_fetch_outcome_name((enum vg_fetch_outcome)i), m->requests[i]);
	family(out, "responses_total", "counter", "Answers, by class of status.");
	for (size_t i = 1; i < 6; i++)
		sample(out, "responses_total", "class", classes[i], m->statuses[i]);
	single(out, "received_bytes_total", "counter",
	    "Bytes of response heads and bodies.", m->bytes);
	single(out, "retries_total", "counter", "Requests for what had failed before.",
	    m->retries);
	family(out, "gap_seconds", "summary",
	    "Time between a host's answer and the next request to it.");
	vg_buf_addz(out, "vigia_gap_seconds_sum");
	add_seconds(out, m->gap_sum);
	vg_buf_addf(out, "vigia_gap_seconds_count %" PRId64 "\n", m->gaps);
}

static void write_pages(const struct vg_metrics *m, struct vg_buf *out)
{
	const struct vg_crawl_stats *s = &m->stats;

	single(out, "pages_total", "counter", "Pages asked for.", s->pages);
	family(out, "pages_judged_total", "counter", "Pages judged, by verdict.");
	for (size_t i = 0; i < VERDICTS; i++)
		sample(out, "pages_judged_total", "verdict", verdicts[i], m->judged[i]);
	single(out, "findings_total", "counter", "New findings.", s->new_findings);
	single(out, "refused_total", "counter",
	    "Addresses not asked for: robots.txt, scope.", s->refused);
	single(out, "problems_total", "counter", "Pages kept that could not be judged.",
	    s->problems);
	single(out, "discovered_total", "counter", "New addresses in scope.",
	    s->discovered);
	single(out, "worker_losses_total", "counter",
	    "Analysis workers that crashed, hung or answered nonsense.",
	    s->lost_workers);
}

static void write_queue(const struct vg_metrics *m, struct vg_buf *out)
{
	const struct vg_crawl_stats *s = &m->stats;
	const struct {
		const char *state;
		int64_t urls;
	} rows[] = {{"due", m->frontier.due}, {"waiting", m->frontier.waiting},
	    {"held", m->frontier.held}, {"dropped", m->frontier.dropped}};

	family(out, "hosts", "gauge", "Hosts this crawl has leased, by state.");
	sample(out, "hosts", "state", "busy", (int64_t)s->in_flight);
	sample(out, "hosts", "state", "parked", (int64_t)s->parked);
	sample(out, "hosts", "state", "waiting",
	    (int64_t)(s->hosts - s->parked - s->in_flight));
	single(out, "waiting_analysis", "gauge", "Pages captured and not yet judged.",
	    (int64_t)s->waiting_analysis);
	if (!m->counted)
		return;
	family(out, "frontier_urls", "gauge",
	    "Addresses by state, counted once a minute or more rarely.");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		sample(out, "frontier_urls", "state", rows[i].state, rows[i].urls);
}

static void write_sites(const struct vg_metrics *m, struct vg_buf *out)
{
	family(out, "site_requests_total", "counter", "Requests, by site.");
	for (size_t i = 0; i < m->sites.len; i++) {
		const struct site_metrics *site =
		    (struct site_metrics *)m->sites.items + i;

		sample(out, "site_requests_total", "site", site->name, site->requests);
	}
	family(out, "site_last_success_timestamp_seconds", "gauge",
	    "When a page of the site was last answered well.");
	for (size_t i = 0; i < m->sites.len; i++) {
		const struct site_metrics *site =
		    (struct site_metrics *)m->sites.items + i;

		if (site->last_success)
			sample(out, "site_last_success_timestamp_seconds", "site",
			    site->name, site->last_success / VG_SECOND);
	}
}

/* Counting reads all of a table, so a large one is counted rarely. */
static void count_frontier(struct vg_metrics *m)
{
	int64_t began = vg_clock_monotonic(), took;

	if (!m->store || began < m->count_at)
		return;
	m->counted = vg_store_frontier_count(
			 m->store, vg_clock_now(), &m->frontier, NULL) == VG_OK;
	took = vg_clock_monotonic() - began;
	m->count_at = began + (took * COUNT_SHARE > COUNT_EVERY ? took * COUNT_SHARE
								: COUNT_EVERY);
}

static void write_page(void *ctx, struct vg_buf *out)
{
	struct vg_metrics *m = ctx;

	count_frontier(m);
	family(out, "build_info", "gauge", "The version that runs.");
	sample(out, "build_info", "version", PACKAGE_VERSION, 1);
	single(out, "start_time_seconds", "gauge", "When this crawl began.",
	    m->began / VG_SECOND);
	single(out, "run", "gauge", "Number of this crawl in the case.", m->run);
	write_requests(m, out);
	write_pages(m, out);
	write_queue(m, out);
	write_sites(m, out);
}

enum vg_status vg_metrics_new(const char *address, struct vg_store *store,
    struct vg_metrics **ret, struct vg_error *err)
{
	struct vg_metrics *m = calloc(1, sizeof(*m));
	enum vg_status status;

	if (!m)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	m->store = store;
	m->began = vg_clock_now();
	m->sites = VG_VEC_INIT(struct site_metrics, MAX_SITES, NULL);
	status = vg_listen_new(address, "/metrics",
	    "text/plain; version=0.0.4; charset=utf-8", write_page, m, &m->listen, err);
	if (status)
		vg_metrics_free(m);
	else
		*ret = m;
	return status;
}

size_t vg_metrics_pollfds(const struct vg_metrics *m, struct pollfd *ret, size_t max)
{
	return m ? vg_listen_pollfds(m->listen, ret, max) : 0;
}

void vg_metrics_run(struct vg_metrics *m)
{
	if (m)
		vg_listen_run(m->listen);
}
