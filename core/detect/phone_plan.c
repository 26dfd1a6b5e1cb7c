/* SPDX-License-Identifier: MIT */
/* The tables: detailed where our cases are, by length elsewhere. */
#include "config.h"

#include "detect/phone_plan.h"

#include <string.h>

/* Mexico: area codes of the IFT's national plan, and its service codes. */
static const char mx_numbers[] =
    "10:20[01] 10:22 10:23[1-35-8] 10:24[13-9] 10:27[1-689] 10:28[1-578] 10:29[467] "
    "10:31[1-79] "
    "10:3[2458][1-9] 10:33 10:37[1-8] 10:39[1-5] 10:41[1-57-9] 10:4[25-7][1-9] "
    "10:43[1-8] "
    "10:44 10:48[1-35-9] 10:49[2-689] 10:5[56] 10:588 10:59[1-79] 10:61[2-68] "
    "10:6[2-4][1-9] "
    "10:65[1-3689] 10:66[1-57-9] 10:67[1-7] 10:68[67] 10:69[4-8] 10:7[1-467][1-9] "
    "10:75[13-9] "
    "10:78[1-69] 10:79[17] 10:81 10:82[13-689] 10:83[1-6] 10:84[124-6] 10:86[1246-9] "
    "10:87[1-378] 10:89[12479] 10:91[346-9] 10:92[1-4] 10:93[2-46-8] 10:95[1348] "
    "10:9[69][1-9] 10:97[12] 10:98[1-8] 10:800 10:888 10:900 10:300 10:500";
static const char gb_numbers[] =
    "9-10:1[1-9] 10:20[013478] 10:23[0189] 10:24[017] 10:28 10:29[0-2] 10:3[0347] "
    "10:5[56] "
    "10:7 9-10:80[08] 7:800 10:84[2-5] 10:87[0-3] 10:9[018]";
static const char br_numbers[] =
    "10:[14689][1-9][2-57] 10:2[12478][2-57] 10:3[1-578][2-57] 10:5[13-5][2-57] "
    "10:7[13-579][2-57] 11:[14689][1-9]9 11:2[12478]9 11:3[1-578]9 11:5[13-5]9 "
    "11:7[13-579]9 "
    "9-10:800 9-10:[359]00 8:400[0-9] 8:300[0-9]";

