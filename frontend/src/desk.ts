// The desk: htmx for parts of pages, lists worked by keyboard.
import "./styles/index.scss";
import htmx from "htmx.org";
import { startAreaChooser } from "./islands/area";
import { startCopy } from "./islands/copy";
import { startKeys } from "./islands/keys";
import { startParts } from "./islands/parts";
import { startPhotos } from "./islands/photos";
import { startLocate } from "./islands/place";
import { startRows } from "./islands/rows";
import { startSmall } from "./islands/small";

// Nothing that a strict Content-Security-Policy forbids: no evaluated text, no injected styles.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // personal data must not stay in the browser's storage
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4..", swap: true, error: true },
    { code: "...", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value;
  const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
  if (token) headers["X-CSRFToken"] = token;
});

startSmall();
startCopy();
startRows();
startPhotos();
startAreaChooser();
startLocate();
startKeys();
startParts();
