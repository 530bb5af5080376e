/** Starts one process of the shop: endpoint, edge, registration, crons. */
import type { Board } from "#modules/_kit/board.ts";
import { cronName } from "#modules/_kit/cron.ts";
import { signModule } from "#modules/_kit/token.ts";
import type { Config } from "./config.ts";
import { openEdge } from "./edge/edge.ts";
import { listen } from "./endpoint.ts";
import { type Host, type HostOptions, openHost } from "./host.ts";
import { register } from "./register.ts";
import { openTelemetry } from "./telemetry.ts";

export type App = { readonly host: Host; readonly edgeUrl: string; stop(): Promise<void> };

export const startApp = async (
  config: Config,
  boards: readonly Board[],
  options: HostOptions = {},
): Promise<App> => {
  const telemetry = await openTelemetry(config.telemetryUrl);
  const host = openHost(config, boards, {
    ...options,
    hooks: [...telemetry.hooks, ...(options.hooks ?? [])],
  });
  const readiness = { isReady: false };
  const endpoint = await listen(host.handler, config.bindHost, config.endpointPort);
  const edge = await openEdge(host, readiness);
  await register(config, host.log);
  await kickCrons(host);
  readiness.isReady = true;
  host.log.info({ edge: edge.port, endpoint: endpoint.port }, "ready");
  return {
    host,
    edgeUrl: `http://${config.bindHost}:${edge.port}`,
    stop: async () => {
      readiness.isReady = false;
      await edge.stop();
      await endpoint.stop();
      await host.close();
      await telemetry.stop();
    },
  };
};

/** Sets clocks going that do not go yet; one that does ignores the kick. */
const kickCrons = async ({ boards, config, log }: Host): Promise<void> => {
  if (config.register === "off") return;
  for (const { module, crons } of boards) {
    for (const { name } of crons) {
      const response = await fetch(`${config.restate.ingressUrl}/${cronName(module)}/${name}/kick`, {
        method: "POST",
        headers: { authorization: `Bearer ${await signModule(config.settings, module, Date.now())}` },
      });
      if (!response.ok) log.warn({ cron: name, status: response.status }, "the clock was not set going");
    }
  }
};
