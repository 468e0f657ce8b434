// What a browser talks to where an emulator stands in for AWS: it takes requests to the distribution's place, and
// does of CloudFront's work what the emulator leaves out: sockets, signed addresses, and the second origin of media. It
// counts requests and the bytes that go out, by kind, and says at `/dev/usage` how many there were.
// Arguments: the port, the emulator's address, and the file of the deployed stacks' outputs.

import { readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type RequestOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { isSigned } from "./access.ts";

const [port, emulator, outputs] = process.argv.slice(2);
if (!port || !emulator || !outputs) throw new Error("say the port, the emulator's address, and the file of outputs");

/** What a stack printed, whatever the environment is called. */
const printed: Record<string, string> = Object.assign({}, ...Object.values(JSON.parse(readFileSync(outputs, "utf8"))));
function output(name: string): string {
  const value = printed[name];
  if (value === undefined) throw new Error(`no deployed stack has printed ${name}`);
  return value;
}

const { hostname, port: emulatorPort } = new URL(emulator);
const host = new URL(output("Url")).host;
const key = output("MediaPublicKey");
/** The emulator has each API under a path of its own as well. */
const place = (url: string, stage: string) => `/_aws/execute-api/${/^\w+:..(\w+)\./.exec(url)?.[1]}/${stage}`;
const api = place(output("ApiUrl"), "$default");
const sockets = place(output("SocketUrl"), "ws");
const { SecretString: secret } = await new SecretsManagerClient({}).send(
  new GetSecretValueCommand({ SecretId: output("OriginSecretArn") }),
);

if (!secret) throw new Error("the origin's secret is empty");

type Headers = NodeJS.Dict<string | string[]>;

/** As the distribution's own name, by TLS: a browser is told `localhost`, and pages say so of themselves. */
function viewed({ headers }: IncomingMessage): Headers {
  const own = `http://${headers.host}`;
  const origin = headers.origin === own ? `https://${host}` : headers.origin;
  return { ...headers, host, "x-forwarded-proto": "https", ...(origin ? { origin } : {}) };
}

/** As CloudFront calls the API. */
function shown(incoming: IncomingMessage): Headers {
  return { ...incoming.headers, host: `${hostname}:${emulatorPort}`, "x-origin-verify": secret };
}

function to(incoming: IncomingMessage, path: string, headers: Headers): RequestOptions {
  return { hostname, port: emulatorPort, method: incoming.method ?? "GET", path, headers };
}

type Kind = "site" | "api" | "sign-in" | "media" | "socket";

const seen = new Map<Kind, { requests: number; bytes: number }>();

function kind(path: string): Kind {
  if (path.startsWith("/media/")) return "media";
  if (path.startsWith("/auth/")) return "sign-in";
  return path === "/graphql" ? "api" : "site";
}

/** Counts what is written to a viewer until the connection is over or is another request's. */
function count(kind: Kind, socket: Socket, ended: (done: () => void) => unknown): void {
  const counted = seen.get(kind) ?? { requests: 0, bytes: 0 };
  seen.set(kind, counted);
  counted.requests += 1;
  const before = socket.bytesWritten;
  ended(() => (counted.bytes += socket.bytesWritten - before));
}

function pass(incoming: IncomingMessage, response: ServerResponse): void {
  const path = incoming.url ?? "/";
  count(kind(path), incoming.socket, (done) => response.once("finish", done));
  const isMedia = path.startsWith("/media/");
  if (isMedia && !isSigned(path, key)) return void response.writeHead(403).end();
  const distribution = request(to(incoming, path, viewed(incoming)), (answer) => {
    const isMissing = isMedia && (answer.statusCode === 403 || answer.statusCode === 404);
    if (!isMissing || new URL(path, emulator).pathname.endsWith(".m3u8")) return relay(answer, response);
    answer.resume();
    const maker = to(incoming, api + path, shown(incoming));
    request(maker, (made) => relay(made, response))
      .on("error", () => response.destroy())
      .end();
  });
  distribution.on("error", () => response.destroy());
  incoming.pipe(distribution);
}

function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
}

function upgrade(incoming: IncomingMessage, client: Socket, head: Buffer): void {
  if (incoming.url !== "/ws") return void client.destroy();
  count("socket", client, (done) => client.once("close", done));
  const opening = request(to(incoming, sockets, shown(incoming)));
  opening.on("upgrade", ({ rawHeaders }, server: Socket, first) => {
    const lines = rawHeaders.flatMap((name, index) => (index % 2 ? [] : [`${name}: ${rawHeaders[index + 1]}`]));
    client.write(["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n"));
    client.write(first);
    server.write(head);
    client.pipe(server).pipe(client);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  opening.on("response", () => client.destroy()).on("error", () => client.destroy());
  opening.end();
}

/** The newest mails first, as the local host shows its own: nothing is really sent. */
async function mails(response: ServerResponse): Promise<void> {
  const answer = await fetch(`${emulator}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { messages: Record<string, Sent[]> };
  const all = Object.values(messages).flat().reverse();
  const shown = all.map(({ To, Subject, BodyText }) => ({ to: To[0], subject: Subject, text: BodyText }));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(shown));
}

interface Sent {
  To: string[];
  Subject: string;
  BodyText: string;
}

const server = createServer((incoming, response) => {
  if (incoming.url === "/dev/usage") response.end(JSON.stringify(Object.fromEntries(seen)));
  else if (incoming.url?.startsWith("/dev/mail")) mails(response).catch(() => response.destroy());
  else pass(incoming, response);
});
server.on("upgrade", upgrade);
server.listen(Number(port), "127.0.0.1", () => console.log(`http://localhost:${port}`));
