// esbuild plugin that puts Chinese texts into libraries without a translation of their own, while bundling.
import { readFile } from 'node:fs/promises';
import { editorTexts } from './editor.mjs';
import { simulationTexts } from './simulation.mjs';
import { viewerTexts } from './viewer.mjs';

/** Which files of which library, and the [English of its source, what takes its place]. */
const LIBRARIES = [
  { files: /form-js-viewer[\\/]dist[\\/]index\.es\.js$/, texts: viewerTexts },
  { files: /bpmn-js-token-simulation[\\/]lib[\\/].*\.js$/, texts: simulationTexts },
];

const EDITOR = [
  { files: /form-js-editor[\\/]dist[\\/]index\.es\.js$/, texts: editorTexts },
  LIBRARIES[0], // the editor's build has a viewer of its own
];

export const chineseTexts = () => replacing(LIBRARIES);
export const chineseEditor = () => replacing(EDITOR);

function replacing(libraries) {
  const found = new Set();
  const plugin = {
    name: 'chinese-texts',
    setup(build) {
      for (const { files, texts } of libraries) {
        build.onLoad({ filter: files }, async ({ path }) => {
          let contents = await readFile(path, 'utf8');
          for (const [find, put] of texts) {
            if (contents.includes(find)) found.add(find);
            contents = contents.replaceAll(find, put);
          }
          return { contents, loader: 'js' };
        });
      }
    },
  };
  const unused = () => libraries.flatMap(({ texts }) => texts.map(([find]) => find)).filter((find) => !found.has(find));
  return { plugin, unused };
}
