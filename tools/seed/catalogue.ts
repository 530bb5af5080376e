/** The catalogue to begin with, from products.json (DummyJSON, MIT: see LICENSE beside it). */
import { readFileSync } from "node:fs";
import { Slug } from "@shopnexus/contracts/catalog/category";
import { SkuCode } from "@shopnexus/contracts/catalog/listing";
import { z } from "zod";
import { toMinor } from "./price.ts";

const GRAMS_A_UNIT = 100;

const Raw = z.object({
  title: z.string(),
  description: z.string(),
  category: Slug,
  price: z.number(),
  stock: z.int().min(0),
  brand: z.string().optional(),
  sku: SkuCode,
  weight: z.int(),
});

export type Product = {
  title: string;
  description: string;
  category: string;
  brand?: string;
  code: string;
  price: { minor: number; currency: string };
  weightGrams: number;
  pieces: number;
};

export const products = (): Product[] => {
  const text = readFileSync(new URL("products.json", import.meta.url), "utf8");
  return z.array(Raw).parse(JSON.parse(text)).map(toProduct);
};

const toProduct = ({
  title,
  description,
  category,
  price,
  stock,
  brand,
  sku,
  weight,
}: z.infer<typeof Raw>): Product => ({
  title,
  description,
  category,
  ...(brand !== undefined && { brand }),
  code: sku,
  price: { minor: toMinor(price), currency: "USD" },
  weightGrams: weight * GRAMS_A_UNIT,
  pieces: stock,
});

/** `womens-watches` is shown as `Womens watches`. */
export const nameOf = (slug: string): string => {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
