// Addresses, sizes, themes: every place is reachable, usable by all, and looks as it should.
import AxeBuilder from "@axe-core/playwright";
import { photo } from "./files";
import { add, createList, expect, row, saved, signIn, test } from "./stack";

test("an address that leads nowhere says so, with the right status", async ({ page }) => {
  const answer = await page.goto("/no/such/place");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
});

test("the page paints before the program arrives, and whoever was here before sees the lists' skeleton", async ({
  browser,
  baseURL,
  email,
}) => {
  const context = await browser.newContext({ serviceWorkers: "block", ...(baseURL ? { baseURL } : {}) });
  const page = await context.newPage();
  await page.route("**/assets/*.wasm", (route) => route.abort());
  await page.goto("/");
  await expect(page.locator(".greeting")).toBeVisible();
  await page.unrouteAll();

  await signIn(page, email);
  await page.route("**/assets/*.wasm", (route) => route.abort());
  await page.goto("/today");
  await expect(page.getByRole("main").getByRole("heading", { name: "Today" })).toBeVisible();
  await context.close();
});

test("nothing from elsewhere may run: the headers say so", async ({ request }) => {
  const answer = await request.get("/today");
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});

for (const [name, width, height] of [["desktop", 1440, 900], ["tablet", 820, 1180], ["phone", 390, 844]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`everybody can use it: ${name}, ${colorScheme}`, { tag: "@client" }, async ({ browser, baseURL, email }) => {
      test.setTimeout(180_000);
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
        ...(baseURL ? { baseURL } : {}),
      });
      const page = await context.newPage();
      const violations = async () =>
        (await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze()).violations
          .map((violation) => `${page.url()}: ${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`);
      await page.goto("/sign-in");
      await expect(page.getByRole("textbox", { name: "E-mail address", exact: true })).toBeVisible();
      expect(await violations()).toEqual([]);

      await signIn(page, email);
      if (name === "phone") await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Lists" }).click();
      await createList(page, "Everybody");
      await add(page, "Something due yesterday today", "Something else");
      await saved(page);
      expect(await violations()).toEqual([]);

      await row(page, "Something else").getByRole("link").click();
      await expect(page.getByRole("region", { name: "Todo details" })).toBeVisible();
      const details = page.getByRole("region", { name: "Todo details" });
      await details.getByLabel("Add photos or videos").setInputFiles(await photo(page, "leaf.jpg"));
      await details.getByRole("button", { name: "Photo: leaf.jpg", exact: true }).click({ timeout: 60_000 });
      await expect(page.getByRole("dialog", { name: "Photos and videos" })).toBeVisible();
      expect(await violations()).toEqual([]);
      await page.keyboard.press("Escape");
      expect(await violations()).toEqual([]);

      for (const place of ["/today", "/gallery", "/settings", "/import"]) {
        await page.goto(place);
        await expect(page.getByRole("heading").first()).toBeVisible();
        await expect(page.getByRole("main")).toBeVisible();
        expect(await violations()).toEqual([]);
      }
      await context.close();
    });
  }
}
