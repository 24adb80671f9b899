// Label, hint and messages around every field of ours, the way the viewer draws its own.
import { Description, Errors, Label } from '@bpmn-io/form-js-viewer';

export function Frame({ type, field, domId, errors, labelFor, children }) {
  const faulty = errors.length ? ' fjs-has-errors' : '';
  return (
    <div class={`fjs-form-field fjs-form-field-${type}${faulty}`} data-field={field.key}>
      <Label htmlFor={labelFor ?? domId} label={field.label} required={Boolean(field.validate?.required)} />
      {children}
      <Description id={`${domId}-description`} description={field.description} />
      <Errors id={`${domId}-error-message`} errors={errors} />
    </div>
  );
}

export const describe = (field, domId, errors) => ({
  'aria-invalid': errors.length > 0,
  'aria-describedby': `${domId}-description ${domId}-error-message`,
  'aria-required': Boolean(field.validate?.required),
});

export const fieldConfig = (type, name, emptyValue, rest = {}) => ({
  type,
  name,
  label: name,
  group: 'basic-input',
  keyed: true,
  emptyValue,
  create: (options) => ({ label: name, ...options }),
  ...rest,
});

export const listConfig = (type, name) => fieldConfig(type, name, [], {
  sanitizeValue: ({ value }) => (Array.isArray(value) ? value : []),
});
