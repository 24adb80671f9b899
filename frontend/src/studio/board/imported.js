// What an import left out, kept in this browser until the designer has seen to it: it outlives the page.

/** The list of one file of one draft; `storage` as localStorage is. A browser that keeps nothing keeps it for the page. */
export class ImportedList {
  constructor(draft, path, storage = globalThis.localStorage) {
    this.key = `zhiping-imported:${draft}:${path}`;
    this.storage = storage;
    this.entries = this.#read();
  }

  keep(entries) {
    this.entries = entries;
    try {
      if (entries.length) this.storage.setItem(this.key, JSON.stringify(entries));
      else this.storage.removeItem(this.key);
    } catch {
      // full, or forbidden: the list stands on this page all the same
    }
  }

  #read() {
    try {
      const found = JSON.parse(this.storage.getItem(this.key) ?? '[]');
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }
}
