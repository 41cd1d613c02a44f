noinst_LIBRARIES += src/libbase.a
src_libbase_a_SOURCES = \
	src/base/address.c src/base/address.h \
	src/base/base64.c src/base/base64.h \
	src/base/bytes.c src/base/bytes.h \
	src/base/channel.h \
	src/base/die.c src/base/die.h \
	src/base/error.c src/base/error.h \
	src/base/hash.c src/base/hash.h \
	src/base/id.c src/base/id.h \
	src/base/instant.h \
	src/base/limits.h \
	src/base/log.c src/base/log.h \
	src/base/mem.c src/base/mem.h \
	src/base/rng.c src/base/rng.h \
	src/base/utf8.c src/base/utf8.h
# The door's own vocabulary stands beside the folders, below all of them.
src_libbase_a_SOURCES += src/amend.c src/dchat.c src/place.c
