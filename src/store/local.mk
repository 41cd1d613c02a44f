# One line a module: src/store/x.c src/store/x.h
noinst_LIBRARIES += src/libstore.a
src_libstore_a_SOURCES = \
	src/store/store.c src/store/store.h
