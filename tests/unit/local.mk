# A test program tests/unit/check_x is one entry here and two lines below:
#   tests_unit_check_x_SOURCES = tests/unit/check_x.c
#   tests_unit_check_x_LDADD = $(support_libs) $(base_libs) $(CHECK_LIBS)
UNIT_TESTS =

if HAVE_CHECK
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

UNIT_TESTS += \
	tests/unit/check_beacon \
	tests/unit/check_discovery \
	tests/unit/check_identity \
	tests/unit/check_interfaces \
	tests/unit/check_link \
	tests/unit/check_names \
	tests/unit/check_seal
tests_unit_check_beacon_SOURCES = tests/unit/check_beacon.c
tests_unit_check_beacon_LDADD = $(support_libs) $(net_libs) $(CHECK_LIBS)
tests_unit_check_discovery_SOURCES = tests/unit/check_discovery.c
tests_unit_check_discovery_LDADD = $(support_libs) $(net_libs) $(CHECK_LIBS)
tests_unit_check_identity_SOURCES = tests/unit/check_identity.c
tests_unit_check_identity_LDADD = $(support_libs) $(crypto_libs) $(CHECK_LIBS)
tests_unit_check_interfaces_SOURCES = tests/unit/check_interfaces.c
tests_unit_check_interfaces_LDADD = $(support_libs) $(net_libs) $(CHECK_LIBS)
tests_unit_check_link_SOURCES = tests/unit/check_link.c
tests_unit_check_link_LDADD = $(support_libs) $(net_libs) $(crypto_libs) \
	$(CHECK_LIBS)
