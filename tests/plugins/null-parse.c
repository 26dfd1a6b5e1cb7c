/* SPDX-License-Identifier: MIT */
/* Has no parse function. */
#include "config.h"

#include "fixture.h"

FIXTURE_MATCHES("null-parse.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "null-parse"};
FIXTURE_ENTRY(plugin)
