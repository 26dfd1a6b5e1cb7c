/* SPDX-License-Identifier: MIT */
/* What TLS proves about the peer: its certificates as sent, also those that were refused. */
#include "config.h"

#include "fetch/transfer.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>

#define MAX_CHAIN 16 /* certificates kept */

static void keep_chain(struct vg_transfer *t, STACK_OF(X509) * chain)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem;
	long len;

	if (bio == NULL) {
		t->no_memory = true;
		return;
	}
	for (int i = 0; i < sk_X509_num(chain) && i < MAX_CHAIN; i++)
		(void)PEM_write_bio_X509(bio, sk_X509_value(chain, i));
	len = BIO_get_mem_data(bio, &pem);
	vg_buf_clear(&t->capture->tls_chain);
	if (len > 0)
		vg_buf_add(&t->capture->tls_chain, pem, (size_t)len);
	BIO_free(bio);
}

/* Stands in for OpenSSL's own verification: does the same, and takes notes. */
static int verify(X509_STORE_CTX *store, void *arg)
{
	struct vg_transfer *t = arg;
	int ok = X509_verify_cert(store);

	keep_chain(t, X509_STORE_CTX_get0_untrusted(store));
	if (ok <= 0)
		t->verify_error = X509_STORE_CTX_get_error(store);
	return ok;
}

CURLcode vg_tls_prepare(CURL *easy, void *ssl_ctx, void *transfer)
{
	(void)easy;
	/* The context outlives the transfer; a renegotiation would call back into freed memory. */
	SSL_CTX_set_options(ssl_ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_cert_verify_callback(ssl_ctx, verify, transfer);
	return CURLE_OK;
}

void vg_tls_record(struct vg_transfer *t)
{
	struct curl_tlssessioninfo *info = NULL;
	struct vg_capture *c = t->capture;
	STACK_OF(X509) * chain;
	const SSL *ssl;

	if (curl_easy_getinfo(t->easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_OPENSSL ||
	    info->internals == NULL)
		return;
	ssl = info->internals;
	(void)snprintf(
	    c->tls_version, sizeof(c->tls_version), "%s", SSL_get_version(ssl));
	(void)snprintf(
	    c->tls_cipher, sizeof(c->tls_cipher), "%s", SSL_get_cipher_name(ssl));
	c->tls_verified = SSL_get_verify_result(ssl) == X509_V_OK;
	chain = SSL_get_peer_cert_chain(ssl);
	if (c->tls_chain.len == 0 && chain != NULL)
		keep_chain(t, chain);
}

const char *vg_tls_verify_text(long verify_error)
{
	return verify_error == X509_V_OK ? NULL
					 : X509_verify_cert_error_string(verify_error);
}
