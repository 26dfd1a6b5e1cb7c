/* SPDX-License-Identifier: MIT */
/* Blobs: deduplicated, compressed against a base, verified. */
#include "config.h"

#include "store/blob.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "store/codec.h"
#include "store/store_priv.h"

#define HOSTS 256               /* hosts whose bases are kept in memory */
#define CACHE_BYTES (16u << 20) /* of all those bases */
#define BASE_MAX (1u << 20)     /* longer blobs become nobody's base */
#define SMALL 64                /* shorter blobs are not worth compressing */
#define PATIENCE 64             /* pages between two tries of a new base, at most */
#define ROLES VG_BLOB_OTHER

struct base {
	int64_t id; /* blob row; 0: none */
	int64_t depth;
	unsigned wait,
	    patience; /* poor pages still to pass over; how many the next time */
	char *bytes;  /* NULL: not in memory */
	size_t len;
};

struct host_bases {
	int64_t host; /* 0: free */
	uint64_t used;
	struct base role[ROLES];
};

struct vg_blobs {
	struct host_bases hosts[HOSTS];
	struct base last; /* the base that reading needed last */
	size_t bytes;     /* held by hosts[] */
	uint64_t tick;
};

struct vg_blobs *vg_blobs_new(void)
{
	return calloc(1, sizeof(struct vg_blobs));
}

static void base_clear(struct base *base)
{
	free(base->bytes);
	*base = (struct base){0};
}

static void host_drop_bytes(struct vg_blobs *b, struct host_bases *h)
{
	for (size_t i = 0; i < ROLES; i++) {
		if (h->role[i].bytes)
			b->bytes -= h->role[i].len;
		free(h->role[i].bytes);
		h->role[i].bytes = NULL;
	}
}

void vg_blobs_forget(struct vg_blobs *b)
{
	for (size_t i = 0; i < HOSTS; i++) {
		host_drop_bytes(b, &b->hosts[i]);
		b->hosts[i] = (struct host_bases){0};
	}
	base_clear(&b->last);
}

void vg_blobs_free(struct vg_blobs *b)
{
	if (!b)
		return;
	vg_blobs_forget(b);
	free(b);
}

static const struct base *cached(const struct vg_blobs *b, int64_t id)
{
	if (b->last.id == id && b->last.bytes)
		return &b->last;
	for (size_t i = 0; i < HOSTS; i++)
		for (size_t j = 0; b->hosts[i].host && j < ROLES; j++)
			if (b->hosts[i].role[j].id == id && b->hosts[i].role[j].bytes)
				return &b->hosts[i].role[j];
	return NULL;
}

/* One row of blob and blob_data. */
struct row {
	struct vg_digest digest;
	int64_t encoding, base, depth;
	size_t length;
	struct vg_buf bytes;
};

static enum vg_status read_row(
    struct vg_store *s, int64_t id, struct row *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_BLOB_READ, &q, err);
	int64_t length = 0;

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, id);
	st = vg_stmt_step(q, err);
	if (st == VG_E_NOT_FOUND || (st == VG_OK && vg_column_is_null(q, 2)))
		st = vg_fail(err, VG_E_CORRUPT, "its bytes are missing");
	if (st == VG_OK)
		st = vg_column_digest(q, 0, &ret->digest, err);
	if (st == VG_OK) {
		length = vg_column_int(q, 1);
		ret->encoding = vg_column_int(q, 2);
		ret->base = vg_column_int(q, 3);
		ret->depth = vg_column_int(q, 5);
		vg_buf_adds(&ret->bytes, vg_column_str(q, 4));
		st = vg_buf_status(&ret->bytes, err);
	}
	if (st == VG_OK && (length < 0 || length > (int64_t)VG_BLOB_MAX))
		st = vg_fail(
		    err, VG_E_CORRUPT, "impossible length %lld", (long long)length);
	ret->length = (size_t)length;
	vg_stmt_end(q);
	return st;
}

static enum vg_status get_unchecked(struct vg_store *s, int64_t id, int depth,
    struct row *row, struct vg_buf *ret, struct vg_error *err);

/* The bytes of a base: from memory, or read and then kept for the next. */
static enum vg_status borrow_base(
    struct vg_store *s, int64_t id, int depth, struct vg_str *ret, struct vg_error *err)
{
	struct vg_blobs *b = s->blobs;
	const struct base *hit = cached(b, id);
	struct row row = {.bytes = VG_BUF_INIT(VG_BLOB_MAX)};
	struct vg_buf bytes = VG_BUF_INIT(VG_BLOB_MAX);
	enum vg_status st = VG_OK;

