/** JSON-RPC over a pair of streams, framed as the Language Server Protocol frames it. Source: LSP 3.17, base protocol. */
import type { Readable, Writable } from "node:stream";

export type Connection = {
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
};

type Message = { id?: number | string; method?: string; result?: unknown; error?: { message: string } };
type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

const HEADER_END = "\r\n\r\n";

export const connection = (input: Writable, output: Readable): Connection => {
  const waiting = new Map<number | string, Waiting>();
  let lastId = 0;
  const send = (message: object): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    input.write(`Content-Length: ${body.length}${HEADER_END}`);
    input.write(body);
  };
  const take = (message: Message): void => {
    const { id, method, result, error } = message;
    if (id === undefined) return;
    // The server asks for settings and progress bars: we have none.
    if (method !== undefined) return send({ id, result: method === "workspace/configuration" ? [] : null });
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  };
  read(output, take);
  output.once("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the language server went away"));
  });
  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        send({ id, method, ...(params !== null && { params }) });
      }),
    notify: (method, params) => send({ method, ...(params !== null && { params }) }),
  };
};

/** Cuts the stream into messages. */
const read = (output: Readable, take: (message: Message) => void): void => {
  let pending = Buffer.alloc(0);
  output.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const head = pending.indexOf(HEADER_END);
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(pending.subarray(0, head).toString())?.[1]);
      const start = head + HEADER_END.length;
      if (pending.length < start + length) return;
      take(JSON.parse(pending.subarray(start, start + length).toString()) as Message);
      pending = pending.subarray(start + length);
    }
  });
};
