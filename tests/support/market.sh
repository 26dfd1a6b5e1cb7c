# SPDX-License-Identifier: MIT
# Sourced by integration tests: TAP lines, a demo market on free ports, a case that knows it.
. "$VIGIA_SOURCE_DIR/tests/support/tap.sh"

market=
cleanup() {
	exec 9>&-
	[ -z "$market" ] || kill "$market" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# start_market SITES-DIR [PORT]: writes "host=address:port" lines to $work/hosts. It ends with this script.
start_market() {
	rm -f "$work/hold" "$work/hosts"
	mkfifo "$work/hold"
	"$VIGIA_BUILD_DIR/contrib/demo/market" "$1" "${2:-0}" <"$work/hold" >"$work/hosts" 9>&- &
	market=$!
	exec 9>"$work/hold"
	await_ready "$work/hosts" "the market does not answer"
}
stop_market() {
	exec 9>&-
	wait "$market" 2>/dev/null
	market=
}

# await_lines FILE WORD COUNT: until so many lines of FILE hold WORD; gives up after 30 seconds.
await_lines() {
	tries=0
	until [ "$(grep -c "$2" "$1" 2>/dev/null)" -ge "$3" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || return 1
		sleep 0.05
	done
}

# make_case DIR HOST...: a case with one site a host, named like it without ".example".
make_case() {
	dir=$1
	shift
	[ -f "$dir/vigia.db" ] || "$VIGIA" init "$dir" --quiet --contact tests@vigia.example || exit 99
	{
		printf '[operator]\ncontact = tests@vigia.example\n[crawl]\ndelay = 0\n[network]\n'
		sed -n 's/^\(.*\.example\)=\(.*\)$/connect_to = \1:80=\2/p' "$work/hosts"
		for host; do
			printf '[site %s]\nseeds = http://%s/%s\n' "${host%.example}" "$host" \
				"$([ "$host" = canal-costa.example ] && echo s/costa_demo/)"
		done
	} >"$dir/vigia.ini"
}
