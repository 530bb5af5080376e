/** The Restate endpoint: HTTP/2, bidirectional, closed gracefully. */
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";

export type Listening = { readonly port: number; stop(): Promise<void> };
type RequestListener = NonNullable<Parameters<typeof createServer>[0]>;

/**
 * Attempts still running after this are cut; Restate runs them again elsewhere. A step is done in milliseconds; whoever
 * waits for a buyer keeps its stream open for minutes, and a longer drain would only wait with it.
 */
const DRAIN_MS = 3 * SECOND_MS;

export const listen = async (handler: unknown, host: string, port: number): Promise<Listening> => {
  const server = createServer(handler as RequestListener);
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // A peer that vanishes is weather; the stream's own handler sees the failure.
    session.on("error", () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: () => drain(server, sessions),
  };
};

const drain = async (server: Http2Server, sessions: Set<ServerHttp2Session>): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const session of sessions) session.close();
  const cut = setTimeout(() => {
    for (const session of sessions) session.destroy();
  }, DRAIN_MS);
  await closed;
  clearTimeout(cut);
};
