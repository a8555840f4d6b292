// One map per element with `data-map`; what it shows stands in its other data attributes.
import type { Feature, FeatureCollection, Position } from "geojson";
import {
  LngLatBounds,
  Map as MapView,
  Marker,
  NavigationControl,
  setWorkerUrl,
  type GeoJSONSource,
  type MapMouseEvent,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { writePlace, type Place } from "./place";

const COLOURS = { late: "#b3261e", soon: "#945708", open: "#1d5fbf", waiting: "#55616a" };
// The lights of a case, as its queries name them.
const LATE = ["late", "red"];
const SOON = ["soon", "yellow"];
const WAITING = ["waiting", "paused"];
// With more outlines than this, names would cover the map until one comes closer.
const FEW = 60;
const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

const STYLE: StyleSpecification = {
  version: 8,
  sources: {
    shapes: { type: "geojson", data: NOTHING, promoteId: "code" },
    points: { type: "geojson", data: NOTHING },
  },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": "#eef2f0" } },
    {
      id: "shapes",
      type: "fill",
      source: "shapes",
      paint: {
        "fill-color": [
          "case",
          ["boolean", ["feature-state", "chosen"], false], "#cfe0f7",
          ["boolean", ["feature-state", "hover"], false], "#d3e3d9",
          ["==", ["feature-state", "shade"], 4], "#3b78c4",
          ["==", ["feature-state", "shade"], 3], "#6a9cd8",
          ["==", ["feature-state", "shade"], 2], "#98bce6",
          ["==", ["feature-state", "shade"], 1], "#cfe0f4",
          ["==", ["feature-state", "tone"], "late"], "#f5d9d6",
          ["==", ["feature-state", "tone"], "open"], "#e4ecf7",
          "#e3ebe6",
        ],
      },
    },
    {
      id: "lines",
      type: "line",
      source: "shapes",
      paint: {
        "line-color": ["case", ["boolean", ["feature-state", "chosen"], false], COLOURS.open, "#a9b9af"],
        "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 2, 0.8],
      },
    },
    {
      id: "points",
      type: "circle",
      source: "points",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, ["match", ["get", "light"], LATE, 5, 4], 15, ["match", ["get", "light"], LATE, 10, 8]],
        "circle-color": ["match", ["get", "light"], LATE, COLOURS.late, SOON, COLOURS.soon, WAITING, COLOURS.waiting, COLOURS.open],
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "names",
      type: "symbol",
      source: "shapes",
      minzoom: 12.5,
      layout: { "text-field": ["get", "name"], "text-size": 12, "text-padding": 6, "text-max-width": 8 },
      paint: { "text-color": "#39444d", "text-halo-color": "#ffffff", "text-halo-width": 1.4 },
    },
  ],
};

async function read(url: string | undefined): Promise<FeatureCollection> {
  if (!url) return NOTHING;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as FeatureCollection;
}

function extend(bounds: LngLatBounds, coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return;
  if (typeof coordinates[0] === "number") bounds.extend(coordinates as [number, number]);
  else for (const part of coordinates) extend(bounds, part);
}

function boundsOf(features: Feature[]): LngLatBounds | null {
  const bounds = new LngLatBounds();
  for (const { geometry } of features) {
    if (geometry && "coordinates" in geometry) extend(bounds, geometry.coordinates as Position[]);
  }
  return bounds.isEmpty() ? null : bounds;
}

interface Named {
  code: string;
  name: string;
}

/** Ask the server which grid holds a point, so that page and record agree. */
async function nameOf(address: string | undefined, lon: number, lat: number): Promise<Named> {
  const answer = await fetch(`${address}?lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}`, { credentials: "same-origin" });
  return answer.ok ? ((await answer.json()) as Named) : { code: "", name: "" };
}

function locale(box: HTMLElement): Record<string, string> {
  return {
    "Map.Title": box.dataset["title"] ?? "",
    "CooperativeGesturesHandler.WindowsHelpText": box.dataset["gesture"] ?? "",
    "CooperativeGesturesHandler.MacHelpText": box.dataset["gesture"] ?? "",
    "CooperativeGesturesHandler.MobileHelpText": box.dataset["gestureTouch"] ?? "",
    "NavigationControl.ZoomIn": box.dataset["zoomIn"] ?? "+",
    "NavigationControl.ZoomOut": box.dataset["zoomOut"] ?? "-",
  };
}

