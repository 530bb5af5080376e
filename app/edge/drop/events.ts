/** A drop's state for the crowd: one look a second and process, however many watch, come and go. */
import type { Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { Drop, DropRefusals, type DropView } from "@shopnexus/contracts/inventory/drop";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { Host } from "../../host.ts";
import { problem, refusal } from "../problem.ts";

const LOOK_EVERY_MS = SECOND_MS;
/** Less than any proxy's patience with a silent connection. */
const HEARTBEAT_MS = 15 * SECOND_MS;

/** Empty text only says that we are here; nothing at all, that nobody listens any more. */
type News = { readonly text: string; readonly phase: string; readonly isLast: boolean };
type Seen = News | { readonly refused: Refused };
const HEARTBEAT: News = { text: "", phase: "", isLast: false };
type Watcher = (news: News | undefined) => void;
type Crowd = { last: News; readonly watchers: Set<Watcher> };
type Looks = Map<string, { readonly atMs: number; readonly seen: Promise<Seen> }>;
type Place = { readonly host: Host; readonly crowds: Map<string, Crowd>; readonly looks: Looks };

/** Drops, or ids of none, that are remembered for a second. */
const LOOK_COUNT_MAX = 10_000;
const LAST_PHASES: ReadonlySet<string> = new Set(["closed", "withdrawn"]);

export const serveEvents = (app: Hono, host: Host): void => {
  if (!host.served.some(({ component }) => component.contract.name === Drop.name)) return;
  const place: Place = { host, crowds: new Map(), looks: new Map() };
  app.get("/drops/:dropId/events", (c) => watch(c, place));
};

const watch = async (c: Context, place: Place): Promise<Response> => {
  // A browser comes back by itself after every end; it is told here that this one was the last.
  if (LAST_PHASES.has(c.req.header("last-event-id") ?? "")) return c.body(null, 204);
  const parsed = Drop._handlers.view.input.safeParse({ dropId: c.req.param("dropId") });
  if (!parsed.success) return refusal(c, DropRefusals.DROP_UNKNOWN);
  const { dropId } = parsed.data;
  const seen = place.crowds.get(dropId)?.last ?? (await lately(place, dropId));
  if ("refused" in seen) return problem(c, seen.refused);
  if (seen.isLast) return stream(c, { last: seen, watchers: new Set() });
  return stream(c, place.crowds.get(dropId) ?? begin(place, dropId, seen));
};

/** What was seen within the last second, or is being looked at: of many who come at once one looks. */
const lately = (place: Place, dropId: string): Promise<Seen> => {
  const known = place.looks.get(dropId);
  const isLate = known === undefined || performance.now() - known.atMs >= LOOK_EVERY_MS;
  return isLate ? now(place, dropId) : known.seen;
};

const now = ({ host, looks }: Place, dropId: string): Promise<Seen> => {
  if (looks.size >= LOOK_COUNT_MAX) looks.clear();
  const seen = look(host, dropId);
  looks.set(dropId, { atMs: performance.now(), seen });
  return seen;
};

/** Sends the last state at once, then every change; ends with the drop, or when the browser goes. */
const stream = (c: Context, crowd: Crowd): Response =>
  streamSSE(c, async (out) => {
    let queued: Array<News | undefined> = [crowd.last];
    let wake: () => void = () => undefined;
    const watcher: Watcher = (news) => {
      // Who reads slowly gets the newest state, not all of them.
      queued = [news];
      wake();
    };
    crowd.watchers.add(watcher);
    out.onAbort(() => watcher(undefined));
    try {
      while (!out.aborted) {
        const [news] = queued.splice(0);
        if (news === undefined) return;
        await (news.text === ""
          ? out.write(": here\n\n")
          : out.writeSSE({ event: "state", id: news.phase, data: news.text }));
        if (news.isLast) return;
        if (queued.length === 0)
          await changed(
            (resolve) => {
              wake = resolve;
            },
            () => watcher(HEARTBEAT),
          );
      }
    } finally {
      crowd.watchers.delete(watcher);
    }
  });

/** Until there is something new, or it has been quiet for so long that the connection should be heard of. */
const changed = (onWake: (resolve: () => void) => void, beat: () => void): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(beat, HEARTBEAT_MS);
    onWake(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Looks until nobody watches, or the drop is over. */
const begin = (place: Place, dropId: string, last: News): Crowd => {
  const { crowds } = place;
  const crowd: Crowd = { last, watchers: new Set() };
  crowds.set(dropId, crowd);
  const turn = async (): Promise<void> => {
    const seen = await now(place, dropId).catch(() => crowd.last);
    const news = "text" in seen ? seen : crowd.last;
    if (news.text !== crowd.last.text) for (const watcher of crowd.watchers) watcher(news);
    crowd.last = news;
    if (crowd.watchers.size === 0 || news.isLast) crowds.delete(dropId);
    else setTimeout(() => void turn(), LOOK_EVERY_MS).unref();
  };
  setTimeout(() => void turn(), LOOK_EVERY_MS).unref();
  return crowd;
};

const look = async (host: Host, dropId: string): Promise<Seen> => {
  const callKey = `edge/${crypto.randomUUID()}`;
  const answer = await host.steps.answer(Drop, "view", { input: { dropId }, callKey, caller: "edge" });
  if ("refused" in answer) return answer;
  const { phase } = answer.value as DropView;
  return { text: JSON.stringify(answer.value), phase, isLast: LAST_PHASES.has(phase) };
};
