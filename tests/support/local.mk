# What several test programs share.  One line a module:
# tests/support/x.c tests/support/x.h
check_LIBRARIES += tests/support/libsupport.a
tests_support_libsupport_a_SOURCES = \
	tests/support/home.c tests/support/home.h \
	tests/support/loop.c tests/support/loop.h \
	tests/support/lan.c tests/support/lan.h \
	tests/support/peer.c tests/support/peer.h \
	tests/support/pty.c tests/support/pty.h \
	tests/support/terminal.c tests/support/terminal.h
