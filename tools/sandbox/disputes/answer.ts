import { emit } from "../hooks/events.ts";
import { seconds } from "../money/shapes.ts";
import { invalid, refused } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { flag, metadata, only, text } from "../wire/params.ts";
import type { Operation } from "../world.ts";
import { disputeOf } from "./dispute-of.ts";
import { type Dispute, EVIDENCE, isOpen } from "./shapes.ts";

const KNOWN = new Set(["evidence", "metadata", "submit"]);
const FIELDS = new Set<string>(EVIDENCE);

/** The shop's side of the story: kept as a draft with `submit: false`, and otherwise sent to the bank. */
export const answerDispute: Operation = (call) => {
  const { world, params } = call;
  only(params, KNOWN);
  const before = disputeOf(call);
  const evidence = evidenceIn(params);
  const isSubmitted = params["submit"] === undefined ? evidence !== undefined : flag(params, "submit");
  if (!isOpen(before)) throw refused(`This dispute is already closed: it was ${before.status}.`);
  const told = withEvidence(before, evidence, metadata(params, before.metadata));
  const dispute = isSubmitted ? submitted(told, seconds(world.now())) : told;
  world.disputes.put(dispute);
  emit(call, "charge.dispute.updated", dispute);
  return dispute;
};

const evidenceIn = (params: Form): Record<string, string> | undefined => {
  const given = params["evidence"];
  if (given === undefined) return undefined;
  if (typeof given === "string") throw invalid("Invalid object: evidence", { param: "evidence" });
  const unknown = Object.keys(given).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) {
    throw invalid(`Received unknown parameter: evidence[${unknown.slice(0, 80)}]`, {
      code: "parameter_unknown",
      param: `evidence[${unknown}]`,
    });
  }
  return Object.fromEntries(Object.keys(given).map((name) => [name, text(given, name) ?? ""]));
};

const withEvidence = (
  before: Dispute,
  evidence: Record<string, string> | undefined,
  metadataAfter: Dispute["metadata"],
): Dispute => ({
  ...before,
  metadata: metadataAfter,
  evidence: { ...before.evidence, ...evidence },
  evidence_details: {
    ...before.evidence_details,
    has_evidence: before.evidence_details.has_evidence || evidence !== undefined,
  },
});

const submitted = (dispute: Dispute, now: number): Dispute => ({
  ...dispute,
  status: "under_review",
  evidence_details: {
    ...dispute.evidence_details,
    past_due: now > (dispute.evidence_details.due_by ?? 0),
    submission_count: dispute.evidence_details.submission_count + 1,
    submission_method: "manual",
  },
});
