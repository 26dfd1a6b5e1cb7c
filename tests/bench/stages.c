/* SPDX-License-Identifier: MIT */
/*
 * The stages of a page by themselves, each in turns with the plain way to do the same: CPU time of whole rounds,
 * medians. Prints the figure with its aim. Writes broken pages and their links for the comparison with gumbo.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <libxml/HTMLparser.h>
#include <zlib.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/size.h"
#include "detect/entity.h"
#include "detect/lexicon_data.h"
#include "detect/table.h"
#include "store/blob.h"
#include "store/codec.h"

enum { ROUNDS = 5, MAX_PAGES = 400, TERMS_A_REGEX = 500, MAX_REGEXES = 256, FEW = 8 };

struct bench {
	struct vg_arena *arena; /* of one page */
	struct vg_lexicon *lexicon;
	struct vg_buf page[MAX_PAGES], folded[MAX_PAGES];
	size_t pages, bytes, folded_bytes;
	struct vg_regex *terms[MAX_REGEXES], *identifiers[MAX_REGEXES];
	size_t term_regexes, identifier_regexes;
	size_t hits; /* so that nothing is optimised away */
};

typedef void stage(struct bench *b, size_t page);

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Microseconds a page of two stages, run in turns; the second on every `step`-th page only. */
static void compare(struct bench *b, stage *ours, stage *plain, size_t step,
    double *ret_ours, double *ret_plain)
{
	double a[ROUNDS], c[ROUNDS];

	for (size_t round = 0; round < ROUNDS; round++) {
		double began = now();

		for (size_t i = 0; i < b->pages; i++)
			ours(b, i);
		a[round] = (now() - began) * 1e6 / (double)b->pages;
		began = now();
		for (size_t i = 0; i < b->pages; i += step)
			plain(b, i);
		c[round] =
		    (now() - began) * 1e6 / (double)((b->pages + step - 1) / step);
	}
	qsort(a, ROUNDS, sizeof(*a), ascending);
	qsort(c, ROUNDS, sizeof(*c), ascending);
	*ret_ours = a[ROUNDS / 2];
	*ret_plain = c[ROUNDS / 2];
}

static struct vg_doc *read_page(struct bench *b, struct vg_str html)
{
	struct vg_doc_input in = {.payload = html,
	    .content_type = VG_STR("text/html; charset=utf-8"),
	    .url = VG_STR("http://site.example/p/1.html")};
	struct vg_doc *doc = NULL;

	vg_arena_reset(b->arena);
	return vg_doc_read(b->arena, &in, &doc, NULL) == VG_OK ? doc : NULL;
}

static void text_ours(struct bench *b, size_t page)
{
	const struct vg_doc *doc = read_page(b, vg_buf_str(&b->page[page]));

	b->hits += doc != NULL ? doc->block_count + doc->link_count : 0;
}

static xmlDoc *dom_of(struct bench *b, size_t page)
{
	return htmlReadMemory(b->page[page].ptr, (int)b->page[page].len, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET);
}

/* Collects text and addresses, as a crawler does with a tree. */
static void walk(const xmlNode *n, struct vg_buf *out)
{
	for (; n != NULL; n = n->next) {
		if (n->type == XML_TEXT_NODE)
			vg_buf_addz(out, (const char *)n->content);
		for (const xmlAttr *a = n->type == XML_ELEMENT_NODE ? n->properties
								    : NULL;
		     a != NULL; a = a->next)
			if (strcmp((const char *)a->name, "href") == 0 && a->children)
				vg_buf_addz(out, (const char *)a->children->content);
		if (n->type == XML_ELEMENT_NODE &&
		    strcmp((const char *)n->name, "script") != 0 &&
		    strcmp((const char *)n->name, "style") != 0)
			walk(n->children, out);
	}
}

static void text_dom(struct bench *b, size_t page)
{
	struct vg_buf out = VG_BUF_INIT(VG_MAX_DOCUMENT);
	xmlDoc *dom = dom_of(b, page);

	walk(xmlDocGetRootElement(dom), &out);
	b->hits += out.len;
	vg_buf_release(&out);
	xmlFreeDoc(dom);
}

