/* SPDX-License-Identifier: MIT */
/* Listings of a page: found again by their key, so that they have a history. */
#include "config.h"

#include "base/limits.h"
#include "store/finding_priv.h"

/* Length-prefixed, so that no two lists of texts give the same bytes. */
static void hash_part(struct vg_sha256 *h, struct vg_str part)
{
	uint8_t len[8];

	for (size_t i = 0; i < 8; i++)
		len[i] = (uint8_t)((uint64_t)part.len >> (56 - 8 * i));
	vg_sha256_add(h, len, sizeof(len));
	vg_sha256_add(h, part.ptr, part.len);
}

static enum vg_status hash_parts(const struct vg_str *parts, size_t count,
    struct vg_digest *ret, struct vg_error *err)
{
	struct vg_sha256 *h = vg_sha256_new();
	enum vg_status st;

	if (!h)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		hash_part(h, parts[i]);
	st = vg_sha256_finish(h, ret, err);
	vg_sha256_free(h);
	return st;
}

enum vg_status vg_listing_key(struct vg_str plugin, struct vg_str url,
    struct vg_str natural_key, struct vg_digest *ret, struct vg_error *err)
{
	const struct vg_str parts[] = {
	    VG_STR("vigia listing 1"), plugin, url, natural_key};

	return hash_parts(parts, 4, ret, err);
}

enum vg_status vg_finding_id(const struct vg_digest *capture,
    const struct vg_digest *listing, struct vg_str family, struct vg_str rules,
    struct vg_digest *ret, struct vg_error *err)
{
	const struct vg_str parts[] = {VG_STR("vigia finding 1"),
	    {(const char *)capture->bytes, sizeof(capture->bytes)},
	    {(const char *)listing->bytes, sizeof(listing->bytes)}, family, rules};

	return hash_parts(parts, 5, ret, err);
}

/* A listing's row in the making. */
struct row {
	struct vg_str plugin, url, natural_key, kind, fields;
};

static enum vg_status find(struct vg_page_work *w, const struct vg_digest *key,
    int64_t *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(w->s->db, VG_SQL_LISTING_FIND, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, key);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*ret = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

static enum vg_status update(struct vg_page_work *w, const struct row *row,
    const struct vg_page_listing *l, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(w->s->db, VG_SQL_LISTING_UPDATE, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, l->id);
	vg_bind_text(q, 2, row->kind);
	vg_bind_text(q, 3, l->title);
	vg_bind_text(q, 4, row->fields);
	vg_bind_int(q, 5, l->start);
	vg_bind_int(q, 6, l->end);
	vg_bind_int(q, 7, w->row.capture.seq);
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status insert(struct vg_page_work *w, const struct row *row,
    struct vg_page_listing *l, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(w->s->db, VG_SQL_LISTING_ADD, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, &l->key);
	vg_bind_ref(q, 2, w->site);
	vg_bind_text(q, 3, row->plugin);
	vg_bind_text(q, 4, row->url);
	vg_bind_text(q, 5, row->natural_key);
	vg_bind_text(q, 6, row->kind);
	vg_bind_text(q, 7, l->title);
	vg_bind_text(q, 8, row->fields);
	vg_bind_int(q, 9, l->start);
	vg_bind_int(q, 10, l->end);
	vg_bind_int(q, 11, w->row.capture.seq);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		l->id = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

static enum vg_status put(struct vg_page_work *w, const struct row *row,
    struct vg_page_listing *l, struct vg_analysis_recorded *made, struct vg_error *err)
{
	enum vg_status st =
	    vg_listing_key(row->plugin, row->url, row->natural_key, &l->key, err);

	if (st == VG_OK)
		st = find(w, &l->key, &l->id, err);
	if (st == VG_OK) {
		st = update(w, row, l, err);
	} else if (st == VG_E_NOT_FOUND) {
		st = insert(w, row, l, err);
		made->new_listings += st == VG_OK;
	}
	made->listings += st == VG_OK;
	return st;
}

static enum vg_status fields_text(struct vg_page_work *w, const struct vg_json *fields,
    struct vg_str *ret, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_FRAME);
	struct vg_json_writer out = vg_json_writer(&text);
	enum vg_status st;

	if (fields && fields->type == VG_JSON_OBJECT)
		vg_jw_value(&out, fields);
	else
		vg_buf_addz(&text, "{}");
	st = vg_buf_status(&text, err);
	if (st == VG_OK) {
		*ret = vg_arena_str(w->arena, vg_buf_str(&text));
		if (!ret->ptr)
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	vg_buf_release(&text);
	return st;
}

/* "scheme://host:port" of a web address as text; empty for any other. */
static struct vg_str authority(struct vg_str url)
{
	size_t from = vg_str_find(url, VG_STR("://"), 0);

	if (!vg_str_istarts(url, VG_STR("http")) || from == SIZE_MAX)
		return (struct vg_str){"", 0};
	url = vg_str_sub(url, from + 3, url.len);
	return vg_str_sub(url, 0, vg_str_chr(url, '/', 0));
}

static bool same_host(struct vg_str a, struct vg_str b)
{
	struct vg_str host = authority(a);

	return host.len && vg_str_ieq(host, authority(b));
}

static enum vg_status add_listing(struct vg_page_work *w, const struct vg_json *json,
    struct vg_page_listing *l, struct vg_analysis_recorded *made, struct vg_error *err)
{
	const struct vg_json *fields = vg_json_get(json, "fields");
	struct row row = {
	    .plugin = w->plugin,
	    .url = vg_member_text(w->arena, fields, "url"),
	    .natural_key = vg_member_text(w->arena, json, "natural_key"),
	    .kind = vg_member_text(w->arena, json, "kind"),
	};
	enum vg_status st = fields_text(w, fields, &row.fields, err);

	/* Without an address of its own, or with one of another host, which would be that host's listing. */
	if (!same_host(row.url, w->row.capture.leaf.url))
		row.url = w->row.capture.leaf.url;
	l->start = vg_member_int(json, "start");
	l->end = vg_member_int(json, "end");
	l->title = vg_member_text(w->arena, fields, "title");
	l->price = vg_member_text(w->arena, fields, "price");
	l->currency = vg_member_text(w->arena, fields, "currency");
	return st == VG_OK ? put(w, &row, l, made, err) : st;
}

enum vg_status vg_page_add_listings(
    struct vg_page_work *w, struct vg_analysis_recorded *made, struct vg_error *err)
{
	const struct vg_json *first = vg_member_list(w->page, "listings");
	size_t count = 0;
	enum vg_status st = VG_OK;

	for (const struct vg_json *l = first; l && count < VG_MAX_RECORDS; l = l->next)
		count++;
	w->listings = vg_arena_array(w->arena, count, sizeof(*w->listings));
	if (!w->listings)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (const struct vg_json *l = first; st == VG_OK && w->listing_count < count;
	     l = l->next)
		st = add_listing(w, l, &w->listings[w->listing_count++], made, err);
	return st;
}

enum vg_status vg_page_self(
    struct vg_page_work *w, struct vg_analysis_recorded *made, struct vg_error *err)
{
	const struct row row = {
	    .plugin = w->plugin,
	    .url = w->row.capture.leaf.url,
	    .natural_key = VG_STR(""),
	    .kind = VG_STR("page"),
	    .fields = VG_STR("{}"),
	};

	if (w->self.id)
		return VG_OK;
	w->self.end = w->row.capture.leaf.payload_length;
	w->self.title = w->title;
	w->self.price = w->self.currency = VG_STR("");
	return put(w, &row, &w->self, made, err);
}
