/* SPDX-License-Identifier: MIT */
/* Every outcome of a fetch, against a server that misbehaves on demand. */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

#include "base/buf.h"
#include "fetch/fetch.h"
#include "url/url.h"

#define ADDRESS "127.0.9.1"

extern char **environ;

static struct {
	pid_t pid;
	int stdin_fd;
	unsigned port;
	char map[64], allow[64];
} server;

static int start_server(void **state)
{
	char path[4096], line[16] = "";
	char *argv[] = {path, (char[]){ADDRESS}, NULL};
	const char *dir = getenv("VIGIA_BUILD_DIR");
	posix_spawn_file_actions_t actions;
	int in[2], out[2];

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(
	    path, sizeof(path), "%s/tests/support/fixture", dir != NULL ? dir : ".");
	if (pipe(in) != 0 || pipe(out) != 0)
		return -1;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	(void)posix_spawn_file_actions_addclose(&actions, in[1]);
	if (posix_spawn(&server.pid, path, &actions, NULL, argv, environ) != 0)
		return -1;
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(in[0]);
	(void)close(out[1]);
	server.stdin_fd = in[1];
	if (read(out[0], line, sizeof(line) - 1) <= 0)
		return -1;
	(void)close(out[0]);
	server.port = (unsigned)strtoul(line, NULL, 10);
	(void)snprintf(server.map, sizeof(server.map), "shop.example:80=%s:%u", ADDRESS,
	    server.port);
	(void)snprintf(
	    server.allow, sizeof(server.allow), "%s:%u", ADDRESS, server.port);
	return server.port == 0 ? -1 : 0;
}

static int stop_server(void **state)
{
	(void)state;
	(void)close(server.stdin_fd);
	return waitpid(server.pid, NULL, 0) == server.pid ? 0 : -1;
}

static void keep(void *ctx, struct vg_capture *capture)
{
	struct vg_capture **slot = ctx;

	assert_null(*slot);
	*slot = capture;
}

/* Small limits, so that every failure comes soon. */
static struct vg_fetcher *new_fetcher(struct vg_capture **slot, bool mapped)
{
	const char *maps[] = {server.map, NULL};
	struct vg_fetch_config config = {
	    .user_agent = "vigia-test/1 (+mailto:a@b.example)",
	    .connect_to = mapped ? maps : NULL,
	    .max_body = 100000,
	    .max_time = 700000,
	    .max_idle = 300000};
	struct vg_fetcher *f = NULL;

	*slot = NULL;
	assert_status(vg_fetcher_new(&config, keep, slot, &f, NULL), VG_OK);
	return f;
}

static void run_until_done(struct vg_fetcher *f)
{
	for (int i = 0; i < 1000 && vg_fetch_in_flight(f) > 0; i++)
		assert_status(vg_fetch_run(f, 100000, NULL, 0, NULL), VG_OK);
	assert_int_equal(vg_fetch_in_flight(f), 0);
}

static struct vg_capture *get(
    struct vg_fetcher *f, struct vg_capture **slot, const char *url)
{
	struct vg_fetch_request request = {.url = vg_str(url), .ctx = f};
	struct vg_capture *c;

	assert_status(vg_fetch_submit(f, &request, NULL), VG_OK);
	run_until_done(f);
	c = *slot;
	*slot = NULL;
	assert_non_null(c);
	assert_ptr_equal(c->ctx, f);
	return c;
}

