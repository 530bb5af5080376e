/** One purchase against the running shop, with a kill in its middle if asked, and the judgement of it. */
import { BUYERS } from "#tools/seed/cast.ts";
import { signedIn } from "#tools/seed/person.ts";
import type { Killed } from "#tools/start/control.ts";
import { worldOf } from "#tools/start/need-running.ts";
import type { Running } from "#tools/start/running.ts";
import { wrongs } from "./balance.ts";
import { type Gathered, gather } from "./evidence.ts";
import { findGoods, levelsOf } from "./goods.ts";
import { killAndRestart, stateAfter } from "./kill.ts";
import { checkOut, fillCart, outcomeOf, payInBrowser } from "./purchase.ts";
import { timeline } from "./show.ts";

export type KillStory = Killed & { stateBefore: string; stateAfter: string; finishMs: number };
export type Demonstration = {
  result: Gathered & { kill?: KillStory };
  timeline: string;
  /** From the cart to the orders; a kill and its restart count. */
  ms: number;
  wrongs: string[];
};

export const demonstrate = async (
  running: Running,
  kill: Killed["part"] | undefined,
): Promise<Demonstration> => {
  const { urls, gateway } = running;
  const buyer = await signedIn(worldOf(running), BUYERS[0]);
  const goods = await findGoods(buyer);
  const before = await levelsOf(buyer, goods);
  const startedMs = performance.now();
  await fillCart(buyer, goods);
  const opened = await checkOut(buyer, goods);
  const { checkoutId } = opened;
  const killed = kill === undefined ? undefined : await killAndRestart(running, kill);
  const state = killed === undefined ? opened.state : await stateAfter(buyer, checkoutId);
  const paidMs = performance.now();
  await payInBrowser({ url: urls.gateway, browserKey: gateway.browserKey }, opened);
  const placed = await outcomeOf(buyer, checkoutId);
  const [ms, finishMs] = [startedMs, paidMs].map((from) => Math.round(performance.now() - from)) as [
    number,
    number,
  ];
  const gathered = await gather(running, { buyer, goods, before, placed });
  const story = killed && { ...killed, stateBefore: opened.state, stateAfter: state, finishMs };
  return {
    result: { ...gathered, ...(story !== undefined && { kill: story }) },
    timeline: await timeline(buyer, checkoutId),
    ms,
    wrongs: [...refusalOf(placed), ...wrongs({ ...gathered, bought: goods })],
  };
};

const refusalOf = ({ refused }: { refused: { message: string } | null }): string[] =>
  refused === null ? [] : [`the checkout was refused: ${refused.message}`];
