// Bringing todos in from elsewhere, ten thousand of them, and taking them out again.
import { readFileSync } from "node:fs";
import { createList, expect, openList, row, saved, signIn, test } from "./stack";

test("a todo.txt comes in, with what could not be taken said line by line", async ({ page, email }) => {
  await signIn(page, email);
  await page.goto("/import");
  await page.getByLabel("Choose a file").setInputFiles({
    name: "todo.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("(A) Call Mum +Family due:2026-12-24\nx 2026-11-01 Buy bread\n\nשלום 👋 +Family\n"),
  });
  await page.getByRole("button", { name: /^Import 3 todos/ }).click();
  await expect(page.getByText("Import finished")).toBeVisible();
  await openList(page, "Family");
  await expect(row(page, "Call Mum")).toBeVisible();
  await expect(row(page, "שלום 👋")).toBeVisible();
});

test("a file that holds no todos is refused in words", async ({ page, email }) => {
  await signIn(page, email);
  await page.goto("/import");
  await page.getByLabel("Choose a file").setInputFiles({
    name: "todo.csv",
    mimeType: "text/csv",
    buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  });
  await expect(page.getByRole("alert")).toBeVisible();
});

test("ten thousand todos scroll, with only those in sight in the page", async ({ page, email }) => {
  test.setTimeout(120_000);
  await signIn(page, email);
  await page.goto("/import");
  const lines = Array.from({ length: 10_000 }, (_, index) => `Todo number ${index + 1} +Many`).join("\n");
  await page.getByLabel("Choose a file").setInputFiles({
    name: "todo.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(lines),
  });
  await page.getByRole("button", { name: /^Import 10,000 todos/ }).click();
  await expect(page.getByText("Import finished")).toBeVisible({ timeout: 60_000 });
  await openList(page, "Many");
  await expect(row(page, "Todo number 1").first()).toBeVisible();
  expect(await page.getByRole("main").getByRole("listitem").count()).toBeLessThan(120);

  await row(page, "Todo number 1").first().getByRole("link").focus();
  await page.keyboard.press("End");
  await expect(row(page, "Todo number 10000")).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(row(page, "Todo number 1").first()).toBeInViewport();
});

test("what is exported comes in again as it was", async ({ page, browser, email, baseURL }) => {
  await signIn(page, email);
  await createList(page, "Round trip");
  await page.getByRole("textbox", { name: "Add a todo" }).fill("“Quotes”, commas; and 👩‍🚀");
  await page.keyboard.press("Enter");
  await saved(page);
  await page.goto("/import");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON" }).click();
  const file = readFileSync(await (await download).path());

  const context = await browser.newContext(baseURL ? { baseURL } : {});
  const other = await context.newPage();
  await signIn(other, `other-${email}`);
  await other.goto("/import");
  await other.getByLabel("Choose a file").setInputFiles({ name: "stack.json", mimeType: "application/json", buffer: file });
  await other.getByRole("button", { name: /^Import 1 todo/ }).click();
  await expect(other.getByText("Import finished")).toBeVisible();
  await openList(other, "Round trip");
  await expect(row(other, "“Quotes”, commas; and 👩‍🚀")).toBeVisible();
});

test("the same file again: nothing twice while its lists are there, all of it after they were deleted", async ({ page, email }) => {
  await signIn(page, email);
  const file = { name: "todo.txt", mimeType: "text/plain", buffer: Buffer.from("Call Mum +Family\nBuy bread +Shopping\n") };
  const bring = async () => {
    await page.goto("/import");
    await page.getByLabel("Choose a file").setInputFiles(file);
    await page.getByRole("button", { name: /^Import 2 todos/ }).click();
    await expect(page.getByText("Import finished")).toBeVisible();
    await saved(page);
  };
  const lists = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Family|Shopping/ });
  await bring();
  await bring();
  await expect(lists).toHaveCount(2);

  await openList(page, "Family");
  await page.getByRole("main").getByRole("button", { name: "List options" }).click();
  await page.getByRole("menuitem", { name: "Delete list" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete list" }).click();
  await saved(page);
  await expect(lists).toHaveCount(1);

  await bring();
  await expect(lists).toHaveCount(2);
  await openList(page, "Family");
  await expect(row(page, "Call Mum")).toBeVisible();
  await expect(page.getByRole("region", { name: "Notices" }).getByRole("article")).toHaveCount(0);
  await page.reload();
  await expect(row(page, "Call Mum")).toHaveCount(1);
});
