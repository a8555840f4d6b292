// A place for a report: asked of the device only when the button is pressed, once, never followed.

export interface Place {
  lon: number;
  lat: number;
  name?: string;
}

/** Write a place into the form's fields and say its name. */
export function writePlace(form: Element, place: Place): void {
  const fields: [string, string][] = [
    ["lon", Number.isNaN(place.lon) ? "" : place.lon.toFixed(6)],
    ["lat", Number.isNaN(place.lat) ? "" : place.lat.toFixed(6)],
  ];
  for (const [name, value] of fields) {
    const input = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (input) input.value = value;
  }
  const output = form.querySelector<HTMLElement>("[data-place-name]");
  if (output && place.name) output.textContent = place.name;
}

export function startLocate(root: Document = document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-locate]")) {
    if (!navigator.geolocation) continue;
    button.hidden = false;
    button.addEventListener("click", () => ask(button));
  }
}

function ask(button: HTMLButtonElement): void {
  const form = button.closest("form") ?? document.body;
  const output = form.querySelector<HTMLElement>("[data-place-name]");
  button.disabled = true;
  if (output) output.textContent = button.dataset["asking"] ?? "";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.disabled = false;
      const place = { lon: coords.longitude, lat: coords.latitude };
      writePlace(form, place);
      if (output) output.textContent = button.dataset["found"] ?? "";
      document.dispatchEvent(new CustomEvent<Place>("gongzhi:place", { detail: place }));
    },
    () => {
      button.disabled = false;
      if (output) output.textContent = button.dataset["failed"] ?? "";
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
  );
}