static void dom_only(struct bench *b, size_t page)
{
	xmlDoc *dom = dom_of(b, page);

	b->hits += dom != NULL;
	xmlFreeDoc(dom);
}

static bool count_match(void *ctx, uint32_t pattern, size_t end)
{
	size_t *hits = ctx;

	(void)pattern;
	(void)end;
	(*hits)++;
	return true;
}

static void terms_ours(struct bench *b, size_t page)
{
	vg_matcher_run(
	    b->lexicon->matcher, vg_buf_str(&b->folded[page]), count_match, &b->hits);
}

static void run_regexes(
    struct bench *b, struct vg_regex **list, size_t count, struct vg_str text)
{
	struct vg_regex_match m;

	for (size_t i = 0; i < count; i++)
		for (size_t at = 0;
		     at < text.len && vg_regex_find(list[i], text, at, &m) == VG_OK;
		     at = m.group[0].end > at ? m.group[0].end : at + 1)
			b->hits++;
}

static void terms_regex(struct bench *b, size_t page)
{
	run_regexes(b, b->terms, b->term_regexes, vg_buf_str(&b->folded[page]));
}

/* Reading the page is a part of both sides, and taken off both. */
static void identifiers_ours(struct bench *b, size_t page)
{
	const struct vg_doc *doc = read_page(b, vg_buf_str(&b->page[page]));
	const struct vg_entity *found = NULL;
	struct vg_region region = {0};
	size_t count = 0;

	if (doc == NULL)
		return;
	vg_region_of(doc, VG_STR("es"), &region);
	(void)!vg_entities_find(
	    b->lexicon->identifiers, doc, &region, &found, &count, NULL);
	b->hits += count;
}

static void identifiers_regex(struct bench *b, size_t page)
{
	const struct vg_doc *doc = read_page(b, vg_buf_str(&b->page[page]));

	for (size_t i = 0; doc != NULL && i < doc->block_count; i++)
		run_regexes(
		    b, b->identifiers, b->identifier_regexes, doc->blocks[i].text);
}

static void detect_ours(struct bench *b, size_t page)
{
	const struct vg_doc *doc = read_page(b, vg_buf_str(&b->page[page]));
	struct vg_result *result = NULL;

	if (doc != NULL && vg_detect(b->lexicon, doc, &result, NULL) == VG_OK)
		b->hits += result->marker_count;
}

static bool fold_pages(struct bench *b)
{
	struct vg_arena *arena = vg_arena_new((size_t)256 << 20);
	struct vg_folder *folder = NULL;
	bool ok = arena != NULL && vg_folder_new(arena, &folder, NULL) == VG_OK;

	for (size_t i = 0; ok && i < b->pages; i++) {
		const struct vg_doc *doc = read_page(b, vg_buf_str(&b->page[i]));
		struct vg_folded folded = {.arena = b->arena};

		for (size_t k = 0; doc != NULL && k < doc->block_count; k++)
			ok &= vg_fold(folder, doc->blocks[k].text, &folded) &&
			      vg_fold(folder, VG_STR("\n"), &folded);
		b->folded[i] = VG_BUF_INIT(VG_MAX_DOCUMENT);
		vg_buf_add(&b->folded[i], folded.text, folded.len);
		b->folded_bytes += folded.len;
	}
	vg_arena_free(arena);
	return ok;
}

