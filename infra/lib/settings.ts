// What is decided anew for each synthesis, from `-c name=value`.

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Node } from "constructs";
import type { Gateway } from "./environment.ts";

export interface Settings {
  /** The folder of the built functions: `<name>/bootstrap.zip` for each. */
  lambdas: string;
  /** The folder of the built site. */
  site: string;
  /** What the functions are built for. */
  arch: "arm64" | "x86_64";
  /** Which gateway answers `/graphql`, where it is not to be the one that the environment names. */
  gateway?: Gateway;
  /** The address of the emulator that is deployed to: what it refuses or hangs on is left out. */
  emulator?: string;
  /** Whether the consumers of events have code by now. */
  consumers: boolean;
  /** The internal console's built site; without it there is no console. */
  console?: string;
}

const root = resolve(import.meta.dirname, "../..");

export function settings(node: Node): Settings {
  const text = (name: string, otherwise: string) => String(node.tryGetContext(name) ?? otherwise);
  const flag = (name: string) => text(name, "false") === "true";
  const folder = (name: string, otherwise: string) => resolve(root, text(name, otherwise));
  const console = node.tryGetContext("console");
  const emulator = node.tryGetContext("emulator");
  const gateway = node.tryGetContext("gateway");
  return {
    lambdas: folder("lambdas", "target/lambda"),
    site: folder("site", "target/site"),
    arch: oneOf("arch", text("arch", "arm64"), ["arm64", "x86_64"]),
    consumers: flag("consumers"),
    ...(gateway ? { gateway: oneOf<Gateway>("gateway", String(gateway), ["own", "apollo"]) } : {}),
    ...(emulator ? { emulator: new URL(String(emulator)).origin } : {}),
    ...(console ? { console: resolve(root, String(console)) } : {}),
  };
}

function oneOf<T extends string>(name: string, given: string, allowed: T[]): T {
  const found = allowed.find((value) => value === given);
  if (!found) throw new Error(`-c ${name}=${given}: it must be one of ${allowed.join(", ")}`);
  return found;
}

/** How the site's folder says that it is to be served. */
export interface Hosting {
  pages: { route: string; file: string }[];
  notFound: string;
  headers: Record<string, string>;
}

/** Reads `hosting.json` and the page for addresses that lead nowhere. */
export function readSite(folder: string): { hosting: Hosting; notFound: string } {
  const file = join(folder, "hosting.json");
  if (!existsSync(file)) {
    throw new Error(
      `there is no built site at ${folder}: run \`cargo xtask site\`, or say where it is with -c site=FOLDER`,
    );
  }
  const hosting = JSON.parse(readFileSync(file, "utf8")) as Hosting;
  return { hosting, notFound: readFileSync(join(folder, hosting.notFound), "utf8") };
}
