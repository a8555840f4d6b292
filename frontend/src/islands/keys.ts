// Forms that are worked by keyboard: Ctrl+Enter sends from any field, also from one of several lines.

export function startKeys(root: Document = document): void {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-keys]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector<HTMLButtonElement>("[data-main]"));
  });
}
