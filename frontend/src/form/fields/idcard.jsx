// Identity number; which kind of document it is stands in another field (`typeKey`, by default id_type).
import { Frame, describe, fieldConfig } from './frame.jsx';

export function IdCard({ field, value, onChange, onBlur, onFocus, domId, errors = [], disabled, readonly }) {
  const change = (event) => onChange({ value: event.target.value.replace(/\s/g, '').toUpperCase() });
  return (
    <Frame type="idcard" {...{ field, domId, errors }}>
      <input id={domId} type="text" class="fjs-input" autocomplete="off" maxLength={20} spellcheck={false}
        value={value ?? ''} disabled={disabled} readOnly={readonly} onInput={change} onBlur={onBlur} onFocus={onFocus}
        {...describe(field, domId, errors)} />
    </Frame>
  );
}

IdCard.config = fieldConfig('idcard', '证件号码', '', {
  sanitizeValue: ({ value }) => (typeof value === 'string' ? value : ''),
});
