/* SPDX-License-Identifier: MIT */
/* Tables of element and attribute names (HTML standard, sections 3, 4 and 13.2; older ones from HTML 4). */
#include "config.h"

#include "doc/tags.h"

#include <stddef.h>

#include "doc/doc.h"

/* clang-format off */
#define BLOCK VG_TAG_BLOCK
#define CLOSES_P VG_TAG_CLOSES_P
#define SCOPE VG_TAG_SCOPE
#define VOID VG_TAG_VOID
#define FORMAT VG_TAG_FORMAT
#define BREAKS_OUT VG_TAG_BREAKS_OUT

const struct vg_tag_facts vg_tags[VG_TAG_COUNT + 1] = {
    [VG_TAG_A] = {"a", FORMAT, 0},
    [VG_TAG_ABBR] = {"abbr", 0, 0},
    [VG_TAG_ADDRESS] = {"address", BLOCK | CLOSES_P, 0},
    [VG_TAG_ANNOTATION_XML] = {"annotation-xml", 0, 0},
    [VG_TAG_APPLET] = {"applet", SCOPE, 0},
    [VG_TAG_AREA] = {"area", VOID, 0},
    [VG_TAG_ARTICLE] = {"article", BLOCK | CLOSES_P, VG_IN_ARTICLE},
    [VG_TAG_ASIDE] = {"aside", BLOCK | CLOSES_P, VG_IN_ASIDE},
    [VG_TAG_AUDIO] = {"audio", BLOCK, 0},
    [VG_TAG_B] = {"b", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_BASE] = {"base", VOID, 0},
    [VG_TAG_BASEFONT] = {"basefont", VOID, 0},
    [VG_TAG_BDI] = {"bdi", 0, 0},
    [VG_TAG_BDO] = {"bdo", 0, 0},
    [VG_TAG_BGSOUND] = {"bgsound", VOID, 0},
    [VG_TAG_BIG] = {"big", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_BLOCKQUOTE] = {"blockquote", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_QUOTE},
    [VG_TAG_BODY] = {"body", BLOCK | BREAKS_OUT, 0},
    [VG_TAG_BR] = {"br", BLOCK | VOID | BREAKS_OUT, 0},
    [VG_TAG_BUTTON] = {"button", BLOCK | SCOPE, VG_IN_BUTTON},
    [VG_TAG_CANVAS] = {"canvas", 0, 0},
    [VG_TAG_CAPTION] = {"caption", BLOCK | SCOPE, 0},
    [VG_TAG_CENTER] = {"center", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_CITE] = {"cite", 0, VG_IN_QUOTE},
    [VG_TAG_CODE] = {"code", FORMAT | BREAKS_OUT, VG_IN_CODE},
    [VG_TAG_COL] = {"col", BLOCK | VOID, 0},
    [VG_TAG_COLGROUP] = {"colgroup", BLOCK, 0},
    [VG_TAG_DATA] = {"data", 0, 0},
    [VG_TAG_DATALIST] = {"datalist", BLOCK, 0},
    [VG_TAG_DD] = {"dd", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_LIST},
    [VG_TAG_DEL] = {"del", 0, VG_IN_DEL},
    [VG_TAG_DESC] = {"desc", 0, 0},
    [VG_TAG_DETAILS] = {"details", BLOCK | CLOSES_P, 0},
    [VG_TAG_DFN] = {"dfn", 0, 0},
    [VG_TAG_DIALOG] = {"dialog", BLOCK | CLOSES_P, 0},
    [VG_TAG_DIR] = {"dir", BLOCK | CLOSES_P, 0},
    [VG_TAG_DIV] = {"div", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_DL] = {"dl", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_DT] = {"dt", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_LIST},
    [VG_TAG_EM] = {"em", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_EMBED] = {"embed", VOID | BREAKS_OUT, 0},
    [VG_TAG_FIELDSET] = {"fieldset", BLOCK | CLOSES_P, 0},
    [VG_TAG_FIGCAPTION] = {"figcaption", BLOCK | CLOSES_P, 0},
    [VG_TAG_FIGURE] = {"figure", BLOCK | CLOSES_P, 0},
    [VG_TAG_FONT] = {"font", FORMAT, 0},
    [VG_TAG_FOOTER] = {"footer", BLOCK | CLOSES_P, VG_IN_FOOTER},
    [VG_TAG_FOREIGNOBJECT] = {"foreignobject", 0, 0},
    [VG_TAG_FORM] = {"form", BLOCK | CLOSES_P, VG_IN_FORM},
    [VG_TAG_FRAME] = {"frame", BLOCK | VOID, 0},
    [VG_TAG_FRAMESET] = {"frameset", BLOCK, 0},
    [VG_TAG_H1] = {"h1", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_HEADING},
    [VG_TAG_H2] = {"h2", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_HEADING},
    [VG_TAG_H3] = {"h3", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_HEADING},
    [VG_TAG_H4] = {"h4", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_HEADING},
    [VG_TAG_H5] = {"h5", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_HEADING},
    [VG_TAG_H6] = {"h6", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_HEADING},
    [VG_TAG_HEAD] = {"head", BLOCK | BREAKS_OUT, 0},
    [VG_TAG_HEADER] = {"header", BLOCK | CLOSES_P, VG_IN_NAV},
    [VG_TAG_HGROUP] = {"hgroup", BLOCK | CLOSES_P, 0},
    [VG_TAG_HR] = {"hr", BLOCK | CLOSES_P | VOID | BREAKS_OUT, 0},
    [VG_TAG_HTML] = {"html", BLOCK | SCOPE, 0},
    [VG_TAG_I] = {"i", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_IFRAME] = {"iframe", 0, 0},
    [VG_TAG_IMAGE] = {"image", 0, 0},
    [VG_TAG_IMG] = {"img", VOID | BREAKS_OUT, 0},
    [VG_TAG_INPUT] = {"input", VOID, 0},
    [VG_TAG_INS] = {"ins", 0, 0},
    [VG_TAG_ISINDEX] = {"isindex", 0, 0},
    [VG_TAG_KBD] = {"kbd", 0, VG_IN_CODE},
    [VG_TAG_KEYGEN] = {"keygen", VOID, 0},
    [VG_TAG_LABEL] = {"label", 0, VG_IN_LABEL},
    [VG_TAG_LEGEND] = {"legend", BLOCK, VG_IN_LABEL},
    [VG_TAG_LI] = {"li", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_LIST},
    [VG_TAG_LINK] = {"link", VOID, 0},
    [VG_TAG_LISTING] = {"listing", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_MAIN] = {"main", BLOCK | CLOSES_P, VG_IN_ARTICLE},
    [VG_TAG_MAP] = {"map", 0, 0},
    [VG_TAG_MARK] = {"mark", 0, 0},
    [VG_TAG_MARQUEE] = {"marquee", BLOCK | SCOPE, 0},
    [VG_TAG_MATH] = {"math", 0, 0},
    [VG_TAG_MENU] = {"menu", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_META] = {"meta", VOID | BREAKS_OUT, 0},
    [VG_TAG_METER] = {"meter", 0, 0},
    [VG_TAG_MI] = {"mi", 0, 0},
    [VG_TAG_MN] = {"mn", 0, 0},
    [VG_TAG_MO] = {"mo", 0, 0},
    [VG_TAG_MS] = {"ms", 0, 0},
    [VG_TAG_MTEXT] = {"mtext", 0, 0},
    [VG_TAG_NAV] = {"nav", BLOCK | CLOSES_P, VG_IN_NAV},
    [VG_TAG_NOBR] = {"nobr", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_NOEMBED] = {"noembed", 0, 0},
    [VG_TAG_NOFRAMES] = {"noframes", BLOCK, 0},
    [VG_TAG_NOSCRIPT] = {"noscript", 0, 0},
    [VG_TAG_OBJECT] = {"object", BLOCK | SCOPE, 0},
    [VG_TAG_OL] = {"ol", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_OPTGROUP] = {"optgroup", BLOCK, 0},
    [VG_TAG_OPTION] = {"option", BLOCK, VG_IN_LABEL},
    [VG_TAG_OUTPUT] = {"output", 0, 0},
    [VG_TAG_P] = {"p", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_PARAM] = {"param", VOID, 0},
    [VG_TAG_PICTURE] = {"picture", 0, 0},
    [VG_TAG_PLAINTEXT] = {"plaintext", BLOCK | CLOSES_P, 0},
    [VG_TAG_PRE] = {"pre", BLOCK | CLOSES_P | BREAKS_OUT, VG_IN_CODE},
    [VG_TAG_PROGRESS] = {"progress", 0, 0},
    [VG_TAG_Q] = {"q", 0, VG_IN_QUOTE},
    [VG_TAG_RP] = {"rp", 0, 0},
    [VG_TAG_RT] = {"rt", 0, 0},
    [VG_TAG_RUBY] = {"ruby", BREAKS_OUT, 0},
    [VG_TAG_S] = {"s", FORMAT | BREAKS_OUT, VG_IN_DEL},
    [VG_TAG_SAMP] = {"samp", 0, VG_IN_CODE},
    [VG_TAG_SCRIPT] = {"script", 0, 0},
    [VG_TAG_SEARCH] = {"search", BLOCK | CLOSES_P, 0},
    [VG_TAG_SECTION] = {"section", BLOCK | CLOSES_P, 0},
    [VG_TAG_SELECT] = {"select", BLOCK, 0},
    [VG_TAG_SLOT] = {"slot", 0, 0},
    [VG_TAG_SMALL] = {"small", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_SOURCE] = {"source", VOID, 0},
    [VG_TAG_SPAN] = {"span", BREAKS_OUT, 0},
    [VG_TAG_STRIKE] = {"strike", FORMAT | BREAKS_OUT, VG_IN_DEL},
    [VG_TAG_STRONG] = {"strong", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_STYLE] = {"style", 0, 0},
    [VG_TAG_SUB] = {"sub", BREAKS_OUT, 0},
    [VG_TAG_SUMMARY] = {"summary", BLOCK | CLOSES_P, 0},
    [VG_TAG_SUP] = {"sup", BREAKS_OUT, 0},
    [VG_TAG_SVG] = {"svg", 0, 0},
    [VG_TAG_TABLE] = {"table", BLOCK | CLOSES_P | SCOPE | BREAKS_OUT, 0},
    [VG_TAG_TBODY] = {"tbody", BLOCK, 0},
    [VG_TAG_TD] = {"td", BLOCK | SCOPE, VG_IN_TABLE},
    [VG_TAG_TEMPLATE] = {"template", SCOPE, 0},
    [VG_TAG_TEXTAREA] = {"textarea", BLOCK, 0},
    [VG_TAG_TFOOT] = {"tfoot", BLOCK, 0},
    [VG_TAG_TH] = {"th", BLOCK | SCOPE, VG_IN_TABLE},
    [VG_TAG_THEAD] = {"thead", BLOCK, 0},
    [VG_TAG_TIME] = {"time", 0, 0},
    [VG_TAG_TITLE] = {"title", BLOCK, 0},
    [VG_TAG_TR] = {"tr", BLOCK, 0},
    [VG_TAG_TRACK] = {"track", VOID, 0},
    [VG_TAG_TT] = {"tt", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_U] = {"u", FORMAT | BREAKS_OUT, 0},
    [VG_TAG_UL] = {"ul", BLOCK | CLOSES_P | BREAKS_OUT, 0},
    [VG_TAG_VAR] = {"var", BREAKS_OUT, 0},
    [VG_TAG_VIDEO] = {"video", BLOCK, 0},
    [VG_TAG_WBR] = {"wbr", VOID, 0},
    [VG_TAG_XMP] = {"xmp", BLOCK | CLOSES_P, 0},
    [VG_TAG_COUNT] = {"", 0, 0},
};

