/* SPDX-License-Identifier: MIT */
/* What a service tells systemd (sd_notify(3)): ready, reloading, stopping, alive. Nothing without $NOTIFY_SOCKET. */
#ifndef VG_CLI_NOTIFY_H
#define VG_CLI_NOTIFY_H

#include "base/status.h"
#include "base/str.h"

/* Sends lines such as "READY=1\nSTATUS=waits". Failures are nobody's concern: the manager may be gone. */
void vg_notify(const char *fmt, ...) VG_PRINTF(1, 2);
/* How often "WATCHDOG=1" is expected, halved, in microseconds; 0: never. Of this process only. */
int64_t vg_notify_watchdog(void);

#endif
