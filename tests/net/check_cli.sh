#!/bin/sh
# The command line: whatever is wrong is one sentence on standard error, and
# the status tells whose fault it is (2: the person's, 1: the machine's).

set -u

# A network of its own, so that nobody else is met, where that is allowed.
if [ -z "${DCHAT_CLI_ALONE:-}" ] && unshare -Urn true 2>/dev/null; then
	DCHAT_CLI_ALONE=1 exec unshare -Urn "$0" "$@"
fi
[ -z "${DCHAT_CLI_ALONE:-}" ] || ip link set lo up

dchat=${DCHAT_PROGRAM:-${top_builddir:-.}/dchat}
work=$(mktemp -d) || exit 99
running=
status=0
tried=0

# shellcheck disable=SC2317 # the trap calls it
finish() {
	[ -z "$running" ] || kill "$running" 2>/dev/null
	chmod -R u+w "$work"
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

export XDG_STATE_HOME="$work/state"
export XDG_CONFIG_HOME="$work/config" XDG_RUNTIME_DIR="$work/run"

complain() {
	echo "check_cli: $*" >&2
	sed 's/^/	stdout: /' "$work/out" | head -n 5 >&2
	sed 's/^/	stderr: /' "$work/err" | head -n 5 >&2
	status=1
}

# try ARGUMENT...: leaves its status in $code and its output in files
try() {
	timeout 20 "$dchat" "$@" </dev/null >"$work/out" 2>"$work/err"
	code=$?
	tried=$((tried + 1))
}

# refused STATUS WORDS ARGUMENT...: one sentence with these words
refused() {
	want=$1
	words=$2
	shift 2
	try "$@"
	[ $code -eq "$want" ] || complain "$*: status $code, not $want"
	[ ! -s "$work/out" ] || complain "$*: standard output is not empty"
	[ "$(wc -l <"$work/err")" -eq 1 ] ||
		complain "$*: not one line on standard error"
	grep -q '^dchat: .*\.$' "$work/err" || complain "$*: no sentence"
	grep -qF -e "$words" "$work/err" ||
		complain "$*: does not say '$words'"
}

wrong() {
	refused 2 "$@"
}

failed() {
	refused 1 "$@"
}

repeat() {	# repeat COUNT TEXT
	awk -v n="$1" -v t="$2" \
		'BEGIN { while (n-- > 0) printf "%s", t; print "" }'
}

# ---- options that are wrong ----

wrong '--bogus' --bogus
wrong '--bogus' --bogus=3 --headless
wrong '-Z' -Z
wrong '-Z' -vZ --headless
wrong '?' "$(printf -- '-\033')"
wrong '"extra"' extra
wrong '"extra"' --headless --ephemeral extra
wrong '"--help"' -- --help
wrong '--headless' --headless=3
wrong '--ephemeral' --ephemeral=yes

for option in nick network room peer interface port discovery-port profile \
	priority config log; do
	wrong "--$option" "--$option"
done
for letter in n N r P i p; do
	wrong 'wants a value' "-$letter"
done

for option in --port --discovery-port; do
	for number in abc '' ' ' -1 +1 65536 70000 1.5 0x50 7711x \
		99999999999999999999999; do
		wrong "$option" --headless --ephemeral "$option=$number"
	done
done
for number in 256 -1 1x '' ten 99999999999999999999999; do
	wrong '--priority' --headless --ephemeral "--priority=$number"
done
wrong '-1' --headless -p -1

# ---- names and addresses that are wrong ----

long=$(repeat 65 a)
broken=$(printf 'a\377b')
for nick in '' 'two words' "$(printf 'a\033[2J')" "$broken" "$long" \
	"$(repeat 33 a)"; do
	wrong '' --headless --ephemeral "--nick=$nick"
done
for room in '' 'two words' '#' '#two words' '@ana' '#a,b' "#$long" "#$broken"; do
	wrong '' --headless --ephemeral "--room=$room"
done
for network in '' 'two words' "$long" "$broken"; do
	wrong '' --headless --ephemeral "--network=$network"
done
for profile in '' . .. .hidden a/b /etc "$long" "$(printf 'a\nb')"; do
	wrong 'profile' --headless "--profile=$profile"
done
for peer in '' ' ' : :9 host: host:0 host:65536 host:http 'a b' '[::1' \
	'[::1]9' '[::1]:' a:b:c 1.2.3.4:5:6 http://host/; do
	wrong 'HOST:PORT' --headless --ephemeral "--peer=$peer"
done
wrong 'lo' --headless --ephemeral --interface nope0
wrong '"nope0"' --headless --ephemeral -i lo -i nope0
wrong '' --headless --ephemeral --interface=
wrong "$work/none/log" --headless --ephemeral --log "$work/none/log"
wrong "$work" --headless --ephemeral --log "$work"

# ---- the file of settings ----

wrong "$work/none" --headless --ephemeral --config "$work/none"
wrong "$work" --headless --ephemeral --config "$work"
mkdir -p "$XDG_CONFIG_HOME/dchat"
config=$XDG_CONFIG_HOME/dchat/config
echo 'bell = maybe' >"$config"
wrong "$config:1: bell wants on or off, not \"maybe\"." --headless --ephemeral
printf '# fine\n\nnik = ana\n' >"$config"
wrong "$config:3: there is no setting \"nik\"" --headless --ephemeral
echo 'nick = a b' >"$work/other"
wrong "$work/other:1: nick" --headless --ephemeral --config "$work/other"
echo 'interfaces = nope0' >"$config"
wrong '"nope0"' --headless --ephemeral
printf 'nick = conny\n[there]\nnick = thea\n' >"$config"
try --headless --ephemeral -N "cli-$$" -i lo
grep -q '"nick":"conny"' "$work/out" || complain 'the file gives no nick'
try --headless --ephemeral -N "cli-$$" -i lo --profile there
grep -q '"nick":"thea"' "$work/out" || complain 'a profile has no settings'
try --headless --ephemeral -N "cli-$$" -i lo -n ana
grep -q '"nick":"ana"' "$work/out" || complain 'an option does not win'
rm "$config"

# ---- no terminal ----

wrong '--headless' --ephemeral
wrong './bootstrap demo' --ephemeral

# ---- help and version ----

for option in --help -h --version -V; do
	try "$option" --headless
	[ $code -eq 0 ] || complain "$option: status $code"
	[ -s "$work/out" ] || complain "$option: says nothing"
	[ ! -s "$work/err" ] || complain "$option: complains"
done
try --version
grep -q '^dchat [0-9]' "$work/out" || complain '--version: no version'
try --help
grep -q '^Usage: dchat' "$work/out" || complain '--help: no usage'
for option in nick network room peer interface port discovery-port profile \
	ephemeral priority headless config log version help; do
	grep -q -e "--$option" "$work/out" ||
		complain "--help: --$option is missing"
done
awk 'length > 80 { exit 1 }' "$work/out" || complain '--help: too wide'
if [ -c /dev/full ]; then
	for option in --help --version; do
		"$dchat" $option >/dev/full 2>"$work/err"
		code=$?
		: >"$work/out"
		[ $code -eq 1 ] || complain "$option on a full disk: $code"
		grep -q '^dchat: .*\.$' "$work/err" ||
			complain "$option on a full disk: no sentence"
	done
fi

# ---- standard descriptors that are not there ----

: >"$work/out"
for closed in '<&-' '</dev/null >&-' '</dev/null 2>&-' '<&- >&- 2>&-'; do
	eval "timeout 20 \"\$dchat\" --headless --ephemeral -N cli-$$ \
		>\"\$work/out\" 2>\"\$work/err\" $closed"
	code=$?
	[ $code -eq 0 ] || complain "with $closed: status $code"
done

# ---- the machine's faults ----

start() {	# start ARGUMENT...: its first line in $ready
	mkfifo "$work/in" "$work/lines"
	"$dchat" --headless -N "cli-$$" -i lo "$@" <"$work/in" \
		>"$work/lines" 2>/dev/null &
	running=$!
	exec 3>"$work/in" 4<"$work/lines"
	read -r ready <&4
	rm "$work/in" "$work/lines"
}

end() {
	exec 3>&-
	cat <&4 >"$work/out"
	exec 4<&-
	wait "$running" || complain "the running one ended with $?"
	running=
	tail -n 1 "$work/out" | grep -q '"event":"bye"' ||
		complain 'the running one said no bye'
}

start --profile busy
port=$(echo "$ready" | sed -n 's/.*"port":\([0-9]*\).*/\1/p')
failed "port $port" --headless --ephemeral -i lo -N "cli-$$" -p "$port"
failed '--port' --headless --ephemeral -i lo -N "cli-$$" -p "$port"
failed '--profile' --headless -i lo -N "cli-$$" --profile busy
failed '"busy"' --headless -i lo -N "cli-$$" --profile busy
end
try --headless -i lo -N "cli-$$" --profile busy
[ $code -eq 0 ] || complain "a profile that is free again: status $code"

for path in . dchat dchat/busy; do
	[ "$(stat -c %a "$XDG_STATE_HOME/$path")" = 700 ] ||
		complain "$path is not for its owner alone"
done
for path in "$XDG_STATE_HOME"/dchat/busy/*; do
	[ "$(stat -c %a "$path")" = 600 ] ||
		complain "$path is not for its owner alone"
done
try --headless -i lo -N "cli-$$" --ephemeral --profile none
[ ! -e "$XDG_STATE_HOME/dchat/none" ] || complain '--ephemeral left traces'

echo junk >"$work/file"
XDG_STATE_HOME=$work/file
failed "$work/file" --headless
XDG_STATE_HOME=/proc/nowhere
failed /proc/nowhere --headless
XDG_STATE_HOME=$work/state
mkdir "$XDG_STATE_HOME/dchat/junk"
echo junk >"$XDG_STATE_HOME/dchat/junk/key.pem"
failed key.pem --headless --profile junk
mkdir -p "$XDG_STATE_HOME/dchat/jammed/lock"
failed lock --headless --profile jammed
mkdir "$work/closed"
chmod 500 "$work/closed"
if ! mkdir "$work/closed/try" 2>/dev/null; then
	XDG_STATE_HOME=$work/closed
	failed "$work/closed" --headless
fi

[ $status -eq 0 ] && echo "check_cli: $tried command lines tried"
exit $status
