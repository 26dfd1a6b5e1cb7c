# Completion for vigia; written by 'vigia completion bash'.
_vigia_rows()
{
	case $1 in
	"") words="completion config crawl extract flags help html init plugin robots scan show url version" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"completion") words="" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"config") words="" options="--defaults --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"crawl") words="" options="--again --allow-private --contact --delay --for --lexicon --max-depth --max-pages --plugins --progress --site --workers --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"extract") words="phone price wallet" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"extract phone") words="" options="--region --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"extract price") words="" options="--currency-hint --decimal-separator --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"extract wallet") words="" options="--batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"flags") words="" options="--verdict --site --family --since --all --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"help") words="" options="--man --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"html") words="charset links text" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"html charset") words="" options="--content-type --content-encoding --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"html links") words="" options="--base --content-type --content-encoding --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"html text") words="" options="--content-type --content-encoding --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"init") words="" options="--contact --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"plugin") words="check info list run" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"plugin check") words="" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"plugin info") words="" options="--plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"plugin list") words="" options="--plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"plugin run") words="" options="--url --plugin --content-type --content-encoding --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"robots") words="show test" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"robots show") words="" options="--agent --url --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"robots test") words="" options="--agent --url --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"scan") words="" options="--url --content-type --content-encoding --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"show") words="" options="--body --headers --range --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"url") words="domain normalize parse resolve" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	"url domain") words="" options="--batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"url normalize") words="" options="--batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"url parse") words="" options="--base --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"url resolve") words="" options="--base --batch --workers --lexicon --plugins --case --json --color --no-pager --quiet --verbose --help --version" ;;
	"version") words="" options="--case --json --color --no-pager --quiet --verbose --help --version" ;;
	*) return 1 ;;
	esac
}

_vigia()
{
	local cur=${COMP_WORDS[COMP_CWORD]} path= words= options= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-C | --case) ((i++)) ;;
		-*) ;;
		*)
			if _vigia_rows "${path:+$path }${COMP_WORDS[i]}"; then
				path=${path:+$path }${COMP_WORDS[i]}
			fi
			;;
		esac
	done
	_vigia_rows "$path"
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$options" -- "$cur"))
	elif [[ -n $words ]]; then
		COMPREPLY=($(compgen -W "$words" -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -o filenames -F _vigia vigia
