# Figures for makers; nothing here passes or fails.  A program
# tests/bench/bench_x is one entry here and two lines below; without
# arguments it takes less than a minute and prints lines "name value unit".
BENCHES =
EXTRA_PROGRAMS += $(BENCHES)

BENCHES += tests/bench/bench_store
tests_bench_bench_store_SOURCES = tests/bench/bench_store.c
tests_bench_bench_store_LDADD = $(store_libs)
