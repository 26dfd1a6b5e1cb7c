# SPDX-License-Identifier: MIT
# Sourced after tap.sh: many small sites that log what is asked of them (tests/support/siteserver.c).
sites=
stop_sites() {
	[ -z "$sites" ] || { exec 7>&-; wait "$sites" 2>/dev/null; }
	sites=
}
trap 'stop_sites; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# start_sites HOSTS PAGES MOOD: requests go to $work/requests, addresses to $work/hosts.
start_sites() {
	rm -f "$work/hold" "$work/hosts" "$work/requests"
	mkfifo "$work/hold"
	"$VIGIA_BUILD_DIR/tests/support/siteserver" "$work/requests" "$@" <"$work/hold" >"$work/hosts" &
	sites=$!
	exec 7>"$work/hold"
	await_ready "$work/hosts" "the sites do not answer"
}

# sites_case DIR CRAWL-LINES: a case that knows all of them.
sites_case() {
	"$VIGIA" init "$1" --quiet --contact tests@vigia.example || exit 99
	{
		printf '[operator]\ncontact = tests@vigia.example\n[crawl]\n%b\n[network]\nbackoff = 50ms\n' "$2"
		sed -n 's/^\(.*\.example\)=\(.*\)$/connect_to = \1:80=\2/p' "$work/hosts"
		sed -n 's/^\(.*\)\.example=.*$/[site \1]\nseeds = http:\/\/\1.example\/p0\nschedule = always/p' "$work/hosts"
	} >"$1/vigia.ini"
}
