import { expect, it } from "vitest";
import { pairsTable, readmeOf, withTable } from "./saga-table.ts";

const FILES: Record<string, string> = {
  "modules/m/trip/run.ts": `
    import { payBack } from "../purse/pay-back.ts";
    const hold = pair("hold a seat", {
      do: (ctx, seat) => call(ctx, Seat).hold(seat),
      undo: (ctx, seat) => call(ctx, Seat).free(seat),
    });
    // Only where there is something to pay.
    const pay = pair("pay", {
      do: (ctx, fare) => call(ctx, Purse).pay(fare),
      undo: async (ctx, fare) => payBack(ctx, await call(ctx, Purse).refund(fare)),
    });
    const depart = pivot("depart", { do: (ctx) => call(ctx, Train).depart({}) });
    const tell = pair("tell", { do: (ctx) => tellAll(ctx), undo: nothing("it left") });
    const tellAll = async (ctx) => { await call(ctx, Mail).send({}); await call(ctx, Feed).append({}); };
  `,
  "modules/m/purse/pay-back.ts": `export const payBack = async (ctx, money) => { await call(ctx, Wallet).post(money); };`,
};
const table = pairsTable("modules/m/trip/run.ts", (path) => FILES[path]);

it("a saga's pairs are listed in running order, with what they call here and in the functions they use", () => {
  expect(table.split("\n").slice(2)).toEqual([
    "| 1 | hold a seat | Seat/hold | Seat/free |  |",
    "| 2 | pay | Purse/pay | Purse/refund, Wallet/post | Only where there is something to pay. |",
    "| 3 | depart | Train/depart | nothing | **the pivot**: from here there is only forward |",
    "| 4 | tell | Mail/send, Feed/append | nothing | it left |",
  ]);
});

it("the table stands between its markers, and nothing else of the README changes", () => {
  const readme = "before\n<!-- pairs of Trip -->\nold\n<!-- end -->\nafter\n";
  const written = withTable(readme, "Trip", table);
  expect(written).toBe(`before\n<!-- pairs of Trip -->\n${table}\n<!-- end -->\nafter\n`);
  expect(withTable(written ?? "", "Trip", table)).toBe(written);
  expect(withTable(readme, "Checkout", table)).toBeUndefined();
});

it("a saga's table is in its component's README, or in its module's where the component has none", () => {
  const texts: Record<string, string> = { "modules/m/trip/README.md": "a map" };
  expect(readmeOf("modules/m/trip/run.ts", (path) => texts[path])).toBe("modules/m/trip/README.md");
  expect(readmeOf("modules/m/walk/run.ts", (path) => texts[path])).toBe("modules/m/README.md");
});
