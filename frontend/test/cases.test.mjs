// The cases the server's checks are held to hold the browser's as well.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compute } from '../src/form/rules/check.js';
import { evaluateForm } from '../src/form/rules/evaluate.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'tests', 'forms', 'cases');
const TODAY = '2023-10-09'; // the server's tests judge the same cases on this day

function casesOf(file) {
  const path = join(folder, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

for (const { name, expression, values, expect } of casesOf('feel.json')) {
  test(`expression: ${name}`, () => assert.deepEqual(compute(`=${expression}`, values), expect));
}

for (const { name, schema, values, expect } of casesOf('forms.json')) {
  test(`form: ${name}`, () => {
    const { errors, values: kept } = evaluateForm(schema, values, TODAY);
    const found = Object.keys(errors).length ? { problems: Object.keys(errors) } : { values: kept };
    assert.deepEqual(found, expect, JSON.stringify(errors));
  });
}
