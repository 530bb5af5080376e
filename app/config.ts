/** Everything the host takes from its environment, read once. A missing or wrong variable stops the start by name. */
import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { POOL_SIZE } from "#db/_kit/database.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { ConfigError } from "./config-error.ts";
import { isModuleName, MODULE_NAMES, type ModuleName } from "./modules.ts";
import { OUTSIDE, settingsOf } from "./outside.ts";
import { url } from "./variables.ts";

const PORT = "must be a port";
const port = z.coerce.number(PORT).int(PORT).min(1, PORT).max(65_535, PORT);
const database = url("postgres:", "postgresql:");
const POOL = "must be a number from 1 to 200";
const pool = z.coerce.number(POOL).int(POOL).min(1, POOL).max(200, POOL);

const services = z.string().transform((text, context): ModuleName[] => {
  if (text.trim() === "*") return MODULE_NAMES;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !isModuleName(name));
  if (unknown.length > 0) {
    context.addIssue(
      `names no module: ${unknown.join(", ") || "nothing"}. The modules are ${MODULE_NAMES.join(", ")}`,
    );
    return z.NEVER;
  }
  return [...new Set(names.filter(isModuleName))];
});

const ed25519 = z.string().refine((text) => {
  try {
    return createPrivateKey({ key: JSON.parse(text), format: "jwk" }).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}, "must be an Ed25519 private key as a JWK in JSON; `npm run key` makes one");

const Environment = z.object({
  SERVICES: services.prefault("*"),
  FUSE: z.enum(["on", "off"], "must be on or off").default("on"),
  DATABASE_URL: database,
  DATABASE_POOL: pool.default(POOL_SIZE),
  REDIS_URL: url("redis:", "rediss:").optional(),
  RESTATE_INGRESS_URL: url("http:", "https:"),
  RESTATE_ADMIN_URL: url("http:", "https:"),
  RESTATE_IDENTITY_KEY: z.string().startsWith("publickeyv1_", "must begin with publickeyv1_").optional(),
  EDGE_HOST: z.string().default("127.0.0.1"),
  ENDPOINT_HOST: z.string().default("127.0.0.1"),
  ENDPOINT_PORT: port.default(9080),
  EDGE_PORT: port.default(3000),
  ADVERTISE_URL: url("http:", "https:").optional(),
  REGISTER: z.enum(["on", "force", "off"], "must be on, force or off").default("on"),
  MIGRATE: z.enum(["on", "off"], "must be on or off").default("off"),
  AUTH_PRIVATE_JWK: ed25519,
  AUTH_ISSUER: z.string().min(1).default("shopnexus"),
  ...OUTSIDE,
  OTEL_EXPORTER_OTLP_ENDPOINT: url("http:", "https:").optional(),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "must be debug, info, warn, error or silent")
    .default("info"),
});

/** A module may have a role or a server of its own. */
const ownDatabase = (name: string): string => `DATABASE_URL_${name.toUpperCase()}`;
const OwnDatabases = z.object(
  Object.fromEntries(MODULE_NAMES.map((name) => [ownDatabase(name), database.optional()])),
);

const Variables: z.ZodType<z.output<typeof Environment>> = Environment.and(OwnDatabases);

export type Config = {
  readonly services: readonly ModuleName[];
  /** All modules are in this process and steps are fused. */
  readonly isWhole: boolean;
  readonly isFused: boolean;
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly databasePool: number;
  readonly redisUrl: string | undefined;
  readonly restate: {
    readonly ingressUrl: string;
    readonly adminUrl: string;
    readonly identityKey: string | undefined;
  };
  readonly edgeHost: string;
  readonly endpointHost: string;
  readonly endpointPort: number;
  readonly edgePort: number;
  readonly advertiseUrl: string;
  readonly register: "on" | "force" | "off";
  readonly migrates: boolean;
  readonly telemetryUrl: string | undefined;
  readonly logLevel: string;
  readonly settings: Settings;
};

/** Reads a configuration from variables; `environment` is usually process.env. An empty variable counts as absent. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Variables.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => sentence(issue, given)).join("\n"));
  const read = parsed.data;
  beReachable(read);
  const isFused = read.FUSE === "on";
  return {
    services: read.SERVICES,
    isFused,
    isWhole: isFused && read.SERVICES.length === MODULE_NAMES.length,
    databaseUrls: databaseUrls(read.DATABASE_URL, given),
    databasePool: read.DATABASE_POOL,
    redisUrl: read.REDIS_URL,
    restate: {
      ingressUrl: read.RESTATE_INGRESS_URL.replace(/\/$/, ""),
      adminUrl: read.RESTATE_ADMIN_URL.replace(/\/$/, ""),
      identityKey: read.RESTATE_IDENTITY_KEY,
    },
    edgeHost: read.EDGE_HOST,
    endpointHost: read.ENDPOINT_HOST,
    endpointPort: read.ENDPOINT_PORT,
    edgePort: read.EDGE_PORT,
    advertiseUrl: read.ADVERTISE_URL ?? `http://127.0.0.1:${read.ENDPOINT_PORT}`,
    register: read.REGISTER,
    migrates: read.MIGRATE === "on",
    telemetryUrl: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: read.LOG_LEVEL,
    settings: settingsOf(read),
  };
};

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host.startsWith("127.");

/** Refuses what would be open to strangers, or closed to Restate. */
const beReachable = (read: z.output<typeof Environment>): void => {
  if (!isLoopback(read.ENDPOINT_HOST) && read.RESTATE_IDENTITY_KEY === undefined) {
    throw new ConfigError(
      "RESTATE_IDENTITY_KEY is missing, while ENDPOINT_HOST opens the endpoint to others: whoever reaches it could call anything.",
    );
  }
  const isFar = !isLoopback(new URL(read.RESTATE_ADMIN_URL).hostname);
  if (read.ADVERTISE_URL === undefined && isFar && read.REGISTER !== "off") {
    throw new ConfigError(
      "ADVERTISE_URL is missing, while Restate is on another host: it has to know where this process is.",
    );
  }
};

const sentence = (issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string => {
  const name = String(issue.path[0]);
  return given[name] === undefined
    ? `${name} is missing; .env.example says what it is for.`
    : `${name} ${issue.message}.`;
};

/** DATABASE_URL, or DATABASE_URL_<MODULE> for a module with a role or a server of its own. */
const databaseUrls = (whole: string, given: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(MODULE_NAMES.map((name) => [name, given[ownDatabase(name)] ?? whole]));
