#!/bin/sh
# SPDX-License-Identifier: MIT
# make bench: a thousand pages of one site, and the same with one more page whose plugin crashes or loops for ever.
# Prints what the thousand lose of their pages a second, from their first capture to their last one: at a pace that
# sites bear, and as fast as the machine goes. A busy machine makes these figures worthless. A page may be analysed for 10 s twice, which is longer than that takes.
# faulty.sh HOSTS: what the market said of site.example, segv.example and hang.example
set -eu
build=${VIGIA_BUILD_DIR:-.}
vigia=$build/vigia
rounds=${ROUNDS:-3}
address() { sed -n "s/^$1.example=//p" "$hosts"; }
hosts=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/plugins"
cp "$build"/plugins/.libs/*.so "$build"/plugins/.libs/*.site "$work/plugins/"
cp "$build/tests/plugins/.libs/segv.so" "$build/tests/plugins/.libs/hang.so" "$work/plugins/"

crawl() { # DELAY NAME: of the faulty plugin, or none
	rm -rf "$work/case"
	"$vigia" init "$work/case" --quiet --contact bench@vigia.example
	{
		cat <<END
[operator]
contact = bench@vigia.example
[crawl]
delay = $1
max_pages = 1000
max_depth = 100
workers = 2
[network]
allow_address = $(address site) $(address segv) $(address hang)
[site bench]
seeds = http://$(address site)/
END
		[ "$2" = none ] || cat <<END
[site faulty]
seeds = http://$(address "$2")/
plugin = $2
END
	} >"$work/case/vigia.ini"
	# 5: some targets failed, as the faulty page does
	"$vigia" crawl --case "$work/case" --plugins "$work/plugins" --quiet || [ $? -eq 5 ]
	"$vigia" query --case "$work/case" "select count(*) / ((julianday(max(fetched)) - julianday(min(fetched))) * 86400)
		from captures where url like 'http://$(address site)/%'" | tail -n 1
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
for delay in 10ms 0; do
	rm -f "$work/none" "$work/segv" "$work/hang"
	for round in $(seq "$rounds"); do
		for name in none segv hang; do
			crawl "$delay" "$name" >>"$work/$name"
		done
	done
	for name in segv hang; do
		echo "$(median "$work/none") $(median "$work/$name")" |
			awk -v name="$name" -v delay="$delay" '{ printf "one faulty page in a thousand (%s), delay %s: %.0f pages/s, without it %.0f: %.1f %% lost%s\n",
				name, delay, $2, $1, ($1 - $2) * 100 / $1, delay == "0" ? "" : " (aim 5)" }'
	done
done
