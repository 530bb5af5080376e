/** By HTTPS, signed as Standard Webhooks says: HMAC-SHA256 over id, time and body. */
import { createHmac } from "node:crypto";
import { post, type WayOut } from "#modules/_kit/way-out/post.ts";
import { ANSWER_MS, verdictOn } from "../rules.ts";
import type { Outcome, Receiver } from "./port.ts";

export type Address = { readonly url: string; readonly secret: string; readonly withinMs?: number };

export const signedReceiver = ({ url, secret, withinMs = ANSWER_MS }: Address, wayOut: WayOut): Receiver => ({
  send: async ({ messageId, body }) => {
    const seconds = String(Math.floor(Date.now() / 1_000));
    const headers = {
      "content-type": "application/json",
      "user-agent": "shopnexus-webhooks/1",
      "webhook-id": messageId,
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${signatureOf(secret, `${messageId}.${seconds}.${body}`)}`,
    };
    const posted = await post({ url, headers, body, withinMs }, wayOut);
    return "status" in posted ? ofStatus(posted.status) : FAULTS[posted.fault];
  },
});

const signatureOf = (secret: string, text: string): string =>
  createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"))
    .update(text)
    .digest("base64");

/** Our own words alone: what the other side says may be anything. */
const ofStatus = (status: number): Outcome => {
  const state = verdictOn(status);
  return state === "delivered" ? { state } : { state, reason: `It answered ${status}.` };
};

const FAULTS: Readonly<Record<"forbidden" | "unreachable" | "timeout", Outcome>> = {
  forbidden: { state: "refused", reason: "Its address is not on the public internet." },
  unreachable: { state: "deferred", reason: "It could not be reached." },
  timeout: { state: "deferred", reason: "It did not answer in time." },
};
