// Photos and videos as cameras and programs write them, made when they are needed.
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { test, type Page } from "@playwright/test";

export interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** The corners of every picture here, from the top left one clockwise. */
export const CORNERS = ["red", "lime", "white", "blue"];

/** A JPEG with corners of four colours. `exif` goes into it as a camera would put it. */
export async function photo(page: Page, name: string, exif?: Buffer): Promise<Upload> {
  const base64 = await page.evaluate(async (corners) => {
    const canvas = new OffscreenCanvas(1200, 800);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    corners.forEach((colour, corner) => {
      context.fillStyle = colour;
      context.fillRect(corner === 1 || corner === 2 ? 600 : 0, corner > 1 ? 400 : 0, 600, 400);
    });
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    let text = "";
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
    return btoa(text);
  }, CORNERS);
  const file = Buffer.from(base64, "base64");
  const buffer = exif ? Buffer.concat([file.subarray(0, 2), exif, file.subarray(2)]) : file;
  return { name, mimeType: "image/jpeg", buffer };
}

/** A GIF of one pixel that is red, then blue, in turn. */
export function blinking(name: string): Upload {
  const frame = (colour: number) => [
    ...[0x21, 0xf9, 4, 0, 50, 0, 0, 0], // half a second
    ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44 + 8 * colour, 1, 0],
  ];
  const colours = [0xff, 0, 0, 0, 0, 0xff];
  const buffer = Buffer.concat([
    Buffer.from("GIF89a\x01\0\x01\0\x80\0\0", "latin1"),
    Buffer.from([...colours, ...frame(0), ...frame(1), 0x3b]),
  ]);
  return { name, mimeType: "image/gif", buffer };
}

/** Exif of a camera held sideways (orientation 6: its top is at the right), in a garden in Greenwich. */
export function sidewaysInGreenwich(): Buffer {
  const tiff = Buffer.alloc(140);
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  };
  const [ascii, short, long, rational] = [2, 3, 4, 5] as const;
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  entry(10, 0x0112, short, 1, 6);
  const gps = 38;
  entry(22, 0x8825, long, 1, gps);
  tiff.writeUInt16LE(4, gps);
  const latitude = gps + 2 + 4 * 12 + 4;
  entry(gps + 2, 1, ascii, 2, "N".charCodeAt(0));
  entry(gps + 14, 2, rational, 3, latitude);
  entry(gps + 26, 3, ascii, 2, "W".charCodeAt(0));
  entry(gps + 38, 4, rational, 3, latitude + 24);
  [51, 28, 40, 0, 0, 5].forEach((value, index) => {
    const at = latitude + index * 8;
    tiff.writeUInt32LE(value, at);
    tiff.writeUInt32LE(1, at + 4);
  });
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** Whether there is an `ffmpeg` to make videos with. */
export function canFilm(): boolean {
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A video of two seconds, in a file of at least so many bytes: what follows the film is a box that players skip. */
export function film(name: string, bytes: number): string {
  const path = test.info().outputPath(name);
  mkdirSync(dirname(path), { recursive: true });
  const source = ["-f", "lavfi", "-i", "testsrc=size=640x360:rate=15:duration=2"];
  const sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=2"];
  const codec = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-metadata", "location=+51.4778-0.0014/"];
  execFileSync("ffmpeg", ["-y", "-loglevel", "error", ...source, ...sound, ...codec, path]);
  const padding = Buffer.alloc(bytes);
  padding.writeUInt32BE(bytes, 0);
  padding.write("free", 4, "latin1");
  appendFileSync(path, padding);
  return path;
}
