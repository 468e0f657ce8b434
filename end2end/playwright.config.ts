// Where the product is and which browser opens it. `cargo xtask test --only end2end` sets the variables; with the
// site and server built, `npx playwright test` works by itself too. `STACK_URL` names a deployed one instead.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineConfig, devices } from "@playwright/test";
import chromium from "./chromium.json" with { type: "json" };

const root = resolve(import.meta.dirname, "..");
const server = process.env.STACK_SERVER ?? join(root, "target/debug/server");
const site = process.env.STACK_SITE ?? join(root, "target/site");
const port = process.env.STACK_PORT ?? "8123";
const deployed = process.env.STACK_URL;
// Each worker process reads this file again: they must all see one data folder, which goes with the process that made it.
const data = (process.env.STACK_DATA ??= ownFolder());

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"]],
  // An emulator starts a process for a function's first call.
  timeout: deployed ? 180_000 : 60_000,
  // Machines that run this are slow and shared; nothing here is about speed.
  expect: { timeout: 15_000 },
  use: {
    baseURL: deployed ?? `http://localhost:${port}`,
    trace: "retain-on-failure",
  },
  projects: [
    {
      name: "desktop",
      use: {
        ...devices["Desktop Chrome"],
        launchOptions: {
          executablePath: process.env.CHROMIUM,
          args: chromium.flags,
        },
      },
    },
  ],
  ...(deployed
    ? // What only the client does is the same wherever it is served from.
      { grepInvert: /@client/, testIgnore: /(loading|several|touch|updates)\.spec\.ts/ }
    : {
        webServer: {
          command: `"${server}" serve --port ${port} --data "${data}" --site "${site}"`,
          url: `http://localhost:${port}/healthz`,
          reuseExistingServer: false,
          gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
        },
      }),
});

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stack-end2end-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
