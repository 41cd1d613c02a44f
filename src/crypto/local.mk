# One line a module: src/crypto/x.c src/crypto/x.h
noinst_LIBRARIES += src/libcrypto.a
src_libcrypto_a_SOURCES = \
	src/crypto/entropy.c src/crypto/entropy.h \
	src/crypto/identity.c src/crypto/identity.h \
	src/crypto/names.c src/crypto/names.h \
	src/crypto/seal.c src/crypto/seal.h