static void fetch__every_behaviour__its_outcome(void **state)
{
	static const struct {
		const char *path, *outcome;
		int status;
		const char *payload; /* NULL: not looked at */
		bool truncated, mismatch;
	} rows[] = {
	    {"ok", "ok", 200, "<p>hello</p>", false, false},
	    {"chunked", "ok", 200, "hello world", false, false},
	    {"chunk-cut", "ok", 200, "hello wo", true, false},
	    {"bad-chunk", "protocol", 200, "hello", true, false},
	    {"chunk-flood", "protocol", 200, "", true, false},
	    {"reset", "reset", 200, "hello", true, true},
	    {"reset-head", "reset", 0, "", false, false},
	    {"short", "ok", 200, "hello", true, true},
	    {"long", "ok", 200, "hello", false, true},
	    {"slow-drip", "timeout", 200, NULL, true, false},
	    {"stall", "timeout", 200, "hello", true, true},
	    {"no-answer", "timeout", 0, "", false, false},
	    {"endless", "too_large", 200, NULL, true, false},
	    {"header-flood", "too_large", 200, "", false, false},
	    {"huge-header", "too_large", 200, "", false, false},
	    {"charset-lie", "ok", 200, "<p>Farmac\355a</p>", false, false},
	    {"gzip-bomb", "ok", 200, NULL, false, false},
	    {"close-early", "reset", 0, "", false, false},
	    {"head-cut", "reset", 200, "", false, false},
	    {"garbage", "protocol", 0, "", false, false},
	    {"bare", "protocol", 0, "", false, false},
	    {"interim", "ok", 200, "final", false, false},
	    {"old", "ok", 200, "until the end", false, false},
	    {"status-503", "ok", 503, "status", false, false},
	    {"status-204", "ok", 204, "", false, false},
	};
	struct vg_capture *slot;
	struct vg_fetcher *f = new_fetcher(&slot, true);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char url[128];
		struct vg_capture *c;

		(void)snprintf(
		    url, sizeof(url), "http://shop.example/%s", rows[i].path);
		c = get(f, &slot, url);
		if (strcmp(vg_fetch_outcome_name(c->outcome), rows[i].outcome) != 0)
			print_error("%s: %s (%s)\n", rows[i].path,
			    vg_fetch_outcome_name(c->outcome), c->error);
		assert_string_equal(vg_fetch_outcome_name(c->outcome), rows[i].outcome);
		assert_int_equal(c->status, rows[i].status);
		if (rows[i].payload != NULL)
			assert_str(vg_buf_str(&c->payload), rows[i].payload);
		assert_int_equal(c->truncated, rows[i].truncated);
		assert_int_equal(c->length_mismatch, rows[i].mismatch);
		assert_int_equal(c->error[0] == '\0', c->outcome == VG_FETCH_OK);
		assert_true(c->payload.len <= 100000 && c->head.len <= 256 << 10);
		assert_str(vg_buf_str(&c->url), url);
		vg_capture_free(c);
	}
	vg_fetcher_free(f);
}

static void fetch__ok__bytes_peer_and_times_are_kept(void **state)
{
	struct vg_capture *slot, *c;
	struct vg_fetcher *f = new_fetcher(&slot, true);
	int64_t before = vg_clock_now();

	(void)state;
	c = get(f, &slot, "http://shop.example/ok?q=a|b#top");
	assert_str(vg_buf_str(&c->request),
	    "GET /ok?q=a|b HTTP/1.1\r\nHost: shop.example\r\n"
	    "User-Agent: vigia-test/1 (+mailto:a@b.example)\r\n"
	    "Accept: "
	    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
	    "Accept-Encoding: identity\r\n\r\n");
	assert_str(vg_buf_str(&c->head), "HTTP/1.1 200 OK\r\nContent-Type: text/html; "
					 "charset=utf-8\r\nContent-Length: 12\r\n\r\n");
	assert_str(vg_capture_header(c, "content-type", 0), "text/html; charset=utf-8");
	assert_null(vg_capture_header(c, "content-type", 1).ptr);
	assert_str(vg_buf_str(&c->url), "http://shop.example/ok?q=a|b");
	assert_string_equal(c->peer, ADDRESS);
	assert_int_equal(c->peer_port, server.port);
	assert_true(
	    c->local[0] != '\0' && c->local_port != 0 && c->permitted && !c->reused);
	assert_string_equal(c->http_version, "1.1");
	assert_true(c->started >= before && c->started <= vg_clock_now());
	assert_true(c->total > 0 && c->first_byte > 0 && c->first_byte <= c->total);
	assert_true(c->tls == 0 && c->tls_version[0] == '\0');
	vg_capture_free(c);
	c = get(f, &slot, "http://shop.example/ok");
	assert_true(c->reused && c->peer[0] != '\0' && c->permitted);
	assert_true(c->request.len > 0);
	vg_capture_free(c);
	c = get(f, &slot, "http://shop.example/interim");
	assert_str(vg_buf_str(&c->head),
	    "HTTP/1.1 200 OK\r\nX-Final: yes\r\nContent-Length: 5\r\n\r\n");
	vg_capture_free(c);
	vg_fetcher_free(f);
}

