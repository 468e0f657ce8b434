// Keeping lists and todos.
import type { Locator, Page } from "@playwright/test";
import { add, check, createList, expect, row, saved, signIn, test, titles } from "./stack";

test.beforeEach(async ({ page, email }) => {
  await signIn(page, email);
  await createList(page, "Garden");
});

test("todos are added, renamed, completed and brought back", async ({ page }) => {
  await add(page, "Plant tulips", "Water the beans", "Rake leaves");
  expect(await titles(page)).toEqual(["Plant tulips", "Water the beans", "Rake leaves"]);

  await row(page, "Water the beans").getByRole("link").focus();
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill("Water the peas");
  await page.keyboard.press("Enter");
  await expect(row(page, "Water the peas")).toBeVisible();

  await check(page, "Plant tulips").click();
  await page.getByRole("button", { name: /^Completed/ }).click();
  await expect(check(page, "Plant tulips")).toBeChecked();
  await check(page, "Plant tulips").click();
  await expect(check(page, "Plant tulips")).not.toBeChecked();

  await saved(page);
  await page.reload();
  await expect(row(page, "Water the peas")).toBeVisible();
  expect(await titles(page)).toEqual(["Plant tulips", "Water the peas", "Rake leaves"]);
});

test("a deleted todo can be taken back", async ({ page }) => {
  await add(page, "Keep me");
  await row(page, "Keep me").getByRole("link").focus();
  await page.keyboard.press("Delete");
  await expect(row(page, "Keep me")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Keep me")).toBeVisible();
});

test("the keyboard reorders, however fast, and the order holds", async ({ page }) => {
  await add(page, "One", "Two", "Three", "Four");
  await row(page, "Four").getByRole("link").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(() => titles(page)).toEqual(["One", "Two", "Four", "Three"]);
  // As a key that is held down: nothing is painted in between.
  for (const _ of [1, 2, 3]) await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => titles(page)).toEqual(["One", "Four", "Two", "Three"]);
  await saved(page);
  await page.reload();
  await expect.poll(() => titles(page)).toEqual(["One", "Four", "Two", "Three"]);
});

/** Takes one thing to the place of another with the mouse. */
async function drag(page: Page, thing: Locator, place: Locator): Promise<void> {
  const [from, to] = [await thing.boundingBox(), await place.boundingBox()];
  if (!from || !to) throw new Error("there is nothing to drag");
  const down = to.y > from.y ? 1 : -1;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2 + down * 10, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2 + down * 6, { steps: 8 });
  await page.mouse.up();
}

test("a row is dragged to its place", async ({ page }) => {
  await add(page, "One", "Two", "Three");
  await drag(page, row(page, "One"), row(page, "Three"));
  await expect.poll(() => titles(page)).toEqual(["Two", "Three", "One"]);
});

test("lists and subtasks are put in another order, by mouse and by keys", async ({ page }) => {
  await createList(page, "Second");
  await createList(page, "Third");
  const lists = page.getByRole("navigation", { name: "Main" }).getByRole("list", { name: "Lists" }).getByRole("link");
  const names = async () => (await lists.allInnerTexts()).map((text) => text.split("\n")[0]?.trim());
  const [first, ...others] = await names();
  expect(others).toEqual(["Second", "Third"]);
  await drag(page, lists.nth(2), lists.nth(0));
  await expect.poll(names).toEqual(["Third", first, "Second"]);
  await lists.nth(0).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(names).toEqual([first, "Third", "Second"]);

  await add(page, "Build a shed");
  await row(page, "Build a shed").getByRole("link").click();
  const field = page.getByRole("textbox", { name: "Add a subtask" });
  for (const step of ["Saw", "Drill", "Paint"]) {
    await field.fill(step);
    await field.press("Enter");
    await expect(field).toHaveValue("");
  }
  const steps = page.getByRole("list", { name: "Subtasks" }).getByRole("textbox", { name: "Title" });
  const order = () => steps.evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
  await steps.nth(2).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(order).toEqual(["Saw", "Paint", "Drill"]);
  await saved(page);
  await page.reload();
  await expect.poll(names).toEqual([first, "Third", "Second"]);
  await expect.poll(order).toEqual(["Saw", "Paint", "Drill"]);
});

test("details: notes in Markdown, a due date, subtasks", async ({ page }) => {
  await add(page, "Build a shed");
  await row(page, "Build a shed").getByRole("link").click();
  const detail = page.getByRole("region", { name: "Todo details" });
  await expect(detail).toBeVisible();
  await expect(page).toHaveURL(/\/lists\/[0-9a-f-]+\/[0-9a-f-]+$/);

  await detail.getByRole("button", { name: /notes/i }).click();
  await detail.getByRole("textbox", { name: "Notes" }).fill("Buy **wood** <img src=x onerror=alert(1)>\n\n[bad](javascript:alert(1))");
  await detail.getByRole("textbox", { name: "Notes" }).blur();
  await expect(detail.getByText("wood", { exact: true })).toHaveCSS("font-weight", /[6-9]00/);
  await expect(detail.locator("img")).toHaveCount(0);
  await expect(detail.locator('a[href^="javascript"]')).toHaveCount(0);

  const subtask = detail.getByRole("textbox", { name: "Add a subtask" });
  await subtask.fill("Draw a plan");
  await subtask.press("Enter");
  await subtask.fill("Ask the neighbours");
  await subtask.press("Enter");
  await detail.getByRole("checkbox", { name: "“Draw a plan”" }).click();
  await expect(row(page, "Build a shed").getByText("1 of 2 subtasks done")).toBeAttached();

  await detail.getByRole("button", { name: "Add a due date" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Tomorrow/ }).click();
  await expect(row(page, "Build a shed").getByText("Tomorrow")).toBeVisible();
  await page.goBack();
  await expect(detail).toHaveCount(0);
});

test("dates are read out of what is typed, and today gathers them", async ({ page }) => {
  await add(page, "Feed the birds today", "Order seeds tomorrow");
  await expect(row(page, "Feed the birds").getByText("Today")).toBeVisible();
  await expect(row(page, "Order seeds").getByText("Tomorrow")).toBeVisible();

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Today/ }).click();
  await expect(row(page, "Feed the birds")).toBeVisible();
  await expect(row(page, "Order seeds")).toHaveCount(0);
});

test("a list is renamed, archived, taken out again and deleted", async ({ page }) => {
  const menu = async (item: string) => {
    await page.getByRole("main").getByRole("button", { name: "List options" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Edit list");
  const dialog = page.getByRole("dialog", { name: "Edit list" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Allotment");
  await dialog.getByRole("radio", { name: "Green" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Allotment" })).toBeVisible();

  await menu("Archive");
  await expect(page.getByText("This list is archived.")).toBeVisible();
  await page.getByRole("button", { name: "Take out of the archive" }).click();
  await expect(page.getByText("This list is archived.")).toHaveCount(0);

  await menu("Delete list");
  await page.getByRole("dialog").getByRole("button", { name: "Delete list" }).click();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Allotment" })).toHaveCount(0);
});

test("a title that is too long is told and kept", async ({ page }) => {
  const field = page.getByRole("textbox", { name: "Add a todo" });
  const long = "x".repeat(501);
  await field.fill(long);
  await field.press("Enter");
  await expect(page.getByText(/1 character too many|too long/)).toBeVisible();
  await expect(field).toHaveValue(long);
});

test("every key is listed, and the palette finds a todo", async ({ page }) => {
  await add(page, "Sharpen the shears");
  await row(page, "Sharpen the shears").getByRole("link").focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").fill("shears");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Todo details" })).toBeVisible();
});
