// Reports taken down where there is no network: kept on the device, sent when it is back, never twice.
//
// Each report has a key of its own; the server answers the same key with the first report. What was
// sent is wiped from the device at once; what somebody else wrote on it is never sent under this name.

interface Waiting {
  key: string;
  account: string;
  at: number;
  fields: [string, string | Blob, string?][];
  words: string;
  refused?: string;
}

interface Answer {
  reference?: string;
  address?: string;
  problem?: string;
}

const STORE = "reports";
const AGAIN = 30_000; // milliseconds between tries while something waits
const LIFE = 30 * 24 * 3600 * 1000; // milliseconds that a report nobody sent stays on a device

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("gongzhi-patrol", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function store<T>(mode: IDBTransactionMode, call: (kept: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(STORE, mode);
      const asked = call(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

const keep = (one: Waiting): Promise<unknown> => store("readwrite", (kept) => kept.put(one));
const forget = (key: string): Promise<unknown> => store("readwrite", (kept) => kept.delete(key));
const all = (): Promise<Waiting[]> => store("readonly", (kept) => kept.getAll() as IDBRequest<Waiting[]>);

class Queue {
  private readonly account: string;
  private busy = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly list: HTMLElement,
    private readonly words: DOMStringMap,
  ) {
    this.account = form.dataset["account"] ?? "";
  }

  start(): void {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.form.reportValidity()) void this.take();
    });
    this.list.addEventListener("click", (event) => {
      const key = (event.target as Element).closest<HTMLElement>("[data-drop]")?.dataset["drop"];
      if (key && confirm(this.words["sure"])) void forget(key).then(() => this.show());
    });
    addEventListener("online", () => void this.send());
    setInterval(() => void this.send(), AGAIN);
    void this.show().then(() => this.send());
  }

  private async take(): Promise<void> {
    const given = new FormData(this.form);
    const fields: Waiting["fields"] = [];
    for (const [name, value] of given) {
      if (name === "csrfmiddlewaretoken" || name === "key") continue;
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size) fields.push([name, value.slice(0, value.size, value.type), value.name]);
    }
    const words = String(given.get("words") ?? "");
    // Empty at once: what is typed next must not be wiped when the keeping is done.
    this.form.reset();
    this.form.querySelector(".photo-previews")?.replaceChildren();
    const field = this.form.querySelector<HTMLTextAreaElement>("textarea");
    field?.focus();
    try {
      await keep({ key: crypto.randomUUID() + crypto.randomUUID(), account: this.account, at: Date.now(), fields, words });
    } catch {
      // The device is full: what was written comes back, and the reader is told.
      if (field) field.value = words;
      alert(this.words["full"] ?? "");
    }
    await this.show();
    await this.send();
  }

  /** Send what waits, one after another; the first that finds no network ends the round. */
  private async send(): Promise<void> {
    if (this.busy || !navigator.onLine) return;
    this.busy = true;
    try {
      for (const one of await all()) {
        if (one.account === this.account && !one.refused) await this.sendOne(one);
      }
    } catch {
      // No network after all: the next round tries again with the same key.
    } finally {
      this.busy = false;
      await this.show();
    }
  }

  private async sendOne(one: Waiting): Promise<void> {
    const body = new FormData();
    for (const [name, value, file] of one.fields) {
      if (typeof value === "string") body.append(name, value);
      else body.append(name, value, file);
    }
    body.append("key", one.key);
    body.append("csrfmiddlewaretoken", await this.token());
    const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 401 || answer.status === 403) throw new Error("signed out");
    if (answer.status >= 500 || answer.status === 429) throw new Error("later");
    // A refusal that is no answer of ours (a proxy's, say) must not hold up what waits behind it.
    const told = (await answer.json().catch(() => ({}))) as Answer;
    if (answer.ok && told.reference) {
      await forget(one.key);
      this.say(told);
    } else {
      await keep({ ...one, refused: told.problem ?? this.words["refused"] ?? "" });
    }
  }

  /** A fresh token: the page may have been opened before the last signing in. */
  private async token(): Promise<string> {
    const page = await fetch(this.form.action, { cache: "no-store" });
    const found = new DOMParser().parseFromString(await page.text(), "text/html");
    const account = found.querySelector<HTMLFormElement>("form[data-patrol]")?.dataset["account"];
    const token = found.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value;
    if (account !== this.account || !token) throw new Error("somebody else is signed in");
    return token;
  }

  private say(told: Answer): void {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = told.address ?? "";
    link.textContent = told.reference ?? "";
    line.append(`${this.words["sent"] ?? ""} `, link);
    const sent = document.querySelector<HTMLElement>("[data-patrol-sent]");
    sent?.append(line);
    if (sent) sent.hidden = false;
  }

  private async show(): Promise<void> {
    for (const one of await all()) if (Date.now() - one.at > LIFE) await forget(one.key);
    const mine = (await all()).filter((one) => one.account === this.account);
    this.list.replaceChildren(
      ...mine.map((one) => {
        const line = document.createElement("li");
        const what = document.createElement("span");
        what.textContent = one.words;
        const state = document.createElement("span");
        state.className = one.refused ? "tag tag-late" : "tag tag-waiting";
        state.textContent = one.refused ?? this.words["waiting"] ?? "";
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "btn btn-small";
        drop.dataset["drop"] = one.key;
        drop.textContent = this.words["drop"] ?? "";
        line.append(what, state, drop);
        return line;
      }),
    );
    this.list.hidden = mine.length === 0;
  }
}

export function startPatrol(root: Document = document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-patrol]");
  const list = root.querySelector<HTMLElement>("[data-patrol-queue]");
  if (!form || !list || !("indexedDB" in window)) return;
  if ("serviceWorker" in navigator && form.dataset["worker"]) {
    // Without it the page still sends; it only cannot be opened while there is no network.
    navigator.serviceWorker.register(form.dataset["worker"], { scope: form.action }).catch(() => undefined);
  }
  new Queue(form, list, list.dataset).start();
}
