/** Decisions about mails: what one is called, how long we keep at it, and where a page of them begins. */
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { sha256 } from "#modules/_kit/derive.ts";

/** Mail servers of others give up after as long. Source: RFC 5321, 4.5.4.1. */
export const PATIENCE_MS = 5 * DAY_MS;

/** Longer than a mail server may be silent, so that two processes never talk to it about one mail. */
export const CLAIM_MS = 2 * MINUTE_MS;

const PAUSE_FIRST_MS = SECOND_MS;
const PAUSE_MAX_MS = 10 * MINUTE_MS;

/** How long to wait before attempt `attempt + 1`. */
export const pauseAfter = (attempt: number): number =>
  Math.min(PAUSE_FIRST_MS * 2 ** Math.min(attempt, 20), PAUSE_MAX_MS);

/** The domain of the sender, `shop.example` of `Shop <mail@shop.example>`. */
const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)/.exec(from)?.[1]?.toLowerCase() ?? "localhost";

/** Without its brackets. It follows from the key, so that a mail that was sent twice is one mail. */
export const messageIdOf = (messageKey: string, from: string): string =>
  `${sha256(messageKey).slice(0, 40)}@${domainOf(from)}`;

/** The position that a cursor names; one that is not ours is a mistake of the caller's. */
export const positionIn = (cursor: string | undefined): number => {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (/^[1-9][0-9]{0,14}$/.test(cursor)) return Number(cursor);
  const says = "this is not the `next` of a page of mails";
  throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "after", says }] });
};
