import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { type Config, readConfig } from "./config.ts";
import { MODULE_NAMES } from "./modules.ts";

const jwkOf = (key: { export(options: { format: "jwk" }): unknown }): string =>
  JSON.stringify(key.export({ format: "jwk" }));
const complete = {
  DATABASE_URL: "postgres://shop:pa55word-of-the-shop@127.0.0.1:5432/shop",
  RESTATE_INGRESS_URL: "http://127.0.0.1:8080/",
  RESTATE_ADMIN_URL: "http://127.0.0.1:9070/",
  AUTH_PRIVATE_JWK: jwkOf(generateKeyPairSync("ed25519").privateKey),
};
type Changes = Record<string, string | undefined>;
const read = (changes: Changes = {}): Config => readConfig({ ...complete, ...changes });

/** What the start says when it stops. */
const complaint = (changes: Changes): string => {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "nothing";
};

describe("readConfig", () => {
  test("what is not said has a default: every module, fused, on this machine alone", () => {
    expect(read()).toMatchObject({
      services: MODULE_NAMES,
      isWhole: true,
      isFused: true,
      edgeHost: "127.0.0.1",
      endpointHost: "127.0.0.1",
      endpointPort: 9080,
      edgePort: 3000,
      advertiseUrl: "http://127.0.0.1:9080",
      register: "on",
      migrates: false,
      restate: { ingressUrl: "http://127.0.0.1:8080", adminUrl: "http://127.0.0.1:9070" },
    });
  });

  test.each(Object.keys(complete))("%s missing: the start stops with a sentence that names it", (name) => {
    expect(complaint({ [name]: undefined })).toBe(`${name} is missing; .env.example says what it is for.`);
  });

  test.each(Object.keys(complete))("%s empty counts as missing", (name) => {
    expect(complaint({ [name]: "" })).toContain(`${name} is missing`);
  });

  test.each([
    ["DATABASE_URL", "mysql://127.0.0.1/shop"],
    ["DATABASE_URL_ORDER", "not a url"],
    ["DATABASE_POOL", "many"],
    ["DATABASE_POOL", "0"],
    ["REDIS_URL", "http://127.0.0.1:6379"],
    ["RESTATE_INGRESS_URL", "127.0.0.1:8080"],
    ["RESTATE_ADMIN_URL", "ftp://127.0.0.1"],
    ["RESTATE_IDENTITY_KEY", "privatekeyv1_abc"],
    ["ENDPOINT_PORT", "http"],
    ["EDGE_PORT", "70000"],
    ["EDGE_PORT", "30.5"],
    ["ADVERTISE_URL", "shop.internal"],
    ["FUSE", "yes"],
    ["REGISTER", "maybe"],
    ["MIGRATE", "true"],
    ["LOG_LEVEL", "loud"],
    ["STRIPE_API_URL", "localhost"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector"],
    ["OUTGOING_ALLOW", "https://erp.internal"],
    ["OUTGOING_ALLOW", "10.0.0.0/33"],
    ["AUTH_PRIVATE_JWK", "{}"],
    ["AUTH_PRIVATE_JWK", jwkOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)],
    ["AUTH_PRIVATE_JWK", jwkOf(generateKeyPairSync("ed25519").publicKey)],
  ])("%s = %s is refused by a sentence that begins with its name and says what it must be", (name, value) => {
    expect(complaint({ [name]: value })).toMatch(new RegExp(`^${name} must [^\\n]+\\.$`));
  });

  test("all that is wrong is said at once, a line each", () => {
    const lines = complaint({ DATABASE_URL: undefined, FUSE: "perhaps", EDGE_PORT: "door" }).split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["FUSE", "DATABASE_URL", "EDGE_PORT"]);
  });

  test("an unknown module is named, with the known ones", () => {
    const said = complaint({ SERVICES: "orders,inventory" });
    expect(said).toMatch(/^SERVICES /);
    expect(said).toContain("orders");
    for (const name of MODULE_NAMES) expect(said).toContain(name);
  });

  test.each(["toString", "__proto__", "constructor", "order,", ",", " "])(
    "SERVICES = %j names no module",
    (value) => {
      expect(complaint({ SERVICES: value })).toMatch(/^SERVICES names no module/);
    },
  );

  test("SERVICES names each module once, and only all of them, fused, are the whole", () => {
    expect(read({ SERVICES: " order, inventory ,order" })).toMatchObject({
      services: ["order", "inventory"],
      isWhole: false,
    });
    expect(read({ SERVICES: MODULE_NAMES.join(",") }).isWhole).toBe(true);
    expect(read({ FUSE: "off" }).isWhole).toBe(false);
  });

  test("calls to what users named go to the public internet alone, and to what is named here", () => {
    expect(read().settings.wayOut).toBeUndefined();
    const allow = ["erp.internal", "10.1.0.0/16"];
    expect(read({ OUTGOING_ALLOW: "ERP.internal, 10.1.0.0/16" }).settings.wayOut).toEqual({ allow });
  });

  test("a module may have a database of its own", () => {
    const own = "postgres://order:secret-of-order@db/order";
    const { databaseUrls } = read({ DATABASE_URL_ORDER: own });
    expect(databaseUrls).toMatchObject({ order: own, inventory: complete.DATABASE_URL });
  });
});

describe("readConfig, secrets", () => {
  const STRIPE_SECRET_KEY = "sk_test_0123456789";
  const STRIPE_WEBHOOK_SECRET = "whsec_0123456789";

  test("one of Stripe's two secrets without the other is refused by the name of the one that is missing", () => {
    expect(complaint({ STRIPE_SECRET_KEY })).toMatch(/^STRIPE_WEBHOOK_SECRET is missing/);
    expect(complaint({ STRIPE_WEBHOOK_SECRET })).toMatch(/^STRIPE_SECRET_KEY is missing/);
  });

  test("an empty secret beside a set one is refused: it is missing", () => {
    expect(complaint({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET: "" })).toMatch(
      /^STRIPE_WEBHOOK_SECRET is missing/,
    );
    expect(complaint({ STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET })).toMatch(
      /^STRIPE_SECRET_KEY is missing/,
    );
  });

  test.each(["x", "       ", "          "])("a secret of %j is refused: it protects nothing", (blank) => {
    expect(complaint({ STRIPE_SECRET_KEY: blank, STRIPE_WEBHOOK_SECRET })).toMatch(
      /^STRIPE_SECRET_KEY must /,
    );
    expect(complaint({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET: blank })).toMatch(
      /^STRIPE_WEBHOOK_SECRET must /,
    );
  });

  test("without both, there is no gateway; with both, there is", () => {
    expect(read().settings.stripe).toBeUndefined();
    const { stripe } = read({
      STRIPE_SECRET_KEY,
      STRIPE_WEBHOOK_SECRET,
      STRIPE_API_URL: "http://127.0.0.1:12111",
    }).settings;
    expect(stripe).toEqual({
      capture: "automatic",
      secretKey: STRIPE_SECRET_KEY,
      webhookSecret: STRIPE_WEBHOOK_SECRET,
      endpoint: { protocol: "http", host: "127.0.0.1", port: 12_111 },
    });
  });

  test("what is said of a wrong variable never quotes a secret", () => {
    const ec = jwkOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
    const said = complaint({
      DATABASE_URL: "mysql://shop:pa55word-of-the-shop@db/shop",
      AUTH_PRIVATE_JWK: ec,
      STRIPE_SECRET_KEY: "short",
    });
    expect(said).not.toContain("pa55word-of-the-shop");
    expect(said).not.toContain((JSON.parse(ec) as { d: string }).d);
    expect(said).not.toContain("short");
  });
});
