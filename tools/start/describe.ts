import type { Control } from "./control.ts";
import type { House } from "./house.ts";
import type { Running } from "./running.ts";

/** How this house is reached. */
export const describe = (house: House, { url, token }: Control): Omit<Running, "owner"> => {
  const { stack, seats, environment } = house;
  const { gateway, mailsUrl } = house.outside;
  const edges = seats
    .toSorted((one, other) => Number(other.isOrder) - Number(one.isOrder))
    .map(({ edgeUrl }) => edgeUrl);
  const [edge = "", edgeOfTheRest] = edges;
  return {
    urls: {
      edge,
      ...(edgeOfTheRest !== undefined && { edgeOfTheRest }),
      reference: `${edge}/reference`,
      metrics: `${edge}/metrics`,
      ingress: stack.restate.ingressUrl,
      restateAdmin: stack.restate.adminUrl,
      restateUi: `${stack.restate.adminUrl}/ui/`,
      gateway: gateway.url,
      ...(mailsUrl !== undefined && { mails: mailsUrl }),
    },
    pids: house.pids(),
    control: { url, token },
    gateway: {
      isEmulator: gateway.isEmulator,
      ...(gateway.browserKey !== undefined && { browserKey: gateway.browserKey }),
    },
    environment,
    auth: { privateJwk: environment["AUTH_PRIVATE_JWK"] ?? "", issuer: environment["AUTH_ISSUER"] ?? "" },
    password: house.secrets.password,
  };
};
