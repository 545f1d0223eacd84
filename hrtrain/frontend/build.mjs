// Builds hrtrain/static from src/ and the locked packages: `npm ci && npm run build`.
// The result is committed with its hashes, so that neither start nor tests need node.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const out = join(here, "..", "static");
const read = (...parts) => readFileSync(join(...parts), "utf8");
const write = (name, text) => writeFileSync(join(out, name), text);

function theme() {
  const silenceDeprecations = ["import", "global-builtin", "color-functions", "if-function"];
  const options = { style: "compressed", loadPaths: [packages], quietDeps: true, silenceDeprecations };
  write("theme.css", sass.compile(join(here, "src", "theme.scss"), options).css + "\n");
}

function scripts() {
  const bundle = read(packages, "bootstrap", "dist", "js", "bootstrap.bundle.min.js");
  write("bootstrap.bundle.min.js", bundle.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
  const own = readdirSync(join(here, "src")).filter((name) => name.endsWith(".js"));
  for (const name of own) write(name, read(here, "src", name));
  write("mark.svg", read(here, "src", "mark.svg"));
}

function fonts() {
  mkdirSync(join(out, "fonts"), { recursive: true });
  for (const subset of ["vietnamese", "latin-ext", "latin"]) {
    for (const weight of [400, 500, 600, 700]) {
      const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
      cpSync(join(packages, "@fontsource", "be-vietnam-pro", "files", name), join(out, "fonts", name));
    }
  }
}

function icons() {
  const symbols = JSON.parse(read(here, "icons.json")).map((name) => {
    const svg = read(packages, "bootstrap-icons", "icons", `${name}.svg`);
    const [, box, drawing] = svg.match(/viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/);
    return `<symbol id="${name}" viewBox="${box}">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

function notices() {
  const parts = [
    ["Bootstrap 5.3.9 (theme.css, bootstrap.bundle.min.js with Popper, MIT, (c) Federico Zivolo)", "bootstrap"],
    ["Bootstrap Icons 1.13.1 (icons.svg)", "bootstrap-icons"],
    ["Be Vietnam Pro (fonts/)", "@fontsource/be-vietnam-pro"],
  ];
  const texts = parts.map(([title, name]) => `${title}\n\n${read(packages, name, "LICENSE").trim()}\n`);
  write("NOTICES.txt", texts.join(`\n${"-".repeat(72)}\n\n`));
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function manifest() {
  const hashes = {};
  const files = filesBelow(out).filter((path) => path !== join(out, "manifest.json"));
  for (const path of files.sort()) {
    hashes[relative(out, path)] = createHash("sha256").update(readFileSync(path)).digest("hex");
  }
  write("manifest.json", JSON.stringify(hashes, null, 1) + "\n");
}

// Nothing is removed: pages' own small files (job.js, coverage.css) may lie there unbuilt.
mkdirSync(out, { recursive: true });
for (const step of [theme, scripts, fonts, icons, notices, manifest]) step();
