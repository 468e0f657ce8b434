// Doing one thing to several todos.
import type { Page } from "@playwright/test";
import { add, check, createList, expect, row, saved, signIn, test, titles } from "./stack";

test.beforeEach(async ({ page, email }) => {
  await signIn(page, email);
  await createList(page, "Garden");
  await add(page, "One", "Two", "Three", "Four", "Five");
});

const bar = (page: Page) => page.getByRole("toolbar", { name: "Selected todos" });
const link = (page: Page, title: string) => row(page, title).getByRole("link");

test("the mouse selects a range and single ones, and all are deleted and brought back at once", async ({ page }) => {
  await link(page, "One").click({ modifiers: ["ControlOrMeta"] });
  await link(page, "Three").click({ modifiers: ["Shift"] });
  await expect(bar(page).getByText("3 selected")).toBeVisible();
  await link(page, "Two").click({ modifiers: ["ControlOrMeta"] });
  await link(page, "Five").click({ modifiers: ["ControlOrMeta"] });
  await expect(bar(page).getByText("3 selected")).toBeVisible();
  await expect(link(page, "Two")).not.toContainText("Selected");
  await expect(link(page, "Five")).toContainText("Selected");

  await bar(page).getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => titles(page)).toEqual(["Two", "Four"]);
  await expect(bar(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => titles(page)).toEqual(["One", "Two", "Three", "Four", "Five"]);
  await saved(page);
  await page.reload();
  await expect.poll(() => titles(page)).toEqual(["One", "Two", "Three", "Four", "Five"]);
});

test("the keyboard selects and completes, and one undo opens all again", async ({ page }) => {
  await link(page, "Two").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(bar(page).getByText("2 selected")).toBeVisible();
  await link(page, "Five").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Space");
  await expect.poll(() => titles(page)).toEqual(["One", "Four"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => titles(page)).toEqual(["One", "Two", "Three", "Four", "Five"]);
  await expect(check(page, "Five")).not.toBeChecked();
});

test("all get one day, and Escape selects nothing", async ({ page }) => {
  await link(page, "Two").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await expect(bar(page).getByText("5 selected")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(bar(page)).toHaveCount(0);

  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("d");
  await page.getByRole("dialog").getByRole("button", { name: /Tomorrow/ }).click();
  await expect(row(page, "Two").getByText("Tomorrow")).toBeVisible();
  await expect(row(page, "Three").getByText("Tomorrow")).toBeVisible();
  await expect(row(page, "Four").getByText("Tomorrow")).toHaveCount(0);
  await expect(bar(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("main").getByText("Tomorrow")).toHaveCount(0);
});

test("a plain click opens a todo and ends the selection", async ({ page }) => {
  await link(page, "One").click({ modifiers: ["ControlOrMeta"] });
  await expect(page).toHaveURL(/\/lists\/[0-9a-f-]+$/);
  await link(page, "Two").click();
  await expect(page.getByRole("region", { name: "Todo details" })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});
