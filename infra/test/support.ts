// Every template, synthesized once for all tests, over stand-ins for what is built elsewhere.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { assemble } from "../lib/assemble.ts";
import { Checks } from "../lib/checks.ts";

/** Where the templates are left for cfn-lint. */
export const OUT = join(import.meta.dirname, "../cdk.out/test");

const PROGRAMS = [
  "authorizer",
  "gateway",
  "gateway-apollo",
  "account",
  "todo",
  "cleaner",
  "socket",
  "media",
  "maker",
  "notification",
  "analytics",
];

export const HOSTING = {
  pages: [
    { route: "/", file: "index.html" },
    { route: "/lists", file: "lists.html" },
    { route: "/lists/:list", file: "lists/_list.html" },
    { route: "/lists/:list/:todo", file: "lists/_list/_todo.html" },
  ],
  notFound: "404.html",
  headers: {
    "content-security-policy": "default-src 'self'; connect-src 'self'; object-src 'none'",
    "permissions-policy": "camera=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  },
};

/** The folders that stand in for built functions and a built site. */
function standIns(): { lambdas: string; site: string } {
  const folder = mkdtempSync(join(tmpdir(), "stack-infra-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [lambdas, site] = [join(folder, "lambda"), join(folder, "site")];
  for (const program of PROGRAMS) {
    mkdirSync(join(lambdas, program), { recursive: true });
    writeFileSync(join(lambdas, program, "bootstrap.zip"), program);
  }
  mkdirSync(site);
  writeFileSync(join(site, "hosting.json"), JSON.stringify(HOSTING));
  writeFileSync(join(site, HOSTING.notFound), "<!doctype html><title>Not found</title>");
  return { lambdas, site };
}

const { context: flags } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8"));
const folders = standIns();

/** An app as the command line makes it. */
export function app(context: Record<string, string>, outdir?: string): App {
  return new App({ context: { ...flags, ...folders, ...context }, ...(outdir ? { outdir } : {}) });
}

export interface Resource {
  Type: string;
  Properties: Record<string, any>;
  DeletionPolicy?: string;
  UpdatePolicy?: Record<string, unknown>;
  DependsOn?: string[];
}

export interface Found extends Resource {
  id: string;
  stack: string;
}

type Templates = Map<string, Record<string, Resource>>;

function synthesize(name: string, context: Record<string, string>): { templates: Templates; violations: string[] } {
  const made = app(context, join(OUT, name));
  assemble(made);
  const { violations } = new Checks(made).validateScope(made);
  const templates: Templates = new Map();
  collect(made.synth(), templates);
  return {
    templates,
    violations: violations.map(
      ({ ruleName, violatingResources }) => `${ruleName} ${violatingResources[0]?.constructPath}`,
    ),
  };
}

function collect(assembly: CloudAssembly, into: Templates): void {
  for (const nested of assembly.nestedAssemblies) collect(nested.nestedAssembly, into);
  for (const { stackName, template } of assembly.stacks) into.set(stackName, template.Resources ?? {});
}

rmSync(OUT, { recursive: true, force: true });
const everything = { consumers: "true", console: "public" };
/** All environments with all parts, and what stands around them. */
export const whole = synthesize("whole", everything);
/** The preview of a pull request, with the other gateway. */
export const previewed = synthesize("preview", { pr: "7", gateway: "apollo" });
/** A developer's environment as it is deployed to an emulator. */
export const present = synthesize("present", { env: "developer", emulator: "http://127.0.0.1:4566" });

/** The resources of a type in the stacks whose name fits. */
export function find(templates: Templates, stacks: RegExp | string, type: string): Found[] {
  const fits = (name: string) => (typeof stacks === "string" ? name === stacks : stacks.test(name));
  return [...templates].flatMap(([stack, resources]) =>
    fits(stack)
      ? Object.entries(resources).flatMap(([id, resource]) =>
          resource.Type === type ? [{ ...resource, id, stack }] : [],
        )
      : [],
  );
}

/** The one resource of a type in a stack. */
export function only(
  templates: Templates,
  stack: string,
  type: string,
  match: (resource: Found) => boolean = () => true,
): Found {
  const found = find(templates, stack, type).filter(match);
  if (found.length !== 1 || !found[0]) throw new Error(`${stack} has ${found.length} of ${type}`);
  return found[0];
}

/** Every statement of every policy of a role, with where it is from. */
export function statements(
  templates: Templates,
  stacks: RegExp | string,
): { from: string; statement: Record<string, any> }[] {
  return ["AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"].flatMap((type) =>
    find(templates, stacks, type).flatMap(({ id, stack, Properties }) => {
      const documents = [
        Properties.PolicyDocument,
        ...(Properties.Policies ?? []).map((policy: any) => policy.PolicyDocument),
      ];
      return documents
        .filter(Boolean)
        .flatMap(({ Statement }) => Statement.map((statement: any) => ({ from: `${stack}/${id}`, statement })));
    }),
  );
}

export const list = (value: unknown): any[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
