import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { readEvent } from "./webhook.ts";

const SECRET = "carrier_secret";
const NOW = 1_800_000_000_000;
const FACT = {
  eventId: "cev_1",
  shipmentId: "shp_theirs",
  trackingId: "SW1",
  reference: "shp_ours",
  status: "picked_up",
  at: "2027-01-15T08:00:00.000Z",
};
const PAYLOAD = JSON.stringify(FACT);

const signed = (payload = PAYLOAD, { secret = SECRET, atMs = NOW } = {}) => {
  const t = Math.floor(atMs / 1_000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${payload}`).digest("hex")}`;
};
const read = (payload: string, signature: string, secret = SECRET) =>
  readEvent({ payload, signature, secret, nowMs: NOW });

describe("what carriers say", () => {
  it("is believed when it bears their signature", () => {
    expect(read(PAYLOAD, signed())).toEqual({
      eventId: "cev_1",
      reference: "shp_ours",
      status: "picked_up",
      report: { ref: "shp_theirs", trackingId: "SW1", state: "picked_up" },
    });
  });

  it.each(Object.keys(FACT))("is not believed when %s was changed on the way", (field) => {
    expect(read(JSON.stringify({ ...FACT, [field]: "x" }), signed())).toBeUndefined();
  });

  it.each([
    ["no signature", ""],
    ["no time", signed().replace(/t=[0-9]+,/, "")],
    ["another time", signed().replace(/t=[0-9]+/, `t=${NOW / 1_000 + 1}`)],
    ["a time that is none", signed().replace(/t=[0-9]+/, "t=soon")],
    ["no hex", signed().replace(/v1=.*/, "v1=zz")],
    ["a part of it", signed().slice(0, -2)],
    ["more than it", `${signed()}00`],
    ["another secret's", signed(PAYLOAD, { secret: "another" })],
    ["an empty secret's", signed(PAYLOAD, { secret: "" })],
  ])("is not believed with %s", (_, signature) => {
    expect(read(PAYLOAD, signature)).toBeUndefined();
  });

  it("an empty secret verifies nothing, whoever signed with it", () => {
    expect(read(PAYLOAD, signed(PAYLOAD, { secret: "" }), "")).toBeUndefined();
  });

  it("is believed for five minutes", () => {
    for (const [agoMs, isBelieved] of [
      [5 * MINUTE_MS, true],
      [5 * MINUTE_MS + 1_000, false],
      [-5 * MINUTE_MS - 1_000, false],
    ] as const)
      expect(read(PAYLOAD, signed(PAYLOAD, { atMs: NOW - agoMs })) !== undefined).toBe(isBelieved);
  });

  it("a word that we do not know, or a text that we cannot read, is kept and says nothing", () => {
    const strange = JSON.stringify({ ...FACT, status: "teleported" });
    expect(read(strange, signed(strange))).toMatchObject({
      status: "teleported",
      report: { state: undefined },
    });
    const ours = JSON.stringify({ ...FACT, status: "withdrawing" });
    expect(read(ours, signed(ours))).toMatchObject({ report: { state: undefined } });
    for (const noise of ["no JSON", "{}", "[]"])
      expect(read(noise, signed(noise))).toMatchObject({ status: "unread", report: undefined });
  });
});