/* The lexicon's literals as alternations, in pieces that PCRE2 takes. */
static bool make_term_regexes(struct bench *b)
{
	const struct vg_vec *all = &b->lexicon->literals;
	struct vg_error err = {0};

	for (size_t from = 0; from < all->len; from += TERMS_A_REGEX) {
		struct vg_buf pattern = VG_BUF_INIT(1 << 20);
		enum vg_status st;

		for (size_t i = from; i < all->len && i < from + TERMS_A_REGEX; i++) {
			struct vg_str term = *(struct vg_str *)vg_vec_at(all, i);

			vg_buf_addz(&pattern, i > from ? "|" : "");
			for (size_t k = 0; k < term.len; k++) {
				if ((unsigned char)term.ptr[k] < 0x80 &&
				    !vg_is_alnum(term.ptr[k]))
					vg_buf_addc(&pattern, '\\');
				vg_buf_addc(&pattern, term.ptr[k]);
			}
		}
		st = b->term_regexes == MAX_REGEXES
			 ? VG_E_LIMIT
			 : vg_regex_new(vg_buf_str(&pattern), 0,
			       &b->terms[b->term_regexes], &err);
		vg_buf_release(&pattern);
		if (st != VG_OK) {
			(void)fprintf(stderr, "stages: %s\n", err.msg);
			return false;
		}
		b->term_regexes++;
	}
	return true;
}

static bool make_identifier_regexes(struct bench *b, const char *lexicon_dir)
{
	struct vg_buf file = VG_BUF_INIT(VG_MAX_LEXICON);
	char path[4096];
	struct vg_str rest, line, cell;

	(void)snprintf(path, sizeof(path), "%s/identifiers.tsv", lexicon_dir);
	if (vg_read_file(path, &file, NULL) != VG_OK)
		return false;
	rest = vg_buf_str(&file);
	for (size_t number = 0; vg_str_split(&rest, '\n', &line); number++) {
		size_t column = 0;

		while (column < 3 && vg_str_split(&line, '\t', &cell))
			column++;
		if (number > 0 && column == 3 && cell.len > 0 &&
		    b->identifier_regexes < MAX_REGEXES &&
		    vg_regex_new(cell, VG_REGEX_UTF,
			&b->identifiers[b->identifier_regexes], NULL) == VG_OK)
			b->identifier_regexes++;
	}
	vg_buf_release(&file);
	return b->identifier_regexes > 0;
}

static bool load(struct bench *b, const char *site, const char *lexicon_dir)
{
	struct vg_error err = {0};
	char path[4096];

	b->arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	if (b->arena == NULL ||
	    vg_lexicon_load(lexicon_dir, &b->lexicon, &err) != VG_OK) {
		(void)fprintf(stderr, "stages: %s\n", err.msg);
		return false;
	}
	for (; b->pages < MAX_PAGES; b->pages++) {
		b->page[b->pages] = VG_BUF_INIT(VG_MAX_DOCUMENT);
		(void)snprintf(path, sizeof(path), "%s/p/%zu.html", site, b->pages);
		if (access(path, R_OK) != 0)
			break;
		if (vg_read_file(path, &b->page[b->pages], &err) != VG_OK)
			return false;
		b->bytes += b->page[b->pages].len;
	}
	return b->pages > 0 && fold_pages(b) && make_term_regexes(b) &&
	       make_identifier_regexes(b, lexicon_dir);
}

static void show_reading(struct bench *b)
{
	double ours, plain, again;
	double size = (double)b->bytes / (double)b->pages;

	compare(b, text_ours, text_dom, 1, &ours, &plain);
	printf(
	    "text and links: %.0f us a page (%.0f MB/s), libxml2 DOM and walk %.0f us: "
	    "%.1fx as fast (aim 8)\n",
	    ours, size / ours, plain, plain / ours);
	compare(b, detect_ours, dom_only, 1, &again, &plain);
	printf(
	    "all of detection: %.0f us a page, libxml2 DOM alone %.0f us: %.2f of it "
	    "(aim 1)\n",
	    again - ours, plain, (again - ours) / plain);
	compare(b, identifiers_ours, identifiers_regex, FEW, &again, &plain);
	printf(
	    "identifiers: %.0f us a page, each of %zu regexes over the text %.0f us: "
	    "%.2f of it (aim 0.4)\n",
	    again - ours, b->identifier_regexes, plain - ours,
	    (again - ours) / (plain - ours));
}

