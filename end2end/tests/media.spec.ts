// Photos and videos: from the picker to every device, and who can't see them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Locator, type Page } from "@playwright/test";
import browserFlags from "../chromium.json" with { type: "json" };
import { blinking, canFilm, film, photo, sidewaysInGreenwich } from "./files";
import { add, createList, expect, offline, openList, otherDevice, row, saved, signIn, test } from "./stack";

const ADD = "Add photos or videos";

async function withTodo(page: Page, email: string): Promise<void> {
  await signIn(page, email);
  await createList(page, "Garden");
  await add(page, "Plant tulips");
  await row(page, "Plant tulips").getByRole("link").click();
  await expect(detail(page)).toBeVisible();
}

function detail(page: Page): Locator {
  return page.getByRole("region", { name: "Todo details" });
}

function tiles(page: Page): Locator {
  return detail(page).getByRole("list", { name: "Photos and videos" }).getByRole("listitem");
}

/** Waits until a tile says just this: a file's name alone, once it is ready. */
async function ready(page: Page, name: string): Promise<void> {
  await expect(detail(page).getByRole("button", { name, exact: true })).toBeVisible({ timeout: 60_000 });
}

function lightbox(page: Page): Locator {
  return page.getByRole("dialog", { name: "Photos and videos" });
}

/** The picture that the lightbox shows, as soon as it is the server's and has loaded. */
async function sharp(page: Page): Promise<string> {
  const picture = lightbox(page).locator(".slide.current img").last();
  let source = "";
  await expect
    .poll(async () => {
      const shown = await picture.evaluate((image: HTMLImageElement) => [image.currentSrc, image.naturalWidth] as const);
      source = shown[0];
      return shown[1] > 0 && new URL(source).pathname.startsWith("/media/");
    })
    .toBe(true);
  return source;
}

/** The colours in the corners of a picture, from the top left one clockwise, and its size. */
async function corners(page: Page, source: string): Promise<{ colours: string[]; size: [number, number] }> {
  return page.evaluate(async (source) => {
    const picture = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(picture, 0, 0);
    const at = (x: number, y: number) => {
      const [red, green, blue] = context.getImageData(x * picture.width, y * picture.height, 1, 1).data;
      const high = [red, green, blue].map((value) => ((value ?? 0) > 128 ? 1 : 0)).join("");
      return { "100": "red", "010": "lime", "111": "white", "001": "blue" }[high] ?? high;
    };
    const colours = [at(0.25, 0.25), at(0.75, 0.25), at(0.75, 0.75), at(0.25, 0.75)];
    return { colours, size: [picture.width, picture.height] as [number, number] };
  }, source);
}

test("a photo shows at once, and upright and without its place on another device", { tag: "@matrix" }, async ({ page, browser, baseURL, email }) => {
  await withTodo(page, email);
  const file = await photo(page, "holiday.jpg", sidewaysInGreenwich());
  expect(file.buffer.includes("Exif")).toBe(true);
  await detail(page).getByLabel(ADD).setInputFiles(file);
  await expect(tiles(page)).toHaveCount(1);
  await expect(tiles(page).locator("img").first()).toHaveAttribute("src", /^blob:/);
  await ready(page, "Photo: holiday.jpg");

  const other = await otherDevice(browser, email, baseURL);
  await openList(other, "Garden");
  await expect(row(other, "Plant tulips").getByText("1 photo or video")).toBeAttached();
  await row(other, "Plant tulips").getByRole("link").click();
  await detail(other).getByRole("button", { name: "Photo: holiday.jpg" }).click();
  const source = await sharp(other);
  // A camera turned to the left: what it wrote as red, lime, white, blue stands on its side.
  expect(await corners(other, source)).toEqual({ colours: ["blue", "red", "lime", "white"], size: [800, 1200] });
  const bytes = await (await other.request.get(source)).body();
  expect(bytes.includes("Exif") || bytes.includes("GPS")).toBe(false);

  const { pathname } = new URL(source);
  // Without its signature: CloudFront says that it is forbidden, one machine that there is nothing.
  expect([403, 404]).toContain((await other.request.get(pathname)).status());
  await other.context().close();
});

