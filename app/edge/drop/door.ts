/**
 * The door of a drop: whoever will be refused costs one trip to Redis, shared with those who came in the same moment,
 * and reaches neither Restate nor Postgres. Where the gate is away the request goes its long way, and says so.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Context, Hono, Next } from "hono";
import { Drop, DropRefusals } from "@shopnexus/contracts/inventory/drop";
import { Ticket, type TicketPassed, TicketRefusals } from "@shopnexus/contracts/inventory/ticket";
import type { In } from "@shopnexus/contracts/kit/contract";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { instant, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Gate, Reply, Wish } from "#modules/_kit/gate.ts";
import { claimedAccount, verifyToken } from "#modules/_kit/token.ts";
import type { Host } from "../../host.ts";
import { askIngress } from "../cards.ts";
import { headerOf } from "../incoming.ts";
import { fault, problem, refusal } from "../problem.ts";
import { type Look, openLook } from "./look.ts";

/** Word that a ticket is on its way is kept in milliseconds. */
const KEPT_WAIT_MS = 10 * SECOND_MS;
/** Somebody else may be building the gate. */
const BUILD_TRY_COUNT = 5;
const BUILD_WAIT_MS = 50;

type Ask = In<typeof Ticket, "enter">;
type Door = {
  readonly host: Host;
  readonly gate: Gate;
  readonly look: Look;
  readonly isOpen: Map<string, boolean>;
};

export const serveDoor = (app: Hono, host: Host): void => {
  if (!host.served.some(({ component }) => component.contract.name === Ticket.name)) return;
  const { gate } = host;
  const door = gate && { host, gate, look: openLook(gate), isOpen: new Map<string, boolean>() };
  app.post("/drops/:dropId/tickets", (c, next) => enter(c, next, door));
};

const enter = async (c: Context, next: Next, door: Door | undefined): Promise<Response | undefined> => {
  const parsed = Ticket._handlers.enter.input.safeParse(await shaped(c));
  // What is not well asked is refused where every card's input is.
  if (!parsed.success) return thence(next);
  const reply = door === undefined ? undefined : await answerOf(c, door, parsed.data);
  if (reply !== undefined) return reply;
  c.header("x-drop-gate", "postgres");
  return thence(next);
};

const thence = async (next: Next): Promise<undefined> => {
  await next();
  return undefined;
};

const shaped = async (c: Context): Promise<unknown> => {
  const attemptId = headerOf(c, "idempotency-key");
  try {
    const body = JSON.parse(await c.req.text()) as object;
    return { ...(attemptId !== undefined && { attemptId }), ...body, dropId: c.req.param("dropId") };
  } catch {
    return undefined;
  }
};

/** Undefined where there is no gate to ask: Redis is away. */
const answerOf = async (c: Context, door: Door, ask: Ask): Promise<Response | undefined> => {
  try {
    const { ticketId, reply } = await decide(headerOf(c, "authorization"), door, ask);
    if (reply === undefined || reply.kind === "unbuilt") return undefined;
    return reply.kind === "passed" ? await passOn(c, door, { ask, ticketId, ...reply }) : refused(c, reply);
  } catch (error) {
    if (error instanceof RefusalError) return problem(c, error.refused);
    door.host.log.warn(
      { reason: (error as Error).message },
      "the gate cannot be asked: drops go through Postgres",
    );
    return undefined;
  }
};

type Decision = { readonly ticketId: string; readonly reply: Reply | undefined };

