// Lists worked by keyboard: j k move, Enter opens, x selects, a goes to the actions, / searches.

let current = -1;

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];

const checkbox = (row: Element): HTMLInputElement | null =>
  row.querySelector<HTMLInputElement>('input[type="checkbox"]');

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ["TEXTAREA", "SELECT"].includes(target.tagName) ||
      (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type)))
  );
}

function moveTo(index: number): void {
  const all = rows();
  if (all.length === 0) return;
  current = Math.max(0, Math.min(index, all.length - 1));
  all.forEach((row, at) => row.classList.toggle("row-current", at === current));
  const row = all[current];
  row?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** Return to the row one was at, after the list was drawn anew; false where there is none. */
export function backToRow(): boolean {
  showSelection();
  if (current < 0 || rows().length === 0) return false;
  moveTo(current);
  return true;
}

function showSelection(): void {
  const chosen = rows().filter((row) => checkbox(row)?.checked).length;
  for (const bar of document.querySelectorAll<HTMLElement>("[data-bulk]")) {
    bar.hidden = chosen === 0;
    const count = bar.querySelector("[data-bulk-count]");
    if (count) count.textContent = String(chosen);
  }
}

function clearSelection(): void {
  for (const row of rows()) {
    const box = checkbox(row);
    if (box) box.checked = false;
  }
  showSelection();
}

function select(): void {
  const row = rows()[current];
  const box = row && checkbox(row);
  if (!box) return;
  box.checked = !box.checked;
  showSelection();
}

/** Go to what can be done here: the bulk bar when rows are chosen, else the first next move. */
function goToActions(): void {
  const bar = document.querySelector<HTMLElement>("[data-bulk]:not([hidden]) button");
  const move = document.querySelector<HTMLDetailsElement>("details.move");
  if (bar) bar.focus();
  else if (move) {
    move.open = true;
    move.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select, button")?.focus();
  } else rows()[current]?.querySelector<HTMLElement>("a")?.click();
}

function press(key: string): boolean {
  const help = document.querySelector<HTMLDialogElement>("#keyboard-help");
  const actions: Record<string, () => void> = {
    j: () => moveTo(current + 1),
    k: () => moveTo(current - 1),
    x: select,
    a: goToActions,
    "/": () => document.querySelector<HTMLElement>("#desk-search")?.focus(),
    "?": () => help?.showModal(),
    Escape: clearSelection,
  };
  actions[key]?.();
  return key in actions;
}

export function startRows(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && current >= 0 && event.target === document.body) {
      rows()[current]?.querySelector<HTMLElement>("a")?.click();
      return;
    }
    if (press(event.key) && event.key !== "Escape") event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if ((event.target as Element).closest("[data-row]")) showSelection();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-bulk-clear]")) clearSelection();
  });
  // Going back restores ticked boxes; the bar must agree with them.
  addEventListener("pageshow", showSelection);
}
