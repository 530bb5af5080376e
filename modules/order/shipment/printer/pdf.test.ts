import bwip from "bwip-js";
import { decodePDFRawStream, PDFArray, PDFDocument, PDFRawStream } from "pdf-lib";
import { describe, expect, it } from "vitest";
import { latin } from "./latin.ts";
import { printPdf } from "./pdf.ts";
import type { Label } from "./port.ts";

const PLACE = {
  recipient: "Nguyễn Thị Đào",
  phone: "+84901234567",
  line1: "12 Đường Trần Hưng Đạo",
  city: "Hà Nội",
  postcode: "10000",
  country: "VN",
};
const LABEL: Label = {
  carrier: "swift",
  service: "express",
  trackingId: "SW123456789012",
  from: null,
  to: PLACE,
  orderId: `ord_${"a".repeat(32)}`,
  weightGrams: 1_234,
  contents: Array.from({ length: 12 }, (_, at) => ({ pieces: at + 1, title: `Ấm trà ${at}` })),
  bookedAt: new Date("2027-01-15T08:00:00.000Z"),
};

/** What is drawn on the page, operator by operator. */
const drawn = async (label: Label): Promise<string> => {
  const document = await PDFDocument.load(await printPdf(label));
  const contents = document.getPage(0).node.Contents();
  const refs = contents instanceof PDFArray ? contents.asArray() : [];
  const streams = refs
    .map((ref) => document.context.lookup(ref))
    .filter((one) => one instanceof PDFRawStream);
  return streams.map((one) => Buffer.from(decodePDFRawStream(one).decode()).toString("latin1")).join("\n");
};
const written = (page: string): string[] =>
  [...page.matchAll(/<([0-9A-F]+)> Tj/g)].map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1"));

describe("a label", () => {
  it("is the same bytes each time, and a PDF of one page", async () => {
    const [one, other] = [await printPdf(LABEL), await printPdf(LABEL)];
    expect(Buffer.compare(one, other)).toBe(0);
    expect(Buffer.from(one).subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("says who sends what to whom by whom; what does not fit is counted", async () => {
    const lines = written(await drawn(LABEL));
    expect(lines).toEqual([
      "SWIFT EXPRESS",
      "SW123456789012",
      "FROM",
      "the seller",
      "TO",
      "Nguyen Thi Dào",
      "12 Duong Tran Hung Dao",
      "10000 Hà Noi",
      "VN  +84901234567",
      "1.234 kg",
      LABEL.orderId,
      ...Array.from({ length: 8 }, (_, at) => `${at + 1} x Am trà ${at}`),
      "and 4 more",
    ]);
  });

  it("bears its number as Code 128, bar for bar", async () => {
    const [symbol] = bwip.raw({ bcid: "code128", text: LABEL.trackingId }) as Array<{ sbs: number[] }>;
    const bars = (symbol?.sbs ?? []).filter((_, at) => at % 2 === 0);
    const rectangles = [...(await drawn(LABEL)).matchAll(/0 0 m\s+0 56 l\s+([0-9.]+) 56 l/g)];
    const widths = rectangles.map(([, width]) => Number(width));
    const unit = Math.min(...widths);
    expect(widths.map((width) => Math.round(width / unit))).toEqual(bars);
  });
});

describe("latin", () => {
  it.each([
    ["Élan, Ångström, ß", "Élan, Ångström, ß"],
    ["Đặng Văn Lâm", "Dang Van Lâm"],
    ["Łódź", "Lódz"],
    ["Москва 東京", "?????? ??"],
    ["tea \u{1F375}", "tea ?"],
  ])("%s is printed as %s", (text, printed) => {
    expect(latin(text)).toBe(printed);
  });
});
