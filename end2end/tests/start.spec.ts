// What a person sees who opens the product for the first time.
import { expect, test } from "@playwright/test";

test("a stranger is asked to sign in", async ({ page }) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));

  await page.goto("/");

  await expect(page.getByRole("textbox", { name: /e-mail/i })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect(complaints).toEqual([]);
});
