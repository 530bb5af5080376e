import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { close } from "./close.ts";
import { inspect } from "./inspect.ts";
import { openTransferStage, type TransferStage } from "./proof/stage.ts";
import { send } from "./send.ts";

let stage: TransferStage;
beforeAll(async () => {
  stage = await openTransferStage();
});
afterAll(() => stage?.close());
beforeEach(() => stage.provider.sandbox.faults.clear());

const CREATE = "POST /v1/transfers";
const go = (payoutId: string) => send({ payoutId }, stage.scene());
const look = (payoutId: string) => inspect({ payoutId }, stage.scene());
const destinationOf = async (payoutId: string) => (await stage.row(payoutId))?.destination ?? "";

describe("Transfer/send", () => {
  it("one transfer to the bank account, twenty times at once and again", async () => {
    const { payoutId } = await stage.cleared(2_500);
    const sent = await Promise.all(Array.from({ length: 20 }, () => go(payoutId)));
    expect(new Set(sent.map(({ provider }) => provider))).toEqual(new Set(["stripe"]));
    await go(payoutId);
    const [transfer, ...more] = await stage.transfersOf(payoutId);
    expect(more).toEqual([]);
    expect(transfer).toMatchObject({ destination: await destinationOf(payoutId), amount: 2_500 });
    expect(await stage.row(payoutId)).toMatchObject({ state: "sent", transferRef: transfer?.id });
  });

  it("a provider that is down is a fault, and the repeat sends", async () => {
    const { payoutId } = await stage.cleared(2_500);
    stage.provider.sandbox.faults.set({ errorRate: 1 });
    await expect(go(payoutId)).rejects.not.toHaveProperty("code", "TRANSFER_REFUSED");
    expect(await stage.row(payoutId)).toMatchObject({ state: "sending", transferRef: null });
    stage.provider.sandbox.faults.clear();
    await go(payoutId);
    expect(await stage.transfersOf(payoutId)).toHaveLength(1);
  });

  it("an answer that was lost after the money had gone: the repeat finds that very transfer", async () => {
    const { payoutId } = await stage.cleared(2_500);
    stage.provider.sandbox.faults.set({ next: [{ match: CREATE, kind: "cut", times: 3 }] });
    await expect(go(payoutId)).rejects.toThrow("connection");
    expect(await stage.transfersOf(payoutId)).toHaveLength(1);
    await go(payoutId);
    expect(await stage.transfersOf(payoutId)).toHaveLength(1);
    expect(await stage.row(payoutId)).toMatchObject({ state: "sent", sendCount: 2 });
  });

  it("the repeat does not ask for it again, so that a provider that forgets keys sends nothing twice", async () => {
    const { payoutId } = await stage.cleared(2_500);
    stage.provider.sandbox.faults.set({ next: [{ match: CREATE, kind: "cut", times: 3 }] });
    await expect(go(payoutId)).rejects.toThrow("connection");
    const destination = await destinationOf(payoutId);
    await stage.provider.control(`POST /sandbox/accounts/${destination}`, { closed: true });
    stage.provider.sandbox.faults.set({ next: [{ match: CREATE, kind: "error", times: 99 }] });
    await go(payoutId);
    expect(await stage.transfersOf(payoutId)).toHaveLength(1);
    expect(await stage.row(payoutId)).toMatchObject({ state: "sent" });
  });

  it("a closed account is refused (TRANSFER_REFUSED) with the provider's reason, and no money ever goes", async () => {
    const { payoutId } = await stage.cleared(2_500);
    const destination = await destinationOf(payoutId);
    await stage.provider.control(`POST /sandbox/accounts/${destination}`, { closed: true });
    const refused = {
      code: "TRANSFER_REFUSED",
      data: { reason: "insufficient_capabilities_for_transfer" },
    };
    await expect(go(payoutId)).rejects.toMatchObject(refused);
    await stage.provider.control(`POST /sandbox/accounts/${destination}`, { closed: false });
    await expect(go(payoutId)).rejects.toMatchObject(refused);
    expect(await stage.row(payoutId)).toMatchObject({ state: "failed" });
    expect(await stage.transfersOf(payoutId)).toEqual([]);
  });

  it("what is not cleared is never sent, and what may have been sent is never closed", async () => {
    const { payoutId } = await stage.claimed(2_500);
    await expect(go(payoutId)).rejects.toThrow("cleared before it is sent");
    const refused = { code: "PAYOUT_STOPPED", status: 409, message: "", data: {} };
    expect(await close({ payoutId, refused }, stage.scene())).toMatchObject({ state: "failed", refused });
    await expect(go(payoutId)).rejects.toMatchObject({ code: "PAYOUT_STOPPED" });
    expect(await stage.transfersOf(payoutId)).toEqual([]);
    const sent = await stage.cleared(2_500);
    await go(sent.payoutId);
    await expect(close({ payoutId: sent.payoutId, refused }, stage.scene())).rejects.toThrow("is not undone");
  });
});

describe("Transfer/inspect", () => {
  it("a transfer that the bank gave back is found once, however often and by how many it is asked after", async () => {
    const { payoutId } = await stage.cleared(2_500);
    await go(payoutId);
    expect(await look(payoutId)).toMatchObject({ payout: { state: "sent" }, returns: [] });
    const [transfer] = await stage.transfersOf(payoutId);
    await stage.provider.stripe.transfers.createReversal(transfer?.id ?? "");
    const looks = await Promise.all(Array.from({ length: 20 }, () => look(payoutId)));
    for (const one of [...looks, await look(payoutId)]) {
      expect(one.payout).toMatchObject({ state: "reversed", returned: { minor: 2_500, currency: "USD" } });
      expect(one.returns).toEqual([{ uptoMinor: 2_500, minor: 2_500 }]);
    }
  });

  it("what comes back in parts is found part by part, and adds up", async () => {
    const { payoutId } = await stage.cleared(2_500);
    await go(payoutId);
    const ref = (await stage.transfersOf(payoutId))[0]?.id ?? "";
    await stage.provider.stripe.transfers.createReversal(ref, { amount: 400 });
    expect(await look(payoutId)).toMatchObject({
      payout: { state: "sent" },
      returns: [{ uptoMinor: 400, minor: 400 }],
    });
    await stage.provider.stripe.transfers.createReversal(ref, { amount: 100 });
    await stage.provider.stripe.transfers.createReversal(ref, { amount: 2_000 });
    expect(await look(payoutId)).toMatchObject({
      payout: { state: "reversed" },
      returns: [
        { uptoMinor: 400, minor: 400 },
        { uptoMinor: 2_500, minor: 2_100 },
      ],
    });
  });

  it("what was never sent, and what never was, has nothing to ask after", async () => {
    const { payoutId } = await stage.cleared(2_500);
    expect(await look(payoutId)).toMatchObject({ payout: { state: "cleared" }, returns: [] });
    expect(await look(payoutId.replace(/.{8}$/, "00000000"))).toEqual({ payout: null, returns: [] });
  });
});