test("an animation moves where it is looked at, for those who don't mind", async ({ page, browser, baseURL, email }) => {
  await withTodo(page, email);
  await detail(page).getByLabel(ADD).setInputFiles(blinking("blink.gif"));
  await ready(page, "Photo: blink.gif");
  const other = await otherDevice(browser, email, baseURL);
  for (const [reducedMotion, file] of [["no-preference", /\/animation\.webp\?/], ["reduce", /\/1\.\w+\?/]] as const) {
    await other.emulateMedia({ reducedMotion });
    await openList(other, "Garden");
    await row(other, "Plant tulips").getByRole("link").click();
    await detail(other).getByRole("button", { name: "Photo: blink.gif" }).click();
    const source = await sharp(other);
    expect(source).toMatch(file);
    const bytes = await (await other.request.get(source)).body();
    expect(bytes.includes("ANIM")).toBe(reducedMotion === "no-preference");
    await other.goto("/");
  }
  await other.context().close();
});

test("each file that can't be added says why, and the others go on", async ({ page, email }) => {
  await withTodo(page, email);
  const good = await photo(page, "../../\u202egnp.\0exe.jpg");
  const program = { name: "holiday.jpg", mimeType: "image/jpeg", buffer: Buffer.from("MZ\x90\0 a program") };
  const drawing = { name: "drawing.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") };
  const heic = { name: "phone.heic", mimeType: "image/heic", buffer: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1") };
  await detail(page).getByLabel(ADD).setInputFiles([program, good, drawing, heic]);
  const refused = page.getByRole("dialog", { name: "Not everything was added" });
  await expect(refused).toContainText("holiday.jpg");
  await expect(refused).toContainText("drawing.svg");
  await expect(refused).toContainText("phone.heic");
  await refused.getByRole("button", { name: "Close" }).first().click();
  await expect(tiles(page)).toHaveCount(1);
  const whole = await photo(page, "torn.jpg");
  await detail(page).getByLabel(ADD).setInputFiles({ ...whole, buffer: whole.buffer.subarray(0, 700) });
  await ready(page, "Photo: torn.jpg. This file is damaged and can't be shown.");
  await ready(page, "Photo: gnp.exe.jpg");
});

test("a photo is captioned, turned, moved and deleted", async ({ page, browser, baseURL, email }) => {
  await withTodo(page, email);
  await detail(page).getByLabel(ADD).setInputFiles([await photo(page, "one.jpg"), await photo(page, "two.jpg")]);
  await ready(page, "Photo: one.jpg");
  await ready(page, "Photo: two.jpg");
  const other = await otherDevice(browser, email, baseURL);
  await openList(other, "Garden");
  await row(other, "Plant tulips").getByRole("link").click();
  await expect(tiles(other)).toHaveCount(2);

  await detail(page).getByRole("button", { name: "Photo: one.jpg" }).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect.poll(() => tiles(other).getByRole("button").first().getAttribute("aria-label")).toBe("Photo: two.jpg");

  await detail(page).getByRole("button", { name: "Photo: one.jpg" }).click();
  await lightbox(page).getByRole("button", { name: "Turn clockwise" }).click();
  await lightbox(page).getByRole("textbox", { name: "Caption" }).fill("Before the rain");
  await lightbox(page).getByRole("textbox", { name: "Caption" }).press("Enter");
  await detail(other).getByRole("button", { name: /Before the rain/ }).click();
  await expect
    .poll(async () => (await corners(other, await sharp(other))).colours, { timeout: 60_000 })
    .toEqual(["blue", "red", "lime", "white"]);

  await other.keyboard.press("Escape");
  await expect(lightbox(other)).toHaveCount(0);
  await lightbox(page).getByRole("button", { name: "Delete" }).click();
  await lightbox(page).getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(tiles(other)).toHaveCount(1);
  await other.context().close();
});

