/* SPDX-License-Identifier: MIT */
/* Guessing the language from its commonest words and its script. */
#include "config.h"

#include "detect/lang.h"

#include <endian.h>
#include <string.h>

enum { LANGUAGES = 7, LATIN = 5, MAX_READ = 32768, MAX_WORD = 8, RU = 5, ZH = 6 };

static const char *const tags[LANGUAGES] = {"en", "es", "pt", "fr", "de", "ru", "zh"};

enum { EN = 1 << 0, ES = 1 << 1, PT = 1 << 2, FR = 1 << 3, DE = 1 << 4 };

/* The commonest function words that few of the others share, in byte order. */
static const struct {
	char word[MAX_WORD]; /* ended by NUL when shorter */
	uint8_t languages;   /* bits in the order of tags */
} words[] = {{"al", ES}, {"and", EN}, {"ao", PT}, {"are", EN}, {"au", FR}, {"auf", DE},
    {"aux", FR}, {"avec", FR}, {"be", EN}, {"bei", DE}, {"ce", FR}, {"cette", FR},
    {"com", PT}, {"como", ES}, {"con", ES}, {"dans", FR}, {"das", PT | DE}, {"del", ES},
    {"dem", DE}, {"den", DE}, {"der", DE}, {"des", FR}, {"die", DE}, {"dos", PT},
    {"ein", DE}, {"eine", DE}, {"el", ES}, {"em", PT}, {"es", ES}, {"est", FR},
    {"esta", ES}, {"este", ES}, {"et", FR}, {"foi", PT}, {"for", EN}, {"from", EN},
    {"f\xc3\xbcr", DE}, {"have", EN}, {"im", DE}, {"is", EN}, {"ist", DE}, {"it", EN},
    {"las", ES}, {"le", FR}, {"les", FR}, {"lo", ES}, {"los", ES}, {"mais", PT},
    {"mit", DE}, {"muy", ES}, {"na", PT}, {"nicht", DE}, {"not", EN}, {"nous", FR},
    {"n\xc3\xa3o", PT}, {"o", PT}, {"of", EN}, {"ohne", DE}, {"on", EN}, {"or", EN},
    {"os", PT}, {"our", EN}, {"para", ES | PT}, {"pas", FR}, {"pela", PT}, {"pelo", PT},
    {"pero", ES}, {"por", ES | PT}, {"pour", FR}, {"que", ES | PT | FR}, {"qui", FR},
    {"se", ES}, {"seu", PT}, {"sie", DE}, {"sin", ES}, {"su", ES}, {"sua", PT},
    {"sur", FR}, {"sus", ES}, {"that", EN}, {"the", EN}, {"this", EN}, {"to", EN},
    {"uma", PT}, {"una", ES}, {"und", DE}, {"une", FR}, {"voc\xc3\xaa", PT},
    {"von", DE}, {"votre", FR}, {"vous", FR}, {"was", EN}, {"we", EN}, {"wir", DE},
    {"with", EN}, {"you", EN}, {"your", EN}, {"zu", DE}, {"\xc3\xa9", PT}};

static bool is_letter(unsigned char c)
{
	return vg_is_alpha((char)c) || c >= 0x80;
}

/* Eight bytes as a number whose order is theirs. */
static uint64_t number_of(const char word[MAX_WORD])
{
	uint64_t n;

	memcpy(&n, word, sizeof(n));
	return be64toh(n);
}

static void count_word(const char *word, size_t len, size_t score[LANGUAGES])
{
	size_t low = 0, high = sizeof(words) / sizeof(words[0]);
	char letters[MAX_WORD] = "";
	uint64_t key;

	if (len == 0 || len > MAX_WORD)
		return;
	for (size_t i = 0; i < len; i++)
		letters[i] = vg_lower(word[i]);
	key = number_of(letters);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		uint64_t here = number_of(words[mid].word);

		if (key == here) {
			for (size_t l = 0; l < LATIN; l++)
				score[l] += (unsigned)words[mid].languages >> l & 1u;
			return;
		}
		if (key < here)
			high = mid;
		else
			low = mid + 1;
	}
}

static void read_block(struct vg_str text, size_t score[LANGUAGES])
{
	size_t start = 0;

	for (size_t i = 0; i <= text.len; i++) {
		unsigned char c = i < text.len ? (unsigned char)text.ptr[i] : ' ';

		if (is_letter(c)) {
			score[RU] += c == 0xd0 || c == 0xd1;
			score[ZH] += c >= 0xe4 && c <= 0xe9;
			continue;
		}
		count_word(text.ptr + start, i - start, score);
		start = i + 1;
	}
}

struct vg_str vg_lang_of(const struct vg_doc *doc)
{
	size_t score[LANGUAGES] = {0}, read = 0, best = 0;
	struct vg_str declared = vg_str_sub(doc->declared_lang, 0, 2);

	for (size_t b = 0; b < doc->block_count && read < MAX_READ; b++) {
		if (doc->blocks[b].where != VG_WHERE_TEXT &&
		    doc->blocks[b].where != VG_WHERE_TITLE)
			continue;
		read += doc->blocks[b].text.len;
		read_block(doc->blocks[b].text, score);
	}
	/* letters, not words: a word is worth six letters or two characters */
	score[RU] /= 6;
	score[ZH] /= 2;
	for (size_t l = 0; l < LANGUAGES; l++) {
		score[l] = 2 * score[l] + vg_str_ieqz(declared, tags[l]);
		if (score[l] > score[best])
			best = l;
	}
	return score[best] == 0 ? VG_STR("und") : vg_str(tags[best]);
}