static void fetch__environment_proxy__ignored(void **state)
{
	struct vg_capture *slot, *c;
	struct vg_fetcher *f;

	(void)state;
	assert_int_equal(setenv("http_proxy", "http://127.0.9.9:9", 1), 0);
	assert_int_equal(setenv("ALL_PROXY", "http://127.0.9.9:9", 1), 0);
	f = new_fetcher(&slot, true);
	c = get(f, &slot, "http://shop.example/ok");
	assert_int_equal(c->outcome, VG_FETCH_OK);
	vg_capture_free(c);
	vg_fetcher_free(f);
	assert_int_equal(unsetenv("http_proxy") + unsetenv("ALL_PROXY"), 0);
}

static void fetch__redirect__is_a_capture(void **state)
{
	static const char *const rows[][2] = {
	    {"http://shop.example/redirect-loop",
		"http://shop.example/redirect-loop?again"},
	    {"http://shop.example/redirect-private",
		"http://169.254.169.254/latest/meta-data/"},
	    {"http://shop.example/redirect-bytes", "http://shop.example/caf%E9%20bar"},
	    {"http://shop.example/ok", ""},
	};
	struct vg_capture *slot, *c;
	struct vg_fetcher *f = new_fetcher(&slot, true);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c = get(f, &slot, rows[i][0]);
		assert_int_equal(c->outcome, VG_FETCH_OK);
		assert_str(vg_buf_str(&c->location), rows[i][1]);
		vg_capture_free(c);
	}
	c = get(f, &slot, "http://169.254.169.254/latest/meta-data/");
	assert_int_equal(c->outcome, VG_FETCH_REFUSED);
	vg_capture_free(c);
	vg_fetcher_free(f);
}

/* None of these may reach the server that listens on the address they mean. */
static void guard__bypass_attempts__nothing_is_sent(void **state)
{
	static const char *const hosts[] = {"127.0.9.1", "2130708737", "0x7f000901",
	    "017700004401", "0177.0.011.1", "0x7f.0.9.1", "127.2305", "127.0.2305",
	    "0x7f.2305", "127.0.9.1.", "%31%32%37.0.9.1", "①②⑦.0.9.1", "127。0。9。1",
	    "[::ffff:127.0.9.1]", "[::ffff:7f00:901]", "[0:0:0:0:0:FFFF:7F00:0901]",
	    "[::127.0.9.1]", "[64:ff9b::7f00:901]", "[64:ff9b:1::7f00:901]",
	    "[2002:7f00:901::]", "[::1]", "[::]", "0", "0.0.0.0", "localhost",
	    "LOCALHOST", "foo.localhost", "10.0.0.1", "172.16.0.1", "192.168.0.1",
	    "100.64.0.1", "168.63.129.16", "169.254.169.254", "0xa9fea9fe", "[fe80::1]",
	    "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "224.0.0.1", "255.255.255.255",
	    "192.0.0.192"};
	struct vg_capture *slot, *c;
	struct vg_fetcher *f = new_fetcher(&slot, false);

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		char url[256];

		(void)snprintf(
		    url, sizeof(url), "http://%s:%u/ok", hosts[i], server.port);
		c = get(f, &slot, url);
		if (c->outcome != VG_FETCH_REFUSED)
			print_error("%s: %s %s\n", url,
			    vg_fetch_outcome_name(c->outcome), c->error);
		assert_int_equal(c->outcome, VG_FETCH_REFUSED);
		assert_int_equal(c->request.len + c->head.len + c->payload.len, 0);
		assert_true(c->peer[0] == '\0' && c->error[0] != '\0');
		vg_capture_free(c);
	}
	vg_fetcher_free(f);
}

