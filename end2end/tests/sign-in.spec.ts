// Getting in, staying in, and getting out.
import { codeFor, createList, expect, otherDevice, saved, signIn, test } from "./stack";

test("a wrong code says so and the right one still works", async ({ page, email }) => {
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "E-mail address", exact: true }).fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  const code = await codeFor(page, email);
  const wrong = code === "000000" ? "000001" : "000000";

  await page.getByRole("textbox", { name: "Code" }).fill(wrong);
  await expect(page.getByRole("alert").filter({ hasText: "This code is not right." })).toBeVisible();

  await page.getByRole("textbox", { name: "Code" }).fill(code);
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
});

test("an address that is none is told before anything is sent", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "E-mail address", exact: true }).fill("nobody");
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /e-mail address/ })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Code" })).toHaveCount(0);
});

test("a reload stays signed in, and signing out leaves nothing behind", { tag: ["@matrix", "@matrix-table"] }, async ({ page, email }) => {
  await signIn(page, email);
  await createList(page, "Private things");
  await saved(page);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Private things" })).toBeVisible();

  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await expect(page.getByRole("textbox", { name: "E-mail address", exact: true })).toBeVisible();
  await page.goto("/today");
  await expect(page.getByRole("textbox", { name: "E-mail address", exact: true })).toBeVisible();
  await expect(page.getByText("Private things")).toHaveCount(0);
});

test("a session ended on one device signs the other out", async ({ page, browser, email }) => {
  await signIn(page, email);
  const other = await otherDevice(browser, email);
  await page.goto("/settings");
  const sessions = page.getByRole("region", { name: "Sessions" }).getByRole("listitem");
  await expect(sessions).toHaveCount(2);

  await page.getByRole("button", { name: "Sign out everywhere else" }).click();

  await expect(sessions).toHaveCount(1);
  await expect(other.getByRole("textbox", { name: "E-mail address", exact: true })).toBeVisible();
});

test("a deleted account is gone, and its address can begin again", async ({ page, email }) => {
  await signIn(page, email);
  await createList(page, "Doomed");
  await saved(page);
  await page.goto("/settings");
  const danger = page.getByRole("region", { name: "Delete account" });
  await danger.getByText("Delete my account").first().click();
  const confirm = danger.getByRole("textbox", { name: "Type your e-mail address to confirm" });
  await confirm.fill("somebody@example.org");
  await confirm.press("Enter");
  await expect(danger.getByRole("alert")).toHaveText("That is not the address of this account.");
  await confirm.fill(email);
  await confirm.press("Enter");
  await expect(page.getByRole("textbox", { name: "E-mail address", exact: true })).toBeVisible();

  await signIn(page, email);
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  await expect(page.getByText("Doomed")).toHaveCount(0);
});
