// What no account of the organization may do, whoever asks there: service control policies, as documents.

interface Statement {
  Sid: string;
  Effect: "Deny";
  Action?: string[];
  NotAction?: string[];
  Resource: string;
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface GuardRail {
  name: string;
  description: string;
  document: { Version: string; Statement: Statement[] };
}

/** Services without a region, or whose one region is us-east-1. */
const GLOBAL = [
  "account:*",
  "acm:*",
  "aws-portal:*",
  "billing:*",
  "budgets:*",
  "ce:*",
  "cloudfront:*",
  "consolidatedbilling:*",
  "controltower:*",
  "cur:*",
  "freetier:*",
  "health:*",
  "iam:*",
  "invoicing:*",
  "organizations:*",
  "payments:*",
  "pricing:*",
  "route53:*",
  "route53domains:*",
  "s3:GetAccountPublicAccessBlock",
  "s3:ListAllMyBuckets",
  "shield:*",
  "sso:*",
  "sts:*",
  "support:*",
  "tag:*",
  "tax:*",
  "trustedadvisor:*",
  "waf:*",
  "wafv2:*",
];

/** Who sets an account up, before anybody works in it. */
const SETUP = "arn:aws:iam::*:role/AWSControlTowerExecution";

export function guardRails(regions: string[]): GuardRail[] {
  const exceptSetup = { ArnNotLike: { "aws:PrincipalARN": SETUP } };
  return [
    rail("regions", "Nothing runs outside the regions that the product is in", [
      {
        Sid: "Regions",
        Effect: "Deny",
        NotAction: GLOBAL,
        Resource: "*",
        Condition: { StringNotEquals: { "aws:RequestedRegion": regions }, ...exceptSetup },
      },
    ]),
    rail("no-public-data", "No bucket and no function is open to the world", [
      {
        Sid: "AccountBlock",
        Effect: "Deny",
        Action: ["s3:PutAccountPublicAccessBlock"],
        Resource: "*",
        Condition: exceptSetup,
      },
      {
        Sid: "PublicLists",
        Effect: "Deny",
        Action: ["s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutObject", "s3:CreateBucket"],
        Resource: "*",
        Condition: { StringEquals: { "s3:x-amz-acl": ["public-read", "public-read-write", "authenticated-read"] } },
      },
      {
        Sid: "FunctionUrls",
        Effect: "Deny",
        Action: ["lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"],
        Resource: "*",
        Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
      },
    ]),
    rail("stay", "No account leaves the organization, or is used by its root user", [
      { Sid: "Leave", Effect: "Deny", Action: ["organizations:LeaveOrganization"], Resource: "*" },
      {
        Sid: "Root",
        Effect: "Deny",
        NotAction: ["iam:DeleteVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "sts:*"],
        Resource: "*",
        Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" } },
      },
    ]),
    rail("trail", "What is done is written down, and nobody stops that", [
      {
        Sid: "Trail",
        Effect: "Deny",
        Action: [
          "cloudtrail:StopLogging",
          "cloudtrail:DeleteTrail",
          "cloudtrail:UpdateTrail",
          "cloudtrail:PutEventSelectors",
        ],
        Resource: "*",
        Condition: exceptSetup,
      },
      {
        Sid: "Recorder",
        Effect: "Deny",
        Action: [
          "config:StopConfigurationRecorder",
          "config:DeleteConfigurationRecorder",
          "config:DeleteDeliveryChannel",
        ],
        Resource: "*",
        Condition: exceptSetup,
      },
    ]),
  ];
}

function rail(name: string, description: string, Statement: Statement[]): GuardRail {
  return { name, description, document: { Version: "2012-10-17", Statement } };
}
