// Times as the interface writes them.
export const timeOfDay = (date = new Date()) => `${date.getHours()}:${String(date.getMinutes()).padStart(2, '0')}`;
