// A text box with `suggest` offers what the record has; any other words may be typed as well.
import { newId } from '../net/request.js';

/** `suggestions` are {value, label}; the list hangs in `place`, which goes when the panel closes. */
export function offerSuggestions(form, components, suggestions, place) {
  const boxes = suggestions?.length ? components.filter(({ suggest }) => suggest) : [];
  if (!boxes.length) return;
  const list = document.createElement('datalist');
  list.id = `suggestions-${newId()}`;
  list.append(...suggestions.map(({ value, label }) => {
    const option = new Option(label, value);
    if (label) option.label = label;
    return option;
  }));
  place.append(list);
  for (const { id } of boxes) {
    const box = document.getElementById(`fjs-form-${form._id}-${id}`);
    box?.setAttribute('list', list.id);
    box?.setAttribute('autocomplete', 'off');
  }
}
