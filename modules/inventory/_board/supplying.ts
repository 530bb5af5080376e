/** Suppliers, and what is ordered from them. */
import { Delivery } from "@shopnexus/contracts/inventory/delivery";
import { Hook } from "@shopnexus/contracts/inventory/hook";
import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { PurchaseOrder } from "@shopnexus/contracts/inventory/purchase-order";
import { Supplier } from "@shopnexus/contracts/inventory/supplier";
import { provide } from "#modules/_kit/board.ts";
import { land } from "../delivery/land.ts";
import { receive } from "../delivery/receive.ts";
import { deliver } from "../hook/deliver.ts";
import { post } from "../hook/post.ts";
import { reopen } from "../hook/reopen.ts";
import { resend } from "../hook/resend.ts";
import { acknowledge } from "../purchase/acknowledge.ts";
import { answer } from "../purchase/answer.ts";
import { cancel } from "../purchase/cancel.ts";
import { close } from "../purchase/close.ts";
import { draft } from "../purchase/draft.ts";
import { find } from "../purchase/find.ts";
import { issue } from "../purchase/issue.ts";
import { list as listPurchases } from "../purchase/list.ts";
import { propose } from "../purchase/propose.ts";
import { send } from "../purchase/send.ts";
import { watch } from "../purchase/watch.ts";
import { run } from "../purchase-order/run.ts";
import { hook } from "../supplier/hook.ts";
import { list as listSuppliers } from "../supplier/list.ts";
import { put } from "../supplier/put.ts";
import { unhook } from "../supplier/unhook.ts";

export const supplying = [
  provide(Supplier, { put, hook, unhook, list: listSuppliers }),
  provide(Purchase, {
    draft,
    propose,
    send,
    issue,
    acknowledge,
    answer,
    cancel,
    close,
    watch,
    find,
    list: listPurchases,
  }),
  provide(Delivery, { receive, land }),
  provide(PurchaseOrder, { run }),
  provide(Hook, { post, deliver, resend, reopen }),
];
