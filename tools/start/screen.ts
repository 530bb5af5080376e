/** What a person needs to know of a running shop. */
import { BUYERS, OPERATOR, SELLERS } from "#tools/seed/cast.ts";
import { columns } from "./columns.ts";
import type { Running } from "./running.ts";

export const addresses = ({ urls, gateway }: Running): string =>
  columns([
    ["Edge", urls.edge, "HTTP API, health at /health"],
    ...(urls.edgeOfTheRest === undefined
      ? []
      : [["", urls.edgeOfTheRest, "HTTP API of the modules SERVICES left out"]]),
    ["Reference", urls.reference, "every operation the edge serves"],
    ["Metrics", urls.metrics, "Prometheus"],
    ["Restate UI", urls.restateUi, "invocations, journals, state"],
    ["Ingress", urls.ingress, "where clients call: POST /Listing/browse"],
    gateway.isEmulator
      ? ["Sandbox", urls.gateway, "EMULATOR of gateways and carriers: nobody's money or parcel moves"]
      : ["Gateway", urls.gateway, "named by the environment"],
    ...(urls.mails === undefined ? [] : [["Mails", urls.mails, "what the shop sent: nobody gets it"]]),
  ]);

export const people = ({ password }: Running): string => {
  const rows = [
    ...BUYERS.map(({ email }) => ["buyer", email, ""]),
    ...SELLERS.map(({ email, shopName }) => ["seller", email, shopName]),
    ["operator", OPERATOR.email, ""],
  ];
  return `Sign in (POST /sessions) with the password ${password} as\n${columns(rows)}`;
};
