/** Fills a running shop through its public API, as its sellers and its operator would. Doing it twice does it once. */
import { BUYERS, OPERATOR, SELLERS } from "./cast.ts";
import { type Listed, listAll } from "./listings.ts";
import { presentBuyer, presentOperator, presentSeller, type World } from "./person.ts";
import { launchWelcome, WELCOME_CODE } from "./promotion.ts";

export type Seeded = Listed & { isWelcomeNew: boolean; ms: number };

export const seed = async (world: World): Promise<Seeded> => {
  const startedMs = performance.now();
  const [operator, sellers] = await Promise.all([
    presentOperator(world, OPERATOR),
    Promise.all(SELLERS.map((part) => presentSeller(world, part))),
    Promise.all(BUYERS.map((part) => presentBuyer(world, part))),
  ]);
  const isWelcomeNew = await launchWelcome(operator, Date.now());
  const listed = await listAll(operator, sellers);
  return { ...listed, isWelcomeNew, ms: Math.round(performance.now() - startedMs) };
};

/** What was done, in one line for people. */
export const tell = ({ made, found, categories, pieces, isWelcomeNew, ms }: Seeded): string => {
  const seconds = (ms / 1000).toFixed(1);
  if (made === 0 && !isWelcomeNew)
    return `Seeded already: ${found} listings are up (looked in ${seconds} s).`;
  const code = isWelcomeNew ? `, code ${WELCOME_CODE} for 10 % off` : "";
  return `Seeded in ${seconds} s: ${made} listings in ${categories} categories, ${pieces} pieces of stock${code}; ${found} listings were there.`;
};
