/* SPDX-License-Identifier: MIT */
/* Every quantity that somebody outside can drive has its limit here. */
#ifndef VG_BASE_LIMITS_H
#define VG_BASE_LIMITS_H

#define VG_MAX_BODY (8u << 20)        /* bytes of a response on the wire, default */
#define VG_MAX_DOCUMENT (32u << 20)   /* bytes after content-decoding, default */
#define VG_MAX_RATIO 200u             /* document bytes per payload byte */
#define VG_MAX_HEADERS (256u << 10)   /* bytes of a response head */
#define VG_MAX_URL 2000u              /* bytes of a URL we request */
#define VG_MAX_REDIRECTS 10u          /* hops of one fetch */
#define VG_MAX_BATCH_LINE (64u << 20) /* bytes of a batch request line */
#define VG_MAX_FRAME (192u << 20) /* bytes of a frame between coordinator and worker */
#define VG_MAX_PAGE_ARENA                                                              \
	(384u << 20)        /* bytes of memory one page may use while analysed */
#define VG_MAX_WORKERS 256u /* analysis workers of one pool */
#define VG_MAX_WORKER_AS (1536u << 20) /* bytes of address space of a worker */
#define VG_MAX_WORKER_RSS (256u << 20) /* resident bytes: an idle worker is replaced */
#define VG_MAX_WORKER_TASKS 20000u     /* tasks, then a worker is replaced */
#define VG_MAX_LINKS 50000u            /* links kept per page */
#define VG_MAX_BLOCKS 200000u          /* text blocks kept per page */
#define VG_MAX_RECORDS 5000u           /* listings a plugin may emit per page */
#define VG_MAX_FIELD 65536u            /* bytes of one field of a listing */
#define VG_MAX_FINDINGS 20000u         /* matches of one kind per page */
#define VG_MAX_DEPTH 512u              /* open elements the tokenizer remembers */
#define VG_MAX_CONFIG (1u << 20)       /* bytes of a configuration file */
#define VG_MAX_CONFIG_LINE 4096u       /* bytes of one of its lines */
#define VG_MAX_TREE_NODES 500000u /* elements of the tree that plugins select from */
#define VG_MAX_TREE_TEXT                                                               \
	(64u << 20)       /* bytes of text that plugins read of that tree's elements */
#define VG_MAX_ATTRS 256u /* attributes kept per element of that tree */
#define VG_MAX_SELECTED 200000u        /* nodes one selection may give */
#define VG_XPATH_STEPS 20000000u       /* XPath steps a page may cost */
#define VG_MAX_PLUGIN_FILE (16u << 20) /* bytes of a plugin */
#define VG_MAX_PLUGINS 256u            /* plugins of one process */
#define VG_MAX_PLUGIN_RULES 1024u      /* match rules, and seeds, of one plugin */
#define VG_MAX_ROBOTS                                                                  \
	(512u << 10) /* bytes of robots.txt that are read (RFC 9309: >= 500 KiB) */
#define VG_MAX_LEXICON (16u << 20)   /* bytes of one lexicon table */
#define VG_REGEX_MATCH_LIMIT 200000u /* PCRE2 match limit */
#define VG_REGEX_DEPTH_LIMIT 2000u   /* PCRE2 backtracking depth */
#define VG_REGEX_HEAP_KIB 4096u      /* PCRE2 heap, KiB */

#endif
