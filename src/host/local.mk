# One line a module: src/host/x.c src/host/x.h
noinst_LIBRARIES += src/libhost.a
src_libhost_a_SOURCES = \
	src/host/agree.c \
	src/host/alarm.c src/host/alarm.h \
	src/host/announce.c src/host/announce.h \
	src/host/check.c \
	src/host/clock.c src/host/clock.h \
	src/host/commands.c \
	src/host/diagnosis.c src/host/diagnosis.h \
	src/host/doctor.c src/host/doctor.h \
	src/host/events.c \
	src/host/export.c \
	src/host/fill.c \
	src/host/gauge.c src/host/gauge.h \
	src/host/headless.c src/host/headless.h \
	src/host/headless_lines.c src/host/headless_lines.h \
	src/host/headless_json.c src/host/headless_json.h \
	src/host/headless_output.c src/host/headless_output.h \
	src/host/host.c src/host/host.h \
	src/host/leave.c \
	src/host/mesh.c src/host/mesh.h \
	src/host/mesh_carried.c \
	src/host/mesh_pair.c src/host/mesh_strands.h \
	src/host/notes.c src/host/notes.h \
	src/host/publish.c \
	src/host/profile.c src/host/profile.h \
	src/host/refer.c \
	src/host/remember.c src/host/remember.h \
	src/host/remember_items.c src/host/remember_items.h \
	src/host/resolve.c src/host/resolve.h \
	src/host/settings.c src/host/settings.h \
	src/host/talk.c \
	src/host/trace.c \
	src/host/tunnel.c src/host/tunnel.h \
	src/host/verify.c