static void show_terms(struct bench *b)
{
	double ours, plain, size = (double)b->folded_bytes / (double)b->pages;

	compare(b, terms_ours, terms_regex, 8 * FEW, &ours, &plain);
	printf(
	    "lexicon: %zu literals, %.1f us a page of %.1f KB text (%.0f MB/s), PCRE2 "
	    "alternation %.0f us: %.0fx as fast (aim 100)\n",
	    b->lexicon->literals.len, ours, size / 1000, size / ours, plain,
	    plain / ours);
}

static size_t gzip_size(struct vg_str s)
{
	uLongf len = compressBound((uLong)s.len);
	Bytef *out = malloc(len);
	int rc = out == NULL
		     ? Z_MEM_ERROR
		     : compress2(out, &len, (const Bytef *)s.ptr, (uLong)s.len, 6);

	free(out);
	return rc == Z_OK ? len + 12
			  : 0; /* gzip's frame is 12 bytes longer than zlib's */
}

/* A page that was visited before and has one new paragraph. */
static void show_delta(struct bench *b)
{
	struct vg_codec *codec = vg_codec_new();
	size_t delta = 0, gzip = 0;

	for (size_t i = 0; codec != NULL && i < b->pages; i++) {
		struct vg_str old = vg_buf_str(&b->page[i]);
		struct vg_buf new = VG_BUF_INIT(VG_MAX_DOCUMENT);
		struct vg_buf packed = VG_BUF_INIT(VG_MAX_DOCUMENT);
		enum vg_encoding encoding;

		vg_buf_adds(&new, vg_str_sub(old, 0, old.len / 2));
		vg_buf_addf(&new, "<p>changed today: %zu</p>", i * 7919);
		vg_buf_adds(&new, vg_str_sub(old, old.len / 2, old.len));
		if (vg_codec_pack(codec, vg_buf_str(&new), old, &packed, &encoding,
			NULL) == VG_OK) {
			delta += packed.len;
			gzip += gzip_size(vg_buf_str(&new));
		}
		vg_buf_release(&new);
		vg_buf_release(&packed);
	}
	vg_codec_free(codec);
	printf("changed page: %.0f bytes against the last visit, %.3f of gzip -6 (aim "
	       "0.08)\n",
	    (double)delta / (double)b->pages,
	    gzip > 0 ? (double)delta / (double)gzip : 0.0);
}

/* Bodies a second into a new database, `group` of them a commit; 0 on failure. */
static double store_rate(struct bench *b, const char *path, size_t group)
{
	struct vg_store *s = NULL;
	struct vg_error err = {0};
	struct timespec began, ended;
	enum vg_status st = vg_store_create(path, &err);
	size_t count = vg_size_min(b->pages, 256);

	if (st == VG_OK)
		st = vg_store_open(path, VG_STORE_WRITE, &s, &err);
	(void)clock_gettime(CLOCK_MONOTONIC, &began);
	for (size_t i = 0; st == VG_OK && i < count; i++) {
		struct vg_blob_input in = {
		    .bytes = vg_buf_str(&b->page[i]), .role = VG_BLOB_OTHER};
		struct vg_digest digest;
		int64_t id;

		if (i % group == 0)
			st = vg_store_begin(s, __FILE__, __LINE__, &err);
		if (st == VG_OK)
			st = vg_blob_put(s, &in, &id, &digest, &err);
		if (st == VG_OK && (i % group == group - 1 || i + 1 == count))
			st = vg_store_commit(s, &err);
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &ended);
	vg_store_close(s);
	(void)unlink(path);
	if (st != VG_OK) {
		(void)fprintf(stderr, "stages: %s\n", err.msg);
		return 0;
	}
	return (double)count / ((double)(ended.tv_sec - began.tv_sec) +
				   (double)(ended.tv_nsec - began.tv_nsec) / 1e9);
}

