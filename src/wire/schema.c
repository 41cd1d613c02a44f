#include "wire/schema.h"

#include <assert.h>
#include <string.h>

#include "base/address.h"
#include "base/id.h"
#include "base/utf8.h"
#include "core/frame.h"

static bool put_value(const struct field *field, const void *from,
    struct bytes *out);
static bool take_value(const struct field *field, const json_t *value, void *to,
    struct reader *reader);

/* -- members of any type ----------------------------------------------- */

static uint64_t
load_unsigned(const void *at, size_t size)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (size) {
	case sizeof u8: return memcpy(&u8, at, size), u8;
	case sizeof u16: return memcpy(&u16, at, size), u16;
	case sizeof u32: return memcpy(&u32, at, size), u32;
	default: assert(size == sizeof u64); return memcpy(&u64, at, size), u64;
	}
}

static void
save_unsigned(void *at, size_t size, uint64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	switch (size) {
	case sizeof u8: memcpy(at, &u8, size); break;
	case sizeof u16: memcpy(at, &u16, size); break;
	case sizeof u32: memcpy(at, &u32, size); break;
	default: assert(size == sizeof value); memcpy(at, &value, size);
	}
}

/* All object pointers look alike on the systems we run on (POSIX). */
static const void *
load_pointer(const void *at)
{
	const void *pointer;

	memcpy(&pointer, at, sizeof pointer);
	return pointer;
}

/* -- writing ----------------------------------------------------------- */

static bool
is_left_out(const struct field *field, const void *from)
{
	const char *at = (const char *)from + field->offset;
	size_t count;

	switch (field->kind) {
	case FIELD_ID_OR_NONE: return id_is_none((const struct id *)at);
	case FIELD_INTEGER_OR_NONE: return load_unsigned(at, field->size) == 0;
	case FIELD_FLAG: return !*(const bool *)at;
	case FIELD_ADDRESS:
		return ((const struct address *)at)->family == ADDRESS_NONE;
	case FIELD_LIST:
		memcpy(&count, (const char *)from + field->count_offset,
		    sizeof count);
		return count == 0;
	case FIELD_TEXT_OR_NONE: return load_pointer(at) == NULL;
	case FIELD_MSG: return *at == '\0';
	default: return false;
	}
}

static bool
may_be_left_out(enum field_kind kind)
{
	return kind == FIELD_ID_OR_NONE || kind == FIELD_FLAG ||
	    kind == FIELD_INTEGER_OR_NONE || kind == FIELD_TEXT_OR_NONE ||
	    kind == FIELD_ADDRESS || kind == FIELD_LIST || kind == FIELD_MSG;
}

static bool
put_id(const struct id *id, struct bytes *out)
{
	char text[ID_TEXT];

	if (id_is_none(id))
		return false;
	json_put_text(out, id_format(id, text));
	return true;
}

static bool
put_address(const struct address *address, struct bytes *out)
{
	struct address travelling = *address;
	char text[ADDRESS_TEXT];

	travelling.scope = 0;
	json_put_text(out, address_format(&travelling, text));
	return address->port != 0;
}

static bool
put_text(const struct field *field, const char *text, struct bytes *out)
{
	size_t length;

	if (text == NULL)
		return false;
	length = strlen(text);
	if (length < field->min || length > field->max ||
	    !utf8_valid(text, length))
		return false;
	json_put_text(out, text);
	return true;
}

static bool
put_msg(const char *msg, struct bytes *out)
{
	struct id hash;
	size_t index;

	json_put_text(out, msg);
	return message_parse(msg, &hash, &index);
}

static bool
put_row(const struct row *row, const void *element, struct bytes *out)
{
	bytes_append(out, "[", 1);
	for (size_t i = 0; row->fields[i].kind != FIELD_END; i++) {
		if (row->fields[i].kind == FIELD_MSG &&
		    is_left_out(&row->fields[i], element))
			break;
		if (i > 0)
			bytes_append(out, ",", 1);
		if (!put_value(&row->fields[i], element, out))
			return false;
	}
	bytes_append(out, "]", 1);
	return row->sound == NULL || row->sound(element);
}

