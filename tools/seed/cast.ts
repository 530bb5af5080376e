/** Who is in the shop after seeding. All share the password that the shop's folder keeps. */
export type Part = { email: string; displayName: string };
export type SellerPart = Part & { shopName: string };

export const SELLERS: readonly SellerPart[] = [
  { email: "ada@seller.example", displayName: "Ada", shopName: "Ada's Corner" },
  { email: "linh@seller.example", displayName: "Linh", shopName: "Linh and Daughters" },
  { email: "omar@seller.example", displayName: "Omar", shopName: "Omar's Warehouse" },
];

export const BUYERS: readonly [Part, Part] = [
  { email: "bea@buyer.example", displayName: "Bea" },
  { email: "ben@buyer.example", displayName: "Ben" },
];

export const OPERATOR: Part = { email: "olga@operator.example", displayName: "Olga" };

export const addressOf = (recipient: string) => ({
  recipient,
  phone: "+84901234567",
  line1: "1 Hang Bac",
  city: "Hanoi",
  postcode: "100000",
  country: "VN",
});
