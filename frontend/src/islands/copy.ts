// Copy buttons: shown only where the browser can copy.

export function startCopy(root: Document = document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    button.hidden = !navigator.clipboard && !document.queryCommandSupported?.("copy");
  }
  root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy]");
    if (button) void copy(button);
  });
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = button.dataset["copy"] ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https there is no clipboard: select the code so that one key copies it.
    const code = button.parentElement?.querySelector("code");
    if (!code) return;
    getSelection()?.selectAllChildren(code);
    if (!document.execCommand("copy")) return;
  }
  const before = button.textContent;
  button.textContent = button.dataset["done"] ?? "✓";
  setTimeout(() => (button.textContent = before), 2000);
}
