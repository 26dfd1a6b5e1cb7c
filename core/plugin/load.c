/* SPDX-License-Identifier: MIT */
/* From a path to a descriptor in our own memory; each step refuses with its own message. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"

static enum vg_status open_file(
    int dir_fd, const char *path, int *ret, struct vg_error *err)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ELOOP)
		return vg_fail(err, VG_E_DENIED, "is a symbolic link");
	if (fd < 0)
		return vg_fail_errno(err, errno, "cannot be opened");
	*ret = fd;
	return VG_OK;
}

static enum vg_status check_file(int fd, struct vg_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return vg_fail_errno(err, errno, "cannot be examined");
	if (!S_ISREG(st.st_mode))
		return vg_fail(err, VG_E_DENIED, "is not a regular file");
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return vg_fail(
		    err, VG_E_DENIED, "can be written by its group or by everybody");
	if (st.st_size > (off_t)VG_MAX_PLUGIN_FILE)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "is larger than %u bytes", VG_MAX_PLUGIN_FILE);
	return VG_OK;
}

enum vg_status vg_loaded_read(int dir_fd, const char *path, struct vg_loaded *l,
    struct vg_buf *ret, struct vg_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash != NULL ? slash + 1 : path;
	struct vg_digest digest;
	enum vg_status st;

	if (strlen(file) >= sizeof(l->file))
		return vg_fail(err, VG_E_INVALID, "has a name longer than %zu bytes",
		    sizeof(l->file) - 1);
	memcpy(l->file, file, strlen(file) + 1);
	if ((st = open_file(dir_fd, path, &l->fd, err)) != VG_OK ||
	    (st = check_file(l->fd, err)) != VG_OK ||
	    (st = vg_read_fd(l->fd, ret, err)) != VG_OK ||
	    (st = vg_sha256(vg_buf_str(ret), &digest, err)) != VG_OK)
		return st;
	vg_hex(digest.bytes, sizeof(digest.bytes), l->sha256);
	return VG_OK;
}

static void note_imports(struct vg_loaded *l, struct vg_str bytes)
{
	struct vg_buf names = VG_BUF_INIT(1u << 16);
	struct vg_str text;

	vg_imports_check(bytes, &names);
	text = vg_str_sub(vg_buf_str(&names), 0, sizeof(l->imports) - 1);
	if (text.len > 0)
		memcpy(l->imports, text.ptr, text.len);
	l->imports[text.len] = '\0';
	vg_buf_release(&names);
}

/* By descriptor, so that what was hashed is what is loaded. */
static enum vg_status load_library(int fd, void **ret, struct vg_error *err)
{
	char path[32];
	void *handle;
	int n = snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	if (n < 0 || (size_t)n >= sizeof(path))
		return vg_fail(err, VG_E_INTERNAL, "cannot be named");
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		const char *why = dlerror();

		return vg_fail(
		    err, VG_E_INVALID, "cannot be loaded: %s", why ? why : "unknown");
	}
	*ret = handle;
	return VG_OK;
}

static enum vg_status find_descriptor(
    void *handle, const struct vigia_plugin **ret, struct vg_error *err)
{
	const struct vigia_plugin *(*entry)(void);
	const struct vigia_plugin *descriptor;
	void *symbol = dlsym(handle, "vigia_plugin_v1");

	if (symbol == NULL)
		return vg_fail(err, VG_E_INVALID, "exports no vigia_plugin_v1");
	/* ISO C has no cast from an object to a function pointer; POSIX promises the bytes. */
	memcpy(&entry, &symbol, sizeof(entry));
	descriptor = entry();
	if (descriptor == NULL)
		return vg_fail(err, VG_E_INVALID, "vigia_plugin_v1 returned NULL");
	*ret = descriptor;
	return VG_OK;
}

/* Reads no byte beyond theirs, keeps no byte beyond ours. */
static enum vg_status copy_descriptor(
    const struct vigia_plugin *theirs, struct vigia_plugin *ret, struct vg_error *err)
{
	if (theirs->magic != VIGIA_PLUGIN_MAGIC)
		return vg_fail(err, VG_E_INVALID, "magic is 0x%08x, not 0x%08x",
		    theirs->magic, VIGIA_PLUGIN_MAGIC);
	if (theirs->struct_size < VG_PLUGIN_FLOOR)
		return vg_fail(err, VG_E_INVALID,
		    "struct_size is %u, less than the %u of version 1.0",
		    theirs->struct_size, VG_PLUGIN_FLOOR);
	if (theirs->struct_size > VG_PLUGIN_CEILING)
		return vg_fail(err, VG_E_INVALID, "struct_size is %u, more than %u",
		    theirs->struct_size, VG_PLUGIN_CEILING);
	if (theirs->abi_major != VIGIA_ABI_MAJOR)
		return vg_fail(err, VG_E_UNSUPPORTED,
		    "speaks ABI %u, this host speaks %u", theirs->abi_major,
		    VIGIA_ABI_MAJOR);
	if (theirs->abi_minor > VIGIA_ABI_MINOR)
		return vg_fail(err, VG_E_UNSUPPORTED,
		    "needs ABI %u.%u, this host offers %u.%u", theirs->abi_major,
		    theirs->abi_minor, VIGIA_ABI_MAJOR, VIGIA_ABI_MINOR);
	memset(ret, 0, sizeof(*ret));
	memcpy(ret, theirs,
	    theirs->struct_size < sizeof(*ret) ? theirs->struct_size : sizeof(*ret));
	return VG_OK;
}

void vg_loaded_free(struct vg_loaded *l)
{
	if (l == NULL)
		return;
	if (l->created && l->desc.destroy != NULL)
		l->desc.destroy(l->self);
	if (l->rules != NULL)
		for (uint32_t i = 0; i < l->desc.match_count; i++)
			vg_regex_free(l->rules[i].path);
	free(l->rules);
	vg_arena_free(l->site);
#ifndef VG_SANITIZED
	/* Sanitizers need the library for the names in their reports, and so its file's number. */
	if (l->handle != NULL)
		dlclose(l->handle);
	vg_close(&l->fd);
#else
	if (l->handle == NULL)
		vg_close(&l->fd);
#endif
	free(l);
}

enum vg_status vg_loaded_open(
    int dir_fd, const char *path, struct vg_loaded **ret, struct vg_error *err)
{
	const struct vigia_plugin *theirs = NULL;
	struct vg_loaded *l = calloc(1, sizeof(*l));
	struct vg_buf bytes = VG_BUF_INIT(VG_MAX_PLUGIN_FILE);
	enum vg_status st;

	if (l == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	l->fd = -1;
	st = vg_loaded_read(dir_fd, path, l, &bytes, err);
	if (st == VG_OK)
		note_imports(l, vg_buf_str(&bytes));
	vg_buf_release(&bytes);
	if (st != VG_OK || (st = load_library(l->fd, &l->handle, err)) != VG_OK ||
	    (st = find_descriptor(l->handle, &theirs, err)) != VG_OK ||
	    (st = copy_descriptor(theirs, &l->desc, err)) != VG_OK ||
	    (st = vg_loaded_check(l, err)) != VG_OK)
		goto out;
	*ret = l;
	l = NULL;
out:
	vg_loaded_free(l);
	return st;
}
