#!/bin/sh
# The completion for bash offers every option of the table and no other, and
# knows which of them take a value.
set -u
cd "${top_srcdir:-.}" || exit 99
if ! command -v bash >/dev/null; then
	echo 'bash is missing: its completion is not checked'
	exit 77
fi

wrong=0

# offers WORD BEFORE: what follows, one a line
offers() {
	bash -c '
		. completion/dchat
		COMP_WORDS=(dchat "$2" "$1") COMP_CWORD=2
		_dchat dchat "$1" "$2"
		printf "%s\n" "${COMPREPLY[@]}"' offers "$1" "$2"
}

# From the table: "n nick NAME", "- headless -"
options=$(sed -n '/^} table/,/^};/p' tui/options.c | tr -d '\n\t' |
    sed 's/{ /\n{ /g' | sed -n \
	-e "s/^{ '\(.\)', \"\([a-z-]*\)\", \"\([^\"]*\)\".*/-\1 --\2 value/p" \
	-e "s/^{ '\(.\)', \"\([a-z-]*\)\", NULL.*/-\1 --\2 alone/p" \
	-e 's/^{ [A-Z_]*,[ ]*"\([a-z-]*\)", "\([^"]*\)".*/- --\1 value/p' \
	-e 's/^{ [A-Z_]*,[ ]*"\([a-z-]*\)", NULL.*/- --\1 alone/p')
[ -n "$options" ] || { echo 'no options found'; exit 1; }

table=$(printf '%s\n' "$options" | tr ' ' '\n' | grep '^-.' | sort)
offered=$(offers - dchat | sort)
if [ "$table" != "$offered" ]; then
	echo 'the options of tui/options.c and of completion/dchat differ:'
	printf '%s\n' "$table" "$offered" | sort | uniq -u
	wrong=1
fi

# Behind an option that takes a value no options are offered.
printf '%s\n' "$options" | {
	while read -r letter name kind; do
		for option in $letter $name; do
			[ "$option" != - ] || continue
			count=$(offers '' "$option" | grep -c '^--nick$')
			case $kind$count in
			value0|alone1) ;;
			*)
				echo "$option: completed as if it took" \
					'what it does not'
				wrong=1 ;;
			esac
		done
	done
	exit "$wrong"
} || wrong=1
exit "$wrong"
