// Shows where a case is, on the same map as the resident's page. Without it the address stands there all the same.

import { draw } from "/static/console/map.js";

const box = document.getElementById("map");
const { lat, long, wards, tiles } = JSON.parse(box.dataset.map);

box.hidden = false;
draw(box, {
  places: [],
  location: { lat, long },
  texts: { here: "Reported here", zoom_in: "Zoom in", zoom_out: "Zoom out" },
  about: { wards, tiles },
}).catch((fault) => {
  box.hidden = true;
  console.warn(`The map could not be drawn: ${fault.message}`);
});
