/** Tells Restate where this process serves what. */
import { setTimeout as sleep } from "node:timers/promises";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import type { Log } from "#modules/_kit/log.ts";
import type { Config } from "./config.ts";

/** A Restate that is down for longer at our start is an outage to be seen, not waited out. */
const REGISTER_WAIT_MS = 2 * MINUTE_MS;
const RETRY_MS = 300;

/**
 * Registers the deployment at ADVERTISE_URL. `force` discovers an address anew that Restate knows already: for
 * development, where a new build comes back at the old address. In production every version has its own.
 */
export const register = async (config: Config, log: Log): Promise<void> => {
  if (config.register === "off") return;
  const deadlineMs = Date.now() + REGISTER_WAIT_MS;
  for (;;) {
    try {
      const id = await post(config);
      log.info({ deployment: id, url: config.advertiseUrl }, "registered with Restate");
      return;
    } catch (error) {
      if (error instanceof Rejected || Date.now() > deadlineMs) throw error;
      log.warn({ reason: String(error) }, "Restate did not take the registration; trying again");
      await sleep(RETRY_MS);
    }
  }
};

/** Restate looked at the deployment and will not have it: waiting does not help. */
class Rejected extends Error {}

const post = async ({ restate, advertiseUrl, register: mode }: Config): Promise<string> => {
  const response = await fetch(`${restate.adminUrl}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: advertiseUrl, force: mode === "force" }),
  });
  const body = await response.text();
  if (response.status >= 400 && response.status < 500)
    throw new Rejected(`Restate rejected ${advertiseUrl}: ${body}`);
  if (!response.ok) throw new Error(`Restate answered ${response.status} to the registration: ${body}`);
  return String((JSON.parse(body) as { id?: unknown }).id);
};
