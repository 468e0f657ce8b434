// A phone: fingers instead of a mouse.
import type { Locator, Page } from "@playwright/test";
import { add, check, createList, expect, row, saved, signIn, test, titles } from "./stack";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test.beforeEach(async ({ page, email }) => {
  await signIn(page, email);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Lists" }).tap();
  await createList(page, "Garden");
  // On a phone a new todo comes first.
  await add(page, "Order seeds", "Rake leaves", "Plant tulips");
  await expect.poll(() => titles(page)).toEqual(["Plant tulips", "Rake leaves", "Order seeds"]);
});

/** One finger: where it comes down, then each place it moves to. It stays until lifted. */
class Finger {
  private constructor(
    private readonly send: (type: string, points: { x: number; y: number }[]) => Promise<unknown>,
    private x: number,
    private y: number,
  ) {}

  static async on(page: Page, target: Locator): Promise<Finger> {
    const box = await target.boundingBox();
    if (!box) throw new Error("there is nothing to touch");
    const session = await page.context().newCDPSession(page);
    const send = (type: string, touchPoints: { x: number; y: number }[]) =>
      session.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints });
    const finger = new Finger(send, box.x + box.width / 2, box.y + box.height / 2);
    await send("touchStart", [{ x: finger.x, y: finger.y }]);
    return finger;
  }

  async move(dx: number, dy: number): Promise<void> {
    const steps = 8;
    for (let step = 0; step < steps; step += 1) {
      this.x += dx / steps;
      this.y += dy / steps;
      await this.send("touchMove", [{ x: this.x, y: this.y }]);
    }
  }

  async lift(): Promise<void> {
    await this.send("touchEnd", []);
  }
}

test("a swipe to the right completes, and a short one does not", async ({ page }) => {
  const short = await Finger.on(page, row(page, "Rake leaves"));
  await short.move(50, 0);
  await short.lift();
  const long = await Finger.on(page, row(page, "Plant tulips"));
  await long.move(130, 0);
  await long.lift();
  await expect(page.getByRole("button", { name: /^Completed/ })).toBeVisible();
  await expect.poll(() => titles(page)).toEqual(["Rake leaves", "Order seeds"]);
  await expect(page).toHaveURL(/\/lists\/[0-9a-f-]+$/);
});

test("a swipe to the left shows what else can be done", async ({ page }) => {
  const finger = await Finger.on(page, row(page, "Order seeds"));
  await finger.move(-150, 0);
  await finger.lift();
  await row(page, "Order seeds").getByRole("button", { name: "Schedule" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: /Tomorrow/ }).tap();
  await expect(row(page, "Order seeds").getByText("Tomorrow")).toBeVisible();

  const again = await Finger.on(page, row(page, "Rake leaves"));
  await again.move(-150, 0);
  await again.lift();
  await row(page, "Rake leaves").getByRole("button", { name: "Delete" }).tap();
  await expect(row(page, "Rake leaves")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).tap();
  await expect(row(page, "Rake leaves")).toBeVisible();
});

test("a long press lifts a row, which then follows the finger", async ({ page }) => {
  const finger = await Finger.on(page, row(page, "Plant tulips"));
  await expect(page.locator(".slot.lifted")).toBeVisible();
  const height = (await row(page, "Rake leaves").boundingBox())?.height ?? 0;
  await finger.move(0, height * 2);
  await finger.lift();
  await expect.poll(() => titles(page)).toEqual(["Rake leaves", "Order seeds", "Plant tulips"]);
  await saved(page);
  await page.reload();
  await expect.poll(() => titles(page)).toEqual(["Rake leaves", "Order seeds", "Plant tulips"]);
});

test("a long press selects a row, and then taps select more", async ({ page }) => {
  const finger = await Finger.on(page, row(page, "Plant tulips"));
  await expect(page.locator(".slot.lifted")).toBeVisible();
  await finger.lift();
  const bar = page.getByRole("toolbar", { name: "Selected todos" });
  await expect(bar.getByText("1 selected")).toBeVisible();
  await row(page, "Order seeds").getByRole("link").tap();
  await expect(bar.getByText("2 selected")).toBeVisible();
  await bar.getByRole("button", { name: "Complete" }).tap();
  await expect.poll(() => titles(page)).toEqual(["Rake leaves"]);
  await page.getByRole("button", { name: "Undo" }).tap();
  await expect.poll(() => titles(page)).toEqual(["Plant tulips", "Rake leaves", "Order seeds"]);
});

test("pulling the list down asks the server what is new, and a short pull does not", async ({ page }) => {
  await saved(page);
  let asked = 0;
  page.on("request", (request) => {
    if (/\bheads\b/.test(request.postData() ?? "")) asked += 1;
  });
  const short = await Finger.on(page, page.getByRole("heading", { name: "Garden" }));
  await short.move(0, 60);
  await expect(page.locator(".pull-mark")).toBeVisible();
  await short.lift();
  await expect(page.locator(".pull-mark")).toHaveCount(0);
  expect(asked).toBe(0);
  const long = await Finger.on(page, page.getByRole("heading", { name: "Garden" }));
  await long.move(0, 200);
  await long.lift();
  await expect.poll(() => asked).toBe(1);
  await expect(page.locator(".pull-mark")).toHaveCount(0);
});

test("a tap opens a todo, and back closes it", async ({ page }) => {
  await row(page, "Rake leaves").getByRole("link").tap();
  const detail = page.getByRole("region", { name: "Todo details" });
  await expect(detail).toBeVisible();
  await detail.getByRole("button", { name: "Back" }).or(detail.getByRole("link", { name: "Back" })).first().tap();
  await expect(detail).toHaveCount(0);
  await check(page, "Rake leaves").tap();
  await expect.poll(() => titles(page)).toEqual(["Plant tulips", "Order seeds"]);
});
