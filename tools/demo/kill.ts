/** Asks the process that owns the servers to kill one of them, and to start it again. */
import { Order } from "@shopnexus/contracts/order/order";
import { type Shop, ShopError } from "@shopnexus/contracts/client";
import { Killed, type KillPart } from "#tools/start/control.ts";
import type { Running } from "#tools/start/running.ts";
import type { z } from "zod";

export const killAndRestart = async (
  { control }: Running,
  part: z.infer<typeof KillPart>,
): Promise<Killed> => {
  const response = await fetch(`${control.url}/kill/${part}`, {
    method: "POST",
    headers: { authorization: `Bearer ${control.token}`, "content-type": "application/json" },
    body: JSON.stringify({ restart: true }),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as { says: string }).says);
  return Killed.parse(body);
};

const ASK_COUNT = 20;

/** How the checkout stands after the kill, as its buyer sees it. */
export const stateAfter = async (buyer: Shop, checkoutId: string): Promise<string> => {
  for (let asked = 1; ; asked++) {
    try {
      return (await buyer.call(Order).viewCheckout({ checkoutId })).state;
    } catch (error) {
      if (!(error instanceof ShopError) || asked === ASK_COUNT) throw error;
    }
  }
};
