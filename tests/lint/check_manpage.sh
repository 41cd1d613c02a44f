#!/bin/sh
# Every option, key, command, event and error code of the tables stands in
# dchat(1), every setting in dchat.conf(5), every style in dchat-theme(5), and
# every frame of the catalogue in dchat-protocol(7).
set -u
cd "${top_srcdir:-.}" || exit 99
if ! command -v mandoc >/dev/null; then
	echo 'mandoc is missing: the manual pages are not checked'
	exit 77
fi

page=$(mandoc -T ascii man/dchat.1 | sed 's/.\x08//g')
conf=$(mandoc -T ascii man/dchat.conf.5 | sed 's/.\x08//g')
protocol=$(mandoc -T ascii man/dchat-protocol.7 | sed 's/.\x08//g')
missing=0

# want PAGE KIND WORD: the word stands on the page by itself
want() {
	if ! printf '%s\n' "$1" | grep -qF -- "$3"; then
		echo "not in the manual: $2 $3"
		missing=1
	fi
}

# strings FILE MACRO COLUMN: the COLUMNth string of each row of an X-macro
# table
strings() {
	sed -n "/^#define $2(X)/,/^\$/p" "$1" | tr -d '\n\t\134' |
	    sed 's/X(/\nX(/g' | grep '^X([A-Z]' |
	    awk -F'"' -v n="$3" '{ print $(2 * n) }'
}

# shellcheck disable=SC2013 # words are what is wanted
for option in $(sed -n '/^} table/,/^};/p' tui/options.c |
    sed -n 's/^	{ [^,]*, "\([a-z-]*\)".*/\1/p'); do
	want "$page" option "--$option"
	found=yes
done
[ "${found:-no}" = yes ] || { echo 'no options found'; missing=1; }

for command in $(strings tui/command.h COMMANDS 1); do
	want "$page" command "/$command"
done
for action in $(strings tui/keymap.h KEYMAP 1); do
	want "$page" action "$action"
done
for key in $(strings tui/keymap.h KEYMAP 2); do
	case $key in
	Alt+[0-9]) ;;
	*) want "$page" key "$key" ;;
	esac
done
for verb in $(strings src/dchat.h DCHAT_VERBS 1); do
	want "$page" verb "$verb"
done
for event in $(strings src/dchat.h DCHAT_EVENTS 1); do
	want "$page" event "$event"
done
for code in $(strings src/base/error.h ERRORS 1 | grep -v '^none$'); do
	want "$page" code "$code"
done
# Each with what it is without being set, and no other stands there.
settings=$(strings tui/setting.h SETTINGS 1)
for setting in $settings; do
	initial=$(grep -A 1 -F "\"$setting\", \"" tui/setting.h |
	    sed -n 's/.*"'"$setting"'", "\([^"]*\)".*/\1/p')
	want "$conf" setting "$setting (${initial:-}"
done
[ -n "$settings" ] || { echo 'no settings found'; missing=1; }
# shellcheck disable=SC2013 # words are what is wanted
for name in $(sed -n 's/^\.It Ic \([a-z-]*\) .*/\1/p' man/dchat.conf.5); do
	if ! printf '%s\n' "$settings" | grep -qxF -- "$name"; then
		echo "not a setting any more: $name"
		missing=1
	fi
done
# Each style of a theme, with the same words, and no other.
styles=$(strings tui/theme.h STYLES 1)
for style in $styles; do
	want "$(cat man/dchat-theme.5)" style ".It Ic $style"
done
[ -n "$styles" ] || { echo 'no styles found'; missing=1; }
# shellcheck disable=SC2013 # words are what is wanted
for name in $(sed -n 's/^\.It Ic \([a-z]*\)$/\1/p' man/dchat-theme.5); do
	case $name in about|nicks) continue ;; esac
	if ! printf '%s\n' "$styles" | grep -qxF -- "$name"; then
		echo "not a style any more: $name"
		missing=1
	fi
done
for frame in $(strings src/core/frame.h FRAMES 1); do
	want "$protocol" frame "$frame"
done
for reason in $(strings src/core/frame.h REASONS 1); do
	want "$protocol" reason "$reason"
done
exit "$missing"
