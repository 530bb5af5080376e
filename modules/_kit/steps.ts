/** Steps run where their module is: in this process if it hosts it, through the Restate ingress if not. */
import type { Contract } from "@shopnexus/contracts/kit/contract";
import { fromMetadata, RefusalError } from "@shopnexus/contracts/kit/refusal";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { withoutParameters } from "#db/_kit/fault.ts";
import { assert } from "./assert.ts";
import type { StepScene } from "./handler.ts";
import type { Answer, StepCall, Steps } from "./invocation.ts";
import { parseInput } from "./parse.ts";

/** How a hosted component's steps are run: its functions, and what they see. */
export type HostedSteps = {
  readonly handlers: Readonly<Record<string, (input: never, scene: StepScene) => Promise<unknown>>>;
  scene(who: StepScene["who"], callKey: string): StepScene;
};
export type Hosted = ReadonlyMap<string, HostedSteps>;

/** Where a step is found: `Stock/reserve`. */
type Address = { readonly contract: Contract; readonly verb: string };

const operationOf = (contract: Contract, verb: string) => {
  const operation = contract._handlers[verb];
  assert(
    operation !== undefined,
    `${contract.name}/${verb} is on its contract page, or the call does not compile`,
  );
  return operation;
};

/** Runs a step in this process. */
export const runHosted = async (
  hosted: HostedSteps,
  { contract, verb }: Address,
  call: StepCall,
): Promise<Answer> => {
  const work = hosted.handlers[verb];
  assert(work !== undefined, `the board binds every operation of ${contract.name}`);
  try {
    const input = parseInput(operationOf(contract, verb).input, call.input);
    const value = await work(
      input as never,
      hosted.scene({ kind: "module", module: call.caller }, call.callKey),
    );
    return { value };
  } catch (error) {
    if (error instanceof RefusalError) return { refused: error.refused };
    throw withoutParameters(error);
  }
};

export type IngressOptions = {
  readonly ingressUrl: string;
  /** A token that says which of our modules calls. */
  moduleToken(caller: string): Promise<string>;
};

/** The header by which one of our processes tells another the key of a call. */
export const CALL_KEY_HEADER = "x-call-key";

/** Characters of a token's signature: 96 bits. */
const TOKEN_END_LENGTH = 16;

/** A callee that is silent for longer is asked again, under the same key. */
const INGRESS_WAIT_MS = 30 * SECOND_MS;

const ErrorBody = z.object({
  code: z.number(),
  message: z.string(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** Our own gate's answers: between our own processes they mean a wrong key or a missing deployment, so: faults. */
const GATE_CODES = new Set(["NOT_FOUND", "UNAUTHENTICATED", "FORBIDDEN"]);

/**
 * Sends a step through the ingress. Its idempotency key makes a repeat find the first one's answer, for as long as the
 * token is used: a refusal at the gate, of a token that expired on the way, must not be remembered for the next one.
 * The token's end also keeps the key from being guessed, and an answer from being planted under it.
 */
export const sendThroughIngress = async (
  options: IngressOptions,
  { contract, verb }: Address,
  call: StepCall,
): Promise<Answer> => {
  const address = `${contract.name}/${verb}`;
  const token = await options.moduleToken(call.caller);
  const response = await fetch(`${options.ingressUrl}/${address}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      "idempotency-key": `${call.callKey}/${token.slice(-TOKEN_END_LENGTH)}`,
      [CALL_KEY_HEADER]: call.callKey,
    },
    body: JSON.stringify(call.input),
    signal: AbortSignal.timeout(INGRESS_WAIT_MS),
  });
  const body: unknown = await response.json();
  if (response.ok) return { value: operationOf(contract, verb).output.parse(body) };
  const error = ErrorBody.parse(body);
  const refused = fromMetadata(error.metadata, response.status, error.message);
  if (refused === undefined || GATE_CODES.has(refused.code)) {
    throw new Error(`${address} answered ${response.status} through the ingress: ${error.message}`);
  }
  return { refused };
};

/** The fused steps of one process. `fuse: false` sends every step through the ingress, for comparison and for proof. */
export const fusedSteps = (hosted: Hosted, ingress: IngressOptions, fuse: boolean): Steps => ({
  answer: (contract, verb, call) => {
    const here = fuse ? hosted.get(contract.name) : undefined;
    return here === undefined
      ? sendThroughIngress(ingress, { contract, verb }, call)
      : runHosted(here, { contract, verb }, call);
  },
});
