#!/bin/sh
# The core does no input or output, reads no clock, no environment and no
# randomness.  Whatever libcore.a takes from outside src/ must be one of
# the harmless names below; all others are refused, so a new one is added
# here on purpose.

set -u
cd "${top_builddir:-.}" || exit 1
nm=${NM:-nm}
core=src/libcore.a
base=src/libbase.a

for lib in $core $base; do
	if [ ! -f "$lib" ]; then
		echo "check_purity: $lib is missing; run make first"
		exit 1
	fi
done

{
	$nm -g --defined-only $core $base | awk 'NF == 3 { print "ours", $3 }'
	$nm -u $core | awk '
		/^[^ ].*:$/ { file = substr($1, 1, length($1) - 1) }
		$1 == "U"   { print "want", $2, file }'
} | awk '
BEGIN {
	# memory and strings
	n = split("abort calloc free malloc realloc reallocarray " \
	    "memchr memcmp memcpy memmem memmove memrchr memset " \
	    "bcmp explicit_bzero stpcpy strcasecmp strchr strchrnul strcmp " \
	    "strcpy strcspn strdup strlcpy strlen strncasecmp strncat " \
	    "strncmp strncpy strndup strnlen strpbrk strrchr strspn strstr " \
	    "strtol strtoll strtoul strtoull __isoc23_strtol " \
	    "__isoc23_strtoll __isoc23_strtoul __isoc23_strtoull " \
	    "bsearch qsort snprintf vsnprintf " \
	    "abs labs llabs ceil exp exp2 fabs floor fmax fmin log log10 " \
	    "log1p log2 pow round sqrt " \
	    "tdelete tfind tsearch twalk", list, " ")
	for (i = 1; i <= n; i++)
		harmless[list[i]] = 1
}

function known(name) {
	if (name in harmless)
		return 1
	# what the compiler and its instrumentation put in
	if (name ~ /^__(stack_chk_fail|assert_fail|tls_get_addr)$/ ||
	    name ~ /^__(asan|ubsan|sanitizer|lsan|gcov|llvm|sancov)_/ ||
	    name ~ /^_GLOBAL_OFFSET_TABLE_$/ ||
	    name ~ /^__(div|mod|udiv|umod|mul|popcount|clz|ctz|bswap)[a-z]*[0-9]$/)
		return 1
	# the fortified form of a harmless one: __memcpy_chk
	if (name ~ /^__.*_chk$/) {
		sub(/^__/, "", name)
		sub(/_chk$/, "", name)
		return name in harmless
	}
	return 0
}

$1 == "ours" { ours[$2] = 1 }
$1 == "want" && !($2 in ours) && !known($2) && !told[$2 $3]++ {
	printf "src/libcore.a: %s uses %s\n", $3, $2
	bad = 1
}
END { exit bad }
' || {
	echo "check_purity: the core must do no input or output (see HACKING)"
	exit 1
}
echo "check_purity: the core is pure"
