/** Structured logs on standard output, one JSON object a line. Secrets are cut out by name, down to three levels. */
import { pino, type Logger } from "pino";

export type Log = Logger;

const SECRET_FIELDS = [
  "password",
  "accessToken",
  "refreshToken",
  "authorization",
  "clientSecret",
  "client_secret",
  "secretKey",
  "webhookSecret",
  "signature",
  "privateKey",
  "phone",
];

export const openLog = (level: string, fields: Record<string, string>): Log =>
  pino({
    level,
    base: fields,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[secret]",
    },
  });
