// A diagram to look at only, such as another designer's version.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { chinese } from './texts.js';

export async function preview(xml, place) {
  const viewer = new NavigatedViewer({ container: place, additionalModules: [chinese] });
  try {
    await viewer.importXML(xml);
    viewer.get('canvas').zoom('fit-viewport', 'auto');
  } catch {
    place.textContent = '对方的版本不能画出来，可以先改用它，再看检查的结果。';
  }
}
