# One line a module: src/store/x.c src/store/x.h
noinst_LIBRARIES += src/libstore.a
src_libstore_a_SOURCES = \
	src/store/database.c src/store/database.h \
	src/store/history.c src/store/history.h \
	src/store/job.c src/store/job.h \
	src/store/recall.c src/store/recall.h \
	src/store/shelf.c src/store/shelf.h \
	src/store/store.c src/store/store.h \
	src/store/words.c src/store/words.h \
	src/store/worker.c src/store/worker.h
