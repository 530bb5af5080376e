/** Which addresses of the web a user may name, before anybody asks where they lead. */
import { isIP } from "node:net";
import { type Allowance, isListed, mayReach } from "./addresses.ts";

export const URL_LENGTH_MAX = 2_048;

/** What is wrong with a URL. */
export type UrlFault = "malformed" | "scheme" | "credentials" | "fragment" | "port" | "host";

/** Below it are services that are none of the web's, but for the one of https. */
const PORT_FREE_MIN = 1_024;
const PORT_HTTPS = 443;

/** Names that mean something else in every house, or nothing outside of it. Source: RFC 6761, RFC 6762, RFC 8375. */
const HOUSE_NAME = /^[^.]*$|\.(localhost|local|internal|arpa|test|invalid|onion)$/;

/** The host as a resolver takes it: without the brackets of IPv6 and the dot at the end. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

/** Undefined for one that may be called. A host that is a name is judged by its addresses, each time it is called. */
export const urlFault = (text: string, allow: Allowance): UrlFault | undefined => {
  if (text.length > URL_LENGTH_MAX || !URL.canParse(text)) return "malformed";
  const url = new URL(text);
  const host = hostOf(url);
  const isOurs = isListed(host, allow);
  if (url.protocol !== "https:" && !(isOurs && url.protocol === "http:")) return "scheme";
  if (url.username !== "" || url.password !== "") return "credentials";
  if (url.hash !== "") return "fragment";
  if (isOurs) return undefined;
  const port = Number(url.port || PORT_HTTPS);
  if (port !== PORT_HTTPS && port < PORT_FREE_MIN) return "port";
  return isIP(host) === 0 ? ofName(host) : mayReach(host, host, allow) ? undefined : "host";
};

const ofName = (host: string): UrlFault | undefined => (HOUSE_NAME.test(host) ? "host" : undefined);
