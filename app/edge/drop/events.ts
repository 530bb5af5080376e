/** A drop's state for the crowd: one look a second and process, however many watch. */
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
type News = { readonly text: string; readonly isLast: boolean };
type Watcher = (news: News | undefined) => void;
type Crowd = { last: News; readonly watchers: Set<Watcher> };

export const serveEvents = (app: Hono, host: Host): void => {
  if (!host.served.some(({ component }) => component.contract.name === Drop.name)) return;
  const crowds = new Map<string, Crowd>();
  app.get("/drops/:dropId/events", (c) => watch(c, host, crowds));
};

const watch = async (c: Context, host: Host, crowds: Map<string, Crowd>): Promise<Response> => {
  const parsed = Drop._handlers.view.input.safeParse({ dropId: c.req.param("dropId") });
  if (!parsed.success) return refusal(c, DropRefusals.DROP_UNKNOWN);
  const { dropId } = parsed.data;
  const known = crowds.get(dropId)?.last;
  const seen = known ?? (await look(host, dropId));
  if ("refused" in seen) return problem(c, seen.refused);
  const crowd = crowds.get(dropId) ?? begin(host, crowds, { dropId, last: seen });
  return stream(c, crowd);
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
          : out.writeSSE({ event: "state", data: news.text }));
        if (news.isLast) return;
        if (queued.length === 0)
          await changed(
            (resolve) => {
              wake = resolve;
            },
            () => watcher({ text: "", isLast: false }),
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
const begin = (
  host: Host,
  crowds: Map<string, Crowd>,
  { dropId, last }: { readonly dropId: string; readonly last: News },
): Crowd => {
  const crowd: Crowd = { last, watchers: new Set() };
  crowds.set(dropId, crowd);
  const turn = async (): Promise<void> => {
    const seen = await look(host, dropId).catch(() => crowd.last);
    const news = "text" in seen ? seen : crowd.last;
    if (news.text !== crowd.last.text) for (const watcher of crowd.watchers) watcher(news);
    crowd.last = news;
    if (crowd.watchers.size === 0 || news.isLast) crowds.delete(dropId);
    else setTimeout(() => void turn(), LOOK_EVERY_MS).unref();
  };
  setTimeout(() => void turn(), LOOK_EVERY_MS).unref();
  return crowd;
};

const look = async (host: Host, dropId: string): Promise<News | { readonly refused: Refused }> => {
  const callKey = `edge/${crypto.randomUUID()}`;
  const answer = await host.steps.answer(Drop, "view", { input: { dropId }, callKey, caller: "edge" });
  if ("refused" in answer) return answer;
  const { phase } = answer.value as DropView;
  return { text: JSON.stringify(answer.value), isLast: phase === "closed" || phase === "withdrawn" };
};
