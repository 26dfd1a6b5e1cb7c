/* SPDX-License-Identifier: MIT */
/* What the reader knows of element and attribute names. Internal to doc/. */
#ifndef VG_DOC_TAGS_H
#define VG_DOC_TAGS_H

#include "base/str.h"

/* clang-format off */
/* In byte order of their names, as the tables in tags.c. */
enum vg_tag {
	VG_TAG_A, VG_TAG_ABBR, VG_TAG_ADDRESS, VG_TAG_ANNOTATION_XML, VG_TAG_APPLET,
	VG_TAG_AREA, VG_TAG_ARTICLE, VG_TAG_ASIDE, VG_TAG_AUDIO, VG_TAG_B,
	VG_TAG_BASE, VG_TAG_BASEFONT, VG_TAG_BDI, VG_TAG_BDO, VG_TAG_BGSOUND,
	VG_TAG_BIG, VG_TAG_BLOCKQUOTE, VG_TAG_BODY, VG_TAG_BR, VG_TAG_BUTTON,
	VG_TAG_CANVAS, VG_TAG_CAPTION, VG_TAG_CENTER, VG_TAG_CITE, VG_TAG_CODE,
	VG_TAG_COL, VG_TAG_COLGROUP, VG_TAG_DATA, VG_TAG_DATALIST, VG_TAG_DD,
	VG_TAG_DEL, VG_TAG_DESC, VG_TAG_DETAILS, VG_TAG_DFN, VG_TAG_DIALOG,
	VG_TAG_DIR, VG_TAG_DIV, VG_TAG_DL, VG_TAG_DT, VG_TAG_EM, VG_TAG_EMBED,
	VG_TAG_FIELDSET, VG_TAG_FIGCAPTION, VG_TAG_FIGURE, VG_TAG_FONT,
	VG_TAG_FOOTER, VG_TAG_FOREIGNOBJECT, VG_TAG_FORM, VG_TAG_FRAME,
	VG_TAG_FRAMESET, VG_TAG_H1, VG_TAG_H2, VG_TAG_H3, VG_TAG_H4, VG_TAG_H5,
	VG_TAG_H6, VG_TAG_HEAD, VG_TAG_HEADER, VG_TAG_HGROUP, VG_TAG_HR, VG_TAG_HTML,
	VG_TAG_I, VG_TAG_IFRAME, VG_TAG_IMAGE, VG_TAG_IMG, VG_TAG_INPUT, VG_TAG_INS,
	VG_TAG_ISINDEX, VG_TAG_KBD, VG_TAG_KEYGEN, VG_TAG_LABEL, VG_TAG_LEGEND,
	VG_TAG_LI, VG_TAG_LINK, VG_TAG_LISTING, VG_TAG_MAIN, VG_TAG_MAP, VG_TAG_MARK,
	VG_TAG_MARQUEE, VG_TAG_MATH, VG_TAG_MENU, VG_TAG_META, VG_TAG_METER,
	VG_TAG_MI, VG_TAG_MN, VG_TAG_MO, VG_TAG_MS, VG_TAG_MTEXT, VG_TAG_NAV,
	VG_TAG_NOBR, VG_TAG_NOEMBED, VG_TAG_NOFRAMES, VG_TAG_NOSCRIPT, VG_TAG_OBJECT,
	VG_TAG_OL, VG_TAG_OPTGROUP, VG_TAG_OPTION, VG_TAG_OUTPUT, VG_TAG_P,
	VG_TAG_PARAM, VG_TAG_PICTURE, VG_TAG_PLAINTEXT, VG_TAG_PRE, VG_TAG_PROGRESS,
	VG_TAG_Q, VG_TAG_RP, VG_TAG_RT, VG_TAG_RUBY, VG_TAG_S, VG_TAG_SAMP,
	VG_TAG_SCRIPT, VG_TAG_SEARCH, VG_TAG_SECTION, VG_TAG_SELECT, VG_TAG_SLOT,
	VG_TAG_SMALL, VG_TAG_SOURCE, VG_TAG_SPAN, VG_TAG_STRIKE, VG_TAG_STRONG,
	VG_TAG_STYLE, VG_TAG_SUB, VG_TAG_SUMMARY, VG_TAG_SUP, VG_TAG_SVG,
	VG_TAG_TABLE, VG_TAG_TBODY, VG_TAG_TD, VG_TAG_TEMPLATE, VG_TAG_TEXTAREA,
	VG_TAG_TFOOT, VG_TAG_TH, VG_TAG_THEAD, VG_TAG_TIME, VG_TAG_TITLE, VG_TAG_TR,
	VG_TAG_TRACK, VG_TAG_TT, VG_TAG_U, VG_TAG_UL, VG_TAG_VAR, VG_TAG_VIDEO,
	VG_TAG_WBR, VG_TAG_XMP,
	VG_TAG_COUNT, /* any other element */
};

