#!/bin/sh
# What a real process logged with -vv plays again in the simulator's node:
# the first run of a profile and one that remembers.

set -u

if [ -z "${DCHAT_REPLAY_ALONE:-}" ] && unshare -Urn true 2>/dev/null; then
	DCHAT_REPLAY_ALONE=1 exec unshare -Urn "$0" "$@"
fi
if [ -z "${DCHAT_REPLAY_ALONE:-}" ]; then
	echo 'no network namespace may be made here'
	exit 77
fi
ip link set lo up

dchat=${DCHAT_PROGRAM:-${top_builddir:-.}/dchat}
sim=${top_builddir:-.}/tests/sim/dchat-sim
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" XDG_DATA_HOME="$work/data"
export XDG_CONFIG_HOME="$work/config" XDG_RUNTIME_DIR="$work/run"
mkdir -m 700 "$work/run"
failed=0

# until_seen PATTERN FILE: waits for the line, half a minute at most
until_seen() {
	tries=0
	until grep -q "$1" "$2" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.1
	done
}

# ana NUMBER: a run of hers, that ends when bob's answer has come
ana() {
	out=$work/ana.$1
	mkfifo "$work/in.$1"
	"$dchat" --headless -N replay -n ana --profile ana -v -v \
		--log "$work/log" <"$work/in.$1" >"$out" &
	exec 3>"$work/in.$1"
	until_seen '"event":"peer"' "$out" || failed=1
	echo '{"cmd":"say","room":"#lobby","text":"run '"$1"'"}' >&3
	echo '{"cmd":"topic","room":"#lobby","topic":"run '"$1"'"}' >&3
	until_seen "\"run $1\"" "$work/bob" || failed=1
	echo '{"cmd":"say","room":"#lobby","text":"bye '"$1"'"}' >&4
	until_seen "\"bye $1\"" "$out" || failed=1
	echo '{"cmd":"status"}' >&3
	echo '{"cmd":"quit"}' >&3
	exec 3>&-
	wait $!
}

mkfifo "$work/in.bob"
"$dchat" --headless -N replay -n bob --ephemeral <"$work/in.bob" \
	>"$work/bob" &
bob=$!
exec 4>"$work/in.bob"
ana 1
ana 2
echo '{"cmd":"quit"}' >&4
exec 4>&-
wait $bob
[ $failed -eq 0 ] || echo 'NOT ok: the two did not talk'

# replays STATUS PATTERN SENTENCE
replays() {
	"$sim" --replay "$work/log" >"$work/out" 2>&1
	if [ $? -eq "$1" ] && grep -q "$2" "$work/out"; then
		echo "ok: $3"
	else
		echo "NOT ok: $3:"
		head -20 "$work/out"
		failed=1
	fi
}

replays 0 '^2 runs, [1-9][0-9]* inputs, 0 differences' \
	'two runs of a real process have the same effects again'
sed '0,/| effects [0-9a-f]/s//| effects f0/' "$work/log" >"$work/other"
mv "$work/other" "$work/log"
replays 1 'effects are others' 'effects that are others are told'
exit $failed
