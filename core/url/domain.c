/* SPDX-License-Identifier: MIT */
/* Registrable domains by the Public Suffix List that libpsl carries. */
#include "config.h"

#include "url/url_priv.h"

#include <libpsl.h>
#include <string.h>

#define MAX_NAME 1024 /* bytes of a host name in UTF-8 */

static struct vg_str tail_of(struct vg_str host, const char *name, const char *tail)
{
	return tail == NULL ? (struct vg_str){0}
			    : vg_str_sub(host, (size_t)(tail - name), host.len);
}

void vg_url_domain(
    struct vg_str host, struct vg_str *ret_domain, struct vg_str *ret_suffix)
{
	char name[MAX_NAME + 1];
	size_t len = host.len;

	*ret_domain = (struct vg_str){0};
	*ret_suffix = (struct vg_str){0};
	if (len > 0 && host.ptr[len - 1] == '.') /* the root */
		len--;
	if (len == 0 || len > MAX_NAME || host.ptr[0] == '.' || host.ptr[0] == '[' ||
	    memchr(host.ptr, '\0', len) != NULL ||
	    vg_url_ends_in_number(vg_str_sub(host, 0, len)))
		return;
	host.len = len;
	for (size_t i = 0; i < len; i++)
		name[i] = vg_lower(host.ptr[i]);
	name[len] = '\0';
	*ret_domain = tail_of(host, name, psl_registrable_domain(psl_builtin(), name));
	*ret_suffix =
	    tail_of(host, name, psl_unregistrable_domain(psl_builtin(), name));
}