static const struct vg_plan plans[] = {
    {"US", "1", "011", "1", false, NULL},
    {"CA", "1", "011", "1", false, NULL},
    {"DO", "1", "011", "1", false, NULL},
    {"PR", "1", "011", "1", false, NULL},
    {"MX", "52", "00 09", "044 045 01 02 1", false, mx_numbers},
    {"GB", "44", "00", "0", true, gb_numbers},
    {"ES", "34", "00", "", false, "9:6 9:7[0-4] 9:8[0-8] 9:9[0-8] 9:51"},
    {"CO", "57", "00[579] 00414 00444 00456", "0[3579] 0414 0444 0456 0", false,
	"10:3 10:60[124-8] 8:[124-8][2-9] 11:1800 11:1900"},
    {"AR", "54", "00", "0", false,
	"10:11 10:2[2-9] 10:3[3-8] 11:911 11:92[2-9] 11:93[3-8] 10:800 10:810 "
	"10:6[01]0"},
    {"CL", "56", "00 1[1-9].0", "", false, "9:[2-79] 9:800 9:600 11:600"},
    {"BR", "55", "001[245] 002[1-35] 0031 004[13] 005 006 0099 00",
	"01[245] 02[1-35] 031 04[13] "
	"055 065 099 90 0",
	false, br_numbers},
    {"FR", "33", "00", "0", true, "9:[1-9]"},
    {"DE", "49", "00", "0", true,
	"10-11:1[5-7] 10-12:800 10-11:[17]00 10:180 7-11:[2-9]"},
    {"IN", "91", "00", "0", false, "10:[6-9] 10:[1-5] 10:1800"},
    {"IT", "39", "00", "", false, "6-11:0 9-10:3 6-9:800 9:8"},
    {"PT", "351", "00", "", false, "9:2 9:9[1-36] 9:[378]0"},
    {"RU", "7", "810", "8", false, "10:[3489]"},
    {"KZ", "7", "810", "8", false, "10:7"},
    {"NL", "31", "00", "0", true, "9:[1-8] 10:900 10:800 7:800 9:97"},
    {"BE", "32", "00", "0", true, "8:[1-9] 9:4"},
    {"CH", "41", "00", "0", true, "9:[2-9]"},
    {"AT", "43", "00", "0", true, "7-13:[1-9]"},
    {"PL", "48", "00", "", false, "9:[1-9]"},
    {"CZ", "420", "00", "", false, "9:[2-9]"},
    {"SE", "46", "00", "0", true, "7-10:[1-9]"},
    {"NO", "47", "00", "", false, "8:[2-9]"},
    {"DK", "45", "00", "", false, "8:[2-9]"},
    {"FI", "358", "00", "0", true, "6-11:[1-9]"},
    {"IE", "353", "00", "0", true, "7-9:[1-9] 10:1800"},
    {"GR", "30", "00", "", false, "10:[26-9]"},
    {"HU", "36", "00", "06", true, "8-9:[1-9]"},
    {"RO", "40", "00", "0", true, "9:[237-9]"},
    {"UA", "380", "00", "0", true, "9:[3-9]"},
    {"LT", "370", "00", "8 0", true, "8:[3-9]"},
    {"LV", "371", "00", "", false, "8:[2689]"},
    {"EE", "372", "00", "", false, "7-8:[3-9]"},
    {"TR", "90", "00", "0", true, "10:[2-58]"},
    {"IL", "972", "00 01[2-9]", "0", true, "8-9:[2-9]"},
    {"AE", "971", "00", "0", true, "8:[2-479] 9:5 9:800"},
    {"GT", "502", "00", "", false, "8:[2-7]"},
    {"SV", "503", "00", "", false, "8:[267]"},
    {"HN", "504", "00", "", false, "8:[237-9]"},
    {"NI", "505", "00", "", false, "8:[1257-8]"},
    {"CR", "506", "00", "", false, "8:[24-8]"},
    {"PA", "507", "00", "", false, "7:[2-9] 8:6"},
    {"BZ", "501", "00", "", false, "7:[2-8]"},
    {"PE", "51", "00", "0", false, "9:9 8:[1-8]"},
    {"EC", "593", "00", "0", false, "9:9 8:[2-7]"},
    {"BO", "591", "00", "0", false, "8:[2-467]"},
    {"PY", "595", "00", "0", false, "9:9 7-9:[2-8]"},
    {"UY", "598", "00", "0", false, "8:9 8:[24]"},
    {"VE", "58", "00", "0", false, "10:[24-589]"},
    {"CU", "53", "119", "0", false, "8:5 6-8:[2-4] 8:7"},
    {"CN", "86", "00", "0", false, "11:1[3-9] 10:10 10:2 9-11:[3-9]"},
    {"HK", "852", "00", "", false, "8:[2-9]"},
    {"TW", "886", "00", "0", true, "8-9:[2-9]"},
    {"JP", "81", "010", "0", true, "9:[1-9] 10:[5-9]0"},
    {"KR", "82", "00", "0", true, "8-10:[1-9]"},
    {"TH", "66", "00", "0", true, "8:[2-7] 9:[689]"},
    {"VN", "84", "00", "0", true, "9-10:[2-9]"},
    {"PH", "63", "00", "0", true, "10:9 8-9:[2-8]"},
    {"ID", "62", "00", "0", true, "8-12:[1-9]"},
    {"MY", "60", "00", "0", true, "8-10:[1-9]"},
    {"SG", "65", "00", "", false, "8:[3689]"},
    {"AU", "61", "0011", "0", true, "9:[2-478] 10:1[38]00"},
    {"NZ", "64", "00", "0", true, "8:[34679] 8-10:2 8-10:[58]0"},
    {"ZA", "27", "00", "0", true, "9:[1-8]"},
    {"NG", "234", "009", "0", true, "10:[789] 8:[1-9]"},
    {"GH", "233", "00", "0", true, "9:[235]"},
    {"KE", "254", "000", "0", true, "9:[17] 7-9:[2-6]"},
    {"EG", "20", "00", "0", true, "10:1 8-9:[2-9]"},
    {"MA", "212", "00", "0", true, "9:[5-8]"},
    {"PK", "92", "00", "0", true, "10:3 9-10:[2-9]"},
    {"BD", "880", "00", "0", true, "10:1 8-10:[2-9]"},
    {"", "800", "", "", false, "8:."},
    {"", "808", "", "", false, "8:."},
    {"", "870", "", "", false, "9:[37]"},
    {"", "883", "", "", false, "9-12:[15]"},
};

