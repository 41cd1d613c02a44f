/* The network doctor: who is heard on which interface by which channel, and
 * what that means. */
#include <string.h>

#include "tui/text.h"
#include "tui/view.h"

static const struct {
	int style;
	int indent;		/* of what is wrapped; < 0: a row of a table */
	const char *mark;
} looks[] = {
	[DOCTOR_HEADING] = { STYLE_TITLE, -1, "" },
	[DOCTOR_GOOD] = { STYLE_GOOD, 2, "+ " },
	[DOCTOR_NOTE] = { STYLE_NOTICE, 2, "? " },
	[DOCTOR_BAD] = { STYLE_BAD, 2, "! " },
	[DOCTOR_NEXT] = { STYLE_PLAIN, 2, "" },
	[DOCTOR_ROW] = { STYLE_PLAIN, -1, "" },
	[DOCTOR_DETAIL] = { STYLE_DIM, -1, "" },
	[DOCTOR_BLANK] = { STYLE_PLAIN, -1, "" },
};

struct sheet {
	struct scene *scene;
	struct layout_rect at;
	size_t top, row;
	struct layout_rows wrapped;
};

/* A pen for the next row, with no cells when it is not on the screen. */
static struct pen
sheet_row(struct sheet *sheet)
{
	size_t row = sheet->row++;
	bool visible = row >= sheet->top &&
	    row - sheet->top < (size_t)sheet->at.rows;

	return pen_at(sheet->scene->screen,
	    sheet->at.row + (visible ? (int)(row - sheet->top) : 0),
	    sheet->at.col, visible ? sheet->at.cols : 0);
}

static void
paint_table_row(struct sheet *sheet, const struct doctor_line *line)
{
	struct pen pen = sheet_row(sheet);

	pen_cut(&pen, looks[line->kind].style, line->text, pen_left(&pen));
}

static void
paint_sentence(struct sheet *sheet, const struct doctor_line *line)
{
	int indent = looks[line->kind].indent;
	int cells = sheet->at.cols - indent > 1 ? sheet->at.cols - indent : 1;

	layout_wrap(&sheet->wrapped, line->text, strlen(line->text),
	    (size_t)cells);
	for (size_t i = 0; i < sheet->wrapped.count; i++) {
		const struct layout_row *part = &sheet->wrapped.items[i];
		struct pen pen = sheet_row(sheet);
		const char *mark = i == 0 ? looks[line->kind].mark : "";

		pen_field(&pen, looks[line->kind].style, mark, indent, false);
		pen_bytes(&pen, looks[line->kind].style,
		    line->text + part->offset, part->size);
	}
}

size_t
view_net(struct scene *scene, const struct layout_rect *at, size_t top)
{
	const struct doctor_lines *lines = &scene->windows->doctor;
	struct sheet sheet = { .scene = scene, .at = *at, .top = top };

	if (lines->count == 0) {
		struct pen pen = sheet_row(&sheet);

		pen_text(&pen, STYLE_DIM, "The node is being asked.");
	}
	for (size_t i = 0; i < lines->count; i++)
		if (looks[lines->items[i].kind].indent < 0)
			paint_table_row(&sheet, &lines->items[i]);
		else
			paint_sentence(&sheet, &lines->items[i]);
	layout_rows_free(&sheet.wrapped);
	return sheet.row;
}
