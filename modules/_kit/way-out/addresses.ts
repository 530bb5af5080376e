/** Where a call to a place that a user named may go: anywhere that is public, and wherever the deployment says. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Host names, addresses and ranges (`10.0.0.0/8`) that may be called though they are not public, and without TLS. */
export type Allowance = readonly string[];

/** All of IPv6 that is routed to anybody. What lies outside of it leads into somebody's house. Source: RFC 4291, 2.4. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];

/**
 * No special range of any kind: loopback, private, link-local, shared, multicast, reserved, and what wraps another address
 * (mapped IPv4, NAT64, 6to4, Teredo), which is judged by its wrapping.
 */
export const isPublic = (address: string): boolean => {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
};

/** One entry of an allowance: a range, an address, or a host name. */
export const isAllowanceEntry = (entry: string): boolean =>
  ipaddr.isValidCIDR(entry) || isIP(entry) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(entry);

/** Does the allowance name this host, by its name or, of an address, by a range that it is in? */
export const isListed = (host: string, allow: Allowance): boolean =>
  allow.some((entry) => entry === host || isWithin(host, entry));

const isWithin = (address: string, entry: string): boolean => {
  if (isIP(address) === 0 || !(isIP(entry) !== 0 || ipaddr.isValidCIDR(entry))) return false;
  const parsed = ipaddr.parse(address);
  const [base, bits] = entry.includes("/") ? ipaddr.parseCIDR(entry) : wholeOf(entry);
  return parsed.kind() === base.kind() && parsed.match(base, bits);
};

const wholeOf = (address: string): [ipaddr.IPv4 | ipaddr.IPv6, number] => {
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === "ipv4" ? 32 : 128];
};

/** May a connection to `host` go to this address? */
export const mayReach = (address: string, host: string, allow: Allowance): boolean =>
  isPublic(address) || isListed(address, allow) || isListed(host, allow);