tests_unit_check_names_SOURCES = tests/unit/check_names.c
tests_unit_check_names_LDADD = $(support_libs) $(crypto_libs) $(CHECK_LIBS)
tests_unit_check_seal_SOURCES = tests/unit/check_seal.c
tests_unit_check_seal_LDADD = $(support_libs) $(crypto_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_amend
tests_unit_check_amend_SOURCES = tests/unit/check_amend.c
tests_unit_check_amend_LDADD = $(base_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_base
tests_unit_check_base_SOURCES = tests/unit/check_base.c
tests_unit_check_base_LDADD = $(base_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_membership
tests_unit_check_membership_SOURCES = tests/unit/check_membership.c
tests_unit_check_membership_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_partition
tests_unit_check_partition_SOURCES = tests/unit/check_partition.c
tests_unit_check_partition_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_relay
tests_unit_check_relay_SOURCES = tests/unit/check_relay.c
tests_unit_check_relay_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_detector
tests_unit_check_detector_SOURCES = tests/unit/check_detector.c
tests_unit_check_detector_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_contacts
tests_unit_check_contacts_SOURCES = tests/unit/check_contacts.c
tests_unit_check_contacts_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_codec \
	tests/unit/check_codec_bounds \
	tests/unit/check_tape
codec_fixture = \
	tests/unit/codec_fixture.c tests/unit/codec_fixture.h \
	tests/unit/codec_random.c
tests_unit_check_codec_SOURCES = tests/unit/check_codec.c $(codec_fixture)
tests_unit_check_codec_LDADD = $(wire_libs) $(CHECK_LIBS)
tests_unit_check_codec_bounds_SOURCES = tests/unit/check_codec_bounds.c \
	$(codec_fixture)
tests_unit_check_codec_bounds_LDADD = $(wire_libs) $(CHECK_LIBS)
tests_unit_check_tape_SOURCES = tests/unit/check_tape.c
tests_unit_check_tape_LDADD = $(wire_libs) $(CHECK_LIBS)

# The half of tui/ that knows no terminal.
tui_model_libs = tui/libtui.a $(base_libs) $(UNISTRING_LIBS)
UNIT_TESTS += \
	tests/unit/check_command \
	tests/unit/check_complete \
	tests/unit/check_keymap \
	tests/unit/check_keys \
	tests/unit/check_layout \
	tests/unit/check_attention \
	tests/unit/check_bare \
	tests/unit/check_recall \
	tests/unit/check_ring_plan \
	tests/unit/check_scrollback \
	tests/unit/check_scrollback_refer \
	tests/unit/check_text \
	tests/unit/check_alias \
	tests/unit/check_pace \
	tests/unit/check_theme_file \
	tests/unit/check_title \
	tests/unit/check_unicode \
	tests/unit/check_waiting \
	tests/unit/check_windows \
	tests/unit/check_writer
tests_unit_check_command_SOURCES = tests/unit/check_command.c
tests_unit_check_command_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_complete_SOURCES = tests/unit/check_complete.c
tests_unit_check_complete_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_keymap_SOURCES = tests/unit/check_keymap.c
tests_unit_check_keymap_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_keys_SOURCES = tests/unit/check_keys.c
tests_unit_check_keys_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_layout_SOURCES = tests/unit/check_layout.c
tests_unit_check_layout_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_bare_SOURCES = tests/unit/check_bare.c
tests_unit_check_bare_LDADD = $(tui_model_libs) $(CHECK_LIBS)

tests_unit_check_attention_SOURCES = tests/unit/check_attention.c
tests_unit_check_attention_LDADD = $(tui_model_libs) $(CHECK_LIBS)

tests_unit_check_recall_SOURCES = tests/unit/check_recall.c
tests_unit_check_recall_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_ring_plan_SOURCES = tests/unit/check_ring_plan.c
tests_unit_check_ring_plan_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_scrollback_SOURCES = tests/unit/check_scrollback.c
tests_unit_check_scrollback_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_scrollback_refer_SOURCES = tests/unit/check_scrollback_refer.c
tests_unit_check_scrollback_refer_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_text_SOURCES = tests/unit/check_text.c
tests_unit_check_text_LDADD = $(tui_model_libs) $(CHECK_LIBS) $(UNISTRING_LIBS)
tests_unit_check_alias_SOURCES = tests/unit/check_alias.c
tests_unit_check_alias_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_title_SOURCES = tests/unit/check_title.c
tests_unit_check_title_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_pace_SOURCES = tests/unit/check_pace.c
tests_unit_check_pace_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_theme_file_SOURCES = tests/unit/check_theme_file.c
tests_unit_check_theme_file_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_unicode_SOURCES = tests/unit/check_unicode.c
tests_unit_check_unicode_LDADD = $(tui_model_libs) $(CHECK_LIBS) $(UNISTRING_LIBS)
tests_unit_check_waiting_SOURCES = tests/unit/check_waiting.c
tests_unit_check_waiting_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_windows_SOURCES = tests/unit/check_windows.c
tests_unit_check_windows_LDADD = $(tui_model_libs) $(CHECK_LIBS)
tests_unit_check_writer_SOURCES = tests/unit/check_writer.c
tests_unit_check_writer_LDADD = $(tui_model_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_input \
	tests/unit/check_options
tests_unit_check_input_SOURCES = tests/unit/check_input.c
tests_unit_check_input_LDADD = $(tui_model_libs) $(READLINE_LIBS) $(CHECK_LIBS)
tests_unit_check_options_SOURCES = tests/unit/check_options.c
tests_unit_check_options_LDADD = $(tui_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_hlc \
	tests/unit/check_multicast \
	tests/unit/check_room \
	tests/unit/check_sync \
	tests/unit/check_vclock
tests_unit_check_hlc_SOURCES = tests/unit/check_hlc.c
tests_unit_check_hlc_LDADD = $(core_libs) $(CHECK_LIBS)
one_talker_sources = tests/unit/one_talker.c tests/unit/one_talker.h \
	tests/unit/room_net.c tests/unit/room_net.h
tests_unit_check_multicast_SOURCES = tests/unit/check_multicast.c \
	$(one_talker_sources)
tests_unit_check_multicast_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_room_SOURCES = tests/unit/check_room.c
tests_unit_check_room_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_sync_SOURCES = tests/unit/check_sync.c \
	tests/unit/room_net.c tests/unit/room_net.h
tests_unit_check_sync_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_vclock_SOURCES = tests/unit/check_vclock.c
tests_unit_check_vclock_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_chronicle \
	tests/unit/check_election \
	tests/unit/check_election_frames \
	tests/unit/check_election_orders \
	tests/unit/check_ring
election_net = tests/unit/election_net.c tests/unit/election_net.h
tests_unit_check_chronicle_SOURCES = tests/unit/check_chronicle.c \
	$(election_net)
tests_unit_check_chronicle_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_election_SOURCES = tests/unit/check_election.c \
	$(election_net)
tests_unit_check_election_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_election_frames_SOURCES = \
	tests/unit/check_election_frames.c $(election_net)
tests_unit_check_election_frames_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_election_orders_SOURCES = \
	tests/unit/check_election_orders.c $(election_net)
tests_unit_check_election_orders_LDADD = $(core_libs) $(CHECK_LIBS)
tests_unit_check_ring_SOURCES = tests/unit/check_ring.c
tests_unit_check_ring_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_past \
	tests/unit/check_store \
	tests/unit/check_words
store_fixture = tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_check_past_SOURCES = tests/unit/check_past.c $(store_fixture)
tests_unit_check_past_LDADD = $(store_libs) $(CHECK_LIBS)
tests_unit_check_store_SOURCES = tests/unit/check_store.c $(store_fixture)
tests_unit_check_store_LDADD = $(store_libs) $(CHECK_LIBS)
tests_unit_check_words_SOURCES = tests/unit/check_words.c $(store_fixture)
tests_unit_check_words_LDADD = $(store_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_alarm \
	tests/unit/check_gauge \
	tests/unit/check_headless \
	tests/unit/check_mesh \
	tests/unit/check_profile \
	tests/unit/check_tunnel
tests_unit_check_alarm_SOURCES = tests/unit/check_alarm.c
tests_unit_check_alarm_LDADD = $(host_libs) $(CHECK_LIBS)
tests_unit_check_gauge_SOURCES = tests/unit/check_gauge.c
tests_unit_check_gauge_LDADD = $(host_libs) $(CHECK_LIBS)
tests_unit_check_headless_SOURCES = tests/unit/check_headless.c
tests_unit_check_headless_LDADD = $(support_libs) $(host_libs) $(CHECK_LIBS)
tests_unit_check_mesh_SOURCES = tests/unit/check_mesh.c
tests_unit_check_mesh_LDADD = $(support_libs) $(host_libs) $(CHECK_LIBS)
tests_unit_check_profile_SOURCES = tests/unit/check_profile.c
tests_unit_check_profile_LDADD = $(host_libs) $(CHECK_LIBS)
tests_unit_check_tunnel_SOURCES = tests/unit/check_tunnel.c
tests_unit_check_tunnel_LDADD = $(support_libs) $(host_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_held
tests_unit_check_held_SOURCES = tests/unit/check_held.c \
	$(one_talker_sources)
tests_unit_check_held_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_forked
tests_unit_check_forked_SOURCES = tests/unit/check_forked.c \
	$(one_talker_sources)
tests_unit_check_forked_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_typing
tests_unit_check_typing_SOURCES = tests/unit/check_typing.c
tests_unit_check_typing_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_receipt
tests_unit_check_receipt_SOURCES = tests/unit/check_receipt.c
tests_unit_check_receipt_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_metadata
tests_unit_check_metadata_SOURCES = tests/unit/check_metadata.c
tests_unit_check_metadata_LDADD = $(core_libs) $(CHECK_LIBS)

UNIT_TESTS += \
	tests/unit/check_config \
	tests/unit/check_guide \
	tests/unit/check_setting
tests_unit_check_guide_SOURCES = tests/unit/check_guide.c
tests_unit_check_guide_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_config_SOURCES = tests/unit/check_config.c
tests_unit_check_config_LDADD = $(tui_libs) $(CHECK_LIBS)
tests_unit_check_setting_SOURCES = tests/unit/check_setting.c
tests_unit_check_setting_LDADD = $(tui_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_diagnosis
tests_unit_check_diagnosis_SOURCES = tests/unit/check_diagnosis.c
tests_unit_check_diagnosis_LDADD = $(host_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_export
tests_unit_check_export_SOURCES = tests/unit/check_export.c
tests_unit_check_export_LDADD = $(tui_libs) $(CHECK_LIBS)

UNIT_TESTS += tests/unit/check_url
tests_unit_check_url_SOURCES = tests/unit/check_url.c
tests_unit_check_url_LDADD = $(tui_libs) $(CHECK_LIBS)
