// A picture that fits its place, and can be made larger and turned.
const SMALLEST = 0.25;
const LARGEST = 6;

export class Picture {
  constructor(place, url, name) {
    this.place = place;
    this.factor = 1;
    this.turns = 0;
    this.sheet = document.createElement('div');
    this.sheet.className = 'viewer-sheet';
    this.image = document.createElement('img');
    this.image.alt = name;
    this.image.addEventListener('load', () => this.#draw());
    this.image.addEventListener('error', () => place.replaceChildren('图片没有载入，请点“在新窗口打开”。'));
    this.image.src = url;
    this.sheet.append(this.image);
    place.append(this.sheet);
  }

  zoom(by) {
    this.factor = Math.min(LARGEST, Math.max(SMALLEST, this.factor * by));
    this.#draw();
  }

  turn() {
    this.turns = (this.turns + 1) % 4;
    this.#draw();
  }

  #draw() {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    if (!width) return;
    const lying = this.turns % 2 === 1;
    const [across, down] = lying ? [height, width] : [width, height];
    const fit = Math.min(1, this.place.clientWidth / across, (this.place.clientHeight - 8) / down) * this.factor;
    Object.assign(this.sheet.style, { width: `${across * fit}px`, height: `${down * fit}px` });
    Object.assign(this.image.style, { width: `${width * fit}px`, transform: `translate(-50%, -50%) rotate(${this.turns * 90}deg)` });
  }
}
