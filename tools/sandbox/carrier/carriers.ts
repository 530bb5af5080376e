/** Who carries, how fast and how dear: a service costs a share of the tariff. */
export const SERVICES = ["express", "standard"] as const;
export type ServiceName = (typeof SERVICES)[number];

export const CARRIERS = ["swift", "heron", "turtle"] as const;
export type CarrierName = (typeof CARRIERS)[number];

export type Offer = Readonly<{
  carrier: CarrierName;
  service: ServiceName;
  basisPoints: number;
  days: number;
}>;

/** Dearest and fastest first. */
export const OFFERS: readonly Offer[] = [
  { carrier: "swift", service: "express", basisPoints: 18_000, days: 1 },
  { carrier: "heron", service: "express", basisPoints: 15_000, days: 2 },
  { carrier: "swift", service: "standard", basisPoints: 11_000, days: 4 },
  { carrier: "heron", service: "standard", basisPoints: 10_000, days: 5 },
  { carrier: "turtle", service: "standard", basisPoints: 7_000, days: 9 },
];

/** Nobody goes there. */
const UNSERVED = "ZZ";

export const isServed = (from: { country: string } | null, to: { country: string }): boolean =>
  to.country !== UNSERVED && from?.country !== UNSERVED;
