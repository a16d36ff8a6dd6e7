export const languages = ['en', 'ar', 'ckb'] as const;
export type Language = (typeof languages)[number];

/** Each language's name in itself. */
export const ownNames: Record<Language, string> = {
  en: 'English',
  ar: 'العربية',
  ckb: 'کوردیی ناوەندی',
};

export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}
export function direction(language: Language): 'ltr' | 'rtl' {
  return language === 'en' ? 'ltr' : 'rtl';
}
