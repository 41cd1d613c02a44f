#!/bin/sh
# A talk among four who speak at three hosts: lossy, cut and killed, it is the
# same everywhere in the end.  More of it: tests/net/transcript by hand.
set -u
exec "${top_builddir:-.}/tests/net/transcript" -n 3 -l 10 -k 3 -c 3 -s 7 \
    "${top_srcdir:-.}/tests/net/transcript.txt"
