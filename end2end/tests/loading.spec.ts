// Parts of the program that can't be fetched, and a tab that is closed at the wrong moment.
import type { Page } from "@playwright/test";
import { add, codeFor, createList, expect, offline, row, saved, signIn, test } from "./stack";

const PARTS = /\/assets\/(split|chunk)_[^/]*\.wasm$/;

test("a part that can't be fetched says so in its place, and trying again works", async ({ browser, baseURL, email }) => {
  const context = await browser.newContext({ serviceWorkers: "block", ...(baseURL ? { baseURL } : {}) });
  const page = await context.newPage();
  const crashes: string[] = [];
  page.on("pageerror", (error) => crashes.push(String(error)));
  const message = page.getByText("This part could not be loaded").first();
  const again = page.getByRole("button", { name: "Try again" }).first();

  // All that a signed-in user needs.
  await page.goto("/sign-in");
  await page.route(PARTS, (route) => route.abort());
  await page.getByRole("textbox", { name: "E-mail address", exact: true }).fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByRole("textbox", { name: "Code" }).fill(await codeFor(page, email));
  await expect(message).toBeVisible();
  await again.click();
  await expect(message).toBeVisible();
  await page.unroute(PARTS);
  await again.click();
  await expect(page.getByRole("heading", { name: "A clear day" })).toBeVisible();
  await expect(message).toHaveCount(0);

  // A dialog.
  await page.route(PARTS, (route) => route.abort());
  await page.keyboard.press("?");
  await expect(message).toBeVisible();
  await page.unroute(PARTS);
  await again.click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  expect(crashes).toEqual([]);
  await context.close();
});

/** Closes a tab as a person does. Stays if the browser asks; says whether it did. */
async function close(page: Page): Promise<"closed" | "asked"> {
  const closed = page.waitForEvent("close").then(() => "closed" as const);
  const asked = page.waitForEvent("dialog").then(async (dialog) => {
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    // A person takes a moment; the page is done with what it was doing by then.
    await page.evaluate(() => new Promise<void>((done) => requestIdleCallback(() => done())));
    return "asked" as const;
  });
  // Whichever does not come is given up with the page.
  closed.catch(() => {});
  asked.catch(() => {});
  await page.close({ runBeforeUnload: true });
  return Promise.race([closed, asked]);
}

test("an edit right before the tab closes is there the next time", async ({ page, context, email }) => {
  await signIn(page, email);
  await createList(page, "Last words");
  await saved(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await offline(context, true);
  const address = page.url();
  let tab = page;
  for (const title of ["First", "Second", "Third", "Fourth"]) {
    const field = tab.getByRole("textbox", { name: "Add a todo" });
    await field.fill(title);
    await field.press("Enter");
    while ((await close(tab)) === "asked");
    tab = await context.newPage();
    await tab.goto(address);
    await expect(row(tab, title)).toBeVisible();
  }

  // A title that is still being typed.
  await row(tab, "Third").getByRole("link").click();
  const title = tab.getByRole("region", { name: "Todo details" }).getByRole("textbox", { name: "Title" });
  await title.fill("Third time lucky");
  while ((await close(tab)) === "asked");
  tab = await context.newPage();
  await tab.goto(address);
  await expect(row(tab, "Third time lucky")).toBeVisible();
});

test("a browser that stores nothing asks before a change is lost", async ({ page, context, email }) => {
  await page.addInitScript(() => {
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (mode === "readwrite" && document.documentElement.dataset.disk === "full") throw new DOMException("", "QuotaExceededError");
      return transaction.call(this, stores, mode, options);
    };
  });
  await signIn(page, email);
  await createList(page, "Full disk");
  await saved(page);
  await offline(context, true);
  await page.evaluate(() => (document.documentElement.dataset.disk = "full"));
  await add(page, "Nowhere to go");
  await expect(page.getByText("This browser does not let Stack keep data")).toBeVisible();
  expect(await close(page)).toBe("asked");

  await page.evaluate(() => delete document.documentElement.dataset.disk);
  await add(page, "Room again");
  await expect(page.getByText("This browser does not let Stack keep data")).toHaveCount(0);
  expect(await close(page)).toBe("closed");
});
