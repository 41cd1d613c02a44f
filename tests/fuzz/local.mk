# One fuzz program a parser; see tests/README.
# Each is given its corpus here; `make fuzz` looks for more.
FUZZ_TESTS = \
	tests/fuzz/fuzz_address \
	tests/fuzz/fuzz_alias \
	tests/fuzz/fuzz_beacon \
	tests/fuzz/fuzz_bind \
	tests/fuzz/fuzz_body \
	tests/fuzz/fuzz_codec \
	tests/fuzz/fuzz_complete \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_headless \
	tests/fuzz/fuzz_input_line \
	tests/fuzz/fuzz_keys \
	tests/fuzz/fuzz_names \
	tests/fuzz/fuzz_node \
	tests/fuzz/fuzz_notes \
	tests/fuzz/fuzz_options \
	tests/fuzz/fuzz_past \
	tests/fuzz/fuzz_profile \
	tests/fuzz/fuzz_query \
	tests/fuzz/fuzz_setting \
	tests/fuzz/fuzz_tape \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_theme \
	tests/fuzz/fuzz_url

check_PROGRAMS += $(FUZZ_TESTS)
TESTS += $(FUZZ_TESTS)
EXTRA_DIST += tests/fuzz/corpus

fuzz_replay = tests/fuzz/fuzz.h tests/fuzz/replay.c
tests_fuzz_fuzz_address_SOURCES = tests/fuzz/fuzz_address.c $(fuzz_replay)
tests_fuzz_fuzz_address_LDADD = $(host_libs)
tests_fuzz_fuzz_alias_SOURCES = tests/fuzz/fuzz_alias.c $(fuzz_replay)
tests_fuzz_fuzz_alias_LDADD = $(tui_libs)
tests_fuzz_fuzz_beacon_SOURCES = tests/fuzz/fuzz_beacon.c $(fuzz_replay)
tests_fuzz_fuzz_beacon_LDADD = $(net_libs)
tests_fuzz_fuzz_bind_SOURCES = tests/fuzz/fuzz_bind.c $(fuzz_replay)
tests_fuzz_fuzz_bind_LDADD = $(tui_libs)
tests_fuzz_fuzz_body_SOURCES = tests/fuzz/fuzz_body.c $(fuzz_replay)
tests_fuzz_fuzz_body_LDADD = $(wire_libs)
tests_fuzz_fuzz_codec_SOURCES = tests/fuzz/fuzz_codec.c $(fuzz_replay)
tests_fuzz_fuzz_codec_LDADD = $(wire_libs)
tests_fuzz_fuzz_complete_SOURCES = tests/fuzz/fuzz_complete.c $(fuzz_replay)
tests_fuzz_fuzz_complete_LDADD = $(tui_libs)
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c $(fuzz_replay)
tests_fuzz_fuzz_config_LDADD = $(tui_libs)
tests_fuzz_fuzz_headless_SOURCES = tests/fuzz/fuzz_headless.c $(fuzz_replay)
tests_fuzz_fuzz_headless_LDADD = $(host_libs)
tests_fuzz_fuzz_input_line_SOURCES = tests/fuzz/fuzz_input_line.c \
	$(fuzz_replay)
tests_fuzz_fuzz_input_line_LDADD = $(tui_libs)
tests_fuzz_fuzz_keys_SOURCES = tests/fuzz/fuzz_keys.c $(fuzz_replay)
tests_fuzz_fuzz_keys_LDADD = $(tui_libs)
tests_fuzz_fuzz_names_SOURCES = tests/fuzz/fuzz_names.c $(fuzz_replay)
tests_fuzz_fuzz_names_LDADD = $(host_libs)
tests_fuzz_fuzz_node_SOURCES = tests/fuzz/fuzz_node.c $(fuzz_replay)
tests_fuzz_fuzz_node_LDADD = $(sim_libs)
tests_fuzz_fuzz_notes_SOURCES = tests/fuzz/fuzz_notes.c $(fuzz_replay)
tests_fuzz_fuzz_notes_LDADD = $(tui_libs)
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c $(fuzz_replay)
tests_fuzz_fuzz_options_LDADD = $(tui_libs)
tests_fuzz_fuzz_past_SOURCES = tests/fuzz/fuzz_past.c $(fuzz_replay)
tests_fuzz_fuzz_past_LDADD = $(host_libs)
tests_fuzz_fuzz_profile_SOURCES = tests/fuzz/fuzz_profile.c $(fuzz_replay)
tests_fuzz_fuzz_profile_LDADD = $(host_libs)
tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz_query.c $(fuzz_replay)
tests_fuzz_fuzz_query_LDADD = $(tui_libs)
tests_fuzz_fuzz_setting_SOURCES = tests/fuzz/fuzz_setting.c $(fuzz_replay)
tests_fuzz_fuzz_setting_LDADD = $(tui_libs)
tests_fuzz_fuzz_tape_SOURCES = tests/fuzz/fuzz_tape.c $(fuzz_replay)
tests_fuzz_fuzz_tape_LDADD = $(wire_libs)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c $(fuzz_replay)
tests_fuzz_fuzz_text_LDADD = $(tui_libs)
tests_fuzz_fuzz_theme_SOURCES = tests/fuzz/fuzz_theme.c $(fuzz_replay)
tests_fuzz_fuzz_theme_LDADD = $(tui_libs)
tests_fuzz_fuzz_url_SOURCES = tests/fuzz/fuzz_url.c $(fuzz_replay)
tests_fuzz_fuzz_url_LDADD = $(tui_libs)
