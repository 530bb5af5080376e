/** The account module's board. */
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Login } from "@shopnexus/contracts/account/login";
import { Profile } from "@shopnexus/contracts/account/profile";
import { Statement } from "@shopnexus/contracts/account/statement";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { board, provide } from "#modules/_kit/board.ts";
import { add } from "./address-book/add.ts";
import { list } from "./address-book/list.ts";
import { origins } from "./address-book/origins.ts";
import { pick } from "./address-book/pick.ts";
import { live } from "./login/live.ts";
import { refresh } from "./login/refresh.ts";
import { register } from "./login/register.ts";
import { signIn } from "./login/sign-in.ts";
import { signOut } from "./login/sign-out.ts";
import { contact } from "./profile/contact.ts";
import { edit } from "./profile/edit.ts";
import { grant } from "./profile/grant.ts";
import { lift } from "./profile/lift.ts";
import { me } from "./profile/me.ts";
import { openShop } from "./profile/open-shop.ts";
import { standing } from "./profile/standing.ts";
import { suspend } from "./profile/suspend.ts";
import { list as statement } from "./statement/list.ts";
import { mine } from "./statement/mine.ts";
import { trialBalance } from "./statement/trial-balance.ts";
import { audit } from "./wallet/audit.ts";
import { balance } from "./wallet/balance.ts";
import { balances } from "./wallet/balances.ts";
import { entries } from "./wallet/entries.ts";
import { free } from "./wallet/free.ts";
import { hold } from "./wallet/hold.ts";
import { post } from "./wallet/post.ts";
import { postAll } from "./wallet/post-all.ts";
import { spend } from "./wallet/spend.ts";

/** Answers hold tokens: kept for as long as a client tries again, and read by nobody afterwards. */
const forgetful = { idempotencyRetentionMs: MINUTE_MS, journalRetentionMs: 0 };

export default board("account", [
  provide(Login, { register, signIn, refresh, signOut, live }, forgetful),
  provide(Profile, { me, edit, openShop, grant, suspend, lift, standing, contact }),
  provide(AddressBook, { add, list, pick, origins }),
  provide(Wallet, { post, postAll, hold, free, spend, balances, entries, balance, audit }),
  provide(Statement, { mine, list: statement, trialBalance }),
]);