static void guard__permission__exactly_that_address_and_port(void **state)
{
	char other[64];
	const char *allow[] = {server.allow, NULL};
	struct vg_fetch_config config = {.user_agent = "t", .allow_address = allow};
	struct vg_capture *slot = NULL, *c;
	struct vg_fetcher *f = NULL;
	struct vg_url u = VG_URL_INIT;
	char url[128];

	(void)state;
	assert_status(vg_fetcher_new(&config, keep, &slot, &f, NULL), VG_OK);
	(void)snprintf(url, sizeof(url), "http://%s:%u/ok", ADDRESS, server.port);
	assert_status(vg_url_parse(vg_str(url), NULL, &u, NULL), VG_OK);
	assert_true(vg_fetch_permits(f, &u));
	c = get(f, &slot, url);
	assert_int_equal(c->outcome, VG_FETCH_OK);
	vg_capture_free(c);
	(void)snprintf(other, sizeof(other), "http://127.0.9.2:%u/ok", server.port);
	assert_status(vg_url_parse(vg_str(other), NULL, &u, NULL), VG_OK);
	assert_false(vg_fetch_permits(f, &u));
	c = get(f, &slot, other);
	assert_int_equal(c->outcome, VG_FETCH_REFUSED);
	vg_capture_free(c);
	(void)snprintf(
	    other, sizeof(other), "http://%s:%u/ok", ADDRESS, server.port ^ 1u);
	c = get(f, &slot, other);
	assert_int_equal(c->outcome, VG_FETCH_REFUSED);
	vg_capture_free(c);
	vg_url_release(&u);
	vg_fetcher_free(f);
}

static void submit__bad_requests__refused(void **state)
{
	struct vg_capture *slot;
	struct vg_fetcher *f = new_fetcher(&slot, true);
	char longer[2100] = "http://shop.example/";
	struct vg_fetch_request r = {.url = VG_STR("ftp://shop.example/")};

	(void)state;
	assert_status(vg_fetch_submit(f, &r, NULL), VG_E_INVALID);
	r.url = VG_STR("file:///etc/passwd");
	assert_status(vg_fetch_submit(f, &r, NULL), VG_E_INVALID);
	r.url = VG_STR("http://me:pw@shop.example/");
	assert_status(vg_fetch_submit(f, &r, NULL), VG_E_DENIED);
	memset(longer + 20, 'a', sizeof(longer) - 21);
	r.url = vg_str(longer);
	assert_status(vg_fetch_submit(f, &r, NULL), VG_E_TOO_LARGE);
	r.url = VG_STR("http://shop.example/ok");
	r.etag = VG_STR("\"a\"\r\nX-Injected: 1");
	assert_status(vg_fetch_submit(f, &r, NULL), VG_E_INVALID);
	assert_int_equal(vg_fetch_in_flight(f), 0);
	vg_fetcher_free(f);
}

static void submit__validators__give_304(void **state)
{
	struct vg_capture *slot;
	struct vg_fetcher *f = new_fetcher(&slot, true);
	struct vg_fetch_request r = {.url = VG_STR("http://shop.example/not-modified"),
	    .etag = VG_STR("\"v1\""),
	    .last_modified = VG_STR("Tue, 24 Nov 2026 18:00:00 GMT")};

	(void)state;
	assert_status(vg_fetch_submit(f, &r, NULL), VG_OK);
	run_until_done(f);
	assert_int_equal(slot->status, 304);
	assert_true(
	    slot->outcome == VG_FETCH_OK && !slot->truncated && !slot->length_mismatch);
	assert_true(vg_str_find(vg_buf_str(&slot->request),
			VG_STR("If-Modified-Since: Tue, 24 Nov 2026 18:00:00 GMT\r\n"),
			0) != SIZE_MAX);
	vg_capture_free(slot);
	vg_fetcher_free(f);
}

static void fetch__name_and_port_without_server__dns_and_connect(void **state)
{
	char map[64];
	const char *maps[] = {map, NULL};
	struct vg_fetch_config config = {.user_agent = "t", .connect_to = maps};
	struct vg_capture *slot = NULL, *c;
	struct vg_fetcher *f = NULL;

	(void)state;
	(void)snprintf(map, sizeof(map), "shop.example:80=127.0.9.3:%u", server.port);
	assert_status(vg_fetcher_new(&config, keep, &slot, &f, NULL), VG_OK);
	c = get(f, &slot, "http://shop.example/");
	assert_int_equal(c->outcome, VG_FETCH_CONNECT);
	vg_capture_free(c);
	/* A label of 64 bytes: no resolver is asked. */
	c = get(f, &slot,
	    "http://"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	    "example/");
	assert_int_equal(c->outcome, VG_FETCH_DNS);
	vg_capture_free(c);
	vg_fetcher_free(f);
}

