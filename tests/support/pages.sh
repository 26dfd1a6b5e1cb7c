# SPDX-License-Identifier: MIT
# Judging a file of short pages, each under a line "=== name verdict family": flagged or clear, and of which family.

# judge_pages FILE SHARE: no look-alike is flagged, SHARE lures in ten are, and nearly all of those as what they are.
judge_pages()
{
	awk -v dir="$work" '
	/^===/ { file = dir "/" $2 ".html"; print $2, $3, $4 > (dir "/expected"); next }
	file { print > file }' "$1"
	while read -r name verdict family; do
		printf '{"file":"%s/%s.html","url":"https://%s.example/","content_type":"text/html; charset=utf-8"}\n' \
			"$work" "$name" "$name"
	done <"$work/expected" >"$work/requests"
	"$VIGIA" scan --batch <"$work/requests" >"$work/answers"
	same "the batch ends well" $? 0
	same "one answer a page" "$(wc -l <"$work/answers" | tr -d ' ')" "$(wc -l <"$work/expected" | tr -d ' ')"

	paste -d' ' "$work/expected" "$work/answers" >"$work/both"
	found=0 lures=0 mistaken=0
	while read -r name verdict family answer; do
		case $answer in
		*'"verdict":"flagged"'*) got=flagged ;;
		*) got=not ;;
		esac
		if [ "$verdict" = clear ]; then
			[ "$got" = not ]
			ok "$name is not flagged" $?
			continue
		fi
		lures=$((lures + 1))
		if [ "$got" = not ]; then
			echo "# missed: $name"
			continue
		fi
		found=$((found + 1))
		case $answer in
		*"\"family\":\"$family\""*) ;;
		*)
			echo "# not $family: $name"
			mistaken=$((mistaken + 1))
			;;
		esac
	done <"$work/both"
	[ $((found * 10)) -ge $((lures * $2)) ]
	ok "$2 lures in ten are flagged ($found of $lures)" $?
	[ $((mistaken * 10)) -le "$found" ]
	ok "and nine in ten of those as what they are" $?
}
