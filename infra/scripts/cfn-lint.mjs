// Holds the templates that the tests left against cfn-lint, which it installs beside the Node packages.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const home = join(root, "node_modules/.cfn-lint");
const wanted = readFileSync(join(root, "scripts/requirements.txt"), "utf8");

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (error) throw new Error(`\`${program}\` is not on this machine: install Python 3.9 or later with venv`);
  if (status !== 0) process.exit(status ?? 1);
}

const stamp = join(home, "installed");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  run("python3", ["-m", "venv", home]);
  run(join(home, "bin/pip"), [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--requirement",
    "scripts/requirements.txt",
  ]);
  writeFileSync(stamp, wanted);
}
const out = join(root, "cdk.out/test");
// The others are made of the same stacks as production.
const again = /stack-(tenant-one|integration)\//;
const templates = readdirSync(out, { recursive: true }).filter(
  (name) => name.endsWith(".template.json") && !again.test(name),
);
if (templates.length === 0) throw new Error("there are no templates: run `npm run unit` first");
run(join(home, "bin/cfn-lint"), [
  "--config-file",
  ".cfnlintrc.yaml",
  "--",
  ...templates.map((name) => join("cdk.out/test", name)),
]);
console.log(`${templates.length} templates without findings`);