/* Calling codes of the other countries: any number of 7 to 12 digits is taken. */
static const char other_codes[] =
    "93 94 95 98 211 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 "
    "235 236 237 "
    "238 239 240 241 242 243 244 245 246 248 249 250 251 252 253 255 256 257 258 260 "
    "261 262 263 "
    "264 265 266 267 268 269 290 291 297 298 299 350 352 354 355 356 357 359 373 374 "
    "375 376 377 "
    "378 381 382 383 385 386 387 389 421 423 500 508 509 590 592 594 596 597 599 670 "
    "672 673 674 "
    "675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 850 853 855 "
    "856 960 961 "
    "962 963 964 965 966 967 968 970 973 974 975 976 977 992 993 994 995 996 998";
static const struct vg_plan other_plan = {"", "", "", "0", true, "7-12:[1-9]"};

/* North American area codes: those of Canada, then of the islands, then everybody's. */
static const char ca_areas[] =
    "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 "
    "437 438 450 "
    "468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 "
    "778 780 782 "
    "807 819 825 867 873 879 902 905 600 622 633 644 655 677 688";
static const char island_areas[] =
    "242BS 246BB 264AI 268AG 284VG 340VI 345KY 441BM 473GD 649TC 658JM 664MS 670MP "
    "671GU 684AS "
    "721SX 758LC 767DM 784VC 787PR 809DO 829DO 849DO 868TT 869KN 876JM 939PR";
static const char us_areas[] =
    "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 "
    "225 227 228 "
    "229 231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 272 274 276 279 "
    "281 283 301 "
    "302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 "
    "326 327 329 "
    "330 331 332 334 336 337 339 341 346 347 350 351 352 353 360 361 363 364 369 380 "
    "385 386 401 "
    "402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 "
    "435 436 440 "
    "442 443 445 447 448 457 458 463 464 469 470 471 472 475 478 479 480 483 484 501 "
    "502 503 504 "
    "505 507 508 509 510 512 513 515 516 517 518 520 530 531 534 539 540 541 551 557 "
    "559 561 562 "
    "563 564 567 570 571 572 573 574 575 580 582 585 586 601 602 603 605 606 607 608 "
    "609 610 612 "
    "614 615 616 617 618 619 620 621 623 624 626 628 629 630 631 636 640 641 645 646 "
    "650 651 656 "
    "657 659 660 661 662 667 669 678 679 680 681 682 686 689 701 702 703 704 706 707 "
    "708 712 713 "
    "714 715 716 717 718 719 720 724 725 726 727 728 729 730 731 732 734 737 738 740 "
    "743 747 748 "
    "754 757 760 762 763 765 769 770 771 772 773 774 775 779 781 785 786 801 802 803 "
    "804 805 806 "
    "808 810 812 813 814 815 816 817 818 820 821 826 828 830 831 832 835 837 838 839 "
    "840 843 845 "
    "847 848 850 854 856 857 858 859 860 861 862 863 864 865 870 872 878 901 903 904 "
    "906 907 908 "
    "909 910 912 913 914 915 916 917 918 919 920 924 925 928 929 930 931 934 936 937 "
    "938 940 941 "
    "943 945 947 948 949 951 952 954 956 959 970 971 972 973 975 978 979 980 983 984 "
    "985 986 989 "
    "800 833 844 855 866 877 888 900 500 521 522 523 524 525 526 527 528 529 532 533 "
    "535 538 542 "
    "543 544 545 546 547 549 550 552 553 554 556 566 569 577 578 588 589 700 710";

