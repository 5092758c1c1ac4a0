// Builds the pages' scripts into meetings/pages/static: hashed names, .br and .gz beside each, manifest.json, licences.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const OUT = process.env.CHIBO_WEB_OUT ?? "../meetings/pages/static";
const ENTRIES = {
  core: "src/core.ts",
  room: "src/room.ts",
  desk: "src/desk.ts",
  trouble: "src/trouble.ts",
  signing: "src/signing.ts",
  secret: "src/secret.ts",
  hall: "src/hall.ts",
  passkey: "src/passkey.ts",
  sw: "src/sw.ts",
};

function shelf() {
  return {
    name: "shelf",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const files = Object.fromEntries(chunks.map((one) => [one.name, one.fileName]).sort());
      this.emitFile({ type: "asset", fileName: "manifest.json", source: JSON.stringify(files, null, 1) + "\n" });
      this.emitFile({ type: "asset", fileName: "licences.txt", source: licences() });
    },
    writeBundle(options) {
      for (const name of readdirSync(options.dir).filter((one) => one.endsWith(".js"))) {
        const raw = readFileSync(join(options.dir, name));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
        writeFileSync(join(options.dir, `${name}.br`), brotliCompressSync(raw, { params }));
        writeFileSync(join(options.dir, `${name}.gz`), gzipSync(raw, { level: 9 }));
      }
    },
  };
}

// livekit-client ships its dependencies inside its own file, so a bundler's list of licences would miss them.
function licences() {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const shipped = Object.entries(lock).filter(([path, about]) => path && !about.dev && !about.devOptional);
  return shipped.map(([path, about]) => `${path.replace("node_modules/", "")} ${about.version} (${about.license ?? "?"})\n\n${text(path)}`).join("\n\n----\n\n");
}

function text(path) {
  if (!existsSync(path)) return "";
  const found = readdirSync(path).find((name) => /^(licen[cs]e|notice|copying)/i.test(name));
  return found ? readFileSync(join(path, found), "utf8").trim() : "";
}

export default defineConfig({
  base: "./",
  publicDir: false,
  logLevel: "warn",
  plugins: [shelf()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: ["chrome87", "safari14"],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: ENTRIES,
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
      },
    },
  },
});
