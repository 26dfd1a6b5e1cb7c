/* SPDX-License-Identifier: MIT */
/* What a crawl says while it runs. */
#include "config.h"

#include "cli/crawl_tell.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "cli/drift.h"
#include "conf/conf.h"

static int compare_strings(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* True the first time. A page links to the same address again and again. */
static bool tells_first(struct vg_crawl_tell *t, struct vg_str url)
{
	char *key = strndup(url.ptr, url.len);
	char **kept = key ? tsearch(key, &t->told, compare_strings) : NULL;
	bool first = kept && *kept == key;

	if (!first)
		free(key);
	return first;
}

static const char *const event_words[] = {[VG_CRAWL_DISCOVERED] = "discovered",
    [VG_CRAWL_OUTSIDE] = "outside",
    [VG_CRAWL_REFUSED] = "refused",
    [VG_CRAWL_FETCHED] = "fetched",
    [VG_CRAWL_ANALYSED] = "analysed",
    [VG_CRAWL_PROBLEM] = "problem",
    [VG_CRAWL_DRIFT] = "drift"};

static void write_event(struct vg_crawl_tell *t, const struct vg_crawl_event *e)
{
	struct vg_json_writer w = vg_json_writer(&t->line);
	char id[VG_SHA256_HEX];

	vg_buf_clear(&t->line);
	vg_jw_object(&w);
	vg_jw_kstrz(&w, "event", event_words[e->kind]);
	if (e->drift) {
		(void)vg_drift_write(e->drift, e->drift_count, &w);
		goto out;
	}
	vg_jw_kstr(&w, "url", e->url);
	vg_jw_kstrz(&w, "site", e->site);
	if (e->reason)
		vg_jw_kstrz(&w, "reason", e->reason);
	if (e->capture) {
		vg_jw_kstrz(&w, "outcome", vg_fetch_outcome_name(e->capture->outcome));
		vg_jw_kint(&w, "status", e->capture->status);
		vg_jw_kint(&w, "bytes", (int64_t)e->capture->payload.len);
	}
	if (e->verdict.len)
		vg_jw_kstr(&w, "verdict", e->verdict);
	if (e->soft_404)
		vg_jw_kbool(&w, "soft_404", true);
	if (e->id) {
		vg_hex(e->id->bytes, sizeof(e->id->bytes), id);
		vg_jw_kstrz(&w, "capture", id);
	}
out:
	vg_jw_end_object(&w);
	printf("%.*s\n", VG_STR_ARG(vg_buf_str(&t->line)));
}

static void log_event(const struct vg_crawl_event *e)
{
	switch (e->kind) {
	case VG_CRAWL_FETCHED:
		vg_log(e->capture->outcome == VG_FETCH_OK ? VG_LOG_INFO : VG_LOG_WARN,
		    "crawl", "%.*s: %s %d%s%s, %zu bytes, %lld ms", VG_STR_ARG(e->url),
		    vg_fetch_outcome_name(e->capture->outcome), e->capture->status,
		    e->capture->error[0] ? ", " : "", e->capture->error,
		    e->capture->payload.len, (long long)(e->capture->total / 1000));
		break;
	case VG_CRAWL_REFUSED:
		vg_log(VG_LOG_INFO, "crawl", "%.*s: not asked for: %s",
		    VG_STR_ARG(e->url), e->reason);
		break;
	case VG_CRAWL_PROBLEM:
		vg_log(VG_LOG_WARN, "crawl", "%.*s: kept, but not judged: %s",
		    VG_STR_ARG(e->url), e->reason);
		break;
	case VG_CRAWL_ANALYSED:
		vg_log(VG_LOG_INFO, "crawl", "%.*s: %.*s%s", VG_STR_ARG(e->url),
		    VG_STR_ARG(e->verdict), e->soft_404 ? ", soft 404" : "");
		break;
	case VG_CRAWL_DISCOVERED:
	case VG_CRAWL_OUTSIDE:
	case VG_CRAWL_DRIFT: /* the summary tells it */
		break;
	}
}

void vg_crawl_tell_event(void *ctx, const struct vg_crawl_event *e)
{
	struct vg_crawl_tell *t = ctx;
	bool link = e->kind == VG_CRAWL_DISCOVERED || e->kind == VG_CRAWL_OUTSIDE;

	vg_progress_clear(
	    t->progress); /* a line of ours must not land in the middle of it */
	log_event(e);
	if (e->drift)
		(void)vg_drift_print(e->drift, e->drift_count, &t->drift);
	vg_request_log_add(t->log, e);
	vg_metrics_event(t->metrics, e);
	if (t->cli->json && (!link || tells_first(t, e->url)))
		write_event(t, e);
}

int64_t vg_crawl_failed(const struct vg_crawl_stats *s)
{
	int64_t failed = 0;

	for (int i = 0; i < VG_CRAWL_OUTCOMES; i++)
		failed += i == VG_FETCH_OK ? 0 : s->outcomes[i];
	return failed;
}

void vg_crawl_tell_progress(void *ctx, const struct vg_crawl_stats *s)
{
	struct vg_crawl_tell *t = ctx;
	struct vg_progress_state shown = {
	    .pages = s->pages,
	    .queue = (int64_t)(s->in_flight + s->waiting_analysis),
	    .flags = s->flagged,
	    .elapsed = s->now - s->started,
	};

	vg_metrics_stats(t->metrics, s);
	for (int i = 0; i < VG_CRAWL_OUTCOMES && i < VG_PROGRESS_CLASSES; i++) {
		shown.classes[i].name = vg_fetch_outcome_name((enum vg_fetch_outcome)i);
		shown.classes[i].count = i == VG_FETCH_OK ? 0 : s->outcomes[i];
	}
	if (*t->status_wanted) {
		*t->status_wanted = 0;
		vg_progress_clear(t->progress);
		vg_buf_clear(&t->line);
		vg_progress_line(&shown, 0, &t->line);
		(void)fprintf(stderr, "vigia: %s\n", vg_buf_cstr(&t->line));
	}
	if (*t->stop && !t->said_stopping) {
		t->said_stopping = true;
		vg_progress_clear(t->progress);
		vg_cli_notice(
		    t->cli, "finishing what is in flight; once more stops at once");
	}
	vg_progress_show(t->progress, &shown);
}

void vg_crawl_tell_summary(
    const struct vg_crawl_tell *t, const struct vg_crawl_stats *s, size_t site_count)
{
	if (t->cli->json)
		return;
	printf("%lld pages of %zu sites: %lld flagged, %lld to review, %lld new "
	       "findings\n",
	    (long long)s->pages, site_count, (long long)s->flagged,
	    (long long)s->review, (long long)s->new_findings);
	if (s->refused || vg_crawl_failed(s) || s->problems || s->http_errors)
		printf("%lld not asked for (robots.txt, scope), %lld failed, %lld "
		       "answered with "
		       "an error, %lld kept but not judged\n",
		    (long long)s->refused, (long long)vg_crawl_failed(s),
		    (long long)s->http_errors, (long long)s->problems);
	for (struct vg_str rest = vg_buf_str(&t->drift), line;
	     vg_str_split(&rest, '\n', &line);)
		if (line.len > 0)
			printf("drift: %.*s\n", VG_STR_ARG(line));
}

/* The file, or NULL for standard error. A relative one of vigia.ini lies in the case. */
static enum vg_status open_log(struct vg_crawl_tell *t, struct vg_error *err)
{
	const struct vg_conf *conf = t->cli->conf;
	const char *path = conf->log_file;
	bool of_case = t->cli->case_dir && path[0] && path[0] != '/' &&
		       strcmp(path, "-") != 0 &&
		       !vg_option_is_set(&t->cli->options, "log-file");

	if (!path[0] && !vg_option_is_set(&t->cli->options, "log-format"))
		return VG_OK;
	if (of_case) {
		vg_buf_clear(&t->line);
		vg_buf_addf(&t->line, "%s/%s", t->cli->case_dir, path);
		path = vg_buf_cstr(&t->line);
	}
	return vg_request_log_open(
	    path[0] ? path : NULL, conf->log_format == VG_CONF_LOG_JSON, &t->log, err);
}

static enum vg_status open_metrics(
    struct vg_crawl_tell *t, struct vg_store *store, struct vg_error *err)
{
	const char *address = t->cli->conf->metrics_listen;
	enum vg_status status;

	if (!address[0])
		return VG_OK;
	status = vg_metrics_new(address, store, &t->metrics, err);
	/* Crawls of one configuration share its port: whoever comes first has it. */
	if (status == VG_E_IO && !vg_option_is_set(&t->cli->options, "metrics")) {
		vg_cli_notice(t->cli, "metrics: %s; crawling without", err->msg);
		return VG_OK;
	}
	if (status) {
		vg_error_prefix(err, "metrics");
		if (status == VG_E_INVALID)
			t->cli->exit_code = VG_EXIT_USAGE;
		return status;
	}
	vg_cli_notice(
	    t->cli, "metrics on port %d, /metrics", vg_metrics_port(t->metrics));
	return VG_OK;
}

enum vg_status vg_crawl_tell_init(struct vg_crawl_tell *t, struct vg_cli *cli,
    struct vg_store *store, struct vg_error *err)
{
	enum vg_status status;

	t->cli = cli;
	t->line = t->drift = VG_BUF_INIT(1 << 20);
	status = open_log(t, err);
	if (!status)
		status = open_metrics(t, store, err);
	return status ? status : vg_progress_new(cli, &t->progress, err);
}

size_t vg_crawl_tell_pollfds(void *ctx, struct pollfd *ret, size_t max)
{
	return vg_metrics_pollfds(((struct vg_crawl_tell *)ctx)->metrics, ret, max);
}

void vg_crawl_tell_polled(void *ctx)
{
	vg_metrics_run(((struct vg_crawl_tell *)ctx)->metrics);
}

void vg_crawl_tell_release(struct vg_crawl_tell *t)
{
	tdestroy(t->told, free);
	vg_progress_free(t->progress);
	vg_request_log_free(t->log);
	vg_metrics_free(t->metrics);
	vg_buf_release(&t->line);
	vg_buf_release(&t->drift);
}
