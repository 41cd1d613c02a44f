# One fuzz program a parser; see tests/README.
# Each is given its corpus here; fuzz.h says how to fuzz for real.
FUZZ_TESTS = \
	tests/fuzz/fuzz_body \
	tests/fuzz/fuzz_codec

check_PROGRAMS += $(FUZZ_TESTS)
TESTS += $(FUZZ_TESTS)
EXTRA_DIST += tests/fuzz/corpus

fuzz_replay = tests/fuzz/fuzz.h tests/fuzz/replay.c
tests_fuzz_fuzz_body_SOURCES = tests/fuzz/fuzz_body.c $(fuzz_replay)
tests_fuzz_fuzz_body_LDADD = $(wire_libs)
tests_fuzz_fuzz_codec_SOURCES = tests/fuzz/fuzz_codec.c $(fuzz_replay)
tests_fuzz_fuzz_codec_LDADD = $(wire_libs)