static const struct {
	const char *name;
	enum vg_attr_kind kind;
} attrs[VG_ATTR_COUNT + 1] = {
    [VG_ATTR_ACTION] = {"action", VG_VALUE_URL},
    [VG_ATTR_ALT] = {"alt", VG_VALUE_SPOKEN},
    [VG_ATTR_ARCHIVE] = {"archive", VG_VALUE_URLS},
    [VG_ATTR_ARIA_HIDDEN] = {"aria-hidden", VG_VALUE_PLAIN},
    [VG_ATTR_ARIA_LABEL] = {"aria-label", VG_VALUE_SPOKEN},
    [VG_ATTR_BACKGROUND] = {"background", VG_VALUE_URL},
    [VG_ATTR_CITE] = {"cite", VG_VALUE_URL},
    [VG_ATTR_CLASS] = {"class", VG_VALUE_PLAIN},
    [VG_ATTR_CODEBASE] = {"codebase", VG_VALUE_URL},
    [VG_ATTR_CONTENT] = {"content", VG_VALUE_PLAIN},
    [VG_ATTR_DATA] = {"data", VG_VALUE_URL},
    [VG_ATTR_DYNSRC] = {"dynsrc", VG_VALUE_URL},
    [VG_ATTR_FORMACTION] = {"formaction", VG_VALUE_URL},
    [VG_ATTR_HIDDEN] = {"hidden", VG_VALUE_PLAIN},
    [VG_ATTR_HREF] = {"href", VG_VALUE_URL},
    [VG_ATTR_HTTP_EQUIV] = {"http-equiv", VG_VALUE_PLAIN},
    [VG_ATTR_ID] = {"id", VG_VALUE_PLAIN},
    [VG_ATTR_IMAGESRCSET] = {"imagesrcset", VG_VALUE_SRCSET},
    [VG_ATTR_IMPLEMENTATION] = {"implementation", VG_VALUE_URL},
    [VG_ATTR_ITEMPROP] = {"itemprop", VG_VALUE_PLAIN},
    [VG_ATTR_LANG] = {"lang", VG_VALUE_PLAIN},
    [VG_ATTR_LONGDESC] = {"longdesc", VG_VALUE_URL},
    [VG_ATTR_LOWSRC] = {"lowsrc", VG_VALUE_URL},
    [VG_ATTR_MANIFEST] = {"manifest", VG_VALUE_URL},
    [VG_ATTR_NAME] = {"name", VG_VALUE_PLAIN},
    [VG_ATTR_PING] = {"ping", VG_VALUE_URLS},
    [VG_ATTR_PLACEHOLDER] = {"placeholder", VG_VALUE_SPOKEN},
    [VG_ATTR_POSTER] = {"poster", VG_VALUE_URL},
    [VG_ATTR_PROFILE] = {"profile", VG_VALUE_URL},
    [VG_ATTR_PROPERTY] = {"property", VG_VALUE_PLAIN},
    [VG_ATTR_REL] = {"rel", VG_VALUE_PLAIN},
    [VG_ATTR_ROLE] = {"role", VG_VALUE_PLAIN},
    [VG_ATTR_SRC] = {"src", VG_VALUE_URL},
    [VG_ATTR_SRCDOC] = {"srcdoc", VG_VALUE_MARKUP},
    [VG_ATTR_SRCSET] = {"srcset", VG_VALUE_SRCSET},
    [VG_ATTR_STYLE] = {"style", VG_VALUE_PLAIN},
    [VG_ATTR_TITLE] = {"title", VG_VALUE_SPOKEN},
    [VG_ATTR_TYPE] = {"type", VG_VALUE_PLAIN},
    [VG_ATTR_VALUE] = {"value", VG_VALUE_PLAIN},
    [VG_ATTR_XLINK_HREF] = {"xlink:href", VG_VALUE_URL},
    [VG_ATTR_COUNT] = {"", VG_VALUE_PLAIN},
};

