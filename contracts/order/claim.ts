/** A buyer asks for money back for lines of one order: what is asked, who answers, and until when. The refund's run moves it. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done, prose } from "../_kit/word.ts";
import {
  ClaimDetail,
  ClaimKey,
  ClaimLineAsk,
  ClaimOrder,
  ClaimPayment,
  ClaimReason,
  ClaimState,
  ClaimStep,
  ClaimView,
  Evidence,
} from "./complaint.ts";
import { LineRefusals, LineState } from "./line.ts";
import { OrderRefusals } from "./order.ts";

export const CLAIM_LINE_COUNT_MAX = 100;

const Lines = z.array(z.object({ lineId: z.string(), state: LineState }));

export const ClaimRefusals = refusals({
  CLAIM_UNKNOWN: { status: 404, says: "There is no such claim." },
  CLAIM_KEY_REUSED: { status: 422, says: "This key was used for another claim: make a new one." },
  CLAIM_VOIDED: { status: 409, says: "The shop took this claim back before anything came of it: ask again." },
  CLAIM_DECIDED: {
    status: 409,
    says: "Something else was decided about this claim before.",
    data: z.object({ state: ClaimState }),
  },
  LINE_NOT_CLAIMABLE: {
    status: 409,
    says: "Money can be asked back for what was sent: these lines were not, or nothing of them is left.",
    data: z.object({ lines: Lines }),
  },
  CLAIM_WINDOW_OVER: {
    status: 409,
    says: "The time to ask for money back is over.",
    data: z.object({ lineIds: z.array(z.string()) }),
  },
  CLAIM_OPEN: {
    status: 409,
    says: "A claim for one of these lines is open already.",
    data: z.object({ lineIds: z.array(z.string()) }),
  },
  AMOUNT_TOO_HIGH: {
    status: 422,
    says: "There is not that much left to be paid back.",
    data: z.object({ lines: z.array(z.object({ lineId: z.string(), atMost: Price })) }),
  },
  PIECES_TOO_MANY: {
    status: 422,
    says: "There are not that many pieces on the line, or some came back before.",
    data: z.object({ lines: z.array(z.object({ lineId: z.string(), atMost: z.int() })) }),
  },
  EVIDENCE_NEEDED: { status: 422, says: "Show it: this reason needs a picture or another file." },
});
const { CLAIM_UNKNOWN, CLAIM_KEY_REUSED, CLAIM_VOIDED, CLAIM_DECIDED, EVIDENCE_NEEDED } = ClaimRefusals;
const { LINE_NOT_CLAIMABLE, CLAIM_WINDOW_OVER, CLAIM_OPEN, AMOUNT_TOO_HIGH, PIECES_TOO_MANY } = ClaimRefusals;
const { ORDER_UNKNOWN } = OrderRefusals;
const { LINE_UNKNOWN } = LineRefusals;

const ClaimRef = z.strictObject({ refundId: id("rfd") });
const Filter = z.strictObject({ state: ClaimState.optional(), ...pageFields });

export const Claim = service("Claim", {
  /** Asks for money back. What is asked for is frozen until somebody has decided.
   *  Takes    claimKey, the client's own; an amount a line, or its pieces' part of what was paid for it
   *  Refuses  ORDER_UNKNOWN, also for somebody else's, LINE_UNKNOWN, LINE_NOT_CLAIMABLE, CLAIM_WINDOW_OVER, CLAIM_OPEN,
   *           AMOUNT_TOO_HIGH, PIECES_TOO_MANY, EVIDENCE_NEEDED, CLAIM_KEY_REUSED, CLAIM_VOIDED
   *  Repeats  same claimKey, same body: the same claim, as it stands */
  open: op(
    z.strictObject({
      orderId: id("ord"),
      claimKey: ClaimKey,
      lines: z.array(ClaimLineAsk).min(1).max(CLAIM_LINE_COUNT_MAX),
      reason: ClaimReason,
      says: prose(1_000),
      evidence: Evidence,
    }),
    ClaimView,
    {
      who: "account",
      refuses: [
        ORDER_UNKNOWN,
        LINE_UNKNOWN,
        LINE_NOT_CLAIMABLE,
        CLAIM_WINDOW_OVER,
        CLAIM_OPEN,
        AMOUNT_TOO_HIGH,
        PIECES_TOO_MANY,
        EVIDENCE_NEEDED,
        CLAIM_KEY_REUSED,
        CLAIM_VOIDED,
      ],
      http: "POST /orders/{orderId}/claims",
    },
  ),

  /** The caller's claims as a buyer, newest first, by page. */
  list: read(Filter, page(ClaimView), { who: "account", http: "GET /me/claims" }),

  /** The claims against the caller's sales, newest first, by page. */
  listSales: read(Filter, page(ClaimView), { who: "seller", http: "GET /sales/claims" }),

  /** Every claim, newest first, by page. */
  listAll: read(Filter, page(ClaimView), { who: "operator", http: "GET /claims" }),

  /** One claim with all that happened to it, for its buyer, its seller and operators.
   *  Refuses  CLAIM_UNKNOWN, also for anybody else's */
  read: read(ClaimRef, ClaimDetail, {
    who: "account",
    refuses: [CLAIM_UNKNOWN],
    http: "GET /claims/{refundId}",
  }),

  /** Writes a claim down: its lines are asked back from now on.
   *  Gives    the claim; share: what of it the seller has been paid, in the seller's own currency
   *  Refuses  ORDER_UNKNOWN, LINE_UNKNOWN, LINE_NOT_CLAIMABLE, CLAIM_WINDOW_OVER, CLAIM_OPEN, AMOUNT_TOO_HIGH,
   *           PIECES_TOO_MANY, EVIDENCE_NEEDED, CLAIM_KEY_REUSED, CLAIM_VOIDED
   *  Repeats  same refundId, same body: the same claim, as it stands
   *  Undo     void */
  record: step(ClaimOrder, z.object({ claim: ClaimView, share: Price }), {
    who: "module",
    undo: "void",
    refuses: [
      ORDER_UNKNOWN,
      LINE_UNKNOWN,
      LINE_NOT_CLAIMABLE,
      CLAIM_WINDOW_OVER,
      CLAIM_OPEN,
      AMOUNT_TOO_HIGH,
      PIECES_TOO_MANY,
      EVIDENCE_NEEDED,
      CLAIM_KEY_REUSED,
      CLAIM_VOIDED,
    ],
  }),

  /** Takes a claim back that no money has moved for: its lines are where they were. Of one that never was it leaves a tombstone.
   *  Repeats  nothing changes; what is over stays so */
  void: step(ClaimOrder, Done, { who: "module" }),

  /** Lets something happen to a claim, if the table of its states says so.
   *  Takes    by: null for the shop itself; isSellable: of goods that came back and are approved
   *  Gives    before: the version that it happened to, for whoever waits for news of it
   *  Refuses  CLAIM_UNKNOWN, also for somebody whose turn it never is; CLAIM_DECIDED
   *  Repeats  the same by the same: nothing changes */
  move: step(
    z.strictObject({
      refundId: id("rfd"),
      by: z.strictObject({ accountId: id("acc"), role: z.enum(["buyer", "seller"]) }).nullable(),
      event: z.enum([
        "accept",
        "accept_with_return",
        "contest",
        "withdraw",
        "send",
        "arrive",
        "approve",
        "lose",
      ]),
      says: prose(2_000),
      isSellable: z.boolean().optional(),
    }),
    z.object({ before: z.int(), claim: ClaimView }),
    { who: "module", refuses: [CLAIM_UNKNOWN, CLAIM_DECIDED] },
  ),

  /** The goods come back in this parcel; its label is ready.
   *  Repeats  nothing changes */
  attach: step(z.strictObject({ refundId: id("rfd"), shipmentId: id("shp") }), Done, { who: "module" }),

  /** What has happened to a claim since a version, and how long its run may wait for more. */
  news: read(z.strictObject({ refundId: id("rfd"), since: z.int().min(0) }), ClaimStep, { who: "module" }),

  /** Does what its deadline says, if that has passed: whoever was silent has decided by it.
   *  Repeats  nothing changes */
  expire: step(ClaimRef, Done, { who: "module" }),

  /** Takes what was accepted out of the lines, for their buyer: never more than is left of each. Nothing undoes it.
   *  Gives    what the ledger's entry and the stock need
   *  Repeats  the same amounts */
  pay: step(ClaimRef, ClaimPayment, { who: "module" }),

  /** Ends a claim that was paid: lines of which all went back are refunded, others go on where they were.
   *  Repeats  nothing changes */
  settle: step(ClaimRef, Done, { who: "module" }),
});
