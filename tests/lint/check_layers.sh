#!/bin/sh
# Calls go down only: what a library leaves undefined may be defined by a
# library below it or by none of ours.  The include check cannot see a
# prototype written by hand; this one does.

set -u
cd "${top_builddir:-.}" || exit 1
nm=${NM:-nm}
status=0

# defined LIBRARY: the external names it defines, one a line
defined() {
	$nm -g --defined-only "$1" 2>/dev/null | awk 'NF == 3 { print $3 }'
}

wanted() {
	$nm -u "$1" 2>/dev/null | awk '$1 == "U" { print $2 }'
}

# check LIBRARY FORBIDDEN...
check() {
	lib=$1
	shift
	[ -f "$lib" ] || return 0
	for up in "$@"; do
		[ -f "$up" ] || continue
		{
			defined "$lib" | sed 's/^/own /'
			defined "$up" | sed 's/^/up /'
			wanted "$lib" | sed 's/^/want /'
		} | awk -v lib="$lib" -v up="$up" '
			$1 == "own"  { own[$2] = 1 }
			$1 == "up"   { theirs[$2] = 1 }
			$1 == "want" && ($2 in theirs) && !($2 in own) &&
			    !told[$2]++ {
				printf "%s calls %s, which is in %s\n",
				    lib, $2, up
				bad = 1
			}
			END { exit bad }
		' || status=1
	done
}

base=src/libbase.a core=src/libcore.a wire=src/libwire.a
crypto=src/libcrypto.a net=src/libnet.a store=src/libstore.a
host=src/libhost.a tui=tui/libtui.a

check $base   $core $wire $store $crypto $net $host $tui
check $core   $wire $store $crypto $net $host $tui
check $wire   $store $crypto $net $host $tui
check $store  $wire $crypto $net $host $tui
check $crypto $core $wire $store $net $host $tui
check $net    $core $wire $store $crypto $host $tui
check $host   $tui
# A front end uses the door, and the door is in the host.
check $tui    $core $wire $store $crypto $net

[ $status -eq 0 ] && echo "check_layers: every call goes down"
exit $status
