# A test program tests/net/check_x is one entry here and two lines below:
#   tests_net_check_x_SOURCES = tests/net/check_x.c
#   tests_net_check_x_LDADD = $(support_libs) $(host_libs) $(CHECK_LIBS)
NET_TESTS =

if HAVE_CHECK
check_PROGRAMS += $(NET_TESTS)
TESTS += $(NET_TESTS)
endif

NET_TESTS += tests/net/check_lan
tests_net_check_lan_SOURCES = tests/net/check_lan.c
tests_net_check_lan_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS) \
	$(CHECK_LIBS)

NET_TESTS += tests/net/check_agreement
tests_net_check_agreement_SOURCES = tests/net/check_agreement.c
tests_net_check_agreement_LDADD = $(support_libs) $(base_libs) \
	$(JANSSON_LIBS) $(CHECK_LIBS)

NET_TESTS += tests/net/check_restart
tests_net_check_restart_SOURCES = tests/net/check_restart.c
tests_net_check_restart_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS) \
	$(CHECK_LIBS)

NET_TESTS += tests/net/check_door
tests_net_check_door_SOURCES = tests/net/check_door.c
tests_net_check_door_LDADD = $(support_libs) $(host_libs) $(CHECK_LIBS)

NET_TESTS += tests/net/check_talk
tests_net_check_talk_SOURCES = tests/net/check_talk.c
tests_net_check_talk_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS) \
	$(CHECK_LIBS)

# A story for people, run by ./bootstrap demo; and figures for makers.
EXTRA_PROGRAMS += tests/net/demo tests/net/figures
tests_net_demo_SOURCES = tests/net/demo.c
tests_net_demo_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)
tests_net_figures_SOURCES = tests/net/figures.c
tests_net_figures_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)

# Attacks: the foe speaks the protocol, so it links what speaks it.
siege_sources = tests/net/siege.c tests/net/siege.h \
	tests/support/foe.c tests/support/foe.h
siege_libs = $(support_libs) $(host_libs) $(CHECK_LIBS)

NET_TESTS += tests/net/check_hostile
tests_net_check_hostile_SOURCES = tests/net/check_hostile.c $(siege_sources)
tests_net_check_hostile_LDADD = $(siege_libs)

NET_TESTS += tests/net/check_floods
tests_net_check_floods_SOURCES = tests/net/check_floods.c $(siege_sources)
tests_net_check_floods_LDADD = $(siege_libs)

NET_TESTS += tests/net/check_liars
tests_net_check_liars_SOURCES = tests/net/check_liars.c $(siege_sources)
tests_net_check_liars_LDADD = $(siege_libs)

# The headless contract, sentence by sentence.
contract_sources = tests/net/contract.c tests/net/contract.h
contract_libs = $(support_libs) $(base_libs) $(JANSSON_LIBS) $(CHECK_LIBS)

NET_TESTS += tests/net/check_headless
tests_net_check_headless_SOURCES = tests/net/check_headless.c \
	$(contract_sources)
tests_net_check_headless_LDADD = $(contract_libs)

NET_TESTS += tests/net/check_headless_group
tests_net_check_headless_group_SOURCES = tests/net/check_headless_group.c \
	$(contract_sources)
tests_net_check_headless_group_LDADD = $(contract_libs)

NET_TESTS += tests/net/check_headless_wishes
tests_net_check_headless_wishes_SOURCES = tests/net/check_headless_wishes.c \
	$(contract_sources)
tests_net_check_headless_wishes_LDADD = $(contract_libs)

NET_TESTS += tests/net/check_refer
tests_net_check_refer_SOURCES = tests/net/check_refer.c $(contract_sources)
tests_net_check_refer_LDADD = $(contract_libs)

NET_TESTS += tests/net/check_search
tests_net_check_search_SOURCES = tests/net/check_search.c $(contract_sources)
tests_net_check_search_LDADD = $(contract_libs)

NET_TESTS += tests/net/check_past
tests_net_check_past_SOURCES = tests/net/check_past.c $(contract_sources)
tests_net_check_past_LDADD = $(contract_libs)

NET_TESTS += tests/net/check_group
tests_net_check_group_SOURCES = tests/net/check_group.c $(contract_sources)
tests_net_check_group_LDADD = $(contract_libs)

# A transcript through nodes with faults: by hand, and shortly.
check_PROGRAMS += tests/net/transcript
tests_net_transcript_SOURCES = tests/net/transcript.c
tests_net_transcript_LDADD = $(support_libs) $(base_libs) $(JANSSON_LIBS)
dist_check_SCRIPTS += tests/net/check_transcript.sh
TESTS += tests/net/check_transcript.sh
EXTRA_DIST += tests/net/transcript.txt

# The command line, from outside.
dist_check_SCRIPTS += tests/net/check_cli.sh tests/net/check_replay.sh
TESTS += tests/net/check_cli.sh tests/net/check_replay.sh