/* Index of the first name that begins with each letter, and the end. */
static const uint8_t tag_letter[27] = {
    0, 9, 20, 27, 39, 41, 50, 50, 61, 68, 68, 70, 75, 88, 93, 98, 104, 105, 108, 125,
    138, 140, 142, 143, 144, 144, 144,
};
static const uint8_t attr_letter[27] = {
    0, 5, 6, 10, 12, 12, 13, 13, 16, 20, 20, 20, 23, 24, 25, 25, 30, 30, 32, 36, 38,
    38, 39, 39, 40, 40, 40,
};
/* clang-format on */

/* `known` is lower case. */
static bool is_name(const char *known, struct vg_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (known[i] == '\0' || vg_lower(name.ptr[i]) != known[i])
			return false;
	return !known[name.len];
}

enum vg_tag vg_tag_find(struct vg_str name)
{
	size_t letter =
	    name.len ? (size_t)(unsigned char)(vg_lower(name.ptr[0]) - 'a') : 26;

	if (letter < 26)
		for (size_t i = tag_letter[letter]; i < tag_letter[letter + 1]; i++)
			if (is_name(vg_tags[i].name, name))
				return (enum vg_tag)i;
	return VG_TAG_COUNT;
}

enum vg_attr_id vg_attr_find(struct vg_str name)
{
	size_t letter =
	    name.len ? (size_t)(unsigned char)(vg_lower(name.ptr[0]) - 'a') : 26;

	if (letter < 26)
		for (size_t i = attr_letter[letter]; i < attr_letter[letter + 1]; i++)
			if (is_name(attrs[i].name, name))
				return (enum vg_attr_id)i;
	return VG_ATTR_COUNT;
}

const char *vg_attr_name(enum vg_attr_id id)
{
	return attrs[id].name;
}

enum vg_attr_kind vg_attr_kind(enum vg_attr_id id)
{
	return attrs[id].kind;
}