test("photos added offline wait, and those seen are there without a network", async ({ page, context, email }) => {
  await withTodo(page, email);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await detail(page).getByLabel(ADD).setInputFiles(await photo(page, "seen.jpg"));
  await ready(page, "Photo: seen.jpg");
  await page.reload();
  await detail(page).getByRole("button", { name: "Photo: seen.jpg" }).click();
  await sharp(page);
  await page.keyboard.press("Escape");
  const more = await photo(page, "later.jpg");
  await offline(context, true);
  await page.reload();
  await detail(page).getByRole("button", { name: "Photo: seen.jpg" }).click();
  await sharp(page);
  await page.keyboard.press("Escape");
  await detail(page).getByLabel(ADD).setInputFiles(more);
  await expect(detail(page).getByRole("button", { name: "Photo: later.jpg. Waits for a connection" })).toBeVisible();
  await page.reload();
  await expect(detail(page).getByRole("button", { name: /^Photo: later\.jpg/ })).toBeVisible();
  await offline(context, false);
  await ready(page, "Photo: later.jpg");
  await saved(page);
});

test("all photos are in one place by month, and the settings say what they take", async ({ page, email }) => {
  await withTodo(page, email);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await detail(page).getByLabel(ADD).setInputFiles(await photo(page, "tulips.jpg"));
  await ready(page, "Photo: tulips.jpg");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Photos" }).click();
  await expect(page.getByRole("heading", { name: "Photos" })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Photo: tulips.jpg" }).click();
  await sharp(page);
  await lightbox(page).getByRole("button", { name: "Open its todo" }).click();
  await expect(detail(page)).toBeVisible();
  await page.getByRole("link", { name: "Settings" }).first().click();
  await expect(page.getByText(/of 5 GB used/)).toBeVisible();
  await expect(page.getByText(/^[1-9].* kept$/)).toBeVisible();
});

test("signing out takes the photos off the device", async ({ page, email }) => {
  await withTodo(page, email);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await detail(page).getByLabel(ADD).setInputFiles(await photo(page, "private.jpg"));
  await ready(page, "Photo: private.jpg");
  await page.reload();
  await detail(page).getByRole("button", { name: "Photo: private.jpg" }).click();
  await sharp(page);
  const kept = () =>
    page.evaluate(async () => {
      const files: string[] = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
      const pictures = (await caches.keys()).includes("media") ? await (await caches.open("media")).keys() : [];
      return { files, pictures: pictures.length };
    });
  await expect.poll(async () => (await kept()).pictures).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "E-mail address", exact: true })).toBeVisible();
  await expect.poll(kept).toEqual({ files: [], pictures: 0 });
});

/** Watches the parts of uploads: so many are let through and arrive, the others are held until they are let go. */
async function partsOf(context: BrowserContext, through: number) {
  const isPart = (url: URL) => url.searchParams.has("partNumber");
  const number = (url: string) => new URL(url).searchParams.get("partNumber") ?? "";
  const done: string[] = [];
  const later: string[] = [];
  let begun = 0;
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  context.on("response", (response) => {
    if (!isPart(new URL(response.url())) || response.request().method() !== "PUT" || !response.ok()) return;
    done.push(number(response.url()));
    if (done.length === through) arrive();
  });
  await context.route(isPart, async (route) => {
    begun += 1;
    if (begun <= through) await route.continue();
  });
  const letGo = async () => {
    context.on("request", (request) => {
      if (isPart(new URL(request.url())) && request.method() === "PUT") later.push(number(request.url()));
    });
    await context.unroute(isPart);
  };
  return { arrived, done, later, letGo };
}

/** Whether the session's cookie is in the file that outlives the browser. */
function hasCookies(profile: string): boolean {
  const file = join(profile, "Default/Network/Cookies");
  const older = join(profile, "Default/Cookies");
  return [file, older].some((path) => existsSync(path) && readFileSync(path).includes("stack_refresh"));
}

/** Ends the browser with this profile at once, as the system does when memory runs out. */
async function killBrowser(context: BrowserContext, profile: string): Promise<void> {
  const closed = new Promise((resolve) => context.once("close", resolve));
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const isBrowser = (id: string) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return words.includes(`--user-data-dir=${profile}`) && !words.some((word) => word.startsWith("--type="));
    } catch {
      // It has ended meanwhile.
      return false;
    }
  };
  const browsers = all.filter(isBrowser);
  expect(browsers).not.toEqual([]);
  for (const id of browsers) process.kill(Number(id), "SIGKILL");
  await closed;
}

