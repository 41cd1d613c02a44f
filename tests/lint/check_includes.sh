#!/bin/sh
# Includes go down only.  The tables below are the architecture; a new
# folder, core module or foreign library needs a line here, on purpose.

set -u
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 1

# shellcheck disable=SC2016  # the program is awk, not shell
find src tui -name '*.[ch]' | LC_ALL=C sort | xargs awk '
BEGIN {
	# folder: the folders it may include besides itself; "dchat" is the
	# door, src/dchat.h
	may["tui"]    = "dchat base"
	may["host"]   = "dchat net wire crypto store core base"
	may["wire"]   = "core base"
	may["store"]  = "core base"
	may["crypto"] = "base"
	may["net"]    = "base"
	may["core"]   = "dchat base"
	may["dchat"]  = "base"
	may["base"]   = ""

	# where the program is put together: it chooses between front ends
	exempt["tui/main.c host/headless.h"] = 1
	# an item is part of frames, and its copies stand with its laws
	exempt["src/core/frame.c core/item.h"] = 1

	# core module: its tier; it may include lower tiers, never a sibling
	tier["node"] = 8
	tier["nicks"] = tier["partition"] = 7
	tier["membership"] = tier["detector"] = tier["contacts"] = 6
	tier["election"] = tier["multicast"] = tier["sync"] = 6
	tier["metadata"] = tier["receipt"] = tier["typing"] = 6
	tier["room"] = 5
	tier["catchup"] = tier["frontier"] = tier["holdback"] = 5
	tier["judge"] = tier["witness"] = 5
	tier["ring"] = tier["vclock"] = tier["hlc"] = 4
	tier["effect"] = tier["ledger"] = 3
	tier["item"] = tier["direct"] = tier["past"] = tier["chronicle"] = 2
	tier["frame"] = tier["verdict"] = 1

	# foreign header (start of its name): the folders that may use it
	foreign["openssl/"]   = "crypto net"
	foreign["sqlite3.h"]  = "store"
	foreign["jansson.h"]  = "wire host"
	foreign["event2/"]    = "net host tui"
	foreign["readline/"]  = "tui"
	foreign["curses.h"]   = "tui"
	foreign["ncurses"]    = "tui"
	foreign["panel.h"]    = "tui"
	foreign["term.h"]     = "tui"

	# what of tui/ is below the curses line
	curses_files = "^tui/(screen|screen_urls|theme|input|view|view_[a-z0-9_]+)\\.[ch]$"
}

function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}

function contains(list, word) {
	return index(" " list " ", " " word " ") > 0
}

function folder_of(path) {	# src/core/node.c, core/node.h, tui/x.c
	sub(/^src\//, "", path)
	if (path ~ /^(dchat|amend|place)\.[ch]$/)
		return "dchat"
	if (path !~ /\//)
		return ""
	sub(/\/.*/, "", path)
	return path
}

function module_of(path) {	# core/node_recv.c belongs to node
	sub(/.*\//, "", path)
	sub(/\.[ch]$/, "", path)
	if (!(path in tier))
		sub(/_.*/, "", path)
	return path
}

FNR == 1 {
	here = folder_of(FILENAME)
	module = module_of(FILENAME)
	if (!(here in may))
		complain("this folder has no line in the table of " \
		    "tests/lint/check_includes.sh")
	else if (here == "core" && !(module in tier))
		complain("this core module has no tier in " \
		    "tests/lint/check_includes.sh")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	there = folder_of(name)
	if (there == "")
		complain("\"" name "\": write the folder too, as in " \
		    "\"base/id.h\"")
	else if (!(there in may))
		complain("\"" name "\": no such folder of ours")
	else if ((FILENAME " " name) in exempt)
		next
	else if (there != here && !contains(may[here], there))
		complain(here " must not include \"" name "\": it may use " \
		    (may[here] == "" ? "only itself" : may[here]))
	else if (here == "core" && name == "base/log.h")
		complain("core must not write a log: it traces")
	else if (here == "core" && there == "core") {
		other = module_of(name)
		if (other != module && (other in tier) &&
		    tier[other] >= tier[module])
			complain("core/" module " must not include \"" name \
			    "\": it is not below it")
	}
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	name = $0
	sub(/^[^<]*</, "", name)
	sub(/>.*/, "", name)
	for (start in foreign)
		if (index(name, start) == 1) {
			if (!contains(foreign[start], here))
				complain("<" name ">: only " foreign[start] \
				    " may use it")
			else if (name ~ /^(n?curses|panel\.h|term\.h)/ &&
			    FILENAME !~ curses_files)
				complain("<" name ">: this file is above " \
				    "the curses line")
		}
}

END { exit bad }
' || {
	echo "check_includes: includes go down only (see HACKING)"
	exit 1
}
echo "check_includes: every include goes down"
