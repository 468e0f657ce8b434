// What the specs share: a server of one's own, signing in, and finding things as a person would call them.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test as base, type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";

const root = resolve(import.meta.dirname, "../..");
const binary = process.env.STACK_SERVER ?? join(root, "target/debug/server");
/** The folder of the built site. */
export const site = process.env.STACK_SITE ?? join(root, "target/site");

/** A server with a data folder of its own, which a spec may stop, kill and start again. */
export class Server {
  private process: ChildProcess | undefined;
  private readonly data = mkdtempSync(join(tmpdir(), "stack-data-"));
  private constructor(
    readonly port: number,
    private readonly site: string,
  ) {}

  static async start(folder = site): Promise<Server> {
    const server = new Server(await freePort(), folder);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ["serve", "--port", String(this.port), "--data", this.data, "--site", this.site];
    const process = spawn(binary, args, { stdio: "ignore" });
    this.process = process;
    await expect
      .poll(async () => {
        if (process.exitCode !== null) throw new Error(`the server ended with ${process.exitCode}`);
        return fetch(`${this.url}/healthz`).then((answer) => answer.status, () => 0);
      })
      .toBe(204);
  }

  /** Ends the process at once, as a power cut would. */
  async kill(): Promise<void> {
    const process = this.process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** `ownServer` is for specs that stop it; `email` is an address nobody else uses. */
export const test = base.extend<{ ownServer: Server; email: string }>({
  // biome-ignore lint: Playwright reads the names of the first parameter.
  ownServer: async ({}, use, info) => {
    info.skip(process.env.STACK_URL !== undefined, "It stops its server.");
    const server = await Server.start();
    await use(server);
    await server.remove();
  },
  email: async ({}, use, info) => {
    await use(`person-${info.workerIndex}-${Date.now()}-${Math.random().toString(36).slice(2, 8)}@example.org`);
  },
});
export { expect };

interface Mail {
  to: string;
  text: string;
}

/** The text of the newest mail to an address: a deployment keeps it in its table, one machine shows it. */
async function mailTo(page: Page, email: string): Promise<string | undefined> {
  const table = process.env.STACK_TABLE;
  if (table) {
    const { DynamoDBClient, GetItemCommand } = await import("@aws-sdk/client-dynamodb");
    const Key = { pk: { S: `MAIL#${email}` }, sk: { S: "LAST" } };
    const kept = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return kept.Item?.text?.S;
  }
  const answer = await page.request.get("/dev/mail?format=json");
  const mails = (await answer.json()) as Mail[];
  return mails.find((each) => each.to === email)?.text;
}

/** The newest sign-in code sent to an address, once it is there. */
export async function codeFor(page: Page, email: string): Promise<string> {
  let code = "";
  await expect
    .poll(async () => {
      code = (await mailTo(page, email))?.match(/\b\d{6}\b/)?.[0] ?? "";
      return code;
    })
    .toMatch(/^\d{6}$/);
  return code;
}

export async function signIn(page: Page, email: string, address = "/"): Promise<void> {
  await page.goto(address);
  await page.getByRole("textbox", { name: "E-mail address", exact: true }).fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page.getByRole("textbox", { name: "Code" })).toBeVisible();
  await page.getByRole("textbox", { name: "Code" }).fill(await codeFor(page, email));
  await expect(page.getByRole("navigation", { name: "Main" }).first()).toBeVisible();
}

/** The same person on another device. */
export async function otherDevice(browser: Browser, email: string, baseURL?: string): Promise<Page> {
  const context = await browser.newContext(baseURL ? { baseURL } : {});
  const page = await context.newPage();
  await signIn(page, email);
  return page;
}

export async function createList(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "New list" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New list" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(title);
  await dialog.getByRole("button", { name: "Create list" }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
}

export async function openList(page: Page, title: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
}

/** Adds todos to the open list, on a phone by its floating button. */
export async function add(page: Page, ...titles: string[]): Promise<void> {
  if ((page.viewportSize()?.width ?? 0) < 700) {
    for (const title of titles) {
      await page.getByRole("button", { name: "Add a todo" }).last().click();
      const dialog = page.getByRole("dialog", { name: "Quick add" });
      await dialog.getByRole("textbox", { name: "Add a todo" }).fill(title);
      await dialog.getByRole("textbox", { name: "Add a todo" }).press("Enter");
      await expect(dialog).toHaveCount(0);
    }
    return;
  }
  const field = page.getByRole("textbox", { name: "Add a todo" });
  for (const title of titles) {
    await field.fill(title);
    await field.press("Enter");
    await expect(field).toHaveValue("");
  }
}

/** A todo's row. */
export function row(page: Page, title: string): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("link", { name: title }) });
}

export function check(page: Page, title: string): Locator {
  return page.getByRole("main").getByRole("checkbox", { name: `“${title}”` }).first();
}

/** The titles of the open list's rows, from top to bottom. */
export async function titles(page: Page): Promise<string[]> {
  const items = page.getByRole("main").getByRole("listitem");
  const all = await items.evaluateAll((rows) =>
    rows
      .map((row) => ({ place: Number(row.getAttribute("aria-posinset")), title: row.querySelector("a .title")?.textContent }))
      .filter((row) => row.title)
      .sort((a, b) => a.place - b.place)
      .map((row) => row.title as string),
  );
  return all;
}

/** Waits until the server has everything this page has. */
export async function saved(page: Page): Promise<void> {
  await expect(page.locator('[data-unsaved]:not([data-unsaved="0"])')).toHaveCount(0);
  await expect(page.getByText(/not saved yet|Not saved to the server yet|^Offline/)).toHaveCount(0);
}

export async function offline(context: BrowserContext, is: boolean): Promise<void> {
  await context.setOffline(is);
}
