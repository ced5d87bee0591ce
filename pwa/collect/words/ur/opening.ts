import type { opening as english } from '../en/opening';
import { apart, count, dayAndTime, spokenLength, stories } from './forms';

/** Opening the app, the first page, and pages that went wrong. */
export const opening: typeof english = {
  app: {
    name: 'Earshot',
    title: (page) => `${page} – Earshot`,
    skip: 'اصل حصے پر جائیں',
    opening: 'Earshot کھل رہا ہے',
    openingMore: 'دیکھ رہے ہیں کہ اس فون پر کیا محفوظ ہے۔',
    back: 'واپس',
    goHome: 'پہلے صفحے پر جائیں',
    continue: 'آگے چلیں',
    when: (iso) => dayAndTime.format(new Date(iso)),
    length: spokenLength,
    brightScreen: 'روشن اسکرین',
    darkScreen: 'تاریک اسکرین',
    online: 'آن لائن',
    offline: 'رابطہ نہیں',
  },

  signIn: {
    title: 'شروع کرنے کے لیے سائن ان کریں',
    why: 'اس فون پر ایک بار سائن ان کریں۔ اس کے بعد Earshot سگنل کے بغیر بھی کھلتا اور چلتا ہے۔',
    action: 'سائن ان کریں',
    offline: 'یہ فون ابھی Earshot تک نہیں پہنچ سکتا۔ سگنل یا وائی فائی ڈھونڈیں، پھر سائن ان کریں۔',
    again: 'دوبارہ سائن ان کریں',
    againTitle: 'آپ سائن آؤٹ ہو چکے ہیں',
    againWhy: 'کچھ ضائع نہیں ہوا۔ آپ یہاں کام جاری رکھ سکتے ہیں۔ دوبارہ سائن ان کریں تاکہ اس فون کی کہانیاں بھیجی جا سکیں۔',
    tryAgain: 'دوبارہ دیکھیں',
  },

  language: {
    title: 'زبان چنیں',
    why: 'Earshot آپ سے اس زبان میں بات کرتا ہے۔ لوگوں نے جو آپ کو بتایا وہ ویسا ہی رہتا ہے۔',
    link: 'زبان',
    inUse: 'ابھی چنی ہوئی',
  },

  home: {
    project: 'پروجیکٹ',
    start: 'بات چیت شروع کریں',
    change: 'پروجیکٹ بدلیں',
    noProject: 'آپ کا ابھی کوئی پروجیکٹ نہیں ہے',
    noProjectWhy: 'اپنا پروجیکٹ چلانے والے سے کہیں کہ آپ کو محقق کے طور پر بلائیں۔ پھر یہاں واپس آئیں۔',
    allSent: 'سب بھیجا جا چکا ہے',
    allSentMore: 'اس فون پر کوئی کہانی باقی نہیں ہے۔',
    waiting: (n) => count(n, { one: '# کہانی صرف اس فون پر ہے', other: '# کہانیاں صرف اس فون پر ہیں' }),
    waitingOnline: 'یہ سب یہاں محفوظ ہے۔ جب تک Earshot کھلا ہے اور اس پر تالا نہیں، یہ بھیجا جاتا ہے۔ 5 منٹ تک نہ چھونے پر Earshot پر تالا لگ جاتا ہے۔',
    waitingOffline: 'یہ سب یہاں محفوظ ہے۔ رابطہ ہونے پر بھیج دیا جائے گا۔',
    needsYou: (n) => `${stories(n)}: آپ کی ضرورت ہے`,
    seeOutbox: 'دیکھیں اس فون پر کیا ہے',
    openLatest: (name) => `پچھلی کہانی پر واپس جائیں: ${apart(name)}`,
    trouble: 'Earshot کو آپ کی ضرورت ہے',
    withdrawn: (n) => count(n, { one: '# کہانی واپس لے لی گئی', other: '# کہانیاں واپس لے لی گئیں' }),
    withdrawnWhy: 'یہ ان کا فیصلہ تھا۔ اب اس کا کچھ بھی اس فون پر نہیں ہے۔',
    demo: 'یہ ایک فرضی پروجیکٹ ہے، آزمانے کے لیے۔ اس میں اصلی لوگوں کی کہانیاں نہ ڈالیں۔',
    install: 'Earshot کو اس فون پر رکھیں',
    installWhy: 'اسے اپنی ہوم اسکرین پر لگائیں۔ یہ جلدی کھلے گا، اور فون آپ کی کہانیاں زیادہ دیر محفوظ رکھے گا۔',
    installAction: 'ہوم اسکرین پر لگائیں',
    installByHand: 'اپنے براؤزر کے مینو میں ”ہوم اسکرین میں شامل کریں“ (Add to Home Screen) چنیں۔',
    updateTitle: 'نیا Earshot تیار ہے',
    updateWhy: 'بدلنے میں چند سیکنڈ لگتے ہیں۔ اس فون پر جو محفوظ ہے وہ رہے گا۔',
    updateAction: 'نیا کھولیں',
    clockTitle: 'اس فون کی گھڑی غلط لگتی ہے',
    clockWhy: 'فون کی سیٹنگز میں تاریخ اور وقت درست کریں۔ آپ نے جو بھیجا اس پر ہم نے صحیح وقت لگا دیا ہے۔',
  },

  projects: {
    title: 'یہ کس پروجیکٹ کے لیے ہے؟',
    inUse: 'ابھی چنا ہوا',
  },

  recovered: {
    title: (milliseconds) => {
      const whole = Math.floor(milliseconds / 1000);
      return `بچائی گئی ریکارڈنگ، ${whole} سے ${whole + 1} سیکنڈ`;
    },
    why: (name) => `${apart(name || 'کسی')} کی ریکارڈنگ کے دوران Earshot بند ہو گیا۔ اس وقت تک کا سب اس فون پر محفوظ ہے۔`,
    locked: 'آپ اسے ابھی رکھ سکتے ہیں۔ اسے جاری رکھنے یا مٹانے کے لیے Earshot کا تالا کھولیں۔',
    keep: 'رکھیں',
    carryOn: 'ریکارڈنگ جاری رکھیں',
    remove: 'مٹائیں',
    noneTitle: 'ایک ریکارڈنگ کٹ گئی',
    noneWhy: (name) => `${apart(name || 'کسی')} کی ریکارڈنگ شروع ہوتے ہی Earshot بند ہو گیا۔ کوئی آواز محفوظ نہیں ہوئی۔`,
    again: 'دوبارہ ریکارڈ کریں',
    close: 'یہ پیغام بند کریں',
  },

  unknown: {
    title: 'ہمیں یہ صفحہ نہیں ملا',
    why: 'کچھ ضائع نہیں ہوا۔ پہلے صفحے پر واپس جائیں اور دوبارہ چنیں۔',
    brokenTitle: 'کچھ غلط ہو گیا',
    brokenWhy: 'جو محفوظ ہوا تھا وہ اب بھی اس فون پر ہے۔ Earshot دوبارہ کھولیں۔ اگر یہ پھر ہو تو اپنا پروجیکٹ چلانے والے کو بتائیں۔',
    reopen: 'Earshot دوبارہ کھولیں',
  },
};
