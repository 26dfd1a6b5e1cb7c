/* SPDX-License-Identifier: MIT */
/*
 * The plugin ABI, version 1: a plugin is a pure function from one page to records and links,
 * plus constant declarations. It opens no file or socket, starts no thread or process, and knows
 * no time but the page's own, so that its answer can be replayed from stored evidence years later.
 *
 * Rules. Whatever the host passes is borrowed until the call returns; whatever a plugin emits is
 * copied before the emit call returns; neither side frees the other's memory. The descriptor
 * and all it points to are constant and live until unload. Calls on one `self` are never concurrent
 * nor nested. Strings are UTF-8; a NUL at the end is promised only for `const char *`.
 * Tables and structs that begin with struct_size grow at their tail in a minor version; all
 * others are frozen. Ask VIGIA_HAS before using a member newer than 1.0.
 *
 * Changelog
 *	1.0	first version
 */
#ifndef VIGIA_PLUGIN_H
#define VIGIA_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VIGIA_PLUGIN_MAGIC 0x56474931u /* 'V','G','I','1' */
#define VIGIA_ABI_MAJOR 1u /* a breaking change: also in the entry symbol's name */
#define VIGIA_ABI_MINOR 0u /* a table grew at its tail */
/* Is `field` inside the table or struct that the other side handed over? */
#define VIGIA_HAS(type, ptr, field)                                                    \
	((ptr)->struct_size >= offsetof(type, field) + sizeof((ptr)->field))
#define VIGIA_EXPORT __attribute__((visibility("default")))
#define VIGIA_NO_SPAN UINT64_MAX /* start and end of a value whose place is not known */

/* Answers, in both directions. After any of the host's negative ones but NOT_FOUND: return it. */
enum {
	VIGIA_OK = 0,
	VIGIA_PASS = 1,         /* from parse: not my kind of page, ask another */
	VIGIA_E_NOMEM = -1,     /* out of memory */
	VIGIA_E_INVALID = -2,   /* malformed expression, text or struct */
	VIGIA_E_LIMIT = -3,     /* a quota or step limit is used up */
	VIGIA_E_LAYOUT = -4,    /* from parse: the site changed its layout */
	VIGIA_E_INTERNAL = -5,  /* a defect */
	VIGIA_E_NOT_FOUND = -6, /* no such attribute, member or setting */
};

/* Capabilities. The host refuses a plugin that requires a bit it does not know. */
#define VIGIA_CAP_TREE (UINT64_C(1) << 0)  /* selects by XPath or CSS */
#define VIGIA_CAP_LINKS (UINT64_C(1) << 1) /* emits links */

/* Languages of select. */
enum {
	VIGIA_XPATH = 1, /* XPath 1.0; element names in lower case, no namespaces */
	VIGIA_CSS = 2,   /* Selectors Level 3, and :has() and :is() of Level 4 */
	VIGIA_JSON = 3,  /* path: $ .name ['name'] [0] [*] .* ..name */
	VIGIA_REGEX = 4, /* PCRE2 in Unicode mode; every match, not only the first */
};

/* Kinds of node. */
enum {
	VIGIA_NODE_ELEMENT = 1,
	VIGIA_NODE_ATTRIBUTE = 2, /* from XPath */
	VIGIA_NODE_TEXT = 3, /* from XPath: a text node, or the result of a function */
	VIGIA_NODE_OBJECT = 4, /* JSON */
	VIGIA_NODE_ARRAY = 5,
	VIGIA_NODE_STRING = 6,
	VIGIA_NODE_NUMBER = 7,
	VIGIA_NODE_BOOL = 8,
	VIGIA_NODE_NULL = 9,
	VIGIA_NODE_MATCH = 10, /* of a regular expression */
};

/* What a record is. */
enum {
	VIGIA_KIND_PRODUCT = 1, /* something offered for sale */
	VIGIA_KIND_PLACE = 2,   /* a shop, pharmacy, office */
	VIGIA_KIND_ADVERT = 3,  /* a classified advertisement */
	VIGIA_KIND_MESSAGE = 4, /* a post in a channel or forum */
};

