# A test program tests/sim/check_x is one entry here and two lines below:
#   tests_sim_check_x_SOURCES = tests/sim/check_x.c
#   tests_sim_check_x_LDADD = $(sim_libs) $(CHECK_LIBS)
SIM_TESTS = \
	tests/sim/check_agreement \
	tests/sim/check_cuts \
	tests/sim/check_fair \
	tests/sim/check_forks \
	tests/sim/check_past \
	tests/sim/check_refer \
	tests/sim/check_seeds \
	tests/sim/check_silence \
	tests/sim/check_stories

story = tests/sim/story.c tests/sim/story.h

tests_sim_check_agreement_SOURCES = tests/sim/check_agreement.c $(story)
tests_sim_check_agreement_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_cuts_SOURCES = tests/sim/check_cuts.c $(story)
tests_sim_check_cuts_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_fair_SOURCES = tests/sim/check_fair.c $(story)
tests_sim_check_fair_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_forks_SOURCES = tests/sim/check_forks.c $(story)
tests_sim_check_forks_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_past_SOURCES = tests/sim/check_past.c
tests_sim_check_past_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_refer_SOURCES = tests/sim/check_refer.c
tests_sim_check_refer_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_seeds_SOURCES = tests/sim/check_seeds.c
tests_sim_check_seeds_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_silence_SOURCES = tests/sim/check_silence.c $(story)
tests_sim_check_silence_LDADD = $(sim_libs) $(CHECK_LIBS)
tests_sim_check_stories_SOURCES = tests/sim/check_stories.c $(story)
tests_sim_check_stories_LDADD = $(sim_libs) $(CHECK_LIBS)

# The world, the checkers, and random runs in it.
check_LIBRARIES += tests/sim/libsim.a
tests_sim_libsim_a_SOURCES = \
	tests/sim/checkers.c tests/sim/checkers.h \
	tests/sim/checkers_amends.c \
	tests/sim/checkers_inner.h \
	tests/sim/checkers_leaders.c \
	tests/sim/checkers_messages.c \
	tests/sim/checkers_metadata.c \
	tests/sim/clock.c \
	tests/sim/conditions.c \
	tests/sim/disk.c tests/sim/disk.h \
	tests/sim/fault.c tests/sim/fault.h \
	tests/sim/hostile.c \
	tests/sim/network.c \
	tests/sim/people.c \
	tests/sim/queue.c tests/sim/queue.h \
	tests/sim/seal.c tests/sim/seal.h \
	tests/sim/shiviz.c \
	tests/sim/sim.c tests/sim/sim.h \
	tests/sim/storage.c \
	tests/sim/timeline.c \
	tests/sim/trial.c tests/sim/trial.h \
	tests/sim/trial_hosts.c \
	tests/sim/trial_inner.h \
	tests/sim/trial_network.c \
	tests/sim/trial_past.c \
	tests/sim/trial_people.c \
	tests/sim/world.h
sim_libs = tests/sim/libsim.a $(wire_libs)

# By hand: make dchat-sim && tests/sim/dchat-sim --help
check_PROGRAMS += tests/sim/dchat-sim
tests_sim_dchat_sim_SOURCES = \
	tests/sim/dchat-sim.c \
	tests/sim/replay.c tests/sim/replay.h
tests_sim_dchat_sim_LDADD = $(sim_libs) $(crypto_libs)
dchat-sim: tests/sim/dchat-sim
.PHONY: dchat-sim
TESTS += tests/sim/check_dchat_sim.sh
dist_check_SCRIPTS += tests/sim/check_dchat_sim.sh

if HAVE_CHECK
check_PROGRAMS += $(SIM_TESTS)
TESTS += $(SIM_TESTS)
endif
