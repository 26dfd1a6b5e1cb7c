/* SPDX-License-Identifier: MIT */
/* Medicines on a page: which are meant, which are offered, and what stands around them. */
#ifndef VG_DETECT_RX_H
#define VG_DETECT_RX_H

#include "detect/rule.h"
#include "detect/score.h"

/* A medicine named on the page. */
struct vg_mention {
	uint32_t hit;  /* index into text->hits */
	uint32_t drug; /* vg_lexicon_drug() */
	bool offered;  /* something around it sells it, nothing takes it back */
};

struct vg_mentions {
	const struct vg_mention *list;
	size_t count;
	bool any_offered;          /* of a medicine that needs a prescription */
	enum vg_severity severity; /* the highest offered */
};

/* Decides which medicine names are meant; adds features "rx.…". From doc->arena. */
VG_WARN_UNUSED enum vg_status vg_rx_read(const struct vg_lexicon *lex,
    const struct vg_text *text, const struct vg_concepts *sentences,
    struct vg_features *fs, struct vg_mentions *ret, struct vg_error *err);

#endif
