#!/bin/sh
# SPDX-License-Identifier: MIT
# make bench, second part: the stages of a page by themselves (stages.c), and link recall on broken pages.
# usage: stages.sh SITE_DIR; URLS (default 200000) is how many links the frontier takes; the aim holds at 5000000
set -eu
build=${VIGIA_BUILD_DIR:-.}
source=${VIGIA_SOURCE_DIR:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$build/tests/bench/stages" "$1" "${VIGIA_LEXICON_DIR:-$source/plugins/lexicon}" "$work"
"$build/tests/bench/frontier" "$work" "${URLS:-200000}"

if ! pkg-config --exists gumbo 2>/dev/null; then
	echo "links on broken pages: skipped, gumbo is not installed"
	exit 0
fi
# shellcheck disable=SC2046
${CC:-cc} -O2 -o "$work/gumbo_links" "$source/tests/bench/gumbo_links.c" $(pkg-config --cflags --libs gumbo)
"$work/gumbo_links" "$work/broken" | sort >"$work/gumbo"
sort "$work/broken.ours" >"$work/ours"
comm -12 "$work/gumbo" "$work/ours" | wc -l >"$work/both"
wc -l <"$work/gumbo" | paste - "$work/both" |
	awk '{ printf "links on broken pages: %d of the %d that gumbo finds, %.3f (aim 0.99)\n", $2, $1, $2 / $1 }'
