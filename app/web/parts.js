// Fetches and compiles parts of the app that load later: each once, however early it is asked for.
const parts = new Map();

export function compiled(url) {
  const known = parts.get(url);
  if (known) return known;
  const part = WebAssembly.compileStreaming(fetch(url));
  parts.set(url, part);
  // Without a connection, say: the next call tries again.
  part.catch(() => parts.delete(url));
  return part;
}
