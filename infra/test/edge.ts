// The distribution: what is served from where, and how.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { find, only, present, whole } from "./support.ts";

const EDGE = "stack-production-edge";
const { templates } = whole;
const { DistributionConfig: config } = only(templates, EDGE, "AWS::CloudFront::Distribution").Properties;
const origin = (id: string) => config.Origins.find(({ Id }: any) => Id === id);
const behavior = (pattern: string) => config.CacheBehaviors.find(({ PathPattern }: any) => PathPattern === pattern);

const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

test("one name serves the site, the API, the socket and media", () => {
  assert.deepEqual(config.CacheBehaviors.map(({ PathPattern }: any) => PathPattern).sort(), [
    "/auth/*",
    "/graphql",
    "/healthz",
    "/media/*",
    "/media/*.m3u8",
    "/ws",
  ]);
  assert.deepEqual(config.Aliases, ["stack.example"]);
  assert.equal(config.ViewerCertificate.MinimumProtocolVersion, "TLSv1.2_2021");
  assert.equal(config.HttpVersion, "http2and3");
  const records = find(templates, EDGE, "AWS::Route53::RecordSet").map(({ Properties }) => Properties.Type);
  assert.deepEqual(records.sort(), ["A", "AAAA"]);
});

test("answers of the API are never cached, and show where they came by", () => {
  for (const pattern of ["/graphql", "/auth/*", "/healthz", "/ws"]) {
    const { CachePolicyId, ViewerProtocolPolicy, TargetOriginId } = behavior(pattern);
    assert.equal(CachePolicyId, CACHING_DISABLED, pattern);
    assert.equal(ViewerProtocolPolicy, "https-only", pattern);
    const { CustomOriginConfig, OriginCustomHeaders } = origin(TargetOriginId);
    assert.equal(CustomOriginConfig.OriginProtocolPolicy, "https-only", pattern);
    assert.equal(OriginCustomHeaders[0].HeaderName, "x-origin-verify", pattern);
    assert.match(JSON.stringify(OriginCustomHeaders[0].HeaderValue), /resolve:secretsmanager/, pattern);
  }
});

test("answers of the API carry the headers that the local host gives them", () => {
  const layers = readFileSync(join(import.meta.dirname, "../../server/src/host/layers.rs"), "utf8");
  const { ResponseHeadersPolicyConfig: headers } = only(
    templates,
    EDGE,
    "AWS::CloudFront::ResponseHeadersPolicy",
    ({ id }) => id.startsWith("Api"),
  ).Properties;
  const given = [
    headers.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy,
    headers.SecurityHeadersConfig.ReferrerPolicy.ReferrerPolicy,
    ...headers.CustomHeadersConfig.Items.map(({ Value }: any) => Value),
  ];
  assert.equal(given.length, 4);
  for (const value of given) assert.ok(layers.includes(`"${value}"`), value);
});

test("media ask for a signature; a variant that is not there is made", () => {
  for (const pattern of ["/media/*", "/media/*.m3u8"])
    assert.equal(behavior(pattern).TrustedKeyGroups.length, 1, pattern);
  const [group] = config.OriginGroups.Items;
  assert.equal(behavior("/media/*").TargetOriginId, group.Id);
  assert.deepEqual(group.FailoverCriteria.StatusCodes.Items, [403, 404]);
  const [first, second] = group.Members.Items.map(({ OriginId }: any) => origin(OriginId));
  assert.ok(first.S3OriginConfig && first.OriginAccessControlId);
  assert.equal(second.OriginPath, "/media");
});

test("the more particular path comes first", () => {
  const patterns = config.CacheBehaviors.map(({ PathPattern }: any) => PathPattern);
  assert.ok(patterns.indexOf("/media/*.m3u8") < patterns.indexOf("/media/*"));
});

test("pages carry the site's headers, and uploads may go to the bucket", () => {
  const { ResponseHeadersPolicyConfig: headers } = only(
    templates,
    EDGE,
    "AWS::CloudFront::ResponseHeadersPolicy",
    ({ id }) => id.startsWith("Site"),
  ).Properties;
  const security = headers.SecurityHeadersConfig;
  assert.equal(security.StrictTransportSecurity.AccessControlMaxAgeSec, 63_072_000);
  assert.equal(security.FrameOptions.FrameOption, "DENY");
  const policy = JSON.stringify(security.ContentSecurityPolicy.ContentSecurityPolicy);
  assert.match(policy, /connect-src 'self' https:\/\/",.*"; object-src 'none'"/);
  assert.match(policy, /Originals/);
  assert.deepEqual(headers.CustomHeadersConfig.Items, [
    { Header: "permissions-policy", Value: "camera=()", Override: true },
  ]);
});

test("the firewall stands before it: limits, and rules that leave people's words alone", () => {
  const { Properties } = only(templates, "stack-production-perimeter", "AWS::WAFv2::WebACL");
  assert.equal(Properties.Scope, "CLOUDFRONT");
  assert.ok(config.WebACLId);
  const rule = (name: string) => Properties.Rules.find(({ Name }: any) => Name === name);
  assert.equal(rule("calls").Statement.RateBasedStatement.Limit, 3000);
  assert.equal(rule("sign-ins").Statement.RateBasedStatement.Limit, 200);
  const common = rule("AWSManagedRulesCommonRuleSet").Statement.ManagedRuleGroupStatement.RuleActionOverrides;
  for (const { Name, ActionToUse } of common) {
    assert.match(Name, /_BODY$/);
    assert.deepEqual(ActionToUse, { Count: {} });
  }
});

test("the secret between CloudFront and the API changes every month", () => {
  const { Properties } = only(templates, EDGE, "AWS::SecretsManager::RotationSchedule");
  assert.equal(Properties.RotationRules.AutomaticallyAfterDays, 30);
  assert.ok(Properties.RotationLambdaARN);
});

test("certificates and the firewall are where CloudFront takes them from", () => {
  for (const type of ["AWS::CertificateManager::Certificate", "AWS::WAFv2::WebACL"]) {
    for (const { stack } of find(templates, /./, type)) assert.match(stack, /-perimeter$/);
  }
});

test("an environment without a domain has CloudFront's name and certificate", () => {
  const { DistributionConfig } = only(
    present.templates,
    "stack-developer-edge",
    "AWS::CloudFront::Distribution",
  ).Properties;
  assert.equal(DistributionConfig.Aliases, undefined);
  assert.deepEqual(find(present.templates, /./, "AWS::Route53::HostedZone"), []);
});
