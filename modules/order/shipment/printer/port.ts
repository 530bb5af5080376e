/** The port to whatever prints labels: the same label is the same bytes. */
import type { Place } from "../carrier/port.ts";

export type Label = {
  readonly carrier: string;
  readonly service: string;
  readonly trackingId: string;
  readonly from: Place | null;
  readonly to: Place;
  readonly orderId: string;
  readonly weightGrams: number;
  readonly contents: ReadonlyArray<{ readonly pieces: number; readonly title: string }>;
  /** When it was booked: the label bears no other time. */
  readonly bookedAt: Date;
};

export type Printer = (label: Label) => Promise<Uint8Array>;