enum vg_attr_id {
	VG_ATTR_ACTION, VG_ATTR_ALT, VG_ATTR_ARCHIVE, VG_ATTR_ARIA_HIDDEN,
	VG_ATTR_ARIA_LABEL, VG_ATTR_BACKGROUND, VG_ATTR_CITE, VG_ATTR_CLASS,
	VG_ATTR_CODEBASE, VG_ATTR_CONTENT, VG_ATTR_DATA, VG_ATTR_DYNSRC,
	VG_ATTR_FORMACTION, VG_ATTR_HIDDEN, VG_ATTR_HREF, VG_ATTR_HTTP_EQUIV,
	VG_ATTR_ID, VG_ATTR_IMAGESRCSET, VG_ATTR_IMPLEMENTATION, VG_ATTR_ITEMPROP,
	VG_ATTR_LANG, VG_ATTR_LONGDESC, VG_ATTR_LOWSRC, VG_ATTR_MANIFEST,
	VG_ATTR_NAME, VG_ATTR_PING, VG_ATTR_PLACEHOLDER, VG_ATTR_POSTER,
	VG_ATTR_PROFILE, VG_ATTR_PROPERTY, VG_ATTR_REL, VG_ATTR_ROLE, VG_ATTR_SRC,
	VG_ATTR_SRCDOC, VG_ATTR_SRCSET, VG_ATTR_STYLE, VG_ATTR_TITLE, VG_ATTR_TYPE,
	VG_ATTR_VALUE, VG_ATTR_XLINK_HREF,
	VG_ATTR_COUNT, /* any other attribute */
};
/* clang-format on */

enum {
	VG_TAG_VOID = 1 << 0,       /* has no content and no end tag */
	VG_TAG_BLOCK = 1 << 1,      /* ends a run of text, at both sides */
	VG_TAG_CLOSES_P = 1 << 2,   /* its start tag ends an open p */
	VG_TAG_SCOPE = 1 << 3,      /* end tags inside do not reach elements outside */
	VG_TAG_FORMAT = 1 << 4,     /* outlives the end of a block it was opened in */
	VG_TAG_BREAKS_OUT = 1 << 5, /* its start tag ends svg and math */
};

enum vg_attr_kind {
	VG_VALUE_PLAIN,
	VG_VALUE_URL,
	VG_VALUE_URLS, /* several, apart by white space or commas */
	VG_VALUE_SRCSET,
	VG_VALUE_MARKUP, /* a document of its own */
	VG_VALUE_SPOKEN, /* text for people */
};

struct vg_tag_facts {
	const char *name;
	uint8_t flags; /* VG_TAG_ bits */
	uint32_t in;   /* VG_IN_ bits of what it encloses */
};

extern const struct vg_tag_facts
    vg_tags[VG_TAG_COUNT + 1]; /* the last is for all others */

/* Both fold ASCII case and answer the COUNT value for a name they do not know. */
enum vg_tag vg_tag_find(struct vg_str name);
enum vg_attr_id vg_attr_find(struct vg_str name);
const char *vg_attr_name(enum vg_attr_id id);
enum vg_attr_kind vg_attr_kind(enum vg_attr_id id);

#endif