/* Fields of a record; each at most once. */
enum {
	VIGIA_TITLE = 1, /* name of the product, place or advert */
	VIGIA_PRICE =
	    2, /* to pay now: decimal digits and at most one '.', major units: 1234.50 */
	VIGIA_CURRENCY = 3, /* ISO 4217, upper case */
	VIGIA_PHONE = 4,    /* as written */
	VIGIA_EMAIL = 5,
	VIGIA_ADDRESS = 6, /* postal, on one line */
	VIGIA_TEXT = 7,    /* description or message */
	VIGIA_DATE = 8,    /* ISO 8601, as precise as the page states */
	VIGIA_URL =
	    9, /* of the record's own page; may be relative: the host resolves it */
	VIGIA_ID = 10,  /* the site's own identifier */
	VIGIA_LAT = 11, /* decimal degrees, WGS 84 */
	VIGIA_LON = 12,
	VIGIA_SELLER = 13, /* who offers it */
	VIGIA_STOCK = 14,  /* "in", "out", "preorder" or a number */
};

/* What a link leads to. */
enum {
	VIGIA_LINK_ITEM = 1,   /* the page of one listing */
	VIGIA_LINK_NEXT = 2,   /* the next page of this list */
	VIGIA_LINK_OLDER = 3,  /* older messages of this channel */
	VIGIA_LINK_DETAIL = 4, /* more about the listing of this page */
	VIGIA_LINK_SEED = 5,   /* another list worth starting from */
};

/* How a match rule looks at a page. */
enum {
	VIGIA_BY_HOST = 0, /* host and path_regex; `content` unused */
	VIGIA_BY_GENERATOR =
	    1, /* <meta name=generator> starts with `content`, case ignored */
	VIGIA_BY_PATH =
	    2, /* an address of the page or in it has `content` in its path */
	VIGIA_BY_CLASS =
	    3, /* some element has the class `content`; a final '*' is any ending */
	VIGIA_BY_LITERAL =
	    4, /* the page's source contains `content`, ASCII case ignored */
	VIGIA_BY_JSON =
	    5, /* the whole document is JSON and its source contains `content` */
	VIGIA_BY_ANY = 6, /* every page: the plugin of last resort; `content` unused */
};

struct vigia_host; /* opaque; lives as long as the instance */
struct vigia_call; /* opaque; one page, dies when parse returns */
struct vigia_node; /* opaque; dies when parse returns */

/* Borrowed bytes. ptr may be NULL when len is 0. */
struct vigia_str {
	const char *ptr;
	size_t len;
};

/* Text and where it stands: document bytes [start, end), or VIGIA_NO_SPAN for both. */
struct vigia_value {
	struct vigia_str text;
	uint64_t start, end;
};

struct vigia_header { /* one line of the response's head */
	struct vigia_str name, value;
};

/*
 * Which pages are the plugin's own. By host: `host` is exact, or "*.example" for the domain and all
 * below it; `path_regex` must match the whole of path and query, NULL matches all. By content:
 * `host` and `path_regex` are NULL. Among the rules that hold the highest priority wins.
 */
struct vigia_match {
	const char *host, *path_regex, *content;
	uint32_t by;        /* VIGIA_BY_ */
	uint32_t page_type; /* the plugin's own number for this kind */
	int32_t priority;
	uint32_t reserved; /* 0 */
};

struct vigia_seed { /* where to begin: pages of the own rules */
	const char *url;
	uint32_t page_type;
	uint32_t recrawl_s; /* seconds; 0: the operator's default */
};

/* Wishes that only tighten: the effective delay is the greatest of plugin, robots.txt, operator. */
struct vigia_limits {
	uint32_t min_delay_ms; /* between requests to one host */
	uint32_t max_parallel; /* requests in flight to one host; 0: no wish */
	uint32_t max_pages;    /* a crawl; 0: no wish */
	uint32_t max_body_kib; /* of one response; 0: no wish */
};

struct vigia_page {
	uint32_t struct_size;
	uint32_t page_type;  /* of the rule that held, or 0 */
	int32_t http_status; /* 0: not known (a file) */
	uint32_t header_count;
	int64_t fetched_at;                 /* UTC microseconds: the only clock */
	struct vigia_str url;               /* after redirects; empty: not known */
	struct vigia_str content_type;      /* header value; may be empty */
	struct vigia_str text;              /* the document's source in UTF-8 */
	const struct vigia_header *headers; /* in the order received */
};

struct vigia_nodes {
	const struct vigia_node *const *items; /* in document order */
	size_t count;
};

struct vigia_info {
	uint32_t struct_size;            /* set by the plugin before the call */
	int32_t kind;                    /* VIGIA_NODE_ */
	struct vigia_str name;           /* or the script type of a JSON root */
	const struct vigia_node *parent; /* NULL at the root */
	uint64_t start, end;             /* document bytes, or VIGIA_NO_SPAN */
};

