// Small behaviours named by attributes: selects that send their form, print, one open menu.

export function startSmall(root: Document = document): void {
  root.addEventListener("change", (event) => {
    const target = event.target as Element;
    if (target.matches("[data-submit]")) target.closest("form")?.requestSubmit();
    if (target.matches("[data-fill]")) fill(target as HTMLSelectElement);
  });
  root.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-print]")) print();
    for (const open of root.querySelectorAll<HTMLDetailsElement>(".menu[open], .nav-more details[open]")) {
      if (!open.contains(target)) open.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = root.querySelector<HTMLDetailsElement>(".menu[open], .nav-more details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector<HTMLElement>("summary")?.focus();
  });
  for (const element of root.querySelectorAll<HTMLElement>("[data-needs-script]")) element.hidden = false;
  // The form came back with errors: bring the reader to them.
  root.querySelector<HTMLElement>(".form-errors:not(.showcase *)")?.focus();
  keepFromTwice(root);
  forgetPages(root);
}

/** Who signs in or out leaves no page behind that opens without a network under another's name. */
function forgetPages(root: Document): void {
  const forget = () => {
    if ("caches" in window) void caches.delete("gongzhi-patrol-1");
  };
  if (location.pathname.startsWith("/accounts/")) forget();
  root.addEventListener("submit", (event) => {
    if ((event.target as HTMLFormElement).action.includes("/accounts/logout/")) forget();
  });
}

/** Put the chosen words into the field they are for, after what stands there. */
function fill(choice: HTMLSelectElement): void {
  const field = document.getElementById(choice.dataset["fill"] ?? "") as HTMLTextAreaElement | null;
  if (!field || !choice.value) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${choice.value}` : choice.value;
  choice.value = "";
  field.focus();
}

/** A second press of the same button sends nothing; going back makes the form usable again. */
function keepFromTwice(root: Document): void {
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset["sent"]) event.preventDefault();
    form.dataset["sent"] = "1";
    setTimeout(() => delete form.dataset["sent"], 8000);
  });
  addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}