static void abort__in_flight__reported(void **state)
{
	struct vg_capture *slot;
	struct vg_fetcher *f = new_fetcher(&slot, true);
	struct vg_fetch_request r = {.url = VG_STR("http://shop.example/no-answer")};

	(void)state;
	assert_status(vg_fetch_submit(f, &r, NULL), VG_OK);
	assert_status(vg_fetch_run(f, 20000, NULL, 0, NULL), VG_OK);
	vg_fetch_abort(f);
	assert_non_null(slot);
	assert_int_equal(slot->outcome, VG_FETCH_ABORTED);
	vg_capture_free(slot);
	slot = NULL;
	assert_status(
	    vg_fetch_submit(f, &r, NULL), VG_OK); /* freed in flight: no callback */
	vg_fetcher_free(f);
	assert_null(slot);
}

static void run__callers_descriptor__wakes(void **state)
{
	struct vg_capture *slot;
	struct vg_fetcher *f = new_fetcher(&slot, true);
	struct pollfd fd = {.events = POLLIN};
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	fd.fd = ends[0];
	assert_status(vg_fetch_run(f, 0, &fd, 1, NULL), VG_OK);
	assert_int_equal(fd.revents, 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_status(vg_fetch_run(f, VG_SECOND * 60, &fd, 1, NULL), VG_OK);
	assert_int_equal(fd.revents, POLLIN);
	(void)close(ends[0]);
	(void)close(ends[1]);
	vg_fetcher_free(f);
}

static void fetcher_new__bad_configuration__named(void **state)
{
	static const char *const bad_maps[] = {"shop.example=127.0.0.1:80",
	    "shop.example:80", "shop.example:80=host.example:80",
	    "shop.example:80=127.0.0.1", "a:0=127.0.0.1:1", "a:80=127.0.0.1:65536"};
	static const char *const bad_addresses[] = {
	    "shop.example", "127.0.0.1:http", "::1:80:", ""};
	struct vg_fetcher *f = NULL;
	struct vg_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_maps) / sizeof(bad_maps[0]); i++) {
		const char *list[] = {bad_maps[i], NULL};
		struct vg_fetch_config config = {.user_agent = "t", .connect_to = list};

		assert_status(
		    vg_fetcher_new(&config, keep, NULL, &f, &err), VG_E_INVALID);
		assert_non_null(strstr(err.msg, bad_maps[i]));
	}
	for (size_t i = 0; i < sizeof(bad_addresses) / sizeof(bad_addresses[0]); i++) {
		const char *list[] = {bad_addresses[i], NULL};
		struct vg_fetch_config config = {
		    .user_agent = "t", .allow_address = list};

		assert_status(
		    vg_fetcher_new(&config, keep, NULL, &f, &err), VG_E_INVALID);
	}
	assert_status(vg_fetcher_new(&(struct vg_fetch_config){.user_agent = ""}, keep,
			  NULL, &f, &err),
	    VG_E_INVALID);
	assert_status(vg_fetcher_new(&(struct vg_fetch_config){.user_agent = "a\r\nb"},
			  keep, NULL, &f, &err),
	    VG_E_INVALID);
	assert_null(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fetch__every_behaviour__its_outcome),
	    cmocka_unit_test(fetch__ok__bytes_peer_and_times_are_kept),
	    cmocka_unit_test(fetch__environment_proxy__ignored),
	    cmocka_unit_test(fetch__redirect__is_a_capture),
	    cmocka_unit_test(guard__bypass_attempts__nothing_is_sent),
	    cmocka_unit_test(guard__permission__exactly_that_address_and_port),
	    cmocka_unit_test(submit__bad_requests__refused),
	    cmocka_unit_test(submit__validators__give_304),
	    cmocka_unit_test(fetch__name_and_port_without_server__dns_and_connect),
	    cmocka_unit_test(abort__in_flight__reported),
	    cmocka_unit_test(run__callers_descriptor__wakes),
	    cmocka_unit_test(fetcher_new__bad_configuration__named),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
