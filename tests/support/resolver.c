/* SPDX-License-Identifier: MIT */
/*
 * Preloaded in front of the resolver, for guard.test: hosts below rebind.example have the addresses that they spell in
 * hexadecimal, several divided by "-", in that order. Everything else is asked as ever.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE ".rebind.example"
#define OURS 0x40000000 /* in ai_flags */

struct answer {
	struct addrinfo info;
	struct sockaddr_in6 address;
};

/* One address of 8 or 32 digits; NULL when out of memory. */
static struct addrinfo *answer_of(const char *hex, size_t len, unsigned port)
{
	struct answer *a = calloc(1, sizeof(*a));
	unsigned char bytes[16] = {0};
	struct sockaddr_in v4 = {.sin_family = AF_INET};

	if (!a)
		return NULL;
	for (size_t i = 0; i < len / 2; i++)
		(void)sscanf(hex + 2 * i, "%2hhx", &bytes[i]);
	a->info.ai_flags = OURS;
	a->info.ai_socktype = SOCK_STREAM;
	a->info.ai_protocol = IPPROTO_TCP;
	a->info.ai_addr = (struct sockaddr *)&a->address;
	if (len == 8) {
		v4.sin_port = htons((uint16_t)port);
		memcpy(&v4.sin_addr, bytes, 4);
		memcpy(&a->address, &v4, sizeof(v4));
		a->info.ai_family = AF_INET;
		a->info.ai_addrlen = sizeof(v4);
	} else {
		a->address.sin6_family = AF_INET6;
		a->address.sin6_port = htons((uint16_t)port);
		memcpy(&a->address.sin6_addr, bytes, 16);
		a->info.ai_family = AF_INET6;
		a->info.ai_addrlen = sizeof(a->address);
	}
	return &a->info;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
    struct addrinfo **ret)
{
	int (*next)(
	    const char *, const char *, const struct addrinfo *, struct addrinfo **);
	const char *zone = node ? strstr(node, ZONE) : NULL, *at = node;
	struct addrinfo **tail = ret;

	if (!zone) {
		*(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
		return next(node, service, hints, ret);
	}
	for (*ret = NULL; at < zone; at += strspn(at, "-")) {
		size_t len = strcspn(at, "-.");

		*tail = answer_of(at, len, service ? (unsigned)atoi(service) : 0);
		if (!*tail)
			return EAI_MEMORY;
		tail = &(*tail)->ai_next;
		at += len;
	}
	return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
	void (*next)(struct addrinfo *);

	if (list && !(list->ai_flags & OURS)) {
		*(void **)&next = dlsym(RTLD_NEXT, "freeaddrinfo");
		next(list);
		return;
	}
	while (list) {
		struct addrinfo *rest = list->ai_next;

		free(list);
		list = rest;
	}
}
