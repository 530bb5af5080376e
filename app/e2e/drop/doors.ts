/** Doors of a shop's own that a test stands at: ones before which something is else than it was, and ones to watch through. */
import { newAttemptId } from "@shopnexus/contracts/client";
import { Hono } from "hono";
import { serveCards } from "#app/edge/cards.ts";
import { serveDoor } from "#app/edge/drop/door.ts";
import type { Host } from "#app/host.ts";
import type { Person } from "#tools/testkit/people.ts";

export type Wanted = { readonly thing: { readonly skuId: string }; readonly dropId: string };

/** Asks for one piece; `by` is who has decided, as the answer says. */
export const doorOf = (host: Host) => {
  const app = new Hono();
  serveDoor(app, host);
  serveCards(app, host);
  return async (who: Person | undefined, { thing, dropId }: Wanted) => {
    const response = await app.request(`/drops/${dropId}/tickets`, {
      method: "POST",
      headers: { ...(who && { authorization: `Bearer ${who.tokens.accessToken}` }) },
      body: JSON.stringify({ attemptId: newAttemptId(), skuId: thing.skuId }),
    });
    const { code, state } = (await response.json()) as { code?: string; state?: string };
    const by = response.headers.get("x-drop-gate") ?? "gate";
    return { status: response.status, said: code ?? state, by };
  };
};

/** What a stream of events has said so far, and its end. */
export const hearing = (response: Response) => {
  let text = "";
  const take = new WritableStream<string>({
    write: (part) => {
      text += part;
    },
  });
  const ended = response.body?.pipeThrough(new TextDecoderStream()).pipeTo(take);
  return { text: () => text, ended };
};
