/* SPDX-License-Identifier: MIT */
/* Weights, features and the logistic sum. */
#include "config.h"

#include "detect/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FEATURES = 2048, MAX_QUOTE = 240 };

/* A page cannot buy certainty by saying a thing a thousand times. */
static const double max_value = 2.5;
/* The key reason comes first from this share of the strongest one's weight. */
static const double key_share = 0.4;

bool vg_number_read(struct vg_str text, double *ret)
{
	char digits[32], *end;

	if (text.len == 0) {
		*ret = 0;
		return true;
	}
	if (text.len >= sizeof(digits))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!vg_is_digit(text.ptr[i]) && text.ptr[i] != '-' &&
		    text.ptr[i] != '.')
			return false;
	memcpy(digits, text.ptr, text.len);
	digits[text.len] = '\0';
	*ret = strtod(digits, &end);
	return *end == '\0' && isfinite(*ret);
}

enum vg_status vg_weights_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	size_t name, key, col[VG_SUMS];
	enum vg_status status = vg_table_need(t, "feature", &name, err);

	if (status == VG_OK)
		status = vg_table_need(t, "key", &key, err);

	for (size_t f = 0; f < VG_SUMS && status == VG_OK; f++)
		status = vg_table_need(t, vg_sum_name((enum vg_sum)f), &col[f], err);
	for (size_t i = 0; status == VG_OK && i < t->row_count; i++) {
		struct vg_weight *w = vg_vec_push(&lex->weights);

		if (w == NULL)
			return vg_fail(err, VG_E_LIMIT, "%s:%u: too many weights",
			    t->name, vg_table_line(t, i));
		w->feature = vg_table_cell(t, i, name);
		for (size_t f = 0; f < VG_SUMS; f++)
			if (status == VG_OK &&
			    !vg_number_read(vg_table_cell(t, i, col[f]), &w->value[f]))
				status = vg_table_fault(t, vg_table_line(t, i),
				    vg_sum_name((enum vg_sum)f), err, "not a number");
		if (status == VG_OK && !vg_number_read(vg_table_cell(t, i, key), &w->key))
			status = vg_table_fault(
			    t, vg_table_line(t, i), "key", err, "not a number");
	}
	return status;
}

const char *vg_sum_name(enum vg_sum which)
{
	static const char *const names[VG_SUMS] = {
	    "rx", "fraud", "timeshare", "wildlife"};

	return names[which];
}

const struct vg_weight *vg_weight_find(
    const struct vg_lexicon *lex, struct vg_str feature)
{
	const struct vg_weight *all = lex->weights.items;

	for (size_t i = 0; i < lex->weights.len; i++)
		if (vg_str_eq(all[i].feature, feature))
			return &all[i];
	return NULL;
}

void vg_features_init(struct vg_features *fs, const struct vg_text *text)
{
	fs->text = text;
	fs->list = VG_VEC_INIT(struct vg_feature, MAX_FEATURES, text->doc->arena);
}

static struct vg_feature *find(const struct vg_features *fs, struct vg_str name)
{
	struct vg_feature *all = fs->list.items;

	for (size_t i = 0; i < fs->list.len; i++)
		if (vg_str_eq(all[i].name, name))
			return &all[i];
	return NULL;
}

bool vg_features_cite(struct vg_features *fs, struct vg_str name, double count,
    struct vg_str quote, struct vg_place at)
{
	struct vg_feature *f;

	if (count <= 0)
		return true;
	f = find(fs, name);
	if (f == NULL) {
		f = vg_vec_push(&fs->list);
		if (f == NULL)
			return false;
		*f = (struct vg_feature){name, 0, vg_str_sub(quote, 0, MAX_QUOTE), at};
	}
	f->count += count;
	return true;
}

bool vg_features_add(struct vg_features *fs, struct vg_str name, double count,
    uint32_t block, uint32_t start, uint32_t end)
{
	const struct vg_doc *doc = fs->text->doc;
	struct vg_feature *f = find(fs, name);

	if (f != NULL) {
		f->count += count > 0 ? count : 0;
		return true;
	}
	return vg_features_cite(fs, name, count,
	    vg_str_sub(doc->blocks[block].text, start, end),
	    vg_text_place(doc, block, start, end));
}

const struct vg_feature *vg_features_find(
    const struct vg_features *fs, const char *name)
{
	return find(fs, vg_str(name));
}

double vg_features_count(const struct vg_features *fs, const char *name)
{
	const struct vg_feature *f = find(fs, vg_str(name));

	return f == NULL ? 0 : f->count;
}

double vg_feature_value(double count)
{
	double value = count <= 1 ? count : 1 + log(count);

	return value < max_value ? value : max_value;
}

static int by_strength(const void *a, const void *b)
{
	double x = fabs(((const struct vg_reason *)a)->weight);
	double y = fabs(((const struct vg_reason *)b)->weight);

	return x < y ? 1 : x > y ? -1 : 0;
}

/* Moves the key reason to the front when little outweighs it, into the first `max` in any case. */
static void place_key(struct vg_reason *all, size_t count, size_t max)
{
	size_t at = 0, to;
	struct vg_reason key;

	while (at < count && !all[at].key)
		at++;
	if (at >= count || max == 0)
		return;
	key = all[at];
	to = at < max ? at : max - 1;
	if (key.weight >= key_share * fabs(all[0].weight))
		to = 0;
	memmove(all + to + 1, all + to, (at - to) * sizeof(*all));
	all[to] = key;
}

double vg_score(const struct vg_lexicon *lex, const struct vg_features *fs,
    enum vg_sum which, struct vg_reason *ret_why, size_t max, size_t *ret_count)
{
	struct vg_reason *all =
	    vg_arena_array(fs->text->doc->arena, fs->list.len + 1, sizeof(*all));
	size_t count = 0, key_at = 0;
	double sum = 0, key = 0;

	for (size_t i = 0; i < lex->weights.len; i++) {
		const struct vg_weight *w = vg_vec_at(&lex->weights, i);
		const struct vg_feature *f;
		double part;

		if (w->value[which] == 0)
			continue;
		if (vg_str_eqz(w->feature, "bias")) {
			sum += w->value[which];
			continue;
		}
		f = find(fs, w->feature);
		if (f == NULL)
			continue;
		part = w->value[which] * vg_feature_value(f->count);
		sum += part;
		if (all == NULL || count > fs->list.len)
			continue;
		if (part > 0 && w->key > key) {
			key = w->key;
			key_at = count;
		}
		all[count++] = (struct vg_reason){
		    .rule = f->name, .quote = f->quote, .weight = part, .at = f->at};
	}
	if (key > 0)
		all[key_at].key = true;
	if (count > 0)
		qsort(all, count, sizeof(*all), by_strength);
	place_key(all, count, max);
	*ret_count = count < max ? count : max;
	for (size_t i = 0; i < *ret_count; i++)
		ret_why[i] = all[i];
	return 1 / (1 + exp(-sum));
}
