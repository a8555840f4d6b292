// The area chooser: choosing a street fetches its communities, choosing a community its grids.
// Without scripts the form is sent and comes back one level deeper.

async function deeper(select: HTMLSelectElement, lead: boolean): Promise<void> {
  const frame = select.closest<HTMLElement>("[data-area-chooser]");
  const address = frame?.dataset["areaChooser"];
  if (!frame || !address) return;
  const url = new URL(address, location.href);
  url.searchParams.set("name", select.name);
  url.searchParams.set("code", select.value);
  frame.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-area-chooser]");
    if (!fresh) return;
    const depth = [...frame.querySelectorAll("select")].indexOf(select);
    // Only who chooses is led on: a page that begins with a choice leaves the focus alone.
    frame.replaceChildren(...fresh.childNodes);
    const next = frame.querySelectorAll<HTMLSelectElement>("select");
    if (lead) (next[depth + 1] ?? next[depth])?.focus();
  } finally {
    frame.removeAttribute("aria-busy");
  }
}

export function startAreaChooser(root: Document = document): void {
  root.addEventListener("change", (event) => {
    const select = event.target;
    if (select instanceof HTMLSelectElement && select.closest("[data-area-chooser]")) void deeper(select, true);
  });
  // On a slow phone somebody chooses before this script has come; that choice counts too.
  for (const frame of root.querySelectorAll("[data-area-chooser]")) {
    const last = [...frame.querySelectorAll("select")].at(-1);
    if (last?.value && !last.selectedOptions[0]?.defaultSelected) void deeper(last, false);
  }
}
