// The headers of every answer: those that the site asks for, what the local host gives to the API's answers
// (`server/src/host/layers.rs`), and what only a host that speaks TLS may add.

import { Duration, Fn } from "aws-cdk-lib";
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";
import type { Hosting } from "../settings.ts";

const TWO_YEARS = { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override: true };

/** Headers that CloudFront has settings of its own for. */
const KNOWN = ["content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options"];

/** `uploads` is the origin that files are sent to. */
export function siteHeaders(scope: Construct, { headers }: Hosting, uploads: string): ResponseHeadersPolicy {
  const policy = headers["content-security-policy"];
  if (!policy?.includes("connect-src 'self'"))
    throw new Error("hosting.json has no content-security-policy with connect-src 'self'");
  const [before, after] = policy.split("connect-src 'self'", 2);
  const customHeaders = Object.entries(headers)
    .filter(([header]) => !KNOWN.includes(header))
    .map(([header, value]) => ({ header, value, override: true }));
  return new ResponseHeadersPolicy(scope, "SiteHeaders", {
    customHeadersBehavior: { customHeaders },
    securityHeadersBehavior: {
      contentSecurityPolicy: {
        contentSecurityPolicy: Fn.join("", [`${before}connect-src 'self' `, uploads, after ?? ""]),
        override: true,
      },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: TWO_YEARS,
    },
  });
}

export function apiHeaders(scope: Construct): ResponseHeadersPolicy {
  const contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
  const customHeaders = { "cache-control": "no-store", "cross-origin-resource-policy": "same-origin" };
  return new ResponseHeadersPolicy(scope, "ApiHeaders", {
    customHeadersBehavior: {
      customHeaders: Object.entries(customHeaders).map(([header, value]) => ({ header, value, override: false })),
    },
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: TWO_YEARS,
    },
  });
}
