/* SPDX-License-Identifier: MIT */
/* What a fetch over TLS proves, and that nothing is asked of a peer that proves nothing. */
#include "config.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

#include "base/buf.h"
#include "base/io.h"
#include "fetch/fetch.h"

#define ADDRESS "127.0.9.2"
#define SERVERS 5

extern char **environ;

static struct {
	pid_t pid;
	int stdin_fd;
	char dir[64];
	char maps[SERVERS][96];
	const char *connect_to[SERVERS + 1];
} server;

static void read_ports(FILE *out)
{
	char line[64];

	for (size_t i = 0; i < SERVERS; i++) {
		char *port;

		if (fgets(line, sizeof(line), out) == NULL)
			return;
		line[strcspn(line, "\n")] = '\0';
		port = strchr(line, '=');
		if (port == NULL)
			return;
		*port++ = '\0';
		(void)snprintf(server.maps[i], sizeof(server.maps[i]),
		    "%.20s.example:443=%s:%.5s", line, ADDRESS, port);
		server.connect_to[i] = server.maps[i];
	}
}

static int start_server(void **state)
{
	char path[4096];
	char *argv[] = {path, (char[]){ADDRESS}, server.dir, NULL};
	const char *build = getenv("VIGIA_BUILD_DIR");
	posix_spawn_file_actions_t actions;
	int in[2], out[2];
	FILE *lines;

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(server.dir, sizeof(server.dir), "/tmp/vigia-tls-XXXXXX");
	(void)snprintf(path, sizeof(path), "%s/tests/support/tls_server",
	    build != NULL ? build : ".");
	if (mkdtemp(server.dir) == NULL || pipe(in) != 0 || pipe(out) != 0)
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
	lines = fdopen(out[0], "r");
	if (lines == NULL)
		return -1;
	read_ports(lines);
	(void)fclose(lines);
	return server.connect_to[SERVERS - 1] != NULL ? 0 : -1;
}

static int stop_server(void **state)
{
	static const char *const names[] = {
	    "ca", "good", "other", "self", "wrong", "expired"};
	char path[256];

	(void)state;
	(void)close(server.stdin_fd);
	(void)waitpid(server.pid, NULL, 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s.pem", server.dir, names[i]);
		(void)unlink(path);
		(void)snprintf(path, sizeof(path), "%s/%s.seen", server.dir, names[i]);
		(void)unlink(path);
	}
	return rmdir(server.dir);
}

static void keep(void *ctx, struct vg_capture *capture)
{
	struct vg_capture **slot = ctx;

	assert_null(*slot);
	*slot = capture;
}

static struct vg_fetcher *new_fetcher(struct vg_capture **slot, const char *ca_file)
{
	struct vg_fetch_config config = {
	    .user_agent = "vigia-test/1 (+mailto:a@b.example)",
	    .connect_to = server.connect_to,
	    .ca_file = ca_file};
	struct vg_fetcher *f = NULL;

	*slot = NULL;
	assert_status(vg_fetcher_new(&config, keep, slot, &f, NULL), VG_OK);
	return f;
}

static struct vg_capture *get(
    struct vg_fetcher *f, struct vg_capture **slot, const char *name)
{
	struct vg_fetch_request request = {0};
	struct vg_capture *c;
	char url[64];

	(void)snprintf(url, sizeof(url), "https://%s.example/", name);
	request.url = vg_str(url);
	assert_status(vg_fetch_submit(f, &request, NULL), VG_OK);
	for (int i = 0; i < 1000 && vg_fetch_in_flight(f) > 0; i++)
		assert_status(vg_fetch_run(f, 100000, NULL, 0, NULL), VG_OK);
	c = *slot;
	*slot = NULL;
	assert_non_null(c);
	return c;
}

static const char *file(const char *name, const char *end)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s%s", server.dir, name, end);
	return path;
}

