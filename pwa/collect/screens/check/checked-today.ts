const KEY = 'earshot.checked';

const today = (): string => new Date().toDateString();

/** Whether this phone was found well today, so that nobody need look at it again. */
export const checkedToday = {
  get is(): boolean {
    try {
      return localStorage.getItem(KEY) === today();
    } catch {
      return false;
    }
  },
  note(): void {
    try {
      localStorage.setItem(KEY, today());
    } catch {
      // A phone that keeps nothing is looked at each time.
    }
  },
};
