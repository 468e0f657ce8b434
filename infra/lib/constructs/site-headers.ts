// The headers of every page: those that the site asks for, and what only a host that speaks TLS may add.

import { Duration, Fn } from "aws-cdk-lib";
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";
import type { Hosting } from "../settings.ts";

/** Headers that CloudFront has settings of its own for. */
const KNOWN = ["content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options"];

/** `uploads` is the origin that files are sent to. */
export function siteHeaders(scope: Construct, { headers }: Hosting, uploads: string): ResponseHeadersPolicy {
  const policy = headers["content-security-policy"];
  if (!policy?.includes("connect-src 'self'")) throw new Error("hosting.json has no content-security-policy with connect-src 'self'");
  const [before, after] = policy.split("connect-src 'self'", 2);
  const customHeaders = Object.entries(headers)
    .filter(([header]) => !KNOWN.includes(header))
    .map(([header, value]) => ({ header, value, override: true }));
  return new ResponseHeadersPolicy(scope, "SiteHeaders", {
    customHeadersBehavior: { customHeaders },
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: Fn.join("", [`${before}connect-src 'self' `, uploads, after ?? ""]), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override: true },
    },
  });
}
