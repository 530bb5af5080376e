/** Spans leave the process when an endpoint is set, and metrics count what ran. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buyer } from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

const bodies: string[] = [];
const collector = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    bodies.push(Buffer.concat(parts).toString());
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});
let shop: TestShop;

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  shop = await openShop(undefined, {
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
});
afterAll(async () => {
  await shop?.stop();
  collector.close();
});

test("telemetry: an operation's attempt is a span at the OTLP endpoint", async () => {
  await buyer(shop);
  await expect.poll(() => bodies.join(), { timeout: 15_000, interval: 200 }).toContain("AddressBook/add");
});

test("metrics: an operation's attempts are counted by outcome", async () => {
  await buyer(shop);
  const metrics = await (await fetch(`${shop.edgeUrl()}/metrics`)).text();
  expect(metrics).toMatch(
    /shopnexus_attempt_seconds_count\{operation="Login\/register",outcome="answered"\} [1-9]/,
  );
});
