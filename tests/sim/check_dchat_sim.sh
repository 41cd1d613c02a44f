#!/bin/sh
# dchat-sim by hand: what its command line promises.

set -u
sim=${top_builddir:-.}/tests/sim/dchat-sim
out=$(mktemp "${TMPDIR:-/tmp}/dchat-sim.XXXXXX") || exit 1
trap 'rm -f "$out"' EXIT
failed=0

# expect STATUS PATTERN SENTENCE ARGUMENT...: runs it
expect() {
	status=$1 pattern=$2 sentence=$3
	shift 3
	"$sim" "$@" >"$out" 2>&1
	got=$?
	if [ $got -eq "$status" ] && grep -q -- "$pattern" "$out"; then
		echo "ok: $sentence"
	else
		echo "NOT ok: $sentence (exit status $got):"
		cat "$out"
		failed=1
	fi
}

hash_of() {
	"$sim" --minutes 1 "$@" | sed -n 's/^event hash *//p'
}

expect 0 'event hash  *[0-9a-f]\{16\}$' \
	'a run without faults ends well and prints its hash' \
	--nodes 4 --minutes 1
expect 0 'Usage: dchat-sim' '--help explains' --help
expect 2 'see dchat-sim --help' 'an unknown option is refused' --nodess 3
expect 2 'there is no such fault' 'an unknown fault is refused' \
	--faults loss,rain
expect 2 'the number of nodes' 'a bad number is refused' --nodes 0
expect 2 'takes no arguments' 'an argument too many is refused' ana
expect 0 'ana: leader' '--trace prints the timeline' \
	--nodes 2 --minutes 1 --trace

shiviz=$out.shiviz
trap 'rm -f "$out" "$shiviz"' EXIT
expect 0 'event hash' '--shiviz writes a log' \
	--nodes 3 --minutes 1 --faults crash,loss --shiviz "$shiviz"
# Host and clock, then the event; each host counts its own events by one.
if awk '
	NR % 2 == 1 {
		if ($0 !~ /^[a-z0-9]+ \{("[a-z0-9]+":[0-9]+,?)+\}$/) exit bad = 1
		match($0, "\"" $1 "\":[0-9]+")
		n = substr($0, RSTART + length($1) + 3, RLENGTH) + 0
		if (n != ++count[$1]) exit bad = 1
		next
	}
	$0 == "" { exit bad = 1 }
	END { exit bad || NR < 100 || NR % 2 }' "$shiviz"
then
	echo 'ok: and ShiViz can read it'
else
	echo 'NOT ok: the log for ShiViz is not as it must be:'
	head -4 "$shiviz"
	failed=1
fi
expect 2 'cannot be written' 'a log that cannot be written is an error' \
	--nodes 1 --minutes 1 --shiviz /dev/null/log

first=$(hash_of --seed 7 --faults all)
second=$(hash_of --seed 7 --faults all --trace)
other=$(hash_of --seed 8 --faults all)
if [ -n "$first" ] && [ "$first" = "$second" ] && [ "$first" != "$other" ]
then
	echo 'ok: the same seed gives the same hash, another one another'
else
	echo "NOT ok: hashes $first, $second and of another seed $other"
	failed=1
fi

# All but the time it took.
whole() {
	"$sim" --minutes 1 --seed 9 --nodes 5 --faults all --frames |
		sed 's/virtual, .* real/virtual/' | cksum
}
if [ "$(whole)" = "$(whole)" ]; then
	echo 'ok: and the same timeline, frame by frame'
else
	echo 'NOT ok: two runs of one seed differ'
	failed=1
fi
expect 0 '^3 seeds from 5, 0 failed' '--seeds runs several' \
	--seed 5 --seeds 3
expect 1 'cannot be read' 'a log that is not there is not played' \
	--replay /dev/null/log
exit $failed
