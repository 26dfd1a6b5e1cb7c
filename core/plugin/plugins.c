/* SPDX-License-Identifier: MIT */
/* The set of plugins of one process. */
#include "config.h"

#include "plugin/plugin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "plugin/host.h"
#include "plugin/plugin_priv.h"

static struct vg_loaded *loaded_at(const struct vg_plugins *p, size_t i)
{
	return *(struct vg_loaded **)vg_vec_at(&p->loaded, i);
}

static enum vg_status start_instance(
    struct vg_plugins *p, struct vg_loaded *l, struct vg_error *err)
{
	int32_t st;

	l->host.settings = p->settings;
	l->host.setting_count = p->setting_count;
	l->host.plugin = l->desc.name;
	if (l->desc.create == NULL)
		return VG_OK;
	st = l->desc.create(&vg_host_api, &l->host, &l->self);
	if (st != VIGIA_OK)
		return vg_fail(err, VG_E_INTERNAL, "create failed with status %d", st);
	l->created = true;
	return VG_OK;
}

/* An engine waits for .site files and reads no page itself. */
static enum vg_status enroll(
    struct vg_plugins *p, struct vg_loaded *l, struct vg_error *err)
{
	struct vg_loaded **slot;
	size_t at = 0;
	enum vg_status st;

	if (vg_is_engine(l)) {
		if (p->engine != NULL)
			return vg_fail(err, VG_E_DENIED, "%s reads .site files already",
			    p->engine->desc.name);
		p->engine = l;
		return VG_OK;
	}
	for (size_t i = 0; i < p->loaded.len; i++) {
		struct vg_loaded *other = loaded_at(p, i);

		if (strcmp(other->desc.name, l->desc.name) == 0)
			return vg_fail(
			    err, VG_E_DENIED, "the name %s is taken", l->desc.name);
		st = vg_loaded_overlap(l, other, err);
		if (st != VG_OK)
			return st;
		at += strcmp(other->desc.name, l->desc.name) < 0;
	}
	st = start_instance(p, l, err);
	if (st != VG_OK)
		return st;
	if (vg_vec_push(&p->loaded) == NULL)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "more than %u plugins", VG_MAX_PLUGINS);
	vg_prefilter_free(p->filter);
	p->filter = NULL;
	slot = p->loaded.items;
	memmove(slot + at + 1, slot + at, (p->loaded.len - 1 - at) * sizeof(*slot));
	slot[at] = l;
	return VG_OK;
}

static bool is_site(const char *path)
{
	return vg_str_ends(vg_str(path), VG_STR(".site"));
}

static enum vg_status add(
    struct vg_plugins *p, int dir_fd, const char *path, struct vg_error *err)
{
	struct vg_loaded *l = NULL;
	enum vg_status st;

	if (!is_site(path))
		st = vg_loaded_open(dir_fd, path, &l, err);
	else if (p->engine != NULL)
		st = vg_site_open(dir_fd, path, p->engine, &l, err);
	else
		st = vg_fail(err, VG_E_NOT_FOUND, "no plugin that reads .site files");
	if (st != VG_OK)
		return st;
	l->folder = p->folder;
	st = enroll(p, l, err);
	if (st != VG_OK)
		vg_loaded_free(l);
	return st;
}

