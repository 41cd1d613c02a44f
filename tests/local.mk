# The tests.  A program or script of TESTS passes with exit status 0 and is
# skipped with 77; tests/README says what kinds there are.

# Every test finds its way by these; ".sh" tests are run by the shell.
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	NM='$(NM)'; export NM;
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)

support_libs = tests/support/libsupport.a
EXTRA_DIST += tests/README

include tests/support/local.mk
include tests/unit/local.mk
include tests/sim/local.mk
include tests/net/local.mk
include tests/screen/local.mk
include tests/bench/local.mk
include tests/fuzz/local.mk
include tests/lint/local.mk