struct vigia_field {
	uint32_t key;      /* VIGIA_TITLE .. VIGIA_STOCK */
	uint32_t reserved; /* 0 */
	struct vigia_value value;
};

struct vigia_record {
	uint32_t struct_size;
	uint32_t kind;                 /* VIGIA_KIND_ */
	struct vigia_str natural_key;  /* empty: id, url or title */
	const struct vigia_node *node; /* encloses it; or NULL */
	const struct vigia_field *fields;
	uint64_t field_count;
};

struct vigia_link {
	uint32_t struct_size;
	uint32_t kind;         /* VIGIA_LINK_ */
	uint32_t page_type;    /* 0: by the rules */
	uint32_t reserved;     /* 0 */
	struct vigia_str href; /* may be relative */
};

struct vigia_host_api { /* host to plugin; grows at the tail only */
	uint32_t struct_size;
	uint32_t abi_minor; /* the host's */
	/* A setting of the operator for this plugin, or NOT_FOUND. Lives as long as `host`. */
	int32_t (*config)(
	    struct vigia_host *host, const char *key, struct vigia_str *ret);
	/*
	 * Nodes that `expression` selects below `context`, none being an answer too. Context NULL is
	 * the document. XPath and CSS take an element as context. JSON takes a JSON node, a
	 * <script> element, or NULL: the document itself if it is JSON, else every JSON text
	 * inside a <script> ("$" gives their roots). REGEX searches the text of the context, or the
	 * document's source. NOT_FOUND: no JSON there. INVALID: expression, or capability not declared.
	 */
	int32_t (*select)(struct vigia_call *call, const struct vigia_node *context,
	    uint32_t language, const char *expression, struct vigia_nodes *ret);
	/* What a node is. */
	int32_t (*info)(struct vigia_call *call, const struct vigia_node *node,
	    struct vigia_info *ret);
	/*
	 * What a reader sees of an element: white space collapsed, a space between blocks, scripts,
	 * styles and templates left out. The value of anything else; empty for objects and arrays.
	 */
	int32_t (*text)(struct vigia_call *call, const struct vigia_node *node,
	    struct vigia_value *ret);
	/*
	 * An element's attribute, an object's member that is a string, number or bool, or a
	 * match's group ("1", "2", …). NOT_FOUND when there is none.
	 */
	int32_t (*attr)(struct vigia_call *call, const struct vigia_node *node,
	    const char *name, struct vigia_value *ret);
	/* Adds a record. INVALID: malformed or twice the same key; LIMIT: too many or too long. */
	int32_t (*emit_record)(
	    struct vigia_call *call, const struct vigia_record *record);
	/* Adds a link; an address that cannot be resolved is dropped with OK. */
	int32_t (*emit_link)(struct vigia_call *call, const struct vigia_link *link);
	/* Tells the operator about this page, e.g. VIGIA_E_LAYOUT; the first of a page is kept. */
	int32_t (*emit_problem)(
	    struct vigia_call *call, int32_t code, struct vigia_str why);
};

struct vigia_plugin {         /* plugin to host; static const; grows at the tail only */
	uint32_t magic;       /* VIGIA_PLUGIN_MAGIC */
	uint32_t struct_size; /* sizeof(struct vigia_plugin) when it was compiled */
	uint32_t abi_major;   /* VIGIA_ABI_MAJOR */
	uint32_t abi_minor;   /* the least it needs */
	uint64_t caps_required; /* VIGIA_CAP_ */
	uint64_t caps_optional; /* unknown bits are ignored */
	const char *name;       /* [a-z][a-z0-9-]{0,31}, the file's name without .so */
	const char *version;    /* at most 31 printable characters */
	const char *license;    /* SPDX identifier */
	const char *summary;    /* one line, at most 120 bytes */
	const struct vigia_match *matches; /* at least one */
	const struct vigia_seed *seeds;    /* may be NULL when there are none */
	uint32_t match_count, seed_count;
	struct vigia_limits limits;
	/* One instance a worker. Both or neither; destroy is called once, after create succeeded. */
	int32_t (*create)(
	    const struct vigia_host_api *api, struct vigia_host *host, void **ret_self);
	void (*destroy)(void *self);
	/* Reads one page. `self` is NULL without create. What was emitted before a failure is kept. */
	int32_t (*parse)(const struct vigia_host_api *api, struct vigia_call *call,
	    void *self, const struct vigia_page *page);
};

/* The only export. Called once; the answer never changes. */
VIGIA_EXPORT const struct vigia_plugin *vigia_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
