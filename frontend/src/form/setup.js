// What the page hands to a form island, read from its data attributes and JSON script elements.

function json(id, fallback) {
  const element = id && document.getElementById(id);
  return element ? JSON.parse(element.textContent) : fallback;
}

/** {schema, values, problems, context, draftUrl, submitUrl, …} of `<div data-island="form">`. */
export function readSetup({ dataset }) {
  return {
    schema: json(dataset.schemaId, { type: 'default', components: [] }),
    values: json(dataset.valuesId, {}),
    problems: json(dataset.errorsId, []),
    context: { organisations: [], attachments: {}, ...json(dataset.contextId, {}) },
    draftUrl: dataset.draftUrl,
    draftToken: dataset.draftToken ?? null,
    submitUrl: dataset.submitUrl,
    uploadUrl: dataset.uploadUrl,
    uploadLimit: dataset.uploadLimit, // bytes of one file
    organisationUrl: dataset.organisationUrl,
    today: dataset.today, // the server's day; the demonstration clock may be elsewhere
    now: dataset.now, // its time of day
    readOnly: 'readOnly' in dataset,
    title: dataset.title ?? '表单',
    submitLabel: dataset.submitLabel ?? '提交',
  };
}
