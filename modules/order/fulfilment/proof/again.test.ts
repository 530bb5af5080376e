import { afterAll, beforeAll, expect, test } from "vitest";
import { restateSql } from "#app/restate-sql.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./stage.ts";

let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ escrowMs: 200, claimMs: 600 });
});
afterAll(() => stage?.close());

type Invocation = { id: string; target: string; status: string; last_failure?: string };

const invocations = ({ orderId }: Paid, verb: string): Promise<Invocation[]> =>
  restateSql(
    stage.shop.adminUrl,
    `select id, target, status, last_failure from sys_invocation where target = 'Fulfilment/${orderId}/${verb}'`,
  );
const runs = (paid: Paid) => invocations(paid, "run");
const statuses = async (paid: Paid, verb: string) =>
  (await invocations(paid, verb)).map(({ status }) => status);

/** The carrier says once more what everybody knows: news of an order that is over. */
const sayAgain = async (paid: Paid) => {
  const parcel = stage.shop.sandbox.carrier.events().find(({ status }) => status === "delivered");
  stage.shop.sandbox.carrier.replay(parcel?.id ?? "");
  expect(paid.orderId).toMatch(/^ord_/);
};

test("Fulfilment/news: news of an order that is over begins another run, which does what there is to do", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5)]);
  await stage.sell(paid).confirm({});
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
  await stage.move(paid, "delivered");
  await expect.poll(() => statuses(paid, "run"), PATIENT).toEqual(["completed"]);
  await sayAgain(paid);
  // Restate still remembers the run: the news comes again when it has forgotten it.
  await expect.poll(() => statuses(paid, "news"), PATIENT).toContain("scheduled");
  expect(await statuses(paid, "run")).toEqual(["completed"]);
  const [first] = await runs(paid);
  await fetch(`${stage.shop.adminUrl}/invocations/${first?.id}/purge`, { method: "PATCH" });
  await expect.poll(() => runs(paid), PATIENT).toEqual([]);
  // As after a bank has given back what it had taken of a line that was paid out.
  await stage.shop.sql`delete from "order".duty_note where order_id = ${paid.orderId}`;
  await sayAgain(paid);
  await expect.poll(() => statuses(paid, "run"), PATIENT).toEqual(["completed"]);
  const noted = await stage.shop.sql`select key from "order".duty_note where order_id = ${paid.orderId}`;
  expect(new Set(noted.map(({ key }) => String(key).split("/")[0]))).toEqual(
    new Set(["tell_delivered", "tell_shipped"]),
  );
  for (const { last_failure: failure } of await invocations(paid, "news")) expect(failure).toBeUndefined();
});
