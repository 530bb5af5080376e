/** Every contract page there is: what the reference, the fingerprint and the tests that walk all promises read. */
import { AddressBook } from "./account/address-book.ts";
import { Login } from "./account/login.ts";
import { Profile } from "./account/profile.ts";
import { Statement } from "./account/statement.ts";
import { Wallet } from "./account/wallet.ts";
import { Category } from "./catalog/category.ts";
import { Listing } from "./catalog/listing.ts";
import { Exchange } from "./common/exchange.ts";
import { Feed } from "./common/feed.ts";
import { Mail } from "./common/mail.ts";
import { Backorder } from "./inventory/backorder.ts";
import { Drop } from "./inventory/drop.ts";
import { Delivery } from "./inventory/delivery.ts";
import { Hook } from "./inventory/hook.ts";
import { Import } from "./inventory/import.ts";
import { Location } from "./inventory/location.ts";
import { Purchase } from "./inventory/purchase.ts";
import { PurchaseOrder } from "./inventory/purchase-order.ts";
import { Serial } from "./inventory/serial.ts";
import { Shelf } from "./inventory/shelf.ts";
import { Stock } from "./inventory/stock.ts";
import { Supplier } from "./inventory/supplier.ts";
import { Supply } from "./inventory/supply.ts";
import { Ticket } from "./inventory/ticket.ts";
import { Attempt } from "./order/attempt.ts";
import { Cart } from "./order/cart.ts";
import { Charge } from "./order/charge.ts";
import { Chargeback } from "./order/chargeback.ts";
import { Checkout } from "./order/checkout.ts";
import { Claim } from "./order/claim.ts";
import { Commission } from "./order/commission.ts";
import { Dispute } from "./order/dispute.ts";
import { Earnings } from "./order/earnings.ts";
import { Order } from "./order/order.ts";
import { Payout } from "./order/payout.ts";
import { Reconciliation } from "./order/reconciliation.ts";
import { Refund } from "./order/refund.ts";
import { Sales } from "./order/sales.ts";
import { Duties } from "./order/duties.ts";
import { Escrow } from "./order/escrow.ts";
import { Fulfilment } from "./order/fulfilment.ts";
import { Line } from "./order/line.ts";
import { Packing } from "./order/packing.ts";
import { Parcel } from "./order/parcel.ts";
import { Shipment } from "./order/shipment.ts";
import { Transfer } from "./order/transfer.ts";
import { Campaign } from "./promotion/campaign.ts";
import { Coupon } from "./promotion/coupon.ts";
import { Promotion } from "./promotion/promotion.ts";
import { Quote } from "./promotion/quote.ts";
import type { Contract } from "./_kit/contract.ts";

export const PAGES: Readonly<Record<string, readonly Contract[]>> = {
  account: [Login, Profile, AddressBook, Wallet, Statement],
  catalog: [Category, Listing],
  common: [Feed, Exchange, Mail],
  inventory: [
    Stock,
    Backorder,
    Serial,
    Supply,
    Drop,
    Ticket,
    Location,
    Shelf,
    Import,
    Supplier,
    Purchase,
    Delivery,
    PurchaseOrder,
    Hook,
  ],
  order: [
    Attempt,
    Cart,
    Charge,
    Chargeback,
    Checkout,
    Claim,
    Commission,
    Dispute,
    Duties,
    Earnings,
    Escrow,
    Fulfilment,
    Line,
    Order,
    Packing,
    Parcel,
    Payout,
    Reconciliation,
    Refund,
    Sales,
    Shipment,
    Transfer,
  ],
  promotion: [Promotion, Campaign, Quote, Coupon],
};
