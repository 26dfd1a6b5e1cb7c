/* SPDX-License-Identifier: MIT */
/*
 * HTTPS servers with good and bad certificates, made when it starts. Usage: tls_server ADDRESS DIR.
 * Writes DIR/ca.pem and, for each server, DIR/NAME.pem, the chain it serves; prints five "NAME=PORT"
 * lines. Request bytes that reach NAME are appended to DIR/NAME.seen. Ends when standard input closes.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define LIFE 120 /* seconds, whatever happens */
#define DAY (24L * 3600)

static const struct {
	const char *name, *host; /* of the certificate */
	bool self_signed, expired, intermediate;
	int version;
} servers[] = {
    {"good", "good.example", false, false, true, TLS1_3_VERSION},
    {"other", "other.example", false, false, false, TLS1_2_VERSION},
    {"self", "self.example", true, false, false, TLS1_3_VERSION},
    {"wrong", "elsewhere.example", false, false, false, TLS1_3_VERSION},
    {"expired", "expired.example", false, true, false, TLS1_3_VERSION},
};
#define SERVERS (sizeof(servers) / sizeof(servers[0]))

static const char *dir;

static void die(const char *what)
{
	(void)fprintf(stderr, "tls_server: %s\n", what);
	exit(1);
}

static FILE *open_file(const char *name, const char *end, const char *mode)
{
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s%s", dir, name, end);
	f = fopen(path, mode);
	if (f == NULL)
		die(path);
	return f;
}

static void extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	if (e == NULL || X509_add_ext(cert, e, -1) != 1)
		die("extension");
	X509_EXTENSION_free(e);
}

/* Signed by `issuer`, or by itself when that is NULL; all have the same key. */
static X509 *certify(
    EVP_PKEY *key, X509 *issuer, const char *name, bool authority, bool expired)
{
	static long serial;
	X509 *cert = X509_new();
	X509_NAME *subject = X509_get_subject_name(cert);
	char san[128];

	(void)X509_set_version(cert, X509_VERSION_3);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
	(void)X509_gmtime_adj(X509_getm_notBefore(cert), -2 * DAY);
	(void)X509_gmtime_adj(X509_getm_notAfter(cert), expired ? -DAY : DAY);
	(void)X509_NAME_add_entry_by_txt(
	    subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	(void)X509_set_issuer_name(
	    cert, issuer != NULL ? X509_get_subject_name(issuer) : subject);
	(void)X509_set_pubkey(cert, key);
	if (authority) {
		extend(cert, NID_basic_constraints, "critical,CA:TRUE");
	} else {
		(void)snprintf(san, sizeof(san), "DNS:%s", name);
		extend(cert, NID_subject_alt_name, san);
	}
	if (X509_sign(cert, key, EVP_sha256()) == 0)
		die("signature");
	return cert;
}

static SSL_CTX *prepare(size_t i, EVP_PKEY *key, X509 *ca, X509 *intermediate)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	X509 *issuer = servers[i].self_signed    ? NULL
		       : servers[i].intermediate ? intermediate
						 : ca;
	X509 *cert = certify(key, issuer, servers[i].host, false, servers[i].expired);
	FILE *pem = open_file(servers[i].name, ".pem", "w");

	(void)PEM_write_X509(pem, cert);
	if (servers[i].intermediate)
		(void)PEM_write_X509(pem, intermediate);
	(void)fclose(pem);
	if (ctx == NULL || SSL_CTX_use_certificate(ctx, cert) != 1 ||
	    (servers[i].intermediate &&
		SSL_CTX_add1_chain_cert(ctx, intermediate) != 1) ||
	    SSL_CTX_use_PrivateKey(ctx, key) != 1 ||
	    SSL_CTX_set_max_proto_version(ctx, servers[i].version) != 1)
		die("context");
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	X509_free(cert);
	return ctx;
}

static int listen_on(const char *address, unsigned *ret_port)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &in.sin_addr) != 1 ||
	    (ntohl(in.sin_addr.s_addr) >> 24) != 127 ||
	    bind(fd, (struct sockaddr *)&in, sizeof(in)) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) != 0)
		die("cannot listen");
	*ret_port = ntohs(in.sin_port);
	return fd;
}

/* Answers requests until the peer closes; each head fits one read, they are ours. */
static void serve(size_t i, SSL_CTX *ctx, int fd)
{
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
				   "Content-Length: 12\r\n\r\n<p>hello</p>";
	static const char none[] =
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	SSL *ssl = SSL_new(ctx);
	char request[16384];
	int n;

	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1 || SSL_accept(ssl) != 1)
		return;
	while ((n = SSL_read(ssl, request, sizeof(request) - 1)) > 0) {
		FILE *seen = open_file(servers[i].name, ".seen", "a");

		(void)fwrite(request, 1, (size_t)n, seen);
		(void)fclose(seen);
		request[n] = '\0';
		if (strncmp(request, "GET /robots.txt ", 16) == 0)
			(void)SSL_write(ssl, none, sizeof(none) - 1);
		else
			(void)SSL_write(ssl, page, sizeof(page) - 1);
	}
	SSL_free(ssl);
}

static void start_child(size_t i, SSL_CTX *ctx, int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		return;
	if (fork() == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)alarm(LIFE);
		serve(i, ctx, fd);
		_exit(0);
	}
	(void)close(fd);
}

int main(int argc, char **argv)
{
	struct pollfd fds[SERVERS + 1] = {{.fd = STDIN_FILENO, .events = POLLIN}};
	SSL_CTX *contexts[SERVERS];
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *ca, *intermediate;
	FILE *pem;

	if (argc != 3 || key == NULL)
		die("usage: tls_server 127.x.y.z DIR");
	dir = argv[2];
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN);
	(void)alarm(LIFE);
	ca = certify(key, NULL, "vigia test authority", true, false);
	intermediate = certify(key, ca, "vigia test intermediate", true, false);
	pem = open_file("ca", ".pem", "w");
	(void)PEM_write_X509(pem, ca);
	(void)fclose(pem);
	for (size_t i = 0; i < SERVERS; i++) {
		unsigned port;

		contexts[i] = prepare(i, key, ca, intermediate);
		fds[i + 1] = (struct pollfd){listen_on(argv[1], &port), POLLIN, 0};
		(void)printf("%s=%u\n", servers[i].name, port);
	}
	(void)fflush(stdout);
	for (;;) {
		char ignored[64];

		if (poll(fds, SERVERS + 1, -1) < 0 && errno != EINTR)
			return 1;
		if (fds[0].revents != 0 &&
		    read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0)
			return 0;
		for (size_t i = 0; i < SERVERS; i++) {
			if (fds[i + 1].revents != 0)
				start_child(i, contexts[i], fds[i + 1].fd);
		}
	}
}
