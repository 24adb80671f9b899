// Builds the browser assets into app/web/static/dist with hashed names and writes manifest.json;
// puts the faces that printed documents need into documents/fonts.
import * as esbuild from 'esbuild';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chineseEditor, chineseTexts } from './texts/replace.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, '..', 'app', 'web', 'static', 'dist');
const entries = ['app', 'form', 'diagram', 'studio', 'studio-board', 'studio-decision', 'studio-preview'];
const apart = ['studio-form']; // with the older preact that the form editor needs
const fonts = join(here, 'node_modules', '@expo-google-fonts', 'noto-serif-sc');
const faces = ['400Regular/NotoSerifSC_400Regular.ttf', '700Bold/NotoSerifSC_700Bold.ttf', 'LICENSE_FONT'];

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

// Stands for the code editors of the panel: whatever is asked of it when the bundle loads gives itself.
const LEFT_OUT = `const nothing = new Proxy(function () {}, { get: () => nothing, apply: () => nothing, construct: () => nothing });
  export { nothing as default, nothing as Annotation, nothing as EditorView, nothing as FeelersEditor, nothing as jsonParseLinter, nothing as lineNumbers };`;

/**
 * The form editor moves what it drags in the page by hand, which preact after 10.15 does not bear (form-js issue 760).
 * What is built with it takes the editor's own preact, and nothing of the properties panel that ours replaces.
 */
const editorWorld = {
  name: 'editor-world',
  setup(build) {
    const editor = join(here, 'node_modules', '@bpmn-io', 'form-js-editor', 'dist');
    build.onResolve({ filter: /^preact(\/|$)/ }, ({ path, pluginData, kind }) => (
      pluginData === editor ? undefined : build.resolve(path, { resolveDir: editor, kind, pluginData: editor })
    ));
    build.onResolve({ filter: /^(@codemirror\/|@bpmn-io\/feel(ers)?-editor$|focus-trap$)/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: LEFT_OUT, loader: 'js' }));
  },
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

/** The two faces of documents/*.typ, with their licence, where the Python side looks for them. */
async function copyFonts(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const face of faces) await copyFile(join(fonts, face), join(folder, basename(face)));
}

const started = Date.now();
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
await copyFonts(join(here, '..', 'documents', 'fonts'));
const texts = [chineseTexts(), chineseEditor()];
const entryPoints = apart.map((name) => `src/${name}.js`);
const results = await Promise.all([
  esbuild.build({ ...options, plugins: [texts[0].plugin] }),
  esbuild.build({ ...options, entryPoints, plugins: [editorWorld, texts[1].plugin] }),
]);
const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
const missing = texts.flatMap(({ unused }) => unused());
if (missing.length) {
  console.error(`These texts of a library were not found, so the interface would show English:\n${missing.join('\n')}`);
  process.exit(1);
}
await writeFile(join(outdir, 'manifest.json'), JSON.stringify(manifestOf(outputs), null, 2));

for (const [path, { bytes }] of Object.entries(outputs).sort()) {
  if (/\.(js|css)$/.test(path)) console.log(`${(bytes / 1024).toFixed(0).padStart(6)} KB  ${relative(outdir, join(here, path))}`);
}
console.log(`built in ${Date.now() - started} ms`);
