// Raster tiles in the place of the drawn map. The entries beside it say what is where; each marker leads to its entry.
let box, clusters, markers;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const links = "a[href^='#on-']";

const element = (name, className, text = "") =>
  Object.assign(document.createElement(name), { className, textContent: text });

const icon = (shape, colour, number = "", hidden = "") => {
  const html = element("span", shape);
  html.dataset.colour = colour;
  html.append(element("b", "", number), element("span", "visually-hidden", hidden));
  return L.divIcon({ html, className: "tiles-marker", iconSize: [44, 44] });
};

const marker = (entry) => {
  const heading = entry.querySelector("h3, h4").cloneNode(true);
  const words = element("div", "tiles-words");
  words.append(heading, element("a", "", box.dataset.entry));
  words.lastChild.href = `#${entry.id}`;
  const shape = "part" in entry.dataset ? "tiles-diamond" : "tiles-star";
  const colour = entry.closest("[data-colour]").dataset.colour;
  const number = Number(entry.dataset.number) || "";
  return L.marker(entry.dataset.at.split(","), { icon: icon(shape, colour, number, heading.textContent), number })
    .bindPopup(words, { closeButton: false, autoPanPadding: [24, 24] });
};

function draw() {
  box = document.querySelector("[data-tiles][hidden]");
  if (!box) return;
  clusters = L.markerClusterGroup({
    animate: !calm,
    maxClusterRadius: 40,
    showCoverageOnHover: false,
    iconCreateFunction: (cluster) => {
      const numbers = cluster.getAllChildMarkers().map((one) => one.options.number || 1);
      return icon("tiles-star tiles-cluster", "", numbers.reduce((sum, one) => sum + one), box.dataset.zoomIn);
    },
  });
  // Enter on a cluster does what a click does.
  clusters.on("clusterkeypress", ({ layer, originalEvent }) => {
    if (originalEvent.key === "Enter") layer.fire("click", { originalEvent }, true);
  });
  // Whoever opens a popup is led into it; Escape leads back.
  clusters.on("popupopen", ({ popup }) => popup.getElement().querySelector("a").focus({ preventScroll: true }));
  box.addEventListener("keydown", ({ key, target }) => {
    const opened = key === "Escape" && target.closest(".leaflet-popup") && clusters.getLayers().find((one) => one.isPopupOpen());
    if (opened) opened.closePopup().getElement()?.focus({ preventScroll: true });
  });

  const entries = [...document.querySelectorAll("[data-at]")];
  markers = new Map(entries.map((entry) => [entry.id.replace("at-", "on-"), marker(entry)]));
  const first = entries.filter((entry) => !("outside" in entry.dataset));

  document.querySelector(".list-map .map").hidden = true;
  box.hidden = false;
  const map = L.map(box, { zoomControl: false, scrollWheelZoom: false, zoomAnimation: !calm, fadeAnimation: !calm });
  map.attributionControl.setPrefix("");
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  // Tile servers want to know which site shows their tiles, and learn no more than that.
  L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, referrerPolicy: "strict-origin" }).addTo(map);
  map.fitBounds(first.map((entry) => entry.dataset.at.split(",")), { maxZoom: 14, padding: [40, 40] });
  clusters.addLayers([...markers.values()]).addTo(map);
}

document.addEventListener("click", (event) => {
  const found = markers?.get(event.target.closest(links)?.hash.slice(1));
  if (!found) return;
  event.preventDefault();
  box.scrollIntoView({ block: "nearest" });
  clusters.zoomToShowLayer(found, () => found.openPopup());
});

// A new answer brings a new drawing.
document.addEventListener("htmx:afterSettle", draw);
draw();
