// Photos that the resident sends: chosen, made smaller before they are sent where that helps, and shown.

import { backoff, pause, readPhoto, Refused } from "./connection.js";
import { element } from "./elements.js";
import { kept } from "./kept.js";

const KINDS = ["image/jpeg", "image/png", "image/webp"];
const SMALL_BYTES = 1024 * 1024; // sent as it is: making it smaller would gain little
const QUALITY = 0.85;
const ATTEMPTS = 4;

/**
 * Return choose(): lets the resident choose a photo, or take one.
 *
 * `on` has chosen(file) and refused(): it is no picture of a kind that is taken. On a phone the page may be put away while
 * the camera is open; `wasAway` says that this happened, and that the photo did not arrive.
 */
export function choosing(on) {
  const input = element("input", { type: "file", accept: KINDS.join(",") });
  const wasAway = kept.get("choosing") ?? false;
  kept.set("choosing", null);
  input.addEventListener("cancel", () => kept.set("choosing", null));
  input.addEventListener("change", () => {
    kept.set("choosing", null);
    const [file] = input.files;
    input.value = ""; // so that the same one can be chosen again
    if (!file) return;
    // Some phones do not say what kind it is; then the server looks.
    if (file.type && !KINDS.includes(file.type)) on.refused();
    else on.chosen(file);
  });
  const choose = () => {
    kept.set("choosing", true);
    input.click();
  };
  return { choose, wasAway };
}

/**
 * Return a photo as it is sent: no larger than the server keeps it (`most`: its limits in bytes and pixels of a side).
 *
 * @throws Refused  it is too large, in the server's words for it, or cannot be read
 */
export async function prepared(file, most) {
  const smaller = file.size > SMALL_BYTES && (await shrunk(file, most.side));
  const photo = smaller && smaller.size < file.size ? smaller : file;
  if (photo.size > most.bytes) throw new Refused(413, { code: "photo_too_large" });
  try {
    // However the file itself fares from now on, as when it comes from a cloud: the same can be sent again.
    return new Blob([await photo.arrayBuffer()], { type: photo.type });
  } catch {
    throw new Refused(422, { code: "photo_unreadable" });
  }
}

// Null where this browser cannot: then the server judges the photo as it is.
async function shrunk(file, side) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = element("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // a JPEG is not transparent
    pen.fillRect(0, 0, canvas.width, canvas.height);
    // Some browsers give out noise instead of what was drawn, so that nobody is known by their canvas.
    if (pen.getImageData(0, 0, 1, 1).data.some((part) => part !== 255)) return null;
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  } catch (fault) {
    console.info("the photo is sent as it is", fault);
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

const urls = new Set();

/** Return an address under which this page can show a picture, until letGo(). */
export function shown(picture) {
  const url = URL.createObjectURL(picture);
  urls.add(url);
  return url;
}

/** Forget all pictures that were shown. */
export function letGo() {
  urls.forEach((url) => URL.revokeObjectURL(url));
  urls.clear();
}

/** Return the picture of a message: one with an address is just being sent, any other is fetched. */
export function picture({ url, media_id }, texts) {
  const image = element("img", { class: "photo", alt: texts.photo_alt });
  const missing = () => image.replaceWith(element("p", {}, texts.photo_missing));
  image.addEventListener("error", missing);
  if (url) image.src = url;
  else fetched(kept.get("conversation"), media_id).then((found) => (image.src = shown(found)), missing);
  return image;
}

async function fetched(conversation, id) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readPhoto(conversation, id);
    } catch (fault) {
      if (attempt === ATTEMPTS || (fault instanceof Refused && fault.status < 500 && fault.status !== 429)) throw fault;
      await pause(Math.max(backoff(attempt), (fault.retryAfter ?? 0) * 1000));
    }
  }
}