class DistrictMap {
  private readonly view: MapView;
  private readonly note: HTMLElement | null;
  private chosen: string | null = null;
  private hover: string | null = null;
  private marker: Marker | null = null;

  constructor(private readonly box: HTMLElement) {
    this.note = box.parentElement?.querySelector("[data-map-note]") ?? null;
    this.view = new MapView({
      container: box,
      style: structuredClone(STYLE),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 18,
      // On a small map of a long page one finger scrolls the page, two move the map.
      cooperativeGestures: box.closest(".map-small") !== null,
      fadeDuration: 0,
      locale: locale(box),
    });
    this.view.touchZoomRotate.disableRotation();
    this.view.keyboard.disableRotation();
    this.view.addControl(new NavigationControl({ showCompass: false }), "top-right");
  }

  async fill(): Promise<void> {
    const { shapes, points, highlight } = this.box.dataset;
    const [outlines, dots] = await Promise.all([read(shapes), read(points), this.view.loaded() ? null : this.view.once("load")]);
    (this.view.getSource("shapes") as GeoJSONSource).setData(outlines);
    (this.view.getSource("points") as GeoJSONSource).setData(dots);
    if (outlines.features.length <= FEW) this.view.setLayerZoomRange("names", 0, 24);
    this.tint();
    const near = highlight ? outlines.features.filter((f) => f.properties?.["code"] === highlight) : [];
    const bounds = boundsOf(near.length ? near : outlines.features.length ? outlines.features : dots.features);
    if (bounds) this.view.fitBounds(bounds, { padding: near.length ? 48 : 20, animate: false, maxZoom: 16.5 });
    if (highlight) this.choose(highlight);
    this.listen();
    this.startingPlace();
    this.box.dataset["ready"] = "1";
    // The whole frame was empty until now; whoever waits may look.
    this.view.once("idle", () => (this.box.dataset["drawn"] = "1"));
  }

  /** Colour the outlines by what the list beside the map says of them. */
  private tint(): void {
    for (const row of document.querySelectorAll<HTMLElement>("[data-map-code]")) {
      const { mapCode, late, open, shade } = row.dataset;
      if (mapCode && Number(shade) > 0) this.view.setFeatureState({ source: "shapes", id: mapCode }, { shade: Number(shade) });
      const tone = Number(late) > 0 ? "late" : Number(open) > 0 ? "open" : "";
      if (mapCode && tone) this.view.setFeatureState({ source: "shapes", id: mapCode }, { tone });
    }
  }

  private startingPlace(): void {
    const lon = Number(this.box.dataset["lon"]);
    const lat = Number(this.box.dataset["lat"]);
    if (!lon || !lat) return;
    this.mark(lon, lat);
    if (!this.box.dataset["highlight"]) this.view.jumpTo({ center: [lon, lat], zoom: 15 });
  }

  private choose(code: string | null): void {
    if (this.chosen) this.view.setFeatureState({ source: "shapes", id: this.chosen }, { chosen: false });
    this.chosen = code;
    if (code) this.view.setFeatureState({ source: "shapes", id: code }, { chosen: true });
  }

  private mark(lon: number, lat: number): void {
    this.marker ??= new Marker({ color: COLOURS.late });
    this.marker.setLngLat([lon, lat]).addTo(this.view);
  }

  private say(text: string): void {
    if (!this.note) return;
    this.note.textContent = text;
    this.note.hidden = text === "";
  }

