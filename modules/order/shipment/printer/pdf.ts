/** A label as a PDF of A6, drawn with the fonts that every reader has: Latin letters, see `latin`. */
import bwip from "bwip-js";
import { type PDFFont, type PDFPage, PDFDocument, StandardFonts } from "pdf-lib";
import type { Place } from "../carrier/port.ts";
import type { Label, Printer } from "./port.ts";
import { latin } from "./latin.ts";

const WIDTH = 298;
const HEIGHT = 420;
const MARGIN = 16;
const BARCODE_HEIGHT = 56;
/** What does not fit on the label stands in the shop. */
const CONTENT_LINES_MAX = 8;

export const printPdf: Printer = async (label) => {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(`Label ${label.trackingId}`);
  document.setProducer("ShopNexus");
  document.setCreationDate(label.bookedAt);
  document.setModificationDate(label.bookedAt);
  const page = document.addPage([WIDTH, HEIGHT]);
  const plain = await document.embedFont(StandardFonts.Helvetica);
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  draw({ page, plain, bold, y: HEIGHT - MARGIN }, label);
  return document.save();
};

type Pen = { readonly page: PDFPage; readonly plain: PDFFont; readonly bold: PDFFont; y: number };

const draw = (pen: Pen, label: Label): void => {
  write(pen, `${label.carrier} ${label.service}`.toUpperCase(), { size: 18, isBold: true });
  drawBarcode(pen, label.trackingId);
  write(pen, label.trackingId, { size: 12, isBold: true });
  rule(pen);
  write(pen, "FROM", { size: 7 });
  for (const line of linesOf(label.from)) write(pen, line, { size: 9 });
  rule(pen);
  write(pen, "TO", { size: 7 });
  for (const line of linesOf(label.to)) write(pen, line, { size: 13, isBold: true });
  rule(pen);
  write(pen, `${(label.weightGrams / 1_000).toFixed(3)} kg`, { size: 9, isBold: true });
  write(pen, label.orderId, { size: 8 });
  for (const { pieces, title } of label.contents.slice(0, CONTENT_LINES_MAX))
    write(pen, `${pieces} x ${title}`, { size: 8 });
  const more = label.contents.length - CONTENT_LINES_MAX;
  if (more > 0) write(pen, `and ${more} more`, { size: 8 });
};

const linesOf = (place: Place | null): string[] =>
  place === null
    ? ["the seller"]
    : [
        place.recipient,
        ...[place.line1, place.line2 ?? ""].filter((line) => line !== ""),
        `${place.postcode} ${place.city}${place.region === undefined ? "" : `, ${place.region}`}`,
        `${place.country}  ${place.phone}`,
      ];

type Style = { readonly size: number; readonly isBold?: boolean };

/** One line; what is too long is cut at the edge, and not squeezed. */
const write = (pen: Pen, words: string, { size, isBold = false }: Style): void => {
  const font = isBold ? pen.bold : pen.plain;
  let text = latin(words);
  while (text.length > 1 && font.widthOfTextAtSize(text, size) > WIDTH - 2 * MARGIN) text = text.slice(0, -1);
  pen.y -= size + 3;
  pen.page.drawText(text, { x: MARGIN, y: pen.y, size, font });
};

const rule = (pen: Pen): void => {
  pen.y -= 6;
  pen.page.drawLine({ start: { x: MARGIN, y: pen.y }, end: { x: WIDTH - MARGIN, y: pen.y }, thickness: 0.5 });
};

/** Code 128 as rectangles: bars and spaces in turn, in units of the narrowest. */
const drawBarcode = (pen: Pen, text: string): void => {
  const [symbol] = bwip.raw({ bcid: "code128", text: latin(text) }) as Array<{ sbs: number[] }>;
  const widths = symbol?.sbs ?? [];
  const unit = (WIDTH - 2 * MARGIN) / widths.reduce((sum, width) => sum + width, 0);
  pen.y -= BARCODE_HEIGHT + 8;
  let x = MARGIN;
  for (const [at, width] of widths.entries()) {
    if (at % 2 === 0) pen.page.drawRectangle({ x, y: pen.y, width: width * unit, height: BARCODE_HEIGHT });
    x += width * unit;
  }
};
