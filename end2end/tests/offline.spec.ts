// The network goes, the server goes, a second device changes the same things: nothing is lost.
import { add, check, createList, expect, offline, openList, otherDevice, row, saved, signIn, test, titles } from "./stack";

test("two devices show each other's changes", { tag: ["@matrix", "@matrix-table"] }, async ({ page, browser, email }) => {
  await signIn(page, email);
  await createList(page, "Shared by me");
  await add(page, "From the first");
  await saved(page);

  const other = await otherDevice(browser, email);
  await openList(other, "Shared by me");
  await expect(row(other, "From the first")).toBeVisible();
  await add(other, "From the second");
  await expect(row(page, "From the second")).toBeVisible();
});

test("both work offline on the same todo, and both end up the same", async ({ page, context, browser, email }) => {
  await signIn(page, email);
  await createList(page, "Trip");
  await add(page, "Book a train", "Pack");
  await saved(page);
  const other = await otherDevice(browser, email);
  await openList(other, "Trip");
  await expect(row(other, "Pack")).toBeVisible();

  await offline(context, true);
  await row(page, "Book a train").getByRole("link").focus();
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill("Book a night train");
  await page.keyboard.press("Enter");
  await add(page, "Typed without a network");
  await check(other, "Book a train").click();
  await saved(other);
  await offline(context, false);

  for (const device of [page, other]) {
    await expect(row(device, "Typed without a network")).toBeVisible();
    await device.getByRole("button", { name: /^Completed/ }).click();
    await expect(row(device, "Book a night train")).toBeVisible();
    await expect(check(device, "Book a night train")).toBeChecked();
  }
  await saved(page);
  await expect.poll(() => titles(other)).toEqual(await titles(page));
});

test("a refused change is undone with its reason, and the rest stays", async ({ page, context, browser, email }) => {
  await signIn(page, email);
  await createList(page, "Going away");
  await add(page, "Before");
  await saved(page);
  const other = await otherDevice(browser, email);
  await openList(other, "Going away");

  await offline(context, true);
  await add(page, "Too late");
  await other.getByRole("main").getByRole("button", { name: "List options" }).click();
  await other.getByRole("menuitem", { name: "Delete list" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Delete list" }).click();
  await saved(other);
  await offline(context, false);

  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices.getByText("Too late")).toBeVisible();
  await expect(notices.getByText("A change in “Going away” was undone").first()).toBeVisible();
});

test("the server is killed and comes back: nothing acknowledged is gone, nothing unsent is lost", async ({
  browser,
  ownServer,
  email,
}) => {
  const context = await browser.newContext({ baseURL: ownServer.url });
  const page = await context.newPage();
  await signIn(page, email);
  await createList(page, "Survivor");
  await add(page, "Acknowledged");
  await saved(page);

  await ownServer.kill();
  await add(page, "While it was gone");
  await expect(row(page, "While it was gone").getByText("Not saved to the server yet")).toBeAttached();
  await page.reload();
  await expect(row(page, "While it was gone")).toBeVisible();

  await ownServer.start();
  await saved(page);
  const other = await otherDevice(browser, email, ownServer.url);
  await openList(other, "Survivor");
  await expect.poll(() => titles(other)).toEqual(["Acknowledged", "While it was gone"]);
});

test("the second visit starts without the network, deep links too", async ({ page, context, email }) => {
  await signIn(page, email);
  await createList(page, "Pocket");
  await add(page, "Always here");
  await saved(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const address = page.url();

  await offline(context, true);
  await page.goto(address);
  await expect(row(page, "Always here")).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});

test("tabs of one browser show the same, whichever of them talks", async ({ page, context, email }) => {
  await signIn(page, email);
  await createList(page, "Tabs");
  const second = await context.newPage();
  await second.goto(page.url());
  await add(page, "Typed in the first");
  await expect(row(second, "Typed in the first")).toBeVisible();
  await add(second, "Typed in the second");
  await expect(row(page, "Typed in the second")).toBeVisible();

  await page.close();
  await add(second, "After the first was closed");
  await saved(second);
});