  private listen(): void {
    this.view.on("mousemove", "shapes", (event) => {
      const shape = event.features?.[0];
      const code = String(shape?.properties["code"] ?? "");
      if (code === this.hover) return;
      this.leave();
      this.hover = code;
      this.view.setFeatureState({ source: "shapes", id: code }, { hover: true });
      this.say(String(shape?.properties["name"] ?? ""));
    });
    this.view.on("mouseleave", "shapes", () => this.leave());
    this.view.on("mousemove", "points", (event) => this.say(String(event.features?.[0]?.properties["title"] ?? "")));
    for (const layer of ["points", "shapes"]) {
      this.view.on("mouseenter", layer, () => (this.view.getCanvas().style.cursor = "pointer"));
      this.view.on("mouseleave", layer, () => (this.view.getCanvas().style.cursor = ""));
    }
    this.view.on("click", (event) => this.press(event));
    document.addEventListener("gongzhi:place", (event) => {
      const { lon, lat } = (event as CustomEvent<Place>).detail;
      this.mark(lon, lat);
      this.view.jumpTo({ center: [lon, lat], zoom: 15.5 });
      void this.pick(lon, lat);
    });
    this.followList();
  }

  private leave(): void {
    if (this.hover) this.view.setFeatureState({ source: "shapes", id: this.hover }, { hover: false });
    this.hover = null;
  }

  private press(event: MapMouseEvent): void {
    if (this.box.dataset["pick"] !== undefined) {
      void this.pick(event.lngLat.lng, event.lngLat.lat);
      return;
    }
    const near = 6;
    const { x, y } = event.point;
    const point = this.view.queryRenderedFeatures([[x - near, y - near], [x + near, y + near]], { layers: ["points"] })[0];
    const pattern = this.box.dataset["open"];
    if (point && pattern) {
      location.assign(pattern.replace("REFERENCE", encodeURIComponent(String(point.properties["reference"]))));
      return;
    }
    const shape = this.view.queryRenderedFeatures(event.point, { layers: ["shapes"] })[0];
    const code = shape ? String(shape.properties["code"]) : null;
    this.choose(code);
    this.say(String(shape?.properties["name"] ?? ""));
    this.box.dispatchEvent(new CustomEvent("gongzhi:grid", { bubbles: true, detail: { code } }));
    const row = code ? document.querySelector<HTMLElement>(`[data-map-code="${CSS.escape(code)}"]`) : null;
    row?.scrollIntoView({ block: "nearest" });
    row?.querySelector<HTMLElement>("a")?.focus();
  }

  /** Take a point of the map for the report, and say in which grid it lies. */
  private async pick(lon: number, lat: number): Promise<void> {
    this.mark(lon, lat);
    const form = this.box.closest("form") ?? document.body;
    writePlace(form, { lon, lat });
    this.say("");
    const place = await nameOf(this.box.dataset["at"], lon, lat);
    this.choose(place.code || null);
    const words = place.code ? (this.box.dataset["chosen"] ?? "{name}").replace("{name}", place.name) : (this.box.dataset["outside"] ?? "");
    if (!form.querySelector("[data-place-name]")) this.say(words);
    // From afar one presses roughly: come closer, so that the place can be mended.
    if (place.code && this.view.getZoom() < 13) this.view.easeTo({ center: [lon, lat], zoom: 14.5 });
    // A point outside the district must not be sent as the matter's place.
    writePlace(form, place.code ? { lon, lat, name: words } : { lon: NaN, lat: NaN, name: words });
  }

  /** The list beside the map: pointing at a line shows its place. */
  private followList(): void {
    document.addEventListener("focusin", (event) => this.show(event.target as Element));
    document.addEventListener("mouseover", (event) => this.show(event.target as Element));
  }

  private show(target: Element): void {
    const code = target.closest<HTMLElement>("[data-map-code]")?.dataset["mapCode"];
    if (code && code !== this.chosen) this.choose(code);
  }
}

export async function startMaps(): Promise<void> {
  setWorkerUrl(workerUrl);
  for (const box of document.querySelectorAll<HTMLElement>("[data-map]")) {
    const fallback = box.querySelector<HTMLElement>(".map-fallback");
    try {
      const map = new DistrictMap(box);
      await map.fill();
      fallback?.remove();
    } catch (error) {
      // No WebGL or no outlines: the list beside or below the map says the same.
      console.warn("map", error);
      box.classList.add("map-failed");
      if (fallback) {
        fallback.textContent = box.dataset["failed"] ?? fallback.textContent;
        box.replaceChildren(fallback);
      }
    }
  }
}