test.describe("videos", () => {
  test.skip(!canFilm(), "there is no ffmpeg to make a video with");

  test("a long upload goes on after the tab was closed half way, and the video streams", async ({ page, context, browser, baseURL, email }) => {
    test.setTimeout(180_000);
    await withTodo(page, email);
    const address = page.url();
    const sent: string[] = [];
    const isPart = (url: URL) => url.searchParams.has("partNumber");
    // Two parts arrive, the others never do.
    await context.route(isPart, async (route) => {
      sent.push(new URL(route.request().url()).searchParams.get("partNumber") ?? "");
      if (sent.length <= 2) await route.continue();
    });
    const path = film("garden.mp4", 60_000_000);
    await detail(page).getByLabel(ADD).setInputFiles(path);
    await expect(page.getByRole("region", { name: "Uploads" })).toContainText(/Uploading 1 file · [1-9]\d? %/, { timeout: 60_000 });
    await expect.poll(() => sent.length).toBeGreaterThan(2);
    await page.close();
    await context.unroute(isPart);

    const again: string[] = [];
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (isPart(url) && request.method() === "PUT") again.push(url.searchParams.get("partNumber") ?? "");
    });
    const next = await context.newPage();
    await next.goto(address);
    await expect(detail(next).getByRole("button", { name: "Video: garden.mp4", exact: true })).toBeVisible({ timeout: 120_000 });
    expect(again.length).toBeGreaterThan(0);
    expect(again.length, "what had arrived is not sent again").toBeLessThan(4);

    const other = await otherDevice(browser, email, baseURL);
    await openList(other, "Garden");
    await row(other, "Plant tulips").getByRole("link").click();
    await detail(other).getByRole("button", { name: "Video: garden.mp4" }).click();
    const video = lightbox(other).locator("video");
    await expect(video).toBeVisible();
    await video.evaluate((video: HTMLVideoElement) => {
      video.muted = true;
      return video.play();
    });
    await expect.poll(() => video.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.5);
    await other.context().close();
  });

  test("the server is killed in the middle of an upload: it goes on, and only with what is missing", async ({ browser, ownServer, email }) => {
    test.setTimeout(180_000);
    const context = await browser.newContext({ baseURL: ownServer.url });
    const page = await context.newPage();
    await withTodo(page, email);
    const parts = await partsOf(context, 2);
    await detail(page).getByLabel(ADD).setInputFiles(film("garden.mp4", 60_000_000));
    await parts.arrived;
    const arrived = [...parts.done];
    await ownServer.kill();
    await parts.letGo();
    await ownServer.start();
    await expect(detail(page).getByRole("button", { name: "Video: garden.mp4", exact: true })).toBeVisible({ timeout: 150_000 });
    for (const part of arrived) expect(parts.later).not.toContain(part);
    expect(parts.later.length).toBeGreaterThan(0);
    await context.close();
  });

  test("the browser is killed in the middle of an upload: it goes on when it is opened again", async ({ email, baseURL }) => {
    test.skip(process.platform !== "linux", "processes are found as Linux shows them");
    test.setTimeout(180_000);
    const profile = mkdtempSync(join(tmpdir(), "stack-profile-"));
    const open = () =>
      chromium.launchPersistentContext(profile, {
        ...(baseURL ? { baseURL } : {}),
        ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
        args: browserFlags.flags,
      });
    const first = await open();
    const page = first.pages()[0] ?? (await first.newPage());
    await withTodo(page, email);
    // Chromium writes cookies down half a minute later; a session that was never written ends with the browser.
    await expect.poll(() => hasCookies(profile), { timeout: 90_000 }).toBe(true);
    const address = page.url();
    const parts = await partsOf(first, 2);
    await detail(page).getByLabel(ADD).setInputFiles(film("garden.mp4", 60_000_000));
    await parts.arrived;
    await killBrowser(first, profile);

    const second = await open();
    const again = await partsOf(second, Number.POSITIVE_INFINITY);
    const next = second.pages()[0] ?? (await second.newPage());
    await next.goto(address);
    await expect(detail(next).getByRole("button", { name: "Video: garden.mp4", exact: true })).toBeVisible({ timeout: 120_000 });
    for (const part of parts.done) expect(again.done).not.toContain(part);
    expect(again.done.length).toBeGreaterThan(0);
    await second.close();
    rmSync(profile, { recursive: true, force: true });
  });
});
