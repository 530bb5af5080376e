/** Starts one process of the shop: endpoint, edge, registration, crons. */
import type { Board } from "#modules/_kit/board.ts";
import { keepClocks } from "./clocks.ts";
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
  const endpoint = await listen(host.handler, config.endpointHost, config.endpointPort);
  const edge = await openEdge(host, readiness);
  await register(config, host.log);
  const clocks = keepClocks(host);
  readiness.isReady = true;
  host.log.info({ edge: edge.port, endpoint: endpoint.port }, "ready");
  return {
    host,
    edgeUrl: `http://${config.edgeHost}:${edge.port}`,
    stop: async () => {
      readiness.isReady = false;
      clocks.stop();
      await Promise.all([edge.stop(), endpoint.stop()]);
      await host.close();
      await telemetry.stop();
    },
  };
};