static void assert_chain(const struct vg_capture *c, const char *name)
{
	struct vg_buf served = VG_BUF_INIT(1 << 20);

	assert_status(vg_read_file(file(name, ".pem"), &served, NULL), VG_OK);
	assert_true(served.len > 0);
	assert_int_equal(c->tls_chain.len, served.len);
	assert_memory_equal(c->tls_chain.ptr, served.ptr, served.len);
	vg_buf_release(&served);
}

static void fetch__trusted_authority__chain_version_and_cipher(void **state)
{
	struct vg_capture *slot;
	char ca[256];
	struct vg_fetcher *f;

	(void)state;
	(void)snprintf(ca, sizeof(ca), "%s", file("ca", ".pem"));
	f = new_fetcher(&slot, ca);
	/* Twice: the second comes over the same connection and proves the same. */
	for (int i = 0; i < 2; i++) {
		struct vg_capture *c = get(f, &slot, "good");

		assert_string_equal(vg_fetch_outcome_name(c->outcome), "ok");
		assert_int_equal(c->status, 200);
		assert_true(c->tls_verified);
		assert_int_equal(c->reused, i == 1);
		assert_string_equal(c->tls_version, "TLSv1.3");
		assert_int_equal(strncmp(c->tls_cipher, "TLS_", 4), 0);
		assert_chain(c, "good");
		vg_capture_free(c);
	}
	vg_fetcher_free(f);
}

static void fetch__two_servers__each_its_own_chain(void **state)
{
	static const char *const names[] = {"good", "other", "good", "other"};
	struct vg_capture *slot;
	char ca[256];
	struct vg_fetcher *f;

	(void)state;
	(void)snprintf(ca, sizeof(ca), "%s", file("ca", ".pem"));
	f = new_fetcher(&slot, ca);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct vg_capture *c = get(f, &slot, names[i]);

		assert_string_equal(vg_fetch_outcome_name(c->outcome), "ok");
		assert_string_equal(c->tls_version, i % 2 == 0 ? "TLSv1.3" : "TLSv1.2");
		assert_chain(c, names[i]);
		vg_capture_free(c);
	}
	vg_fetcher_free(f);
}

static void assert_refused(struct vg_fetcher *f, struct vg_capture **slot,
    const char *name, const char *reason)
{
	struct vg_capture *c = get(f, slot, name);

	assert_string_equal(vg_fetch_outcome_name(c->outcome), "tls");
	if (strstr(c->error, reason) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", name, c->error, reason);
	assert_int_equal(c->status, 0);
	assert_false(c->tls_verified);
	assert_int_equal(c->request.len, 0);
	assert_int_equal(access(file(name, ".seen"), F_OK), -1);
	assert_chain(c, name);
	vg_capture_free(c);
}

static void fetch__bad_certificate__refused_before_a_byte_and_kept(void **state)
{
	static const struct {
		const char *name, *reason;
	} rows[] = {
	    {"self", "self-signed"},
	    {"wrong", "host name"},
	    {"expired", "expired"},
	};
	struct vg_capture *slot;
	char ca[256];
	struct vg_fetcher *f;

	(void)state;
	(void)snprintf(ca, sizeof(ca), "%s", file("ca", ".pem"));
	f = new_fetcher(&slot, ca);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refused(f, &slot, rows[i].name, rows[i].reason);
	vg_fetcher_free(f);
}

static void fetch__unknown_authority__refused(void **state)
{
	struct vg_capture *slot;
	struct vg_fetcher *f;
	struct vg_capture *c;

	(void)state;
	f = new_fetcher(&slot, NULL);
	c = get(f, &slot, "other");
	assert_string_equal(vg_fetch_outcome_name(c->outcome), "tls");
	assert_int_equal(c->request.len, 0);
	assert_chain(c, "other");
	vg_capture_free(c);
	vg_fetcher_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fetch__bad_certificate__refused_before_a_byte_and_kept),
	    cmocka_unit_test(fetch__trusted_authority__chain_version_and_cipher),
	    cmocka_unit_test(fetch__two_servers__each_its_own_chain),
	    cmocka_unit_test(fetch__unknown_authority__refused),
	};

	return cmocka_run_group_tests_name(
	    "fetch_tls", tests, start_server, stop_server);
}
