# One line a module: src/net/x.c src/net/x.h
noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES = \
	src/net/beacon.c src/net/beacon.h \
	src/net/discovery.c src/net/discovery.h \
	src/net/interfaces.c src/net/interfaces.h \
	src/net/link.c src/net/link.h \
	src/net/listener.c src/net/listener.h \
	src/net/tls.c src/net/tls.h
