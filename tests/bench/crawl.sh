#!/bin/sh
# SPDX-License-Identifier: MIT
# make bench: one generated site on loopback, whole crawls by vigia and, where installed, wget2 and Scrapy, in turns.
# Prints medians and ratios. PAGES (default 2000) and ROUNDS (default 3) may be set.
set -eu
build=${VIGIA_BUILD_DIR:-.}
source=${VIGIA_SOURCE_DIR:-.}
pages=${PAGES:-2000}
rounds=${ROUNDS:-3}
measure=$build/tests/bench/measure
vigia=$build/vigia
work=$(mktemp -d)
trap 'exec 9>&-; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$build/tests/bench/generate" "$work/sites/site.example" "$pages" 2>/dev/null || {
	mkdir -p "$work/sites"
	"$build/tests/bench/generate" "$work/sites/site.example" "$pages"
}
for name in segv hang; do
	mkdir -p "$work/sites/$name.example"
	echo "<p>Tramadol 50 mg</p>" >"$work/sites/$name.example/index.html"
done
mkfifo "$work/hold"
"$build/contrib/demo/market" "$work/sites" 0 <"$work/hold" >"$work/hosts" &
exec 9>"$work/hold"
until grep -q '^ready$' "$work/hosts"; do sleep 0.1; done
address=$(sed -n 's/^site.example=//p' "$work/hosts")

bytes=$(find "$work/sites/site.example" -name '*.html' -printf '%s\n' | awk '{ n += $1 } END { print n }')
gzip6=$(find "$work/sites/site.example" -name '*.html' | head -n 200 | while read -r f; do gzip -6c "$f" | wc -c; done |
	awk '{ n += $1 } END { print n / NR }')

run_vigia() {
	rm -rf "$work/case"
	"$vigia" init "$work/case" --quiet --contact bench@vigia.example
	cat >"$work/case/vigia.ini" <<END
[operator]
contact = bench@vigia.example
[crawl]
delay = 0
max_pages = 1000000
max_depth = 100
[network]
allow_address = $address
[site bench]
seeds = http://$address/
END
	"$measure" "$vigia" crawl --case "$work/case" --quiet
}
run_wget2() {
	rm -rf "$work/wget2"
	"$measure" timeout 300 wget2 -q -r -l inf --robots=off --max-threads=1 -P "$work/wget2" "http://$address/"
}
run_scrapy() {
	"$measure" env SITE="http://$address/" LEXICON="${VIGIA_LEXICON_DIR:-$source/plugins/lexicon}" \
		DATABASE="$work/scrapy.db" /usr/bin/python3 "$source/tests/bench/scrapy_crawl.py"
}

programs=vigia
if command -v wget2 >/dev/null; then programs="$programs wget2"; else echo "wget2: skipped, not installed"; fi
if /usr/bin/python3 -c 'import scrapy, ahocorasick' 2>/dev/null; then
	programs="$programs scrapy"
else
	echo "Scrapy: skipped, it or pyahocorasick is not installed"
fi
for round in $(seq "$rounds"); do
	for program in $programs; do
		"run_$program" >>"$work/$program.times" || echo "bench: $program failed" >&2
		[ "$program" != vigia ] || du -kc "$work"/case/vigia.db* | awk 'END { print $1 * 1024 }' >"$work/store"
	done
done
median() { # FILE COLUMN
	sort -n -k "$2,$2" "$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'
}
echo "site: $pages pages, $((bytes / pages)) bytes a page, $(printf '%.0f' "$gzip6") after gzip -6; $rounds rounds"
for program in $programs; do
	[ -s "$work/$program.times" ] || continue
	cpu=$(median "$work/$program.times" 1) memory=$(median "$work/$program.times" 3)
	echo "$program $cpu $memory"
done >"$work/medians"
awk -v pages="$pages" '{ cpu[$1] = $2; mem[$1] = $3
	printf "%-8s %8.3f ms CPU a page, %6.1f MiB in its largest process\n", $1, $2 * 1000 / pages, $3 / 1024 }
	END {
		if ("wget2" in cpu) printf "vigia / wget2:  CPU %.2f (aim 1.5), memory %.2f (aim 2)\n", cpu["vigia"] / cpu["wget2"], mem["vigia"] / mem["wget2"]
		if ("scrapy" in cpu) printf "vigia / Scrapy: CPU 1/%.0f (aim 1/50)\n", cpu["scrapy"] / cpu["vigia"]
	}' "$work/medians"
awk -v pages="$pages" -v gzip6="$gzip6" '{ printf "snapshot: %.0f bytes of database a page, %.2f of gzip -6 (aim 0.80)\n", $1 / pages, $1 / pages / gzip6 }' "$work/store"
sh "$source/tests/bench/stages.sh" "$work/sites/site.example"
sh "$source/tests/bench/faulty.sh" "$work/hosts"
