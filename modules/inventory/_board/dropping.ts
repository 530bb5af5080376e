/** The part of the board that sells few pieces to many at one moment. */
import { Drop } from "@shopnexus/contracts/inventory/drop";
import { Ticket } from "@shopnexus/contracts/inventory/ticket";
import { announce } from "../drop/announce.ts";
import { close } from "../drop/close.ts";
import { draw } from "../drop/draw.ts";
import { entries } from "../drop/entries.ts";
import { fillGate } from "../drop/fill-gate.ts";
import { reconcile } from "../drop/reconcile.ts";
import { view } from "../drop/view.ts";
import { withdraw } from "../drop/withdraw.ts";
import { admit } from "../ticket/admit.ts";
import { claim } from "../ticket/claim.ts";
import { enter } from "../ticket/enter.ts";
import { giveBack } from "../ticket/give-back.ts";
import { lapse } from "../ticket/lapse.ts";
import { read } from "../ticket/read.ts";
import { sell } from "../ticket/sell.ts";
import { terms } from "../ticket/terms.ts";
import { unsell } from "../ticket/unsell.ts";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { type Component, type Cron, provide } from "#modules/_kit/board.ts";

/** Whoever waits for somebody else's piece of a drop waits at the page. */
const LAPSE_EVERY_MS = 2 * SECOND_MS;
const TURN_EVERY_MS = 5 * SECOND_MS;
const RECONCILE_EVERY_MS = 10 * SECOND_MS;

export const dropping: readonly Component[] = [
  provide(Drop, { announce, withdraw, view, entries, draw, close, fillGate, reconcile }),
  provide(Ticket, {
    enter,
    admit,
    read,
    terms,
    claim,
    giveBack,
    sell,
    unsell,
    lapse,
  }),
];

export const dropClocks: readonly Cron[] = [
  {
    name: "lapseTickets",
    everyMs: LAPSE_EVERY_MS,
    component: "Ticket",
    verb: "lapse",
    input: { limit: 500 },
  },
  { name: "drawDrops", everyMs: TURN_EVERY_MS, component: "Drop", verb: "draw", input: {} },
  { name: "closeDrops", everyMs: TURN_EVERY_MS, component: "Drop", verb: "close", input: {} },
  { name: "reconcileGates", everyMs: RECONCILE_EVERY_MS, component: "Drop", verb: "reconcile", input: {} },
];