static void show_commits(struct bench *b, const char *dir)
{
	double single[ROUNDS], grouped[ROUNDS];
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/commits.db", dir);
	for (size_t i = 0; i < ROUNDS; i++) {
		single[i] = store_rate(b, path, 1);
		grouped[i] = store_rate(b, path, 64);
	}
	qsort(single, ROUNDS, sizeof(*single), ascending);
	qsort(grouped, ROUNDS, sizeof(*grouped), ascending);
	printf(
	    "durable commits: %.0f bodies a second one by one, %.0f by 64: %.1fx (aim "
	    "3)\n",
	    single[ROUNDS / 2], grouped[ROUNDS / 2],
	    grouped[ROUNDS / 2] / single[ROUNDS / 2]);
}

static size_t pick(uint64_t *state, size_t below)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (size_t)((*state * 0x2545F4914F6CDD1Du) >> 33) % below;
}

/* A few of the faults that real pages have. */
static void break_page(struct vg_buf *page, uint64_t *state)
{
	static const char *const inserts[] = {"<", "&", "</div>", "</a>", "\"",
	    "<a/href=/odd/1>odd</a>", "<!-- <a href=\"/hidden/2\">x</a> -->", "<table>",
	    "<a href=/bare/3>", "<p", "</table>", "<b><i></b>"};
	size_t faults = 4 + pick(state, 9);

	for (size_t i = 0; i < faults && page->len > 64; i++) {
		size_t at = pick(state, page->len), kind = pick(state, 3);
		struct vg_buf made = VG_BUF_INIT(VG_MAX_DOCUMENT);
		size_t gone = 0;

		if (kind == 0) { /* the next '>' or quote is lost */
			while (at < page->len && page->ptr[at] != '>' &&
			       page->ptr[at] != '"')
				at++;
			gone = at < page->len;
		}
		vg_buf_add(&made, page->ptr, at);
		if (kind > 0)
			vg_buf_addz(&made,
			    inserts[pick(state, sizeof(inserts) / sizeof(inserts[0]))]);
		vg_buf_add(&made, page->ptr + at + gone, page->len - at - gone);
		vg_buf_release(page);
		*page = made;
	}
	if (pick(state, 12) == 0)
		vg_buf_truncate(page, page->len / 2);
}

/* Broken pages as DIR/broken/N.html, and what addresses we find in each as lines "N address". */
static bool write_broken(struct bench *b, const char *dir)
{
	struct vg_buf list = VG_BUF_INIT((size_t)1 << 28);
	uint64_t state = 42;
	char path[4096];
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/broken", dir);
	ok = mkdir(path, 0755) == 0;
	for (size_t i = 0; ok && i < b->pages; i++) {
		struct vg_buf page = VG_BUF_INIT(VG_MAX_DOCUMENT);
		const struct vg_doc *doc;

		vg_buf_adds(&page, vg_buf_str(&b->page[i]));
		break_page(&page, &state);
		(void)snprintf(path, sizeof(path), "%s/broken/%zu.html", dir, i);
		ok = vg_write_file(path, vg_buf_str(&page), NULL) == VG_OK;
		doc = read_page(b, vg_buf_str(&page));
		for (size_t k = 0; doc != NULL && k < doc->link_count; k++)
			if (strcmp(doc->links[k].tag, "a") == 0)
				vg_buf_addf(&list, "%zu %.*s\n", i,
				    VG_STR_ARG(doc->links[k].raw));
		vg_buf_release(&page);
	}
	(void)snprintf(path, sizeof(path), "%s/broken.ours", dir);
	ok = ok && vg_write_file(path, vg_buf_str(&list), NULL) == VG_OK;
	vg_buf_release(&list);
	return ok;
}

int main(int argc, char **argv)
{
	static struct bench b;

	if (argc != 4) {
		(void)fputs("usage: stages SITE_DIR LEXICON_DIR WORK_DIR\n", stderr);
		return 2;
	}
	if (!load(&b, argv[1], argv[2]))
		return 3;
	show_reading(&b);
	show_terms(&b);
	show_delta(&b);
	show_commits(&b, argv[3]);
	return write_broken(&b, argv[3]) ? 0 : 3;
}
