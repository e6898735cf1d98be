/// <reference types="vitest/config" />
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;
const built = resolve(here, "quenotte/web/static/web/built");

/** Turn one Lucide file into a `<symbol>`; its licence comment stays in the package. */
function symbol(name: string): string {
  const file = resolve(here, `node_modules/lucide-static/icons/${name}.svg`);
  const shapes = readFileSync(file, "utf8")
    .replace(/<!--.*?-->/gs, "")
    .match(/<svg[^>]*>(.*)<\/svg>/s)?.[1];
  if (shapes === undefined) throw new Error(`no drawing in ${file}`);
  const inner = shapes.replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
}

/** Emit the typeface of printed sheets as Typst reads it, under names that stay. */
function typefaces(): Plugin {
  return {
    name: "quenotte-typefaces",
    generateBundle() {
      for (const style of ["400Regular", "400Regular_Italic", "600SemiBold"]) {
        const name = `Inter_${style}.ttf`;
        const file = resolve(here, `node_modules/@expo-google-fonts/inter/${style}/${name}`);
        this.emitFile({ type: "asset", fileName: `fonts/${name}`, source: readFileSync(file) });
      }
    },
  };
}

/** Emit the sprite of the icons named in `islands/icons.json`, and the favicon. */
function drawings(): Plugin {
  return {
    name: "quenotte-drawings",
    generateBundle() {
      const names = JSON.parse(readFileSync(resolve(here, "islands/icons.json"), "utf8"));
      const symbols = (names as string[]).map(symbol).join("");
      const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`;
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        originalFileName: "icons.svg",
        source: sprite,
      });
      const favicon = readFileSync(resolve(here, "islands/favicon.svg"), "utf8");
      this.emitFile({
        type: "asset",
        name: "favicon.svg",
        originalFileName: "favicon.svg",
        source: favicon,
      });
    },
  };
}

export default defineConfig({
  // Relative, so that the islands load under any STATIC_URL.
  base: "./",
  publicDir: false,
  plugins: [drawings(), typefaces()],
  build: {
    outDir: built,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["islands/main.ts", "islands/main.css"],
    },
  },
  worker: { format: "es" },
  test: { environment: "jsdom", pool: "vmThreads", include: ["islands/**/*.test.ts"] },
});
