// The calendar of date fields in Chinese, its weeks from Monday.
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';

const SPOKEN = { monthAriaLabel: '月', yearAriaLabel: '年', hourAriaLabel: '时', minuteAriaLabel: '分' };

export const speakChinese = () => flatpickr.localize({ ...Mandarin, ...SPOKEN, firstDayOfWeek: 1 });
