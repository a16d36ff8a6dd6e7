// Before the first paint, so that neither the theme nor the direction flashes.
(function (root) {
  var lang = null, theme = null;
  try {
    lang = localStorage.getItem('amana.lang');
    theme = localStorage.getItem('amana.theme');
  } catch (_) {}
  if (lang === 'ar' || lang === 'ckb') { root.lang = lang; root.dir = 'rtl'; }
  if (theme !== 'light' && theme !== 'dark')
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = theme;
})(document.documentElement);
