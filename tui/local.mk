# Everything but main.c is in the library, so that tests can link it.
# One line a module: tui/x.c tui/x.h
noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_SOURCES = \
	tui/advice.c tui/advice.h \
	tui/alias.c tui/alias.h \
	tui/answer.c tui/answer.h \
	tui/app.c tui/app.h tui/app_state.h \
	tui/app_attention.c \
	tui/app_custom.c \
	tui/app_call.c \
	tui/app_enter.c \
	tui/app_keep.c \
	tui/app_key.c \
	tui/app_line.c \
	tui/app_mouse.c \
	tui/app_plain.c \
	tui/app_refer.c \
	tui/app_search.c \
	tui/app_set.c \
	tui/app_url.c \
	tui/attention.c tui/attention.h \
	tui/bare.c tui/bare.h \
	tui/comings.c tui/comings.h \
	tui/command.c tui/command.h \
	tui/complete.c tui/complete.h \
	tui/config.c tui/config.h \
	tui/config_edit.c \
	tui/doctor.c tui/doctor.h \
	tui/export.c tui/export.h \
	tui/group.c tui/group.h \
	tui/guide.c tui/guide.h \
	tui/health.c tui/health.h \
	tui/input.c tui/input.h \
	tui/keep.c tui/keep.h \
	tui/keymap.c tui/keymap.h \
	tui/keys.c tui/keys.h \
	tui/launch.c tui/launch.h \
	tui/layout.c tui/layout.h \
	tui/linear.c tui/linear.h \
	tui/lookup.c tui/lookup.h \
	tui/loop.c tui/loop.h \
	tui/moment.c tui/moment.h \
	tui/near.c tui/near.h \
	tui/notify.c tui/notify.h \
	tui/options.c tui/options.h \
	tui/outlet.c tui/outlet.h \
	tui/pace.c tui/pace.h \
	tui/panel.c tui/panel.h \
	tui/paths.c tui/paths.h \
	tui/people.c tui/people.h \
	tui/plain.c tui/plain.h \
	tui/recall.c tui/recall.h \
	tui/rescue.c tui/rescue.h \
	tui/ring_plan.c tui/ring_plan.h \
	tui/screen.c tui/screen.h \
	tui/screen_urls.c tui/screen_urls.h \
	tui/scrollback.c tui/scrollback.h tui/scrollback_lines.h \
	tui/scrollback_refer.c \
	tui/scrollback_view.c \
	tui/search.c tui/search.h \
	tui/setting.c tui/setting.h \
	tui/sheet.c tui/sheet.h \
	tui/tell.c tui/tell.h \
	tui/text.c tui/text.h \
	tui/theme.c tui/theme.h \
	tui/theme_file.c tui/theme_file.h \
	tui/typists.c tui/typists.h \
	tui/title.c tui/title.h \
	tui/url.c tui/url.h \
	tui/view.c tui/view.h \
	tui/view_chat.c \
	tui/view_health.c tui/view_health.h \
	tui/view_health_past.c \
	tui/view_health_peers.c \
	tui/view_health_ring.c \
	tui/view_help.c \
	tui/view_hints.c \
	tui/view_input.c \
	tui/view_members.c \
	tui/view_net.c \
	tui/view_rooms.c \
	tui/view_search.c \
	tui/view_status.c \
	tui/waiting.c tui/waiting.h \
	tui/window.c tui/window.h \
	tui/windows.c tui/windows.h tui/windows_parts.h \
	tui/windows_answer.c \
	tui/windows_event.c \
	tui/writer.c tui/writer.h

bin_PROGRAMS += dchat
dchat_SOURCES = tui/main.c
dchat_LDADD = $(tui_libs)
