/** The account module's board. */
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Login } from "@shopnexus/contracts/account/login";
import { Profile } from "@shopnexus/contracts/account/profile";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { board, provide } from "#modules/_kit/board.ts";
import { add } from "./address-book/add.ts";
import { list } from "./address-book/list.ts";
import { pick } from "./address-book/pick.ts";
import { live } from "./login/live.ts";
import { refresh } from "./login/refresh.ts";
import { register } from "./login/register.ts";
import { signIn } from "./login/sign-in.ts";
import { signOut } from "./login/sign-out.ts";
import { edit } from "./profile/edit.ts";
import { grant } from "./profile/grant.ts";
import { me } from "./profile/me.ts";
import { openShop } from "./profile/open-shop.ts";
import { audit } from "./wallet/audit.ts";
import { balance } from "./wallet/balance.ts";
import { entries } from "./wallet/entries.ts";
import { post } from "./wallet/post.ts";

/** Answers hold tokens: kept for as long as a client tries again, and read by nobody afterwards. */
const forgetful = { idempotencyRetentionMs: MINUTE_MS, journalRetentionMs: 0 };

export default board("account", [
  provide(Login, { register, signIn, refresh, signOut, live }, forgetful),
  provide(Profile, { me, edit, openShop, grant }),
  provide(AddressBook, { add, list, pick }),
  provide(Wallet, { post, entries, balance, audit }),
]);
