// What a function may do with the one table: these actions, on partitions whose keys begin so.

import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";

/** The index of `server/platform/src/table.rs`, made with the table since it is read strongly consistently. */
export const BY_VERSION = "by-version";

export const READ = ["GetItem", "BatchGetItem", "Query"] as const;
/** Writes alone, in batches and in transactions, for which these are what is asked. */
export const WRITE = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"] as const;

export type Action = (typeof READ)[number] | (typeof WRITE)[number];

/** Key prefixes, as `server/platform/src/key.rs` spells them. */
export type LeadingKey = "EMAIL#*" | "MAIL#*" | "RATE#*" | "USER#*" | "LIST#*" | "SOCKET#*" | "PURGE" | "WORK";

export interface TableAccess {
  actions: readonly Action[];
  keys: readonly LeadingKey[];
  /** Whether the index may be queried too. */
  index?: boolean;
}

export function tableAccess(table: ITable, { actions, keys, index = false }: TableAccess): PolicyStatement[] {
  const conditions = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [...keys] } };
  const allow = (actions: readonly Action[], resource: string) =>
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [resource],
      conditions,
    });
  const statements = [allow(actions, table.tableArn)];
  if (index) statements.push(allow(["Query"], `${table.tableArn}/index/${BY_VERSION}`));
  return statements;
}
