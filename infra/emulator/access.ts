// Signed addresses of media, checked as CloudFront checks them: emulators know no public keys.

import { verify } from "node:crypto";

/** As `server/media/src/access/encoding.rs` writes what base64 has and addresses may not. */
const decoded = (text: string) =>
  Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");

/** Whether an address (path and query) may be read now: signed for it with this key, and not yet over. */
export function isSigned(address: string, key: string, now = Date.now()): boolean {
  const { pathname, searchParams } = new URL(address, "https://any.invalid");
  const [policy, signature] = ["Policy", "Signature"].map((name) => decoded(searchParams.get(name) ?? ""));
  if (!policy?.length || !signature || !verify("RSA-SHA1", policy, key, signature)) return false;
  const [statement] = JSON.parse(policy.toString("utf8")).Statement;
  const folder = new URL(statement.Resource.replace("://*", "://any")).pathname.replace(/\*$/, "");
  return pathname.startsWith(folder) && now / 1000 < statement.Condition.DateLessThan["AWS:EpochTime"];
}
