// What a person waits for, measured in a real browser: prints one line of a name, a tab and a value for each figure.
// `cargo xtask bench` runs it against a server with an empty data folder; STACK_URL says where.
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const { flags } = JSON.parse(readFileSync(new URL("../chromium.json", import.meta.url), "utf8"));

const url = process.env.STACK_URL;
if (!url) throw new Error("STACK_URL names the server to measure");
const TODOS = 10_000;
const RUNS = 7;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: flags,
});

/** When the first row was on screen, in milliseconds since the navigation began. */
function watchFirstRow() {
  const row = '[role="listitem"] .title';
  const watch = () => {
    if (document.querySelector(row)) {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (window.firstRow = performance.now());
        port2.postMessage(0);
      });
    } else {
      requestAnimationFrame(watch);
    }
  };
  watch();
}

const at = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const print = (name, value, unit) => console.log(`${name}\t${value.toFixed(1)} ${unit}`);
const painted = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
        if (seen() !== undefined) return resolve(seen());
        new PerformanceObserver(() => seen() !== undefined && resolve(seen())).observe({ type: "paint", buffered: true });
      }),
  );

const email = `bench-${Date.now()}@example.org`;

async function signIn(page) {
  await page.goto(`${url}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail address", exact: true }).fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByRole("textbox", { name: "Code" }).waitFor();
  const mails = await (await page.request.get(`${url}/dev/mail?format=json`)).json();
  const code = mails.find((mail) => mail.to === email).text.match(/\b\d{6}\b/)[0];
  await page.getByRole("textbox", { name: "Code" }).fill(code);
  await page.getByRole("heading", { name: "Today" }).waitFor();
}

async function fill(page) {
  await page.goto(`${url}/import`);
  const lines = Array.from({ length: TODOS }, (_, index) => `Todo number ${index + 1} +Many`).join("\n");
  await page.getByLabel("Choose a file").setInputFiles({ name: "todo.txt", mimeType: "text/plain", buffer: Buffer.from(lines) });
  await page.getByRole("button", { name: /^Import 10,000 todos/ }).click();
  await page.getByText("Import finished").waitFor({ timeout: 180_000 });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Many" }).click();
  await page.getByRole("heading", { name: "Many" }).waitFor();
  const saved = () => {
    const lines = [...document.querySelectorAll("[data-unsaved]")];
    return lines.length > 0 && lines.every((line) => line.dataset.unsaved === "0");
  };
  await page.waitForFunction(saved, undefined, { timeout: 300_000 });
}

const cold = [];
for (let run = 0; run < RUNS; run += 1) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/today`);
  cold.push(await painted(page));
  await context.close();
}
print("first paint, cold, p50", at(cold, 0.5), "ms");

const context = await browser.newContext();
const page = await context.newPage();
await signIn(page);
await fill(page);
await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
const list = page.url();

await page.addInitScript(watchFirstRow);
await context.setOffline(true);
const second = [];
const secondPaint = [];
for (let run = 0; run < RUNS; run += 1) {
  await page.goto(list);
  second.push(await (await page.waitForFunction(() => window.firstRow)).jsonValue());
  secondPaint.push(await painted(page));
}
print("second visit, network off: first paint, p50", at(secondPaint, 0.5), "ms");
print(`second visit, network off: list of ${TODOS} painted, p50`, at(second, 0.5), "ms");
await context.setOffline(false);

// From the click, as the browser stamps it, to the moment the frame that shows its result was handed over. A press is
// held as long as a person's: without that the click waits behind the press, which moves the focus and draws a frame
// of its own. The next todo's turn comes when the one before has left the list, so that each is measured by itself.
const PRESS = 60;
await page.evaluate(() => {
  window.clicks = [];
  addEventListener(
    "click",
    (event) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.clicks.push(performance.now() - event.timeStamp);
      requestAnimationFrame(() => port2.postMessage(0));
    },
    { capture: true },
  );
});
const boxes = page.getByRole("main").getByRole("checkbox");
for (let click = 0; click < 60; click += 1) {
  await boxes.nth(3 + (click % 5)).click({ delay: PRESS });
  await page.waitForFunction((count) => window.clicks.length > count, click);
  await page.locator(".row.settling").waitFor({ state: "detached" });
}
const clicks = await page.evaluate(() => window.clicks);
print(`click to painted result, ${TODOS} todos, p50`, at(clicks, 0.5), "ms");
print(`click to painted result, ${TODOS} todos, p99`, at(clicks, 0.99), "ms");

// From the choice of a photo on one device to its sharp picture on another one that looks at the same todo. Both are on
// this machine, so both their clocks are the same.
const photo = await page.evaluate(async () => {
  const canvas = new OffscreenCanvas(4_000, 3_000);
  const draw = canvas.getContext("2d");
  for (let x = 0; x < 4_000; x += 20) {
    for (let y = 0; y < 3_000; y += 20) {
      draw.fillStyle = `rgb(${(x * 7) % 256} ${(y * 5) % 256} ${(x + y) % 256})`;
      draw.fillRect(x, y, 20, 20);
    }
  }
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 })).arrayBuffer());
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
});
const elsewhere = await (await browser.newContext()).newPage();
await signIn(elsewhere);
const todo = await page.getByRole("main").getByRole("listitem").nth(2).getByRole("link").getAttribute("href");
const sharp = [];
await page.goto(`${url}${todo}`);
await elsewhere.goto(`${url}${todo}`);
const strip = (on) => on.getByRole("list", { name: "Photos and videos" });
for (let run = 0; run < 5; run += 1) {
  const name = `photo-${run}.jpg`;
  await elsewhere.evaluate((name) => {
    const seen = () => {
      const button = document.querySelector(`button[aria-label="Photo: ${name}"]`);
      const picture = button?.querySelector("img.pic-sharp");
      if (picture?.complete && picture.naturalWidth > 0) window.sharpAt = Date.now();
      else requestAnimationFrame(seen);
    };
    window.sharpAt = undefined;
    seen();
  }, name);
  const dropped = Date.now();
  const buffer = Buffer.from(photo, "latin1");
  await page.getByLabel("Add photos or videos").setInputFiles({ name, mimeType: "image/jpeg", buffer });
  await strip(elsewhere).getByRole("button", { name: `Photo: ${name}`, exact: true }).scrollIntoViewIfNeeded({ timeout: 120_000 });
  sharp.push((await (await elsewhere.waitForFunction(() => window.sharpAt, undefined, { timeout: 120_000 })).jsonValue()) - dropped);
}
print("photo of 12 megapixels, from one device to sharp on another, p50", at(sharp, 0.5), "ms");
await browser.close();
