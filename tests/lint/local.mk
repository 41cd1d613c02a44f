# Checks of the tree itself: plain shell scripts, no compiler needed.
LINT_TESTS = \
	tests/lint/check_completion.sh \
	tests/lint/check_includes.sh \
	tests/lint/check_layers.sh \
	tests/lint/check_manpage.sh \
	tests/lint/check_purity.sh

dist_check_SCRIPTS += $(LINT_TESTS)
TESTS += $(LINT_TESTS)