	if (!hit) {
		st = depth >= VG_BLOB_DEPTH
			 ? vg_fail(err, VG_E_CORRUPT, "more than %d bases in a row",
			       VG_BLOB_DEPTH)
			 : get_unchecked(s, id, depth + 1, &row, &bytes, err);
		if (st == VG_OK) {
			base_clear(&b->last);
			b->last.id = id;
			b->last.depth = row.depth;
			b->last.bytes = vg_buf_take(&bytes, &b->last.len);
			hit = &b->last;
		}
	}
	if (st == VG_OK)
		*ret = (struct vg_str){hit->bytes, hit->len};
	vg_buf_release(&row.bytes);
	vg_buf_release(&bytes);
	return st;
}

static enum vg_status get_unchecked(struct vg_store *s, int64_t id, int depth,
    struct row *row, struct vg_buf *ret, struct vg_error *err)
{
	struct vg_str prefix = {NULL, 0};
	enum vg_status st = read_row(s, id, row, err);

	if (st == VG_OK && row->encoding == VG_ENCODING_ZSTD_PREFIX)
		st = borrow_base(s, row->base, depth, &prefix, err);
	if (st == VG_OK)
		st = vg_codec_unpack(s->codec, vg_buf_str(&row->bytes), row->encoding,
		    prefix, row->length, ret, err);
	return st;
}

enum vg_status vg_blob_get(
    struct vg_store *s, int64_t id, struct vg_buf *ret, struct vg_error *err)
{
	struct row row = {.bytes = VG_BUF_INIT(VG_BLOB_MAX)};
	struct vg_digest found;
	size_t before = ret->len;
	enum vg_status st = get_unchecked(s, id, 0, &row, ret, err);

	if (st == VG_OK)
		st = vg_sha256(
		    vg_str_sub(vg_buf_str(ret), before, ret->len), &found, err);
	if (st == VG_OK && !vg_digest_eq(&found, &row.digest))
		st = vg_fail(err, VG_E_CORRUPT, "its bytes do not match its digest");
	if (st != VG_OK)
		vg_buf_truncate(ret, before);
	if (st == VG_E_CORRUPT) {
		char hex[VG_SHA256_HEX];

		vg_hex(row.digest.bytes, sizeof(row.digest.bytes), hex);
		vg_error_prefix(
		    err, "%s: blob %lld (sha256 %s)", s->path, (long long)id, hex);
	}
	vg_buf_release(&row.bytes);
	return st;
}

static enum vg_status find(struct vg_store *s, const struct vg_digest *digest,
    int64_t *ret_id, bool *ret_has_bytes, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_BLOB_FIND, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, digest);
	st = vg_stmt_step(q, err);
	if (st == VG_OK) {
		*ret_id = vg_column_int(q, 0);
		*ret_has_bytes = !vg_column_is_null(q, 1);
	}
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_read_blob(struct vg_store *s, const struct vg_digest *digest,
    struct vg_buf *ret, struct vg_error *err)
{
	int64_t id = 0;
	bool has_bytes = false;
	enum vg_status st = find(s, digest, &id, &has_bytes, err);

	if (st == VG_E_NOT_FOUND)
		return vg_fail(err, st, "%s: no body with this digest", s->path);
	return st == VG_OK ? vg_blob_get(s, id, ret, err) : st;
}

/* The bases of a host, from memory or from its row. */
static enum vg_status load_host(
    struct vg_store *s, int64_t host, struct host_bases **ret, struct vg_error *err)
{
	struct vg_blobs *b = s->blobs;
	struct host_bases *slot = &b->hosts[0];
	struct vg_stmt *q = NULL;
	enum vg_status st;

	for (size_t i = 0; i < HOSTS; i++) {
		if (b->hosts[i].host == host) {
			b->hosts[i].used = ++b->tick;
			*ret = &b->hosts[i];
			return VG_OK;
		}
		if (b->hosts[i].used < slot->used)
			slot = &b->hosts[i];
	}
	host_drop_bytes(b, slot);
	*slot = (struct host_bases){.host = host, .used = ++b->tick};
	st = vg_db_prepare(s->db, VG_SQL_HOST_BASES, &q, err);
	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, host);
	st = vg_stmt_step(q, err);
	for (int i = 0; st == VG_OK && i < ROLES; i++)
		slot->role[i].id = vg_column_int(q, i);
	vg_stmt_end(q);
	*ret = slot;
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

