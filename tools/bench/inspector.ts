/** A CPU profile of another process for a while, over the inspector's protocol. */
import { once } from "node:events";

export type CpuProfile = {
  readonly nodes: ReadonlyArray<{
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }>;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

const SAMPLE_US = 500;

export type Profiler = { stop(): Promise<CpuProfile> };

/** Begins to sample the Node process that listens for an inspector at this port. */
export const startProfiler = async (inspectPort: number): Promise<Profiler> => {
  const response = await fetch(`http://127.0.0.1:${inspectPort}/json/list`);
  const [target] = (await response.json()) as Array<{ webSocketDebuggerUrl: string }>;
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
  await once(socket, "open");
  const ask = asker(socket);
  await ask("Profiler.enable");
  await ask("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await ask("Profiler.start");
  return {
    stop: async () => {
      const { profile } = (await ask("Profiler.stop")) as { profile: CpuProfile };
      socket.close();
      return profile;
    },
  };
};

type Ask = (method: string, params?: object) => Promise<unknown>;

const asker = (socket: WebSocket): Ask => {
  let count = 0;
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  return (method, params = {}) => {
    const id = ++count;
    socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => waiting.set(id, resolve));
  };
};
