/* SPDX-License-Identifier: MIT */
/* Guessing the language from its commonest words and its script. */
#include "config.h"

#include "detect/lang.h"

#include <string.h>

enum { LANGUAGES = 7, LATIN = 5, MAX_READ = 32768, MAX_WORD = 8, RU = 5, ZH = 6 };

static const char *const tags[LANGUAGES] = {"en", "es", "pt", "fr", "de", "ru", "zh"};

/* The commonest function words that few of the others share; spaces on both sides of each. */
static const char *const words[LATIN] = {
    " the and of to is for with you your are this that we our from not have it be on "
    "or was ",
    " el los las del una para con por que es su sus se al lo como este esta pero sin "
    "muy ",
    " o os das dos uma para com por que \xc3\xa9 n\xc3\xa3o seu sua ao na em "
    "voc\xc3\xaa mais "
    "foi pela pelo ",
    " le les des une pour avec que est sur dans pas vous nous votre au aux ce cette et "
    "qui ",
    " der die das und ist nicht ein eine mit f\xc3\xbcr auf von den dem wir sie zu im "
    "ohne bei ",
};

static bool is_letter(unsigned char c)
{
	return vg_is_alpha((char)c) || c >= 0x80;
}

static void count_word(const char *word, size_t len, size_t score[LANGUAGES])
{
	char key[MAX_WORD + 3];

	if (len == 0 || len > MAX_WORD)
		return;
	key[0] = ' ';
	for (size_t i = 0; i < len; i++)
		key[i + 1] = vg_lower(word[i]);
	key[len + 1] = ' ';
	key[len + 2] = '\0';
	for (size_t l = 0; l < LATIN; l++)
		score[l] += strstr(words[l], key) != NULL;
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
