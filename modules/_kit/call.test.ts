import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type House, openHouse } from "./proof/house.ts";
import { type Happening, unlucky, world } from "./proof/tiny.ts";
import { signModule } from "./token.ts";

const HOUSES = {
  "in this process": {},
  "through the ingress": { fuse: "off" },
  "replayed before every step": {
    restateEnv: { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" },
  },
} as const;
const houses = new Map<string, House>();
beforeAll(async () => {
  for (const [name, options] of Object.entries(HOUSES)) houses.set(name, await openHouse(options));
});
afterAll(async () => {
  await Promise.all([...houses.values()].map((house) => house.stop()));
});
const houseOf = (name: string): House => houses.get(name) as House;

/** Runs an errand to its end: its answers, the calls in its journal, and what it did to the world. */
const errand = async (house: House, happening: Happening = () => undefined) => {
  const key = randomUUID();
  world.happening.set(key, (what) => {
    if (what === "refused") throw unlucky(what);
    return happening(what);
  });
  const sent = await house.post("Deed/errand/send", { key, what: "first" });
  const { invocationId } = (await sent.json()) as { invocationId: string };
  const attached = await fetch(
    `${house.config.restate.ingressUrl}/restate/invocation/${invocationId}/attach`,
  );
  const { answers } = (await attached.json()) as { answers: unknown[] };
  const journal = await house.journal(invocationId);
  return { key, answers, journal, done: world.of(key), callKeys: world.callKeys.get(key) ?? [] };
};
const REFUSED = { code: "UNLUCKY", status: 409, message: "Not today.", data: { what: "refused" } };

describe.each(Object.keys(HOUSES))("call, %s", (name) => {
  it("each call is one journal entry of the same name, and is done once", async () => {
    const { journal, done, answers } = await errand(houseOf(name));
    expect(journal).toEqual(["Deed/act", "Deed/act", "Deed/act", "Deed/act"]);
    expect(done.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["first", "left", "refused", "right"]);
    expect(answers).toEqual([
      { what: "first", times: 1 },
      REFUSED,
      { what: "left", times: 1 },
      { what: "right", times: 1 },
    ]);
  });

  it("a fault is tried again under the same key, and every other call has a key of its own", async () => {
    let faults = 2;
    const { callKeys, answers } = await errand(houseOf(name), (what) => {
      if (what === "first" && faults-- > 0) throw new Error("weather");
    });
    expect(answers[0]).toEqual({ what: "first", times: 3 });
    expect(new Set(callKeys.slice(0, 3)).size).toBe(1);
    expect(new Set(callKeys).size).toBe(4);
  });
});

describe("call", () => {
  it("a replay goes through the same answers again without doing anything: refusals keep code and data", async () => {
    const { key, answers, done } = await errand(houseOf("replayed before every step"));
    expect(world.attempts.get(key)).toBeGreaterThan(1);
    expect(answers[1]).toEqual(REFUSED);
    expect(done).toHaveLength(4);
  });

  it("many errands at once keep their positions apart", async () => {
    const house = houseOf("replayed before every step");
    const crowd = await Promise.all(Array.from({ length: 10 }, () => errand(house)));
    for (const { answers, done } of crowd) {
      expect(answers[1]).toEqual(REFUSED);
      expect(done).toHaveLength(4);
    }
  });
});

describe("the wrapper", () => {
  const act = { key: "stranger", what: "anything" };

  it("a step for modules does not exist for strangers, and nothing is done", async () => {
    const apart = await houseOf("through the ingress").post("Deed/act", act);
    expect(apart.status).toBe(404);
    expect(await apart.json()).toMatchObject({ metadata: { code: "NOT_FOUND" } });
    const forged = { authorization: "Bearer a.b.c" };
    expect((await houseOf("through the ingress").post("Deed/act", act, forged)).status).toBe(404);
    expect((await houseOf("in this process").post("Deed/act", act)).status).toBe(400);
    expect(world.of("stranger")).toEqual([]);
  });

  it("a module's token opens the step where modules are apart, and only a module may name a call's key", async () => {
    const house = houseOf("through the ingress");
    const key = randomUUID();
    const token = await signModule(house.config.settings, "order", Date.now());
    const headers = { authorization: `Bearer ${token}`, "x-call-key": "its own" };
    expect((await house.post("Deed/act", { key, what: "deed" }, headers)).status).toBe(200);
    expect(world.callKeys.get(key)).toEqual(["its own"]);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "7"],
    ["another type", JSON.stringify({ key: 1, what: "x" })],
    ["a field more", JSON.stringify({ key: "a", what: "b", more: 1 })],
    ["a field less", JSON.stringify({ key: "a" })],
    ["no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ])("a body that is %s is answered at once (INVALID_INPUT), with no stack", async (_what, body) => {
    const { ingressUrl } = houseOf("in this process").config.restate;
    for (const verb of ["errand", "count"]) {
      const response = await fetch(`${ingressUrl}/Deed/${verb}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const answer = (await response.json()) as { metadata: { code: string } };
      expect([response.status, answer.metadata.code]).toEqual([400, "INVALID_INPUT"]);
      expect(JSON.stringify(answer)).not.toContain("node_modules");
    }
  });
});
