// Copies the built site into its bucket: `npm run upload -- BUCKET [FOLDER]`. Files of earlier releases stay, for
// devices that still have an earlier page.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readSite } from "../lib/settings.ts";
import { uploads } from "../lib/upload.ts";

const [bucket, folder = join(import.meta.dirname, "../../target/site")] = process.argv.slice(2);
if (!bucket) throw new Error("say into which bucket: npm run upload -- BUCKET [FOLDER]");
readSite(folder);

const client = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
const all = uploads(folder);
for (const { key, file, contentType, contentEncoding, cacheControl } of all) {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: readFileSync(file),
      ContentType: contentType,
      CacheControl: cacheControl,
      ...(contentEncoding ? { ContentEncoding: contentEncoding } : {}),
    }),
  );
}
console.log(`${all.length} files are in ${bucket}`);