/* Where a word of three digits stands in a list, or NULL. */
static const char *area_in(const char *list, const char *area)
{
	for (const char *p = list; *p != '\0'; p++) {
		if ((p == list || p[-1] == ' ') && strncmp(p, area, 3) == 0)
			return p;
	}
	return NULL;
}

static bool north_american(struct vg_str n, char ret_region[3])
{
	const char *island;

	memcpy(ret_region, "US", 3);
	if (n.len == 7) {
		memcpy(ret_region, "CA", 3);
		return memcmp(n.ptr, "310", 3) == 0;
	}
	if (n.len != 10 || n.ptr[3] < '2')
		return false;
	if (area_in(ca_areas, n.ptr) != NULL)
		memcpy(ret_region, "CA", 3);
	else if ((island = area_in(island_areas, n.ptr)) != NULL)
		memcpy(ret_region, island + 3, 2);
	else
		return area_in(us_areas, n.ptr) != NULL;
	return true;
}

const struct vg_plan *vg_plan_of_region(const char *region)
{
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		if (region[0] != '\0' && strcmp(plans[i].region, region) == 0)
			return &plans[i];
	}
	return NULL;
}

const struct vg_plan *vg_plan_of_code(struct vg_str digits, size_t *ret_len)
{
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		if (vg_str_starts(digits, vg_str(plans[i].code))) {
			*ret_len = strlen(plans[i].code);
			return &plans[i];
		}
	}
	struct vg_str rest = vg_str(other_codes), code;
	while (vg_str_split(&rest, ' ', &code)) {
		if (vg_str_starts(digits, code)) {
			*ret_len = code.len;
			return &other_plan;
		}
	}
	return NULL;
}

/* One element of a pattern against one digit; moves past the element. */
static bool element_matches(const char **p, char digit)
{
	const char *at = *p;
	bool hit = false;

	if (*at != '[') {
		*p = at + 1;
		return *at == '.' || *at == digit;
	}
	for (at++; *at != ']'; at++) {
		if (at[1] == '-') {
			hit |= digit >= at[0] && digit <= at[2];
			at += 2;
		} else {
			hit |= *at == digit;
		}
	}
	*p = at + 1;
	return hit;
}

/* Digits that the pattern at `p` covers if it begins `digits`; SIZE_MAX if not. Moves to its end. */
static size_t pattern_matches(const char **p, struct vg_str digits)
{
	size_t len = 0;
	bool hit = true;

	while (**p != '\0' && **p != ' ') {
		hit &= element_matches(p, len < digits.len ? digits.ptr[len] : '\0') &&
		       len < digits.len;
		len++;
	}
	return hit ? len : SIZE_MAX;
}

size_t vg_plan_prefix(const char *patterns, size_t *at, struct vg_str digits)
{
	const char *p = patterns + *at;

	while (*p != '\0') {
		size_t len = pattern_matches(&p, digits);
		p += *p == ' ';
		*at = (size_t)(p - patterns);
		if (len != SIZE_MAX && len > 0)
			return len;
	}
	return 0;
}

static size_t read_count(const char **p)
{
	size_t n = 0;
	for (; vg_is_digit(**p); (*p)++)
		n = n * 10 + (size_t)(**p - '0');
	return n;
}

bool vg_plan_valid(
    const struct vg_plan *plan, struct vg_str national, char ret_region[3])
{
	if (plan->numbers == NULL)
		return national.len >= 7 && north_american(national, ret_region);
	memcpy(ret_region, plan->region, 3);
	for (const char *p = plan->numbers; *p != '\0'; p += *p == ' ') {
		size_t min = read_count(&p), max = min;
		if (*p == '-') {
			p++;
			max = read_count(&p);
		}
		p++; /* ':' */
		size_t len = pattern_matches(&p, national);
		if (len != SIZE_MAX && national.len >= min && national.len <= max)
			return true;
	}
	return false;
}
