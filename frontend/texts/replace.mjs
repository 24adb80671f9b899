// esbuild plugin that puts Chinese texts into libraries without a translation of their own, while bundling.
import { readFile } from 'node:fs/promises';
import { simulationTexts } from './simulation.mjs';
import { viewerTexts } from './viewer.mjs';

/** Which files of which library, and the [English of its source, what takes its place]. */
const LIBRARIES = [
  { files: /form-js-viewer[\\/]dist[\\/]index\.es\.js$/, texts: viewerTexts },
  { files: /bpmn-js-token-simulation[\\/]lib[\\/].*\.js$/, texts: simulationTexts },
];

export function chineseTexts() {
  const found = new Set();
  const plugin = {
    name: 'chinese-texts',
    setup(build) {
      for (const { files, texts } of LIBRARIES) {
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
  const unused = () => LIBRARIES.flatMap(({ texts }) => texts.map(([find]) => find)).filter((find) => !found.has(find));
  return { plugin, unused };
}
