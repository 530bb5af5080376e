import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { post, type Resolve } from "./post.ts";

/** What a host named `outside` leads to, and what it must never lead to: the rest of this machine. */
const [OUTSIDE, INSIDE] = ["127.0.0.2", "127.0.0.1"];
const allow = [OUTSIDE];

const servers: Server[] = [];
const listening = async (listener: RequestListener, host: string = OUTSIDE, port = 0): Promise<number> => {
  const server = createServer(listener);
  servers.push(server);
  await once(server.listen(port, host), "listening");
  return (server.address() as AddressInfo).port;
};
/** Answers, and counts who asked. */
const counting = (status = 200, headers: Record<string, string> = {}) => {
  const asked: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request);
    response.writeHead(status, headers).end("seen");
  };
  return { asked, listener };
};
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await once(server.close(), "close");
  }
});

const leadsTo = (...addresses: string[]): readonly LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
/** One answer after the other; the last one stays. */
const answering = (...answers: (readonly LookupAddress[])[]): Resolve & { askedFor: string[] } => {
  const askedFor: string[] = [];
  const resolve: Resolve = async (host) => {
    askedFor.push(host);
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  };
  return Object.assign(resolve, { askedFor });
};
const to = (url: string, withinMs = 5_000) => ({ url, headers: { "x-said": "so" }, body: "{}", withinMs });
/** Plain HTTP is for what is named; the name itself opens nothing here, since `allow` has addresses only. */
const named = ["outside.example"];

it("posts body and headers to where the name leads, and gives the status", async () => {
  const heard: Buffer[] = [];
  const port = await listening((request, response) => {
    request.on("data", (chunk: Buffer) => heard.push(chunk));
    request.on("end", () => response.writeHead(request.headers["x-said"] === "so" ? 202 : 400).end());
  });
  expect(await post(to(`http://${OUTSIDE}:${port}/x`), { allow })).toEqual({ status: 202 });
  expect(String(Buffer.concat(heard))).toBe("{}");
});

it("the connection goes to the address that was checked, whatever the name leads to a moment later", async () => {
  const [outside, inside] = [counting(), counting()];
  const port = await listening(outside.listener);
  await listening(inside.listener, INSIDE, port);
  const resolve = answering(leadsTo(OUTSIDE), leadsTo(INSIDE));
  const url = `http://outside.example:${port}/`;
  expect(await post(to(url), { allow: named, resolve })).toEqual({ status: 200 });
  expect(resolve.askedFor).toEqual(["outside.example"]);
  expect([outside.asked.length, inside.asked.length]).toEqual([1, 0]);
  expect(outside.asked[0]?.headers.host).toBe(`outside.example:${port}`);
});

it("a name that leads inside when it is called is forbidden, though it led outside when it was last called", async () => {
  const inside = counting();
  const port = await listening(inside.listener, INSIDE);
  const resolve = answering(leadsTo("8.8.8.8"), leadsTo(INSIDE));
  await resolve("hooks.example");
  const url = `https://hooks.example:${port}/`;
  expect(await post(to(url), { allow, resolve })).toEqual({ fault: "forbidden" });
  expect(inside.asked).toEqual([]);
});

it.each([
  ["one of several addresses", leadsTo("8.8.8.8", INSIDE)],
  ["the only address", leadsTo(INSIDE)],
  ["the metadata of a cloud", leadsTo("169.254.169.254")],
  ["IPv4 in IPv6", leadsTo("::ffff:8.8.8.8")],
  ["no address at all", leadsTo()],
])("is forbidden where %s is not public, before anything is connected", async (_what, found) => {
  const resolve = answering(found);
  expect(await post(to("https://hooks.example/"), { allow, resolve })).toEqual({ fault: "forbidden" });
});

it("an address that may not be named is not even resolved", async () => {
  const resolve = answering(leadsTo("8.8.8.8"));
  for (const url of ["http://hooks.example/", "https://localhost/", "https://u:p@hooks.example/", "nonsense"])
    expect(await post(to(url), { allow: [], resolve })).toEqual({ fault: "forbidden" });
  expect(resolve.askedFor).toEqual([]);
});

it.each([301, 302, 307, 308])("a redirect is an answer, and nobody follows it: %i", async (status) => {
  const inside = counting();
  const insidePort = await listening(inside.listener, INSIDE);
  const outside = counting(status, { location: `http://${INSIDE}:${insidePort}/` });
  const port = await listening(outside.listener);
  expect(await post(to(`http://${OUTSIDE}:${port}/`), { allow })).toEqual({ status });
  expect(inside.asked).toEqual([]);
});

it("waits no longer than it was told: for an answer, and for a resolver", async () => {
  const port = await listening(() => undefined);
  expect(await post(to(`http://${OUTSIDE}:${port}/`, 60), { allow })).toEqual({ fault: "timeout" });
  const resolve: Resolve = () => new Promise(() => undefined);
  expect(await post(to("https://hooks.example/", 60), { allow, resolve })).toEqual({ fault: "timeout" });
});

it("an answer without an end is not read to it: its status counts", async () => {
  let sentBytes = 0;
  const port = await listening((_request, response) => {
    const more = (): void => {
      if (response.destroyed) return;
      sentBytes += 16_384;
      response.write(Buffer.alloc(16_384), () => setImmediate(more));
    };
    more();
  });
  expect(await post(to(`http://${OUTSIDE}:${port}/`), { allow })).toEqual({ status: 200 });
  expect(sentBytes).toBeLessThan(64 * 1_048_576);
});

it("who hangs up, speaks no TLS or is not there is unreachable", async () => {
  const port = await listening((request) => request.socket.destroy());
  expect(await post(to(`http://${OUTSIDE}:${port}/`), { allow })).toEqual({ fault: "unreachable" });
  expect(await post(to(`https://${OUTSIDE}:${port}/`), { allow })).toEqual({ fault: "unreachable" });
  expect(await post(to(`http://${OUTSIDE}:1/`), { allow })).toEqual({ fault: "unreachable" });
  const resolve: Resolve = async () => Promise.reject(new Error("ENOTFOUND"));
  expect(await post(to("https://hooks.example/"), { allow, resolve })).toEqual({ fault: "unreachable" });
});
