// esbuild plugin that puts the Chinese texts of viewer.mjs into the form viewer while bundling.
import { readFile } from 'node:fs/promises';
import { viewerTexts } from './viewer.mjs';

export function chineseViewer() {
  const found = new Set();
  const plugin = {
    name: 'chinese-viewer',
    setup(build) {
      build.onLoad({ filter: /form-js-viewer[\\/]dist[\\/]index\.es\.js$/ }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const [find, put] of viewerTexts) {
          if (contents.includes(find)) found.add(find);
          contents = contents.replaceAll(find, put);
        }
        return { contents, loader: 'js' };
      });
    },
  };
  return { plugin, unused: () => viewerTexts.map(([find]) => find).filter((find) => !found.has(find)) };
}