static bool
put_list(const struct field *field, const void *from, struct bytes *out)
{
	const struct row *row = field->row;
	const char *items = load_pointer((const char *)from + field->offset);
	size_t count;

	memcpy(&count, (const char *)from + field->count_offset, sizeof count);
	if (count > field->max)
		return false;
	bytes_append(out, "[", 1);
	for (size_t i = 0; i < count; i++) {
		const char *item = items + i * row->size;

		if (i > 0 && row->follows != NULL &&
		    !row->follows(item - row->size, item))
			return false;
		if (i > 0)
			bytes_append(out, ",", 1);
		if (!put_row(row, item, out))
			return false;
	}
	bytes_append(out, "]", 1);
	return true;
}

static bool
put_value(const struct field *field, const void *from, struct bytes *out)
{
	const char *at = (const char *)from + field->offset;
	uint64_t number;

	switch (field->kind) {
	case FIELD_ID:
	case FIELD_ID_OR_NONE: return put_id((const struct id *)at, out);
	case FIELD_HEX:
		return json_put_hex(out, load_unsigned(at, field->size)), true;
	case FIELD_TAG:
		json_put_hex(out, bytes_get_u64((const uint8_t *)at));
		return true;
	case FIELD_INTEGER:
	case FIELD_INTEGER_OR_NONE:
		number = load_unsigned(at, field->size);
		json_put_number(out, number);
		return number >= field->min && number <= field->max;
	case FIELD_FLAG:
		bytes_append_text(out, *(const bool *)at ? "true" : "false");
		return true;
	case FIELD_NAME:
		number = load_unsigned(at, field->size);
		if (number > field->max)
			return false;
		json_put_text(out, field->names[number]);
		return true;
	case FIELD_ADDRESS: return put_address((const struct address *)at, out);
	case FIELD_TEXT:
	case FIELD_TEXT_OR_NONE:
		return put_text(field, load_pointer(at), out);
	case FIELD_MSG: return put_msg(at, out);
	case FIELD_LIST: return put_list(field, from, out);
	case FIELD_END: break;
	}
	return false;
}

bool
schema_put(const struct field *fields, const void *from, struct bytes *out)
{
	for (const struct field *f = fields; f->kind != FIELD_END; f++) {
		if (is_left_out(f, from))
			continue;
		bytes_append(out, ",", 1);
		json_put_text(out, f->name);
		bytes_append(out, ":", 1);
		if (!put_value(f, from, out))
			return false;
	}
	return true;
}

/* -- reading ----------------------------------------------------------- */

static bool
fail(struct reader *reader, const struct field *field, const char *what)
{
	return reader_fail(reader, VERDICT_MALFORMED, "\"%s\" %s", field->name,
	    what);
}

static bool
take_id(const struct field *field, const json_t *value, struct id *id,
    struct reader *reader)
{
	if (!json_is_string(value) || !id_parse(json_string_value(value), id) ||
	    id_is_none(id))
		return fail(reader, field, "is not an id");
	return true;
}

static bool
take_hex(const struct field *field, const json_t *value, uint64_t *number,
    struct reader *reader)
{
	if (!json_is_string(value) ||
	    !json_get_hex(json_string_value(value), json_string_length(value),
		number))
		return fail(reader, field, "is not 16 hexadecimal digits");
	return true;
}

static bool
take_integer(const struct field *field, const json_t *value, void *to,
    struct reader *reader)
{
	json_int_t number;

	if (!json_is_integer(value))
		return fail(reader, field, "is not an integer");
	number = json_integer_value(value);
	if (number < 0 || (uint64_t)number < field->min ||
	    (uint64_t)number > field->max)
		return fail(reader, field, "is out of range");
	save_unsigned(to, field->size, (uint64_t)number);
	return true;
}

static bool
take_name(const struct field *field, const json_t *value, void *to,
    struct reader *reader)
{
	if (json_is_string(value))
		for (size_t i = 0; i <= field->max; i++)
			if (strcmp(json_string_value(value), field->names[i]) ==
			    0) {
				save_unsigned(to, field->size, i);
				return true;
			}
	return fail(reader, field, "is not one of the names it may be");
}

static bool
take_address(const struct field *field, const json_t *value,
    struct address *address, struct reader *reader)
{
	char text[ADDRESS_TEXT];
	const char *given = json_string_value(value);

	/* A scope would make the parser ask the system for its interface;
	 * what is not in the one form could hide it. */
	if (given == NULL || strchr(given, '%') != NULL ||
	    !address_parse(given, address) ||
	    strcmp(address_format(address, text), given) != 0)
		return fail(reader, field, "is not an address");
	return true;
}

static bool
take_text(const struct field *field, const json_t *value, void *to,
    struct reader *reader)
{
	size_t length;
	char *text;

