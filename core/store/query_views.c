/* SPDX-License-Identifier: MIT */
/* The views of vigia query: what people may rely on, whatever becomes of the tables. */
#include "config.h"

#include "store/query.h"

const struct vg_query_view vg_query_views[] = {
    {.name = "captures",
	.about = "every fetch that was made, failures too",
	.columns = "id           hash of all that was recorded\n"
		   "url          address asked for\n"
		   "site         name in vigia.ini\n"
		   "fetched      when the request began, UTC\n"
		   "outcome      ok, or the class of the failure\n"
		   "detail       the failure in words\n"
		   "status       HTTP status, 0 without an answer\n"
		   "bytes        length of the body\n"
		   "sha256       digest of the body\n"
		   "peer         address and port that answered\n"
		   "tls          version of TLS, empty without\n"
		   "total_us     how long it took, microseconds\n",
	.select =
	    "SELECT hex_id(l.hash) AS id, c.url AS url, s.name AS site,"
	    " utc(c.started) AS fetched, c.outcome AS outcome, c.detail AS detail,"
	    " c.status AS status, b.length AS bytes, hex_id(b.digest) AS sha256,"
	    " c.peer AS peer, c.tls_version AS tls, c.total_us AS total_us"
	    " FROM capture c JOIN log_leaf l ON l.seq = c.seq"
	    " LEFT JOIN blob b ON b.id = c.payload"
	    " LEFT JOIN visit v ON v.capture = c.seq LEFT JOIN site s ON s.id = "
	    "v.site"},
    {.name = "coverage",
	.about = "what plugins read in the pages of each run",
	.columns = "run          number of the crawl\n"
		   "started      of that crawl, UTC\n"
		   "site         name in vigia.ini\n"
		   "plugin       that read them\n"
		   "pages        that it read\n"
		   "listings     it found there\n"
		   "fields       how many listings have each, JSON\n"
		   "layout       fingerprint that most of the pages share\n",
	.select = "SELECT c.run AS run, utc(r.started) AS started, c.site AS site,"
		  " c.plugin AS plugin, c.pages AS pages, c.listings AS listings,"
		  " c.fields AS fields, c.layout AS layout"
		  " FROM run_coverage c JOIN run r ON r.id = c.run"},
    {.name = "drift",
	.about = "alerts: a plugin no longer reads on a site what it used to",
	.columns = "at           raised, UTC\n"
		   "closed       what was missed is back, UTC; empty: it is open\n"
		   "site         name in vigia.ini\n"
		   "plugin       whose pages they are\n"
		   "what         listings, layout, or the field\n"
		   "was          listings, or per cent of them, before\n"
		   "now          the same after; layout: bits of 64 that differ\n"
		   "pages        that show it\n"
		   "of_pages     that could\n"
		   "url          of one of them\n"
		   "capture      of that page\n",
	.select = "SELECT utc(d.at) AS at, CASE WHEN d.closed_at > 0 THEN"
		  " utc(d.closed_at) END AS closed, d.site AS site,"
		  " d.plugin AS plugin, d.what AS what, d.was AS was, d.now_is AS now,"
		  " d.pages AS pages, d.of_pages AS of_pages, c.url AS url,"
		  " hex_id(l.hash) AS capture FROM alert d"
		  " JOIN capture c ON c.seq = d.capture"
		  " JOIN log_leaf l ON l.seq = d.capture"},
    {.name = "entities",
	.about = "telephone numbers, handles, wallets and the like, by page",
	.columns = "kind         phone, whatsapp, btc, …\n"
		   "value        canonical spelling\n"
		   "ubiquitous   1: too common to link sites\n"
		   "url          page it stands on\n"
		   "site         name in vigia.ini\n"
		   "capture      id of the capture\n"
		   "span_start   first byte in the document\n"
		   "span_end     byte after the last\n",
	.select =
	    "SELECT i.kind AS kind, i.value AS value, i.ubiquitous AS ubiquitous,"
	    " c.url AS url, s.name AS site, hex_id(l.hash) AS capture,"
	    " e.span_start AS span_start, e.span_end AS span_end"
	    " FROM entity e JOIN identifier i ON i.id = e.identifier"
	    " JOIN capture c ON c.seq = e.capture JOIN log_leaf l ON l.seq = e.capture"
	    " LEFT JOIN visit v ON v.capture = e.capture LEFT JOIN site s ON s.id = "
	    "v.site"},
    {.name = "findings",
	.about = "what was judged, as vigia flags --all lists it",
	.columns = "id           hash of capture, listing, family and rules\n"
		   "verdict      flagged, review or clear\n"
		   "severity     low to critical\n"
		   "confidence   0 to 1\n"
		   "family       rx, timeshare, cyberscam, wildlife\n"
		   "subkind      kind within the family\n"
		   "site         name in vigia.ini\n"
		   "url          page\n"
		   "title        of the listing\n"
		   "what         substances, species or title\n"
		   "price        decimal\n"
		   "currency     ISO 4217\n"
		   "why          the weightiest words\n"
		   "rule         the rule they met\n"
		   "rules        version of the rule set\n"
		   "plugin       that read the listing\n"
		   "capture      id of the capture\n"
		   "listing      id of the listing\n"
		   "first_seen   of the listing, UTC\n"
		   "last_seen    of the listing, UTC\n"
		   "current      0: a later capture said otherwise\n",
	.select =
	    "SELECT hex_id(f.digest) AS id, f.verdict AS verdict,"
	    " severity_word(f.severity) AS severity, f.confidence AS confidence,"
	    " f.family AS family, f.subkind AS subkind, s.name AS site, g.url AS url,"
	    " g.title AS title, f.what AS what, f.price AS price,"
	    " f.currency AS currency, f.why AS why, f.why_rule AS rule, r.name AS "
	    "rules,"
	    " g.plugin AS plugin, hex_id(l.hash) AS capture, hex_id(g.key) AS listing,"
	    " utc(c1.started) AS first_seen, utc(c2.started) AS last_seen,"
	    " f.current AS current FROM finding f JOIN listing g ON g.id = f.listing"
	    " JOIN log_leaf l ON l.seq = f.capture JOIN ruleset r ON r.id = f.ruleset"
	    " JOIN capture c1 ON c1.seq = g.first_capture"
	    " JOIN capture c2 ON c2.seq = g.last_capture LEFT JOIN site s ON s.id = "
	    "f.site"},
    {.name = "listings",
	.about = "what plugins read: products, adverts, places",
	.columns = "id           hash of plugin, url and natural key\n"
		   "site         name in vigia.ini\n"
		   "plugin       that read it\n"
		   "url          page\n"
		   "natural_key  the site's own id\n"
		   "kind         product, advert, place, …\n"
		   "title        as printed\n"
		   "fields       all fields, JSON\n"
		   "first_seen   UTC\n"
		   "last_seen    UTC\n",
	.select =
	    "SELECT hex_id(g.key) AS id, s.name AS site, g.plugin AS plugin,"
	    " g.url AS url, g.natural_key AS natural_key, g.kind AS kind,"
	    " g.title AS title, g.fields AS fields, utc(c1.started) AS first_seen,"
	    " utc(c2.started) AS last_seen FROM listing g"
	    " JOIN capture c1 ON c1.seq = g.first_capture"
	    " JOIN capture c2 ON c2.seq = g.last_capture LEFT JOIN site s ON s.id = "
	    "g.site"},
    {.name = "offers",
	.about = "substance, strength, price, by page",
	.columns = "url          page\n"
		   "site         name in vigia.ini\n"
		   "title        as printed\n"
		   "substance    INN\n"
		   "strength     as printed\n"
		   "quantity     as printed\n"
		   "price        decimal\n"
		   "currency     ISO 4217\n"
		   "capture      id of the capture\n"
		   "span_start   first byte in the document\n"
		   "span_end     byte after the last\n",
	.select =
	    "SELECT c.url AS url, s.name AS site, o.title AS title,"
	    " o.substance AS substance, o.strength AS strength, o.quantity AS quantity,"
	    " o.price AS price, o.currency AS currency, hex_id(l.hash) AS capture,"
	    " o.span_start AS span_start, o.span_end AS span_end FROM offer o"
	    " JOIN capture c ON c.seq = o.capture JOIN log_leaf l ON l.seq = o.capture"
	    " LEFT JOIN visit v ON v.capture = o.capture LEFT JOIN site s ON s.id = "
	    "v.site"},
    {.name = "problems",
	.about = "captures that could not be judged",
	.columns = "url          page\n"
		   "site         name in vigia.ini\n"
		   "reason       in words\n"
		   "times        how often it failed\n"
		   "last_at      when, UTC\n"
		   "capture      id of the capture\n",
	.select =
	    "SELECT c.url AS url, s.name AS site, v.reason AS reason,"
	    " v.problems AS times, utc(v.problem_at) AS last_at,"
	    " hex_id(l.hash) AS capture FROM visit v JOIN capture c ON c.seq = "
	    "v.capture"
	    " JOIN log_leaf l ON l.seq = v.capture LEFT JOIN site s ON s.id = v.site"
	    " WHERE v.problems > 0"},
    {.name = "urls",
	.about = "what is to be visited, and when",
	.columns = "url          address\n"
		   "host         that shares one delay\n"
		   "site         name in vigia.ini\n"
		   "depth        links from a seed\n"
		   "due          next visit, UTC; empty: never\n"
		   "visited      last visit, UTC\n"
		   "failures     in a row\n",
	.select =
	    "SELECT u.url AS url, h.name AS host, s.name AS site, u.depth AS depth,"
	    " utc(u.due_at) AS due, utc(u.visited_at) AS visited,"
	    " u.failures AS failures FROM url u JOIN host h ON h.id = u.host"
	    " JOIN site s ON s.id = u.site"},
    {.name = NULL},
};
