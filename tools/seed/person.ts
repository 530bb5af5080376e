/** Accounts as a client of the shop sees them: sign in, or register first. */
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Login, LoginRefusals, type Tokens } from "@shopnexus/contracts/account/login";
import { Profile } from "@shopnexus/contracts/account/profile";
import { connect, type Shop } from "@shopnexus/contracts/client";
import { isRefusal } from "@shopnexus/contracts/kit/refusal";
import { signModule } from "#modules/_kit/token.ts";
import { addressOf, type Part, type SellerPart } from "./cast.ts";

/** Where the shop is, and the keys to it. */
export type World = {
  ingress: string;
  password: string;
  auth: { privateJwk: string; issuer: string };
};

export type Person = Shop & { tokens: Tokens };

const as = (world: World, tokens: Tokens): Person => {
  const self: Person = {
    ...connect({ ingress: world.ingress, token: () => self.tokens.accessToken }),
    tokens,
  };
  return self;
};

/** A person of the cast, signed in. */
export const signedIn = async (world: World, { email }: Part): Promise<Person> => {
  const { ingress, password } = world;
  return as(world, await connect({ ingress }).call(Login).signIn({ email, password }));
};

/** The same, registered first where need be. */
export const present = async (world: World, part: Part): Promise<Person> => {
  try {
    return await signedIn(world, part);
  } catch (error) {
    if (!isRefusal(error, LoginRefusals.BAD_CREDENTIALS)) throw error;
  }
  const { ingress, password } = world;
  try {
    await connect({ ingress })
      .call(Login)
      .register({ ...entry(part), password });
  } catch (error) {
    if (!isRefusal(error, LoginRefusals.EMAIL_TAKEN)) throw error;
    throw new Error(
      `${part.email} has another password here: this database was seeded from another folder. Use that folder (SHOPNEXUS_DIR), or another database.`,
      { cause: error },
    );
  }
  return signedIn(world, part);
};

const entry = ({ email, displayName }: Part) => ({ email, displayName });

const renew = async (world: World, self: Person): Promise<void> => {
  const { refreshToken } = self.tokens;
  self.tokens = await connect({ ingress: world.ingress }).call(Login).refresh({ refreshToken });
};

export const presentSeller = async (world: World, part: SellerPart): Promise<Person> => {
  const self = await present(world, part);
  if (self.tokens.roles.includes("seller")) return self;
  await self.call(Profile).openShop({ shopName: part.shopName });
  await renew(world, self);
  return self;
};

export const presentBuyer = async (world: World, part: Part): Promise<Person> => {
  const self = await present(world, part);
  const { addresses } = await self.call(AddressBook).list({});
  if (addresses.length === 0) await self.call(AddressBook).add(addressOf(part.displayName));
  return self;
};

export const presentOperator = async (world: World, part: Part): Promise<Person> => {
  const self = await present(world, part);
  if (self.tokens.roles.includes("operator")) return self;
  const insider = await insiderOf(world);
  await insider.call(Profile).grant({ accountId: self.tokens.accountId, role: "operator" });
  await renew(world, self);
  return self;
};

/** The deployment itself, by a token that its key signs for two minutes: the only one who can make the first operator. */
export const insiderOf = async ({ ingress, auth }: World): Promise<Shop> => {
  const settings = { auth: { ...auth, accessMs: 0, refreshMs: 0 } };
  return connect({ ingress, token: await signModule(settings, "tools", Date.now()) });
};
