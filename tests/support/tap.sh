# SPDX-License-Identifier: MIT
# TAP for sh tests of the command line. Sets $work, a folder that goes away at the end.
count=0
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
# Nothing of the operator's own may leak into a test.
unset VIGIA_CASE VIGIA_PAGER PAGER NO_COLOR CLICOLOR CLICOLOR_FORCE
HOME=$work XDG_CONFIG_HOME=$work/xdg
export HOME XDG_CONFIG_HOME

# ok NAME STATUS: passes when STATUS is 0.
ok()
{
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		for file in "$work"/*.err; do
			[ ! -s "$file" ] || { echo "# ${file##*/}"; tail -n 5 "$file" | sed 's/^/# /'; }
		done
	fi
}

# same NAME GOT WANT
same()
{
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '# got:  %s\n# want: %s\n' "$2" "$3"
	fi
}

# has NAME TEXT PART
has()
{
	case $2 in
	*"$3"*) ok "$1" 0 ;;
	*) same "$1" "$2" "…$3…" ;;
	esac
}

# code NAME WANT COMMAND…: the exit code; output in $work/out and $work/err.
code()
{
	name=$1 want=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	same "$name" $? "$want"
}

# await_ready FILE WHO: until a test server has written "ready"; gives up after 20 seconds.
await_ready()
{
	tries=0
	until grep -q '^ready$' "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 400 ] || { echo "Bail out! $2"; exit 99; }
		sleep 0.05
	done
}

done_testing()
{
	echo "1..$count"
}