static enum vg_status save_host(
    struct vg_store *s, const struct host_bases *h, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_HOST_SET_BASES, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, h->host);
	for (int i = 0; i < ROLES; i++)
		vg_bind_ref(q, i + 2, h->role[i].id);
	return vg_stmt_run(q, NULL, err);
}

/* Makes room for `len` more bytes, oldest hosts first, never at the cost of `keep`. */
static void shrink(struct vg_blobs *b, size_t len, const struct host_bases *keep)
{
	while (b->bytes + len > CACHE_BYTES) {
		struct host_bases *oldest = NULL;

		for (size_t i = 0; i < HOSTS; i++)
			if (&b->hosts[i] != keep && b->hosts[i].host &&
			    (b->hosts[i].role[0].bytes || b->hosts[i].role[1].bytes ||
				b->hosts[i].role[2].bytes) &&
			    (!oldest || b->hosts[i].used < oldest->used))
				oldest = &b->hosts[i];
		if (!oldest)
			return;
		host_drop_bytes(b, oldest);
	}
}

/* Keeps a copy of the base in memory; without memory it is read again when needed. */
static void keep_bytes(
    struct vg_blobs *b, struct host_bases *h, struct base *base, struct vg_str bytes)
{
	if (base->bytes)
		b->bytes -= base->len;
	free(base->bytes);
	base->bytes = NULL;
	shrink(b, bytes.len, h);
	base->bytes = malloc(bytes.len ? bytes.len : 1);
	base->len = bytes.len;
	if (!base->bytes)
		return;
	if (bytes.len)
		memcpy(base->bytes, bytes.ptr, bytes.len);
	b->bytes += bytes.len;
}

/* What a blob is compressed against. */
struct choice {
	struct host_bases *host; /* NULL: none */
	struct base *base;       /* the host's for this role */
	int64_t id, depth;       /* of the prefix; id 0: none */
	struct vg_str prefix;
	struct vg_buf own; /* when the prefix is an earlier visit */
};

static enum vg_status use_previous(
    struct vg_store *s, int64_t previous, struct choice *c, struct vg_error *err)
{
	struct row row = {.bytes = VG_BUF_INIT(VG_BLOB_MAX)};
	enum vg_status st = get_unchecked(s, previous, 0, &row, &c->own, err);

	if (st == VG_OK && row.depth < VG_BLOB_DEPTH && c->own.len) {
		c->id = previous;
		c->depth = row.depth;
		c->prefix = vg_buf_str(&c->own);
	}
	vg_buf_release(&row.bytes);
	/* A damaged predecessor must not keep new evidence out. */
	return st == VG_E_CORRUPT ? VG_OK : st;
}

static enum vg_status use_host_base(
    struct vg_store *s, struct choice *c, struct vg_error *err)
{
	struct base *base = c->base;
	struct row row = {.bytes = VG_BUF_INIT(VG_BLOB_MAX)};
	enum vg_status st = VG_OK;

	vg_buf_clear(&c->own);
	if (base->id && !base->bytes) {
		st = get_unchecked(s, base->id, 0, &row, &c->own, err);
		base->depth = row.depth;
		if (st == VG_OK)
			keep_bytes(s->blobs, c->host, base, vg_buf_str(&c->own));
	}
	if (st == VG_OK && base->bytes && base->len) {
		c->id = base->id;
		c->depth = base->depth;
		c->prefix = (struct vg_str){base->bytes, base->len};
	}
	vg_buf_release(&row.bytes);
	return st == VG_E_CORRUPT ? VG_OK : st;
}

static enum vg_status choose(struct vg_store *s, const struct vg_blob_input *in,
    struct choice *c, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	if (in->host && in->role < ROLES) {
		st = load_host(s, in->host, &c->host, err);
		if (st == VG_OK)
			c->base = &c->host->role[in->role];
	}
	if (st == VG_OK && in->previous)
		st = use_previous(s, in->previous, c, err);
	if (st == VG_OK && !c->id && c->base)
		st = use_host_base(s, c, err);
	return st;
}

/*
 * A page that its base predicts badly becomes the next base, so that its own kind is predicted well
 * from then on; until the chain is full, when a new one starts with a page that stands alone. Where
 * pages have too little in common for that to help, it is tried ever more rarely.
 */
