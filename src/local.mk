noinst_HEADERS += src/amend.h src/dchat.h

include src/base/local.mk
include src/core/local.mk
include src/wire/local.mk
include src/crypto/local.mk
include src/net/local.mk
include src/store/local.mk
include src/host/local.mk
