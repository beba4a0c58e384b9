// Asks the browser where the resident is, when they want that. Nothing is remembered here.

const PATIENCE_MS = 10_000;
const FRESH_MS = 60_000;
const ROUGH_METRES = 2_000; // as guessed from a connection: the nearest places would be the wrong ones

/** Whether this browser can tell where it is; browsers do so only over HTTPS and on this machine itself. */
export const canLocate = Boolean(window.isSecureContext && navigator.geolocation);

/**
 * Return share(): finds the location, once; what comes of an earlier call after that, or after stop(), is left.
 *
 * `on` has finding(is), found({lat, long}) and failed(text).
 */
export function sharing(texts, on) {
  let newest = null;

  function share() {
    const mine = (newest = {});
    const end = (tell, what) => {
      if (newest !== mine) return;
      stop();
      tell(what);
    };
    on.finding(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (coords.accuracy > ROUGH_METRES) return end(on.failed, texts.location_rough);
        end(on.found, { lat: rounded(coords.latitude), long: rounded(coords.longitude) });
      },
      (fault) => end(on.failed, reason(fault, texts)),
      { timeout: PATIENCE_MS, enableHighAccuracy: false, maximumAge: FRESH_MS },
    );
  }

  function stop() {
    newest = null;
    on.finding(false);
  }

  return { share, stop };
}

// To a metre; nobody needs to know more.
const rounded = (degrees) => Math.round(degrees * 1e5) / 1e5;

function reason(fault, texts) {
  if (fault.code === GeolocationPositionError.PERMISSION_DENIED) return texts.location_denied;
  if (fault.code === GeolocationPositionError.TIMEOUT) return texts.location_timeout;
  return texts.location_unavailable;
}
