# A test program tests/sim/check_x is one entry here and two lines below:
#   tests_sim_check_x_SOURCES = tests/sim/check_x.c
#   tests_sim_check_x_LDADD = $(support_libs) $(core_libs) $(CHECK_LIBS)
SIM_TESTS =

if HAVE_CHECK
check_PROGRAMS += $(SIM_TESTS)
TESTS += $(SIM_TESTS)
endif
