// Pictures made small enough in the browser, and several of them as one PDF.

const MB = 1024 * 1024;
/** Longest side in points and JPEG quality, from best to smallest; the first that fits is taken. */
const STEPS = [[2400, 0.85], [2000, 0.78], [1600, 0.7], [1280, 0.62], [1000, 0.5]];
const ROOM = 0.96; // of the limit: a PDF needs a little for itself
const A4 = [595.28, 841.89];

export const isPicture = ({ type }) => /^image\/(jpeg|png|webp|heic|heif)$/.test(type);

/** A JPEG of the picture, upright, with at most `longest` points on its longer side; null where it cannot be read. */
async function jpeg(file, longest, quality) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null;
  }
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff'; // what is transparent in a PNG
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}

/** The pictures as JPEGs that together fit into `limit` bytes: {shots: [Blob], size}, or {unreadable: name}, or {tooMuch}. */
export async function fit(files, limit) {
  for (const [longest, quality] of STEPS) {
    const shots = [];
    for (const file of files) {
      const shot = await jpeg(file, longest, quality); // one after the other: a telephone's memory is small
      if (!shot) return { unreadable: file.name };
      shots.push(shot);
    }
    const size = shots.reduce((sum, shot) => sum + shot.size, 0);
    if (size <= limit * ROOM) return { shots, size };
  }
  return { tooMuch: true };
}

/** One PDF with a page of A4 for each shot, lying where the picture lies. */
export async function toPdf(shots, name) {
  const { PDFDocument } = await import('pdf-lib');
  const paper = await PDFDocument.create();
  for (const shot of shots) {
    const picture = await paper.embedJpg(await shot.arrayBuffer());
    const [width, height] = picture.width > picture.height ? [A4[1], A4[0]] : A4;
    const { width: w, height: h } = picture.scaleToFit(width, height);
    paper.addPage([width, height]).drawImage(picture, { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h });
  }
  return new File([await paper.save()], name, { type: 'application/pdf' });
}

/** A picture above `maxSizeMB` as a smaller JPEG of the same name; anything else as it is. */
export async function shrunk(file, maxSizeMB) {
  if (!isPicture(file) || file.size <= maxSizeMB * MB) return file;
  const { shots } = await fit([file], maxSizeMB * MB);
  return shots ? new File(shots, `${file.name.replace(/\.[^.]*$/, '')}.jpg`, { type: 'image/jpeg' }) : file;
}