	if (!json_is_string(value))
		return fail(reader, field, "is not a text");
	length = json_string_length(value);
	if (length < field->min)
		return fail(reader, field, "is too short");
	if (length > field->max)
		return reader_fail(reader, VERDICT_OVER_LIMIT,
		    "\"%s\" is longer than %zu bytes", field->name,
		    (size_t)field->max);
	text = arena_copy(reader->arena, json_string_value(value), length + 1);
	memcpy(to, &text, sizeof text);
	return true;
}

static bool
take_msg(const struct field *field, const json_t *value, char *msg,
    struct reader *reader)
{
	const char *text = json_string_value(value);
	struct id hash;
	size_t index;

	if (text == NULL || !message_parse(text, &hash, &index))
		return fail(reader, field, "is not the name of a message");
	memcpy(msg, text, strlen(text) + 1);
	return true;
}

static bool
take_row(const struct field *field, const json_t *value, void *to,
    struct reader *reader)
{
	const struct field *fields = field->row->fields;
	size_t length = json_array_size(value), i;

	for (i = 0; i < length && fields[i].kind != FIELD_END; i++)
		if (!take_value(&fields[i], json_array_get(value, i), to,
			reader))
			return false;
	if (!json_is_array(value) || i < length ||
	    (fields[i].kind != FIELD_END && fields[i].kind != FIELD_MSG))
		return fail(reader, field, "has a row of the wrong length");
	if (field->row->sound != NULL && !field->row->sound(to))
		return fail(reader, field, "has a row that makes no sense");
	return true;
}

static bool
take_list(const struct field *field, const json_t *value, void *to,
    struct reader *reader)
{
	const struct row *row = field->row;
	size_t count = json_array_size(value);
	char *items;

	if (!json_is_array(value))
		return fail(reader, field, "is not an array");
	if (count > field->max)
		return reader_fail(reader, VERDICT_OVER_LIMIT,
		    "\"%s\" has more than %zu elements", field->name,
		    (size_t)field->max);
	if (count == 0)
		return true;
	items = arena_alloc(reader->arena, count * row->size);
	memset(items, 0, count * row->size);
	for (size_t i = 0; i < count; i++) {
		char *item = items + i * row->size;

		if (!take_row(field, json_array_get(value, i), item, reader))
			return false;
		if (i > 0 && row->follows != NULL &&
		    !row->follows(item - row->size, item))
			return fail(reader, field, "is not ascending");
	}
	memcpy((char *)to + field->offset, &items, sizeof items);
	memcpy((char *)to + field->count_offset, &count, sizeof count);
	return true;
}

static bool
take_value(const struct field *field, const json_t *value, void *to,
    struct reader *reader)
{
	char *at = (char *)to + field->offset;
	uint64_t number;

	switch (field->kind) {
	case FIELD_ID:
	case FIELD_ID_OR_NONE:
		return take_id(field, value, (struct id *)at, reader);
	case FIELD_HEX:
		if (!take_hex(field, value, &number, reader))
			return false;
		save_unsigned(at, field->size, number);
		return true;
	case FIELD_TAG:
		if (!take_hex(field, value, &number, reader))
			return false;
		bytes_put_u64((uint8_t *)at, number);
		return true;
	case FIELD_INTEGER:
	case FIELD_INTEGER_OR_NONE:
		return take_integer(field, value, at, reader);
	case FIELD_FLAG:
		if (!json_is_boolean(value))
			return fail(reader, field, "is neither true nor false");
		*(bool *)at = json_is_true(value);
		return true;
	case FIELD_NAME: return take_name(field, value, at, reader);
	case FIELD_ADDRESS:
		return take_address(field, value, (struct address *)at, reader);
	case FIELD_TEXT:
	case FIELD_TEXT_OR_NONE: return take_text(field, value, at, reader);
	case FIELD_MSG: return take_msg(field, value, at, reader);
	case FIELD_LIST: return take_list(field, value, to, reader);
	case FIELD_END: break;
	}
	return false;
}

bool
schema_take(const struct field *fields, const json_t *object, void *to,
    struct reader *reader)
{
	for (const struct field *f = fields; f->kind != FIELD_END; f++) {
		const json_t *value = json_object_get(object, f->name);

		if (value == NULL && may_be_left_out(f->kind))
			continue;
		if (value == NULL)
			return fail(reader, f, "is missing");
		if (!take_value(f, value, to, reader))
			return false;
	}
	return true;
}
