/** What came with a request, without what the web's own Request and Headers cost: a crowd is sent away for less. */
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler, Next } from "hono";

/** Read from Node's headers where the request came over a wire. */
export const headerOf = (c: Context, name: string): string | undefined => {
  const incoming = (c.env as Partial<HttpBindings> | undefined)?.incoming;
  const value = incoming === undefined ? c.req.header(name) : incoming.headers[name];
  return typeof value === "string" ? value : undefined;
};

/** A body that tells its length is no longer than that; only one that does not is counted as it comes, by `counted`. */
export const limited =
  (bytesMax: number, refuse: (c: Context) => Response, counted: MiddlewareHandler) =>
  (c: Context, next: Next): Promise<Response | undefined | void> => {
    if (headerOf(c, "transfer-encoding") !== undefined) return counted(c, next);
    const isLarge = Number(headerOf(c, "content-length") ?? 0) > bytesMax;
    return isLarge ? Promise.resolve(refuse(c)) : next();
  };
