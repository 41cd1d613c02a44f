noinst_LIBRARIES += src/libcore.a
src_libcore_a_SOURCES = \
	src/core/catchup.c src/core/catchup.h \
	src/core/chronicle.c src/core/chronicle.h \
	src/core/contacts.c src/core/contacts.h \
	src/core/direct.c src/core/direct.h \
	src/core/detector.c src/core/detector.h \
	src/core/effect.c src/core/effect.h \
	src/core/election.c src/core/election.h \
	src/core/election_moves.c src/core/election_moves.h \
	src/core/election_recv.c \
	src/core/frame.c src/core/frame.h \
	src/core/frontier.c src/core/frontier.h \
	src/core/hlc.c src/core/hlc.h \
	src/core/holdback.c src/core/holdback.h \
	src/core/item.c src/core/item.h \
	src/core/judge.c src/core/judge.h \
	src/core/ledger.c src/core/ledger.h \
	src/core/membership.c src/core/membership.h \
	src/core/membership_moves.h src/core/membership_suspicion.c \
	src/core/metadata.c src/core/metadata.h \
	src/core/metadata_wish.c src/core/metadata_wish.h \
	src/core/multicast.c src/core/multicast.h \
	src/core/multicast_epoch.c \
	src/core/multicast_forked.c \
	src/core/multicast_held.c \
	src/core/multicast_missing.c \
	src/core/multicast_room.h \
	src/core/multicast_say.c \
	src/core/nicks.c src/core/nicks.h \
	src/core/node.c src/core/node.h \
	src/core/node_agree.c \
	src/core/node_clock.c \
	src/core/node_relay.c \
	src/core/node_command.c src/core/node_state.h \
	src/core/node_events.c \
	src/core/node_health.c \
	src/core/node_questions.c \
	src/core/node_talk.c \
	src/core/receipt.c src/core/receipt.h \
	src/core/partition.c src/core/partition.h \
	src/core/past.h \
	src/core/ring.c src/core/ring.h \
	src/core/room.c src/core/room.h \
	src/core/sync.c src/core/sync.h \
	src/core/sync_older.c \
	src/core/sync_room.h \
	src/core/sync_serve.c \
	src/core/sync_tail.c \
	src/core/typing.c src/core/typing.h \
	src/core/vclock.c src/core/vclock.h \
	src/core/verdict.h \
	src/core/witness.c src/core/witness.h
