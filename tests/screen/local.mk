# A test program tests/screen/check_x is one entry here and two lines below:
#   tests_screen_check_x_SOURCES = tests/screen/check_x.c
#   tests_screen_check_x_LDADD = $(support_libs) $(tui_libs) $(CHECK_LIBS)
SCREEN_TESTS =

if HAVE_CHECK
check_PROGRAMS += $(SCREEN_TESTS)
TESTS += $(SCREEN_TESTS)
endif

stage = tests/screen/stage.c tests/screen/stage.h \
	tests/screen/fake_dchat.c tests/screen/fake_dchat.h \
	tests/screen/fake_health.c tests/screen/fake_health.h

SCREEN_TESTS += tests/screen/check_health
tests_screen_check_health_SOURCES = tests/screen/check_health.c $(stage)
tests_screen_check_health_LDADD = $(tui_libs) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_screen
tests_screen_check_screen_SOURCES = tests/screen/check_screen.c $(stage)
tests_screen_check_screen_LDADD = $(tui_libs) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_terminal
tests_screen_check_terminal_SOURCES = tests/screen/check_terminal.c $(stage)
tests_screen_check_terminal_LDADD = $(support_libs) $(tui_libs) \
	$(JANSSON_LIBS) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_sizes
tests_screen_check_sizes_SOURCES = tests/screen/check_sizes.c $(stage)
tests_screen_check_sizes_LDADD = $(tui_libs) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_theme
tests_screen_check_theme_SOURCES = tests/screen/check_theme.c
tests_screen_check_theme_LDADD = $(tui_libs) $(CHECK_LIBS) -lm

SCREEN_TESTS += tests/screen/check_habits
tests_screen_check_habits_SOURCES = tests/screen/check_habits.c
tests_screen_check_habits_LDADD = $(support_libs) $(base_libs) \
	$(JANSSON_LIBS) $(CHECK_LIBS)
EXTRA_DIST += tests/screen/golden

SCREEN_TESTS += tests/screen/check_plain
tests_screen_check_plain_SOURCES = tests/screen/check_plain.c $(stage)
tests_screen_check_plain_LDADD = $(tui_libs) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_say
tests_screen_check_say_SOURCES = tests/screen/check_say.c $(stage)
tests_screen_check_say_LDADD = $(tui_libs) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_urls
tests_screen_check_urls_SOURCES = tests/screen/check_urls.c
tests_screen_check_urls_LDADD = $(support_libs) $(base_libs) \
	$(JANSSON_LIBS) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_linear
tests_screen_check_linear_SOURCES = tests/screen/check_linear.c
tests_screen_check_linear_LDADD = $(support_libs) $(base_libs) \
	$(JANSSON_LIBS) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_search
tests_screen_check_search_SOURCES = tests/screen/check_search.c $(stage)
tests_screen_check_search_LDADD = $(tui_libs) $(CHECK_LIBS)

SCREEN_TESTS += tests/screen/check_custom
tests_screen_check_custom_SOURCES = tests/screen/check_custom.c $(stage)
tests_screen_check_custom_LDADD = $(tui_libs) $(CHECK_LIBS)
