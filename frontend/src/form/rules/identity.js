// Identity numbers: resident identity card with its check digit, passport, Hong Kong/Macao/Taiwan permit.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

export const checkDigit = (first17) => CHECK_DIGITS[[...first17].reduce((sum, d, i) => sum + d * WEIGHTS[i], 0) % 11];

const OLDEST = 110; // years; a birth date further back is a slip of the pen

const localToday = () => new Date().toLocaleDateString('sv'); // sv writes YYYY-MM-DD

function isBirthDate(yyyymmdd, today) {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && date.toISOString().slice(0, 10) <= today && Number(today.slice(0, 4)) - year <= OLDEST;
}

/** Place (1…18) near which a resident number goes wrong, or 0 when it is right. */
export function residentFault(number, today = localToday()) {
  const text = number.toUpperCase();
  const wrong = [...text.slice(0, 18)].findIndex((c, i) => !(i === 17 ? /[\dX]/ : /\d/).test(c));
  if (wrong >= 0) return wrong + 1;
  if (text.length !== 18) return Math.min(text.length + 1, 18);
  if (!isBirthDate(text.slice(6, 14), today)) return 7;
  return checkDigit(text.slice(0, 17)) === text[17] ? 0 : 18;
}

const HMT_RESIDENT = /^8[123]\d{15}[\dX]$/; // the residence permit is numbered and checked like a resident card
const OTHER = {
  passport: [/^[A-Z0-9]{5,20}$/, '护照号码应为5至20位字母或数字，请核对。'],
  hmt_permit: [/^(?:[HM]\d{8}(?:\d{2})?|\d{8}(?:\d{2})?)$/, '港澳台居民证件号码有误，请核对字母和位数。'],
};

/** What is wrong with `number` itself, in words, or null. `type`: resident_id (default), passport, hmt_permit. */
export function identityProblem(number, type, today) {
  const text = String(number).replace(/\s/g, '').toUpperCase();
  if (OTHER[type] && !(type === 'hmt_permit' && HMT_RESIDENT.test(text))) {
    const [shape, words] = OTHER[type];
    return shape.test(text) ? null : words;
  }
  const place = residentFault(text, today);
  return place ? `身份证号校验未通过，请核对第${place}位附近的数字；应为18位。` : null;
}

const SEXES = { male: '男', female: '女' };

/** The number held against the values beside it: the kind of document, and for a resident number birth and sex. */
export function identityProblems({ typeKey = 'id_type', birthKey, sexKey }, number, scope) {
  const type = scope[typeKey];
  const wrong = identityProblem(number, type, scope.today);
  if (wrong) return [wrong];
  if (type && type !== 'resident_id') return [];
  const text = String(number).trim();
  const [month, sex] = [`${text.slice(6, 10)}-${text.slice(10, 12)}`, Number(text[16]) % 2 ? 'male' : 'female'];
  const problems = [];
  if (scope[birthKey] && scope[birthKey] !== month) {
    problems.push(`身份证号中的出生年月为${month.replace('-', '.')}，与填写的不一致，请核对。`);
  }
  if (SEXES[scope[sexKey]] && scope[sexKey] !== sex) {
    problems.push(`身份证号对应的性别与填写的“${SEXES[scope[sexKey]]}”不一致，请核对。`);
  }
  return problems;
}
