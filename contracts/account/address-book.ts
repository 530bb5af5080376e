/** Where a buyer's parcels go. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Nothing, text } from "../_kit/word.ts";

const fields = {
  recipient: text(120),
  phone: z.string().regex(/^\+[1-9][0-9]{6,14}$/),
  line1: text(200),
  line2: text(200).optional(),
  city: text(100),
  region: text(100).optional(),
  postcode: text(20),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/),
};
export const NewAddress = z.strictObject(fields);
export const Address = z.object({ addressId: id("adr"), ...fields });
export type Address = z.infer<typeof Address>;

export const ADDRESS_COUNT_MAX = 50;

export const AddressBookRefusals = refusals({
  ADDRESS_UNKNOWN: { status: 404, says: "This address is not in your address book." },
  ADDRESS_BOOK_FULL: { status: 409, says: "An address book holds 50 addresses at most." },
});

export const AddressBook = service("AddressBook", {
  /** Adds an address.
   *  Takes    phone in E.164, country in ISO 3166-1 alpha-2
   *  Refuses  ADDRESS_BOOK_FULL
   *  Repeats  the same call: the same address */
  add: step(NewAddress, Address, {
    who: "account",
    refuses: [AddressBookRefusals.ADDRESS_BOOK_FULL],
    http: "POST /me/addresses",
  }),

  /** The caller's addresses, newest first, 50 at most. */
  list: read(Nothing, z.object({ addresses: z.array(Address) }), {
    who: "account",
    http: "GET /me/addresses",
  }),

  /** One address of one account, to be frozen on a checkout.
   *  Refuses  ADDRESS_UNKNOWN, also for somebody else's */
  pick: read(z.strictObject({ accountId: id("acc"), addressId: id("adr") }), Address, {
    who: "module",
    refuses: [AddressBookRefusals.ADDRESS_UNKNOWN],
  }),

  /** Where the parcels of many accounts leave from: the newest address of each.
   *  Takes    1 to 100 accounts
   *  Gives    in the order given; null for an account without an address */
  origins: read(
    z.strictObject({ accountIds: z.array(id("acc")).min(1).max(100) }),
    z.object({ origins: z.array(z.object({ accountId: id("acc"), address: Address.nullable() })) }),
    { who: "module" },
  ),
});
