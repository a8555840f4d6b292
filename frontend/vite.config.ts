// Builds the islands and styles into the portal's static folder, with a manifest Django reads.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const out = resolve(import.meta.dirname, "../src/gongzhi/portal/static/dist");

/** Names of the icons that templates and lists use; the sprite holds nothing else. */
function usedIcons(): string[] {
  return readFileSync(resolve(import.meta.dirname, "src/icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function sprite(): string {
  const folder = resolve(import.meta.dirname, "node_modules/@tabler/icons/icons/outline");
  const symbols = usedIcons().map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), "utf8");
    const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inside.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** Writes the files that no script imports (sprite, mark) with a hash, and enters them in the manifest. */
function plainFiles(): Plugin {
  return {
    name: "gongzhi-plain-files",
    closeBundle() {
      const manifestPath = join(out, "manifest.json");
      const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
      const files: Record<string, string> = { "icons.svg": sprite() };
      const folder = resolve(import.meta.dirname, "src/files");
      for (const name of readdirSync(folder)) files[name] = readFileSync(join(folder, name), "utf8");
      for (const [name, text] of Object.entries(files)) {
        const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
        const file = "assets/" + name.replace(/\.(\w+)$/, `-${digest}.$1`);
        writeFileSync(join(out, file), text);
        manifest[`src/files/${name}`] = { file };
      }
      writeFileSync(manifestPath, JSON.stringify(manifest, null, 1));
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    target: "es2020",
    // Data addresses would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500, // the map library, loaded on map pages only
    rollupOptions: {
      checks: { eval: false }, // htmx holds one; allowEval is off and the policy forbids it
      input: Object.fromEntries(
        ["public", "desk", "map", "chart", "patrol", "worker"].map((name) => [name, resolve(import.meta.dirname, `src/${name}.ts`)]),
      ),
    },
  },
  plugins: [plainFiles()],
});
