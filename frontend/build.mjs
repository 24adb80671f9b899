// Builds the browser assets into app/web/static/dist with hashed names and writes manifest.json.
import * as esbuild from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chineseViewer } from './texts/replace.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, '..', 'app', 'web', 'static', 'dist');
const entries = ['app', 'form', 'diagram'];

const options = {
  absWorkingDir: here,
  entryPoints: entries.map((name) => `src/${name}.js`),
  outdir,
  bundle: true,
  minify: true,
  format: 'esm',
  splitting: true,
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  entryNames: '[name]-[hash]',
  chunkNames: 'shared-[hash]',
  assetNames: '[name]-[hash]',
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.svg': 'dataurl', '.png': 'file' },
};

/** entry name → {js, css?, shared: [chunk, …]}; `shared` lets a page preload what the entry imports at once. */
function manifestOf(outputs) {
  const manifest = {};
  for (const [path, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const entry = { js: basename(path) };
    if (output.cssBundle) entry.css = basename(output.cssBundle);
    entry.shared = output.imports.filter((i) => i.kind === 'import-statement').map((i) => basename(i.path));
    manifest[basename(output.entryPoint, '.js')] = entry;
  }
  return manifest;
}

const started = Date.now();
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
const { plugin, unused } = chineseViewer();
const result = await esbuild.build({ ...options, plugins: [plugin] });
const missing = unused();
if (missing.length) {
  console.error(`These texts of the form viewer were not found, so the interface would show English:\n${missing.join('\n')}`);
  process.exit(1);
}
await writeFile(join(outdir, 'manifest.json'), JSON.stringify(manifestOf(result.metafile.outputs), null, 2));

for (const [path, { bytes }] of Object.entries(result.metafile.outputs).sort()) {
  if (/\.(js|css)$/.test(path)) console.log(`${(bytes / 1024).toFixed(0).padStart(6)} KB  ${relative(outdir, join(here, path))}`);
}
console.log(`built in ${Date.now() - started} ms`);
