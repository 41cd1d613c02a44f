# Figures for makers; nothing here passes or fails.  A program
# tests/bench/bench_x is one entry here and two lines below; without
# arguments it takes less than a minute and prints lines "name value unit".
BENCHES =
EXTRA_PROGRAMS += $(BENCHES)

BENCHES += tests/bench/bench_store
tests_bench_bench_store_SOURCES = tests/bench/bench_store.c
tests_bench_bench_store_LDADD = $(store_libs)

# Real processes, whose output is counted and not kept.
bench_reader = tests/bench/reader.c tests/bench/reader.h

BENCHES += tests/bench/bench_sync
tests_bench_bench_sync_SOURCES = tests/bench/bench_sync.c $(bench_reader)
tests_bench_bench_sync_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)
BENCHES += tests/bench/bench_screen
tests_bench_bench_screen_SOURCES = tests/bench/bench_screen.c \
	tests/bench/irc_flood.c tests/bench/irc_flood.h
tests_bench_bench_screen_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)
# Elections and the detector need no clock: their times are virtual.
BENCHES += tests/bench/bench_election
tests_bench_bench_election_SOURCES = tests/bench/bench_election.c \
	tests/unit/election_net.c tests/unit/election_net.h
tests_bench_bench_election_LDADD = $(core_libs)

BENCHES += tests/bench/bench_detector
tests_bench_bench_detector_SOURCES = tests/bench/bench_detector.c
tests_bench_bench_detector_LDADD = $(sim_libs)

BENCHES += tests/bench/bench_talk
tests_bench_bench_talk_SOURCES = tests/bench/bench_talk.c $(bench_reader)
tests_bench_bench_talk_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)

BENCHES += tests/bench/bench_line
tests_bench_bench_line_SOURCES = tests/bench/bench_line.c
tests_bench_bench_line_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)