static enum vg_status refuse(struct vg_plugins *p, const char *file,
    const struct vg_error *why, struct vg_error *err)
{
	struct vg_plugin_refusal *r = vg_vec_push(&p->refused);
	size_t len = strnlen(file, sizeof(r->file) - 1);

	if (r == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	memcpy(r->file, file, len);
	r->file[len] = '\0';
	r->error = *why;
	return VG_OK;
}

static int is_shared_object(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 3 && strcmp(entry->d_name + len - 3, ".so") == 0;
}

static int is_site_file(const struct dirent *entry)
{
	return strlen(entry->d_name) > 5 && is_site(entry->d_name);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A file of the same plugin in an earlier folder stands for this one. */
static bool is_replaced(const struct vg_plugins *p, const char *file)
{
	size_t len = strcspn(file, ".");

	for (size_t i = 0; i <= p->loaded.len; i++) {
		const struct vg_loaded *l =
		    i < p->loaded.len ? loaded_at(p, i) : p->engine;

		if (l != NULL && l->folder < p->folder && strlen(l->desc.name) == len &&
		    strncmp(l->desc.name, file, len) == 0)
			return true;
	}
	return false;
}

static enum vg_status load_dir(struct vg_plugins *p, const char *dir,
    int (*wanted)(const struct dirent *), struct vg_error *err)
{
	struct dirent **names = NULL;
	enum vg_status st = VG_OK;
	int count = -1, fd;

	if (dir[0] != '/')
		return vg_fail(
		    err, VG_E_INVALID, "plugin folder %s: not an absolute path", dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		count = scandirat(fd, ".", &names, wanted, by_bytes);
	if (count < 0) {
		st = vg_fail_errno(err, errno, "plugin folder %s", dir);
		goto out;
	}
	for (int i = 0; i < count && st == VG_OK; i++) {
		struct vg_error why = {0};

		if (is_replaced(p, names[i]->d_name))
			continue;
		st = add(p, fd, names[i]->d_name, &why);
		if (st == VG_E_NOMEM)
			*err = why;
		else if (st != VG_OK)
			st = refuse(p, names[i]->d_name, &why, err);
	}
out:
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	if (fd >= 0)
		close(fd);
	return st;
}

/* Shared objects of every folder before any .site file: one of them is the engine. */
static enum vg_status load_path(
    struct vg_plugins *p, const char *path, struct vg_error *err)
{
	int (*const passes[])(const struct dirent *) = {is_shared_object, is_site_file};
	enum vg_status st = VG_OK;

	for (size_t pass = 0; pass < 2; pass++) {
		struct vg_str rest = vg_str(path), dir;

		p->folder = 0;
		while (st == VG_OK && vg_str_split(&rest, ':', &dir)) {
			char name[PATH_MAX];

			if (dir.len >= sizeof(name))
				return vg_fail(err, VG_E_TOO_LARGE,
				    "a plugin folder's name is too long");
			memcpy(name, dir.ptr, dir.len);
			name[dir.len] = '\0';
			p->folder++;
			st = load_dir(p, name, passes[pass], err);
		}
	}
	return st;
}

enum vg_status vg_plugins_load(const char *dirs,
    const struct vg_plugin_setting *settings, size_t setting_count,
    struct vg_plugins **ret, struct vg_error *err)
{
	struct vg_plugins *p = calloc(1, sizeof(*p));
	struct vg_error local = {0};
	enum vg_status st;

	if (err == NULL)
		err = &local;
	if (p == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	p->loaded = VG_VEC_INIT(struct vg_loaded *, VG_MAX_PLUGINS, NULL);
	p->refused = VG_VEC_INIT(struct vg_plugin_refusal, VG_MAX_PLUGINS, NULL);
	p->regexes = VG_VEC_INIT(struct vg_cached_regex, VG_MAX_PLUGIN_RULES, NULL);
	p->settings = settings;
	p->setting_count = setting_count;
	st = dirs != NULL ? load_path(p, dirs, err) : VG_OK;
	if (st == VG_OK)
		*ret = p;
	else
		vg_plugins_free(p);
	return st;
}

enum vg_status vg_plugins_add(
    struct vg_plugins *p, const char *path, struct vg_error *err)
{
	if (path[0] != '/')
		return vg_fail(err, VG_E_INVALID, "%s: not an absolute path", path);
	return add(p, AT_FDCWD, path, err);
}

void vg_plugins_free(struct vg_plugins *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->loaded.len; i++)
		vg_loaded_free(loaded_at(p, i));
	vg_loaded_free(p->engine); /* after its .site files */
	vg_prefilter_free(p->filter);
	for (size_t i = 0; i < p->regexes.len; i++) {
		struct vg_cached_regex *r = vg_vec_at(&p->regexes, i);

		vg_regex_free(r->regex);
		free(r->pattern);
	}
	vg_vec_release(&p->loaded);
	vg_vec_release(&p->refused);
	vg_vec_release(&p->regexes);
	free(p);
}

size_t vg_plugins_count(const struct vg_plugins *p)
{
	return p->loaded.len;
}

size_t vg_plugins_refused(const struct vg_plugins *p)
{
	return p->refused.len;
}

const struct vg_plugin_refusal *vg_plugins_refusal(const struct vg_plugins *p, size_t i)
{
	return vg_vec_at(&p->refused, i);
}
