/** Sets the modules' clocks going, and again every so often: a clock that goes takes no notice. */
import { MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { cronName } from "#modules/_kit/cron.ts";
import { moduleTokens } from "#modules/_kit/token.ts";
import type { Host } from "./host.ts";

/** Soon after a start that Restate missed; seldom once the clocks go. */
const RETRY_MS = 2 * SECOND_MS;
const KICK_EVERY_MS = 5 * MINUTE_MS;

export const keepClocks = (host: Host): { stop(): void } => {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const kick = async (): Promise<void> => {
    const isKicked = await kickAll(host);
    if (!isStopped) timer = setTimeout(() => void kick(), isKicked ? KICK_EVERY_MS : RETRY_MS).unref();
  };
  void kick();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};

const kickAll = async ({ boards, config, log }: Host): Promise<boolean> => {
  const tokenOf = moduleTokens(config.settings);
  let isKicked = true;
  for (const { module, crons } of boards) {
    for (const { name } of crons) {
      const url = `${config.restate.ingressUrl}/${cronName(module)}/${name}/kick`;
      const headers = { authorization: `Bearer ${await tokenOf(module)}` };
      const response = await fetch(url, { method: "POST", headers }).catch(() => undefined);
      if (response?.ok) continue;
      isKicked = false;
      log.warn({ cron: name, status: response?.status }, "the clock was not set going; trying again");
    }
  }
  return isKicked;
};