static bool becomes_base(struct base *base, size_t packed, size_t len)
{
	if (!base->id)
		return true;
	if (packed <= len / 8) {
		base->wait = base->patience = 0;
		return false;
	}
	if (base->wait > 0) {
		base->wait--;
		return false;
	}
	base->patience =
	    base->patience ? (unsigned)vg_size_min(base->patience * 2, PATIENCE) : 1;
	base->wait = base->patience;
	return true;
}

static enum vg_status add_rows(struct vg_store *s, const struct vg_digest *digest,
    int64_t *id, size_t length, enum vg_encoding encoding, const struct choice *c,
    struct vg_str packed, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = VG_OK;

	if (!*id) {
		st = vg_db_prepare(s->db, VG_SQL_BLOB_ADD, &q, err);
		if (st != VG_OK)
			return st;
		vg_bind_digest(q, 1, digest);
		vg_bind_int(q, 2, (int64_t)length);
		st = vg_stmt_step(q, err);
		if (st == VG_OK)
			*id = vg_column_int(q, 0);
		vg_stmt_end(q);
	}
	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_BLOB_DATA_ADD, &q, err);
	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, *id);
	vg_bind_int(q, 2, encoding);
	vg_bind_ref(q, 3, encoding == VG_ENCODING_ZSTD_PREFIX ? c->id : 0);
	vg_bind_int(q, 4, encoding == VG_ENCODING_ZSTD_PREFIX ? c->depth + 1 : 0);
	vg_bind_blob(q, 5, packed);
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status rebase(struct vg_store *s, struct choice *c, int64_t id,
    int64_t depth, struct vg_str bytes, struct vg_error *err)
{
	if (bytes.len > BASE_MAX)
		return VG_OK;
	c->base->id = id;
	c->base->depth = depth;
	keep_bytes(s->blobs, c->host, c->base, bytes);
	return save_host(s, c->host, err);
}

static enum vg_status put_new(struct vg_store *s, const struct vg_blob_input *in,
    const struct vg_digest *digest, int64_t *id, struct vg_error *err)
{
	struct vg_codec *codec = s->codec;
	struct choice c = {.own = VG_BUF_INIT(VG_BLOB_MAX)};
	struct vg_buf packed = VG_BUF_INIT(VG_BLOB_MAX + (1u << 20)), check = packed;
	enum vg_encoding encoding = VG_ENCODING_RAW;
	bool poor = false;
	enum vg_status st = VG_OK;

	if (in->bytes.len >= SMALL)
		st = choose(s, in, &c, err);
	if (st == VG_OK && in->bytes.len < SMALL)
		vg_buf_adds(&packed, in->bytes);
	else if (st == VG_OK)
		st = vg_codec_pack(codec, in->bytes, c.prefix, &packed, &encoding, err);
	if (st == VG_OK && c.base)
		poor = becomes_base(c.base, packed.len, in->bytes.len);
	if (st == VG_OK && poor && c.id && c.depth + 1 >= VG_BLOB_DEPTH) {
		vg_buf_clear(&packed);
		c.id = 0;
		st = vg_codec_pack(
		    codec, in->bytes, VG_STR(""), &packed, &encoding, err);
	}
	if (st == VG_OK)
		st = vg_buf_status(&packed, err);
	if (st == VG_OK)
		st = add_rows(s, digest, id, in->bytes.len, encoding, &c,
		    vg_buf_str(&packed), err);
	if (st == VG_OK)
		st = vg_blob_get(s, *id, &check, err);
	if (st == VG_OK && poor)
		st = rebase(s, &c, *id,
		    encoding == VG_ENCODING_ZSTD_PREFIX ? c.depth + 1 : 0, in->bytes,
		    err);
	vg_buf_release(&packed);
	vg_buf_release(&check);
	vg_buf_release(&c.own);
	return st;
}

enum vg_status vg_blob_put(struct vg_store *s, const struct vg_blob_input *in,
    int64_t *ret_id, struct vg_digest *ret_digest, struct vg_error *err)
{
	struct vg_digest digest;
	int64_t id = 0;
	bool has_bytes = false;
	enum vg_status st;

	if (in->bytes.len > VG_BLOB_MAX)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "a body of %zu bytes", in->bytes.len);
	st = vg_sha256(in->bytes, &digest, err);
	if (st == VG_OK)
		st = find(s, &digest, &id, &has_bytes, err);
	if (st == VG_E_NOT_FOUND || (st == VG_OK && !has_bytes))
		st = put_new(s, in, &digest, &id, err);
	if (st == VG_OK) {
		*ret_id = id;
		*ret_digest = digest;
	}
	return st;
}
