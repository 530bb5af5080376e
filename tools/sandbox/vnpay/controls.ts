import { z } from "zod";
import type { App } from "../parts.ts";
import { faultSettings } from "../weather/faults.ts";
import type { HttpContext } from "../wire/gate.ts";
import { bodyAs } from "../wire/json.ts";
import { OUTCOMES } from "./shapes.ts";
import type { SandboxVnpay } from "./vnpay.ts";

const copies = z.number().int().min(1).max(1_000);
const paying = z
  .strictObject({
    txnRef: z.string().optional(),
    /** The address the shop gave the payer, in place of a reference that was opened before. */
    url: z.url().optional(),
    outcome: z.enum(OUTCOMES).default("00"),
    bankCode: z.string().optional(),
    tamper: z.record(z.string(), z.string()).optional(),
    resign: z.boolean().optional(),
    times: copies.optional(),
    lateMs: z.number().min(0).max(600_000).optional(),
  })
  .refine(({ txnRef, url }) => (txnRef === undefined) !== (url === undefined), "name txnRef or url");
const aiming = z.strictObject({ url: z.url().nullable() });
const replaying = z.strictObject({ txnRef: z.string(), times: copies.default(1) });
const SHOWN = 100;

export const mountControls = (app: App, vnpay: SandboxVnpay): void => {
  app.post("/sandbox/vnpay/pay", async (c) => {
    const { txnRef, url, outcome, ...how } = await bodyAs(c, paying);
    return c.json(vnpay.pay(url ?? txnRef ?? "", outcome, how));
  });
  app.get("/sandbox/vnpay/payments", (c) => c.json(listed(vnpay.payments(c.req.query("txnRef")))));
  app.get("/sandbox/vnpay/deliveries", (c) => c.json(deliveriesOf(vnpay, c)));
  app.post("/sandbox/vnpay/ipn", async (c) => {
    const { url } = await bodyAs(c, aiming);
    vnpay.setIpnUrl(url ?? undefined);
    return c.json({ url });
  });
  app.post("/sandbox/vnpay/replay", async (c) => {
    const { txnRef, times } = await bodyAs(c, replaying);
    vnpay.replay(txnRef, times);
    return c.json({ txnRef, times });
  });
  app.get("/sandbox/vnpay/faults", (c) => c.json(vnpay.faults.current()));
  app.post("/sandbox/vnpay/faults", async (c) => {
    vnpay.faults.set(await bodyAs(c, faultSettings));
    return c.json(vnpay.faults.current());
  });
  app.delete("/sandbox/vnpay/faults", (c) => {
    vnpay.faults.clear();
    return c.json(vnpay.faults.current());
  });
};

const deliveriesOf = (vnpay: SandboxVnpay, c: HttpContext) => {
  const { txnRef, state } = c.req.query();
  return listed(vnpay.deliveries(txnRef).filter((item) => state === undefined || item.state === state));
};

const listed = <T>(items: readonly T[]) => ({
  total: items.length,
  data: items.slice(-SHOWN).toReversed(),
});
