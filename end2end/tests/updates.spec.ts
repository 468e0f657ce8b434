// A new version of the site: it is offered rather than forced, and what was just typed outlives the change.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, createList, expect, row, saved, Server, signIn, site, test } from "./stack";

/** Turns a copy of the site into another version of it, whose pages say so. */
function renew(folder: string): void {
  const change = (name: string, edit: (text: string) => string) => {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    expect(edit(text)).not.toBe(text);
    writeFileSync(file, edit(text));
    for (const form of ["br", "gz"]) rmSync(`${file}.${form}`, { force: true });
  };
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".html")) change(name, (text) => text.replace("</head>", '<meta name="version" content="second"></head>'));
  }
  change("sw.js", (text) => text.replace(/version:"[0-9a-f]{16}"/, 'version:"second"'));
}

test("a new version is offered, and taking it keeps what is not saved yet", async ({ browser, email }) => {
  const folder = mkdtempSync(join(tmpdir(), "stack-site-"));
  cpSync(site, folder, { recursive: true });
  const server = await Server.start(folder);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  const version = page.locator('meta[name="version"]');
  await signIn(page, email);
  await createList(page, "Versions");
  await add(page, "With the first");
  await saved(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await server.kill();
  renew(folder);
  await server.start();
  await page.reload();
  await expect(page.getByText("A new version is ready")).toBeVisible();
  // Until it is taken, the old one goes on.
  await expect(version).toHaveCount(0);

  await server.kill();
  await add(page, "Just before the second");
  await page.getByRole("button", { name: "Update" }).click();
  await expect(version).toHaveAttribute("content", "second");
  await expect(row(page, "Just before the second")).toBeVisible();
  await expect(page.getByText("A new version is ready")).toHaveCount(0);

  await server.start();
  await saved(page);
  await expect(row(page, "With the first")).toBeVisible();
  await context.close();
  await server.remove();
  rmSync(folder, { recursive: true });
});
