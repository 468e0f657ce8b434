// Plays an HLS stream where the browser can't by itself. A file of its own, loaded with the first such video.
import Hls from "hls.js/light";

/// Plays `url` in `video`. `query` gives what goes after the `?` of each address now; `failed` is told when it can't go
/// on. Returns what stops it.
export function play(video, url, query, failed) {
  if (!Hls.isSupported()) {
    failed();
    return () => {};
  }
  const hls = new Hls({
    // The pages' security policy allows no workers from memory.
    enableWorker: false,
    capLevelToPlayerSize: true,
    xhrSetup(request, address) {
      const fresh = query();
      request.open("GET", fresh ? address.replace(/\?.*$/, `?${fresh}`) : address, true);
    },
  });
  let mended = 0;
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mended++ < 2) hls.recoverMediaError();
    else failed();
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return () => hls.destroy();
}
