# One line a module: src/wire/x.c src/wire/x.h
noinst_LIBRARIES += src/libwire.a
src_libwire_a_SOURCES = \
	src/wire/body.c src/wire/body.h \
	src/wire/codec.c src/wire/codec.h \
	src/wire/digest.c src/wire/digest.h \
	src/wire/json.c src/wire/json.h \
	src/wire/schema.c src/wire/schema.h \
	src/wire/tape.c src/wire/tape.h
