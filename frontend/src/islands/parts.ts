// Forms sent by htmx: a refusal stands in its form, the focus stays where the reader was.
import { backToRow } from "./rows";

interface Sent {
  elt: Element;
  target: Element;
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  swapOverride?: string;
  requestConfig: { elt: Element; triggeringEvent?: Event };
}

const sent = (event: Event): Sent => (event as CustomEvent<Sent>).detail;

/** Whether a person asked: what a page fetches by itself moves no focus. */
const isAsked = ({ requestConfig }: Sent): boolean =>
  ["submit", "click"].includes(requestConfig.triggeringEvent?.type ?? "");

let pressed = ""; // the id of the button that was pressed: disabled meanwhile, it loses the focus

/** The place on top of a form for what went wrong with it as a whole. */
function slot(form: Element): HTMLElement {
  let found = form.querySelector<HTMLElement>(":scope > .form-result");
  if (!found) {
    found = document.createElement("div");
    found.className = "form-result";
    found.tabIndex = -1;
    form.prepend(found);
  }
  return found;
}

function say(form: Element): void {
  const words = document.querySelector<HTMLTemplateElement>("#not-sent");
  const place = slot(form);
  place.replaceChildren(words?.content.cloneNode(true) ?? "");
  place.focus();
}

/** Before an answer takes its place: signed out, a refusal without a page part, or a fault. */
function look(event: Event): void {
  const detail = sent(event);
  const { xhr, target } = detail;
  const form = detail.requestConfig.elt;
  if (new URL(xhr.responseURL, location.href).pathname.startsWith("/accounts/")) {
    detail.shouldSwap = false;
    location.reload(); // which leads to the sign-in page and back here
    return;
  }
  if (xhr.status < 500 && xhr.responseText.includes(`id="${target.id}"`)) {
    // Of details that share a name only one may be open: the old one would close its successor.
    for (const old of target.querySelectorAll<HTMLDetailsElement>("details[name]")) old.open = false;
    return;
  }
  if (xhr.status < 400) return;
  if (xhr.status >= 500 || /<html/i.test(xhr.responseText)) {
    detail.shouldSwap = false;
    say(form);
    return;
  }
  detail.target = slot(form);
  detail.swapOverride = "innerHTML";
}

/** After it: errors first, then what was pressed, then what was said. */
function settle(event: Event): void {
  if (!isAsked(sent(event))) return;
  const errors = document.querySelector<HTMLElement>("main .form-errors, main .form-result");
  if (errors) return errors.focus();
  const lost = document.activeElement === document.body || document.activeElement === null;
  if (!lost) return;
  const again = pressed ? document.getElementById(pressed) : null;
  if (again) return again.focus();
  if (backToRow()) return;
  document.querySelector<HTMLElement>("#messages .messages, #next")?.focus();
}

export function startParts(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const detail = sent(event);
    detail.elt.querySelector(":scope > .form-result")?.remove();
    if (!isAsked(detail)) return;
    pressed = (detail.requestConfig.triggeringEvent as SubmitEvent | undefined)?.submitter?.id ?? "";
  });
  document.addEventListener("htmx:beforeSwap", look);
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:sendError", (event) => say(sent(event).elt));
  document.addEventListener("htmx:load", (event) => {
    const fresh = sent(event).elt;
    for (const one of fresh.querySelectorAll<HTMLElement>("[data-needs-script]")) one.hidden = false;
  });
}
