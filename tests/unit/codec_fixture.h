/*
 * What the tests of the codec share: each frame as the specification writes
 * it, frames drawn at random, and a place where read ones live during a test.
 */
#ifndef DCHAT_TESTS_CODEC_FIXTURE_H
#define DCHAT_TESTS_CODEC_FIXTURE_H

#include "base/bytes.h"
#include "base/mem.h"
#include "base/rng.h"
#include "core/frame.h"
#include "core/verdict.h"

#define COUNTER_MAX (UINT64_C(1) << 62)
#define HLC_MAX ((uint64_t)7258118400000 << 16)	/* the year 2200 */

/* Ids of which every byte is 0x11, 0x22, 0x33. */
#define A "ceirceirceirceirceirceirce"
#define B "eirceirceirceirceirceircei"
#define C "gmztgmztgmztgmztgmztgmztgm"
#define ELEVENS                                                               \
	{ { 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17 } }
#define TWENTY_TWOS                                                           \
	{ { 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34 } }
#define THIRTY_THREES                                                         \
	{ { 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51 } }

/* A signature of bytes 0x11 and a key of bytes 0x22. */
#define SIG7 "ERERERERERERERERERERERERERER"
#define SIG "\"sig\":\"" SIG7 SIG7 SIG7 "EQ\""
#define KEY "\"key\":\"IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI\""

#define BUNDLE_START                                                          \
	"{\"d\":\"dchat bundle\",\"n\":\"0102030405060708\",\"r\":\"" A       \
	"\",\"a\":\"" B "\",\"e\":\"00000000000000ee\",\"s\":7,"              \
	"\"i\":\"00000000000000aa\",\"c\":\"0000000000010002\""
#define BUNDLE_BODY                                                           \
	BUNDLE_START                                                          \
	",\"p\":[[\"" C "\",\"00000000000000ff\",3]],"                        \
	"\"m\":[[\"text\",\"h\\u0001\\n\\\"\\\\\xc3\xa9\"],"                  \
	"[\"action\",\"waves\"]]}"
#define RECORD_START                                                          \
	"{\"d\":\"dchat record\",\"n\":\"0102030405060708\",\"id\":\"" A      \
	"\",\"start\":3,\"version\":9,\"priority\":100,\"nick\":\"ann\""
#define RECORD_BODY                                                           \
	RECORD_START                                                          \
	",\"rooms\":[[\"" B "\",\"#lobby\"],[\"" C "\",\"#b\xc3\xbc\"]]}"

#define INTENT_BODY                                                           \
	"{\"d\":\"dchat intent\",\"n\":\"0102030405060708\",\"id\":\"" C      \
	"\",\"author\":\"" B "\",\"kind\":\"nick\",\"key\":\"" A             \
	"\",\"name\":\"ann\",\"text\":\"\",\"released\":\"" B "\"}"
#define ITEM_HEADER                                                           \
	"\"item\":\"" A "\",\"version\":3,\"decided\":5,\"by\":\"" C           \
	"\",\"generation\":2,\"creator\":\"" B "\",\"recent\":[[\"" B          \
	"\"]]," SIG

#define BUNDLE_HEADER "{\"t\":\"bundle\",\"backlog\":true," SIG
#define MEMBER_HEADER                                                         \
	"{\"t\":\"member\",\"id\":\"" A "\",\"start\":3,\"incarnation\":0,"   \
	"\"state\":\"alive\",\"reason\":\"linked\"," SIG

extern const uint8_t tag[8];

/* Of the running test. */
extern struct arena arena;
extern struct bytes out;
extern char why[128];

void set_up(void);
void tear_down(void);

/* One frame of each kind, without a body, and its text. */
enum { PLAIN = FRAME_TYPES - 4 };
struct plain {
	struct frame frame;
	const char *text;
};
extern const struct plain plain[PLAIN];

/* Those with a body. */
extern const char bundle_text[], record_text[];
extern const char intent_text[], commit_text[], item_text[];
extern const struct bundle example_bundle;
extern const struct record example_record;
extern const struct intent example_intent;
struct frame example_bundle_frame(void);
struct frame example_record_frame(void);
/* INTENT, COMMIT, ITEM */
struct frame example_intent_frame(enum frame_type type);

enum verdict decode(const void *bytes, size_t size, struct frame *frame);
enum verdict decode_text(const char *text);
enum verdict decode_bundle(const char *text);
enum verdict decode_record(const char *text);

/* What was written is this; what is written next begins anew. */
void assert_out(const char *text);
/* Reads the text and writes it again. */
void assert_round_trip(const char *text);

/* Text of a format, in the arena. */
char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "X,X,X", in the arena. */
char *repeated(const char *item, size_t count, const char *between);

/* Equal seeds, equal frames; bodies are in the arena and not really signed. */
struct frame random_frame(struct rng *rng, enum frame_type type);
/* Ascending with place, up to 65535. */
struct stream random_stream(struct rng *rng, size_t place);

#endif
