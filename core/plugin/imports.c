/* SPDX-License-Identifier: MIT */
/* What a shared object asks of the C library, out of its dynamic symbols. A review gate: the sandbox is the wall. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <elf.h>
#include <string.h>

/* A pure function needs no more; a name may also be spelt __NAME_chk, as hardening does. */
static const char *const allowed[] = {"abort", "abs", "atoi", "atol", "bcmp", "bsearch",
    "calloc", "free", "isalnum", "isalpha", "isdigit", "isspace", "isxdigit", "labs",
    "malloc", "memchr", "memcmp", "memcpy", "memmem", "memmove", "memrchr", "memset",
    "qsort", "realloc", "snprintf", "strcasecmp", "strchr", "strcmp", "strcspn",
    "strlen", "strncasecmp", "strncmp", "strnlen", "strpbrk", "strrchr", "strspn",
    "strstr", "strtod", "strtol", "strtoll", "strtoul", "strtoull", "tolower",
    "toupper", "vsnprintf", "__ctype_b_loc", "__ctype_tolower_loc",
    "__ctype_toupper_loc", "__errno_location", "__stack_chk_fail"};
/* What compiler, linker and sanitizers add. */
static const char *const added[] = {"_ITM_", "__gmon_start__", "__cxa_finalize",
    "__asan_", "__ubsan_", "__sanitizer_", "__tsan_", "__gcov_", "__isoc"};

static bool is_allowed(struct vg_str name)
{
	struct vg_str plain = name;

	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++)
		if (vg_str_starts(name, vg_str(added[i])))
			return true;
	if (vg_str_starts(name, VG_STR("__")) && vg_str_ends(name, VG_STR("_chk")))
		plain = vg_str_sub(name, 2, name.len - 4);
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (vg_str_eqz(plain, allowed[i]) || vg_str_eqz(name, allowed[i]))
			return true;
	return false;
}

/* A table of `size` bytes at `offset` of the file; empty when it does not lie in it. */
static struct vg_str table(struct vg_str file, uint64_t offset, uint64_t size)
{
	if (offset > file.len || size > file.len - offset)
		return (struct vg_str){0};
	return vg_str_sub(file, (size_t)offset, (size_t)(offset + size));
}

static void add_name(struct vg_buf *ret, struct vg_str name)
{
	vg_buf_addz(ret, ret->len > 0 ? ", " : "");
	for (size_t i = 0; i < name.len && i < 64; i++)
		vg_buf_addc(
		    ret, name.ptr[i] > ' ' && name.ptr[i] < 0x7F ? name.ptr[i] : '?');
}

static void check_symbols(
    struct vg_str symbols, struct vg_str names, struct vg_buf *ret)
{
	for (size_t at = sizeof(Elf64_Sym); at + sizeof(Elf64_Sym) <= symbols.len;
	     at += sizeof(Elf64_Sym)) {
		Elf64_Sym symbol;
		struct vg_str name;

		memcpy(&symbol, symbols.ptr + at, sizeof(symbol));
		if (symbol.st_shndx != SHN_UNDEF || symbol.st_name >= names.len)
			continue;
		name = vg_str_sub(names, symbol.st_name, names.len);
		name.len = strnlen(name.ptr, name.len);
		if (!is_allowed(name))
			add_name(ret, name);
	}
}

void vg_imports_check(struct vg_str file, struct vg_buf *ret)
{
	Elf64_Ehdr head;
	struct vg_str sections;

	if (file.len < sizeof(head))
		return;
	memcpy(&head, file.ptr, sizeof(head));
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_shentsize != sizeof(Elf64_Shdr))
		return;
	sections =
	    table(file, head.e_shoff, (uint64_t)head.e_shnum * sizeof(Elf64_Shdr));
	for (size_t i = 0; i < sections.len / sizeof(Elf64_Shdr); i++) {
		Elf64_Shdr s, strings;

		memcpy(&s, sections.ptr + i * sizeof(s), sizeof(s));
		if (s.sh_type != SHT_DYNSYM ||
		    s.sh_link >= sections.len / sizeof(Elf64_Shdr))
			continue;
		memcpy(&strings, sections.ptr + s.sh_link * sizeof(s), sizeof(s));
		check_symbols(table(file, s.sh_offset, s.sh_size),
		    table(file, strings.sh_offset, strings.sh_size), ret);
		return;
	}
	vg_buf_addz(ret, "nobody knows what: its section table was stripped");
}
