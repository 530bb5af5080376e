import { describe, expect, it } from "vitest";
import { isAllowanceEntry, isListed, isPublic, mayReach } from "./addresses.ts";
import { urlFault } from "./url.ts";

describe("isPublic", () => {
  it.each([
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
  ])("%s is", (address) => expect(isPublic(address)).toBe(true));

  it.each([
    ["unspecified", "0.0.0.0", "0.1.2.3", "::"],
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    ["shared by a carrier's customers", "100.64.0.1", "100.127.255.255"],
    [
      "link-local, also where clouds keep credentials",
      "169.254.0.1",
      "169.254.169.254",
      "fe80::1",
      "febf::1",
    ],
    ["unique-local, also where clouds keep credentials", "fc00::1", "fd00:ec2::254", "fdff::1"],
    ["site-local of old", "fec0::1"],
    ["multicast and broadcast", "224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1"],
    [
      "reserved, benchmarks, documentation",
      "192.0.0.1",
      "192.0.2.1",
      "198.18.0.1",
      "198.51.100.1",
      "203.0.113.1",
    ],
    ["reserved", "240.0.0.1", "192.88.99.1", "2001:db8::1", "100::1"],
    ["IPv4 in IPv6, whatever it is", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "::127.0.0.1"],
    ["IPv4 behind NAT64", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"],
    ["IPv4 in a tunnel", "2002:7f00:1::1", "2001:0:0:1::1"],
    ["of nobody yet", "4000::1", "e000::1"],
    [
      "no address",
      "",
      "localhost",
      "127.1",
      "0x7f000001",
      "2130706433",
      "8.8.8.8 ",
      "8.8.8.8/8",
      "[::1]",
      "fe80::1%lo",
    ],
  ])("what is %s is not", (_what, ...addresses) => {
    expect(addresses.filter(isPublic)).toEqual([]);
  });
});

describe("an allowance", () => {
  const allow = ["erp.internal", "127.0.0.1", "10.1.0.0/16", "fd00::/8"];

  it("names hosts, addresses and ranges, each exactly", () => {
    for (const host of ["erp.internal", "127.0.0.1", "10.1.255.255", "fd12::1"])
      expect([host, isListed(host, allow)]).toEqual([host, true]);
    for (const host of [
      "x.erp.internal",
      "erp.internal.example",
      "127.0.0.2",
      "10.2.0.1",
      "fe80::1",
      "8.8.8.8",
    ])
      expect([host, isListed(host, allow)]).toEqual([host, false]);
  });

  it("opens what it names, by name or address, and nothing else", () => {
    expect(mayReach("192.168.0.9", "erp.internal", allow)).toBe(true);
    expect(mayReach("10.1.2.3", "shop.example", allow)).toBe(true);
    expect(mayReach("10.2.2.3", "shop.example", allow)).toBe(false);
    expect(mayReach("127.0.0.1", "shop.example", [])).toBe(false);
  });

  it("is made of such entries alone", () => {
    expect([...allow, "localhost", "::1"].filter((entry) => !isAllowanceEntry(entry))).toEqual([]);
    expect(["", "*", "http://x", "a b", "10.0.0.0/33", "-x", "host:80"].filter(isAllowanceEntry)).toEqual([]);
  });
});

describe("urlFault", () => {
  it.each([
    ["https://hooks.example/orders?token=1", undefined],
    ["https://hooks.example:8443/", undefined],
    ["https://8.8.8.8/", undefined],
    ["https://[2606:4700::1111]/", undefined],
    ["", "malformed"],
    ["hooks.example", "malformed"],
    [`https://hooks.example/${"x".repeat(2_048)}`, "malformed"],
    ["http://hooks.example/", "scheme"],
    ["ftp://hooks.example/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["https://us:secret@hooks.example/", "credentials"],
    ["https://us@hooks.example/", "credentials"],
    ["https://hooks.example/#here", "fragment"],
    ["https://hooks.example:22/", "port"],
    ["https://hooks.example:80/", "port"],
    ["https://localhost/", "host"],
    ["https://localhost./", "host"],
    ["https://redis/", "host"],
    ["https://metadata.google.internal/", "host"],
    ["https://printer.local/", "host"],
    ["https://127.0.0.1/", "host"],
    ["https://127.1/", "host"],
    ["https://0x7f000001/", "host"],
    ["https://2130706433/", "host"],
    ["https://0177.0.0.1/", "host"],
    ["https://１２７.0.0.1/", "host"],
    ["https://169.254.169.254/latest/meta-data", "host"],
    ["https://[::1]/", "host"],
    ["https://[::ffff:7f00:1]/", "host"],
    ["https://[fd00:ec2::254]/", "host"],
  ])("of %s: %s", (text, fault) => {
    expect(urlFault(text, [])).toBe(fault);
  });

  it("what the deployment allows may be plain and have any port, and no more than that", () => {
    const allow = ["127.0.0.1", "erp"];
    expect(urlFault("http://127.0.0.1:81/x", allow)).toBeUndefined();
    expect(urlFault("http://erp/x", allow)).toBeUndefined();
    expect(urlFault("http://us:them@erp/x", allow)).toBe("credentials");
    expect(urlFault("http://127.0.0.2/x", allow)).toBe("scheme");
  });
});