/** While all is taken the token is not even read with care: only who has passed before is let on to be known by it. */
const decide = async (header: string | undefined, door: Door, ask: Ask): Promise<Decision> => {
  const wish = { gateId: ask.dropId, skuId: ask.skuId, pieces: ask.pieces };
  const place = `${ask.dropId}/${ask.skuId}`;
  if (door.isOpen.get(place) === false) {
    const ticketId = deriveId("tkt", ask.dropId, claimedAccount(header) ?? "", ask.attemptId);
    const { standing, isKnown } = await door.look(wish, ticketId);
    if (standing.kind !== "open" && standing.kind !== "unbuilt" && !isKnown)
      return { ticketId, reply: standing };
  }
  const accountId = await accountOf(header, door.host);
  const ticketId = deriveId("tkt", ask.dropId, accountId, ask.attemptId);
  const reply = await knock(door, wish, { ticketId, accountId });
  remember(door, place, reply.kind === "passed" || reply.kind === "limit_reached");
  return { ticketId, reply };
};

/** Only a guess, which saves a trip: the gate decides. */
const PLACE_COUNT_MAX = 10_000;
const remember = ({ isOpen }: Door, place: string, isNowOpen: boolean): void => {
  if (isOpen.size >= PLACE_COUNT_MAX) isOpen.clear();
  isOpen.set(place, isNowOpen);
};

/** By the token alone: whether its session is still open is asked of who got through. */
const accountOf = async (header: string | undefined, { config }: Host): Promise<string> => {
  if (header === undefined || header === "")
    throw refuse(CommonRefusals.UNAUTHENTICATED, { reason: "missing" });
  const verified = await verifyToken(config.settings.auth, header.replace(/^Bearer /i, ""));
  if ("fault" in verified) throw refuse(CommonRefusals.UNAUTHENTICATED, { reason: verified.fault });
  if (verified.principal.kind !== "account") throw refuse(CommonRefusals.FORBIDDEN, { needs: "account" });
  return verified.principal.accountId;
};

const knock = async (
  { gate, host }: Door,
  wish: Wish,
  who: { readonly ticketId: string; readonly accountId: string },
): Promise<Reply> => {
  for (let tries = 1; ; tries += 1) {
    const reply = await gate.knock(wish, who);
    if (reply.kind !== "unbuilt" || tries > BUILD_TRY_COUNT) return reply;
    await host.steps.answer(Drop, "fillGate", {
      input: { dropId: wish.gateId },
      callKey: `edge/${crypto.randomUUID()}`,
      caller: "edge",
    });
    if (tries > 1) await sleep(BUILD_WAIT_MS);
  }
};

type Passed = Extract<Reply, { kind: "passed" }> & { readonly ask: Ask; readonly ticketId: string };

/** Restate keeps the word of it before the buyer has it; without that word the buyer asks again, and has the same ticket. */
const passOn = async (
  c: Context,
  { host }: Door,
  { ask, ticketId, isAdmitted, expiresMs }: Passed,
): Promise<Response> => {
  const kept = await askIngress({
    url: `${host.config.restate.ingressUrl}/${Ticket.name}/enter/send`,
    authorization: c.req.header("authorization"),
    input: ask,
    waitMs: KEPT_WAIT_MS,
  });
  if (!kept?.ok) return fault(c, "UNAVAILABLE");
  const { dropId, skuId, pieces } = ask;
  const state = isAdmitted ? "admitted" : "waiting";
  const ticket: TicketPassed = { ticketId, dropId, skuId, pieces, state, expiresAt: instant(expiresMs) };
  return c.json(ticket, 202);
};

const refused = (c: Context, reply: Exclude<Reply, { kind: "passed" | "unbuilt" }>): Response => {
  switch (reply.kind) {
    case "not_yet":
      return refusal(c, TicketRefusals.DROP_NOT_YET, { startsAt: instant(reply.startsMs) });
    case "limit_reached":
      return refusal(c, TicketRefusals.DROP_LIMIT_REACHED, { limit: reply.limit });
    case "over":
      return refusal(c, TicketRefusals.DROP_OVER);
    case "sold_out":
      return refusal(c, TicketRefusals.DROP_SOLD_OUT);
    case "unknown":
      return refusal(c, DropRefusals.DROP_UNKNOWN);
  }
};
